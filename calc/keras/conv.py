"""Keras's convolutions: padding is a word, and the number of input channels is found out by the first call.

Source: https://keras.io/api/layers/convolution_layers/ and the layers' code, which
says of 'same' what the documentation does not: the output has ⌈n / s⌉ cells, and the
larger half of the padding is on the right.
"""

from __future__ import annotations

from abc import ABC
from collections.abc import Iterator
from dataclasses import dataclass
from math import prod
from typing import ClassVar

from calc.keras.image import KerasImage
from calc.keras.layer import activation_knob, data_format_knob
from calc.knob import Choice, Flag, PerAxis, Whole, knob
from calc.layer_base import Cost, Shape, Weight
from calc.layers import window
from calc.layers.image import LETTERS, SPATIAL
from calc.layers.window_picture import Window, window_picture
from calc.sym import exact_div

WORDS = ("valid", "same")
PADDING = "'valid' adds nothing, 'same' makes one place for each stride"


@dataclass(frozen=True)
class ConvArguments(KerasImage, ABC):
    """The rules that all of Keras's convolutions share."""

    channel_symbol: ClassVar[str] = "C_in"

    def check(self) -> None:
        self.require_axes("kernel_size", "strides", "dilation_rate")
        self.require_bounds("filters", "kernel_size", "strides", "dilation_rate", "groups", "depth_multiplier")
        self.require_words("padding", "data_format", "activation")

    def require_one_of_two(self) -> None:
        """Refuse strides and dilation at once."""
        strides, dilation = self.per_axis("strides"), self.per_axis("dilation_rate")
        if any(s > 1 for s in strides) and any(d > 1 for d in dilation):
            raise self.fault(
                "dilation_rate",
                f"must be 1 where strides (={self.argument('strides')}) are above 1",
                "set strides=1 or dilation_rate=1",
            )

    def bias(self, channels: int) -> Iterator[Weight]:
        """The offsets, one for each channel of the output."""
        if self.argument("use_bias"):
            yield Weight("bias", (channels,))


@dataclass(frozen=True)
class Windowed(ConvArguments, ABC):
    """What convolutions share whose window moves over the input: all but the transposed ones."""

    def places(self, x: Shape) -> Iterator[int]:
        """The size of each spatial axis of the output."""
        kernel, strides, dilation = map(self.per_axis, ("kernel_size", "strides", "dilation_rate"))
        for axis, n in enumerate(self.cells(x)):
            k, s, d = kernel[axis], strides[axis], dilation[axis]
            if self.argument("padding") == "valid":
                self._require_room(axis, n, k, d)
                yield self.named(axis, window.places(n, k, s, 0, d))
            else:
                yield self.named(axis, window.places_covering(n, s))

    def _require_room(self, axis: int, n: int, k: int, d: int) -> None:
        reach = d * (k - 1) + 1
        if reach > n:
            raise self.fault(
                "kernel_size",
                f"spans {int(reach)} cells along {SPATIAL[self.spatial][axis]}, and the input has {int(n)}",
                "use a larger input, a smaller kernel or padding='same'",
            )

    def margins(self, x: Shape) -> Iterator[tuple[int, int]]:
        """Cells of zeros added before and after each axis."""
        kernel, strides, dilation = map(self.per_axis, ("kernel_size", "strides", "dilation_rate"))
        for n, k, s, d in zip(self.cells(x), kernel, strides, dilation, strict=True):
            if self.argument("padding") == "same":
                yield window.margins_covering(n, k, s, d)
            else:
                yield (d * (k - 1) if self.argument("padding") == "causal" else 0), 0

    def window(self, x: Shape) -> tuple[tuple[int, int], ...]:
        reaches = map(window.reach, self.per_axis("kernel_size"), self.per_axis("dilation_rate"))
        return tuple(zip(reaches, self.per_axis("strides"), strict=True))

    def picture(self, x: Shape) -> str:
        rows = zip(
            self.cells(x),
            *map(self.per_axis, ("kernel_size", "strides", "dilation_rate")),
            self.margins(x),
            self.places(x),
            strict=True,
        )
        windows = [Window(n, k, s, d, before, after, count) for n, k, s, d, (before, after), count in rows]
        return window_picture(windows, "the learned window")


@dataclass(frozen=True)
class Conv(Windowed, ABC):
    """Move a learned window over the input and sum the products at each place.

    Input (N, *spatial, C_in), output (N, *spatial_out, filters).
    """

    filters: int = knob(
        symbol="C_out", positional=True, kind=Whole(), about="channels of the output, one learned window for each"
    )
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
    groups: int = knob(1, symbol="g", kind=Whole(), about="independent groups that the channels are split into")
    activation: str | None = activation_knob()
    use_bias: bool = knob(True, kind=Flag(), about="whether each output channel learns an offset")

    def check(self) -> None:
        super().check()
        self.require_one_of_two()
        if self.filters % self.groups:
            raise self.fault(
                "filters",
                f"must be divisible by groups (={self.groups})",
                f"set groups=1 or filters={self.groups * max(1, round(self.filters / self.groups))}",
            )

    def out(self, x: Shape) -> Shape:
        self.require_rank(x)
        self.require_full(x)
        if self.channels(x) % self.groups:
            raise self.fault(
                "input",
                f"must have a number of channels that groups (={int(self.groups)}) divides, "
                f"and has {int(self.channels(x))}",
                "set groups=1",
                value=x,
            )
        return self.joined(x, self.filters, self.places(x))

    def build(self, x: Shape) -> Iterator[Weight]:
        kernel = self.per_axis("kernel_size")
        yield Weight("kernel", (*kernel, exact_div(self.channels(x), self.groups), self.filters))
        yield from self.bias(self.filters)

    def costs(self, x: Shape) -> Iterator[Cost]:
        out = self.out(x)
        one_place = exact_div(self.channels(x), self.groups) * prod(self.per_axis("kernel_size"))
        yield Cost("multiply each tap with its input and add up", prod(out) * one_place)
        if self.use_bias:
            yield Cost("add the bias", prod(out), "addition")
        yield from self.activated(prod(out))


@dataclass(frozen=True)
class Conv1D(Conv):
    """Convolution along one axis, as over the steps of a sequence."""

    padding: str = knob(
        "valid",
        kind=Choice((*WORDS, "causal")),
        about="'valid' adds nothing, 'same' adds on both sides, 'causal' only before the first step",
    )
    spatial: ClassVar[int] = 1
    axis_letters: ClassVar[str] = LETTERS[1]


@dataclass(frozen=True)
class Conv2D(Conv):
    """Convolution along two axes, as over an image."""

    spatial: ClassVar[int] = 2
    axis_letters: ClassVar[str] = LETTERS[2]


@dataclass(frozen=True)
class Conv3D(Conv):
    """Convolution along three axes, as over a video or a scan."""

    spatial: ClassVar[int] = 3
    axis_letters: ClassVar[str] = LETTERS[3]
