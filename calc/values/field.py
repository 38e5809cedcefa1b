"""The receptive field of a stack of windows, layer by layer, along one axis.

The same by the widely used recurrence; `calc.sight` follows places through branching
networks and gives equal numbers for a stack.

Source: A. Araujo, W. Norris, J. Sim, "Computing receptive fields of convolutional neural
networks", Distill 2019, doi:10.23915/distill.00021.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple


class Layer(NamedTuple):
    """A window that moves: a convolution or a pool."""

    kernel: int
    stride: int = 1
    dilation: int = 1


class Field(NamedTuple):
    """What one place of a map sees of the input, `size` cells from first to last, and how far apart neighbours look."""

    size: int
    jump: int


def fields(layers: Sequence[Layer]) -> list[Field]:
    """The input's field, then that of each layer's map: r + (k − 1)·d·j, and j·s.

    Examples:
        >>> fields([Layer(5), Layer(2, 2), Layer(5), Layer(2, 2)])[-1]
        Field(size=16, jump=4)
    """
    found = [Field(1, 1)]
    for kernel, stride, dilation in layers:
        size, jump = found[-1]
        found.append(Field(size + (kernel - 1) * dilation * jump, jump * stride))
    return found


def reads(layer: Layer, place: int) -> tuple[int, ...]:
    """The places of its input that a layer reads for one of its own, without padding."""
    return tuple(place * layer.stride + tap * layer.dilation for tap in range(layer.kernel))


def seen(layers: Sequence[Layer], place: int = 0) -> list[tuple[int, ...]]:
    """For each map from the last down to the input, the places that one place of the last is made of.

    Examples:
        >>> seen([Layer(3), Layer(2, 2)], 1)
        [(1,), (2, 3), (2, 3, 4, 5)]
    """
    found: list[tuple[int, ...]] = [(place,)]
    for layer in reversed(layers):
        found.append(tuple(sorted({each for at in found[-1] for each in reads(layer, at)})))
    return found


def widths(layers: Sequence[Layer]) -> list[int]:
    """How many places of each map, from the input up, lie between the first and the last that one of the last sees."""
    return [places[-1] - places[0] + 1 for places in reversed(seen(layers))]
