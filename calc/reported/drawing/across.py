"""Where the boxes of a level and the wires that pass it stand across: boxes first, then straight lanes between them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from calc.reported.drawing.places import GAP_X, LANE, Drawing, Pair

ENTRY, EXIT = -1, -2
"""What stands above all levels, and below."""


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


def spread(rows: list[list[Slot]], nodes: Sequence[int], edges: Sequence[Pair], drawing: Drawing) -> None:
    """Find the order and the place across of every slot."""
    _sort(rows)
    _spread(rows, edges, _longest(nodes, edges), drawing)
    _clear_lanes(rows, drawing)


def reach(slot: Slot, drawing: Drawing) -> float:
    """How far a slot reaches to the right of its place."""
    return drawing.sizes[slot.node].reach if slot.box else 4.0


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
    reads: dict[int, list[int]] = {node: [] for node in nodes}
    for source, target in edges:
        reads[target].append(source)
    for node in nodes:
        best = max(reads[node], key=lambda each: length[each], default=None)
        length[node] = 1 + (length[best] if best is not None else 0)
        if best is not None:
            before[node] = best
    at: int | None = max(nodes, key=lambda node: length[node])
    way = set()
    while at is not None:
        way.add(at)
        at = before.get(at)
    return way


def _spread(rows: list[list[Slot]], edges: Sequence[Pair], spine: Collection[int], drawing: Drawing) -> None:
    """Places of the boxes across: those of the spine on it, others near what they are linked to, none overlapping."""
    boxes = [[slot for slot in row if slot.box] for row in rows]
    slots = {slot.node: slot for row in boxes for slot in row}
    links: dict[int, list[Slot]] = {node: [] for node in slots}
    for source, target in edges:
        links[source].append(slots[target])
        links[target].append(slots[source])
    for sweep in range(6):
        for row in boxes if sweep % 2 == 0 else reversed(boxes):
            wanted = []
            for slot in row:
                # A chain beside the spine is straight, too.
                linked = [each for each in links[slot.node] if each.node not in spine] or links[slot.node]
                fixed = slot.node in spine or not linked
                wanted.append(0.0 if fixed else sum(each.x for each in linked) / len(linked))
            weights = [1000.0 if slot.node in spine else 1.0 for slot in row]
            for slot, x in zip(row, _apart(row, wanted, weights, drawing), strict=True):
                slot.x = round(x)


def _apart(row: Sequence[Slot], wanted: Sequence[float], weights: Sequence[float], drawing: Drawing) -> list[float]:
    """The places nearest to those wanted at which no two overlap, in the order of the row (pool adjacent violators)."""
    offsets, x = [], 0.0
    for number, slot in enumerate(row):
        if number:
            before = row[number - 1]
            x += reach(before, drawing) + slot.width / 2 + GAP_X
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
            (slot.x - slot.width / 2 - LANE, slot.x + reach(slot, drawing) + LANE)
            for row in rows[first : last + 1]
            for slot in row
            if slot.box
        ]
        walls += [(x - LANE, x + LANE) for x, start, end in taken if start <= last + 1 and first <= end + 1]
        blocks = _united(walls)
        free = [x for x in near if not any(low < x < high for low, high in blocks)]
        free += [edge for block in blocks for edge in block]
        x = min(free, key=lambda each: (sum(abs(each - other) for other in near), -each))
        taken.append((x, first, last))
        for slot in slots:
            slot.x = x


def _united(walls: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """Stretches that overlap as one."""
    found: list[tuple[float, float]] = []
    for low, high in sorted(walls):
        if found and low < found[-1][1]:
            found[-1] = (found[-1][0], max(high, found[-1][1]))
        else:
            found.append((low, high))
    return found
