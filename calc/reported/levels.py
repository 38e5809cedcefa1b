"""Boxes whose wires do not fall into branches, in levels: each below all that it reads, wires that pass in lanes."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from calc.reported.places import GAP_X, LANE, Drawing, Pair, Point, Start

TRACK = 7.0
"""Between two wires that run side by side across."""

ENTRY = -1
EXIT = -2


@dataclass(eq=False)
class Slot:
    """A box in its level, or (without one) a wire that passes the level."""

    node: int
    at: int
    """The level."""

    box: bool
    width: float
    above: list[Slot] = field(default_factory=list)
    below: list[Slot] = field(default_factory=list)
    x: float = 0.0


@dataclass
class Levels:
    """Boxes in levels from top to bottom."""

    rows: list[list[Slot]]
    tops: list[float]
    heights: list[float]
    edges: list[Pair]
    left: float
    right: float
    height: float

    @classmethod
    def of(
        cls,
        drawing: Drawing,
        nodes: Sequence[int],
        edges: Sequence[Pair],
        entering: Collection[int],
        leaving: Collection[int],
    ) -> Levels:
        """Levels, the order within each, and places."""
        level: dict[int, int] = {}
        for node in nodes:
            level[node] = max((level[a] + 1 for a, b in edges if b == node), default=1)
        last = max(level.values()) + 1
        level |= {ENTRY: 0, EXIT: last}
        within = [*edges, *((ENTRY, node) for node in entering), *((node, EXIT) for node in leaving)]
        used = {each for pair in within for each in pair}
        rows: list[list[Slot]] = [[] for _ in range(last + 1)]
        slots: dict[tuple[int, int], Slot] = {}
        for node in [*(each for each in (ENTRY, EXIT) if each in used), *nodes]:
            width = drawing.sizes[node].width if node >= 0 else 0.0
            slot = slots[node, level[node]] = Slot(node, level[node], node >= 0, width)
            rows[level[node]].append(slot)
        for source, target in within:
            before = slots[source, level[source]]
            for at in range(level[source] + 1, level[target]):
                # One lane serves all that read the same box.
                if (source, at) not in slots:
                    slot = slots[source, at] = Slot(source, at, False, 0.0)
                    rows[at].append(slot)
                    _link(before, slot)
                before = slots[source, at]
            _link(before, slots[target, level[target]])
        _sort(rows)
        _spread(rows, _longest(nodes, edges), drawing)
        _clear_lanes(rows, drawing)
        heights = [max((drawing.sizes[s.node].height for s in row if s.box), default=0.0) for row in rows]
        tops, y = [], 0.0
        for at, row in enumerate(rows):
            tops.append(y)
            y += heights[at] + (_gap(row, drawing) if at < last else 0.0)
        every = [slot for row in rows for slot in row]
        left = max(slot.width / 2 - slot.x for slot in every) + 4
        right = max(slot.x + _reach(slot, drawing) for slot in every) + 4
        return cls(rows, tops, heights, within, left, right, y)

    def put(self, drawing: Drawing, x: float, y: float, incoming: Sequence[Start]) -> list[Start]:
        """Boxes, and wires that run across between two levels each at a height of its own."""
        ways: dict[int, list[Point]] = {}
        leaving: list[Start] = []
        for at, row in enumerate(self.rows):
            top, foot = y + self.tops[at], y + self.tops[at] + self.heights[at]
            for slot in row:
                if slot.box:
                    drawing.put_box(slot.node, x + slot.x, top)
                    ways[id(slot)] = [(x + slot.x, top + drawing.sizes[slot.node].height)]
                elif slot.node == ENTRY and at == 0:
                    ways[id(slot)] = []
            if at + 1 == len(self.rows):
                break
            track, turning = foot + _stub(row, drawing), 0
            for slot in row:
                crosses = any(abs(below.x - slot.x) > 0.01 for below in slot.below)
                across = track + turning * TRACK
                turning += crosses
                for below in slot.below:
                    way = list(ways[id(slot)])
                    if crosses and abs(below.x - slot.x) > 0.01:
                        way += [(x + slot.x, across), (x + _port(slot, below), across)]
                    under = y + self.tops[at + 1]
                    self._arrive(drawing, slot, below, [*way], x, under, incoming, ways, leaving)
        return leaving

    def _arrive(
        self,
        drawing: Drawing,
        slot: Slot,
        below: Slot,
        way: list[Point],
        x: float,
        under: float,
        incoming: Sequence[Start],
        ways: dict[int, list[Point]],
        leaving: list[Start],
    ) -> None:
        begun: list[Start] = (
            [(source, [*points, *way]) for source, points in incoming] if slot.node == ENTRY else [(slot.node, way)]
        )
        if below.box:
            for source, points in begun:
                drawing.wires[source, below.node] = [*points, (x + _port(slot, below), under)]
        elif below.node == EXIT:
            leaving += [(source, [*points, (x + below.x, under)]) for source, points in begun]
        else:
            foot = under + self.heights[below.at]
            ways[id(below)] = [*way, (x + below.x, under), (x + below.x, foot)]


def _link(above: Slot, below: Slot) -> None:
    above.below.append(below)
    below.above.append(above)


def _reach(slot: Slot, drawing: Drawing) -> float:
    return drawing.sizes[slot.node].reach if slot.box else 4.0


def _stub(row: Sequence[Slot], drawing: Drawing) -> float:
    """How far a wire runs straight down before it turns."""
    return 20.0 if any(slot.box and drawing.sizes[slot.node].label for slot in row) else 10.0


def _gap(row: Sequence[Slot], drawing: Drawing) -> float:
    if not row:
        return 0.0
    turning = sum(any(abs(below.x - slot.x) > 0.01 for below in slot.below) for slot in row)
    return _stub(row, drawing) + max(turning, 1) * TRACK + 10


def _port(slot: Slot, below: Slot) -> float:
    """Where on the upper side of a box a wire ends: in the middle, or beside others in the order of their sources."""
    others = sorted(below.above, key=lambda each: each.x)
    if not below.box or len(others) < 2:
        return below.x
    straight = next((at for at, each in enumerate(others) if abs(each.x - below.x) < 0.01), None)
    middle = (len(others) - 1) / 2 if straight is None else straight
    step = min(12.0, (below.width / 2 - 6) / max(middle, len(others) - 1 - middle))
    return below.x + (others.index(slot) - middle) * step


def _sort(rows: list[list[Slot]]) -> None:
    """Each level in the order of what its boxes read, then of what reads them, a few times over."""
    for _ in range(4):
        for row in rows[1:]:
            _sort_row(row, [slot.above for slot in row], rows[row[0].at - 1] if row else [])
        for row in reversed(rows[:-1]):
            _sort_row(row, [slot.below for slot in row], rows[row[0].at + 1] if row else [])


def _sort_row(row: list[Slot], linked: list[list[Slot]], beside: Sequence[Slot]) -> None:
    place = {id(slot): at for at, slot in enumerate(beside)}
    key = {
        id(slot): sum(place[id(each)] for each in others) / len(others) if others else number
        for number, (slot, others) in enumerate(zip(row, linked, strict=True))
    }
    row.sort(key=lambda slot: key[id(slot)])


def _longest(nodes: Sequence[int], edges: Sequence[Pair]) -> set[int]:
    """The boxes of a longest way through, which stand on one line."""
    length: dict[int, int] = {}
    before: dict[int, int] = {}
    for node in nodes:
        sources = [a for a, b in edges if b == node]
        best = max(sources, key=lambda each: length[each], default=None)
        length[node] = 1 + (length[best] if best is not None else 0)
        if best is not None:
            before[node] = best
    at: int | None = max(nodes, key=lambda node: length[node])
    way = set()
    while at is not None:
        way.add(at)
        at = before.get(at)
    return way


def _spread(rows: list[list[Slot]], spine: Collection[int], drawing: Drawing) -> None:
    """Places of the boxes across: those of the spine on it, others near what they are linked to, none overlapping."""
    boxes = [[slot for slot in row if slot.box] for row in rows]
    for sweep in range(6):
        for row in boxes if sweep % 2 == 0 else reversed(boxes):
            wanted = []
            for slot in row:
                linked = [*_reached(slot, "above"), *_reached(slot, "below")]
                fixed = slot.node in spine or not linked
                wanted.append(0.0 if fixed else sum(each.x for each in linked) / len(linked))
            weights = [1000.0 if slot.node in spine else 1.0 for slot in row]
            for slot, x in zip(row, _apart(row, wanted, weights, drawing), strict=True):
                slot.x = round(x)


def _reached(slot: Slot, side: str) -> list[Slot]:
    """The boxes at the other ends of the wires on one side."""
    found: list[Slot] = []
    for each in getattr(slot, side):
        found += [each] if each.box else _reached(each, side)
    return found


def _apart(row: Sequence[Slot], wanted: Sequence[float], weights: Sequence[float], drawing: Drawing) -> list[float]:
    """The places nearest to those wanted at which no two overlap, in the order of the row (pool adjacent violators)."""
    offsets, x = [], 0.0
    for number, slot in enumerate(row):
        if number:
            before = row[number - 1]
            x += _reach(before, drawing) + slot.width / 2 + GAP_X
        offsets.append(x)
    pools: list[tuple[float, float, int]] = []
    for want, weight, offset in zip(wanted, weights, offsets, strict=True):
        total, heavy, count = (want - offset) * weight, weight, 1
        while pools and pools[-1][0] / pools[-1][1] > total / heavy:
            more, weighing, others = pools.pop()
            total, heavy, count = total + more, heavy + weighing, count + others
        pools.append((total, heavy, count))
    found = [total / heavy for total, heavy, count in pools for _ in range(count)]
    return [start + offset for start, offset in zip(found, offsets, strict=True)]


def _clear_lanes(rows: list[list[Slot]], drawing: Drawing) -> None:
    """A straight line for each wire that passes levels, as near to its ends as boxes and other lines leave room."""
    lanes: dict[int, list[Slot]] = {}
    for row in rows:
        for slot in row:
            if not slot.box and slot.node != EXIT and slot.at:
                lanes.setdefault(slot.node, []).append(slot)
    taken: list[tuple[float, int, int]] = []
    for slots in sorted(lanes.values(), key=len):
        first, last = slots[0].at, slots[-1].at
        near = [slots[0].above[0].x, *(below.x for slot in slots for below in slot.below if below.box)]
        walls = [
            (slot.x - slot.width / 2 - LANE, slot.x + _reach(slot, drawing) + LANE)
            for row in rows[first : last + 1]
            for slot in row
            if slot.box
        ]
        walls += [(x - LANE, x + LANE) for x, start, end in taken if start <= last + 1 and first <= end + 1]
        free = [
            x
            for x in [*near, *(edge for wall in walls for edge in wall)]
            if not any(low < x < high for low, high in walls)
        ]
        x = min(free, key=lambda each: (sum(abs(each - other) for other in near), -each))
        taken.append((x, first, last))
        for slot in slots:
            slot.x = x
