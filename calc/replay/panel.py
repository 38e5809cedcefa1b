"""The places in a panel's HTML where its numbers stand."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TypeAlias

from calc.derive import Run
from calc.expression import Const, Guard, Node
from calc.panels.table import Typeset
from calc.replay.graph import Graph, NotReplayable
from calc.replay.numerals import MARKS, Way, mark, mark_number, mark_of, written
from calc.replay.room import Choice, Uneven, roomy
from calc.sym import Sym, printed_by, sealed

CHOICE = "\ue000{}\ue001"
"""Stands for a choice of texts in a panel's HTML."""

FOUND = re.compile(rf"{MARKS.pattern}|{CHOICE.format('(?P<choice>[0-9]+)')}")


@dataclass(frozen=True)
class Hole:
    """What is filled in.

    `way` is a letter with class names, as `calc.replay.numerals` has it, for one number;
    or the letter "c" and texts to choose from, for as many groups of numbers as it takes.
    """

    way: tuple[str, ...]
    groups: tuple[tuple[int, ...], ...]


Part: TypeAlias = "str | Hole"


@dataclass
class _Marked:
    """What the marks of a panel stand for."""

    graph: Graph
    typeset: Typeset
    numbers: list[tuple[int, str, Node]] = field(default_factory=list)
    """For each mark the expression's number, the style and the expression."""

    known: dict[tuple[int, str], int] = field(default_factory=dict)
    choices: list[Choice] = field(default_factory=list)
    kept: list[Guard] = field(default_factory=list)
    """Guards for numbers whose commas must stay, or stay away."""

    def printed(self, number: Sym, style: str) -> str:
        """A mark for a number."""
        key = (self.graph.add(number.node), style)
        if key not in self.known:
            self.known[key] = len(self.numbers)
            self.numbers.append((*key, number.node))
        return mark(self.known[key])

    def drawn(self, tex: str) -> str:
        """A formula typeset with its marks in it, and more for the room that commas take."""
        if not MARKS.search(tex):
            return self.typeset(tex)
        used = {mark_number(found) for found in MARKS.finditer(tex)}
        try:
            pieces = roomy(tex, {number: self.numbers[number][1] for number in used}, self.typeset)
        except Uneven:
            return self.typeset(MARKS.sub(lambda found: self._as_it_is(mark_number(found)), tex))
        return "".join(each if isinstance(each, str) else self._chosen(each) for each in pieces)

    def _chosen(self, choice: Choice) -> str:
        self.choices.append(choice)
        return CHOICE.format(len(self.choices) - 1)

    def _as_it_is(self, number: int) -> str:
        """A mark in TeX, with commas where the number has them; and as long as it has."""
        node, style, expression = self.numbers[number]
        large = style == "," and self.graph.values[node] >= 1000
        self.kept.append(Guard(">=", expression, Const(1000), large))
        return Way(("x",) if large else ("t",)).write(mark_of(number))

    def parts(self, html: str) -> Iterator[tuple[Part, str]]:
        """What stands between holes, and the holes; each with its text in this run."""
        at, values = 0, self.graph.values
        for found in FOUND.finditer(html):
            if found["choice"]:
                choice = self.choices[int(found["choice"])]
                groups = tuple(tuple(self.numbers[each][0] for each in group) for group in choice.groups)
                commas = {number for number, (node, *_) in enumerate(self.numbers) if values[node] >= 1000}
                hole, (start, end), text = Hole(("c", *choice.texts), groups), found.span(), choice.chosen(commas)
            else:
                node, style, _ = self.numbers[mark_number(found)]
                way, start, end = written(found, style)
                hole, text = Hole(way.names, ((node,),)), way.write(values[node])
            yield html[at:start], html[at:start]
            yield hole, text
            at = end
        yield html[at:], html[at:]


def parted(
    graph: Graph, panel: Callable[[Run, Typeset], str], done: Run, baked: str, typeset: Typeset
) -> tuple[list[Guard], list[tuple[Part, str]]]:
    """A panel's own decisions; what stands between its holes and the holes, in turn, each with its text.

    Raises `NotReplayable` where the texts do not give `baked`.
    """
    marked = _Marked(graph, typeset)
    with sealed() as guards, printed_by(marked.printed):
        html = panel(done, marked.drawn)
    parts = list(marked.parts(html))
    if "".join(text for _, text in parts) != baked:
        raise NotReplayable("it reads otherwise")
    return [*guards, *marked.kept], parts
