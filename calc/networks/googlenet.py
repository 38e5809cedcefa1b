"""GoogLeNet as in its paper: nine Inception blocks and one dense layer.

Source: C. Szegedy et al., "Going deeper with convolutions", CVPR 2015,
arXiv:1409.4842, table 1. The two auxiliary classifiers, which only training uses, and
the local response normalisation, which learns nothing, are left out. Pools round up,
as in Caffe.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, TypeAlias

from calc.blocks.convolutional import Inception
from calc.knob import Whole, knob
from calc.layer_base import Layer
from calc.layers.activation import ReLU
from calc.layers.adaptive_pool import AdaptiveAvgPool2d
from calc.layers.conv import Conv2d
from calc.layers.dense import Linear
from calc.layers.dropout import Dropout
from calc.layers.flatten import Flatten
from calc.layers.pool import MaxPool2d
from calc.network import UNCOSTED, Sequential

Widths: TypeAlias = "tuple[int, tuple[int, int], tuple[int, int], int]"

BLOCKS: Mapping[str, Widths] = {
    "3a": (64, (96, 128), (16, 32), 32),
    "3b": (128, (128, 192), (32, 96), 64),
    "4a": (192, (96, 208), (16, 48), 64),
    "4b": (160, (112, 224), (24, 64), 64),
    "4c": (128, (128, 256), (24, 64), 64),
    "4d": (112, (144, 288), (32, 64), 64),
    "4e": (256, (160, 320), (32, 128), 128),
    "5a": (256, (160, 320), (32, 128), 128),
    "5b": (384, (192, 384), (48, 128), 128),
}
"""Channels of the four branches of each block."""


@dataclass(frozen=True)
class GoogLeNet(Sequential):
    """GoogLeNet: three convolutions, nine Inception blocks, global average pooling, one dense layer.

    Input (N, in_channels, H, W), output (N, num_classes).
    """

    panels: ClassVar[tuple[str, ...]] = UNCOSTED
    axis_letters: ClassVar[str] = "hw"
    made_for: ClassVar[str] = "give N, in_channels, H, W"

    in_channels: int = knob(3, symbol="C_in", kind=Whole(), about="channels of the image")
    num_classes: int = knob(1000, symbol="K", kind=Whole(), about="classes to tell apart")

    def layers(self) -> Sequence[tuple[str, Layer]]:
        return (
            ("conv1", Conv2d(self.in_channels, 64, kernel_size=7, stride=2, padding=3)),
            ("relu1", ReLU()),
            ("pool1", MaxPool2d(kernel_size=3, stride=2, ceil_mode=True)),
            ("conv2", Conv2d(64, 64, kernel_size=1)),
            ("relu2", ReLU()),
            ("conv3", Conv2d(64, 192, kernel_size=3, padding=1)),
            ("relu3", ReLU()),
            ("pool2", MaxPool2d(kernel_size=3, stride=2, ceil_mode=True)),
            *self.inceptions(),
            ("avgpool", AdaptiveAvgPool2d(1)),
            ("flatten", Flatten()),
            ("dropout", Dropout(0.4)),
            ("fc", Linear(1024, self.num_classes)),
        )

    def inceptions(self) -> Iterator[tuple[str, Layer]]:
        """The nine blocks, with a pool before each new stage."""
        channels, stage = 192, "3"
        for name, (c1, c2, c3, c4) in BLOCKS.items():
            if name[0] != stage:
                stage = name[0]
                yield f"pool{int(stage) - 1}", MaxPool2d(kernel_size=3, stride=2, ceil_mode=True)
            yield f"inception{name}", Inception(channels, c1, c2, c3, c4)
            channels = c1 + c2[1] + c3[1] + c4
