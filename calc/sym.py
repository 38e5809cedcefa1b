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

import math
import operator
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from itertools import groupby
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Const:
    """A number that stands in the formula itself, such as the 2 of 2p."""

    value: int


@dataclass(frozen=True, slots=True)
class Leaf:
    """A number that the reader gave: a knob, or an axis of the input.

    `axis` is set when one knob has different values along the axes, so that
    `k` becomes `k_h` and `k_w`.
    """

    symbol: str
    value: int
    axis: str = ""


@dataclass(frozen=True, slots=True)
class Factor:
    """A number that the reader gave and that need not be whole; it only scales sizes."""

    symbol: str
    value: float
    axis: str = ""


@dataclass(frozen=True, slots=True)
class Op:
    """An operation of `OPERATIONS` on earlier expressions."""

    name: str
    args: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """A result with a name of its own, shown as a line of the derivation."""

    symbol: str
    value: int
    definition: Node
    axis: str = ""


Node: TypeAlias = Const | Leaf | Factor | Op | Step


@dataclass(frozen=True, slots=True)
class Guard:
    """A decision that was taken on the way: `left relation right` was `outcome`."""

    relation: str
    left: Node
    right: Node
    outcome: bool


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
    value = _scaled(n, factor)
    return Sym(value, Op("scaled", (n.node, Factor(symbol, factor, axis)))) if isinstance(n, Sym) else value


def _scaled(n: int, factor: float) -> int:
    return int(float(n) * factor)


OPERATIONS: Mapping[str, Callable[[int, int], int]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "floor": operator.floordiv,
    "ceil": lambda a, b: -(-a // b),
    "exact": operator.floordiv,
    "mod": operator.mod,
    "gcd": math.gcd,
}

RELATIONS: Mapping[str, Callable[[int, int], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "==": operator.eq,
    "!=": operator.ne,
}

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


class Sym(int):
    """An integer with the expression it came from in `node`.

    Examples:
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
        return cls(int(value), Leaf(symbol, int(value), axis))

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


def node_of(value: int) -> Node:
    """The expression behind an integer; a plain `int` is a constant."""
    return value.node if isinstance(value, Sym) else Const(int(value))


def _remember(name: str, a: int, b: int) -> int:
    if not isinstance(b, int) or not isinstance(a, int):
        return NotImplemented
    value = OPERATIONS[name](int(a), int(b))
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
                return Sym(int(a) + b, inner)
        case _:
            inner, total = a.node, b
    return Sym(int(a) + b, Op("+" if total > 0 else "-", (inner, Const(abs(total)))))


def _is_plain(value: int, number: int) -> bool:
    return not isinstance(value, Sym) and value == number


def _decide(relation: str, a: int, b: int) -> bool:
    outcome = RELATIONS[relation](int(a), int(b))
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
    axes = {leaf.axis for leaf in leaves(value.node) if leaf.axis}
    axis = axes.pop() if len(axes) == 1 and "_" not in symbol else ""
    return Sym(int(value), Step(symbol, int(value), value.node, axis))


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
    _decide("==", value, int(value))
    return int(value)


def children(node: Node) -> tuple[Node, ...]:
    """The expressions that this one is made of."""
    match node:
        case Op(args=args):
            return args
        case Step(definition=definition):
            return (definition,)
        case _:
            return ()


def rewritten(node: Node, change: Callable[[Step], Node], known: Collection[int] = ()) -> Node:
    """The expression with every named result in it replaced by what `change` makes of it, inner ones first.

    Parts whose `id` is among the `known` stay as they are.
    """
    match node:
        case _ if id(node) in known:
            return node
        case Op(name=name, args=args):
            return Op(name, tuple(rewritten(arg, change, known) for arg in args))
        case Step():
            return change(replace(node, definition=rewritten(node.definition, change, known)))
        case _:
            return node


def leaves(node: Node) -> Iterator[Leaf]:
    """Every number given by the reader that `node` depends on, repeats included."""
    if isinstance(node, Leaf):
        yield node
    for child in children(node):
        yield from leaves(child)


def steps(node: Node) -> Iterator[Step]:
    """The named results in `node`, each after those that it needs."""
    for child in children(node):
        yield from steps(child)
    if isinstance(node, Step):
        yield node


def evaluate(node: Node, numbers: Mapping[str, int]) -> int:
    """The value of `node` with other numbers for its leaves.

    `numbers` maps a leaf's full symbol (`k`, `k_h`, `H`) to its new value; a leaf
    that is not named keeps its own.
    """
    match node:
        case Const(value=value):
            return value
        case Leaf(value=value):
            return numbers.get(full_symbol(node), value)
        case Step(definition=definition):
            return evaluate(definition, numbers)
        case Op(name="scaled", args=(a, Factor(value=factor))):
            return _scaled(evaluate(a, numbers), factor)
        case Op(name=name, args=(a, b)):
            return OPERATIONS[name](evaluate(a, numbers), evaluate(b, numbers))
    raise TypeError(f"not an expression: {node!r}")


def holds(guard: Guard, numbers: Mapping[str, int]) -> bool:
    """Whether the decision falls the same way with other numbers."""
    left, right = evaluate(guard.left, numbers), evaluate(guard.right, numbers)
    return RELATIONS[guard.relation](left, right) is guard.outcome


def full_symbol(node: Leaf | Factor | Step) -> str:
    """The symbol with its axis: `k_h`, `k'_w`, `H`."""
    return f"{node.symbol}_{node.axis}" if node.axis else node.symbol
