"""What the demos of attention share: tables of weights, and a query's weights in words and as TeX."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import exp, inf

from calc.demos.cell_code import vector
from calc.scene import Grid, at, digits, matrix_text
from calc.values.attention import FILLED
from calc.values.matrix import Rows, Vector
from calc.worked import tex

PLACES = 3
"""Decimals in a drawing, where several tables stand side by side; sentences have one more."""

DARK = 0.5
"""How strongly a weight of 1 is filled: text on it must be read."""

FAR = 30
"""From here on the largest score is taken off before the powers are written."""


def stacked(figures: Iterable[str]) -> str:
    """Rows of drawings, one above the other."""
    return f'<div class="calc-stacked">{"".join(figures)}</div>'


def row_of(name: str, row: int, count: int) -> list[str]:
    """The cells of a row."""
    return [at(name, row, column) for column in range(count)]


def column_of(name: str, column: int, count: int) -> list[str]:
    """The cells of a column."""
    return [at(name, row, column) for row in range(count)]


def short(number: float) -> str:
    """A number as it stands in a drawing; -1e9 as a power."""
    return "−10⁹" if number == FILLED else digits(number, PLACES)


def table(
    name: str,
    matrix: Rows,
    label: str,
    rows: Sequence[str] = (),
    columns: Sequence[str] = (),
    *,
    kind: str = "data",
) -> str:
    """A matrix of numbers; blocked scores look blocked."""

    def of(row: int, column: int) -> str:
        return "blocked" if matrix[row][column] in (-inf, FILLED) else kind

    texts = [[short(number) for number in row] for row in matrix]
    return Grid(name, texts, of, rows=rows, columns=columns).svg(f"{label}: {matrix_text(matrix)}.")


def shaded(name: str, weights: Rows, label: str, rows: Sequence[str] = (), columns: Sequence[str] = ()) -> str:
    """Attention weights, the darker the larger."""

    def strength(row: int, column: int) -> float:
        weight = weights[row][column]
        return DARK * weight if weight == weight else 0.0

    texts = [[short(number) for number in row] for row in weights]
    return Grid(name, texts, lambda row, column: "made", strength, rows, columns).svg(
        f"{label}: {matrix_text(weights)}."
    )


def shift(scores: Vector) -> float:
    """What is taken off all scores of a row before the powers: 0 as long as they can be written without."""
    largest = max(scores)
    return largest if FAR < abs(largest) < inf else 0.0


def powers(scores: Vector) -> Vector:
    """e to each score."""
    taken = shift(scores)
    return tuple(exp(score - taken) for score in scores)


def weighed(scores: Vector, weights: Vector, key: int) -> str:
    """How a weight comes from its row of scores: e^0.5 / (e^0.5 + e^1) = 1.6487 / 4.367 = 0.3775."""
    taken = shift(scores)

    def power(score: float) -> str:
        if score in (-inf, FILLED):
            return "0"
        inner = f"{digits(score)} − {digits(taken)}" if taken > 0 else digits(score - taken)
        return f"e^({inner})" if taken > 0 or score < 0 else f"e^{inner}"

    made = powers(scores)
    total = " + ".join(power(score) for score in scores)
    return f"{power(scores[key])} / ({total}) = {digits(made[key])} / {digits(sum(made))} = {digits(weights[key])}"


def softmax_lines(scores: Vector, weights: Vector, query: int) -> list[list[str]]:
    """The same for a whole row, as lines of TeX."""
    made, taken = powers(scores), shift(scores)
    exponent = rf"s_{{{query}j}}" + (f" - {tex(taken)}" if taken > 0 else f" + {tex(-taken)}" if taken else "")
    return [
        [rf"e^{{{exponent}}}", vector(made)],
        [rf"\textstyle\sum_j e^{{{exponent}}}", " + ".join(map(tex, made)), tex(sum(made))],
        [rf"a_{query}", rf"{vector(made)} / {tex(sum(made))}", vector(weights)],
    ]
