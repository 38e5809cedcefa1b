"""Keras's depthwise and separable convolutions: each channel gets windows of its own.

A separable convolution is a depthwise one and a 1×1 convolution after it that mixes
the channels, with one bias for both.
Source: https://keras.io/api/layers/convolution_layers/; F. Chollet, arXiv:1610.02357.
"""

from __future__ import annotations

from abc import ABC
from collections.abc import Iterator
from dataclasses import dataclass
from math import prod
from typing import ClassVar

from calc.keras.conv import PADDING, WORDS, Windowed
from calc.keras.layer import activation_knob, data_format_knob
from calc.knob import Choice, Flag, PerAxis, Whole, knob
from calc.layer_base import Cost, Shape, Weight
from calc.layers.image import LETTERS
from calc.sym import let

MULTIPLIER = "learned windows for each channel of the input"


@dataclass(frozen=True)
class DepthwiseConv(Windowed, ABC):
    """Move windows over each channel on its own; no channel sees another.

    Input (N, *spatial, C_in), output (N, *spatial_out, depth_multiplier · C_in).
    """

    kernel_size: int | tuple[int, ...] = knob(
        symbol="k",
        positional=True,
        kind=PerAxis(),
        about="side of the window in cells, one number or one for each axis",
    )
    strides: int | tuple[int, ...] = knob(
        1, symbol="s", kind=PerAxis(), about="cells that the window moves from one place to the next"
    )
    padding: str = knob("valid", kind=Choice(WORDS), about=PADDING)
    depth_multiplier: int = knob(1, symbol="m", kind=Whole(), about=MULTIPLIER)
    data_format: str | None = data_format_knob()
    dilation_rate: int | tuple[int, ...] = knob(
        1, symbol="d", kind=PerAxis(), about="distance between neighbouring taps of the window, in cells"
    )
    activation: str | None = activation_knob()
    use_bias: bool = knob(True, kind=Flag(), about="whether each output channel learns an offset")

    def out(self, x: Shape) -> Shape:
        self.require_rank(x)
        self.require_full(x)
        return self.joined(x, self._channels_out(x), self.places(x))

    def _channels_out(self, x: Shape) -> int:
        return let("C_out", self.depth_multiplier * self.channels(x))

    def build(self, x: Shape) -> Iterator[Weight]:
        yield Weight("kernel", (*self.per_axis("kernel_size"), self.channels(x), self.depth_multiplier))
        yield from self.bias(self._channels_out(x))

    def costs(self, x: Shape) -> Iterator[Cost]:
        out = self.out(x)
        yield Cost("multiply each tap with its input and add up", prod(out) * prod(self.per_axis("kernel_size")))
        if self.use_bias:
            yield Cost("add the bias", prod(out), "addition")
        yield from self.activated(prod(out))


@dataclass(frozen=True)
class SeparableConv(Windowed, ABC):
    """Move windows over each channel on its own, then mix the channels at every place.

    Input (N, *spatial, C_in), output (N, *spatial_out, filters).
    """

    filters: int = knob(symbol="C_out", positional=True, kind=Whole(), about="channels of the output")
    kernel_size: int | tuple[int, ...] = knob(
        symbol="k",
        positional=True,
        kind=PerAxis(),
        about="side of the window in cells, one number or one for each axis",
    )
    strides: int | tuple[int, ...] = knob(
        1, symbol="s", kind=PerAxis(), about="cells that the window moves from one place to the next"
    )
    padding: str = knob("valid", kind=Choice(WORDS), about=PADDING)
    data_format: str | None = data_format_knob()
    dilation_rate: int | tuple[int, ...] = knob(
        1, symbol="d", kind=PerAxis(), about="distance between neighbouring taps of the window, in cells"
    )
    depth_multiplier: int = knob(1, symbol="m", kind=Whole(), about=MULTIPLIER)
    activation: str | None = activation_knob()
    use_bias: bool = knob(True, kind=Flag(), about="whether each output channel learns an offset")

    def out(self, x: Shape) -> Shape:
        self.require_rank(x)
        self.require_full(x)
        return self.joined(x, self.filters, self.places(x))

    def build(self, x: Shape) -> Iterator[Weight]:
        channels, m = self.channels(x), self.depth_multiplier
        yield Weight("depthwise_kernel", (*self.per_axis("kernel_size"), channels, m))
        yield Weight("pointwise_kernel", (*(1,) * self.spatial, m * channels, self.filters))
        yield from self.bias(self.filters)

    def costs(self, x: Shape) -> Iterator[Cost]:
        out = self.out(x)
        between = prod((out[0], *self.cells(out))) * (self.depth_multiplier * self.channels(x))
        yield Cost("multiply each tap with its input, channel by channel", between * prod(self.per_axis("kernel_size")))
        yield Cost("mix the channels at every place", between * self.filters)
        if self.use_bias:
            yield Cost("add the bias", prod(out), "addition")
        yield from self.activated(prod(out))


@dataclass(frozen=True)
class DepthwiseConv1D(DepthwiseConv):
    """Depthwise convolution along one axis, each feature of a sequence on its own."""

    spatial: ClassVar[int] = 1
    axis_letters: ClassVar[str] = LETTERS[1]


@dataclass(frozen=True)
class DepthwiseConv2D(DepthwiseConv):
    """Depthwise convolution along two axes, as in MobileNet."""

    spatial: ClassVar[int] = 2
    axis_letters: ClassVar[str] = LETTERS[2]


@dataclass(frozen=True)
class SeparableConv1D(SeparableConv):
    """Separable convolution along one axis, as over the steps of a sequence."""

    spatial: ClassVar[int] = 1
    axis_letters: ClassVar[str] = LETTERS[1]


@dataclass(frozen=True)
class SeparableConv2D(SeparableConv):
    """Separable convolution along two axes, as in Xception."""

    spatial: ClassVar[int] = 2
    axis_letters: ClassVar[str] = LETTERS[2]
