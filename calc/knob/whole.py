"""Whole numbers: one, one for each axis, or two for each axis."""

from __future__ import annotations

import re
from dataclasses import dataclass
from operator import index
from typing import Any

from calc.knob.declare import Kind, Unfit
from calc.knob.word import did_you_mean, listed

LARGEST = 10**9
"""No axis of a real tensor is longer; it keeps a slip of the keyboard from filling the page."""


MOST_AXES = 64
"""As many axes as PyTorch's element-wise operations take; a form takes no more, a script may."""


@dataclass(frozen=True)
class Whole(Kind):
    """One whole number; `empty` says in words what None stands for, where None is allowed."""

    least: int | None = 1
    empty: str = ""
    most: int | None = None

    def clean(self, value: object) -> int | None:
        return None if value is None and self.empty else whole(value)

    def parse(self, text: str) -> int | None:
        if not text.strip() and self.empty:
            return None
        return parse_whole(text, "a whole number such as 3")

    def low(self) -> int | None:
        return self.least

    def high(self) -> int | None:
        return self.most


@dataclass(frozen=True)
class Seed(Whole):
    """The number that random draws start from: equal seeds draw alike; a form offers the next one.

    `clears` names a field that a new draw makes blank, because it spoke of the old one.
    """

    least: int | None = 0
    clears: str = ""


@dataclass(frozen=True)
class PerAxis(Kind):
    """One whole number for all axes or a tuple with one for each; or one of `words`.

    `empty` says in words what None stands for, where None is allowed; with
    `gaps` single axes may be None as well.
    """

    least: int | None = 1
    words: tuple[str, ...] = ()
    empty: str = ""
    gaps: bool = False

    def clean(self, value: object) -> int | tuple[int | None, ...] | str | None:
        if value is None and (self.empty or self.gaps):
            return None
        if isinstance(value, str):
            return value if self.words else whole(value)
        if isinstance(value, (tuple, list)):
            return tuple(None if item is None and self.gaps else whole(item) for item in value)
        return whole(value)

    def parse(self, text: str) -> int | tuple[int | None, ...] | str | None:
        typed = text.strip()
        if not typed and self.empty:
            return None
        word = typed.strip("'\"")
        if self.words and re.fullmatch(r"[A-Za-z]+", word):
            if word.lower() in self.words:
                return word.lower()
            raise Unfit(
                f"must be a number or one of {listed(self.words)}",
                did_you_mean(word, self.words) or f"type for example {self.words[0]}",
            )
        example = "a whole number such as 3, or one for each axis such as 3, 5"
        if self.gaps and typed == "None":
            return None
        inner = re.sub(r"^[(\[](.*)[)\]]$", r"\1", typed, flags=re.DOTALL).strip()
        if "," not in inner and not re.search(r"[0-9]\s+[-+0-9]", inner):
            number = parse_whole(inner, example)
            return number if inner == typed else (number,)
        parts = re.split(r"\s*,\s*|\s+", inner.rstrip(","))
        if len(parts) > MOST_AXES:
            raise Unfit(f"must have at most {MOST_AXES} numbers", "give one for each axis")
        return tuple(None if self.gaps and part == "None" else parse_whole(part, example) for part in parts)

    def low(self) -> int | None:
        return self.least


@dataclass(frozen=True)
class Margins(Kind):
    """Cells on the two sides of each axis, as Keras has them.

    One number for all; or a tuple with one for each axis, each a number or (before, after).
    """

    def clean(self, value: object) -> int | tuple[int | tuple[int, ...], ...]:
        if not isinstance(value, (tuple, list)):
            return whole(value)
        return tuple(
            tuple(whole(side) for side in item) if isinstance(item, (tuple, list)) else whole(item) for item in value
        )

    def parse(self, text: str) -> Any:
        example = "a whole number such as 3, or two for each axis such as (1, 2), (0, 1)"
        open_lists: list[list[Any]] = [[]]
        for token in re.findall(r"[()\[\]]|[^\s,()\[\]]+", text):
            if token in "([":
                open_lists.append([])
            elif token not in ")]":
                open_lists[-1].append(parse_whole(token, example))
            elif len(open_lists) > 1:
                closed = tuple(open_lists.pop())
                open_lists[-1].append(closed)
            else:
                raise Unfit("has a bracket too many", f"type {example}")
        if len(open_lists) > 1:
            raise Unfit("has a bracket that is not closed", f"type {example}")
        [items] = open_lists
        if not items:
            raise Unfit("is empty", f"type {example}")
        return items[0] if len(items) == 1 else tuple(items)

    def low(self) -> int:
        return 0


def whole(value: object) -> int:
    """A whole number that is not True or False, or `Unfit`."""
    if isinstance(value, bool) or not hasattr(value, "__index__"):
        raise Unfit("must be a whole number", _rounded(value))
    # A number that remembers its history stays what it is; NumPy's become plain.
    number = value if isinstance(value, int) else index(value)
    return _bounded(number)


def _bounded(number: int) -> int:
    if not -LARGEST <= number <= LARGEST:
        raise Unfit(f"must be at most {LARGEST:,}", "no tensor has so long an axis, so check the digits")
    return number


def _rounded(value: object) -> str:
    if isinstance(value, float) and value == value and abs(value) <= LARGEST:
        return f"write {round(value)}"
    return "write a whole number such as 3"


def parse_whole(text: str, wanted: str) -> int:
    """A whole number as typed; `wanted` says in the message what to type."""
    typed = text.strip()
    if not typed:
        raise Unfit("is empty", f"type {wanted}")
    if re.fullmatch(r"[+-]?\d+", typed):
        if len(typed) > 4000:  # Python reads no more digits than 4,300
            raise Unfit(f"must be at most {LARGEST:,}", "no tensor has so long an axis, so check the digits")
        if not typed.isascii():
            raise Unfit("must be written with the digits 0 to 9", f"type {int(typed)}")
        return _bounded(int(typed))
    if re.fullmatch(r"[+-]?[0-9]*\.[0-9]*", typed) and any(c.isdigit() for c in typed):
        raise Unfit("must be a whole number", f"type {_nearest(typed)}")
    raise Unfit("must be a whole number", f"type {wanted}")


def _nearest(typed: str) -> int:
    sign = -1 if typed.startswith("-") else 1
    whole = typed.lstrip("+-").partition(".")[0]
    return sign * int(whole[:12] or 0)
