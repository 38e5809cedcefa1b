"""Boxes whose wires do not fall into branches, in levels: each below all that it reads, wires that pass in lanes."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from calc.reported.drawing.across import ENTRY, EXIT, Slot, reach, spread
from calc.reported.drawing.places import Drawing, Pair, Point, Start

TRACK = 7.0
"""Between two wires that run side by side across."""


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
        spread(rows, nodes, edges, drawing)
        heights = [max((drawing.sizes[s.node].height for s in row if s.box), default=0.0) for row in rows]
        tops, y = [], 0.0
        for at, row in enumerate(rows):
            tops.append(y)
            y += heights[at] + (_gap(row, drawing) if at < last else 0.0)
        every = [slot for row in rows for slot in row]
        left = max(slot.width / 2 - slot.x for slot in every) + 4
        right = max(slot.x + reach(slot, drawing) for slot in every) + 4
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
