"""Parts of a tensor: `tensor[key]`, `tensor[key] = value`, slices and pieces."""

from __future__ import annotations

from typing import Any

from calc.torch.creation import tensor
from calc.torch.dtypes import TRUTH, WHOLE
from calc.torch.extents import Shape, axis, broadcast, refuse
from calc.torch.tensor import Tensor, like, picked
from calc.torch.views import sizes


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
    if isinstance(value, Tensor):
        input.sources = (*input.sources, *value.sources)
    place = index(input, key)
    if isinstance(value, Tensor) and broadcast(place._shape, value._shape) != place._shape:
        refuse(f"a tensor of shape {value._shape} does not fit into {place._shape}")
    input.values = None


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
