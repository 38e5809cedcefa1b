"""Upsampling on values: what each new cell is made of; and cells that only move, pixel shuffle and unfold.

Nearest and linear interpolation treat one axis after the other, so a new cell's weight
for an old one is the product of those along the axes.

Sources: https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.interpolate.html,
`aten/src/ATen/native/UpSample.h`; torch.nn.PixelShuffle, torch.nn.Unfold.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from math import floor, prod
from typing import NamedTuple, TypeAlias

from calc.values.convolve import Padding, axes, flat, placed, sizes, window
from calc.values.matrix import Matrix
from calc.values.nested import Cell, Nested, at_cell, filled

Sides: TypeAlias = "int | Sequence[int]"

__all__ = ["Share", "interpolate", "pixel_shuffle", "pixel_unshuffle", "point", "shares", "unfold"]


class Share(NamedTuple):
    """An old cell and its weight in a new one."""

    cell: Cell
    weight: float


def point(n: int, o: int, place: int, *, align_corners: bool = False) -> float:
    """Where the middle of a new cell lies among the middles of the old: n cells become o.

    With `align_corners` the first and the last middles stay where they are; without, the
    edges of the cells do, and what lies before the first middle counts as the first.

    Examples:
        >>> [point(2, 4, place) for place in range(4)]
        [0.0, 0.25, 0.75, 1.25]
        >>> [point(3, 5, place, align_corners=True) for place in range(5)]
        [0.0, 0.5, 1.0, 1.5, 2.0]
    """
    if align_corners:
        return (n - 1) / (o - 1) * place if o > 1 else 0.0
    return max(n / o * (place + 0.5) - 0.5, 0.0)


def _along(n: int, o: int, place: int, mode: str, align_corners: bool) -> list[tuple[int, float]]:
    if mode == "nearest":
        return [(place * n // o, 1.0)]
    at = point(n, o, place, align_corners=align_corners)
    first = min(floor(at), n - 1)
    if first == n - 1:
        return [(first, 1.0)]
    return [(first, 1 - (at - first)), (first + 1, at - first)]


def shares(
    cells: Sequence[int], size: Sequence[int], place: Cell, mode: str = "nearest", *, align_corners: bool = False
) -> list[Share]:
    """The old cells that a new one is made of, with weights that add up to 1; those of weight 0 left out.

    Examples:
        >>> shares((2,), (4,), (1,), "linear")
        [Share(cell=(0,), weight=0.75), Share(cell=(1,), weight=0.25)]
    """
    along = (
        # What rounding leaves over is no share.
        [(cell, weight) for cell, weight in _along(n, o, index, mode, align_corners) if weight > 1e-9]
        for n, o, index in zip(cells, size, place, strict=True)
    )
    return [Share(tuple(cell for cell, _ in pairs), prod(weight for _, weight in pairs)) for pairs in product(*along)]


def interpolate(image: Nested, size: Sides, mode: str = "nearest", *, align_corners: bool = False) -> Nested:
    """`F.interpolate(…, size=…)` of one channel.

    Examples:
        >>> interpolate((0, 4), 4, "linear")
        (0.0, 1.0, 3.0, 4.0)
    """
    cells = sizes(image)
    asked = (size,) * len(cells) if isinstance(size, int) else tuple(size)
    if mode not in ("nearest", "linear", "bilinear"):
        raise ValueError(f"mode (={mode!r}) must be 'nearest', 'linear' or 'bilinear'.")

    def mixed(part: Nested, place: Cell) -> float:
        """Along one axis after the other, as PyTorch does, so that the last digit is the same."""
        if not place:
            return float(part)
        axis = len(cells) - len(place)
        along = _along(cells[axis], asked[axis], place[0], mode, align_corners)
        return sum(weight * mixed(part[cell], place[1:]) for cell, weight in along)

    return filled(asked, lambda place: mixed(image, place))


def pixel_shuffle(image: Nested, upscale_factor: int) -> Nested:
    """(C·r², H, W) to (C, H·r, W·r): of r² channels each gives one cell of every r × r block.

    Examples:
        >>> pixel_shuffle((((0,),), ((1,),), ((2,),), ((3,),)), 2)
        (((0, 1), (2, 3)),)
    """
    r = upscale_factor
    channels, height, width = sizes(image)
    if channels % r**2:
        raise ValueError(f"upscale_factor (={r}) squared must divide the {channels} channels.")
    return filled(
        (channels // r**2, height * r, width * r),
        lambda at: at_cell(image, (at[0] * r**2 + at[1] % r * r + at[2] % r, at[1] // r, at[2] // r)),
    )


def pixel_unshuffle(image: Nested, downscale_factor: int) -> Nested:
    """(C, H·r, W·r) to (C·r², H, W): the way back."""
    r = downscale_factor
    channels, height, width = sizes(image)
    if height % r or width % r:
        raise ValueError(f"downscale_factor (={r}) must divide the sides, {height} and {width}.")
    return filled(
        (channels * r**2, height // r, width // r),
        lambda at: at_cell(image, (at[0] // r**2, at[1] * r + at[0] % r**2 // r, at[2] * r + at[0] % r)),
    )


def unfold(
    image: Nested, kernel_size: Sequence[int], dilation: Sides = 1, padding: Padding = 0, stride: Sides = 1
) -> Matrix:
    """`F.unfold` of one sample: (C, H, W) to (C·k·k, L), a column for each place of the window.

    Examples:
        >>> unfold((((1, 2, 3), (4, 5, 6)),), (2, 2))
        ((1, 2), (2, 3), (4, 5), (5, 6))
    """
    on = axes(sizes(image)[1:], kernel_size, stride, padding, dilation)
    taps = range(prod(kernel_size))
    return tuple(
        flat(placed(on, lambda place, tap=tap, channel=channel: window(channel, on, place)[tap]))  # type: ignore[misc]
        for channel in image
        for tap in taps
    )
