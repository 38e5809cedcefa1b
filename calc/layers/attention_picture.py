"""Attention drawn: the width cut into heads, a table of weights for each head."""

from __future__ import annotations

import math

from calc.picture import figure, svg

MOST_SLICES = 16
"""More heads than this are drawn as the first ones and a gap."""

SHEETS = 4
"""So many of the heads' tables are drawn, one behind the other."""


def heads_picture(length: int, keys: int, width: int, heads: int) -> str:
    """Queries and keys cut into heads, the tables of weights, the result; values are as many as keys."""
    largest = max(length, keys, width, 1)
    per_head = int(width) // int(heads)
    tables = f"{heads:,} tables of {length:,} × {keys:,}" if heads > 1 else f"1 table of {length:,} × {keys:,}"
    parts = [
        (sliced(length, width, heads, f"Queries, {length} by {width}.", largest), f"queries: {length:,} × {width:,}"),
        (sliced(keys, width, heads, f"Keys, {keys} by {width}.", largest), f"keys: {keys:,} × {width:,}"),
        (sheets(length, keys, heads, f"Attention weights: {tables}.", largest), tables),
        (sliced(length, width, heads, f"Output, {length} by {width}.", largest), f"output: {length:,} × {width:,}"),
    ]
    return figure(
        parts,
        f"Each head sees {per_head:,} of the {width:,} columns. Its queries meet its keys in a table, each row of the "
        "table weights the head's values. Sides grow with the square root of the size.",
        [("first", "the first head")],
    )


def sliced(rows: int, columns: int, slices: int, label: str, largest: int) -> str:
    """A matrix whose columns are cut into equal parts, the first of them marked."""
    width, height = side(columns, largest), side(rows, largest)
    shown = min(int(slices), MOST_SLICES)
    each = width / shown
    body = "".join(
        f'<rect class="cell {"data" if at else "first"}" x="{1 + at * each:.1f}" y="1" width="{each:.1f}" '
        f'height="{height:g}"></rect>'
        for at in range(shown)
    )
    if slices > shown:
        body += f'<text class="gap" x="{1 + width - 2 * each:.1f}" y="{height / 2:g}">⋯</text>'
    return svg(width + 2, height + 2, label, body)


def sheets(rows: int, columns: int, count: int, label: str, largest: int) -> str:
    """Tables of one size, one behind the other, the first in front."""
    width, height, shift = side(columns, largest), side(rows, largest), 6
    shown = min(int(count), SHEETS)
    body = "".join(
        f'<rect class="cell {"data" if at else "first"}" x="{1 + at * shift}" y="{1 + (shown - 1 - at) * shift}" '
        f'width="{width:g}" height="{height:g}" rx="3"></rect>'
        for at in reversed(range(shown))
    )
    margin = 2 + (shown - 1) * shift
    return svg(width + margin, height + margin, label, body)


def side(size: int, largest: int) -> float:
    """How long a side is drawn: by square root, to fit a page."""
    return round(10 + 84 * math.sqrt(size / largest), 1)
