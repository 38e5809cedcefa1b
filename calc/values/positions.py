"""Where a token stands, as numbers to be added to its embedding; and the embedding itself.

A table has a row for each position and a column for each number of an embedding: shape
(length, d_model). Sine and cosine are computed, learned tables are drawn as a layer draws
them before training.

Sources: A. Vaswani et al., "Attention Is All You Need", 2017, section 3.5; `d2l`,
section 11.6; tensor2tensor, `layers/common_attention.py`, `get_timing_signal_1d`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, exp, log, pi, sin, sqrt
from random import Random
from typing import Any

from calc.values.matrix import Matrix, Rows, dot

BASE = 10000.0
"""The divisor that the slowest pair comes near to, or has."""


@dataclass(frozen=True)
class Wave:
    """What stands in one column: the sine or the cosine of i / divisor; or nothing but 0.

    Examples:
        >>> interleaved_waves(4)[2]
        Wave(pair=1, divisor=100.0, function='sin')
        >>> round(interleaved_waves(4)[2].at(3), 4)
        0.03
    """

    pair: int
    divisor: float
    function: str

    def at(self, position: int) -> float:
        """The number in this column at a position."""
        if not self.function:
            return 0.0
        return (sin if self.function == "sin" else cos)(position / self.divisor)

    @property
    def period(self) -> float:
        """How many positions one turn takes."""
        return 2 * pi * self.divisor


def interleaved_waves(d_model: int) -> tuple[Wave, ...]:
    """The columns of the paper: sine and cosine in turn, pair j with the divisor 10000^(2j/d).

    An odd `d_model` ends with a sine: there is one cosine less.
    """
    return tuple(
        Wave(column // 2, BASE ** ((column - column % 2) / d_model), ("sin", "cos")[column % 2])
        for column in range(d_model)
    )


def concatenated_waves(d_model: int) -> tuple[Wave, ...]:
    """The columns of tensor2tensor: all m = d // 2 sines, then all cosines, with the divisors 10000^(j/(m-1)).

    An odd `d_model` ends with a column of zeros.

    Examples:
        >>> [round(wave.divisor, 4) for wave in concatenated_waves(6)]
        [1.0, 100.0, 10000.0, 1.0, 100.0, 10000.0]
    """
    pairs = d_model // 2
    divisors = [exp(pair * log(BASE) / max(pairs - 1, 1)) for pair in range(pairs)]
    waves = [Wave(pair, divisor, name) for name in ("sin", "cos") for pair, divisor in enumerate(divisors)]
    return (*waves, *[Wave(pairs, 1.0, "")] * (d_model % 2))


def table(waves: Sequence[Wave], length: int) -> Matrix:
    """A row for each position from 0, a column for each wave."""
    return tuple(tuple(wave.at(position) for wave in waves) for position in range(length))


def interleaved(length: int, d_model: int) -> Matrix:
    """P[i, 2j] = sin(i / 10000^(2j/d)), P[i, 2j+1] the cosine of the same angle; any width, odd ones too."""
    return table(interleaved_waves(d_model), length)


def concatenated(length: int, d_model: int) -> Matrix:
    """The table of `get_timing_signal_1d`, which is not `interleaved` in another order: its divisors differ."""
    return table(concatenated_waves(d_model), length)


def learned(length: int, d_model: int, seed: int, std: float = 1.0) -> Matrix:
    """A learned table before training: numbers from a normal distribution, `nn.Embedding`'s has std 1."""
    return drawn(Random(seed), length, d_model, std)


def drawn(draw: Random, rows: int, columns: int, std: float) -> Matrix:
    """Numbers from a normal distribution around 0."""
    return tuple(tuple(draw.gauss(0, std) for _ in range(columns)) for _ in range(rows))


def products(rows: Rows, position: int) -> tuple[float, ...]:
    """The dot product of one position's row with every row."""
    return tuple(dot(rows[position], row) for row in rows)


def embedding(weight: Rows, ids: Any) -> Any:
    """For each number in `ids`, however deep, its row of `weight`: `F.embedding`.

    Examples:
        >>> embedding([(0.0, 1.0), (2.0, 3.0)], [1, 0])
        ((2.0, 3.0), (0.0, 1.0))
    """
    if isinstance(ids, Sequence):
        return tuple(embedding(weight, each) for each in ids)
    return tuple(weight[ids])


def embedded(weight: Rows, ids: Sequence[int]) -> Matrix:
    """The rows times sqrt(d), as the original Transformer takes them before it adds positions."""
    scale = sqrt(len(weight[0]))
    rows: Matrix = embedding(weight, ids)
    return tuple(tuple(scale * number for number in row) for row in rows)


def added(rows: Rows, positions: Rows) -> Matrix:
    """Embeddings of a sentence plus the first rows of a table of positions."""
    return tuple(
        tuple(number + place for number, place in zip(row, positions[at], strict=True)) for at, row in enumerate(rows)
    )
