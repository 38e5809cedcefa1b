"""Pooling on values: the largest or the mean of each window, and where the largest stood.

A map is nested tuples with as many axes as you like and no channels, for each channel
is pooled on its own; a batch is one call for each. Sizes, dilation and `ceil_mode` are
those of `calc.layers.window`. What is never read is a cell beyond the padding, where a
last window hangs over: it is no padding, so an average does not count it.

Sources: https://docs.pytorch.org/docs/stable/generated/torch.nn.MaxPool2d.html, AvgPool2d;
aten/src/ATen/native/cpu/AvgPoolKernel.cpp, AdaptivePooling.h in PyTorch's source.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import product
from math import inf, prod
from typing import Any, TypeAlias

from calc.layers.window import places, places_ceil
from calc.values.convolve import Axis, placed, sizes
from calc.values.nested import Cell, Nested, at_cell

__all__ = [
    "PoolAxis",
    "adaptive_axes",
    "adaptive_avg_pool",
    "adaptive_max_pool",
    "averaged",
    "avg_pool",
    "covered",
    "divisor",
    "largest",
    "max_pool",
    "pool_axes",
    "winner",
]

Sides: TypeAlias = "int | Sequence[int]"


@dataclass(frozen=True)
class PoolAxis(Axis):
    """One axis of a pool; with `ceil_mode` a last window may hang over the end.

    Examples:
        >>> PoolAxis(cells=5, taps=2, stride=2).places, PoolAxis(cells=5, taps=2, stride=2, ceil_mode=True).reads(2)
        (2, (4, 5))
    """

    ceil_mode: bool = False

    @property
    def places(self) -> int:
        """How many places the window has."""
        counted = places_ceil if self.ceil_mode else places
        return max(counted(self.cells, self.taps, self.stride, self.before, self.dilation), 0)


@dataclass(frozen=True)
class AdaptiveAxis:
    """One axis whose number of places is given: place i of o reads the cells from ⌊i·n/o⌋ to before ⌈(i+1)·n/o⌉.

    Examples:
        >>> [AdaptiveAxis(cells=5, places=3).reads(place) for place in range(3)]
        [(0, 1), (1, 2, 3), (3, 4)]
    """

    cells: int
    places: int

    def reads(self, place: int) -> tuple[int, ...]:
        """The cells of a place."""
        return tuple(range(place * self.cells // self.places, -(-(place + 1) * self.cells // self.places)))

    def holds(self, cell: int) -> bool:
        """Whether a cell belongs to the input."""
        return 0 <= cell < self.cells


def pool_axes(
    cells: Sequence[int],
    kernel_size: Sides,
    stride: Sides | None = None,
    padding: Sides = 0,
    dilation: Sides = 1,
    *,
    ceil_mode: bool = False,
) -> tuple[PoolAxis, ...]:
    """The axes of an input of this many cells; `stride` is `kernel_size` if left out."""
    count = len(cells)
    steps = kernel_size if stride is None else stride
    each = [
        (side,) * count if isinstance(side, int) else tuple(side) for side in (kernel_size, steps, padding, dilation)
    ]
    return tuple(PoolAxis(n, k, s, p, p, d, ceil_mode) for n, k, s, p, d in zip(cells, *each, strict=True))


def adaptive_axes(cells: Sequence[int], output_size: Sides) -> tuple[AdaptiveAxis, ...]:
    """The axes of an input of this many cells that is pooled to a given size."""
    asked = (output_size,) * len(cells) if isinstance(output_size, int) else tuple(output_size)
    return tuple(AdaptiveAxis(n, o) for n, o in zip(cells, asked, strict=True))


def covered(on: Sequence[Any], place: Cell) -> list[Cell]:
    """The cells of the input under a window, row by row, without the padding."""
    along = ([cell for cell in axis.reads(index) if axis.holds(cell)] for axis, index in zip(on, place, strict=True))
    return list(product(*along))


def winner(image: Nested, on: Sequence[Any], place: Cell) -> Cell:
    """The cell with the largest number under a window; of equal ones the first, row by row.

    Examples:
        >>> winner(((1, 5), (5, 2)), pool_axes((2, 2), 2), (0, 0))
        (0, 1)
    """
    cells = covered(on, place)
    if not cells:  # the taps of a dilated window may all lie in the padding; PyTorch names the first behind it
        return tuple(
            next(cell for cell in axis.reads(index) if cell >= 0) for axis, index in zip(on, place, strict=True)
        )
    return max(cells, key=lambda cell: at_cell(image, cell))


def largest(image: Nested, on: Sequence[Any]) -> tuple[Nested, Nested]:
    """The largest number under each window, and the number of its cell, counted row by row from 0."""
    shape = sizes(image)

    def number(cell: Cell) -> int:
        return sum(index * prod(shape[axis + 1 :]) for axis, index in enumerate(cell))

    return (
        placed(on, lambda place: max((at_cell(image, cell) for cell in covered(on, place)), default=-inf)),
        placed(on, lambda place: number(winner(image, on, place))),
    )


def divisor(on: Sequence[Any], place: Cell, *, count_include_pad: bool = True) -> int:
    """By how much the sum of a window is divided: its cells, those of the padding only where they count.

    Examples:
        >>> corner = pool_axes((3, 3), 2, padding=1)
        >>> divisor(corner, (0, 0)), divisor(corner, (0, 0), count_include_pad=False)
        (4, 1)
    """
    if not count_include_pad:
        return len(covered(on, place))
    along = (
        sum(-axis.before <= cell < axis.cells + axis.after for cell in axis.reads(index))
        for axis, index in zip(on, place, strict=True)
    )
    return prod(along)


def averaged(image: Nested, on: Sequence[Any], divide_by: Callable[[Cell], int]) -> Nested:
    """The sum under each window, divided by what `divide_by` says of the place."""
    return placed(on, lambda place: sum(at_cell(image, cell) for cell in covered(on, place)) / divide_by(place))


def max_pool(
    image: Nested,
    kernel_size: Sides,
    stride: Sides | None = None,
    padding: Sides = 0,
    dilation: Sides = 1,
    ceil_mode: bool = False,
) -> tuple[Nested, Nested]:
    """`F.max_pool2d(…, return_indices=True)` of one channel: the values, and where each stood; padding never wins.

    Examples:
        >>> max_pool(((1, 5, 0), (2, 6, 0)), 2, 1)
        (((6, 6),), ((4, 4),))
    """
    return largest(image, pool_axes(sizes(image), kernel_size, stride, padding, dilation, ceil_mode=ceil_mode))


def avg_pool(
    image: Nested,
    kernel_size: Sides,
    stride: Sides | None = None,
    padding: Sides = 0,
    ceil_mode: bool = False,
    count_include_pad: bool = True,
    divisor_override: int | None = None,
) -> Nested:
    """`F.avg_pool2d` of one channel.

    Examples:
        >>> avg_pool(((1, 1), (1, 1)), 2, padding=1)
        ((0.25, 0.25), (0.25, 0.25))
    """
    on = pool_axes(sizes(image), kernel_size, stride, padding, ceil_mode=ceil_mode)
    if divisor_override is not None:
        return averaged(image, on, lambda place: divisor_override)
    return averaged(image, on, lambda place: divisor(on, place, count_include_pad=count_include_pad))


def adaptive_max_pool(image: Nested, output_size: Sides) -> tuple[Nested, Nested]:
    """`F.adaptive_max_pool2d(…, return_indices=True)` of one channel."""
    return largest(image, adaptive_axes(sizes(image), output_size))


def adaptive_avg_pool(image: Nested, output_size: Sides) -> Nested:
    """`F.adaptive_avg_pool2d` of one channel.

    Examples:
        >>> adaptive_avg_pool((1, 2, 3, 4, 5), 3)
        (1.5, 3.0, 4.5)
    """
    on = adaptive_axes(sizes(image), output_size)
    return averaged(image, on, lambda place: len(covered(on, place)))
