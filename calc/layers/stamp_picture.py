"""The picture of a transposed convolution: input cells and the stamps that they leave."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from calc.layers.image import SPATIAL
from calc.picture import Line, Spans, figure, grid, sizes

LEGEND = {
    "data": "cells kept",
    "crop": "cut off by padding",
    "extra": "added by output_padding",
    "first": "first input cell and its stamp",
    "second": "the next one",
}


@dataclass(frozen=True)
class Stamp:
    """One axis: n cells, each stamping k taps d apart, s from one stamp to the next."""

    n: int
    k: int
    s: int
    p: int
    op: int
    d: int

    @property
    def stamped(self) -> int:
        """How many cells the stamps reach, nothing cut off and nothing added."""
        return (self.n - 1) * self.s + self.d * (self.k - 1) + 1

    @property
    def kept(self) -> int:
        """The length of the output."""
        return self.stamped - 2 * self.p + self.op

    @property
    def canvas(self) -> int:
        """The cells to draw: the output, what is cut off on the left, what is left to cut off on the right."""
        return self.p + self.kept + max(self.p - self.op, 0)

    def read(self) -> Line:
        """The input along this axis."""
        return Line(Spans(("data", self.n)), range(1), range(1, min(2, self.n)))

    def written(self) -> Line:
        """The output along this axis, with what is cut off."""
        second = self.taps(1) if self.n > 1 else ()
        extra = min(self.op, self.kept)
        cut = self.canvas - self.p - self.kept
        kinds = Spans(("crop", self.p), ("data", self.kept - extra), ("extra", extra), ("crop", cut))
        return Line(kinds, self.taps(0), second)

    def taps(self, cell: int) -> range:
        """The cells of the canvas that one input cell adds to."""
        start = cell * self.s
        return range(start, start + self.d * (self.k - 1) + 1, self.d)


def stamp_picture(axes: Sequence[Stamp]) -> str:
    """The first two input cells and the stamps that they leave on the output."""
    one = Line(Spans(("data", 1)), range(1), range(1))
    rows, columns = (axes[-2] if len(axes) > 1 else None), axes[-1]
    read = grid(rows.read() if rows else one, columns.read(), f"Input of {sizes(a.n for a in axes)} cells.")
    kept = [axis.kept for axis in axes]
    written = grid(
        rows.written() if rows else one,
        columns.written(),
        f"Canvas of {sizes(a.canvas for a in axes)} cells, of which {sizes(kept)} are the output.",
    )
    used = {"data", "first"}
    used |= {"second"} if any(axis.n > 1 for axis in axes) else set()
    used |= {"crop"} if any(axis.p for axis in axes) else set()
    used |= {"extra"} if any(axis.op for axis in axes) else set()
    text = f"{sizes(kept)} cells"
    if "crop" in used:
        text += f", cut from {sizes(a.canvas for a in axes)}"
    legend = [(kind, words) for kind, words in LEGEND.items() if kind in used]
    return figure([(read, f"{sizes(a.n for a in axes)} cells"), (written, text)], _caption(axes), legend)


def _caption(axes: Sequence[Stamp]) -> str:
    sentences = ["Each input cell adds its value times the kernel to the output; overlapping stamps are summed."]
    if any(axis.s > axis.d * (axis.k - 1) + 1 for axis in axes):
        sentences.append("The stamps do not touch: the cells between them hold nothing but the bias.")
    if len(axes) == 3:
        sentences.append(f"Drawn are {' and '.join(SPATIAL[3][1:])}; along D the stamps work the same way.")
    return " ".join(sentences)
