"""A tensor that knows its shape and its kind of numbers, and the numbers themselves only where they are few.

Code needs values now and then: sizes from `torch.arange`, a mask, `.tolist()`. Those
few are computed; all others are unknown, and asking for them is an error that says so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import product as every
from math import prod
from typing import Any, TypeAlias

from calc.absent import AbsentError
from calc.sight import Sight
from calc.torch.dtypes import FLOAT, Device, DType
from calc.torch.extents import Shape, refuse

MOST_VALUES = 2048
"""Beyond it numbers are not kept; code that sizes layers needs far fewer."""

CPU = Device()

Sources: TypeAlias = "tuple[int, ...]"
"""The calls on the tape that the numbers come from; inputs count downwards from -1."""

Sights: TypeAlias = "tuple[Sight, ...] | None"
"""For each axis of places what they see of the input; None is all of it, () says nothing."""


class Size(tuple[int, ...]):
    """A shape, as `tensor.shape` and `tensor.size()` give it."""

    def numel(self) -> int:
        """How many numbers a tensor of this shape holds."""
        return prod(self)

    def __repr__(self) -> str:
        return f"torch.Size({list(self)})"

    def __getitem__(self, at: Any) -> Any:
        found = super().__getitem__(at)
        return Size(found) if isinstance(at, slice) else found


class Tensor:
    """Shape, kind of numbers, and the numbers in row-major order where they are known.

    Functions and methods are put on it by `calc.torch.methods`.
    """

    def __init__(
        self,
        shape: Sequence[int],
        dtype: DType = FLOAT,
        values: Sequence[Any] | None = None,
        *,
        requires_grad: bool = False,
    ) -> None:
        self._shape: Shape = tuple(map(int, shape))
        if min(self._shape, default=0) < 0:
            refuse(f"a tensor of shape {self._shape} must not have a negative axis")
        self.dtype = dtype
        self.values = list(values) if values is not None and len(values) <= MOST_VALUES else None
        self.requires_grad = requires_grad
        self.device: Device = CPU
        self.grad = None
        self.sights: Sights = ()
        self.sources: Sources = ()

    @property
    def shape(self) -> Size:
        """The sizes of the axes."""
        return Size(self._shape)

    @property
    def ndim(self) -> int:
        """How many axes there are."""
        return len(self._shape)

    @property
    def data(self) -> Tensor:
        """The tensor itself, for code that goes round the gradient."""
        return self

    @data.setter
    def data(self, other: Tensor) -> None:
        self._shape, self.dtype, self.values = other._shape, other.dtype, other.values

    @property
    def is_cuda(self) -> bool:
        """Whether it is on a graphics card; here nothing is."""
        return False

    def known(self, what: str) -> list[Any]:
        """The numbers, or an error that says what they were needed for."""
        if self.values is None:
            raise AbsentError(
                f"{what} needs the numbers of a tensor of shape {self._shape}, and only its shape is known here",
                hint="sizes and branches must not depend on what the input holds",
            )
        return self.values

    def __len__(self) -> int:
        if not self._shape:
            raise TypeError("len() of a 0-d tensor")
        return self._shape[0]

    def __iter__(self) -> Iterator[Tensor]:
        if not self._shape:
            raise TypeError("iteration over a 0-d tensor")
        return (self[at] for at in range(self._shape[0]))  # type: ignore[index]

    def __bool__(self) -> bool:
        if prod(self._shape) != 1:
            refuse(f"the truth of a tensor of shape {self._shape} is not one True or False", "use any() or all()")
        return bool(self.known("a branch on a tensor")[0])

    def _number(self) -> Any:
        if prod(self._shape) != 1:
            refuse(f"a tensor of shape {self._shape} is not one number")
        return self.known("a number from a tensor")[0]

    def __int__(self) -> int:
        return int(self._number())

    def __float__(self) -> float:
        return float(self._number())

    def __index__(self) -> int:
        number = self._number()
        if not isinstance(number, int):
            raise TypeError("only integer tensors can be an index")
        return number

    def __hash__(self) -> int:
        return id(self)

    def __repr__(self) -> str:
        return f"tensor(shape={self._shape}, dtype={self.dtype})"

    def __format__(self, spec: str) -> str:
        return format(self._number(), spec) if prod(self._shape) == 1 and self.values else repr(self)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        raise AbsentError(f"Tensor.{name} is not known to this calculator yet")


def tensors_in(value: Any) -> tuple[Tensor, ...]:
    """The tensors in nested sequences and dictionaries."""
    if isinstance(value, Tensor):
        return (value,)
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, (list, tuple)) else ()
    return tuple(found for each in inner for found in tensors_in(each))


def like(tensor: Tensor, shape: Sequence[int], dtype: DType | None = None, values: Any = None) -> Tensor:
    """A result made of a tensor."""
    return Tensor(shape, dtype or tensor.dtype, values, requires_grad=tensor.requires_grad)


def strides(shape: Shape) -> tuple[int, ...]:
    """How far the next place of each axis is, in row-major order."""
    return tuple(prod(shape[at + 1 :]) for at in range(len(shape)))


def picked(tensor: Tensor, places: Sequence[Sequence[int]]) -> list[Any] | None:
    """The numbers at every combination of places, one list of places for each axis."""
    if tensor.values is None or prod(map(len, places)) > MOST_VALUES:
        return None
    steps = strides(tensor._shape)
    return [tensor.values[sum(at * step for at, step in zip(place, steps, strict=True))] for place in every(*places)]


def spread(tensor: Tensor, shape: Shape) -> list[Any] | None:
    """The numbers, repeated to a shape that the tensor's goes with."""
    if tensor.values is None or prod(shape) > MOST_VALUES:
        return None
    if tensor._shape == shape:
        return tensor.values
    missing = len(shape) - len(tensor._shape)
    own = strides(tensor._shape)
    steps = [0] * missing + [0 if size == 1 else step for size, step in zip(tensor._shape, own, strict=True)]
    return [
        tensor.values[sum(at * step for at, step in zip(place, steps, strict=True))]
        for place in every(*map(range, shape))
    ]


def computed(function: Callable[..., Any], *columns: Sequence[Any] | None) -> list[Any] | None:
    """A function of numbers, place by place; unknown where one of them is, or where it has no value."""
    if any(column is None for column in columns):
        return None
    try:
        return [function(*numbers) for numbers in zip(*columns, strict=True)]  #
    except (ArithmeticError, ValueError):
        return None
