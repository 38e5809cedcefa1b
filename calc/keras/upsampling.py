"""Keras's upsampling: every cell becomes several; nothing is learned.

Source: https://keras.io/api/layers/reshaping_layers/.
"""

from __future__ import annotations

from abc import ABC
from collections.abc import Iterator
from dataclasses import dataclass
from math import prod
from typing import ClassVar

from calc.keras.layer import data_format_knob
from calc.keras.pool import Unlearned
from calc.knob import Choice, PerAxis, Whole, knob
from calc.layer_base import Cost, Shape
from calc.layers.image import LETTERS
from calc.picture import Axis, Spans, figure, mapping, sizes

LEGEND = {"data": "cells", "first": "first cell and what becomes of it", "second": "the next one"}


@dataclass(frozen=True)
class UpSampling(Unlearned, ABC):
    """Make every axis a whole number of times as long.

    Input (N, *spatial, C), output the same with longer spatial axes.
    """

    def check(self) -> None:
        if hasattr(self, "data_format"):
            self.require_words("data_format")
        self.require_axes("size")
        self.require_bounds("size")

    def out(self, x: Shape) -> Shape:
        self.require_rank(x)
        sizes = zip(self.cells(x), self.per_axis("size"), strict=True)
        return self.joined(x, self.channels(x), (self.named(axis, s * n) for axis, (n, s) in enumerate(sizes)))

    def costs(self, x: Shape) -> Iterator[Cost]:
        return iter(())

    def picture(self, x: Shape) -> str:
        rows = list(zip(self.cells(x), self.per_axis("size"), strict=True))
        before, after = sizes(n for n, _ in rows), sizes(s * n for n, s in rows)
        labels = (f"Input of {before} cells.", f"Output of {after} cells.")
        source, target, kinds = mapping([_axis(n, s) for n, s in rows], labels)
        legend = [(kind, text) for kind, text in LEGEND.items() if kind in kinds]
        caption = f"Every cell of the input becomes {sizes(s for _, s in rows)} cells of the output."
        if self.spatial == 3:
            caption += f" Drawn is one slice; along D every slice becomes {rows[0][1]}."
        return figure([(source, f"{before} cells"), (target, f"{after} cells")], caption, legend)


def _axis(n: int, s: int) -> Axis:
    """One axis: each cell stands for s cells of the output."""
    cells, repeated = Spans(("data", n)), Spans(("data", s * n))
    return Axis(cells, repeated, n, lambda cell: range(cell, cell + 1), lambda cell: range(s * cell, s * cell + s))


@dataclass(frozen=True)
class UpSampling1D(UpSampling):
    """Repeat each step of a sequence."""

    size: int = knob(2, symbol="s", positional=True, kind=Whole(), about="how often each step is repeated")
    spatial: ClassVar[int] = 1
    axis_letters: ClassVar[str] = LETTERS[1]


@dataclass(frozen=True)
class UpSampling2D(UpSampling):
    """Make an image larger by repeating its cells or by mixing neighbours."""

    size: int | tuple[int, ...] = knob(
        2, symbol="s", positional=True, kind=PerAxis(), about="how many times as long, one number or one for each axis"
    )
    data_format: str | None = data_format_knob()
    interpolation: str = knob(
        "nearest",
        kind=Choice(("nearest", "bilinear", "bicubic", "lanczos3", "lanczos5")),
        about="'nearest' repeats cells, the others mix neighbours; the shape is the same",
    )
    spatial: ClassVar[int] = 2
    axis_letters: ClassVar[str] = LETTERS[2]

    def out(self, x: Shape) -> Shape:
        shape = super().out(x)
        self.require_words("interpolation")
        if self.interpolation != "nearest":
            self.require_full(x, 0)
        return shape

    def costs(self, x: Shape) -> Iterator[Cost]:
        if self.interpolation != "nearest":
            yield Cost("mix the neighbours of each place", prod(self.out(x)), "evaluation")


@dataclass(frozen=True)
class UpSampling3D(UpSampling):
    """Make a video or a scan larger by repeating its cells."""

    size: int | tuple[int, ...] = knob(
        2, symbol="s", positional=True, kind=PerAxis(), about="how many times as long, one number or one for each axis"
    )
    data_format: str | None = data_format_knob()
    spatial: ClassVar[int] = 3
    axis_letters: ClassVar[str] = LETTERS[3]
