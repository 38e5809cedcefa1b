"""Transposed convolution on values: each input cell stamps its multiple of the kernel, stamps are added up.

It is a convolution read backwards: what a convolution of the same numbers would read
at place i of the output, input cell i writes to. So its windows are the convolution's,
`calc.values.convolve.Axis`, laid on the output.

An image is (C_in, *cells), a weight (C_in, C_out / groups, *kernel), PyTorch's order.

Sources: https://docs.pytorch.org/docs/stable/generated/torch.nn.ConvTranspose2d.html;
V. Dumoulin, F. Visin, arXiv:1603.07285, chapter 4.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import product
from typing import TypeAlias

from calc.layers.window import spread
from calc.values.convolve import Axis, sizes
from calc.values.nested import Cell, Nested, at_cell, filled

Sides: TypeAlias = "int | Sequence[int]"

__all__ = ["conv_transpose", "parts", "stamp", "stamp_axes", "stamped"]


def stamp_axes(
    cells: Sequence[int],
    taps: Sequence[int],
    stride: Sides = 1,
    padding: Sides = 0,
    output_padding: Sides = 0,
    dilation: Sides = 1,
) -> tuple[Axis, ...]:
    """The output's axes, with the kernel as the window on them: input cell i stamps what place i reads.

    Examples:
        >>> [axis] = stamp_axes((3,), (3,), stride=2, padding=1)
        >>> axis.cells, axis.reads(1)
        (5, (1, 2, 3))
    """
    count = len(cells)
    each = [
        (side,) * count if isinstance(side, int) else tuple(side)
        for side in (stride, padding, output_padding, dilation)
    ]
    return tuple(
        Axis(spread(n, k, s, p, d, op), k, s, p, p, d) for n, k, s, p, op, d in zip(cells, taps, *each, strict=True)
    )


def stamp(on: Sequence[Axis], cell: Cell) -> list[Cell]:
    """The output cells that an input cell writes to, tap by tap; those cut off have numbers outside the output."""
    return list(product(*(axis.reads(index) for axis, index in zip(on, cell, strict=True))))


def parts(cells: Sequence[int], on: Sequence[Axis], place: Cell) -> list[tuple[Cell, Cell]]:
    """The other way round: the (input cell, tap) that are multiplied and added for an output cell.

    Examples:
        >>> parts((2,), stamp_axes((2,), (3,), stride=2), (2,))
        [((0,), (2,)), ((1,), (0,))]
    """
    along = (
        [(cell, tap) for cell in range(n) for tap, written in enumerate(axis.reads(cell)) if written == index]
        for n, axis, index in zip(cells, on, place, strict=True)
    )
    return [(tuple(cell for cell, _ in pairs), tuple(tap for _, tap in pairs)) for pairs in product(*along)]


def stamped(
    image: Nested, weight: Nested, on: Sequence[Axis], bias: Sequence[float] | None = None, groups: int = 1
) -> Nested:
    """The output on given axes: (C_out, *cells of `on`). Input and output channels are split into `groups`."""
    cells = sizes(image)[1:]
    inside, outside = len(image) // groups, len(weight[0])

    def output(channel: int) -> Callable[[Cell], float]:
        group, index = divmod(channel, outside)
        seen = [(image[source], weight[source][index]) for source in range(group * inside, (group + 1) * inside)]
        added = bias[channel] if bias is not None else 0.0

        def total(place: Cell) -> float:
            pairs = parts(cells, on, place)
            products = (at_cell(x, cell) * at_cell(kernel, tap) for x, kernel in seen for cell, tap in pairs)
            return float(sum(products, start=added))

        return total

    return tuple(filled([axis.cells for axis in on], output(channel)) for channel in range(outside * groups))


def conv_transpose(
    image: Nested,
    weight: Nested,
    bias: Sequence[float] | None = None,
    stride: Sides = 1,
    padding: Sides = 0,
    output_padding: Sides = 0,
    groups: int = 1,
    dilation: Sides = 1,
) -> Nested:
    """`F.conv_transpose2d` of one sample: (C_in, *cells) gives (C_out, *places).

    Examples:
        >>> conv_transpose((((0, 1), (2, 3)),), ((((0, 1), (2, 3)),),))
        (((0.0, 0.0, 1.0), (0.0, 4.0, 6.0), (4.0, 12.0, 9.0)),)
    """
    on = stamp_axes(sizes(image)[1:], sizes(weight)[2:], stride, padding, output_padding, dilation)
    return stamped(image, weight, on, bias, groups)
