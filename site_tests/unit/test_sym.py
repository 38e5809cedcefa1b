"""Integers that remember: arithmetic, guards, names, and evaluation with other numbers."""

from __future__ import annotations

import random
from math import prod

import pytest

from calc.expression import OPERATIONS, Const, Leaf, Op, Step, evaluate, full_symbol, holds, leaves, steps
from calc.sym import Sym, ceil_div, exact_div, let, node_of, scaled, watching

n, k, s = Sym.leaf("n", 7), Sym.leaf("k", 3), Sym.leaf("s", 2)


def test_a_remembering_integer_is_an_integer() -> None:
    """It compares, hashes, indexes and multiplies like the number it is."""
    assert isinstance(n, int)
    assert n == 7
    assert {7: "seven"}[n] == "seven"
    assert [0, 1, 2, 3][k] == 3
    assert "ab" * s == "abab"


TABLE = [
    # (value, expected, the same with n=10, k=4, s=3)
    (n + k, 10, 14),
    (n - k, 4, 6),
    (n * k, 21, 40),
    (n // s, 3, 3),
    (n % s, 1, 1),
    (-n, -7, -10),
    (1 + n, 8, 11),
    (1 - n, -6, -9),
    (2 * n, 14, 20),
    (20 // k, 6, 5),
    (20 % k, 2, 0),
    (ceil_div(n, s), 4, 4),
    (ceil_div(20, k), 7, 5),
    (exact_div(n * k, k), 7, 10),
    (sum([n, k, s]), 12, 17),
    (prod([n, k, s]), 42, 120),
]


@pytest.mark.parametrize(("value", "expected", "elsewhere"), TABLE)
def test_operations_remember(value: int, expected: int, elsewhere: int) -> None:
    """Every operation gives the plain value, and the right one again with other numbers."""
    assert expected == value
    assert expected == evaluate(node_of(value), {})
    assert elsewhere == evaluate(node_of(value), {"n": 10, "k": 4, "s": 3})


def test_starting_values_of_sum_and_prod_leave_no_trace() -> None:
    """The plain 0 of a sum and the plain 1 of a product are not part of a formula."""
    assert n.node == node_of(sum([n]))
    assert n.node == node_of(prod([n]))
    assert Op("+", (n.node, Const(1))) == node_of(n + 1)


def test_plain_integers_stay_plain() -> None:
    """Shape arithmetic on plain integers gives plain integers."""
    assert type(ceil_div(7, 2)) is int
    assert type(exact_div(6, 2)) is int
    assert type(let("x", 7)) is int


def test_random_expressions_evaluate_like_plain_arithmetic() -> None:
    """Any expression, evaluated with other numbers, equals the same arithmetic done on them."""
    rng = random.Random(3)
    for _ in range(300):
        numbers = {name: rng.randint(1, 9) for name in "abc"}
        others = {name: rng.randint(1, 9) for name in "abc"}
        pool = [(Sym.leaf(name, value), others[name]) for name, value in numbers.items()]
        for _ in range(6):
            name = rng.choice(list(OPERATIONS))
            (x, plain_x), (y, plain_y) = rng.choice(pool), rng.choice(pool)
            if 0 in (int(y), plain_y):
                continue
            node = Op(name, (node_of(x), node_of(y)))
            pool.append((Sym(OPERATIONS[name](int(x), int(y)), node), OPERATIONS[name](plain_x, plain_y)))

        assert [plain for _, plain in pool] == [evaluate(node_of(value), others) for value, _ in pool]


RELATED = [
    (lambda: n < k, "<", False),
    (lambda: n <= k, "<=", False),
    (lambda: n > k, ">", True),
    (lambda: n >= k, ">=", True),
    (lambda: n == k, "==", False),
    (lambda: n != k, "!=", True),
    (lambda: n > 3, ">", True),  # Python asks the remembering side, the other way round
    (lambda: bool(n), "!=", True),
    (lambda: (n,) == (7,), "==", True),  # inside a tuple, too
]


@pytest.mark.parametrize(("decide", "relation", "outcome"), RELATED)
def test_decisions_are_noted(decide, relation, outcome) -> None:  # type: ignore[no-untyped-def]
    """A comparison inside `watching` leaves a guard with its outcome."""
    with watching() as guards:
        assert outcome is decide()

    [guard] = guards
    assert (relation, outcome) == (guard.relation, guard.outcome)
    assert holds(guard, {})


def test_a_guard_fails_where_the_decision_would_fall_otherwise() -> None:
    """A guard says for other numbers whether the code would have gone the same way."""
    with watching() as guards:
        assert n > k

    assert holds(guards[0], {"n": 4})
    assert not holds(guards[0], {"n": 3})


def test_guards_are_not_kept_outside_of_watching() -> None:
    """Comparisons before and after the block are nobody's business."""
    with watching() as guards:
        pass
    assert n > k

    assert guards == []


def test_max_and_min_are_decisions() -> None:
    """`max` keeps the larger one's history and leaves a guard, so it need not be an operation."""
    with watching() as guards:
        larger = max(k, n)

    assert n.node == node_of(larger)
    assert not all(holds(guard, {"k": 8}) for guard in guards)


def test_named_steps_come_in_order_of_need() -> None:
    """A step stands after the steps that it is made of."""
    reach = let("k'", k - 1)
    out = let("n_out", n - reach)

    assert [step.symbol for step in steps(node_of(out))] == ["k'", "n_out"]
    assert [leaf.symbol for leaf in leaves(node_of(out))] == ["n", "k"]


def test_a_step_takes_the_axis_of_what_it_is_made_of() -> None:
    """A result that depends on one axis only gets that axis's subscript, once."""
    high, wide = Sym.leaf("k", 3, "h"), Sym.leaf("k", 5, "w")

    assert _name(let("k'", high - 1)) == "k'_h"
    assert _name(let("k'", high * wide)) == "k'"
    assert _name(let("H_out", high - 1)) == "H_out"


def _name(value: int) -> str:
    node = node_of(value)
    assert isinstance(node, Step)
    return full_symbol(node)


def test_leaves_that_are_not_named_keep_their_number() -> None:
    """Evaluation replaces only what is asked for, under the full symbol."""
    node = Op("+", (Leaf("k", 3, "h"), Leaf("k", 5, "w")))

    assert evaluate(node, {"k_h": 10}) == 15
    assert evaluate(node, {"k": 10}) == 8


SCALED = [
    (7, 1.5, 10),
    (10, 0.7, 7),  # the product of the two doubles is 7, although 0.7 is stored as a little less
    (100, 0.29, 28),  # and here it is 28.999999999999996
    (3, 1 / 3, 1),
]


@pytest.mark.parametrize(("size", "factor", "expected"), SCALED)
def test_scaling_is_floating_point_arithmetic(size: int, factor: float, expected: int) -> None:
    """A size times a fraction is the product that the frameworks compute, rounded down."""
    remembered = scaled(Sym.leaf("n", size), factor, "s")

    assert expected == scaled(size, factor, "s") == remembered
    assert scaled(2 * size, factor, "s") == evaluate(node_of(remembered), {"n": 2 * size})
