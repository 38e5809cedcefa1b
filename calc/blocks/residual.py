"""Residual blocks: what comes in is added to what the convolutions make of it.

Source: K. He, X. Zhang, S. Ren, J. Sun, "Deep residual learning for image
recognition", CVPR 2016, arXiv:1512.03385. Layers are called as in torchvision, and
like there the 3×3 convolution of a bottleneck has the stride unless told otherwise; in
the paper the first 1×1 has it.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar

from calc.blocks.block import Block
from calc.blocks.chain import Chain
from calc.blocks.join import Sum
from calc.knob import Flag, Whole, knob
from calc.layer_base import Layer
from calc.layers.activation import ReLU
from calc.layers.batch_norm import BatchNorm2d
from calc.layers.conv import Conv2d
from calc.network import Value, Wires


@dataclass(frozen=True)
class Residual(Block, ABC):
    """Convolutions with a shortcut around them.

    The shortcut is the input itself where it has the output's shape, else a 1×1
    convolution and a batch norm that give it that shape.
    """

    @abstractmethod
    def path(self) -> Iterator[tuple[str, Layer]]:
        """The layers on the main path, up to the sum."""

    @abstractmethod
    def widths(self) -> tuple[int, int, int]:
        """Channels of the input and of the output, and the stride between them."""

    def wire(self, wires: Wires, *inputs: Value) -> Value:
        [x] = inputs
        out = x
        for name, layer in self.path():
            out = wires(name, layer, out)
        given, made, stride = self.widths()
        if stride != 1 or given != made:
            fitting = Conv2d(given, made, kernel_size=1, stride=stride, bias=False)
            x = wires("downsample", Chain((fitting, BatchNorm2d(made))), x)
        return wires("relu_out", ReLU(), wires("sum", Sum(), out, x))


def normed(number: int, convolution: Conv2d) -> Sequence[tuple[str, Layer]]:
    """A convolution and the batch norm after it; the offset that it needs none of is the norm's."""
    return (f"conv{number}", convolution), (f"bn{number}", BatchNorm2d(convolution.out_channels))


@dataclass(frozen=True)
class BasicBlock(Residual):
    """Two 3×3 convolutions and a shortcut, as in ResNet-18 and ResNet-34.

    Input (N, in_channels, H, W), output (N, out_channels, ⌈H/stride⌉, ⌈W/stride⌉).
    """

    in_channels: int = knob(symbol="C_in", positional=True, kind=Whole(), about="channels of the input map")
    out_channels: int = knob(symbol="C_out", positional=True, kind=Whole(), about="channels of the output map")
    stride: int = knob(
        1, symbol="s", kind=Whole(), about="cells that the first window moves at each step; 2 halves the map"
    )

    def path(self) -> Iterator[tuple[str, Layer]]:
        c_in, c_out = self.in_channels, self.out_channels
        yield from normed(1, Conv2d(c_in, c_out, kernel_size=3, stride=self.stride, padding=1, bias=False))
        yield "relu1", ReLU()
        yield from normed(2, Conv2d(c_out, c_out, kernel_size=3, padding=1, bias=False))

    def widths(self) -> tuple[int, int, int]:
        return self.in_channels, self.out_channels, self.stride


@dataclass(frozen=True)
class Bottleneck(Residual):
    """A 1×1 convolution down to few channels, a 3×3 on those, a 1×1 up to four times as many, and a shortcut.

    As in ResNet-50 and deeper. Input (N, in_channels, H, W), output
    (N, 4·width, ⌈H/stride⌉, ⌈W/stride⌉).
    """

    panels: ClassVar[tuple[str, ...]] = Block.compared
    expansion: ClassVar[int] = 4

    in_channels: int = knob(symbol="C_in", positional=True, kind=Whole(), about="channels of the input map")
    width: int = knob(
        symbol="c",
        positional=True,
        kind=Whole(),
        about="channels that the 3×3 convolution works on; four times as many come out",
    )
    stride: int = knob(1, symbol="s", kind=Whole(), about="cells that the window moves at each step; 2 halves the map")
    stride_first: bool = knob(
        False, kind=Flag(), about="whether the first 1×1 convolution has the stride, as in the paper, and not the 3×3"
    )

    def path(self) -> Iterator[tuple[str, Layer]]:
        c = self.width
        first, second = (self.stride, 1) if self.stride_first else (1, self.stride)
        yield from normed(1, Conv2d(self.in_channels, c, kernel_size=1, stride=first, bias=False))
        yield "relu1", ReLU()
        yield from normed(2, Conv2d(c, c, kernel_size=3, stride=second, padding=1, bias=False))
        yield "relu2", ReLU()
        yield from normed(3, Conv2d(c, self.expansion * c, kernel_size=1, bias=False))

    def widths(self) -> tuple[int, int, int]:
        return self.in_channels, self.expansion * self.width, self.stride

    def alternatives(self) -> Sequence[tuple[str, Layer]]:
        basic = BasicBlock(self.in_channels, self.expansion * self.width, self.stride)
        return (("a basic block as wide as the output", basic),)
