"""Functions that give a tensor's numbers other axes, or pick some of them."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod
from typing import Any

from calc.torch.dtypes import LONG, TRUTH, WHOLE, DType
from calc.torch.extents import (
    Shape,
    axis,
    broadcast,
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


def split(tensor: Tensor, split_size_or_sections: Any, dim: int = 0) -> tuple[Tensor, ...]:
    """Pieces of a size, or of the sizes in a list."""
    at = axis(dim, tensor.ndim)
    size, wanted = tensor._shape[at], split_size_or_sections
    if isinstance(wanted, int):
        if wanted < 1:
            refuse(f"split: split_size (={wanted}) must be at least 1")
        pieces = [min(wanted, size - start) for start in range(0, size, wanted)] or [0]
    else:
        pieces = list(sizes((wanted,)))
        if sum(pieces) != size:
            refuse(f"split: the sizes {pieces} must add up to {size}, the size of axis {at} of {tensor._shape}")
    out, start = [], 0
    for piece in pieces:
        out.append(narrow(tensor, at, start, piece))
        start += piece
    return tuple(out)


def chunk(input: Tensor, chunks: int, dim: int = 0) -> tuple[Tensor, ...]:
    """About equal pieces; the last may be smaller."""
    if chunks < 1:
        refuse(f"chunk: chunks (={chunks}) must be at least 1")
    size = input._shape[axis(dim, input.ndim)]
    return split(input, max(1, -(-size // chunks)), dim)


def unbind(input: Tensor, dim: int = 0) -> tuple[Tensor, ...]:
    """The slices along an axis, without it."""
    at = axis(dim, input.ndim)
    return tuple(select(input, at, place) for place in range(input._shape[at]))


def narrow(input: Tensor, dim: int, start: int, length: int) -> Tensor:
    """A range of an axis."""
    at = axis(dim, input.ndim)
    if not 0 <= start <= start + length <= input._shape[at]:
        refuse(f"narrow: {start} to {start + length} is not within axis {at} of {input._shape}")
    return index(input, (*(slice(None),) * at, slice(start, start + length)))


def select(input: Tensor, dim: int, index_: int) -> Tensor:
    """One slice along an axis, without it."""
    return index(input, (*(slice(None),) * axis(dim, input.ndim), index_))


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


def index(input: Tensor, key: Any) -> Tensor:
    """`tensor[key]`: numbers, ranges, `...`, None, lists and tensors of positions or of True and False.

    As in PyTorch, and other than in NumPy, numbers are taken first; what is left of the
    key may then hold tensors.
    """
    keys = [_listed(each) for each in (key if isinstance(key, tuple) else (key,))]
    taken = sum(_takes(each) for each in keys)
    if taken > input.ndim:
        refuse(f"{taken} indices are too many for a tensor of shape {input._shape}")
    gaps = [place for place, each in enumerate(keys) if each is Ellipsis] or [len(keys)]
    before, after = keys[: gaps[0]], [each for each in keys[gaps[0] + 1 :] if each is not Ellipsis]
    keys = [*before, *[slice(None)] * (input.ndim - taken), *after]
    tensors: list[Tensor | None] = []
    plain: list[Any] = []
    for each in keys:
        if isinstance(each, Tensor):
            plain += [slice(None)] * _takes(each)
            tensors += [each, *[None] * (_takes(each) - 1)]
        else:
            plain.append(each)
            tensors += [None] * (not (isinstance(each, int) and not isinstance(each, bool)))
    picked_out = _basic(input, plain)
    return picked_out if all(each is None for each in tensors) else _advanced(picked_out, tensors)


def _listed(key: Any) -> Any:
    if isinstance(key, (list, tuple)):
        from calc.torch.creation import tensor

        return tensor(list(key))
    if isinstance(key, Tensor) and not key._shape and key.dtype.category == WHOLE and key.values is not None:
        return key.values[0]
    return key


def _takes(key: Any) -> int:
    """How many axes a key speaks of."""
    if key is None or key is Ellipsis or isinstance(key, bool):
        return 0
    return key.ndim if isinstance(key, Tensor) and key.dtype is TRUTH else 1


def _basic(input: Tensor, keys: list[Any]) -> Tensor:
    shape: list[int] = []
    places: list[list[int]] = []
    at = 0
    for key in keys:
        if key is None or isinstance(key, bool):
            shape.append(0 if key is False else 1)
            continue
        size = input._shape[at]
        if isinstance(key, slice):
            if isinstance(key.step, int) and key.step < 1:
                refuse(f"a slice must go forward, and its step is {key.step}", "use flip")
            bounds = slice(*(None if each is None else each.__index__() for each in (key.start, key.stop, key.step)))
            chosen = range(*bounds.indices(size))
            shape.append(len(chosen))
        else:
            if not hasattr(key, "__index__"):
                refuse(f"a tensor cannot be indexed with {type(key).__name__} {key!r:.40}")
            number = key.__index__()
            if not -size <= number < size:
                reach = f"it goes from {-size} to {size - 1}"
                refuse(f"index {number} is not within axis {at} of {input._shape}", reach)
            chosen = range(number % size, number % size + 1)
        places.append(list(chosen) if input.values is not None else [])
        at += 1
    return like(input, shape, values=picked(input, places) if input.values is not None else None)


def _advanced(input: Tensor, keys: list[Tensor | None]) -> Tensor:
    """With tensors of positions: their common shape stands where they stood, in front if they are apart."""
    found: list[Shape] = []
    kept: list[int] = []
    where: list[int] = []
    skip = 0
    for at, key in enumerate(keys):
        if skip:
            skip -= 1
            where.append(at)
        elif key is None:
            kept.append(at)
        elif key.dtype is TRUTH:
            if key._shape != input._shape[at : at + key.ndim]:
                refuse(f"a mask of shape {key._shape} does not fit {input._shape[at : at + key.ndim]}")
            found.append((sum(map(bool, key.known("indexing with a mask"))),))
            where.append(at)
            skip = key.ndim - 1
        else:
            if key.dtype.category != WHOLE:
                refuse(f"an index must hold whole numbers, and holds {key.dtype}")
            found.append(key._shape)
            where.append(at)
    common = broadcast(*found)
    together = where[-1] - where[0] + 1 == len(where)
    before = [input._shape[at] for at in kept if together and at < where[0]]
    after = [input._shape[at] for at in kept if not together or at > where[0]]
    return like(input, (*before, *common, *after))


def assign(input: Tensor, key: Any, value: Any) -> None:
    """`tensor[key] = value`: the value must go with what is picked; what the tensor holds is unknown afterwards."""
    if isinstance(key, Tensor) and key.dtype is TRUTH:
        input.values = None
        return
    place = index(input, key)
    if isinstance(value, Tensor) and broadcast(place._shape, value._shape) != place._shape:
        refuse(f"a tensor of shape {value._shape} does not fit into {place._shape}")
    input.values = None


def argsorted(input: Tensor, dim: int = -1, descending: bool = False) -> Tensor:
    """Positions in order."""
    axis(dim, input.ndim)
    return like(input, input._shape, LONG)
