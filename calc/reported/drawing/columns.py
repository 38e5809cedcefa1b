"""What comes one after the other stands below each other, what is parallel side by side.

A box through which everything must pass divides a drawing: between two such boxes stand branches, each laid out by
itself in the same way, and wires that skip them run in a lane at the side. So no wire crosses a box, and a chain is
a straight line. What cannot be divided so is laid out in levels, by `calc.reported.drawing.levels`.

Places are relative to a spine, the line at x = 0 on which the boxes of a chain have their centres.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from calc.reported.drawing.levels import Levels
from calc.reported.drawing.places import (
    FORK,
    GAP_X,
    JOIN,
    LABELLED,
    LANE,
    SHORT,
    TAIL,
    Drawing,
    Item,
    Pair,
    Point,
    Start,
)


@dataclass
class Single:
    """A box."""

    at: int
    left: float
    right: float
    height: float

    def put(self, drawing: Drawing, x: float, y: float, incoming: Sequence[Start]) -> list[Start]:
        """A box ends the wires that come in, and one begins below it."""
        drawing.put_box(self.at, x, y)
        for source, points in incoming:
            drawing.wires[source, self.at] = [*points, (x, y)]
        return [(self.at, [(x, y + self.height)])]


@dataclass
class Between:
    """What stands between two boxes of a column: branches, and perhaps a wire that skips them."""

    branches: list[Column]
    skips: bool
    """Whether the box above is read by the box below."""

    above: float
    """The height in which wires turn to their branches."""

    below: float
    left: float = 0.0
    right: float = 0.0
    height: float = 0.0
    spines: list[float] = field(default_factory=list)
    target: int | None = None
    """The box below, which a wire that skips branches reaches from its side."""

    @property
    def straight(self) -> bool:
        """Whether the wire from above to below has no branch beside it that begins above, too."""
        return self.skips and not any(branch.entered for branch in self.branches)

    def arrange(self) -> Between:
        """Find the widths."""
        if not self.branches:
            self.height = self.above
            return self
        spines, x = [], 0.0
        for branch in self.branches:
            spines.append(x + branch.left)
            x += branch.left + branch.right + GAP_X
        middle = (spines[0] + spines[-1]) / 2
        counts = [branch.count for branch in self.branches]
        if self.straight:
            # What only joins in stands at the left of the wire that goes straight on.
            middle = x + LANE - GAP_X
        elif len(counts) == 2 and counts[0] != counts[1]:
            middle = spines[counts.index(max(counts))]
        near = min(spines, key=lambda each: abs(each - middle))
        middle = near if abs(near - middle) < GAP_X and not self.straight else middle
        self.spines = [each - middle for each in spines]
        self.left, self.right = middle, x - GAP_X - middle
        if self.straight:
            self.right = 0.0
        elif self.skips:
            self.right += LANE
        self.height = self.above + max(branch.height for branch in self.branches) + self.below
        return self

    def put(self, drawing: Drawing, x: float, y: float, incoming: Sequence[Start]) -> list[Start]:
        """Wires turn to the branches, run down beside them, and turn back."""
        if not self.branches:
            return list(incoming) if self.skips else []
        leaving: list[Start] = []
        turn, end = y + self.above - FORK, y + self.height
        back = end - self.below + (self.below - FORK if self.below >= FORK else 0)
        for branch, spine in zip(self.branches, self.spines, strict=True):
            there = x + spine
            begun = [(source, [*points, *_bend(x, there, turn)]) for source, points in incoming if branch.entered]
            for source, points in branch.put(drawing, there, y + self.above, begun):
                leaving.append((source, [*points, *_bend(there, x, back)]))
        if self.straight:
            leaving += incoming
        elif self.skips:
            lane = x + self.right
            for source, points in incoming:
                beside = [*points, (x, turn), (lane, turn)]
                size = drawing.sizes[self.target] if self.target is not None else None
                if size is not None and lane > x + size.width / 2 + size.behind + 8 and self.target is not None:
                    middle = end + size.height / 2
                    drawing.wires[source, self.target] = [*beside, (lane, middle), (x + size.width / 2, middle)]
                else:
                    leaving.append((source, [*beside, (lane, back), (x, back)]))
        return leaving


def _bend(x: float, to: float, y: float) -> list[Point]:
    return [] if abs(x - to) < 0.01 else [(x, y), (to, y)]


@dataclass
class Column:
    """Things below each other on one spine."""

    items: list[Item]
    entered: bool
    """Whether it reads what stands above it."""

    count: int
    left: float = 0.0
    right: float = 0.0
    height: float = 0.0

    def __post_init__(self) -> None:
        self.left = max(item.left for item in self.items)
        self.right = max(item.right for item in self.items)
        self.height = sum(item.height for item in self.items)

    def put(self, drawing: Drawing, x: float, y: float, incoming: Sequence[Start]) -> list[Start]:
        """One below the other; what one leaves comes in to the next."""
        moving = list(incoming)
        for item in self.items:
            moving = item.put(drawing, x, y, moving)
            y += item.height
        return moving


def column(
    drawing: Drawing,
    nodes: Sequence[int],
    entering: Iterable[int],
    leaving: Iterable[int],
    outer: tuple[bool, bool] = (True, True),
) -> Column:
    """Boxes, in an order in which each stands after those that it reads, as a column.

    `entering` read the box above the column, `leaving` are read by the one below it; `outer` says whether there
    is such a box above, and below: an input of the model enters, and is read from no box.
    """
    enters, leaves = set(entering), set(leaving)
    place = {node: at for at, node in enumerate(nodes)}
    inner = [(a, b) for a, b in drawing.edges if a in place and b in place]
    jumped = [0] * (len(nodes) + 1)
    spans = [(place[a] + 1, place[b]) for a, b in inner]
    spans += [(0, place[each]) for each in enters if each in place]
    spans += [(place[each] + 1, len(nodes)) for each in leaves if each in place]
    for start, stop in spans:
        if start < stop:
            jumped[start] += 1
            jumped[stop] -= 1
    cuts, depth = [], 0
    for at, node in enumerate(nodes):
        depth += jumped[at]
        if not depth:
            cuts.append(node)
    if not cuts and len(_components(nodes, inner)) == 1:
        levels = Levels.of(drawing, nodes, inner, enters if outer[0] else (), leaves if outer[1] else ())
        return Column([levels], bool(enters) and outer[0], len(nodes))
    items: list[Item] = []
    bounds = [-1, *(place[cut] for cut in cuts), len(nodes)]
    for before, after in zip(bounds, bounds[1:], strict=False):
        first = nodes[before] if before >= 0 else None
        last = nodes[after] if after < len(nodes) else None
        if first is not None:
            size = drawing.sizes[first]
            items.append(Single(first, size.width / 2, size.reach, size.height))
        read = enters if first is None else {b for a, b in inner if a == first}
        fed = leaves if last is None else {a for a, b in inner if b == last}
        inside = (outer[0] or first is not None, outer[1] or last is not None)
        branches = [
            column(drawing, group, read & set(group), fed & set(group), inside)
            for group in _components(nodes[before + 1 : after], inner)
        ]
        skips = (last in read) if last is not None else (first in fed if first is not None else False)
        items.append(_between(drawing, branches, skips, first, last, outer).arrange())
    return Column(items, bool(enters) and outer[0], len(nodes))


def tangled(column: Column) -> int:
    """How many boxes stand in levels."""
    found = 0
    for item in column.items:
        if isinstance(item, Levels):
            found += column.count
        elif isinstance(item, Between):
            found += sum(map(tangled, item.branches))
    return found


def _between(
    drawing: Drawing, branches: list[Column], skips: bool, first: int | None, last: int | None, outer: tuple[bool, bool]
) -> Between:
    labelled = first is not None and drawing.sizes[first].label > 0
    if not branches:
        inner = LABELLED if labelled else SHORT
        ending = TAIL if labelled else 0.0
        return Between([], skips, inner if first is not None and last is not None else ending if skips else 0.0, 0.0)
    above = FORK + (TAIL if labelled else 6 if first is not None else 0) if first is not None or outer[0] else 0.0
    below = JOIN if last is not None else FORK - 6 if outer[1] else 0.0
    return Between(branches, skips, above, below, target=last)


def _components(nodes: Sequence[int], edges: Iterable[Pair]) -> list[list[int]]:
    """Boxes that hang together, in groups in the order of their first."""
    group = {node: node for node in nodes}

    def head(node: int) -> int:
        while group[node] != node:
            group[node] = group[group[node]]
            node = group[node]
        return node

    for a, b in edges:
        if a in group and b in group:
            one, other = sorted((head(a), head(b)), key=lambda each: nodes.index(each))
            group[other] = one
    found: dict[int, list[int]] = {}
    for node in nodes:
        found.setdefault(head(node), []).append(node)
    return list(found.values())
