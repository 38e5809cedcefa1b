"""`torch.Tensor(3, 4)`, `torch.FloatTensor([1, 2])`: constructors of before 0.4, and what every tensor is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from calc.torch.creation import tensor as of_data
from calc.torch.creation import to_kind
from calc.torch.dtypes import FLOAT, DType
from calc.torch.tensor import Size, Tensor
from calc.torch.views import sizes


def made(dtype: DType) -> Callable[..., Tensor]:
    """Sizes give a tensor of that shape, a list or a tensor gives its numbers."""

    def make(*given: Any, **options: Any) -> Tensor:
        if not given:
            return Tensor((0,), dtype)
        if len(given) == 1 and isinstance(given[0], Size):
            return Tensor(given[0], dtype)
        if len(given) == 1 and isinstance(given[0], Tensor):
            return to_kind(given[0], dtype)
        if len(given) == 1 and not hasattr(given[0], "__index__"):
            data = given[0] if isinstance(given[0], (list, tuple)) else list(given[0])
            return to_kind(of_data(data), dtype)
        return Tensor(sizes(given), dtype)

    return make


class _Everything(type):
    """What stands for `torch.Tensor`: every tensor is one, and calling it makes one."""

    def __call__(cls, *given: Any, **options: Any) -> Any:
        return made(FLOAT)(*given, **options)

    def __instancecheck__(cls, instance: object) -> bool:
        return isinstance(instance, Tensor)

    def __subclasscheck__(cls, kind: type) -> bool:
        return issubclass(kind, Tensor)

    def __getattr__(cls, name: str) -> Any:
        return getattr(Tensor, name)


class TensorClass(metaclass=_Everything):
    """`torch.Tensor` as pasted source names it."""
