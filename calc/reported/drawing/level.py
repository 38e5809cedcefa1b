"""How much of a model one drawing shows: modules are opened while it stays readable, those of a kind together."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from calc.reported.drawing.building import graph_of, leaves
from calc.reported.drawing.call_tree import Calls, Part
from calc.reported.drawing.crowd import chunked
from calc.reported.drawing.graph import Graph

FEW, MANY, MOST = 5, 28, 60
"""A drawing of fewer boxes than the first says too little, of more than the second too much; the last is the limit."""


def drawing(calls: Calls, part: Part) -> Graph:
    """The graph of a part at the level of detail that reads best."""
    opened = set(calls.slight)
    refused: set[Any] = set()
    best = _readable(calls, part, opened)
    while True:
        # What is drawn once for many is clearer than its parts many times over.
        refused |= {_kind(each) for box in best.boxes if box.count > 1 for each in box.parts}
        closed = _closed(calls, leaves(part, opened), refused)
        if not closed:
            return best if _count(best) <= MOST else chunked(best, MANY)
        kind, same = max(closed.items(), key=lambda item: sum(each.size for each in item[1]))
        wider = opened | {id(each) for each in same}
        tried = graph_of(calls, part, wider)
        if _count(tried) > MANY and _count(best) < FEW:
            tried = _readable(calls, part, wider)
        if _count(tried) <= (MANY if _count(best) >= FEW else MOST):
            opened, best = wider, tried
        else:
            refused.add(kind)


def _readable(calls: Calls, part: Part, opened: set[int]) -> Graph:
    """With as few equal boxes drawn as one as will do."""
    for fold in (1, 2, 3):
        graph = graph_of(calls, part, opened, fold)
        if _count(graph) <= MANY:
            break
    return graph


def _count(graph: Graph) -> int:
    return sum(box.role not in ("input", "output") for box in graph.boxes)


def _closed(calls: Calls, parts: Iterable[Part], refused: set[Any]) -> dict[Any, list[Part]]:
    """The modules that could be opened, by their kind."""
    found: dict[Any, list[Part]] = {}
    for part in parts:
        if calls.can_open(part) and _kind(part) not in refused:
            found.setdefault(_kind(part), []).append(part)
    return {kind: same for kind, same in found.items() if not _repeats(calls, same)}


def _repeats(calls: Calls, same: list[Part]) -> bool:
    """Whether the same is drawn better once, further down."""
    forms = [calls.form(part, sizes=True) for part in same]
    return any(forms.count(form) > 2 for form in set(forms))


def _kind(part: Part) -> Any:
    """Modules of a class are of a kind; of a Sequential, those that hold the same."""
    if part.kind == "Sequential":
        return (part.kind, tuple(sorted({each.kind for each in part.parts})))
    return part.kind
