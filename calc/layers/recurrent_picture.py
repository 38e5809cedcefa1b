"""The picture of a recurrent layer: one cell at each step, the state handed on along the sequence."""

from __future__ import annotations

from dataclasses import dataclass

from calc.picture import figure, svg

WIDE, TALL, GAP_X, GAP_Y, LEFT, TOP = 46, 30, 26, 30, 44, 26
MOST_STEPS, MOST_ROWS = 5, 4


@dataclass(frozen=True)
class Row:
    """The cells of one layer in one direction; None stands for rows left out."""

    name: str
    kind: str
    backward: bool


def unrolled(cell: str, steps: int, layers: int, directions: int, gates: int) -> str:
    """The steps as columns, layers and directions as rows, the lowest first."""
    columns = list(range(1, steps + 1)) if steps <= MOST_STEPS else [1, 2, 3, None, steps]
    rows = _rows(layers, directions)
    width = LEFT + len(columns) * (WIDE + GAP_X) + 18
    height = 2 * TOP + len(rows) * (TALL + GAP_Y)
    body = "".join(_column(step, place, rows, height) for place, step in enumerate(columns))
    body += "".join(_states(row, place, len(columns), height) for place, row in enumerate(rows) if row)
    label = (
        f"The same cell at each of {steps:,} steps: it reads one step's input and the state of the step before, "
        f"and hands its state on. {layers:,} layers, {'both directions' if directions == 2 else 'one direction'}."
    )
    shown = [row for row in rows if row]
    legend = [("first", "cell reading forward: one set of weights for each layer")]
    if any(row.backward for row in shown):
        legend.append(("second", "cell reading backward: weights of its own"))
    return figure([(svg(width, height, label, body), _caption(cell, steps, layers, directions))], WORDS[gates], legend)


SAME = "Every cell of a row is the same cell with the same weights"
WORDS = {
    1: f"{SAME}, so the number of parameters does not depend on the number of steps. Each waits for the one before it: "
    "steps cannot run side by side.",
    4: f"{SAME}. It hands on two states: h, which is also the output, and c, which passes from step to step without a "
    "product with weights.",
    3: f"{SAME}. Its update gate says of each number how much of the state before is kept.",
}


def _caption(cell: str, steps: int, layers: int, directions: int) -> str:
    cells = int(layers) * directions
    counted = "one set of weights" if cells == 1 else f"{cells:,} sets of weights"
    return f"{cell} unrolled over {steps:,} step{'s' if steps != 1 else ''}: {counted}"


def _rows(layers: int, directions: int) -> list[Row | None]:
    """From the lowest up; of many layers the first and the last."""
    if layers * directions <= MOST_ROWS:
        shown: list[int | None] = list(range(layers))
    else:
        shown = [0, None, int(layers) - 1]
    rows: list[Row | None] = []
    for layer in shown:
        if layer is None:
            rows.append(None)
            continue
        rows.append(Row(f"layer {layer}", "first", False))
        if directions == 2:
            rows.append(Row("", "second", True))
    return rows


def _x(place: int) -> float:
    return LEFT + place * (WIDE + GAP_X)


def _y(row: int, height: float) -> float:
    """The top of a row's cells; rows are counted from the bottom."""
    return height - TOP - GAP_Y / 2 - (row + 1) * TALL - row * GAP_Y + 4


def _column(step: int | None, place: int, rows: list[Row | None], height: float) -> str:
    middle = _x(place) + WIDE / 2
    if step is None:
        return f'<text class="gap" x="{middle:g}" y="{height / 2:g}">⋯</text>'
    body = f'<text class="chip-size" x="{middle:g}" y="{height - 6:g}">x<tspan class="sub" dy="3">{step}</tspan></text>'
    body += f'<text class="chip-size" x="{middle:g}" y="14">h<tspan class="sub" dy="3">{step}</tspan></text>'
    below = height - 20.0
    for index, row in enumerate(rows):
        top = _y(index, height)
        if row is None:
            body += f'<text class="gap" x="{middle:g}" y="{top + TALL / 2:g}">⋮</text>'
        else:
            body += (
                f'<rect class="cell {row.kind}" x="{_x(place):g}" y="{top:g}" width="{WIDE}" height="{TALL}" rx="5">'
                "</rect>"
            )
        body += _arrow(middle, below, middle, top + TALL)
        below = top
    return body + _arrow(middle, below, middle, 22)


def _states(row: Row, index: int, columns: int, height: float) -> str:
    y = _y(index, height) + TALL / 2
    body = f'<text class="row-name" x="2" y="{y - TALL / 2 - 5:g}">{row.name}</text>' if row.name else ""
    ends = [(_x(place) - GAP_X, _x(place)) for place in range(columns + 1)]
    ends[0] = (_x(0) - 20, _x(0))
    ends[-1] = (_x(columns) - GAP_X, _x(columns) - GAP_X + 20)
    for start, end in ends:
        body += _arrow(end, y, start, y) if row.backward else _arrow(start, y, end, y)
    return body


def _arrow(x1: float, y1: float, x2: float, y2: float) -> str:
    """A straight arrow along one axis."""
    across, down = (x2 > x1) - (x2 < x1), (y2 > y1) - (y2 < y1)
    back_x, back_y = x2 - 4 * across, y2 - 4 * down
    head = f"{back_x - 3 * down:g},{back_y - 3 * across:g} {x2:g},{y2:g} {back_x + 3 * down:g},{back_y + 3 * across:g}"
    lines = (f"{x1:g},{y1:g} {x2:g},{y2:g}", head)
    return "".join(f'<polyline class="axis" points="{points}"></polyline>' for points in lines)
