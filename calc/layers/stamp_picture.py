"""The picture of a transposed convolution: input cells and the stamps that they leave."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from calc.layers.image import SPATIAL
from calc.picture import Axis, Spans, figure, mapping, sizes

LEGEND = {
    "data": "cells kept",
    "crop": "cut off by padding",
    "extra": "added by output_padding",
    "first": "first input cell and its stamp",
    "second": "the next one",
}


@dataclass(frozen=True)
class Stamp:
    """One axis: n cells, each stamping k taps d apart, s from one stamp to the next.

    `before` and `after` are how many cells are cut off on the left and on the right;
    `after` is negative where cells are added that no stamp reaches. `extra` is how many
    of the last cells kept are there only because the caller asked for more.
    """

    n: int
    k: int
    s: int
    d: int
    before: int
    after: int
    extra: int

    @property
    def stamped(self) -> int:
        """How many cells the stamps reach, nothing cut off and nothing added."""
        return (self.n - 1) * self.s + self.d * (self.k - 1) + 1

    @property
    def kept(self) -> int:
        """The length of the output."""
        return self.stamped - self.before - self.after

    @property
    def canvas(self) -> int:
        """The cells to draw: the output, what is cut off on the left, what is left to cut off on the right."""
        return self.before + self.kept + max(self.after, 0)

    def taps(self, cell: int) -> range:
        """The cells of the canvas that one input cell adds to."""
        start = cell * self.s
        return range(start, start + self.d * (self.k - 1) + 1, self.d)

    def axis(self) -> Axis:
        """This axis to draw: the input, and the canvas with what is cut off and what is added."""
        extra = min(self.extra, self.kept)
        cut = self.canvas - self.before - self.kept
        canvas = Spans(("crop", self.before), ("data", self.kept - extra), ("extra", extra), ("crop", cut))
        return Axis(Spans(("data", self.n)), canvas, self.n, lambda cell: range(cell, cell + 1), self.taps)


def stamp_picture(stamps: Sequence[Stamp]) -> str:
    """The first two input cells and the stamps that they leave on the output."""
    cells, canvas, kept = (sizes(getattr(stamp, name) for stamp in stamps) for name in ("n", "canvas", "kept"))
    labels = (f"Input of {cells} cells.", f"Canvas of {canvas} cells, of which {kept} are the output.")
    source, target, kinds = mapping([stamp.axis() for stamp in stamps], labels)
    output_text = f"{kept} cells" + (f", cut from {canvas}" if canvas != kept else "")
    legend = [(kind, text) for kind, text in LEGEND.items() if kind in kinds]
    return figure([(source, f"{cells} cells"), (target, output_text)], _caption(stamps), legend)


def _caption(stamps: Sequence[Stamp]) -> str:
    sentences = ["Each input cell adds its value times the kernel to the output; overlapping stamps are summed."]
    if any(stamp.s > stamp.d * (stamp.k - 1) + 1 for stamp in stamps):
        sentences.append("The stamps do not touch: the cells between them hold nothing but the bias.")
    if len(stamps) == 3:
        sentences.append(f"Drawn are {' and '.join(SPATIAL[3][1:])}; along D the stamps work the same way.")
    return " ".join(sentences)
