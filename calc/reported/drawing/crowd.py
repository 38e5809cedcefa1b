"""A drawing of more boxes than one can read: stretches of a chain are drawn as one box each."""

from __future__ import annotations

from collections.abc import Iterator

from calc.reported.drawing.graph import Box, Graph


def chunked(graph: Graph, most: int) -> Graph:
    """The graph with stretches of its chains as single boxes, so that about `most` are left where there are chains."""
    reads = [0] * len(graph.boxes)
    read = [0] * len(graph.boxes)
    for source, target in graph.edges:
        read[source] += 1
        reads[target] += 1
    inner = [reads[at] == read[at] == 1 and box.role in ("call", "module") for at, box in enumerate(graph.boxes)]
    length = max(2, -(-sum(inner) // max(1, most - (len(inner) - sum(inner)))))
    boxes: list[Box] = []
    place: dict[int, int] = {}
    for stretch in _stretches(graph, inner, length):
        for at in stretch:
            place[at] = len(boxes)
        boxes.append(_one([graph.boxes[at] for at in stretch]))
    edges = {
        (place[source], place[target]): shapes
        for (source, target), shapes in graph.edges.items()
        if place[source] != place[target]
    }
    return Graph(boxes, edges)


def _stretches(graph: Graph, inner: list[bool], length: int) -> Iterator[list[int]]:
    stretch: list[int] = []
    for at, between in enumerate(inner):
        follows = bool(stretch) and (stretch[-1], at) in graph.edges
        if stretch and (not between or not inner[stretch[-1]] or not follows or len(stretch) == length):
            yield stretch
            stretch = []
        stretch.append(at)
    yield stretch


def _one(boxes: list[Box]) -> Box:
    first, last = boxes[0], boxes[-1]
    if len(boxes) == 1:
        return first
    alike = all(box.kind == first.kind and box.more == first.more for box in boxes)
    return Box(
        "call",
        first.kind if alike else "calls",
        first.path,
        [row for box in boxes for row in box.rows],
        more=first.more if alike else [],
        paths=[first.path, (last.paths or [last.path])[-1]],
        count=sum(box.count for box in boxes),
        params=sum(box.params for box in boxes),
        shared=any(box.shared for box in boxes),
        macs=sum(box.macs for box in boxes),
        line=first.line,
    )
