"""Dropout on values: coins from a seed, what is kept and by how much it grows, the mean of many draws.

As in PyTorch and Keras the survivors are multiplied by 1 / (1 − p) in training, and
nothing happens at inference.

Sources: https://docs.pytorch.org/docs/stable/generated/torch.nn.Dropout.html;
N. Srivastava and others, https://jmlr.org/papers/v15/srivastava14a.html.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt
from random import Random

from calc.values.matrix import Vector
from calc.values.nested import Cell, Nested, at_cell, filled, shape_of

__all__ = ["coins", "dropout", "factor", "kept", "masks", "mean_of_draws", "spread", "thinned_networks"]


def factor(p: float) -> float:
    """By how much a kept number is multiplied; 0 for p = 1, where none is kept.

    Examples:
        >>> factor(0.5), factor(0.75), factor(1)
        (2.0, 4.0, 0.0)
    """
    return 0.0 if p == 1 else 1 / (1 - p)


def coins(count: int, seed: int) -> Vector:
    """A number from 0 to 1 for each position: the draw."""
    draw = Random(seed)
    return tuple(draw.random() for _ in range(count))


def kept(drawn: Sequence[float], p: float) -> tuple[bool, ...]:
    """Who stays: those whose coin is not below p, so that each is dropped with probability p.

    Examples:
        >>> kept((0.2, 0.5, 0.9), 0.5)
        (False, True, True)
    """
    return tuple(coin >= p for coin in drawn)


def masks(count: int, p: float, draws: int, seed: int) -> list[tuple[bool, ...]]:
    """One keep mask after the other, as calls of a layer draw them."""
    draw = Random(seed)
    return [kept([draw.random() for _ in range(count)], p) for _ in range(draws)]


def dropout(x: Nested, keep_mask: Nested, p: float = 0.5, training: bool = True) -> Nested:
    """`F.dropout` for coins that have fallen: x / (1 − p) where kept, else 0; x itself outside of training.

    Examples:
        >>> dropout((1, 2, 3, 4, 5, 6), (0, 1, 0, 0, 0, 1), 0.5)
        (0.0, 4.0, 0.0, 0.0, 0.0, 12.0)
    """

    def output(cell: Cell) -> float:
        number = float(at_cell(x, cell))
        if not training:
            return number
        return number * factor(p) if at_cell(keep_mask, cell) else 0.0

    return filled(shape_of(x), output)


def mean_of_draws(x: Sequence[float], drawn: Sequence[Sequence[bool]], p: float) -> Vector:
    """The mean of dropout's outputs over some draws, position by position."""
    times = factor(p) / len(drawn)
    return tuple(number * times * sum(mask[place] for mask in drawn) for place, number in enumerate(x))


def spread(number: float, p: float, draws: int) -> float:
    """The standard deviation of the mean over so many draws: |x| · √(p / (1 − p)) / √n.

    Examples:
        >>> spread(4, 0.5, 1), spread(4, 0.5, 100)
        (4.0, 0.4)
    """
    return abs(number) * sqrt(p / (1 - p)) / sqrt(draws)


def thinned_networks(units: int) -> int:
    """How many networks there are if each of so many units is in or out.

    Examples:
        >>> thinned_networks(4)
        16
    """
    return int(2**units)
