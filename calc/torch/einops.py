"""einops: axes by their names, as models for images and Transformers use them.

Source: einops 0.8, `einops/einops.py` and `einops/packing.py`, for what a pattern may say.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import prod
from string import ascii_letters
from typing import Any

from calc.torch import methods, products, reductions, views
from calc.torch.dtypes import TRUTH
from calc.torch.extents import refuse
from calc.torch.modules import Module
from calc.torch.tensor import Tensor, like

Group = list[str]
"""The names within one pair of brackets, or one alone."""

REDUCTIONS = {"mean": reductions.mean, "sum": reductions.total, "prod": reductions.prod}


def parsed(side: str, pattern: str) -> list[Group]:
    """One side of a pattern as groups of names; `1` is an empty group, `...` within brackets is `…`."""
    groups: list[Group] = []
    inside: Group | None = None
    for token in side.replace("(", " ( ").replace(")", " ) ").replace("...", " … ").split():
        if token == "(":
            if inside is not None:
                refuse(f"{pattern!r}: brackets within brackets")
            inside = []
        elif token == ")":
            if inside is None:
                refuse(f"{pattern!r}: a bracket is closed that was not opened")
            groups.append(inside)
            inside = None
        else:
            if not (token.isidentifier() or token.isdigit() or token == "…"):
                refuse(f"{pattern!r}: {token!r} is not the name of an axis")
            names = [] if token == "1" else [token]
            if inside is None:
                groups.append(["..."] if names == ["…"] else names)
            else:
                inside += names
    if inside is not None:
        refuse(f"{pattern!r}: a bracket is not closed")
    return groups


def _sides(pattern: str) -> tuple[list[Group], list[Group]]:
    left, arrow, right = pattern.partition("->")
    if not arrow or "->" in right:
        refuse(f"{pattern!r} must have one arrow", "write it as 'b c h w -> b (h w) c'")
    return parsed(left, pattern), parsed(right, pattern)


def _wide(groups: list[Group], rank: int, pattern: str, shape: Sequence[int]) -> list[Group]:
    """The axes behind `...` with names of their own."""
    dots = groups.count(["..."])
    missing = rank - (len(groups) - dots)
    if dots > 1 or any("…" in group for group in groups):
        refuse(f"{pattern!r}: the left side may have one ..., and not within brackets")
    if missing < 0 or (missing and not dots):
        refuse(f"{pattern!r} speaks of {len(groups)} axes, and the tensor {tuple(shape)} has {rank}")
    out: list[Group] = []
    for group in groups:
        out += [[f"…{at}"] for at in range(missing)] if group == ["..."] else [group]
    return out


def sized(groups: list[Group], shape: Sequence[int], given: dict[str, int], pattern: str) -> dict[str, int]:
    """The length of each name; one of a bracket is worked out."""
    sizes = {name: int(length) for name, length in given.items()}
    for group, size in zip(groups, shape, strict=True):
        sizes |= {name: int(name) for name in group if name.isdigit()}
        unknown = [name for name in group if name not in sizes]
        known = prod(sizes[name] for name in group if name in sizes)
        written = f"({' '.join(group)})" if len(group) != 1 else group[0]
        if len(unknown) > 1:
            refuse(f"{pattern!r}: the lengths of {' and '.join(unknown)} are not known", f"give {unknown[0]}=")
        if unknown:
            if not known or size % known:
                refuse(f"{pattern!r}: {written} is {size}, which cannot be divided by {known}")
            sizes[unknown[0]] = size // known
        elif known != size:
            refuse(f"{pattern!r}: {written} must be {known}, and the tensor {tuple(shape)} has {size} there")
    return sizes


def _names(groups: list[Group]) -> list[str]:
    return [name for group in groups for name in group]


def _transformed(
    tensor: Any, pattern: str, kind: str, given: dict[str, int]
) -> tuple[Tensor, list[str], list[Group], dict[str, int]]:
    """The tensor, and what is left, what is right and how long everything is."""
    if isinstance(tensor, (list, tuple)):
        tensor = views.stack(tensor)
    if not isinstance(tensor, Tensor):
        refuse(f"{kind} takes a tensor, and got {type(tensor).__name__} {tensor!r:.40}")
    left, right = _sides(pattern)
    left = _wide(left, tensor.ndim, pattern, tensor._shape)
    dots = [name for name in _names(left) if name.startswith("…")]
    right = [each for group in right for each in ([[name] for name in dots] if group == ["..."] else [group])]
    right = [[each for name in group for each in (dots if name == "…" else [name])] for group in right]
    for side in (left, right):
        names = [name for name in _names(side) if not name.isdigit()]
        twice = next((name for name in names if names.count(name) > 1), None)
        if twice:
            refuse(f"{pattern!r} names {twice} twice on one side")
    before, after = set(_names(left)), set(_names(right))
    lost, new = before - after, after - before
    if kind == "rearrange" and (lost or new):
        name = sorted(lost or new)[0]
        refuse(f"rearrange {pattern!r}: {name} is on one side alone", "use reduce or repeat")
    if kind == "reduce" and new:
        refuse(f"reduce {pattern!r}: {sorted(new)[0]} is on the right side alone", "use repeat")
    if kind == "repeat" and lost:
        refuse(f"repeat {pattern!r}: {sorted(lost)[0]} is on the left side alone", "use reduce")
    strange = [name for name in given if name not in before | after]
    if strange:
        refuse(f"{pattern!r} does not speak of {strange[0]}")
    sizes = sized(left, tensor._shape, {name: length for name, length in given.items() if name in before}, pattern)
    for name in new:
        if not name.isdigit() and name not in given:
            refuse(f"repeat {pattern!r}: the length of {name} is not known", f"give {name}=")
        sizes[name] = int(name) if name.isdigit() else int(given[name])
    return tensor, _names(left), right, sizes


def rearrange(tensor: Any, pattern: str, **axes_lengths: int) -> Tensor:
    """The same numbers with other axes."""
    held, names, right, sizes = _transformed(tensor, pattern, "rearrange", axes_lengths)
    inner = views.reshape(held, [sizes[name] for name in names])
    turned = views.permute(inner, [names.index(name) for name in _names(right)]) if names else inner
    return views.reshape(turned, [prod(sizes[name] for name in group) for group in right])


def reduce(tensor: Any, pattern: str, reduction: Any, **axes_lengths: int) -> Tensor:
    """Numbers put together along the axes that the right side does not have."""
    held, names, right, sizes = _transformed(tensor, pattern, "reduce", axes_lengths)
    inner = like(held, [sizes[name] for name in names])
    gone = [at for at, name in enumerate(names) if name not in _names(right)]
    if reduction in REDUCTIONS:
        inner = REDUCTIONS[reduction](inner, gone) if gone else inner
    elif reduction in ("any", "all"):
        inner = like(inner, inner._shape, TRUTH)
    elif reduction not in ("max", "min") and not callable(reduction):
        refuse(f"reduce: reduction (={reduction!r}) must be one of min, max, sum, mean, prod, any, all")
    return like(inner, [prod(sizes[name] for name in group) for group in right])


def repeat(tensor: Any, pattern: str, **axes_lengths: int) -> Tensor:
    """The same numbers several times, along the axes that the left side does not have."""
    held, _, right, sizes = _transformed(tensor, pattern, "repeat", axes_lengths)
    return like(held, [prod(sizes[name] for name in group) for group in right])


def einsum(*given: Any) -> Tensor:
    """Einstein's sum with names of any length; the pattern comes last."""
    *tensors, pattern = given
    names = [name for name in pattern.replace("->", " ").replace(",", " ").split() if name != "..."]
    letters = dict(zip(dict.fromkeys(names), ascii_letters, strict=False))
    short = {"->": "->", ",": ",", "...": "..."} | letters
    spaced = pattern.replace(",", " , ").replace("->", " -> ").split()
    return products.einsum("".join(short[token] for token in spaced), *tensors)


def pack(tensors: Sequence[Tensor], pattern: str) -> tuple[Tensor, list[tuple[int, ...]]]:
    """Tensors joined along `*`, which may be any number of axes in each, and what those were."""
    before, after = _star(pattern)
    flat, shapes = [], []
    for each in tensors:
        if each.ndim < before + after:
            refuse(f"pack {pattern!r}: the tensor {each._shape} has too few axes")
        middle = each._shape[before : each.ndim - after]
        shapes.append(tuple(middle))
        flat.append(views.reshape(each, [*each._shape[:before], prod(middle), *each._shape[each.ndim - after :]]))
    return views.cat(flat, before), shapes


def unpack(tensor: Tensor, packed_shapes: Sequence[Any], pattern: str) -> list[Tensor]:
    """The tensors that were packed."""
    before, after = _star(pattern)
    if tensor.ndim != before + 1 + after:
        axes = before + 1 + after
        refuse(f"unpack {pattern!r} speaks of {axes} axes, and the tensor {tensor._shape} has {tensor.ndim}")
    shapes = [(each,) if isinstance(each, int) else tuple(each) for each in packed_shapes]
    lengths = [-1 if -1 in shape else prod(shape) for shape in shapes]
    whole = tensor._shape[before]
    if lengths.count(-1) == 1:
        lengths[lengths.index(-1)] = whole - sum(each for each in lengths if each != -1)
    if sum(lengths) != whole or min(lengths, default=0) < 0:
        refuse(f"unpack {pattern!r}: the shapes {shapes} do not fit {whole}, the size of axis {before}")
    pieces = []
    for shape, length in zip(shapes, lengths, strict=True):
        middle = tuple(length if each == -1 else each for each in shape) if shape.count(-1) < 2 else shape
        pieces.append(like(tensor, (*tensor._shape[:before], *middle, *tensor._shape[before + 1 :])))
    return pieces


def _star(pattern: str) -> tuple[int, int]:
    names = pattern.split()
    if names.count("*") != 1:
        refuse(f"{pattern!r} must have one *")
    return names.index("*"), len(names) - names.index("*") - 1


def parse_shape(tensor: Tensor, pattern: str) -> dict[str, int]:
    """The sizes of a tensor's axes by their names."""
    groups = _wide(parsed(pattern, pattern), tensor.ndim, pattern, tensor._shape)
    named = zip(groups, tensor._shape, strict=True)
    return {group[0]: size for group, size in named if group and group[0] != "_" and not group[0].startswith("…")}


class Rearrange(Module):
    """`rearrange` as a layer."""

    is_leaf = True

    def __init__(self, pattern: str, **axes_lengths: int) -> None:
        super().__init__()
        self.pattern, self.axes_lengths = pattern, axes_lengths

    def forward(self, input: Tensor) -> Tensor:
        return rearrange(input, self.pattern, **self.axes_lengths)


class Reduce(Module):
    """`reduce` as a layer."""

    is_leaf = True

    def __init__(self, pattern: str, reduction: Any, **axes_lengths: int) -> None:
        super().__init__()
        self.pattern, self.reduction, self.axes_lengths = pattern, reduction, axes_lengths

    def forward(self, input: Tensor) -> Tensor:
        return reduce(input, self.pattern, self.reduction, **self.axes_lengths)


FUNCTIONS = {
    **{
        each.__name__: methods.recorded(f"einops.{each.__name__}", each)
        for each in (rearrange, reduce, repeat, einsum, pack, unpack)
    },
    "parse_shape": parse_shape,
}
"""What can be imported of einops."""
