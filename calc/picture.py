"""Pictures as SVG: grids of cells, chips for axes, blocks for matrices, curves.

Only shapes and class names are written here; colours live in the page's style
sheet, so that one drawing serves light, dark and print. Every drawing carries its
text equivalent.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass

from calc.markup import plain, quoted

CELL = 18
HEAD, TAIL = 9, 4
"""Of a long axis the first and last cells are drawn, with a gap between."""


@dataclass(frozen=True)
class Line:
    """One axis of a grid: what kind of cell stands at each index, and who reads it.

    `kinds` are class names such as "data", "pad", "unused"; `first` and `second`
    are the indices that the first and the second window touch.
    """

    kinds: Sequence[str]
    first: Collection[int] = ()
    second: Collection[int] = ()

    def shown(self) -> list[int | None]:
        """The indices to draw, None for the gap."""
        # The page's Python has 32 bits, and `len` no room for more.
        count = self.kinds.length if isinstance(self.kinds, Spans) else len(self.kinds)
        if count <= HEAD + TAIL + 1:
            return list(range(count))
        return [*range(HEAD), None, *range(count - TAIL, count)]


class Spans(Sequence[str]):
    """The kinds of cells along an axis as runs of (kind, length), however long the axis is."""

    def __init__(self, *runs: tuple[str, int]) -> None:
        self.runs = runs

    @property
    def length(self) -> int:
        """How many cells there are."""
        return sum(length for _, length in self.runs)

    def __len__(self) -> int:
        return self.length

    def __getitem__(self, index: int) -> str:  # type: ignore[override]
        for kind, length in self.runs:
            if index < length:
                return kind
            index -= length
        raise IndexError(index)


def sizes(numbers: Iterable[int]) -> str:
    """Sizes along several axes: 7 × 7."""
    return " × ".join(f"{number:,}" for number in numbers)


@dataclass(frozen=True)
class Axis:
    """One axis of a layer that maps cells to cells: which cells each of its places reads and writes."""

    source: Spans
    target: Spans
    places: int
    reads: Callable[[int], range]
    writes: Callable[[int], range]

    def lines(self, *, moves: bool) -> tuple[Line, Line]:
        """Input and output at the first place and the next, which lies along this axis if it `moves`."""
        first = 0 if self.places else None
        second = first if not moves else 1 if self.places > 1 else None
        marked = [
            [range(0) if place is None else touched(place) for place in (first, second)]
            for touched in (self.reads, self.writes)
        ]
        return Line(self.source, *marked[0]), Line(self.target, *marked[1])


SINGLE = Axis(Spans(("data", 1)), Spans(("data", 1)), 1, lambda place: range(1), lambda place: range(1))
"""The rows of a drawing that has only one axis."""


def mapping(axes: Sequence[Axis], labels: tuple[str, str]) -> tuple[str, str, set[str]]:
    """Input and output as grids with the first place marked and the next, and the kinds of cells drawn.

    Of three axes the last two are drawn. The next place is one step to the right
    or, where a row has only one, one step down.
    """
    rows, columns = [SINGLE, *axes][-2:]
    source_rows, target_rows = rows.lines(moves=columns.places < 2)
    source_columns, target_columns = columns.lines(moves=columns.places > 1)
    drawn = (source_rows, source_columns, target_rows, target_columns)
    kinds = {line.kinds[index] for line in drawn for index in line.shown() if index is not None}
    kinds |= {"first"} if rows.places and columns.places else set()
    kinds |= {"second"} if max(rows.places, columns.places) > 1 else set()
    return grid(source_rows, source_columns, labels[0]), grid(target_rows, target_columns, labels[1]), kinds


STRONGEST = ("over", "extra", "pad", "crop", "unused", "data")
"""Where the two axes of a cell differ in kind, the one that stands first here wins."""


def grid(rows: Line, columns: Line, label: str, kind: Callable[[int, int], str] | None = None) -> str:
    """A grid of cells with its two windows marked; `kind` says what a cell is where rows and columns cannot."""
    shown_rows, shown_columns = rows.shown(), columns.shown()
    cells = [
        _cell(place_y, place_x, f"cell {kind(y, x)}" if kind else _classes(rows, columns, y, x))
        for place_y, y in enumerate(shown_rows)
        if y is not None
        for place_x, x in enumerate(shown_columns)
        if x is not None
    ]
    width, height = len(shown_columns) * CELL + 2, len(shown_rows) * CELL + 2
    marks = _gap_marks(shown_rows, shown_columns, width, height)
    return svg(width, height, label, "".join(cells) + marks)


def _classes(rows: Line, columns: Line, y: int, x: int) -> str:
    kinds = (rows.kinds[y], columns.kinds[x])
    names = ["cell", next(kind for kind in STRONGEST if kind in kinds)]
    if y in rows.first and x in columns.first:
        names.append("first")
    if y in rows.second and x in columns.second:
        names.append("second")
    return " ".join(names)


def _cell(row: int, column: int, classes: str) -> str:
    x, y = column * CELL + 2, row * CELL + 2
    return f'<rect class="{classes}" x="{x}" y="{y}" width="{CELL - 2}" height="{CELL - 2}" rx="2"></rect>'


def _gap_marks(rows: Sequence[int | None], columns: Sequence[int | None], width: float, height: float) -> str:
    marks = ""
    if None in columns:
        x = (columns.index(None) + 0.5) * CELL + 1
        marks += f'<text class="gap" x="{x:g}" y="{height / 2:g}">⋯</text>'
    if None in rows:
        y = (rows.index(None) + 0.5) * CELL + 1
        marks += f'<text class="gap" x="{width / 2:g}" y="{y:g}">⋮</text>'
    return marks


def svg(width: float, height: float, label: str, body: str) -> str:
    """An SVG image with its text equivalent."""
    return (
        f'<svg class="calc-svg" role="img" aria-label="{quoted(label)}" width="{width:g}" '
        f'height="{height:g}" viewBox="0 0 {width:g} {height:g}">{body}</svg>'
    )


def figure(
    parts: Iterable[tuple[str, str]], caption: str, legend: Iterable[tuple[str, str]] = (), *, arrows: bool = True
) -> str:
    """Drawings side by side, each with a caption, an arrow between, and what the colours mean."""
    drawn = ('<span class="calc-arrow" aria-hidden="true">→</span>' if arrows else "").join(
        f'<div class="calc-part">{drawing}<span class="calc-part-caption">{plain(text)}</span></div>'
        for drawing, text in parts
    )
    return (
        f'<figure class="calc-figure"><div class="calc-parts">{drawn}</div>{legend_of(legend)}'
        f"<figcaption>{plain(caption)}</figcaption></figure>"
    )


def legend_of(legend: Iterable[tuple[str, str]]) -> str:
    """What the colours of cells mean, as a list; nothing for no colours."""
    keys = "".join(
        f'<li><svg class="calc-key" aria-hidden="true" width="14" height="14">'
        f'<rect class="cell {kind}" x="1" y="1" width="12" height="12" rx="2"></rect></svg>{plain(text)}</li>'
        for kind, text in legend
    )
    return f'<ul class="calc-legend">{keys}</ul>' if keys else ""


def chips(groups: Sequence[tuple[str, str]], label: str) -> str:
    """A shape as a row of boxes, one for each axis: (symbol, size)."""
    body, x = "", 1.0
    for symbol, size in groups:
        width = max(46.0, 9.0 * max(len(symbol), len(size)) + 18)
        body += f'<rect class="cell data" x="{x:g}" y="1" width="{width:g}" height="46" rx="6"></rect>'
        body += f'<text class="chip-size" x="{x + width / 2:g}" y="21">{plain(size)}</text>'
        body += f'<text class="chip-symbol" x="{x + width / 2:g}" y="38">{plain(symbol)}</text>'
        x += width + 6
    return svg(x - 5, 48, label, body)


def block(rows: int, columns: int, kind: str, label: str, largest: int) -> str:
    """A matrix as a rectangle whose sides grow with its size (by square root, to fit a page)."""
    width, height = (_side(size, largest) for size in (columns, rows))
    return svg(
        width + 2,
        height + 2,
        label,
        f'<rect class="cell {kind}" x="1" y="1" width="{width:g}" height="{height:g}" rx="3"></rect>',
    )


def _side(size: int, largest: int) -> float:
    return round(10 + 110 * math.sqrt(size / largest), 1)


def curve(function: Callable[[float], float], low: float, high: float, label: str) -> str:
    """The graph of a function for inputs from -5 to 5, with its axes."""
    width, height, pad = 300.0, 170.0, 12.0
    xs = [-5 + step / 10 for step in range(101)]

    def place(x: float, y: float) -> str:
        across = pad + (x + 5) / 10 * (width - 2 * pad)
        down = height - pad - (y - low) / (high - low) * (height - 2 * pad)
        return f"{across:.1f},{down:.1f}"

    axes = "".join(
        f'<polyline class="axis" points="{start} {end}"></polyline>'
        for start, end in ((place(-5, 0), place(5, 0)), (place(0, low), place(0, high)))
    )
    points = " ".join(place(x, min(max(function(x), low), high)) for x in xs)
    return svg(width, height, label, f'{axes}<polyline class="curve" points="{points}"></polyline>')


def bars(rows: Sequence[tuple[str, int, int]], names: tuple[str, str], caption: str) -> str:
    """Two measures of each row as bars, each measure relative to its own total."""
    totals = (max(sum(first for _, first, _ in rows), 1), max(sum(second for _, _, second in rows), 1))
    width, height = 340, 34
    left = max(58, 15 + 7.3 * max((len(name) for name, *_ in rows), default=0))
    body, words = "", []
    for place, (name, *measures) in enumerate(rows):
        y = place * height
        body += f'<text class="bar-name" x="{left - 8:g}" y="{y + 20}">{plain(name)}</text>'
        shares = [measure / total for measure, total in zip(measures, totals, strict=True)]
        for line, (share, kind) in enumerate(zip(shares, ("first", "second"), strict=True)):
            long, top = round(1 + share * (width - left - 60), 1), y + 5 + line * 12
            body += f'<rect class="cell {kind}" x="{left:g}" y="{top}" width="{long:g}" height="9" rx="2"></rect>'
            body += f'<text class="bar-share" x="{left + long + 5:g}" y="{top + 8}">{share:.1%}</text>'
        words.append(f"{name} {shares[0]:.1%} of {names[0]}, {shares[1]:.1%} of {names[1]}")
    drawing = svg(width, len(rows) * height, f"{caption} {'; '.join(words)}.", body)
    return figure([(drawing, "share of each layer")], caption, [("first", names[0]), ("second", names[1])])
