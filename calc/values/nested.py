"""Tensors as nested tuples of numbers, with any number of axes, asked cell by cell."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import product
from typing import Any, TypeAlias

Nested: TypeAlias = Any
"""Tuples of tuples … of numbers, one level for each axis."""

Cell: TypeAlias = "tuple[int, ...]"


def shape_of(tensor: Nested) -> tuple[int, ...]:
    """How many entries there are along each axis.

    Examples:
        >>> shape_of(((1, 2, 3), (4, 5, 6)))
        (2, 3)
    """
    return (len(tensor), *shape_of(tensor[0])) if isinstance(tensor, Sequence) else ()


def cells(shape: Sequence[int]) -> list[Cell]:
    """The index of every cell, the last axis fastest."""
    return list(product(*map(range, shape)))


def at_cell(tensor: Nested, cell: Cell) -> Any:
    """What stands in a cell."""
    for index in cell:
        tensor = tensor[index]
    return tensor


def filled(shape: Sequence[int], function: Callable[[Cell], float], start: Cell = ()) -> Nested:
    """A tensor with what a function says of each cell.

    Examples:
        >>> filled((2, 2), sum)
        ((0, 1), (1, 2))
    """
    if not shape:
        return function(start)
    return tuple(filled(shape[1:], function, (*start, index)) for index in range(shape[0]))
