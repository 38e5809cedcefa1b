"""Where the boxes and wires of a drawing stand: as an hourglass where it is one, else in columns."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from calc.reported.drawing.columns import Column, column, tangled
from calc.reported.drawing.hourglass import hourglass
from calc.reported.drawing.newspaper import in_columns
from calc.reported.drawing.places import FORK, GAP_X, TAIL, Drawing, Pair, Size, Start


def ordered(count: int, edges: Sequence[Pair], inputs: Mapping[int, bool]) -> list[int]:
    """Inputs first, other boxes that read nothing at once before their first reader, the rest as they come."""
    reads = {target for _, target in edges}
    first: dict[int, int] = {}
    for source, target in edges:
        first[source] = min(target, first.get(source, target))
    early = [at for at in range(count) if inputs.get(at)]
    waits: dict[int, list[int]] = {}
    order = list(early)
    for at in range(count):
        if not inputs.get(at) and at not in reads and at in first:
            waits.setdefault(first[at], []).append(at)
    waiting = {each for group in waits.values() for each in group}
    for at in range(count):
        if at in waiting or inputs.get(at):
            continue
        order += [*waits.get(at, []), at]
    return order


def _divided(drawing: Drawing, inputs: Mapping[int, bool]) -> Column:
    """The whole in columns: all inputs in one line, or only the first if the others join in better further down."""
    edges = drawing.edges
    first = min((target for source, target in edges if inputs.get(source)), default=0)
    early = {at: (at, first) in edges for at, is_input in inputs.items() if is_input}
    tried = []
    for begin in (inputs, early) if set(early.values()) != {True} else (inputs,):
        order = ordered(len(drawing.sizes), edges, begin)
        tried.append(column(drawing, order, [at for at in order if begin.get(at)], [], outer=(False, False)))
        if not tangled(tried[-1]):
            return tried[-1]
    return tried[0]


def placed(
    sizes: Sequence[Size],
    edges: Sequence[Pair],
    inputs: Mapping[int, bool],
    room: tuple[float, float],
    differ: Callable[[Pair], object],
) -> Drawing:
    """Every box and wire at its place; `room` is the height and width that it should take, `differ` says of a wire
    what tells it from others."""
    drawing = Drawing(sizes, edges)
    whole = _divided(drawing, inputs)
    if hourglass(drawing, whole, differ):
        return drawing
    groups = in_columns(whole, *room)
    left, moving = 1.0, list[Start]()
    for number, items in enumerate(groups):
        part = Column(items, False, 0)
        x = left + part.left
        if moving:
            gutter = left - GAP_X / 2 - 2
            moving = [
                (source, [*points, (points[-1][0], low), (gutter, low), (gutter, 1.0), (x, 1.0)])
                for source, points in moving
                for low in [points[-1][1] + TAIL + 2]
            ]
        top = 1.0 + (FORK if number else 0.0)
        moving = part.put(drawing, x, top, moving)
        drawing.height = max(drawing.height, top + part.height + 5)
        left += part.left + part.right + 2 * GAP_X
    drawing.width = left - 2 * GAP_X + 1
    return drawing
