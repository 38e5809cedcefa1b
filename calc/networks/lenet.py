"""LeNet-5 in the two versions that people mean today.

Source: Y. LeCun, L. Bottou, Y. Bengio, P. Haffner, "Gradient-based learning
applied to document recognition", Proc. IEEE 86(11), 1998. Both versions differ
from the paper's network, which has 60,000 parameters: a sparsely connected third
layer, sub-sampling with learned coefficients and an output of radial basis
functions.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from calc.knob import PerAxis, Whole, knob
from calc.layer_base import Layer
from calc.layers.activation import ReLU, Sigmoid
from calc.layers.conv import Conv2d
from calc.layers.dense import Linear
from calc.layers.flatten import Flatten
from calc.layers.pool import AvgPool2d, MaxPool2d
from calc.network import Sequential


@dataclass(frozen=True)
class LeNet5(Sequential):
    """LeNet-5 as textbooks build it: sigmoid and average pooling, two convolutions, three dense layers.

    Input (N, in_channels, 28, 28) with padding 2, or 32 by 32 without; output (N, num_classes).
    """

    axis_letters: ClassVar[str] = "hw"
    made_for: ClassVar[str] = "give N, in_channels, 28, 28 with padding 2, or N, in_channels, 32, 32 with padding 0"

    in_channels: int = knob(1, symbol="C_in", kind=Whole(), about="channels of the image")
    num_classes: int = knob(10, symbol="K", kind=Whole(), about="classes to tell apart")
    padding: int | tuple[int, ...] = knob(
        2, symbol="p", kind=PerAxis(0), about="padding of the first convolution, per side; 2 for images of 28 by 28"
    )

    def layers(self) -> Sequence[tuple[str, Layer]]:
        return (
            ("conv1", Conv2d(self.in_channels, 6, kernel_size=5, padding=self.padding)),
            ("act1", Sigmoid()),
            ("pool1", AvgPool2d(kernel_size=2, stride=2)),
            ("conv2", Conv2d(6, 16, kernel_size=5)),
            ("act2", Sigmoid()),
            ("pool2", AvgPool2d(kernel_size=2, stride=2)),
            ("flatten", Flatten()),
            ("fc1", Linear(16 * 5 * 5, 120)),
            ("act3", Sigmoid()),
            ("fc2", Linear(120, 84)),
            ("act4", Sigmoid()),
            ("fc3", Linear(84, self.num_classes)),
        )


@dataclass(frozen=True)
class LeNet5Caffe(Sequential):
    """LeNet-5 as the Caffe examples train it: wider, max pooling, ReLU only between the dense layers.

    Input (N, in_channels, 28, 28); output (N, num_classes).
    """

    axis_letters: ClassVar[str] = "hw"
    made_for: ClassVar[str] = "give N, in_channels, 28, 28"

    in_channels: int = knob(1, symbol="C_in", kind=Whole(), about="channels of the image")
    num_classes: int = knob(10, symbol="K", kind=Whole(), about="classes to tell apart")

    def layers(self) -> Sequence[tuple[str, Layer]]:
        return (
            ("conv1", Conv2d(self.in_channels, 20, kernel_size=5)),
            ("pool1", MaxPool2d(kernel_size=2, stride=2)),
            ("conv2", Conv2d(20, 50, kernel_size=5)),
            ("pool2", MaxPool2d(kernel_size=2, stride=2)),
            ("flatten", Flatten()),
            ("ip1", Linear(50 * 4 * 4, 500)),
            ("relu1", ReLU()),
            ("ip2", Linear(500, self.num_classes)),
        )
