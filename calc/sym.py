"""Integers that remember how they were computed.

A `Sym` is an `int`, so shape arithmetic written for plain integers runs on it
unchanged; every result also carries the expression it came from. One run of a
layer's own methods therefore yields the formula, the substitution with the
reader's numbers and the value, and no formula is written a second time.

The alternative, reading the source of a function to typeset it, needs the
source at run time and mistakes syntax for meaning; an integer that remembers
has neither problem, and `mypy` accepts it wherever an `int` is wanted.

What an integer cannot remember is a decision: `if a < b` leaves no trace in the
value. Comparisons are therefore noted as guards while `watching()` is active:
the expression is valid for all numbers that pass the same guards.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from itertools import groupby
from typing import Any

from calc.expression import OPERATIONS, RELATIONS, Const, Factor, Guard, Leaf, Node, Op, Step, leaves, rounded_product


def ceil_div(a: int, b: int) -> int:
    """The quotient rounded up, ⌈a / b⌉."""
    return _remember("ceil", a, b)


def exact_div(a: int, b: int) -> int:
    """The quotient of a division that the caller knows to leave no rest, a / b.

    Dividing by 1 is no step that a reader wants to see, nor is C / C.
    """
    if isinstance(a, Sym) and node_of(a) == node_of(b):
        return 1
    return a if b == 1 else _remember("exact", a, b)


def common_divisor(a: int, b: int) -> int:
    """The greatest common divisor, gcd(a, b)."""
    return _remember("gcd", a, b)


def scaled(n: int, factor: float, symbol: str, axis: str = "") -> int:
    """A size times a number that need not be whole, rounded down: ⌊n · factor⌋.

    The product is that of floating-point numbers, as the frameworks have it: 100 times
    0.29 is 28.999…, and gives 28.
    """
    value = rounded_product(plain_number(n), factor)
    return Sym(value, Op("scaled", (n.node, Factor(symbol, factor, axis)))) if isinstance(n, Sym) else value


_printer: ContextVar[Callable[[Sym, str], str] | None] = ContextVar("printer", default=None)


@contextmanager
def printed_by(printer: Callable[[Sym, str], str]) -> Iterator[None]:
    """Let a function decide how integers that remember are written, given one and its format."""
    token = _printer.set(printer)
    try:
        yield
    finally:
        _printer.reset(token)


_guards: ContextVar[list[Guard] | None] = ContextVar("guards", default=None)


@contextmanager
def watching() -> Iterator[list[Guard]]:
    """Collect the guards of every comparison made inside the block."""
    guards: list[Guard] = []
    token = _guards.set(guards)
    try:
        yield guards
    finally:
        _guards.reset(token)


_sealed: ContextVar[bool] = ContextVar("sealed", default=False)


@contextmanager
def sealed() -> Iterator[list[Guard]]:
    """The same, and a number that goes on without its history is noted too: what is made holds for it alone."""
    token = _sealed.set(True)
    try:
        with watching() as guards:
            yield guards
    finally:
        _sealed.reset(token)


class Sym(int):
    """An integer with the expression it came from in `node`.

    Examples:
        >>> from calc.expression import evaluate
        >>> k, d = Sym.leaf("k", 7), Sym.leaf("d", 1)
        >>> reach = d * (k - 1) + 1
        >>> reach, reach + 0 == 7
        (7, True)
        >>> evaluate(reach.node, {"k": 3, "d": 2})
        5
    """

    node: Node

    def __new__(cls, value: int, node: Node) -> Sym:
        self = super().__new__(cls, value)
        self.node = node
        return self

    @classmethod
    def leaf(cls, symbol: str, value: int, axis: str = "") -> Sym:
        """A number given by the reader, under the symbol that formulas show."""
        return cls(plain_number(value), Leaf(symbol, plain_number(value), axis, node_of(value)))

    def __add__(self, other: int) -> int:
        return _remember("+", self, other)

    def __radd__(self, other: int) -> int:
        return _remember("+", other, self)

    def __sub__(self, other: int) -> int:
        return _remember("-", self, other)

    def __rsub__(self, other: int) -> int:
        return _remember("-", other, self)

    def __mul__(self, other: int) -> int:
        return _remember("*", self, other)

    def __rmul__(self, other: int) -> int:
        return _remember("*", other, self)

    def __floordiv__(self, other: int) -> int:
        return _remember("floor", self, other)

    def __rfloordiv__(self, other: int) -> int:
        return _remember("floor", other, self)

    def __mod__(self, other: int) -> int:
        return _remember("mod", self, other)

    def __rmod__(self, other: int) -> int:
        return _remember("mod", other, self)

    def __neg__(self) -> int:
        return _remember("-", 0, self)

    def __lt__(self, other: int) -> bool:
        return _decide("<", self, other)

    def __le__(self, other: int) -> bool:
        return _decide("<=", self, other)

    def __gt__(self, other: int) -> bool:
        return _decide(">", self, other)

    def __ge__(self, other: int) -> bool:
        return _decide(">=", self, other)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, int) and _decide("==", self, other)

    def __ne__(self, other: object) -> bool:
        return not isinstance(other, int) or _decide("!=", self, other)

    def __bool__(self) -> bool:
        return _decide("!=", self, 0)

    __hash__ = int.__hash__

    def __format__(self, spec: str) -> str:
        printer = _printer.get()
        return printer(self, spec) if printer else int.__format__(self, spec)

    def __repr__(self) -> str:
        printer = _printer.get()
        return printer(self, "") if printer else int.__repr__(self)

    __str__ = __repr__

    def __int__(self) -> int:
        return _forgotten(self)

    def __float__(self) -> float:
        return float(_forgotten(self))

    def __truediv__(self, other: float) -> float:
        return _forgotten(self) / other

    def __rtruediv__(self, other: float) -> float:
        return other / _forgotten(self)

    def __divmod__(self, other: int) -> tuple[int, int]:
        return divmod(_forgotten(self), other)

    def __pow__(self, other: Any) -> Any:  # type: ignore[override]
        return _forgotten(self) ** other

    def __rpow__(self, other: Any) -> Any:  # type: ignore[override]
        return other ** _forgotten(self)

    def __abs__(self) -> int:
        return self if self >= 0 else -self

    @property
    def numerator(self) -> int:
        """The number itself, as fractions ask for it."""
        return _forgotten(self)


def node_of(value: int) -> Node:
    """The expression behind an integer; a plain `int` is a constant."""
    return value.node if isinstance(value, Sym) else Const(plain_number(value))


def styled(value: int, style: str, write: Callable[[int], str]) -> str:
    """A number as `write` writes it; one that remembers is left to `printed_by`, under the name of the style."""
    printer = _printer.get()
    return printer(value, style) if printer and isinstance(value, Sym) else write(plain_number(value))


def plain_number(value: int) -> int:
    """The number without its history, and without a guard that notes the loss."""
    return int.__int__(value)


def _forgotten(value: int) -> int:
    """The plain number, for what has no history; while `sealed()` is active that is a decision like any other."""
    guards = _guards.get()
    if guards is not None and _sealed.get():
        guards.append(Guard("==", node_of(value), Const(plain_number(value)), True))
    return plain_number(value)


def _remember(name: str, a: int, b: int) -> int:
    if not isinstance(b, int) or not isinstance(a, int):
        return NotImplemented
    value = OPERATIONS[name](plain_number(a), plain_number(b))
    if not isinstance(a, Sym) and not isinstance(b, Sym):
        return value
    # `sum` and `math.prod` start from a plain 0 or 1, which no reader wants to see.
    if name == "+" and (_is_plain(a, 0) or _is_plain(b, 0)):
        return b if _is_plain(a, 0) else a
    if name == "*" and (_is_plain(a, 1) or _is_plain(b, 1)):
        return b if _is_plain(a, 1) else a
    if (name == "-" and _is_plain(b, 0)) or (name == "floor" and _is_plain(b, 1)):
        return a
    if name in ("+", "-") and isinstance(a, Sym) and not isinstance(b, Sym):
        return _folded(a, b if name == "+" else -b)
    return Sym(value, Op(name, (node_of(a), node_of(b))))


def _folded(a: Sym, b: int) -> int:
    """`a` and a constant; constants that follow one another are one: n + 2 − 3 + 1 is n."""
    match a.node:
        case Op(name="+" | "-" as sign, args=(inner, Const(value=constant))):
            total = (constant if sign == "+" else -constant) + b
            if total == 0:
                return Sym(plain_number(a) + b, inner)
        case _:
            inner, total = a.node, b
    return Sym(plain_number(a) + b, Op("+" if total > 0 else "-", (inner, Const(abs(total)))))


def _is_plain(value: int, number: int) -> bool:
    return not isinstance(value, Sym) and value == number


def _decide(relation: str, a: int, b: int) -> bool:
    outcome = RELATIONS[relation](plain_number(a), plain_number(b))
    guards = _guards.get()
    if guards is not None:
        guards.append(Guard(relation, node_of(a), node_of(b), outcome))
    return outcome


def let(symbol: str, value: int) -> int:
    """Name an intermediate result; on a plain integer this does nothing.

    A result that depends on one axis only (`k_h`, `d`) takes that axis's
    subscript, so `let("k'", ...)` is written once for all axes.
    """
    if not isinstance(value, Sym):
        return value
    # That an output axis is as long as the input's is worth saying, that k' is k is not.
    if isinstance(value.node, (Leaf, Step)) and not symbol.endswith("_out") and symbol not in ("params", "MACs"):
        return value
    axis = "" if "_" in symbol else _axis(value.node)
    return Sym(plain_number(value), Step(symbol, plain_number(value), value.node, axis))


def _axis(node: Node) -> str:
    """The axis of the numbers given by the reader, if those that have one agree."""
    found = ""
    for leaf in leaves(node):
        if leaf.axis and found and leaf.axis != found:
            return ""
        found = leaf.axis or found
    return found


def tally(amounts: Iterable[int]) -> int:
    """A sum in which neighbours with the same formula are counted: 2C, not C + C."""
    total = 0
    for _, group in groupby(amounts, key=node_of):
        same = list(group)
        total += len(same) * same[0]
    return total


def exactly(value: int) -> int:
    """A number that decides how often something is done, as a plain one.

    How often leaves no trace in a result, so it is noted as a guard.
    """
    _decide("==", value, plain_number(value))
    return plain_number(value)
