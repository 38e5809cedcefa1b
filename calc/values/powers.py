"""What a recurrent weight does when it is applied again and again: powers of a matrix of 1 × 1 or 2 × 2."""

from __future__ import annotations

from collections.abc import Sequence
from math import hypot, sqrt, tanh

from calc.values.matrix import Matrix, Rows, Vector, dot, product

IDENTITY = {1: ((1.0,),), 2: ((1.0, 0.0), (0.0, 1.0))}


def applied(weight: Rows, vector: Sequence[float]) -> Vector:
    """W v: (n, n) by (n,)."""
    return tuple(dot(row, vector) for row in weight)


def power(weight: Rows, exponent: int) -> Matrix:
    """W multiplied with itself, `exponent` factors.

    Examples:
        >>> power(((1, 1), (0, 1)), 5)
        ((1.0, 5.0), (0.0, 1.0))
    """
    result: Matrix = IDENTITY[len(weight)]
    for _ in range(exponent):
        result = product(result, weight)
    return result


def repeated(weight: Rows, vector: Sequence[float], steps: int) -> tuple[Vector, ...]:
    """v, W v, W² v … Wᵀ v: steps + 1 vectors."""
    found = [tuple(vector)]
    for _ in range(steps):
        found.append(applied(weight, found[-1]))
    return tuple(found)


def tanh_states(weight: Rows, state: Sequence[float], steps: int) -> tuple[Vector, ...]:
    """h₀ and the states h_t = tanh(W h_{t−1}) after it, without any input: steps + 1 vectors."""
    found = [tuple(state)]
    for _ in range(steps):
        found.append(tuple(tanh(number) for number in applied(weight, found[-1])))
    return tuple(found)


def through_tanh(weight: Rows, state: Sequence[float], vector: Sequence[float], steps: int) -> tuple[Vector, ...]:
    """What becomes of a small change v of h₀ in h₁, h₂ …, to first order: steps + 1 vectors.

    Each step multiplies with its Jacobian, diag(1 − h_t²) W.
    """
    found = [tuple(vector)]
    for h in tanh_states(weight, state, steps)[1:]:
        found.append(
            tuple((1 - unit * unit) * change for unit, change in zip(h, applied(weight, found[-1]), strict=True))
        )
    return tuple(found)


def length(vector: Sequence[float]) -> float:
    """The Euclidean norm."""
    return hypot(*vector)


def spectral_radius(weight: Rows) -> float:
    """The size of the largest eigenvalue, real or complex.

    Examples:
        >>> spectral_radius(((0, -2), (2, 0))), spectral_radius(((3, 5), (0, -4)))
        (2.0, 4.0)
    """
    if len(weight) == 1:
        return float(abs(weight[0][0]))
    (a, b), (c, d) = weight
    middle, under = (a + d) / 2, ((a - d) / 2) ** 2 + b * c
    return abs(middle) + sqrt(under) if under >= 0 else hypot(middle, sqrt(-under))


def largest_singular_value(weight: Rows) -> float:
    """How much longer W makes the vector that it lengthens most.

    Examples:
        >>> largest_singular_value(((0, 3), (0, 0)))
        3.0
    """
    if len(weight) == 1:
        return float(abs(weight[0][0]))
    (a, b), (c, d) = weight
    return (hypot(a + d, b - c) + hypot(a - d, b + c)) / 2
