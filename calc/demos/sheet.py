"""Rows of numbers with what they are multiplied with above, as a calculation on paper.

Like `calc.scene.Grid`, but the columns differ in width and meaning, and signs stand
between them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from calc.markup import plain
from calc.picture import svg
from calc.scene import DIGIT, LABEL

HIGH, PITCH = 30, 33
APART = 8
"""Between the rows of one gate and those of the next."""

SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


def indexed(symbol: str, number: int) -> str:
    """A symbol with an index below.

    Examples:
        >>> indexed("x", 12)
        'x₁₂'
    """
    return symbol + str(number).translate(SUBSCRIPTS)


@dataclass(frozen=True)
class Column:
    """One number for each row: the cells' names and texts.

    `head` stands above; so does the cell `top`, a name and a text, where the column is
    multiplied with a number. `sign` stands before each row, `gap` before the column;
    `strengths` shade the cells.
    """

    names: Sequence[str]
    texts: Sequence[str]
    head: str = ""
    top: tuple[str, str] | None = None
    sign: str = ""
    kind: str = "data"
    strengths: Sequence[float] = ()
    gap: float = 3

    @property
    def width(self) -> float:
        """Room for the longest text."""
        texts = [*self.texts, self.top[1] if self.top else ""]
        return max(34.0, max(map(len, texts)) * DIGIT + 12, len(self.head) * LABEL)


def sheet(rows: Sequence[str], columns: Sequence[Column], label: str, group: int) -> str:
    """Columns side by side as SVG; a gap follows each `group` of rows."""
    left = max(map(len, rows)) * LABEL + 10
    top = 20.0 + (HIGH + 12 if any(column.top for column in columns) else 0)
    places = [top + row * PITCH + row // group * APART for row in range(len(rows))]
    body = "".join(
        f'<text class="row-label" x="{left - 8:g}" y="{y + HIGH / 2 + 4:g}">{plain(text)}</text>'
        for text, y in zip(rows, places, strict=True)
    )
    x = left
    for column in columns:
        x += 18 if column.sign else column.gap
        middle = x + column.width / 2
        body += f'<text class="column-label" x="{middle:g}" y="13">{plain(column.head)}</text>'
        if column.top:
            body += cell(*column.top, x, 20, column.width, "state")
        for row, y in enumerate(places):
            strength = column.strengths[row] if column.strengths else None
            body += cell(column.names[row], column.texts[row], x, y, column.width, column.kind, strength)
            if column.sign:
                body += f'<text class="sheet-sign" x="{x - 9:g}" y="{y + HIGH / 2 + 5:g}">{plain(column.sign)}</text>'
        x += column.width
    return svg(round(x + 2, 1), places[-1] + HIGH + 2, label, body)


def cell(
    name: str, text: str, x: float, y: float, width: float, kind: str = "data", strength: float | None = None
) -> str:
    """One number; `strength` from -1 to 1 shades it, lightly enough to be read."""
    fill = ""
    if strength is not None:
        tone = "warm" if strength > 0 else "cold"
        fill = (
            f'<rect class="{tone}" x="{x:g}" y="{y:g}" width="{width:g}" height="{HIGH}" rx="3" '
            f'fill-opacity="{min(abs(strength), 1) * 0.45:.2f}"></rect>'
        )
    return (
        f'<g data-cell="{name}"><rect class="cell {kind}" x="{x:g}" y="{y:g}" width="{width:g}" height="{HIGH}" '
        f'rx="3"></rect>{fill}<text x="{x + width / 2:g}" y="{y + HIGH / 2 + 4.5:g}">{plain(text)}</text></g>'
    )
