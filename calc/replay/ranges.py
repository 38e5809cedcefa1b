"""Between which bounds each number lies as long as the decisions hold that were taken before.

A run takes the same decision many times over, and asks of a product whether it is
below zero when it knows its factors; what is implied need not be asked again.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeAlias

Decision: TypeAlias = "tuple[str, int, int, int]"
"""A relation, "<" or "==", the numbers of two expressions, and whether it holds between them: 1 or 0."""

Bounds: TypeAlias = "tuple[int, int] | None"
"""The least and the largest value; None where nothing is known."""

TYPED = (0, 9_999_999_999)
"""What the page takes for a number: digits, ten at most."""


def decision(relation: str, left: int, right: int, outcome: bool) -> Decision:
    """A decision by one of two relations: a ≥ b is not a < b.

    Examples:
        >>> decision(">=", 1, 2, True), decision(">", 1, 2, True), decision("!=", 1, 2, True)
        (('<', 1, 2, 0), ('<', 2, 1, 1), ('==', 1, 2, 0))
    """
    if relation in (">", "<="):
        relation, left, right = {">": "<", "<=": ">="}[relation], right, left
    if relation in (">=", "!="):
        relation, outcome = {">=": "<", "!=": "=="}[relation], not outcome
    return relation, left, right, int(outcome)


class Ranges:
    """Bounds of the numbers of a graph; `copy` to go on from there."""

    def __init__(self, nodes: Sequence[tuple[Any, ...]], learnt: dict[int, tuple[int, int]] | None = None) -> None:
        self.nodes = nodes
        self.learnt = dict(learnt or {})
        """What decisions told of a number, beyond what follows from its parts."""
        self.taken: set[Decision] = set()
        self._worked_out: dict[int, Bounds] = {}

    def copy(self) -> Ranges:
        """The same, to learn more without this one knowing."""
        copied = Ranges(self.nodes, self.learnt)
        copied.taken = set(self.taken)
        return copied

    def of(self, number: int) -> Bounds:
        """The bounds of a number."""
        if number not in self._worked_out:
            self._worked_out[number] = _both(self._of_parts(number), self.learnt.get(number))
        return self._worked_out[number]

    def _of_parts(self, number: int) -> Bounds:
        name, *parts = self.nodes[number]
        if name == "c":
            return int(parts[0]), int(parts[0])
        if name == "x":
            return TYPED
        if name not in ("+", "-", "*", "floor", "ceil", "exact", "mod"):
            return None
        left, right = map(self.of, parts)
        return None if left is None or right is None else _operated(name, *left, *right)

    def implies(self, decision: Decision) -> bool:
        """Whether a decision cannot fall otherwise."""
        relation, a, b, outcome = decision
        if decision in self.taken:
            return True
        if a == b:
            return (relation == "==") == bool(outcome)
        left, right = self.of(a), self.of(b)
        if left is None or right is None:
            return False
        apart = left[1] < right[0] or right[1] < left[0]
        if relation == "==":
            return left == right and left[0] == left[1] if outcome else apart
        return left[1] < right[0] if outcome else left[0] >= right[1]

    def learn(self, decision: Decision) -> None:
        """Take a decision for granted from now on."""
        self.taken.add(decision)
        relation, a, b, outcome = decision
        left, right = self.of(a), self.of(b)
        if relation == "==" and outcome:
            self._narrow(a, right)
            self._narrow(b, left)
        elif relation == "<":
            # a < b, or b <= a
            small, large, step = (a, b, 1) if outcome else (b, a, 0)
            most, least = self.of(large), self.of(small)
            self._narrow(small, most and (-(10**99), most[1] - step))
            self._narrow(large, least and (least[0] + step, 10**99))
        elif left and right and right[0] == right[1] == left[0]:  # not its least value
            self._narrow(a, (left[0] + 1, left[1]))

    def _narrow(self, number: int, bounds: Bounds) -> None:
        if bounds is not None and self.nodes[number][0] != "c":
            narrower = _both(self.learnt.get(number), bounds)
            assert narrower is not None
            self.learnt[number] = narrower
            self._worked_out.clear()


def _both(one: Bounds, other: Bounds) -> Bounds:
    if one is None or other is None:
        return one or other
    return max(one[0], other[0]), min(one[1], other[1])


def _operated(name: str, a: int, b: int, c: int, d: int) -> Bounds:
    """The bounds of an operation between a number from a to b and one from c to d."""
    match name:
        case "+":
            return a + c, b + d
        case "-":
            return a - d, b - c
        case "*":
            ends = (a * c, a * d, b * c, b * d)
            return min(ends), max(ends)
        case "mod" if c > 0:
            return 0, d - 1
        case "floor" | "exact" if c > 0:
            ends = (a // c, a // d, b // c, b // d)
            return min(ends), max(ends)
        case "ceil" if c > 0:
            ends = (-(-a // c), -(-a // d), -(-b // c), -(-b // d))
            return min(ends), max(ends)
    return None
