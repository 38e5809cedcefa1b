"""Diagrams of networks that nobody would write: whatever is wired, it is drawn in full and nothing lies on anything."""

from __future__ import annotations

from itertools import combinations, pairwise
from random import Random

import pytest

from calc.report import Report, TraceRow, Wire
from calc.reported.drawing.call_tree import Calls
from calc.reported.drawing.diagram import diagram, layout_of
from calc.reported.drawing.layout import placed
from calc.reported.drawing.lettering import Lettering
from calc.reported.drawing.level import drawing
from calc.reported.drawing.places import Drawing, Size
from site_tests.unit.test_diagram_layout import area, crosses

LEAVES = {"Conv2d": 9, "Linear": 5, "BatchNorm2d": 2, "ReLU": 0, "Identity": 0, "Flatten": 0, "torch.relu": 0,
          "Tensor.view": 0, "Tensor.add": 0, "torch.cat": 0, "torch.arange": 0, "Tensor.__getitem__": 0}  # fmt: skip
RESHAPES = ("Conv2d", "Linear", "torch.cat", "Tensor.view", "Flatten")


class Net:
    """A report of a tree of modules whose calls read whatever stands before them."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self.inputs = self.random.choice((1, 1, 2, 3))
        self.modules: dict[str, str] = {"": "Net"}
        self.rows: list[TraceRow] = []
        self.wires: list[Wire] = []
        self.build("", 0)

    def call(self, path: str, kind: str) -> None:
        """One row."""
        at, choice = len(self.rows), self.random.choice
        nothing = kind == "torch.arange" or self.random.random() < 0.05
        count = 0 if nothing else choice((1, 2, 2, 3)) if kind in ("Tensor.add", "torch.cat") else choice((1, 1, 1, 2))
        near = [
            at - 1 if at and self.random.random() < 0.75 else self.random.randrange(-self.inputs, at)
            for _ in range(count)
        ]
        read = [self.rows[source].output_shape if source >= 0 else (2, 7) for source in near]
        self.wires += [Wire(source, at, shape) for source, shape in zip(near, read, strict=True)]
        out = (2, choice((3, 5))) if kind in RESHAPES or not read else read[0]
        macs = 10 if kind in ("Conv2d", "Linear") else 0
        self.rows.append(TraceRow(path, kind, tuple(read), out, LEAVES[kind], macs, 8, None, 1))

    def build(self, path: str, depth: int) -> None:
        """Some calls in a module, and modules in it, which may be called twice."""
        for at in range(self.random.randint(1, 5)):
            inner = f"{path}.{at}" if path else str(at)
            if depth < 3 and self.random.random() < 0.4:
                self.modules[inner] = self.random.choice(("Block", "Sequential", "Stage", "ModuleList"))
                for _ in range(self.random.choice((1, 1, 1, 2))):
                    self.build(inner, depth + 1)
                continue
            kind = self.random.choice(list(LEAVES))
            if "." not in kind:
                self.modules[inner] = kind
            self.call(path if "." in kind else inner, kind)

    def report(self) -> Report:
        """The report, whose output is the last row and another."""
        end = len(self.rows)
        ends = [Wire(source, end, (2, 3)) for source in sorted({end - 1, self.random.randrange(-1, end)})]
        params = sum(row.params for row in self.rows)
        return Report(
            tuple(self.rows), (), (), params, params, 0, (2, 3), modules=tuple(self.modules.items()),
            wires=(*self.wires, *ends), inputs=("2, 7",) * self.inputs,
        )  # fmt: skip


def assert_clear(made: Drawing, count: int) -> None:
    """No box lies on another, no wire runs through one, and nothing lies outside."""
    areas = [area(made, at) for at in range(count)]
    for a, b in combinations(areas, 2):
        assert a[2] < b[0] or b[2] < a[0] or a[3] < b[1] or b[3] < a[1]
    for left, top, right, foot in areas:
        assert min(left, top) >= 0
        assert right <= made.width
        assert foot <= made.height
    for points in made.wires.values():
        for start, end in pairwise(points):
            assert abs(start[0] - end[0]) < 0.05 or abs(start[1] - end[1]) < 0.05
            assert not any(crosses(start, end, box) for box in areas)


@pytest.mark.parametrize("seed", range(150))
def test_any_report_is_drawn_in_full(seed: int) -> None:
    """Each wire between two boxes and each learned number is there."""
    report = Net(seed).report()
    calls = Calls(report)
    graph = drawing(calls, calls.root)
    held = {row: at for at, box in enumerate(graph.boxes) for row in box.rows}
    held |= {box.outside: at for at, box in enumerate(graph.boxes) if box.outside is not None}
    held[len(report.rows)] = len(graph.boxes) - 1
    wires = {(held[wire.source], held[wire.target]) for wire in report.wires if {wire.source, wire.target} <= set(held)}
    made = layout_of(graph, Lettering(graph, {}))

    assert {(source, target) for source, target in wires if source != target} == set(graph.edges) == set(made.wires)
    assert sum(box.params for box in graph.boxes) == report.params
    assert diagram(report) == diagram(report)
    assert_clear(made, len(graph.boxes))


@pytest.mark.parametrize("seed", range(150))
def test_any_graph_has_a_layout(seed: int) -> None:
    """Boxes of any size, each of which reads some that stand before it."""
    random = Random(seed)
    count = random.randint(1, 18)
    edges = set()
    for target in range(1, count):
        if random.random() < 0.85:
            edges.add((target - 1 if random.random() < 0.7 else random.randrange(target), target))
        edges |= {(random.randrange(target), target) for _ in range(random.choice((0, 0, 0, 1, 1, 2)))}
    sizes = [
        Size(random.randint(34, 200), random.randint(20, 80), random.choice((0, 0, 40, 90)), random.choice((0, 0, 4)))
        for _ in range(count)
    ]
    begins = set(range(count)) - {target for _, target in edges}
    inputs = {at: at == 0 or (at in begins and random.random() < 0.5) for at in range(count)}
    made = placed(sizes, sorted(edges, key=lambda pair: pair[::-1]), inputs, (400, 600), lambda pair: pair)

    assert set(made.wires) == edges
    assert_clear(made, count)
