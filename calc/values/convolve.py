"""Convolution on values, as every framework has it: cross-correlation, the kernel is not turned.

An image is nested tuples, (C, H, W) or with as many axes as you like behind the
channels; a weight is (C_out, C_in / groups, *kernel), PyTorch's order. A batch is one
call for each sample.

Sources: https://docs.pytorch.org/docs/stable/generated/torch.nn.Conv2d.html; the rule of
"same" and "causal" from https://keras.io/api/layers/convolution_layers/.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from calc.layers.window import margins_covering, reach
from calc.values.matrix import dot

__all__ = ["Axis", "axes", "convolve", "correlate", "flat", "placed", "sizes", "terms", "turned", "window"]

Nested: TypeAlias = Any
"""Tuples of tuples … of floats, one level for each axis."""

Padding: TypeAlias = "int | str | Sequence[int | Sequence[int]]"
"""Cells on each side; for each axis a number or (before, after); or "valid", "same", "causal"."""


@dataclass(frozen=True)
class Axis:
    """One axis of an input with a window on it: which cell each tap reads at each place.

    Cells are counted from 0; those of the padding have numbers below 0, or from `cells` on.

    Examples:
        >>> axis = Axis(cells=5, taps=3, before=1, after=1, stride=2)
        >>> axis.places, axis.reads(0), axis.read_by(1)
        (3, (-1, 0, 1), ((0, 2), (1, 0)))
    """

    cells: int
    taps: int
    stride: int = 1
    before: int = 0
    after: int = 0
    dilation: int = 1

    @property
    def span(self) -> int:
        """How many cells the window covers, those between its taps among them."""
        return reach(self.taps, self.dilation)

    @property
    def places(self) -> int:
        """How many places the window has: what does not fit whole is dropped. 0 where it never fits."""
        return max((self.cells + self.before + self.after - self.span) // self.stride + 1, 0)

    def reads(self, place: int) -> tuple[int, ...]:
        """The cell under each tap when the window is at a place."""
        start = place * self.stride - self.before
        return tuple(start + tap * self.dilation for tap in range(self.taps))

    def read_by(self, cell: int) -> tuple[tuple[int, int], ...]:
        """The other way round: the places that read a cell, each with the tap that does."""
        return tuple(
            (place, tap) for place in range(self.places) for tap, read in enumerate(self.reads(place)) if read == cell
        )

    def holds(self, cell: int) -> bool:
        """Whether a cell belongs to the input and not to the padding."""
        return 0 <= cell < self.cells


def axes(
    cells: Sequence[int],
    taps: Sequence[int],
    stride: int | Sequence[int] = 1,
    padding: Padding = 0,
    dilation: int | Sequence[int] = 1,
) -> tuple[Axis, ...]:
    """The axes of an input of this many cells with a window of this many taps.

    "same" pads as little as gives ⌈cells / stride⌉ places, the odd cell after, as Keras
    does and, for stride 1, PyTorch; "causal" pads before only.
    """
    count = len(cells)
    strides, dilations = ((each,) * count if isinstance(each, int) else tuple(each) for each in (stride, dilation))
    return tuple(
        Axis(n, k, s, *_margins(n, k, s, d, padding if isinstance(padding, (int, str)) else padding[index]), d)
        for index, (n, k, s, d) in enumerate(zip(cells, taps, strides, dilations, strict=True))
    )


def _margins(n: int, k: int, s: int, d: int, padding: int | str | Sequence[int]) -> tuple[int, int]:
    if isinstance(padding, int):
        return padding, padding
    if not isinstance(padding, str):
        before, after = padding
        return before, after
    if padding not in ("valid", "same", "causal"):
        raise ValueError(f"padding (={padding!r}) must be 'valid', 'same', 'causal' or numbers.")
    causal = (reach(k, d) - 1, 0)
    return {"valid": (0, 0), "same": margins_covering(n, k, s, d), "causal": causal}[padding]


def sizes(nested: Nested) -> tuple[int, ...]:
    """How many entries there are along each axis."""
    return (len(nested), *sizes(nested[0])) if isinstance(nested, Sequence) and nested else ()


def flat(nested: Nested) -> tuple[float, ...]:
    """All numbers in their order, the last axis fastest."""
    return tuple(leaf for each in nested for leaf in flat(each)) if isinstance(nested, Sequence) else (nested,)


def window(image: Nested, on: Sequence[Axis], place: Sequence[int], fill: float = 0.0) -> tuple[float, ...]:
    """What a window reads at a place, tap by tap, the last axis fastest; `fill` stands in the padding.

    Examples:
        >>> image = ((0, 1, 2), (3, 4, 5), (6, 7, 8))
        >>> window(image, axes((3, 3), (2, 2)), (0, 1))
        (1, 2, 4, 5)
    """
    if not on:
        return (image,)
    (first, *others), (index, *inner) = on, place
    read: list[float] = []
    for cell in first.reads(index):
        if image is not None and first.holds(cell):
            read += window(image[cell], others, inner, fill)
        elif others:
            read += window(None, others, inner, fill)
        else:
            read.append(fill)
    return tuple(read)


def placed(on: Sequence[Axis], function: Callable[[tuple[int, ...]], float], at: tuple[int, ...] = ()) -> Nested:
    """What a function gives for every place of a window, in rows and columns."""
    if not on:
        return function(at)
    return tuple(placed(on[1:], function, (*at, index)) for index in range(on[0].places))


def correlate(
    image: Nested,
    kernel: Nested,
    stride: int | Sequence[int] = 1,
    padding: Padding = 0,
    dilation: int | Sequence[int] = 1,
) -> Nested:
    """A kernel over an image without channels: at each place the sum of the products.

    Examples:
        >>> correlate(((0, 1, 2), (3, 4, 5), (6, 7, 8)), ((0, 1), (2, 3)))
        ((19, 25), (37, 43))
    """
    return convolve((image,), ((kernel,),), None, stride, padding, dilation)[0]


def convolve(
    image: Nested,
    weight: Nested,
    bias: Sequence[float] | None = None,
    stride: int | Sequence[int] = 1,
    padding: Padding = 0,
    dilation: int | Sequence[int] = 1,
    groups: int = 1,
) -> Nested:
    """(C_in, *cells) by (C_out, C_in / groups, *kernel) gives (C_out, *places).

    Each output channel sums over the input channels of its group, and adds its bias.
    Raises `ValueError` where the channels do not fit.

    Examples:
        >>> convolve(((1, 2, 3), (4, 5, 6)), (((1, 0), (0, 1)),), bias=(10,))
        ((16, 18),)
    """
    on = axes(sizes(image)[1:], sizes(weight)[2:], stride, padding, dilation)
    _require_channels(len(image), len(weight), len(weight[0]), groups)

    def output(channel: int) -> Callable[[tuple[int, ...]], float]:
        kernels = [flat(kernel) for kernel in weight[channel]]
        seen = [image[index] for index in seen_by(channel, len(weight), len(weight[0]), groups)]
        added = bias[channel] if bias is not None else 0
        return lambda place: (
            sum(dot(window(each, on, place), kernel) for each, kernel in zip(seen, kernels, strict=True)) + added
        )

    return tuple(placed(on, output(channel)) for channel in range(len(weight)))


def seen_by(channel: int, outside: int, inside: int, groups: int) -> range:
    """The input channels that an output channel sums over: those of its group, `inside` of them."""
    group = channel // (outside // groups)
    return range(group * inside, (group + 1) * inside)


def terms(image: Nested, kernel: Nested, on: Sequence[Axis], place: Sequence[int]) -> list[tuple[float, float]]:
    """The factors that are multiplied and summed at a place: (cell, weight) for each tap."""
    return list(zip(window(image, on, place), flat(kernel), strict=True))


def turned(kernel: Nested) -> Nested:
    """The kernel turned around along every axis: with it cross-correlation is what mathematics calls convolution.

    Examples:
        >>> turned(((1, 2), (3, 4)))
        ((4, 3), (2, 1))
    """
    return tuple(turned(each) for each in reversed(kernel)) if isinstance(kernel, Sequence) else kernel


def _require_channels(inputs: int, outside: int, inside: int, groups: int) -> None:
    if inputs != inside * groups:
        raise ValueError(f"groups (={groups}) of {inside} channels must make {inputs}, the image's channels.")
    if outside % groups:
        raise ValueError(f"groups (={groups}) must divide the {outside} output channels.")
