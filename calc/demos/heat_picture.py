"""Tables that are too large for numbers: every entry a small square, as dark as it is far from 0.

Entries of one shade are one path, so that 64 × 64 of them stay small. A transparent band over
each row and each column can be lit, or pointed at: bands are called row-i and column-j.
"""

from __future__ import annotations

from calc.picture import svg
from calc.scene import at
from calc.values.matrix import Rows

LEVELS = 8
"""Shades on each side of 0."""

LEFT, TOP = 34, 22

LEGEND = [("warm", "above 0"), ("cold", "below 0")]


def heat(matrix: Rows, label: str, *, largest: float = 1.0, most: int = 420, bands: bool = True) -> str:
    """A table as a map of shades; entries of ±`largest` and beyond are the darkest.

    The longer side takes at most `most` units, if it can; without `bands` nothing can be lit.
    """
    rows, columns = len(matrix), len(matrix[0])
    side = max(8 if bands else 4, min(20, most // max(rows, columns)))
    width, height = columns * side, rows * side
    paths = "".join(
        f'<path class="heat {tone}" stroke-opacity="{level / LEVELS:g}" d="{drawn}"></path>'
        for tone, sign in (("warm", 1), ("cold", -1))
        for level in range(1, LEVELS + 1)
        if (drawn := _runs(matrix, largest, sign * level))
    )
    every = -(-20 // side)
    body = f'<g transform="translate({LEFT} {TOP}) scale({side})">{paths}</g>'
    body += f'<rect class="edge" x="{LEFT}" y="{TOP}" width="{width}" height="{height}"></rect>'
    for column in range(columns):
        text = _label(column, every, LEFT + (column + 0.5) * side, TOP - 7, "column-label")
        body += _band(at("column", column), LEFT + column * side, 2, side, TOP + height - 2, text, bands)
    for row in range(rows):
        text = _label(row, every, LEFT - 6, TOP + (row + 0.5) * side + 4, "row-label")
        body += _band(at("row", row), 2, TOP + row * side, LEFT + width - 2, side, text, bands)
    return svg(LEFT + width + 3, TOP + height + 3, label, body)


def _runs(matrix: Rows, largest: float, wanted: int) -> str:
    """Neighbours in a row that share a shade, as strokes one unit wide."""
    drawn = ""
    for y, row in enumerate(matrix):
        start = None
        for x, number in enumerate([*row, float("nan")]):
            hit = number == number and round(max(-1.0, min(1.0, number / largest)) * LEVELS) == wanted
            if hit and start is None:
                start = x
            if not hit and start is not None:
                drawn += f"M{start} {y}.5h{x - start}"
                start = None
    return drawn


def _label(index: int, every: int, x: float, y: float, kind: str) -> str:
    return "" if index % every else f'<text class="{kind}" x="{x:g}" y="{y:g}">{index}</text>'


def _band(name: str, x: float, y: float, width: float, height: float, text: str, bands: bool) -> str:
    if not bands:
        return text
    box = f'<rect class="lane" x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}"></rect>'
    return f'<g data-cell="{name}">{box}{text}</g>'
