"""The runs that a trace is made of: the one that the page is built with, and others that take another way.

An edit such as another choice, or a number that is no longer its default, makes
panels read otherwise. Where that is likely and takes few bytes, the trace has a run
of it too, with the panels that no run before it answers.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from calc.calculators import WIDGETS
from calc.derive import Run, run
from calc.knob import Choice, Flag
from calc.layer_base import Layer
from calc.panels import PANELS
from calc.panels.table import Typeset
from calc.render import render
from calc.replay.fields import Wanted, fits, typed, wanted
from calc.replay.graph import Graph, NotReplayable, holds
from calc.replay.panel import Hole, Part, parted
from calc.replay.ranges import Decision, Ranges
from calc.spec import FieldErrors, Spec, form_knobs
from calc.sym import sealed

DRAWN = ("picture",)
"""Panels that are made anew for other numbers, not filled in."""


@dataclass(frozen=True)
class Panel:
    """A panel of a run: the decisions that it takes on top, what stands between its holes and these, in turn.

    `texts` is what each of them reads in the run.
    """

    guards: Sequence[Decision]
    parts: Sequence[Part]
    texts: Sequence[str]

    @property
    def needs(self) -> set[int]:
        """The expressions that fill its holes."""
        holes = (part for part in self.parts if isinstance(part, Hole))
        return {number for hole in holes for group in hole.groups for number in group}


@dataclass(frozen=True)
class Traced:
    """One run: what it wants of the fields, its decisions, and its panels."""

    wanted: Wanted
    guards: Sequence[Decision]
    panels: Mapping[str, Panel]


@dataclass
class Tracing:
    """The runs of one calculator over one graph."""

    spec: Spec
    typeset: Typeset
    graph: Graph = field(default_factory=Graph)
    runs: list[Traced] = field(default_factory=list)
    kept: list[Run] = field(default_factory=list)
    """Leaves are known by identity, so what holds them is kept."""

    def trace(self, fields: Mapping[str, str], baked: Mapping[str, str]) -> Traced:
        """The run for these fields, with the panels that are `baked`."""
        spec = replace(self.spec, fields=fields)
        made, shapes = spec.build()
        assert isinstance(made, Layer)
        with sealed() as guards:
            done = run(made, *shapes)
        # Panels may show what they please of the run: whatever number it is, it remembers.
        done = replace(done, layer=done.remembered, inputs=done.remembered_inputs)
        self.kept.append(done)
        wants, leaves = wanted(spec, done)
        self.graph.enter(leaves, typed(fields))
        ranges = Ranges(self.graph.nodes)
        decided = self.graph.decided([*guards, *done.guards], ranges)
        panels = {}
        for name, html in baked.items():
            try:
                asked, parts = parted(self.graph, PANELS[name][1], done, html, self.typeset)
            except NotReplayable:
                continue
            own = self.graph.decided(asked, ranges.copy())
            panels[name] = Panel(own, [part for part, _ in parts], [text for _, text in parts])
        return Traced(wants, decided, panels)

    def answered(self, fields: Mapping[str, str], runs: Sequence[Traced] | None = None) -> set[str]:
        """The panels that the page would fill in for these fields."""
        values = self.graph.at(typed(fields))
        found: set[str] = set()
        for each in self.runs if runs is None else runs:
            if fits(each.wanted, fields) and all(holds(guard, values) for guard in each.guards):
                found |= {name for name, panel in each.panels.items() if _filled(panel, values)}
        return found

    def other(self, fields: Mapping[str, str]) -> Traced | None:
        """A run for fields with the panels that no run before it answers; None where there are none."""
        answered = self.answered(fields)
        missing = [name for name in self.runs[0].panels if name not in answered]
        if not missing:
            return None
        made = self.trace(fields, render(replace(self.spec, fields=fields, panels=missing), self.typeset))
        return made if made.panels else None

    def gained(self, other: Traced, edits: Sequence[Mapping[str, str]]) -> int:
        """How many panels more a run answers, over these edits."""
        return sum(len(self.answered(fields, [other]) - self.answered(fields)) for fields in edits)


def _filled(panel: Panel, values: Sequence[Any]) -> bool:
    return all(holds(guard, values) for guard in panel.guards) and all(values[each] is not None for each in panel.needs)


def likely(spec: Spec) -> Iterator[tuple[str, dict[str, str]]]:
    """What a reader is likely to try, one field at a time, with the field's name.

    Each other choice; each number a little more or less, twice, half. What Python refuses is left out.
    """
    for name, text in _other_texts(spec):
        fields = {**spec.fields, name: text}
        try:
            replace(spec, fields=fields).build()
        except FieldErrors:
            continue
        yield name, fields


def _other_texts(spec: Spec) -> Iterator[tuple[str, str]]:
    for name, sizes in typed(spec.fields).items():
        for at, size in enumerate(sizes):
            for other in dict.fromkeys((size + 1, size * 2, size + 2, size - 1, size // 2)):
                if other >= 0 and other != size:
                    yield name, ", ".join(map(str, [*sizes[:at], other, *sizes[at + 1 :]]))
    for each in form_knobs(WIDGETS[spec.layer]):
        if isinstance(each.kind, (Flag, Choice)):
            words = each.kind.words if isinstance(each.kind, Choice) else ("True", "False")
            yield from ((each.name, word) for word in words if word != spec.fields[each.name])
