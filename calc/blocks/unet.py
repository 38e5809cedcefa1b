"""The blocks of a U-Net: twice a convolution on each level, and the way back up.

Source: O. Ronneberger, P. Fischer, T. Brox, "U-Net: convolutional networks for
biomedical image segmentation", MICCAI 2015, arXiv:1505.04597. The paper's convolutions
have no padding, so that it has to crop what it copies; here they keep the size, as in
most code since.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from calc.blocks.block import Block
from calc.blocks.join import Concat
from calc.knob import Flag, Whole, knob
from calc.layer_base import Layer, Port
from calc.layers.activation import ReLU
from calc.layers.batch_norm import BatchNorm2d
from calc.layers.conv import Conv2d
from calc.layers.conv_transpose import ConvTranspose2d
from calc.network import Sequential, Value, Wires


def norm_knob() -> bool:
    """The argument `batch_norm` of a U-Net and its blocks."""
    found: bool = knob(False, kind=Flag(), about="whether a batch norm follows each 3×3 convolution")
    return found


def offset_knob() -> bool:
    """The argument `bias` of a U-Net and its blocks."""
    found: bool = knob(True, kind=Flag(), about="whether the 3×3 convolutions learn an offset for each channel")
    return found


@dataclass(frozen=True)
class DoubleConv(Block, Sequential):
    """Two 3×3 convolutions that keep the size, each followed by ReLU.

    Input (N, in_channels, H, W), output (N, out_channels, H, W).
    """

    in_channels: int = knob(symbol="C_in", positional=True, kind=Whole(), about="channels of the input map")
    out_channels: int = knob(symbol="C_out", positional=True, kind=Whole(), about="channels of both outputs")
    batch_norm: bool = norm_knob()
    bias: bool = offset_knob()

    def layers(self) -> Sequence[tuple[str, Layer]]:
        found: list[tuple[str, Layer]] = []
        channels = self.in_channels
        for number in (1, 2):
            conv = Conv2d(channels, self.out_channels, kernel_size=3, padding=1, bias=self.bias)
            found.append((f"conv{number}", conv))
            if self.batch_norm:
                found.append((f"bn{number}", BatchNorm2d(self.out_channels)))
            found.append((f"relu{number}", ReLU()))
            channels = self.out_channels
        return found


@dataclass(frozen=True)
class UpBlock(Block):
    """Double the map's sides, put it beside the map kept from the way down, and convolve twice.

    Inputs `input` (N, in_channels, H, W) and `skip` (N, out_channels, 2H, 2W), output
    (N, out_channels, 2H, 2W).
    """

    inputs: ClassVar[tuple[Port, ...]] = (
        Port("input", "the map from the level below"),
        Port("skip", "the map kept from the way down"),
    )
    made_for: ClassVar[str] = "give N, in_channels, H, W, and a skip of N, out_channels, 2H, 2W"

    in_channels: int = knob(symbol="C_in", positional=True, kind=Whole(), about="channels of the map below")
    out_channels: int = knob(
        symbol="C_out", positional=True, kind=Whole(), about="channels of the kept map, and of the output"
    )
    batch_norm: bool = norm_knob()
    bias: bool = offset_knob()

    def wire(self, wires: Wires, *inputs: Value) -> Value:
        x, skip = inputs
        up = wires("up", ConvTranspose2d(self.in_channels, self.out_channels, kernel_size=2, stride=2), x)
        joined = wires("joined", Concat(), skip, up)
        double = DoubleConv(2 * self.out_channels, self.out_channels, self.batch_norm, self.bias)
        return wires("conv", double, joined)

    def input_symbols(self, rank: int, name: str = "input") -> tuple[str, ...]:
        symbols = super().input_symbols(rank, name)
        # The batch is one and the same.
        return symbols if name == "input" else (symbols[0], *(f"{symbol}_skip" for symbol in symbols[1:]))
