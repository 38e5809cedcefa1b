"""Learning a kernel by gradient descent on the squared error, as d2l 6.2.4 does.

The loss is a sum over the output's cells, not a mean, and a step is kernel − rate · gradient.
It is a quadratic function of the kernel's entries, so its curvature says which rates are stable.

Source: https://d2l.ai/chapter_convolutional-neural-networks/conv-layer.html.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import hypot

from calc.values.convolve import axes, correlate, flat, sizes, window
from calc.values.matrix import Matrix, Rows, Vector, product, transposed

__all__ = ["Descent", "Step", "curvature", "descend", "directions", "edge_image", "gradient", "loss"]


@dataclass(frozen=True)
class Step:
    """A kernel on its way: what it is, how wrong it is, and which way is uphill from there."""

    kernel: Matrix
    loss: float
    gradient: Matrix


@dataclass(frozen=True)
class Descent:
    """All steps, the start first; `stopped` where the loss went beyond the bound."""

    steps: tuple[Step, ...]
    stopped: bool


def edge_image(rows: int = 6, columns: int = 8, dark: tuple[int, int] = (2, 6)) -> Matrix:
    """Ones with a dark stripe of zeros from column `dark[0]` up to `dark[1]`, without the latter."""
    return tuple(tuple(float(not dark[0] <= column < dark[1]) for column in range(columns)) for _ in range(rows))


def loss(image: Rows, kernel: Rows, wanted: Rows) -> float:
    """The sum of (output − wanted)² over the output's cells."""
    return sum(error**2 for error in flat(_errors(image, kernel, wanted)))


def gradient(image: Rows, kernel: Rows, wanted: Rows) -> Matrix:
    """How the loss grows with each entry: the sum of 2 · error · the cell that the entry was multiplied with."""
    # The cell under an entry runs over the image as the errors' own window would.
    twice = tuple(tuple(2 * error for error in row) for row in _errors(image, kernel, wanted))
    found: Matrix = correlate(image, twice)
    return found


def _errors(image: Rows, kernel: Rows, wanted: Rows) -> Matrix:
    output = correlate(image, kernel)
    return tuple(
        tuple(one - other for one, other in zip(row, right, strict=True))
        for row, right in zip(output, wanted, strict=True)
    )


def descend(image: Rows, wanted: Rows, kernel: Rows, rate: float, steps: int, bound: float = float("inf")) -> Descent:
    """So many steps of kernel − rate · gradient; an earlier end once the loss is beyond `bound`."""
    taken: list[Step] = []
    for _ in range(steps + 1):
        here = Step(tuple(map(tuple, kernel)), loss(image, kernel, wanted), gradient(image, kernel, wanted))
        taken.append(here)
        if here.loss > bound:
            break
        kernel = tuple(
            tuple(entry - rate * slope for entry, slope in zip(row, slopes, strict=True))
            for row, slopes in zip(kernel, here.gradient, strict=True)
        )
    return Descent(tuple(taken), taken[-1].loss > bound)


def curvature(image: Rows, kernel_size: Sequence[int]) -> Matrix:
    """The second derivatives of the loss: twice the sum, over all windows, of cell times cell.

    Entry (i, j) speaks of the kernel's entries i and j, counted row by row. It depends
    on the image alone, because the loss is quadratic.
    """
    on = axes(sizes(image), kernel_size)
    seen = [window(image, on, (row, column)) for row in range(on[0].places) for column in range(on[1].places)]
    return tuple(tuple(2 * entry for entry in row) for row in product(transposed(seen), seen))


def directions(matrix: Rows) -> list[tuple[float, Vector]]:
    """Eigenvalues of a symmetric matrix with their directions of length 1, the largest first.

    Jacobi's method: turn two axes at a time until nothing is left off the diagonal.

    Examples:
        >>> directions(((36.0, 24.0), (24.0, 36.0)))[0][0]
        60.0
    """
    count = len(matrix)
    rows = [list(map(float, row)) for row in matrix]
    turns = [[float(i == j) for j in range(count)] for i in range(count)]
    scale = max((abs(entry) for row in rows for entry in row), default=0.0)
    for _ in range(60):
        if all(abs(rows[i][j]) <= 1e-15 * scale for i in range(count) for j in range(i)):
            break
        for i in range(count):
            for j in range(i):
                _turn(rows, turns, j, i)
    found = [(rows[i][i], tuple(turn[i] for turn in turns)) for i in range(count)]
    return sorted(((value, _signed(vector)) for value, vector in found), key=lambda each: -each[0])


def _turn(rows: list[list[float]], turns: list[list[float]], p: int, q: int) -> None:
    """Turn the axes p and q so that their common entry becomes 0."""
    if not rows[p][q]:
        return
    difference = (rows[q][q] - rows[p][p]) / 2
    far = hypot(difference, rows[p][q])
    tangent = rows[p][q] / (difference + (far if difference >= 0 else -far))
    cosine = 1 / hypot(1, tangent)
    sine = tangent * cosine
    for row in (*rows, *turns):
        row[p], row[q] = cosine * row[p] - sine * row[q], sine * row[p] + cosine * row[q]
    rows[p], rows[q] = (
        [cosine * one - sine * other for one, other in zip(rows[p], rows[q], strict=True)],
        [sine * one + cosine * other for one, other in zip(rows[p], rows[q], strict=True)],
    )


def _signed(vector: Vector) -> Vector:
    """A direction and its opposite are one; the first entry that counts is positive."""
    lead = next((entry for entry in vector if abs(entry) > 1e-9), 1.0)
    return tuple(entry if lead > 0 else -entry for entry in vector)
