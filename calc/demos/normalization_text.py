"""Normalisation in words."""

from __future__ import annotations

from collections.abc import Sequence

from calc.scene import digits
from calc.values.nested import Cell

MOST = 6
"""So many terms of a sum are written out."""


def bracketed(number: float) -> str:
    """A number within a sum or a product: a negative one in brackets."""
    return f"({digits(number)})" if number < 0 else digits(number)


def numbers_text(numbers: Sequence[float], between: str) -> str:
    """Numbers with a sign between; of many the first and the last."""
    return between.join(few([bracketed(number) for number in numbers]))


def few(terms: Sequence[str], gap: str = "…") -> list[str]:
    """All terms where they are few, else the first ones and the last with a gap between.

    Examples:
        >>> few(list("abcdefghij"))
        ['a', 'b', 'c', '…', 'j']
    """
    return list(terms) if len(terms) <= MOST else [*terms[:3], gap, terms[-1]]


def abbreviated(name: str) -> str:
    """A group's name as it stands beside a table that must fit a phone.

    Examples:
        >>> abbreviated("sample 1, channels 3–4")
        'sample 1, ch. 3–4'
    """
    return name.replace("channels ", "ch. ").replace(", channel ", ", ch. ")


def shared_by(kind: str, shape: Sequence[int], group: Cell, num_groups: int) -> str:
    """A group of cells in words, counted from 1."""
    unit = "feature" if len(shape) == 2 else "channel"
    numbers = [index + 1 for index in group]
    if kind == "batch":
        return f"{unit} {numbers[0]}"
    if kind in ("layer", "RMS"):
        return f"sample {numbers[0]}"
    if kind == "instance":
        return f"sample {numbers[0]}, {unit} {numbers[1]}"
    each = shape[1] // num_groups
    first, last = group[1] * each + 1, (group[1] + 1) * each
    reach = f"{unit} {first}" if each == 1 else f"{unit}s {first}–{last}"
    return f"sample {numbers[0]}, {reach}"
