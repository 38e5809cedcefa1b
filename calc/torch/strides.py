"""How numbers lie in memory: the steps from one place to the next along each axis.

Source: `computeStride_impl` in ATen/TensorUtils.cpp, `TensorIteratorBase` in ATen/TensorIterator.cpp.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeAlias

from calc.torch.dtypes import WHOLE
from calc.torch.tensor import Tensor

Steps: TypeAlias = "tuple[int, ...]"


def packed(shape: Sequence[int], order: Sequence[int] | None = None) -> Steps:
    """The steps of a tensor without gaps, the last axis innermost, or those in `order`, innermost first.

    Examples:
        >>> packed((2, 3, 4)), packed((2, 3, 4), (1, 2, 0))
        ((12, 4, 1), (12, 1, 3))
    """
    steps, far = [0] * len(shape), 1
    for at in order if order is not None else range(len(shape) - 1, -1, -1):
        steps[at] = far
        far *= max(1, shape[at])
    return tuple(steps)


def restrided(shape: Sequence[int], steps: Steps, wanted: Sequence[int]) -> Steps | None:
    """The steps of a view with other axes; None where the numbers have to be copied for it.

    Examples:
        >>> restrided((2, 3, 4), (12, 4, 1), (6, 4)), restrided((2, 4, 3), (12, 1, 4), (2, 12))
        ((4, 1), None)
    """
    if 0 in shape:
        return packed(wanted)
    found = [0] * len(wanted)
    to = len(wanted) - 1
    step = steps[-1] if steps else 1
    numbers, viewed = 1, 1
    for at in range(len(shape) - 1, -1, -1):
        numbers *= shape[at]
        # Axes that lie one right behind the other are one stretch of memory.
        if at == 0 or (shape[at - 1] != 1 and steps[at - 1] != numbers * step):
            while to >= 0 and (viewed < numbers or wanted[to] == 1):
                found[to] = viewed * step
                viewed *= wanted[to]
                to -= 1
            if viewed != numbers:
                return None
            if at > 0:
                step, numbers, viewed = steps[at - 1], 1, 1
    if not shape:
        return packed(wanted)
    return tuple(found) if to == -1 else None


def laid_out_like(shape: Sequence[int], operands: Sequence[tuple[Sequence[int], Steps]]) -> Steps:
    """The steps of what a function of single numbers makes: the axes in the order in which its operands have them.

    Examples:
        >>> laid_out_like((2, 3, 4), [((2, 3, 4), (12, 1, 3))])
        (12, 1, 3)
    """
    aligned = [_aligned(shape, *each) for each in operands]
    order = list(range(len(shape) - 1, -1, -1))

    def turned(one: int, other: int) -> int:
        for steps in aligned:
            if 0 in (steps[one], steps[other]):
                continue
            if steps[one] != steps[other]:
                return 1 if steps[one] > steps[other] else -1
            if shape[one] > shape[other]:
                return 1
        return 0

    for begin in range(1, len(order)):
        at = begin
        for before in range(begin - 1, -1, -1):
            verdict = turned(order[before], order[at])
            if verdict > 0:
                order[before], order[at] = order[at], order[before]
                at = before
            elif verdict < 0:
                break
    return packed(shape, order)


def _aligned(shape: Sequence[int], own: Sequence[int], steps: Steps) -> Steps:
    missing = len(shape) - len(own)
    inner = (
        0 if size == 1 and wide != 1 else step for size, wide, step in zip(own, shape[missing:], steps, strict=True)
    )
    return (*(0,) * missing, *inner)


def sliced(steps: Steps, key: Any) -> Steps | None:
    """The steps of `tensor[key]`; None where the key picks by tensors or lists, which copies.

    Examples:
        >>> sliced((12, 4, 1), (0, slice(None), slice(0, 4, 2))), sliced((4, 1), ([0, 1],))
        ((4, 2), None)
    """
    keys = list(key) if isinstance(key, tuple) else [key]
    if any(_picks(each) for each in keys):
        return None
    taken = sum(each is not None and each is not Ellipsis for each in keys)
    gap = next((place for place, each in enumerate(keys) if each is Ellipsis), len(keys))
    keys = [*keys[:gap], *[slice(None)] * (len(steps) - taken), *keys[gap + 1 :]]
    found, at = [], 0
    for each in keys:
        if each is None:
            found.append(1)
            continue
        if isinstance(each, slice):
            found.append(steps[at] * (1 if each.step is None else int(each.step)))
        at += 1
    return tuple(found)


def _picks(key: Any) -> bool:
    if isinstance(key, Tensor):
        return bool(key._shape) or key.dtype.category != WHOLE
    return isinstance(key, (list, bool))
