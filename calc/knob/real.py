"""Numbers that need not be whole: one, or one for each axis."""

from __future__ import annotations

import re
from dataclasses import dataclass

from calc.knob.declare import Kind, Unfit


@dataclass(frozen=True)
class Real(Kind):
    """One number, whole or not, such as a rate; `empty` as in `Whole`."""

    least: float | None = None
    most: float | None = None
    empty: str = ""
    infinite: bool = False

    def clean(self, value: object) -> float | None:
        if value is None and self.empty:
            return None
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            raise Unfit("must be a number", "write a number such as 0.5")
        if value != value or (abs(value) == float("inf") and not self.infinite):
            raise Unfit("must be a finite number", "write a number such as 0.5")
        return value

    def parse(self, text: str) -> float | None:
        typed = text.strip()
        if not typed and self.empty:
            return None
        if not typed:
            raise Unfit("is empty", "type a number such as 0.5")
        if self.infinite and re.fullmatch(r"[+-]?inf", typed):
            return float(typed)
        if not re.fullmatch(r"[+-]?([0-9]{1,40}\.?[0-9]{0,40}|\.[0-9]{1,40})([eE][+-]?[0-9]{1,3})?", typed):
            raise Unfit("must be a number", "type a number such as 0.5")
        return self.clean(int(typed) if re.fullmatch(r"[+-]?[0-9]+", typed) else float(typed))

    def low(self) -> float | None:
        return self.least

    def high(self) -> float | None:
        return self.most


@dataclass(frozen=True)
class Answer(Real):
    """A reader's answer to an exercise: a number as people write it, 61,706 or 1/9 as well; blank is none yet."""

    empty: str = "your number"

    def parse(self, text: str) -> float | None:
        typed = re.sub(r"(?<=[0-9])[ ,_](?=[0-9]{3}(?![0-9]))", "", text.strip())
        over, slash, under = typed.partition("/")
        if not slash:
            return super().parse(typed)
        divisor = parse_real(under)
        if not divisor:
            raise Unfit("must not divide by 0", "type a number such as 0.5")
        return parse_real(over) / divisor


@dataclass(frozen=True)
class Reals(Kind):
    """One number, whole or not, for all axes, or a tuple with one for each; `empty` as in `Whole`.

    `lists` says whether a list will do for the tuple.
    """

    empty: str = ""
    lists: bool = True

    def clean(self, value: object) -> float | tuple[float, ...] | None:
        if value is None and self.empty:
            return None
        if isinstance(value, list) and not self.lists:
            raise Unfit("must be a number or a tuple", f"write {tuple(value)}")
        if isinstance(value, (tuple, list)):
            return tuple(real(item) for item in value)
        return real(value)

    def parse(self, text: str) -> float | tuple[float, ...] | None:
        typed = text.strip()
        if not typed and self.empty:
            return None
        inner = re.sub(r"^[(\[](.*)[)\]]$", r"\1", typed, flags=re.DOTALL).strip()
        parts = [parse_real(part) for part in re.split(r"\s*,\s*|\s+", inner.rstrip(","))]
        return parts[0] if len(parts) == 1 and inner == typed else tuple(parts)


def real(value: object) -> float:
    """A finite number, or `Unfit`."""
    number = Real().clean(value)
    assert number is not None
    return number


def parse_real(text: str) -> float:
    """A finite number as typed, or `Unfit`."""
    number = Real().parse(text)
    assert number is not None
    return number
