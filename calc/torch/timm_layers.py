"""The small helpers of timm that Transformers for images are written with; its models are not here."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from calc.torch import methods, pointwise
from calc.torch.modules import Module
from calc.torch.tensor import Tensor


class DropPath(Module):
    """Whole samples become 0 by chance: the shape stays."""

    is_leaf = True

    def __init__(self, drop_prob: float = 0.0, scale_by_keep: bool = True) -> None:
        super().__init__()
        self.drop_prob, self.scale_by_keep = drop_prob, scale_by_keep

    def forward(self, x: Tensor) -> Tensor:
        return pointwise.same(x)


def drop_path(x: Tensor, drop_prob: float = 0.0, training: bool = False, scale_by_keep: bool = True) -> Tensor:
    """`DropPath` as a function."""
    return pointwise.same(x)


def to_ntuple(count: int) -> Callable[[Any], tuple[Any, ...]]:
    """A function that makes one value several, and leaves several as they are."""
    return lambda value: tuple(value) if isinstance(value, (tuple, list)) else (value,) * count


def make_divisible(v: float, divisor: int = 8, min_value: int | None = None, round_limit: float = 0.9) -> int:
    """The nearest multiple of `divisor` that is not below `round_limit` of the value."""
    least = min_value or divisor
    new = max(least, int(v + divisor / 2) // divisor * divisor)
    return new + divisor if new < round_limit * v else new


LAYERS: dict[str, Any] = {
    "DropPath": DropPath,
    "drop_path": methods.recorded("drop_path", drop_path),
    "to_ntuple": to_ntuple,
    **{f"to_{count}tuple": to_ntuple(count) for count in (1, 2, 3, 4)},
    "make_divisible": make_divisible,
    "trunc_normal_": methods.fill,
    "lecun_normal_": methods.fill,
}

REGISTRY: dict[str, Any] = {"register_model": lambda function: function}

DATA = {"IMAGENET_DEFAULT_MEAN": (0.485, 0.456, 0.406), "IMAGENET_DEFAULT_STD": (0.229, 0.224, 0.225)}

SETTINGS = {"_cfg": lambda url="", **settings: {"url": url, **settings}}
"""What a model of timm notes about its weights."""
