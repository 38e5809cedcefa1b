"""The picture of a padding: the input, and where each cell of the output comes from."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass

from calc.picture import HEAD, TAIL, Line, Spans, figure, grid, sizes

LEGEND = {"data": "input", "pad": "added", "crop": "cut off", "first": "one cell and its copies"}


class Copies(Collection[int]):
    """The places of the output that hold a copy of one input cell, however long the axis is."""

    def __init__(self, source: Callable[[int], int | None], cell: int, length: int) -> None:
        self.source, self.cell, self.length = source, cell, length

    def __contains__(self, place: object) -> bool:
        return isinstance(place, int) and self.source(place) == self.cell

    def __iter__(self) -> Iterator[int]:
        return (place for place in range(self.length) if place in self)

    def __len__(self) -> int:
        return sum(1 for _ in self)


@dataclass(frozen=True)
class Side:
    """One axis: n cells, what is added before and after, and which input cell each output cell copies."""

    n: int
    before: int
    after: int
    source: Callable[[int], int | None]

    @property
    def padded(self) -> int:
        """The length of the output."""
        return self.n + self.before + self.after

    def marked(self) -> int:
        """The input cell to follow: the one of those drawn that has the most copies."""
        cut = max(-self.before, 0)
        seen = {*range(min(HEAD, self.padded)), *range(max(self.padded - TAIL, 0), self.padded)}
        sources = [self.source(place) for place in seen]
        shown = range(cut, min(self.n, cut + HEAD))
        return max(shown, key=lambda cell: sources.count(cell), default=0)

    def lines(self) -> tuple[Line, Line]:
        """Input and output with the cell that is followed."""
        cut, end = max(-self.before, 0), max(-self.after, 0)
        kept = max(self.n - cut - end, 0)
        source = Spans(("crop", cut), ("data", kept), ("crop", min(end, self.n - cut)))
        target = Spans(("pad", max(self.before, 0)), ("data", kept), ("pad", max(self.after, 0)))
        cell = self.marked()
        return Line(source, {cell}), Line(target, Copies(self.source, cell, self.padded))


SINGLE = Side(1, 0, 0, lambda place: place)


def pad_picture(sides: Sequence[Side], source: str) -> str:
    """Input and padded output with one cell and its copies marked; of three axes the last two."""
    rows, columns = [SINGLE, *sides][-2:]
    (source_rows, target_rows), (source_columns, target_columns) = rows.lines(), columns.lines()
    cells, padded = sizes(side.n for side in sides), sizes(side.padded for side in sides)
    drawings = [
        (grid(source_rows, source_columns, f"Input of {cells} cells."), f"{cells} cells"),
        (grid(target_rows, target_columns, f"Output of {padded} cells."), f"{padded} cells"),
    ]
    drawn = (source_rows, source_columns, target_rows, target_columns)
    kinds = {line.kinds[index] for line in drawn for index in line.shown() if index is not None}
    legend = [(kind, text) for kind, text in LEGEND.items() if kind in {*kinds, "first"}]
    depth = f" Drawn is one slice; along D {sides[0].n} slices become {sides[0].padded}." if len(sides) == 3 else ""
    return figure(drawings, source + depth, legend)
