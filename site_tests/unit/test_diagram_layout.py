"""Where boxes and wires stand: no box on another, no wire through a box, no text beyond its box."""

from __future__ import annotations

from itertools import combinations, pairwise

import pytest

from calc.reported.drawing.call_tree import Part
from calc.reported.drawing.diagram import layout_of
from calc.reported.drawing.graph import Graph
from calc.reported.drawing.lettering import CHARACTER, Lettering
from calc.reported.drawing.places import Drawing, Point
from site_tests.unit.diagrams import NAMES, drawings, overview, report_of

Area = tuple[float, float, float, float]


def made(name: str, part: Part, graph: Graph) -> tuple[Lettering, Drawing]:
    letters = Lettering(graph, dict(report_of(name).parameters), part.path)
    return letters, layout_of(graph, letters)


def area(drawing: Drawing, at: int) -> Area:
    (x, y), size = drawing.spots[at], drawing.sizes[at]
    return x, y, x + size.width, y + size.height


def crosses(start: Point, end: Point, box: Area) -> bool:
    """Whether a piece of a wire, which runs across or down, lies within a box."""
    left, top, right, foot = box
    low, high = sorted((start[0], end[0])), sorted((start[1], end[1]))
    return low[1] > left + 0.5 and low[0] < right - 0.5 and high[1] > top + 0.5 and high[0] < foot - 0.5


@pytest.mark.parametrize("name", NAMES)
def test_no_box_lies_on_another(name: str) -> None:
    for part, graph in drawings(name):
        _, drawing = made(name, part, graph)
        assert len(drawing.spots) == len(graph.boxes)
        for one, other in combinations(range(len(graph.boxes)), 2):
            a, b = area(drawing, one), area(drawing, other)
            apart = a[2] < b[0] or b[2] < a[0] or a[3] < b[1] or b[3] < a[1]
            assert apart, (part.path, graph.boxes[one], graph.boxes[other])


@pytest.mark.parametrize("name", NAMES)
def test_every_edge_has_its_wire_and_none_runs_through_a_box(name: str) -> None:
    """A wire runs across and down only, from the edge of a box to the edge of another."""
    for part, graph in drawings(name):
        _, drawing = made(name, part, graph)
        assert set(drawing.wires) == set(graph.edges)
        for (source, target), points in drawing.wires.items():
            for start, end in pairwise(points):
                assert abs(start[0] - end[0]) < 0.05 or abs(start[1] - end[1]) < 0.05, (part.path, points)
                for at in range(len(graph.boxes)):
                    assert not crosses(start, end, area(drawing, at)), (part.path, source, target, at)
            for at, (x, y) in ((source, points[0]), (target, points[-1])):
                left, top, right, foot = area(drawing, at)
                assert left - 0.5 <= x <= right + 0.5
                assert top - 0.5 <= y <= foot + 0.5


@pytest.mark.parametrize("name", NAMES)
def test_text_fits(name: str) -> None:
    """Each line of a box is narrower than the box, and everything lies within the drawing."""
    for part, graph in drawings(name):
        letters, drawing = made(name, part, graph)
        for at, box in enumerate(graph.boxes):
            left, top, right, foot = area(drawing, at)
            assert max(len(text) for _, text in letters.lines(box)) * CHARACTER <= right - left
            assert min(left, top) >= 0
            assert right <= drawing.width
            assert foot <= drawing.height
            if text := letters.label(at):
                assert drawing.labels[at][0] + len(text) * CHARACTER <= drawing.width + 1
        for points in drawing.wires.values():
            assert all(0 <= x <= drawing.width and 0 <= y <= drawing.height for x, y in points), part.path


def test_u_net_is_an_hourglass() -> None:
    """The way down stands at the left, the way up at the right, and each skip is a straight line across."""
    graph = overview("U-Net")
    letters = Lettering(graph, {})
    drawing = layout_of(graph, letters)
    skips = [
        pair for pair in graph.edges if graph.boxes[pair[1]].role == "join" and "down" in graph.boxes[pair[0]].path
    ]

    assert len(skips) == 4
    for pair in skips:
        start, end = drawing.wires[pair]
        assert start[1] == end[1]
        assert start[0] < end[0]
        assert letters.shapes(graph.edges[pair])
        assert pair in drawing.notes


def test_branches_stand_side_by_side() -> None:
    """The four branches of an Inception block begin at one height."""
    part, graph = next(each for each in drawings("GoogLeNet") if each[0].path == "stage3.0")
    _, drawing = made("GoogLeNet", part, graph)
    spots = [drawing.spots[at] for at in graph.readers(0)]

    assert len({y for _, y in spots}) == 1
    assert len({x for x, _ in spots}) == 4


def test_the_inputs_of_a_translator_stand_side_by_side() -> None:
    graph = overview("LSTM from sequence to sequence")
    _, drawing = made("LSTM from sequence to sequence", next(drawings("LSTM from sequence to sequence"))[0], graph)
    inputs = [drawing.spots[at] for at, box in enumerate(graph.boxes) if box.role == "input"]

    assert len(inputs) == 2
    assert inputs[0][1] == inputs[1][1]


def test_a_chain_is_a_straight_line() -> None:
    """Boxes of a column have their centres on one line."""
    graph = overview("LeNet-5")
    _, drawing = made("LeNet-5", next(drawings("LeNet-5"))[0], graph)
    centres = {drawing.spots[at][0] + drawing.sizes[at].width / 2 for at in range(len(graph.boxes))}

    assert len(centres) == 2
