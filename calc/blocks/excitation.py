"""Channels weighed by what the whole map holds.

Source: J. Hu, L. Shen, G. Sun, "Squeeze-and-excitation networks", CVPR 2018,
arXiv:1709.01507. Layers are called as in torchvision, where 1×1 convolutions stand for
the paper's dense layers: on a map of one cell they are the same.
"""

from __future__ import annotations

from dataclasses import dataclass

from calc.blocks.block import Block
from calc.blocks.join import Scale
from calc.knob import Whole, knob
from calc.layers.activation import ReLU, Sigmoid
from calc.layers.adaptive_pool import AdaptiveAvgPool2d
from calc.layers.conv import Conv2d
from calc.network import Value, Wires


@dataclass(frozen=True)
class SqueezeExcitation(Block):
    """Multiply each channel by a factor between 0 and 1 that follows from the means of all channels.

    Input (N, in_channels, H, W), output the same.
    """

    in_channels: int = knob(symbol="C", positional=True, kind=Whole(), about="channels of the map")
    squeeze_channels: int = knob(
        symbol="c",
        positional=True,
        kind=Whole(),
        about="numbers that the means are squeezed into, often 1/16 of the channels",
    )

    def wire(self, wires: Wires, *inputs: Value) -> Value:
        [x] = inputs
        factors = wires("avgpool", AdaptiveAvgPool2d(1), x)
        factors = wires("fc1", Conv2d(self.in_channels, self.squeeze_channels, kernel_size=1), factors)
        factors = wires(
            "fc2", Conv2d(self.squeeze_channels, self.in_channels, kernel_size=1), wires("relu", ReLU(), factors)
        )
        return wires("scale", Scale(), x, wires("sigmoid", Sigmoid(), factors))
