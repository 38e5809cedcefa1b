"""Functions that put many numbers together."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from calc.torch.dtypes import FLOAT, LONG, TRUTH, WHOLE, DType
from calc.torch.extents import axis, reduced, refuse
from calc.torch.tensor import Tensor, like


class Extreme(NamedTuple):
    """The largest or smallest numbers along an axis, and where they are."""

    values: Tensor
    indices: Tensor


def _dims(options: dict[str, Any], dim: Any) -> Any:
    return options.get("axis", dim)


def total(input: Tensor, dim: Any = None, keepdim: bool = False, dtype: DType | None = None, **options: Any) -> Tensor:
    """The sum over some axes, or over all."""
    dims = _dims(options, dim)
    kind = dtype or (LONG if input.dtype.category <= WHOLE else input.dtype)
    everything = input.values is not None and dims is None
    return like(
        input, reduced(input._shape, dims, keepdim=keepdim), kind, [sum(input.values or ())] if everything else None
    )


def mean(input: Tensor, dim: Any = None, keepdim: bool = False, dtype: DType | None = None, **options: Any) -> Tensor:
    """The mean over some axes, or over all."""
    if input.dtype.category <= WHOLE and dtype is None:
        refuse(f"mean takes fractions, and got {input.dtype}", "use .float() first")
    return like(input, reduced(input._shape, _dims(options, dim), keepdim=keepdim), dtype)


def spreading(input: Tensor, dim: Any = None, unbiased: Any = True, keepdim: bool = False, **options: Any) -> Tensor:
    """Variance or standard deviation."""
    if isinstance(dim, bool):
        dim = None
    return like(input, reduced(input._shape, _dims(options, dim), keepdim=keepdim))


def norm(input: Tensor, p: Any = 2, dim: Any = None, keepdim: bool = False, **options: Any) -> Tensor:
    """The length of vectors."""
    return like(input, reduced(input._shape, _dims(options, dim), keepdim=keepdim))


def largest(input: Tensor, dim: Any = (), keepdim: bool = False, **options: Any) -> Tensor:
    """The largest or smallest number over some axes, or over all."""
    return like(input, reduced(input._shape, _dims(options, dim), keepdim=keepdim))


def truth(input: Tensor, dim: Any = None, keepdim: bool = False, **options: Any) -> Tensor:
    """Whether any or all are true."""
    return like(input, reduced(input._shape, _dims(options, dim), keepdim=keepdim), TRUTH)


def prod(input: Tensor, dim: Any = None, keepdim: bool = False, **options: Any) -> Tensor:
    """The product over an axis, or over all."""
    kind = LONG if input.dtype.category <= WHOLE else input.dtype
    values = [math.prod(input.values)] if input.values is not None and dim is None else None
    return like(input, reduced(input._shape, _dims(options, dim), keepdim=keepdim), kind, values)


def extreme(function: Callable[..., Any], pointwise: Callable[..., Tensor]) -> Callable[..., Any]:
    """`max` and `min`: of all numbers, along an axis with positions, or of two tensors."""

    def apply(input: Tensor, dim: Any = None, keepdim: bool = False, **options: Any) -> Any:
        other = options.get("other", dim)
        if isinstance(other, Tensor):
            return pointwise(input, other)
        dims = _dims(options, dim)
        if dims is None:
            return like(input, (), values=[function(input.values)] if input.values else None)
        shape = reduced(input._shape, dims, keepdim=keepdim)
        return Extreme(like(input, shape), like(input, shape, LONG))

    return apply


def position(input: Tensor, dim: Any = None, keepdim: bool = False) -> Tensor:
    """Where the largest or smallest number is."""
    return like(input, reduced(input._shape, dim, keepdim=keepdim), LONG)


def along(input: Tensor, dim: int = -1, **options: Any) -> Tensor:
    """A function along an axis that keeps the shape: softmax, cumulative sums."""
    axis(dim, input.ndim)
    kind = options.get("dtype")
    return like(input, input._shape, kind)


def cumulative(input: Tensor, dim: int = -1, **options: Any) -> Tensor:
    """Sums up to each place."""
    axis(dim, input.ndim)
    kind = options.get("dtype") or (LONG if input.dtype.category <= WHOLE else input.dtype)
    values = None
    if input.values is not None and input.ndim == 1:
        values, reached = [], 0
        for value in input.values:
            reached += value
            values.append(reached)
    return like(input, input._shape, kind, values)


def softmax(input: Tensor, dim: int | None = None, dtype: DType | None = None, **options: Any) -> Tensor:
    """Shares that add up to 1 along an axis."""
    if dim is not None:
        axis(dim, input.ndim)
    if input.dtype.category <= WHOLE and dtype is None:
        refuse(f"softmax takes fractions, and got {input.dtype}", "use .float() first")
    return like(input, input._shape, dtype)


def diff(input: Tensor, n: int = 1, dim: int = -1, **options: Any) -> Tensor:
    """Each number less the one before it."""
    at = axis(dim, input.ndim)
    shape = tuple(max(0, size - n) if place == at else size for place, size in enumerate(input._shape))
    values = input.values if input.ndim == 1 else None
    for _ in range(n if values is not None else 0):
        values = [later - earlier for earlier, later in itertools.pairwise(values or ())]
    return like(input, shape, values=values)


def topk(input: Tensor, k: int, dim: int = -1, *options: Any, **named: Any) -> Extreme:
    """The k largest along an axis."""
    at = axis(dim, input.ndim)
    if k > input._shape[at]:
        refuse(f"topk: k (={k}) must be at most {input._shape[at]}, the size of axis {at} of {input._shape}")
    shape = (*input._shape[:at], k, *input._shape[at + 1 :])
    return Extreme(like(input, shape), like(input, shape, LONG))


def sort(input: Tensor, dim: int = -1, *options: Any, **named: Any) -> Extreme:
    """In order along an axis, with the positions."""
    axis(dim, input.ndim)
    return Extreme(like(input, input._shape), like(input, input._shape, LONG))


def var_mean(input: Tensor, dim: Any = None, **options: Any) -> tuple[Tensor, Tensor]:
    """Variance and mean."""
    shape = reduced(input._shape, dim, keepdim=options.get("keepdim", False))
    return like(input, shape), like(input, shape)


def cdist(x1: Tensor, x2: Tensor, *options: Any) -> Tensor:
    """Distances between the rows of two tensors."""
    if x1._shape[-1] != x2._shape[-1]:
        refuse(f"cdist: rows must be equally long, and have {x1._shape[-1]} and {x2._shape[-1]}")
    return Tensor((*x1._shape[:-2], x1._shape[-2], x2._shape[-2]), FLOAT)


def one_hot(tensor: Tensor, num_classes: int = -1) -> Tensor:
    """A 1 at each class."""
    if num_classes < 0:
        num_classes = max(tensor.known("one_hot without num_classes")) + 1
    return Tensor((*tensor._shape, num_classes), LONG)


def numbers(shape: Sequence[int]) -> int:
    """How many numbers a shape holds."""
    return math.prod(shape)
