"""Functions that give a tensor's numbers other axes, or pick some of them."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod
from typing import Any

from calc.torch.dtypes import LONG, DType
from calc.torch.extents import (
    axis,
    flattened,
    joined,
    permuted,
    refuse,
    stacked,
    viewed,
)
from calc.torch.tensor import Size, Tensor, like, picked, spread


def sizes(given: Sequence[Any]) -> tuple[int, ...]:
    """Sizes as they are passed: one by one, or in one sequence; tensors of one number, too."""
    if len(given) == 1 and isinstance(given[0], (tuple, list, Size)):
        given = given[0]
    out = []
    for each in given:
        if isinstance(each, float) or not hasattr(each, "__index__"):
            refuse(
                f"a size must be a whole number, and is {each!r}",
                "use // instead of /" if isinstance(each, float) else "",
            )
        out.append(each.__index__())
    return tuple(out)


def view(input: Tensor, *shape: Any) -> Tensor:
    """The same numbers with other axes."""
    if len(shape) == 1 and isinstance(shape[0], DType):
        return like(input, input._shape, shape[0])
    return like(input, viewed(input._shape, sizes(shape)), values=input.values)


def view_as(input: Tensor, other: Tensor) -> Tensor:
    """The same numbers with the axes of another tensor."""
    return view(input, other._shape)


def reshape(input: Tensor, *shape: Any, **named: Any) -> Tensor:
    """The same numbers with other axes."""
    return view(input, *(named.values() or shape))


def flatten(input: Tensor, start_dim: int = 0, end_dim: int = -1) -> Tensor:
    """Axes put together."""
    return like(input, flattened(input._shape, start_dim, end_dim), values=input.values)


def unflatten(input: Tensor, dim: int, sizes: Sequence[int]) -> Tensor:
    """One axis as several."""
    at = axis(dim, input.ndim)
    inner = viewed((input._shape[at],), sizes)
    return like(input, (*input._shape[:at], *inner, *input._shape[at + 1 :]), values=input.values)


def unsqueeze(input: Tensor, dim: int) -> Tensor:
    """A new axis of size 1."""
    at = axis(dim, input.ndim + 1)
    return like(input, (*input._shape[:at], 1, *input._shape[at:]), values=input.values)


def squeeze(input: Tensor, dim: Any = None) -> Tensor:
    """Without axes of size 1."""
    dims = range(input.ndim) if dim is None else (dim,) if isinstance(dim, int) else dim
    gone = {axis(each, input.ndim) for each in dims}
    kept = tuple(size for at, size in enumerate(input._shape) if not (at in gone and size == 1))
    return like(input, kept, values=input.values)


def permute(input: Tensor, *dims: Any) -> Tensor:
    """The axes in another order."""
    order = permuted(input._shape, sizes(dims))
    shape = tuple(input._shape[at] for at in order)
    values = None
    if input.values is not None:
        steps = [prod(input._shape[at + 1 :]) for at in order]
        places = [0]
        for size, step in zip(shape, steps, strict=True):
            places = [place + number * step for place in places for number in range(size)]
        values = [input.values[place] for place in places]
    return like(input, shape, values=values)


def transpose(input: Tensor, dim0: int, dim1: int) -> Tensor:
    """Two axes exchanged."""
    order = list(range(input.ndim))
    one, other = axis(dim0, input.ndim, "dim0"), axis(dim1, input.ndim, "dim1")
    if order:
        order[one], order[other] = order[other], order[one]
    return permute(input, order)


def movedim(input: Tensor, source: int, destination: int) -> Tensor:
    """One axis moved to another place."""
    one, other = axis(source, input.ndim), axis(destination, input.ndim)
    order = [at for at in range(input.ndim) if at != one]
    order.insert(other, one)
    return permute(input, order)


def t(input: Tensor) -> Tensor:
    """Rows as columns."""
    if input.ndim > 2:
        refuse(f"t() takes at most 2 axes, and got {input._shape}", "use transpose(-2, -1)")
    return transpose(input, 0, 1) if input.ndim == 2 else input


def expand(input: Tensor, *shape: Any) -> Tensor:
    """Axes of size 1 repeated; -1 keeps a size."""
    wanted = sizes(shape)
    missing = len(wanted) - input.ndim
    if missing < 0:
        refuse(f"expand{wanted} has fewer axes than the tensor {input._shape}")
    out = []
    for at, size in enumerate(wanted):
        own = input._shape[at - missing] if at >= missing else 1
        if size == -1 and at >= missing:
            size = own
        if own not in (1, size):
            refuse(f"expand{wanted}: axis {at} of {input._shape} has {own} and cannot become {size}", "only 1 can grow")
        out.append(size)
    return like(input, out, values=spread(input, tuple(out)))


def expand_as(input: Tensor, other: Tensor) -> Tensor:
    """Expanded to another tensor's shape."""
    return expand(input, other._shape)


def broadcast_to(input: Tensor, size: Sequence[int]) -> Tensor:
    """Expanded to a shape."""
    return expand(input, *size)


def repeat(input: Tensor, *times: Any) -> Tensor:
    """The whole tensor several times along each axis."""
    counts = sizes(times)
    if len(counts) < input.ndim:
        refuse(f"repeat{counts} must have a number for each axis of {input._shape}")
    padded = (1,) * (len(counts) - input.ndim) + input._shape
    whole = like(input, padded, values=input.values)
    places = [list(range(size)) * count for size, count in zip(padded, counts, strict=True)]
    shape = tuple(size * count for size, count in zip(padded, counts, strict=True))
    return like(input, shape, values=picked(whole, places) if input.values is not None else None)


def repeat_interleave(input: Tensor, repeats: int, dim: int | None = None) -> Tensor:
    """Each entry several times in a row."""
    if dim is None:
        return repeat_interleave(flatten(input), repeats, 0)
    at = axis(dim, input.ndim)
    shape = tuple(size * repeats if place == at else size for place, size in enumerate(input._shape))
    return like(input, shape)


def cat(tensors: Sequence[Tensor], dim: int = 0, **named: Any) -> Tensor:
    """Tensors joined along an axis."""
    tensors, dim = list(tensors), named.get("axis", dim)
    shape = joined([each._shape for each in tensors], dim)
    out = like(tensors[0], shape)
    at = axis(dim, len(shape))
    if at == 0 and all(each.values is not None for each in tensors):
        out = like(tensors[0], shape, values=[value for each in tensors for value in each.values or ()])
    return out


def stack(tensors: Sequence[Tensor], dim: int = 0) -> Tensor:
    """Tensors along a new axis."""
    tensors = list(tensors)
    shape = stacked([each._shape for each in tensors], dim)
    at_front = axis(dim, len(shape)) == 0 and all(each.values is not None for each in tensors)
    values = [value for each in tensors for value in each.values or ()] if at_front else None
    return like(tensors[0], shape, values=values)


def roll(input: Tensor, shifts: Any, dims: Any = None) -> Tensor:
    """Entries moved round an axis."""
    return like(input, input._shape)


def flip(input: Tensor, *dims: Any) -> Tensor:
    """Axes turned round."""
    for dim in sizes(dims):
        axis(dim, input.ndim)
    return like(input, input._shape)


def unfold(input: Tensor, dimension: int, size: int, step: int) -> Tensor:
    """Windows along an axis, as a new last axis: `Tensor.unfold`."""
    at = axis(dimension, input.ndim)
    if size > input._shape[at]:
        refuse(f"unfold: size (={size}) must be at most {input._shape[at]}, the size of axis {at}")
    places = (input._shape[at] - size) // step + 1
    return like(input, (*input._shape[:at], places, *input._shape[at + 1 :], size))


def gather(input: Tensor, dim: int, index: Tensor) -> Tensor:
    """Entries picked along an axis."""
    axis(dim, input.ndim)
    return like(input, index._shape)


def index_select(input: Tensor, dim: int, index: Tensor) -> Tensor:
    """Slices picked along an axis."""
    at = axis(dim, input.ndim)
    return like(input, (*input._shape[:at], index._shape[0] if index._shape else 1, *input._shape[at + 1 :]))


def tril(input: Tensor, diagonal: int = 0) -> Tensor:
    """Below the diagonal, zeros elsewhere."""
    return _triangle(input, lambda row, column: column - row <= diagonal)


def triu(input: Tensor, diagonal: int = 0) -> Tensor:
    """Above the diagonal, zeros elsewhere."""
    return _triangle(input, lambda row, column: column - row >= diagonal)


def diag(input: Tensor, diagonal: int = 0) -> Tensor:
    """A vector as the diagonal of a matrix, or the diagonal of a matrix."""
    if input.ndim == 1:
        side = input._shape[0] + abs(diagonal)
        return like(input, (side, side))
    if input.ndim != 2:
        refuse(f"diag takes 1 or 2 axes, and got {input._shape}")
    rows, columns = input._shape
    return like(input, (max(0, min(rows, columns - diagonal) if diagonal >= 0 else min(rows + diagonal, columns)),))


def _triangle(input: Tensor, keeps: Any) -> Tensor:
    if input.ndim < 2:
        refuse(f"a triangle needs at least 2 axes, and the tensor has {input._shape}")
    values = None
    if input.values is not None:
        columns, rows = input._shape[-1], input._shape[-2]
        values = [
            value if keeps(at // columns % rows, at % columns) else type(value)(0)
            for at, value in enumerate(input.values)
        ]
    return like(input, input._shape, values=values)


def argsorted(input: Tensor, dim: int = -1, descending: bool = False) -> Tensor:
    """Positions in order."""
    axis(dim, input.ndim)
    return like(input, input._shape, LONG)
