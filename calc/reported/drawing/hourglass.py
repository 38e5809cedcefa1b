"""A network whose skips lie one within the other, as U-Net's: down at the left, up at the right, skips across."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from calc.reported.drawing.columns import Between, Column, Single
from calc.reported.drawing.places import Drawing, Pair

GAP, LEAST_ACROSS = 32.0, 120.0


@dataclass
class Arms:
    """The boxes of one level: going down, the last of which is skipped from, and going up from the one skipped to."""

    down: list[int] = field(default_factory=list)
    up: list[int] = field(default_factory=list)


def arms_of(whole: Column) -> tuple[list[Arms], list[int]] | None:
    """The levels of skips from the outermost, and the boxes at the bottom; None if the network is not of this form."""
    levels: list[Arms] = []
    inner: Column | None = whole
    while inner is not None:
        arms, found = Arms(), None
        for item in inner.items:
            if isinstance(item, Single):
                (arms.up if found else arms.down).append(item.at)
            elif not isinstance(item, Between) or (item.branches and (found or len(item.branches) > 1)):
                return None
            elif item.branches:
                if not item.skips or item.target is None or not arms.down:
                    return None
                found = item.branches[0]
        if found is None:
            return levels, arms.down
        levels.append(arms)
        inner = found
    return None


def hourglass(drawing: Drawing, whole: Column, differ: Callable[[Pair], object]) -> bool:
    """Place everything, if skips of different sizes lie one within the other."""
    found = arms_of(whole)
    if found is None or len(found[0]) < 2:
        return False
    levels, bottom = found
    skips = [(arms.down[-1], arms.up[0]) for arms in levels]
    if len({differ(skip) for skip in skips}) < len(skips) or not bottom:
        return False
    size = drawing.sizes
    turn = (len(bottom) - 1) // 2
    going_down = [each for arms in levels for each in arms.down] + bottom[:turn]
    going_up = bottom[turn + 1 :] + [each for arms in reversed(levels) for each in arms.up]
    lowest = bottom[turn]
    if {*pairwise([*going_down, lowest, *going_up]), *skips} != set(drawing.edges):
        return False
    left, right = (max(size[at].width for at in group) / 2 for group in (going_down, going_up))
    inner = max([LEAST_ACROSS, *(size[at].label + 50 for at in going_down)])
    inner = max(inner, size[lowest].width + 2 * size[lowest].label + 60 - left - right)
    x = 1 + left
    far = x + left + inner + right
    edge = max(far + size[at].reach for at in going_up)
    middle = _levels_down(drawing, levels, x, far)
    down, up = _stack(drawing, bottom[:turn]), _stack(drawing, bottom[turn + 1 :])
    outermost = levels[-1]
    under_left = middle + size[outermost.down[-1]].height / 2
    under_right = middle + size[outermost.up[0]].height / 2
    foot = max(under_left + down, under_right + up) + GAP - 4
    _fill(drawing, bottom[:turn], x, under_left, under_left + down + GAP)
    _fill(drawing, bottom[turn + 1 :][::-1], far, under_right, under_right + up + GAP)
    centre = (x + left + far - right) / 2
    drawing.spots[lowest] = (centre - size[lowest].width / 2, foot)
    _wire(drawing, going_down, going_up, lowest, skips, x, far)
    drawing.width, drawing.height = edge + 1, foot + size[lowest].height + size[lowest].behind + 1
    return True


def _stack(drawing: Drawing, boxes: Sequence[int]) -> float:
    return sum(drawing.sizes[at].height + GAP for at in boxes)


def _fill(drawing: Drawing, boxes: Sequence[int], x: float, top: float, foot: float) -> None:
    """Boxes from above to below, with equal gaps."""
    gap = (foot - top - sum(drawing.sizes[at].height for at in boxes)) / (len(boxes) + 1)
    y = top + gap
    for at in boxes:
        drawing.spots[at] = (x - drawing.sizes[at].width / 2, round(y, 1))
        y += drawing.sizes[at].height + gap


def _levels_down(drawing: Drawing, levels: Sequence[Arms], x: float, far: float) -> float:
    """Place the boxes of each level; the height at which the innermost skip lies."""
    size = drawing.sizes
    middle = 0.0
    below = (1.0 - GAP, 1.0 - GAP)
    for arms in levels:
        source, target = arms.down[-1], arms.up[0]
        halves = (size[source].height / 2, size[target].height / 2)
        before, after = arms.down[:-1], arms.up[:0:-1]
        needs = (below[0] + _stack(drawing, before) + GAP, below[1] + _stack(drawing, after) + GAP)
        middle = max(needs[0] + halves[0], needs[1] + halves[1])
        for group, at, end, spine, start in (
            (before, source, middle - halves[0], x, below[0]),
            (after, target, middle - halves[1], far, below[1]),
        ):
            # The outermost boxes stand close to their skip.
            start = end - _stack(drawing, group) - GAP if arms is levels[0] else start
            _fill(drawing, group, spine, start, end)
            drawing.spots[at] = (spine - size[at].width / 2, round(end, 1))
        below = (middle + halves[0], middle + halves[1])
    return middle


def _wire(
    drawing: Drawing, down: Sequence[int], up: Sequence[int], lowest: int, skips: Sequence[Pair], x: float, far: float
) -> None:
    size, spots = drawing.sizes, drawing.spots
    for above, below in pairwise(down):
        drawing.wires[above, below] = [(x, spots[above][1] + size[above].height), (x, spots[below][1])]
    for below, above in pairwise(up):
        drawing.wires[below, above] = [(far, spots[below][1]), (far, spots[above][1] + size[above].height)]
    for at in down:
        drawing.labels[at] = (x + 7, spots[at][1] + size[at].height + 14)
    for at in up:
        drawing.labels[at] = (far + 7, spots[at][1] - 6)
    last, first = down[-1], up[0]
    level = spots[lowest][1] + size[lowest].height / 2
    end = spots[lowest][0] + size[lowest].width
    drawing.wires[last, lowest] = [(x, spots[last][1] + size[last].height), (x, level), (spots[lowest][0], level)]
    drawing.wires[lowest, first] = [(end, level), (far, level), (far, spots[first][1] + size[first].height)]
    drawing.labels[lowest] = (end + 8, level - 6)
    for source, target in skips:
        y = spots[source][1] + size[source].height / 2
        start = spots[source][0] + size[source].width
        drawing.wires[source, target] = [(start, y), (spots[target][0], y)]
        drawing.notes[source, target] = ((start + spots[target][0]) / 2, y - 6)
