"""Numbers drawn: grids of cells that a page can point at, light up and step through.

A cell is called by its grid and its place, `x-0-2`; `calc.stage` speaks of cells by
these names. As in `calc.picture`, colours live in the page's style sheet.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from calc.markup import plain
from calc.picture import svg

SIDE = 40
"""Height of a cell, in the drawing's units; as wide as that at least."""

DIGIT, LABEL = 7.6, 7.2
"""Width of a digit in a cell and of a letter beside the grid."""


def digits(number: float, places: int = 4) -> str:
    """A number as it is shown: rounded to `places` decimals, without zeros at the end, a true minus before it.

    Examples:
        >>> digits(0.25), digits(-2.0), digits(1 / 3), digits(float("-inf"))
        ('0.25', '−2', '0.3333', '−∞')
    """
    if number != number:
        return "nan"
    if number in (float("inf"), float("-inf")):
        return "∞" if number > 0 else "−∞"
    text = f"{number:.{places}f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in ("-0", "") else text.replace("-", "−")


def at(name: str, *place: int) -> str:
    """The name of a cell."""
    return "-".join((name, *map(str, place)))


@dataclass(frozen=True)
class Grid:
    """A table of cells.

    `texts` is what stands in each cell; `kind` gives a cell's class names ("data",
    "pad", "blocked" …), `shade` how strongly it is filled, from -1 to 1. `rows` and
    `columns` are labels beside and above; `first` is the index of the first row and
    column in the cells' names, so that padding may have negative ones.
    """

    name: str
    texts: Sequence[Sequence[str]]
    kind: Callable[[int, int], str] = lambda row, column: "data"
    shade: Callable[[int, int], float] | None = None
    rows: Sequence[str] = ()
    columns: Sequence[str] = ()
    first: tuple[int, int] = (0, 0)

    def svg(self, label: str) -> str:
        """The grid as SVG with its text equivalent."""
        widest = max((len(text) for row in self.texts for text in row), default=1)
        side = max(SIDE, widest * DIGIT + 12)
        left = max((len(text) for text in self.rows), default=0) * LABEL + (8 if any(self.rows) else 1)
        slanted = any(len(text) * LABEL > side for text in self.columns)
        top = (max(map(len, self.columns)) * LABEL * 0.75 + 10 if slanted else 18) if any(self.columns) else 1
        count = max((len(row) for row in self.texts), default=0)
        body = [
            self._column_label(text, left + (index + 0.5) * side, top, slanted)
            for index, text in enumerate(self.columns)
        ]
        body += [
            f'<text class="row-label" x="{left - 7:g}" y="{top + (index + 0.5) * SIDE + 4:g}">{plain(text)}</text>'
            for index, text in enumerate(self.rows)
        ]
        body += [
            self._cell(row, column, text, left + column * side, top + row * SIDE, side)
            for row, texts in enumerate(self.texts)
            for column, text in enumerate(texts)
        ]
        # A slanted label of the last column leans over the edge.
        over = max(map(len, self.columns)) * LABEL * 0.6 if slanted else 0
        return svg(
            round(left + count * side + 1 + over, 1), round(top + len(self.texts) * SIDE + 1, 1), label, "".join(body)
        )

    def _column_label(self, text: str, x: float, top: float, slanted: bool) -> str:
        if not slanted:
            return f'<text class="column-label" x="{x:g}" y="{top - 6:g}">{plain(text)}</text>'
        place = f'x="{x:g}" y="{top - 6:g}" transform="rotate(-45 {x:g} {top - 6:g})"'
        return f'<text class="column-label slanted" {place}>{plain(text)}</text>'

    def _cell(self, row: int, column: int, text: str, x: float, y: float, side: float) -> str:
        name = at(self.name, row + self.first[0], column + self.first[1])
        strength = self.shade(row, column) if self.shade else 0.0
        fill = ""
        if self.shade:
            tone = "warm" if strength > 0 else "cold"
            fill = (
                f'<rect class="{tone}" x="{x + 1:g}" y="{y + 1:g}" width="{side - 2:g}" height="{SIDE - 2}" '
                f'fill-opacity="{min(abs(strength), 1):.2f}"></rect>'
            )
        words = f'<text x="{x + side / 2:g}" y="{y + SIDE / 2 + 5:g}">{plain(text)}</text>' if text else ""
        return (
            f'<g data-cell="{name}"><rect class="cell {self.kind(row, column)}" x="{x + 1:g}" y="{y + 1:g}" '
            f'width="{side - 2:g}" height="{SIDE - 2}" rx="3"></rect>{fill}{words}</g>'
        )


def numbers(name: str, matrix: Sequence[Sequence[float]], label: str, *, places: int = 4, **more: object) -> str:
    """A matrix of numbers as a grid; `more` as for `Grid`."""
    texts = [[digits(number, places) for number in row] for row in matrix]
    return Grid(name, texts, **more).svg(label)  # type: ignore[arg-type]


def matrix_text(matrix: Sequence[Sequence[float]], places: int = 4) -> str:
    """A matrix in words, for a text equivalent: rows with semicolons between."""
    return "; ".join(" ".join(digits(number, places) for number in row) for row in matrix)
