"""Shapes of tensors."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from calc.knob.declare import Kind, Unfit
from calc.knob.whole import MOST_AXES, parse_whole, whole


@dataclass(frozen=True)
class Extents(Kind):
    """The shape of a tensor: one whole number, 0 included, for each axis.

    With `open`, -1 may stand for a size that follows from the others.
    """

    open: bool = False

    def clean(self, value: object) -> tuple[int, ...]:
        if isinstance(value, (str, bytes, Mapping)) or not isinstance(value, Iterable):
            raise Unfit("must be a shape, one number for each axis", "write (1, 3, 224, 224)")
        shape = tuple(whole(item) for item in value)
        if any(size < 0 for size in shape) and not self.open:
            raise Unfit("must not have a negative axis", "give each axis its size, 0 or more")
        return shape

    def parse(self, text: str) -> tuple[int, ...]:
        inner = re.sub(r"^\s*[(\[](.*)[)\]]\s*$", r"\1", text, flags=re.DOTALL).strip()
        if not inner:
            raise Unfit("is empty", "type the size of each axis such as 1, 3, 224, 224")
        parts = re.split(r"\s*[,×x]\s*|\s+", inner.rstrip(","))
        if len(parts) > MOST_AXES:
            raise Unfit(f"must have at most {MOST_AXES} axes", "PyTorch's operations take no more")
        return self.clean(tuple(parse_whole(part, "the size of each axis such as 1, 3, 224, 224") for part in parts))


@dataclass(frozen=True)
class Sizes(Extents):
    """The same, where one number may stand for a shape of one axis."""

    def clean(self, value: object) -> Any:
        if hasattr(value, "__index__"):
            return super().clean((value,))[0]
        if isinstance(value, (str, bytes)) or not isinstance(value, Iterable):
            raise Unfit("must be a shape, one number for each axis", "write 64 or (3, 224, 224)")
        return super().clean(value)

    def parse(self, text: str) -> Any:
        shape = super().parse(text)
        return shape[0] if re.fullmatch(r"\s*[+-]?[0-9]+\s*", text) else shape
