"""AlexNet, the network that won ImageNet in 2012.

Source: A. Krizhevsky, I. Sutskever, G. Hinton, "ImageNet classification with deep
convolutional neural networks", NIPS 2012. Its local response normalisation, which
learns nothing, is left out, as everywhere since.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar

from calc.knob import Whole, knob
from calc.layer_base import Layer
from calc.layers import window
from calc.layers.activation import ReLU
from calc.layers.conv import Conv2d
from calc.layers.dense import Linear
from calc.layers.dropout import Dropout
from calc.layers.flatten import Flatten
from calc.layers.pool import MaxPool2d
from calc.network import UNCOSTED, Sequential
from calc.sym import exactly


@dataclass(frozen=True)
class AlexNet(Sequential):
    """AlexNet: five convolutions, three of them followed by max pooling, and dense layers of 4096.

    Input (N, in_channels, image_size, image_size), output (N, num_classes).
    """

    panels: ClassVar[tuple[str, ...]] = UNCOSTED
    axis_letters: ClassVar[str] = "hw"
    made_for: ClassVar[str] = "give N, in_channels, image_size, image_size"

    in_channels: int = knob(3, symbol="C_in", kind=Whole(), about="channels of the image")
    num_classes: int = knob(1000, symbol="K", kind=Whole(), about="classes to tell apart")
    image_size: int = knob(
        227, symbol="n", kind=Whole(), about="side of the image that the first dense layer is made for"
    )
    padding: int = knob(0, symbol="p", kind=Whole(0), about="padding of the first convolution, per side")
    groups: int = knob(
        1,
        symbol="g",
        kind=Whole(),
        about="groups of the second, fourth and fifth convolution; the paper has 2, for two GPUs",
    )
    hidden_layers: int = knob(2, symbol="h", kind=Whole(), about="dense layers of 4096 before the last one")

    def check(self) -> None:
        super().check()
        # Each is a row of its own: what is merely large would be computed for hours.
        if exactly(self.hidden_layers) > 100:
            raise self.fault("hidden_layers", "must be at most 100", "try 2, as in the paper")
        if self.groups not in (1, 2):
            raise self.fault("groups", "must be 1 or 2", "the paper has 2, for its two GPUs")
        if self.side() < 1:
            raise self.fault(
                "image_size", "must leave a map for the dense layers", f"use at least {67 - 2 * int(self.padding)}"
            )

    def side(self) -> int:
        """The side of the last map."""
        side = window.places(self.image_size, 11, 4, self.padding, 1)
        for _ in range(3):  # what lies between the pools keeps the size
            side = window.places(side, 3, 2, 0, 1)
        return side

    def layers(self) -> Sequence[tuple[str, Layer]]:
        return (*self.convolutions(), ("flatten", Flatten()), *self.dense())

    def convolutions(self) -> Iterator[tuple[str, Layer]]:
        """Everything before the dense layers."""
        yield "conv1", Conv2d(self.in_channels, 96, kernel_size=11, stride=4, padding=self.padding)
        yield "relu1", ReLU()
        yield "pool1", MaxPool2d(kernel_size=3, stride=2)
        yield "conv2", Conv2d(96, 256, kernel_size=5, padding=2, groups=self.groups)
        yield "relu2", ReLU()
        yield "pool2", MaxPool2d(kernel_size=3, stride=2)
        yield "conv3", Conv2d(256, 384, kernel_size=3, padding=1)
        yield "relu3", ReLU()
        yield "conv4", Conv2d(384, 384, kernel_size=3, padding=1, groups=self.groups)
        yield "relu4", ReLU()
        yield "conv5", Conv2d(384, 256, kernel_size=3, padding=1, groups=self.groups)
        yield "relu5", ReLU()
        yield "pool5", MaxPool2d(kernel_size=3, stride=2)

    def dense(self) -> Iterator[tuple[str, Layer]]:
        """The dense layers, numbered on."""
        features, number = 256 * self.side() * self.side(), 6
        for _ in range(exactly(self.hidden_layers)):
            yield f"fc{number}", Linear(features, 4096)
            yield f"relu{number}", ReLU()
            yield f"dropout{number}", Dropout(0.5)
            features, number = 4096, number + 1
        yield f"fc{number}", Linear(features, self.num_classes)
