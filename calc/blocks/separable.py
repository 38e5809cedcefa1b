"""A convolution in two steps, over the cells of each channel and over the channels of each cell.

Sources: L. Sifre, "Rigid-motion scattering for image classification", 2014, chapter 6;
F. Chollet, "Xception", CVPR 2017, arXiv:1610.02357; A. Howard et al., "MobileNets",
2017, arXiv:1704.04861, whose version has a batch norm and a ReLU after each step.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from calc.blocks.block import Block
from calc.knob import Flag, PerAxis, Whole, knob
from calc.layer_base import Layer
from calc.layers.activation import ReLU
from calc.layers.batch_norm import BatchNorm2d
from calc.layers.conv import Conv2d
from calc.network import Sequential


@dataclass(frozen=True)
class DepthwiseSeparable(Block, Sequential):
    """A window of its own for each channel, then a 1×1 convolution that mixes the channels.

    Input (N, in_channels, H, W), output (N, out_channels, H', W').
    """

    panels: ClassVar[tuple[str, ...]] = Block.compared

    in_channels: int = knob(symbol="C_in", positional=True, kind=Whole(), about="channels of the input map")
    out_channels: int = knob(symbol="C_out", positional=True, kind=Whole(), about="channels of the output map")
    kernel_size: int | tuple[int, ...] = knob(
        3, symbol="k", kind=PerAxis(), about="side of each channel's window, in cells"
    )
    stride: int | tuple[int, ...] = knob(
        1, symbol="s", kind=PerAxis(), about="cells that the windows move at each step"
    )
    padding: int | tuple[int, ...] = knob(
        1, symbol="p", kind=PerAxis(0), about="cells added on each side before the first step"
    )
    batch_norm: bool = knob(
        False, kind=Flag(), about="whether each step has a batch norm and a ReLU after it, as in MobileNet"
    )

    def layers(self) -> Sequence[tuple[str, Layer]]:
        c_in, c_out, offset = self.in_channels, self.out_channels, not self.batch_norm
        depthwise = Conv2d(c_in, c_in, self.kernel_size, self.stride, self.padding, groups=c_in, bias=offset)
        pointwise = Conv2d(c_in, c_out, kernel_size=1, bias=offset)
        if not self.batch_norm:
            return ("depthwise", depthwise), ("pointwise", pointwise)
        return (
            ("depthwise", depthwise),
            ("bn1", BatchNorm2d(c_in)),
            ("relu1", ReLU()),
            ("pointwise", pointwise),
            ("bn2", BatchNorm2d(c_out)),
            ("relu2", ReLU()),
        )

    def alternatives(self) -> Sequence[tuple[str, Layer]]:
        plain = Conv2d(
            self.in_channels,
            self.out_channels,
            self.kernel_size,
            self.stride,
            self.padding,
            bias=not self.batch_norm,
        )
        return (("one plain convolution", plain),)
