"""Tensors that code makes by itself."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil, prod
from typing import Any

from calc.torch.dtypes import FLOAT, LONG, DType, of_number, promoted
from calc.torch.extents import refuse
from calc.torch.tensor import MOST_VALUES, Tensor, like
from calc.torch.views import sizes


def tensor(data: Any, dtype: DType | None = None, **options: Any) -> Tensor:
    """Numbers in nested lists."""
    if isinstance(data, Tensor):
        return Tensor(data._shape, dtype or data.dtype, data.values)
    shape, values, kinds = _nested(data)
    kind = dtype
    for each in () if dtype else kinds:
        kind = promoted(kind, of_number(each())) if kind else of_number(each())
    return Tensor(shape, kind or FLOAT, values)


def _nested(data: Any) -> tuple[tuple[int, ...], list[Any] | None, set[type]]:
    """Shape, numbers and their types; numbers only where they are few."""
    if isinstance(data, Tensor):
        held = data.known("a tensor made of tensors")
        return data._shape, held, set(map(type, held))
    if not isinstance(data, (list, tuple)):
        if not isinstance(data, (bool, int, float, complex)):
            refuse(f"a tensor holds numbers, and got {data!r:.40}")
        return (), [data], {type(data)}
    kinds = set(map(type, data))
    if data and kinds <= {bool, int, float, complex}:
        return (len(data),), list(data), kinds
    parts = [_nested(each) for each in data]
    shapes = {shape for shape, _, _ in parts}
    if len(shapes) > 1:
        refuse("a tensor's rows must be equally long")
    inner = shapes.pop() if shapes else ()
    shape = (len(parts), *inner)
    few = prod(shape) <= MOST_VALUES
    values = [value for _, values, _ in parts for value in values or ()] if few else None
    return shape, values, set().union(*(found for _, _, found in parts))


def full(size: Any, fill_value: Any, dtype: DType | None = None, **options: Any) -> Tensor:
    """One number everywhere."""
    shape = sizes((size,))
    kind = dtype or (of_number(fill_value) if isinstance(fill_value, (bool, int, float)) else FLOAT)
    few = isinstance(fill_value, (bool, int, float)) and prod(shape) <= MOST_VALUES
    return Tensor(shape, kind, [fill_value] * prod(shape) if few else None)


def zeros(*size: Any, dtype: DType | None = None, **options: Any) -> Tensor:
    """Zeros; sizes one by one or in a sequence."""
    return full(
        sizes(size or (options.pop("size", ()),)), 0.0 if dtype is None or dtype.is_floating_point else 0, dtype
    )


def ones(*size: Any, dtype: DType | None = None, **options: Any) -> Tensor:
    """Ones; sizes one by one or in a sequence."""
    return full(
        sizes(size or (options.pop("size", ()),)), 1.0 if dtype is None or dtype.is_floating_point else 1, dtype
    )


def empty(*size: Any, dtype: DType | None = None, **options: Any) -> Tensor:
    """Any numbers: a shape."""
    return Tensor(sizes(size or (options.pop("size", ()),)), dtype or FLOAT)


def randint(low: Any, high: Any = None, size: Any = None, dtype: DType | None = None, **options: Any) -> Tensor:
    """Whole numbers by chance."""
    if size is None:
        size = high
    return Tensor(sizes((size,)), dtype or LONG)


def randperm(n: int, **options: Any) -> Tensor:
    """Positions in an order by chance."""
    return Tensor((n,), LONG)


def arange(start: Any, end: Any = None, step: Any = 1, dtype: DType | None = None, **options: Any) -> Tensor:
    """Numbers from start to before end."""
    if end is None:
        start, end = 0, start
    start, end, step = (each._number() if isinstance(each, Tensor) else each for each in (start, end, step))
    count = max(0, ceil((end - start) / step))
    whole = all(isinstance(each, int) for each in (start, end, step))
    values = [start + at * step for at in range(count)] if count <= MOST_VALUES else None
    return to_kind(Tensor((count,), LONG if whole else FLOAT, values), dtype)


def linspace(start: float, end: float, steps: int, dtype: DType | None = None, **options: Any) -> Tensor:
    """Equally spaced numbers."""
    gap = (end - start) / (steps - 1) if steps > 1 else 0.0
    return Tensor((steps,), dtype or FLOAT, [start + at * gap for at in range(min(steps, MOST_VALUES + 1))])


def eye(n: int, m: int | None = None, dtype: DType | None = None, **options: Any) -> Tensor:
    """Ones on the diagonal."""
    columns = n if m is None else m
    return Tensor((n, columns), dtype or FLOAT, [float(row == at) for row in range(n) for at in range(columns)])


def zeros_like(input: Tensor, **options: Any) -> Tensor:
    """Zeros in a tensor's shape."""
    return zeros(input._shape, dtype=options.get("dtype") or input.dtype)


def ones_like(input: Tensor, **options: Any) -> Tensor:
    """Ones in a tensor's shape."""
    return ones(input._shape, dtype=options.get("dtype") or input.dtype)


def empty_like(input: Tensor, **options: Any) -> Tensor:
    """A tensor's shape."""
    return Tensor(input._shape, options.get("dtype") or input.dtype)


def full_like(input: Tensor, fill_value: Any, **options: Any) -> Tensor:
    """One number in a tensor's shape."""
    return full(input._shape, fill_value, options.get("dtype") or input.dtype)


def new_full(input: Tensor, size: Any, fill_value: Any, **options: Any) -> Tensor:
    """One number, of a tensor's kind."""
    return full(size, fill_value, options.get("dtype") or input.dtype)


def new_zeros(input: Tensor, *size: Any, **options: Any) -> Tensor:
    """Zeros of a tensor's kind."""
    return zeros(*size, dtype=options.get("dtype") or input.dtype)


def new_ones(input: Tensor, *size: Any, **options: Any) -> Tensor:
    """Ones of a tensor's kind."""
    return ones(*size, dtype=options.get("dtype") or input.dtype)


def new_empty(input: Tensor, *size: Any, **options: Any) -> Tensor:
    """A shape, of a tensor's kind."""
    return empty(*size, dtype=options.get("dtype") or input.dtype)


def new_tensor(input: Tensor, data: Any, **options: Any) -> Tensor:
    """Numbers of a tensor's kind."""
    return tensor(data, options.get("dtype") or input.dtype)


def to_kind(input: Tensor, dtype: DType | None) -> Tensor:
    """The same numbers as another kind."""
    if dtype is None or dtype is input.dtype:
        return input
    convert = {0: bool, 1: int, 2: float, 3: complex}[dtype.category]
    values = None if input.values is None else [convert(value) for value in input.values]
    made = like(input, input._shape, dtype, values)
    made.sources = input.sources
    return made


def meshgrid(*tensors: Any, indexing: str = "ij") -> tuple[Tensor, ...]:
    """Coordinates of a grid."""
    if len(tensors) == 1 and isinstance(tensors[0], Sequence):
        tensors = tuple(tensors[0])
    lengths = [each._shape[0] if each._shape else 1 for each in tensors]
    if indexing == "xy" and len(lengths) > 1:
        lengths[:2] = lengths[1], lengths[0]
    return tuple(like(each, lengths) for each in tensors)
