"""Shapes in, shapes out: broadcasting, views, joins, products. Sentences where PyTorch raises."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod
from typing import NoReturn, TypeAlias

from calc.errors import CalcError

Shape: TypeAlias = "tuple[int, ...]"


def refuse(rule: str, hint: str = "") -> NoReturn:
    """Raise what PyTorch would."""
    raise CalcError(rule, hint=hint)


def axis(dim: int, rank: int, what: str = "dim") -> int:
    """An axis counted from the front; negative ones count from the end."""
    if not isinstance(dim, int):
        refuse(f"{what} (={dim!r}) must be a whole number")
    least = max(rank, 1)
    if not -least <= dim < least:
        refuse(f"{what} (={dim}) must be from {-least} to {least - 1} for a tensor of {rank} axes", f"try {what}=-1")
    return dim % least


def broadcast(*shapes: Shape) -> Shape:
    """The shape that several have in common: from the last axis on, 1 goes with anything."""
    rank = max(map(len, shapes), default=0)
    out = []
    for at in range(-rank, 0):
        sizes = [shape[at] for shape in shapes if -at <= len(shape)]
        wide = {size for size in sizes if size != 1}
        if len(wide) > 1:
            met = " and ".join(str(tuple(shape)) for shape in shapes)
            refuse(
                f"shapes {met} do not go together: along axis {at} they have {' and '.join(map(str, sizes))}",
                "make them equal, or one of them 1",
            )
        out.append(wide.pop() if wide else 1)
    return tuple(out)


def viewed(shape: Shape, wanted: Sequence[int]) -> Shape:
    """A view: as many numbers in other axes; one -1 is worked out."""
    wanted = tuple(wanted)
    size = prod(shape)
    if wanted.count(-1) > 1:
        refuse(f"shape {wanted} must have at most one -1", "give all but one size")
    if any(each < -1 for each in wanted):
        refuse(f"shape {wanted} must not have a negative axis", "use -1 for the axis to be worked out")
    known = prod(each for each in wanted if each != -1)
    if -1 in wanted:
        if not known or size % known:
            refuse(
                f"shape {wanted} does not fit {size} numbers, from {tuple(shape)}: {size} cannot be divided by {known}",
                _way_out(shape, wanted),
            )
        return tuple(size // known if each == -1 else each for each in wanted)
    if known != size:
        refuse(
            f"shape {wanted} holds {known} numbers, and the tensor {tuple(shape)} has {size}", _way_out(shape, wanted)
        )
    return wanted


def _way_out(shape: Shape, wanted: Shape) -> str:
    """A view that would work, where it is plain which was meant."""
    rest = prod(shape[1:])
    if len(wanted) == 1 and wanted[0] == rest:
        return f"the batch axis is missing: view({shape[0]}, {rest}) or flatten(1)"
    if len(wanted) == 2 and len(shape) > 2 and wanted[1] != -1:
        factors = " * ".join(map(str, shape[1:]))
        return f"each sample has {factors} = {rest} numbers: use {rest} instead of {wanted[1]}, or view(x.size(0), -1)"
    same = next((at for at, (one, other) in enumerate(zip(shape, wanted, strict=False)) if one != other), 0)
    left, right = shape[same:], wanted[same:]
    if same and left and -1 not in right and right:
        product = " * ".join(map(str, right))
        met = " * ".join(map(str, left))
        met = f"{met} = {prod(left)}" if len(left) > 1 else met
        return f"behind the first {same} axes {product} = {prod(right)} must be {met}"
    return ""


def flattened(shape: Shape, start: int = 0, end: int = -1) -> Shape:
    """Axes from start to end as one."""
    if not shape:
        return (1,)
    first, last = axis(start, len(shape), "start_dim"), axis(end, len(shape), "end_dim")
    if first > last:
        refuse(f"start_dim (={start}) must not come after end_dim (={end})")
    return (*shape[:first], prod(shape[first : last + 1]), *shape[last + 1 :])


def permuted(shape: Shape, dims: Sequence[int]) -> tuple[int, ...]:
    """The order of axes that `permute(dims)` asks for."""
    order = tuple(axis(dim, len(shape)) for dim in dims)
    if sorted(order) != list(range(len(shape))):
        refuse(f"permute{tuple(dims)} must name each of the {len(shape)} axes of {tuple(shape)} once")
    return order


def joined(shapes: Sequence[Shape], dim: int) -> Shape:
    """The concatenation of shapes along an axis; all others must be equal."""
    shapes = [shape for shape in shapes if shape != (0,)] or list(shapes)
    if not shapes:
        refuse("cat needs at least one tensor")
    first = shapes[0]
    along = axis(dim, len(first))
    for number, shape in enumerate(shapes[1:], 2):
        if len(shape) != len(first):
            refuse(f"tensors must have as many axes to be joined: tensor 1 is {first}, tensor {number} is {shape}")
        for at, (one, other) in enumerate(zip(first, shape, strict=True)):
            if at != along and one != other:
                refuse(
                    f"tensors joined along axis {along} must agree in all others: tensor 1 is {first}, "
                    f"tensor {number} is {shape}",
                    f"axis {at} has {one} and {other}",
                )
    return (*first[:along], sum(shape[along] for shape in shapes), *first[along + 1 :])


def stacked(shapes: Sequence[Shape], dim: int) -> Shape:
    """Tensors of one shape along a new axis."""
    if not shapes:
        refuse("stack needs at least one tensor")
    for number, shape in enumerate(shapes[1:], 2):
        if shape != shapes[0]:
            refuse(f"stacked tensors must have one shape: tensor 1 is {shapes[0]}, tensor {number} is {shape}")
    at = axis(dim, len(shapes[0]) + 1)
    return (*shapes[0][:at], len(shapes), *shapes[0][at:])


def reduced(shape: Shape, dims: int | Sequence[int] | None, *, keepdim: bool) -> Shape:
    """The shape after a sum or a mean over some axes, or over all."""
    if dims is None or dims == ():
        return (1,) * len(shape) if keepdim else ()
    gone = {axis(dim, len(shape)) for dim in ((dims,) if isinstance(dims, int) else dims)}
    return tuple(1 if at in gone else size for at, size in enumerate(shape) if keepdim or at not in gone)


def product(one: Shape, other: Shape) -> tuple[Shape, int]:
    """A matrix product as `matmul` has it, and its multiply-adds."""
    if not one or not other:
        refuse(f"matmul needs at least one axis on both sides, and has {one} and {other}")
    left = one if len(one) > 1 else (1, *one)
    right = other if len(other) > 1 else (*other, 1)
    if left[-1] != right[-2]:
        refuse(
            f"matmul of {one} and {other}: the last axis of the first has {left[-1]}, the first but last of the "
            f"second {right[-2]}",
            "turn the second round with transpose(-2, -1)" if left[-1] == right[-1] else "the two must be equal",
        )
    batch = broadcast(left[:-2], right[:-2])
    out = [*batch]
    if len(one) > 1:
        out.append(left[-2])
    if len(other) > 1:
        out.append(right[-1])
    return tuple(out), prod(batch) * left[-2] * left[-1] * right[-1]


def einsum(equation: str, shapes: Sequence[Shape]) -> tuple[Shape, int]:
    """Einstein's sum: the output's shape, and multiply-adds where two tensors meet.

    Of several tensors, pairs are multiplied from the left, as PyTorch does without an optimiser.
    """
    terms, arrow, target = equation.replace(" ", "").partition("->")
    letters = terms.split(",")
    if len(letters) != len(shapes):
        refuse(f"einsum {equation!r} speaks of {len(letters)} tensors, and got {len(shapes)}")
    sizes: dict[str, int] = {}
    spelled = []
    for term, shape in zip(letters, shapes, strict=True):
        named = _spelled(term, len(shape), equation)
        spelled.append(named)
        for letter, size in zip(named, shape, strict=True):
            if sizes.get(letter, 1) not in (1, size) and size != 1:
                refuse(f"einsum {equation!r}: {letter} is {sizes[letter]} and {size}")
            sizes[letter] = max(sizes.get(letter, 1), size)
    if arrow:
        longest = max((sum(each.startswith("…") for each in named) for named in spelled), default=0)
        out = _spelled(target, len(target.replace("...", "")) + (longest if "..." in target else 0), equation)
    else:
        flat = [letter for named in spelled for letter in named]
        out = [each for each in sorted(set(flat)) if flat.count(each) == 1 or each.startswith("…")]
    unknown = [letter for letter in out if letter not in sizes]
    if unknown:
        refuse(f"einsum {equation!r}: {unknown[0]} of the result is in no tensor")
    macs, seen = 0, set(spelled[0])
    for at, named in enumerate(spelled[1:], 1):
        seen |= set(named)
        macs += prod(sizes[letter] for letter in seen)
        later = {letter for rest in spelled[at + 1 :] for letter in rest} | set(out)
        seen &= later
    return tuple(sizes[letter] for letter in out), macs


def _spelled(term: str, rank: int, equation: str) -> list[str]:
    """The letters of a term, those behind `...` counted from the last."""
    before, dots, after = term.partition("...")
    missing = rank - len(before) - len(after)
    if missing < 0 or (missing and not dots):
        refuse(f"einsum {equation!r}: {term!r} names {len(before) + len(after)} axes of a tensor that has {rank}")
    return [*before, *(f"…{at}" for at in range(missing, 0, -1)), *after]
