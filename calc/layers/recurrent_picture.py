"""The picture of a recurrent layer: one cell at each step, the state handed on along the sequence."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeAlias

from calc.picture import figure, svg

WIDE, TALL, GAP = 46, 28, 24
"""A cell, and the way between two of them."""
NARROW, BETWEEN, FORK, LANE = 34, 12, 10, 17
"""Of two directions each cell leaves a lane, LANE from the middle, to the other; a fork joins the lanes."""
LEFT, EDGE, STUB = 52, 20, 18
MOST_STEPS, MOST_LAYERS = 5, 3

Columns: TypeAlias = "Sequence[int | None]"
"""The steps that are drawn; None is the mark for those left out."""


def unrolled(cell: str, steps: int, layers: int, directions: int, gates: int) -> str:
    """The steps as columns and the layers as rows, the lowest first; two directions lie over each other."""
    columns = list(range(1, steps + 1)) if steps <= MOST_STEPS else [1, 2, 3, None, int(steps)]
    rows = list(range(layers)) if layers <= MOST_LAYERS else [0, None, int(layers) - 1]
    two = directions == 2
    height = 2 * EDGE + GAP + sum(_tall(row, two) + GAP for row in rows)
    bottom, body = float(height - EDGE - GAP), ""
    for row in rows:
        body += _layer(row, bottom, columns, two)
        bottom -= _tall(row, two) + GAP
    body += "".join(_ends(step, _middle(place), height) for place, step in enumerate(columns))
    label = (
        f"The same cell at each of {steps:,} steps: it reads one step's input and the state of the step before, "
        f"and hands its state on. {layers:,} layers, {'both directions' if two else 'one direction'}."
    )
    legend = [("first", "cell reading forward: one set of weights for each layer")]
    legend += [("second", "cell reading backward: weights of its own")] if two else []
    drawing = svg(_middle(len(columns) - 1) + WIDE / 2 + STUB + 2, height, label, body)
    return figure([(drawing, _caption(cell, steps, layers * directions))], WORDS[gates], legend)


SAME = "Every cell of a row is the same cell with the same weights"
WORDS = {
    1: f"{SAME}, so the number of parameters does not depend on the number of steps. Each waits for the one before it: "
    "steps cannot run side by side.",
    4: f"{SAME}. It hands on two states: h, which is also the output, and c, which passes from step to step without a "
    "product with weights.",
    3: f"{SAME}. Its update gate says of each number how much of the state before is kept.",
}


def _caption(cell: str, steps: int, cells: int) -> str:
    counted = "one set of weights" if cells == 1 else f"{cells:,} sets of weights"
    return f"{cell} unrolled over {steps:,} step{'s' if steps != 1 else ''}: {counted}"


def _tall(row: int | None, two: bool) -> int:
    """The height of a layer, or of the mark for layers left out."""
    return 2 * TALL + BETWEEN + 2 * FORK if two and row is not None else TALL


def _middle(place: int) -> float:
    return LEFT + place * (WIDE + GAP) + WIDE / 2


def _ends(step: int | None, x: float, height: float) -> str:
    """The input below a column and the output above it."""
    if step is None:
        return f'<text class="gap" x="{x:g}" y="{height / 2:g}">⋯</text>'
    return _named("x", step, x, height - 6) + _named("h", step, x, 12) + _arrow(x, EDGE + GAP, x, EDGE)


def _named(letter: str, step: int, x: float, y: float) -> str:
    below = f'<tspan font-size="9" dy="3">{step}</tspan>'
    return f'<text class="chip-size" x="{x:g}" y="{y:g}">{letter}{below}</text>'


def _layer(row: int | None, bottom: float, columns: Columns, two: bool) -> str:
    """One layer at all steps, with what comes in from below."""
    middles = [_middle(place) for place, step in enumerate(columns) if step]
    body = "".join(_arrow(x, bottom + GAP, x, bottom) for x in middles)
    if row is None:
        return body + "".join(f'<text class="gap" x="{x:g}" y="{bottom - TALL / 2:g}">⋮</text>' for x in middles)
    name = bottom - _tall(row, two) / 2 + (4 if two else -8)
    body += f'<text class="chip-symbol" x="{LEFT / 2 - 6:g}" y="{name:g}">layer {row}</text>'
    if not two:
        return body + _direction("first", bottom - TALL, (-WIDE / 2, WIDE / 2), columns)
    forward, backward = bottom - FORK - TALL, bottom - FORK - 2 * TALL - BETWEEN
    for x in middles:
        body += _path((x - LANE, bottom - FORK), (x, bottom), (x + LANE, bottom - FORK), (x + LANE, backward + TALL))
        body += _path((x - LANE, forward), (x - LANE, backward), (x, backward - FORK), (x + LANE, backward))
    body += _direction("first", forward, (-WIDE / 2, NARROW - WIDE / 2), columns)
    return body + _direction("second", backward, (WIDE / 2 - NARROW, WIDE / 2), columns)


def _direction(kind: str, top: float, edges: tuple[float, float], columns: Columns) -> str:
    """The cells of one direction, and their states on the way from step to step."""
    left, right = edges
    body = "".join(
        f'<rect class="cell {kind}" x="{_middle(place) + left:g}" y="{top:g}" width="{right - left:g}" '
        f'height="{TALL}" rx="5"></rect>'
        for place, step in enumerate(columns)
        if step
    )
    y = top + TALL / 2
    for start, end in _ways(left, right, columns):
        body += _arrow(end, y, start, y) if kind == "second" else _arrow(start, y, end, y)
    return body


def _ways(left: float, right: float, columns: Columns) -> Iterator[tuple[float, float]]:
    """From each cell to the next; only a part of the way to what is not drawn."""
    for place, step in enumerate(columns):
        if step is None:
            continue
        into, out = _middle(place) + left, _middle(place) + right
        known = place > 0 and columns[place - 1] is not None
        yield (_middle(place - 1) + right if known else into - STUB), into
        if place + 1 == len(columns) or columns[place + 1] is None:
            yield out, out + STUB


def _arrow(x1: float, y1: float, x2: float, y2: float) -> str:
    """A straight arrow along one axis."""
    across, down = (x2 > x1) - (x2 < x1), (y2 > y1) - (y2 < y1)
    x, y = x2 - 4 * across, y2 - 4 * down
    return _path((x1, y1), (x2, y2)) + _path((x - 3 * down, y - 3 * across), (x2, y2), (x + 3 * down, y + 3 * across))


def _path(*points: tuple[float, float]) -> str:
    return f'<polyline class="axis" points="{" ".join(f"{x:g},{y:g}" for x, y in points)}"></polyline>'
