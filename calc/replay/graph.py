"""The expressions under a calculator's numbers and the decisions between them, numbered, each once."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from calc.expression import OPERATIONS, RELATIONS, Const, Factor, Guard, Leaf, Node, Op, Step
from calc.replay.ranges import Decision, Ranges, decision
from calc.sym import scaled

Leaves: TypeAlias = "dict[int, tuple[str, int] | None]"
"""For each leaf of a run, by identity, the field and the place in it that it was typed in; None where the field has to
stay as it is."""


class NotReplayable(Exception):
    """A panel that does not follow from the fields alone."""


@dataclass
class Graph:
    """Expressions under numbers, each after those that it needs.

    What follows from constants alone is one itself. Several runs of one calculator share
    a graph; `values` are those of the run that is looked at.
    """

    leaves: Leaves = field(default_factory=dict)
    nodes: list[tuple[Any, ...]] = field(default_factory=list)
    values: list[Any] = field(default_factory=list)
    """None for what does not come about in this run."""

    known: dict[tuple[Any, ...], int] = field(default_factory=dict)
    seen: dict[int, tuple[Node, int]] = field(default_factory=dict)
    """What each expression's number is, by identity; the expression is kept so that its identity stays its own."""

    def enter(self, leaves: Leaves, typed: Mapping[str, Sequence[int]]) -> None:
        """Go on with a run in which these numbers were typed."""
        self.leaves = leaves
        self.values = self.at(typed)

    def at(self, typed: Mapping[str, Sequence[int]]) -> list[Any]:
        """The values for what was typed into the fields."""
        values: list[Any] = []
        for name, *parts in self.nodes:
            if name == "x":
                sizes = typed.get(parts[0], ())
                values.append(sizes[parts[1]] if parts[1] < len(sizes) else None)
            elif name in ("c", "f"):
                values.append(int(parts[0]) if name == "c" else parts[0])
            else:
                values.append(_operated(name, *(values[part] for part in parts)))
        return values

    def add(self, node: Node) -> int:
        """The number of an expression."""
        if id(node) not in self.seen:
            self.seen[id(node)] = (node, self._entered(node))
        return self.seen[id(node)][1]

    def _entered(self, node: Node) -> int:
        match node:
            case Step(definition=definition):
                return self.add(definition)
            case Const(value=value):
                return self._constant(value)
            case Factor(value=factor):
                return self._number(("f", factor), factor)
            case Leaf(value=value):
                if id(node) in self.leaves:
                    typed = self.leaves[id(node)]
                    return self._number(("x", *typed), value) if typed else self._constant(value)
                if node.source is None:
                    raise NotReplayable(f"{node.symbol} is typed in no field")
                return self.add(node.source)
            case Op(name=name, args=args):
                return self._operation(name, *map(self.add, args))
        raise TypeError(f"not an expression: {node!r}")

    def _operation(self, name: str, a: int, b: int) -> int:
        value = _operated(name, self.values[a], self.values[b])
        if value is not None and self.nodes[a][0] == "c" and self.nodes[b][0] in ("c", "f"):
            return self._constant(value)
        return self._number((name, a, b), value)

    def _constant(self, value: int) -> int:
        # JavaScript reads larger ones as the nearest double.
        return self._number(("c", value if abs(value) < 2**53 else str(value)), value)

    def _number(self, entry: tuple[Any, ...], value: Any) -> int:
        if entry not in self.known:
            self.known[entry] = len(self.nodes)
            self.nodes.append(entry)
            self.values.append(value)
        return self.known[entry]

    def decided(self, guards: Iterable[Guard], ranges: Ranges) -> list[Decision]:
        """The decisions that the others before them do not imply, among them those that `ranges` knows of."""
        found = []
        for guard in guards:
            each = decision(guard.relation, self.add(guard.left), self.add(guard.right), guard.outcome)
            if not ranges.implies(each):
                ranges.learn(each)
                found.append(each)
        return found

    def without(self, needed: Collection[int]) -> tuple[list[tuple[Any, ...]], dict[int, int]]:
        """The expressions that those `needed` are made of, and the new number of each."""
        used: set[int] = set()
        for number in range(len(self.nodes) - 1, -1, -1):
            if number in needed or number in used:
                used.add(number)
                used.update(self._parts(number))
        new = {number: place for place, number in enumerate(sorted(used))}
        return [self._renumbered(number, new) for number in new], new

    def _parts(self, number: int) -> tuple[int, ...]:
        name, *parts = self.nodes[number]
        return () if name in ("c", "f", "x") else tuple(parts)

    def _renumbered(self, number: int, new: dict[int, int]) -> tuple[Any, ...]:
        parts = self._parts(number)
        return (self.nodes[number][0], *(new[part] for part in parts)) if parts else self.nodes[number]


def _operated(name: str, a: Any, b: Any) -> int | None:
    if a is None or b is None:
        return None
    try:
        return scaled(a, b, "") if name == "scaled" else OPERATIONS[name](a, b)
    except (ZeroDivisionError, OverflowError):
        return None


def holds(decision: Decision, values: Sequence[Any]) -> bool:
    """Whether a decision falls as it did; not where one side does not come about."""
    relation, left, right, outcome = decision
    a, b = values[left], values[right]
    return a is not None and b is not None and RELATIONS[relation](a, b) == bool(outcome)
