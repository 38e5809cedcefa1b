"""Keras's transposed convolutions: the output's size is chosen by a word and by output_padding.

Source: https://keras.io/api/layers/convolution_layers/convolution2d_transpose/ and
keras.src.backend.common.backend_utils, where the sizes are worked out.
"""

from __future__ import annotations

from abc import ABC
from collections.abc import Iterator
from dataclasses import dataclass
from math import prod
from typing import ClassVar

from calc.keras.conv import WORDS, ConvArguments
from calc.keras.layer import activation_knob, data_format_knob
from calc.knob import Choice, Flag, PerAxis, Whole, knob
from calc.layer_base import Cost, Shape, Weight
from calc.layers import window
from calc.layers.image import LETTERS, SPATIAL
from calc.layers.stamp_picture import Stamp, stamp_picture


@dataclass(frozen=True)
class ConvTranspose(ConvArguments, ABC):
    """Stamp a learned window onto the output for every input cell, and add up where stamps overlap.

    Input (N, *spatial, C_in), output (N, *spatial_out, filters).
    """

    filters: int = knob(symbol="C_out", positional=True, kind=Whole(), about="channels of the output")
    kernel_size: int | tuple[int, ...] = knob(
        symbol="k", positional=True, kind=PerAxis(), about="side of the stamp in cells, one number or one for each axis"
    )
    strides: int | tuple[int, ...] = knob(
        1,
        symbol="s",
        kind=PerAxis(),
        about="output cells from one stamp to the next; the input grows about so many times",
    )
    padding: str = knob(
        "valid", kind=Choice(WORDS), about="'same' cuts the output to strides times the input, 'valid' cuts nothing off"
    )
    output_padding: int | tuple[int, ...] | None = knob(
        None,
        symbol="op",
        kind=PerAxis(0, empty="None"),
        about="cells added on the right to the smallest output; None, unlike 0, lets Keras choose",
    )
    data_format: str | None = data_format_knob()
    dilation_rate: int | tuple[int, ...] = knob(
        1, symbol="d", kind=PerAxis(), about="distance between neighbouring taps of the stamp, in cells"
    )
    activation: str | None = activation_knob()
    use_bias: bool = knob(True, kind=Flag(), about="whether each output channel learns an offset")

    def check(self) -> None:
        super().check()
        if self.output_padding is not None:
            self.require_axes("output_padding")
            self.require_bounds("output_padding")
            for op, s in zip(self.per_axis("output_padding"), self.per_axis("strides"), strict=True):
                if op >= s:
                    raise self.fault(
                        "output_padding", f"must be less than strides (={int(s)})", f"use at most {int(s) - 1}, or None"
                    )
        self.require_one_of_two()

    def out(self, x: Shape) -> Shape:
        self.require_rank(x)
        self.require_full(x)
        return self.joined(x, self.filters, self._sizes(x))

    def _sizes(self, x: Shape) -> Iterator[int]:
        names = ("kernel_size", "strides", "dilation_rate", "output_padding")
        kernel, strides, dilation, extra = map(self.per_axis, names)
        spread = window.spread_same if self.padding == "same" else window.spread_valid
        for axis, n in enumerate(self.cells(x)):
            size = spread(n, kernel[axis], strides[axis], dilation[axis], extra[axis])
            if size < 1:
                raise self.fault(
                    "output_padding",
                    f"must leave at least 1 cell along {SPATIAL[self.spatial][axis]}, and leaves {int(size)}",
                    "use None",
                )
            yield self.named(axis, size)

    def build(self, x: Shape) -> Iterator[Weight]:
        yield Weight("kernel", (*self.per_axis("kernel_size"), self.filters, self.channels(x)))
        yield from self.bias(self.filters)

    def costs(self, x: Shape) -> Iterator[Cost]:
        stamp = self.filters * prod(self.per_axis("kernel_size"))
        out = self.out(x)
        yield Cost("multiply each input cell with each tap of its stamp and add up", prod(x) * stamp)
        if self.use_bias:
            yield Cost("add the bias", prod(out), "addition")
        yield from self.activated(prod(out))

    def picture(self, x: Shape) -> str:
        rows = zip(
            self.cells(x),
            *map(self.per_axis, ("kernel_size", "strides", "dilation_rate")),
            self.cells(self.out(x)),
            strict=True,
        )
        return stamp_picture([_stamp(n, k, s, d, kept) for n, k, s, d, kept in rows])


def _stamp(n: int, k: int, s: int, d: int, kept: int) -> Stamp:
    """One axis of the picture. Of an odd number of cells that are cut off, the larger half is on the right."""
    cut = (n - 1) * s + d * (k - 1) + 1 - kept
    before = max(cut // 2, 0)
    return Stamp(n, k, s, d, before, cut - before, max(-cut, 0))


@dataclass(frozen=True)
class Conv1DTranspose(ConvTranspose):
    """Transposed convolution along one axis, as in a decoder of sound."""

    spatial: ClassVar[int] = 1
    axis_letters: ClassVar[str] = LETTERS[1]


@dataclass(frozen=True)
class Conv2DTranspose(ConvTranspose):
    """Transposed convolution along two axes, as in a generator or a U-Net's way up."""

    spatial: ClassVar[int] = 2
    axis_letters: ClassVar[str] = LETTERS[2]


@dataclass(frozen=True)
class Conv3DTranspose(ConvTranspose):
    """Transposed convolution along three axes, as in a decoder of scans."""

    spatial: ClassVar[int] = 3
    axis_letters: ClassVar[str] = LETTERS[3]
