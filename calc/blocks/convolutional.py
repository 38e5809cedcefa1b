"""Blocks of convolutional networks, wired from layers.

Sources: K. Simonyan, A. Zisserman, "Very deep convolutional networks for large-scale
image recognition", ICLR 2015, arXiv:1409.1556 (VGG); M. Lin, Q. Chen, S. Yan,
"Network in network", ICLR 2014, arXiv:1312.4400; C. Szegedy et al., "Going deeper
with convolutions", CVPR 2015, arXiv:1409.4842 (Inception).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from calc.blocks.block import Block
from calc.blocks.join import Concat
from calc.knob import Flag, PerAxis, Whole, knob
from calc.layer_base import Layer
from calc.layers.activation import ReLU
from calc.layers.batch_norm import BatchNorm2d
from calc.layers.conv import Conv2d
from calc.layers.pool import MaxPool2d
from calc.network import Sequential, Value, Wires
from calc.sym import exactly


@dataclass(frozen=True)
class VGGBlock(Block, Sequential):
    """Several 3×3 convolutions that keep the size, then a 2×2 max pool that halves it.

    Input (N, in_channels, H, W), output (N, out_channels, H/2, W/2).
    """

    panels: ClassVar[tuple[str, ...]] = Block.compared

    num_convs: int = knob(
        symbol="n", positional=True, kind=Whole(), about="how many convolutions stand one after another"
    )
    in_channels: int = knob(symbol="C_in", positional=True, kind=Whole(), about="channels of the input map")
    out_channels: int = knob(
        symbol="C_out", positional=True, kind=Whole(), about="channels of every convolution's output"
    )
    batch_norm: bool = knob(False, kind=Flag(), about="whether a batch norm follows each convolution")

    def layers(self) -> Sequence[tuple[str, Layer]]:
        found: list[tuple[str, Layer]] = []
        channels = self.in_channels
        for number in range(1, exactly(self.num_convs) + 1):
            found.append((f"conv{number}", Conv2d(channels, self.out_channels, kernel_size=3, padding=1)))
            if self.batch_norm:
                found.append((f"bn{number}", BatchNorm2d(self.out_channels)))
            found.append((f"relu{number}", ReLU()))
            channels = self.out_channels
        return (*found, ("pool", MaxPool2d(kernel_size=2, stride=2)))

    def alternatives(self) -> Sequence[tuple[str, Layer]]:
        n = self.num_convs
        wide = Conv2d(self.in_channels, self.out_channels, kernel_size=2 * n + 1, padding=n)
        return ((f"one convolution that sees as far, {2 * n + 1} × {2 * n + 1}", wide),)


@dataclass(frozen=True)
class NiNBlock(Block, Sequential):
    """A convolution, then two of 1×1 that mix the channels of each place, each followed by ReLU.

    Input (N, in_channels, H, W), output (N, out_channels, H', W').
    """

    in_channels: int = knob(symbol="C_in", positional=True, kind=Whole(), about="channels of the input map")
    out_channels: int = knob(symbol="C_out", positional=True, kind=Whole(), about="channels of all three outputs")
    kernel_size: int | tuple[int, ...] = knob(
        symbol="k", kind=PerAxis(), about="side of the first convolution's window, in cells"
    )
    stride: int | tuple[int, ...] = knob(
        1, symbol="s", kind=PerAxis(), about="cells that the first window moves at each step"
    )
    padding: int | tuple[int, ...] = knob(
        0, symbol="p", kind=PerAxis(0), about="cells added on each side before the first convolution"
    )

    def layers(self) -> Sequence[tuple[str, Layer]]:
        return (
            ("conv1", Conv2d(self.in_channels, self.out_channels, self.kernel_size, self.stride, self.padding)),
            ("relu1", ReLU()),
            ("conv2", Conv2d(self.out_channels, self.out_channels, kernel_size=1)),
            ("relu2", ReLU()),
            ("conv3", Conv2d(self.out_channels, self.out_channels, kernel_size=1)),
            ("relu3", ReLU()),
        )


@dataclass(frozen=True)
class Inception(Block):
    """Four branches over the same map, put side by side on the channel axis.

    1×1; 1×1 then 3×3; 1×1 then 5×5; 3×3 max pool then 1×1. Input (N, in_channels, H, W),
    output (N, c1 + c2[1] + c3[1] + c4, H, W).
    """

    in_channels: int = knob(symbol="C_in", positional=True, kind=Whole(), about="channels of the input map")
    c1: int = knob(symbol="a", positional=True, kind=Whole(), about="channels of the 1×1 branch")
    c2: tuple[int, ...] = knob(
        symbol="b", positional=True, kind=PerAxis(), about="channels of the 3×3 branch, after the 1×1 and after the 3×3"
    )
    c3: tuple[int, ...] = knob(
        symbol="c", positional=True, kind=PerAxis(), about="channels of the 5×5 branch, after the 1×1 and after the 5×5"
    )
    c4: int = knob(symbol="e", positional=True, kind=Whole(), about="channels of the branch that pools first")

    def subscripts(self, name: str, value: tuple[int | None, ...]) -> Sequence[str]:
        # Two different things, even where they are equal.
        return "12"

    def check(self) -> None:
        super().check()
        for name in ("c2", "c3"):
            value = getattr(self, name)
            if not isinstance(value, tuple) or len(value) != 2:
                raise self.fault(name, "must be two numbers, before and after the wide kernel", "write (96, 128)")

    def wire(self, wires: Wires, *inputs: Value) -> Value:
        [x] = inputs
        n = self.in_channels
        b1 = wires("b1_relu", ReLU(), wires("b1_1", Conv2d(n, self.c1, kernel_size=1), x))
        b2 = wires("b2_relu1", ReLU(), wires("b2_1", Conv2d(n, self.c2[0], kernel_size=1), x))
        b2 = wires("b2_2", Conv2d(self.c2[0], self.c2[1], kernel_size=3, padding=1), b2)
        b2 = wires("b2_relu2", ReLU(), b2)
        b3 = wires("b3_relu1", ReLU(), wires("b3_1", Conv2d(n, self.c3[0], kernel_size=1), x))
        b3 = wires("b3_2", Conv2d(self.c3[0], self.c3[1], kernel_size=5, padding=2), b3)
        b3 = wires("b3_relu2", ReLU(), b3)
        b4 = wires("b4_1", MaxPool2d(kernel_size=3, stride=1, padding=1), x)
        b4 = wires("b4_relu", ReLU(), wires("b4_2", Conv2d(n, self.c4, kernel_size=1), b4))
        return wires("joined", Concat(), b1, b2, b3, b4)
