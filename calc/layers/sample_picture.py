"""Which numbers of a batch belong together: the samples side by side, a grid of rows and columns for each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from calc.picture import HEAD, Line, Spans, figure, grid

MOST = 3
"""Of a large batch the first two samples and the last one are drawn."""

LONGEST = 2**62
"""Several axes together may be longer than Python can index."""


@dataclass(frozen=True)
class Layout:
    """An input as so many grids of rows and columns, with the words for each."""

    samples: int
    rows: int
    columns: int
    sample: str = "sample"
    row: str = "channels"
    column: str = "places"

    def drawn(self) -> list[int]:
        """The samples that are drawn."""
        return list(range(self.samples)) if self.samples <= MOST else [0, 1, self.samples - 1]

    def figure(self, kind: Callable[[int, int, int], str], caption: str, legend: Sequence[tuple[str, str]] = ()) -> str:
        """The grids; `kind` is what the cell at (sample, row, column) is."""
        rows, columns = (Line(Spans(("data", min(size, LONGEST)))) for size in (self.rows, self.columns))
        parts = []
        for sample in self.drawn():
            number = f" {sample + 1:,}" if self.samples > 1 else ""
            name = f"{self.sample}{number}" + (f" of {self.samples:,}" if self.samples > MOST else "")
            label = f"{name[0].upper()}{name[1:]}: {self.rows:,} {self.row} by {self.columns:,} {self.column}."

            def of_sample(row: int, column: int, sample: int = sample) -> str:
                return kind(sample, row, column)

            parts.append((grid(rows, columns, label, of_sample), name))
        return figure(parts, caption, legend, arrows=False)


Box = tuple[range, range, range]
"""Which samples, rows and columns."""


def together(layout: Layout, first: Box, second: Box, caption: str, what: str) -> str:
    """The cells that have something in common, and those next to them that have it in common."""

    def kind(*place: int) -> str:
        for name, box in (("first", first), ("second", second)):
            if all(at in within for at, within in zip(place, box, strict=True)):
                return f"data {name}"
        return "data"

    legend = [("first", f"share the first {what}")]
    shown = (layout.samples, layout.rows, layout.columns)
    if all(box.start < min(box.stop, size, HEAD) for box, size in zip(second, shown, strict=True)):
        legend.append(("second", f"share the next {what}"))
    return layout.figure(kind, caption, legend)
