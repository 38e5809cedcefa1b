"""A trace as data: short, since each page carries those of its calculators."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import Any

from calc.replay.panel import Hole, Part
from calc.replay.ranges import Decision
from calc.replay.runs import Panel, Traced, Tracing


@dataclass
class _Listed:
    """Things that are spoken of by their place in a list, each once."""

    places: dict[Any, int] = field(default_factory=dict)

    def place(self, each: Any) -> int:
        """The place of a thing."""
        return self.places.setdefault(each, len(self.places))


def compact(tracing: Tracing) -> dict[str, Any]:
    """What the page's script is given.

    `nodes` are expressions, `guards` decisions, `ways` ways of writing. Each of `runs` has
    what it wants of the fields and its guards; after the first only what differs. Each
    panel has `holes`: so many characters after the last one, so many long, in which way
    written, and what; and `forms`: a run, guards, and after the first one the parts.
    """
    nodes, new = tracing.graph.without(_needed(tracing.runs))
    guards, ways = _Listed(), _Listed()
    first, *others = tracing.runs

    def asked(decisions: Iterable[Decision]) -> list[int]:
        return [guards.place((relation, new[a], new[b], outcome)) for relation, a, b, outcome in decisions]

    def hole(each: Hole) -> list[Any]:
        groups = [[new[number] for number in group] for group in each.groups]
        return [ways.place(each.way), *(group[0] if len(group) == 1 else group for group in groups)]

    every = asked(first.guards)
    runs: list[dict[str, Any]] = [{"fields": first.wanted, "guards": every}]
    panels = {}
    for name, panel in first.panels.items():
        panels[name] = {
            "holes": [[*at, *hole(each)] for at, each in _placed(panel)],
            "forms": [[0, asked(panel.guards)]],
        }
    for number, each in enumerate(others, start=1):
        differing = {name: kept for name, kept in each.wanted.items() if kept != first.wanted[name]}
        own = asked(each.guards)
        added, dropped = ([at for at in one if at not in other] for one, other in ((own, every), (every, own)))
        runs.append({"fields": differing, "guards": added, "without": dropped})
        for name, panel in each.panels.items():
            parts = list(_changed(first.panels[name].parts, panel.parts))
            told = [hole(part) if isinstance(part, Hole) else part for part in parts]
            panels[name]["forms"].append([number, asked(panel.guards), told])
    return {
        "nodes": nodes,
        "guards": list(guards.places),
        "ways": list(ways.places),
        "runs": runs,
        "panels": panels,
    }


def _needed(runs: Iterable[Traced]) -> set[int]:
    needed: set[int] = set()
    for each in runs:
        decisions = [*each.guards, *(guard for panel in each.panels.values() for guard in panel.guards)]
        needed.update(number for _, left, right, _ in decisions for number in (left, right))
        for panel in each.panels.values():
            needed |= panel.needs
    return needed


def _placed(panel: Panel) -> Iterator[tuple[tuple[int, int], Hole]]:
    """Each hole with the characters before it and its own length."""
    gap = 0
    for part, text in zip(panel.parts, panel.texts, strict=True):
        if isinstance(part, Hole):
            yield (gap, len(text)), part
            gap = 0
        else:
            gap += len(text)


def _changed(before: Sequence[Part], after: Sequence[Part]) -> Iterator[Part | int]:
    """A panel's parts where another form of it is at hand: two numbers stand for its parts from here to there."""
    for tag, start, end, first, last in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            yield start
            yield end
        else:
            yield from after[first:last]
