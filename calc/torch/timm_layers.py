"""The small helpers of timm that Transformers for images are written with; its models are not here."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from calc.torch import methods, pointwise, views
from calc.torch.extents import refuse
from calc.torch.layers import layer_module
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


class PatchEmbed(Module):
    """An image cut into patches, each a vector; its size is checked, as timm does."""

    def __init__(
        self,
        img_size: Any = 224,
        patch_size: Any = 16,
        in_chans: int = 3,
        embed_dim: int = 768,
        norm_layer: Any = None,
        flatten: bool = True,
        *,
        bias: bool = True,
        **options: Any,
    ) -> None:
        super().__init__()
        if options:
            refuse(f"PatchEmbed: {next(iter(options))} is not known to this calculator yet")
        self.img_size, self.patch_size = pair(img_size), pair(patch_size)
        self.grid_size = tuple(side // size for side, size in zip(self.img_size, self.patch_size, strict=True))
        self.num_patches = self.grid_size[0] * self.grid_size[1]
        self.flatten = flatten
        self.proj = layer_module("Conv2d")(in_chans, embed_dim, self.patch_size, stride=self.patch_size, bias=bias)
        self.norm = norm_layer(embed_dim) if norm_layer else layer_module("Identity")()

    def forward(self, x: Tensor) -> Tensor:
        if tuple(x.shape[-2:]) != tuple(self.img_size):
            refuse(f"PatchEmbed: the image {tuple(x.shape[-2:])} must have img_size (={tuple(self.img_size)})")
        made = self.proj(x)
        return self.norm(FLATTEN(made, 2).transpose(1, 2) if self.flatten else made)  # type: ignore[no-any-return]


pair = to_ntuple(2)
FLATTEN = methods.recorded("torch.flatten", views.flatten)

LAYERS: dict[str, Any] = {
    "PatchEmbed": PatchEmbed,
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

SETTINGS: dict[str, Any] = {"PatchEmbed": PatchEmbed, "_cfg": lambda url="", **settings: {"url": url, **settings}}
"""What a model of timm notes about its weights."""
