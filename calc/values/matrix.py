"""Matrices as tuples of rows: what the other modules are written with."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import exp, inf
from typing import TypeAlias

Vector: TypeAlias = "tuple[float, ...]"
Matrix: TypeAlias = "tuple[Vector, ...]"
Rows: TypeAlias = Sequence[Sequence[float]]


def dot(one: Sequence[float], other: Sequence[float]) -> float:
    """The sum of the products, place by place."""
    return sum(x * y for x, y in zip(one, other, strict=True))


def transposed(matrix: Rows) -> Matrix:
    """Rows as columns."""
    return tuple(zip(*matrix, strict=True))


def product(one: Rows, other: Rows) -> Matrix:
    """The matrix product: (n, m) by (m, k) is (n, k)."""
    columns = transposed(other)
    return tuple(tuple(dot(row, column) for column in columns) for row in one)


def mapped(function: Callable[..., float], *matrices: Rows) -> Matrix:
    """A function applied place by place to matrices of one shape."""
    return tuple(
        tuple(function(*entries) for entries in zip(*rows, strict=True)) for rows in zip(*matrices, strict=True)
    )


def softmax(scores: Sequence[float]) -> Vector:
    """Numbers as shares that add up to 1; nan where all of them are -inf, as in PyTorch.

    The largest is taken off first, which changes nothing and keeps `exp` from overflowing.
    """
    largest = max(scores, default=0.0)
    if largest == -inf:
        return (float("nan"),) * len(scores)
    powers = [exp(score - largest) for score in scores]
    total = sum(powers)
    return tuple(power / total for power in powers)
