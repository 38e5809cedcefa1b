"""Expressions over numbers that a reader gave: what an integer that remembers holds, and what can be done with it.

`calc.sym` makes them, `calc.notation` writes them, `calc.replay` sends them to the page.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Const:
    """A number that stands in the formula itself, such as the 2 of 2p."""

    value: int


@dataclass(frozen=True, slots=True)
class Leaf:
    """A number that the reader gave: a knob, or an axis of the input.

    `axis` is set when one knob has different values along the axes, so that
    `k` becomes `k_h` and `k_w`. `source` is where the number came from itself, of a
    layer that a network makes; formulas stop at the layer.
    """

    symbol: str
    value: int
    axis: str = ""
    source: Node | None = field(default=None, compare=False, repr=False)


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


def rounded_product(n: int, factor: float) -> int:
    """⌊n · factor⌋, the product that of floating-point numbers: what the operation `scaled` does."""
    return int(float(n) * factor)


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
    left = [node]
    while left:
        node = left.pop()
        if isinstance(node, Leaf):
            yield node
        else:
            left.extend(reversed(children(node)))


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
            return rounded_product(evaluate(a, numbers), factor)
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
