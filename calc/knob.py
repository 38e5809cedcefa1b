"""What a layer can be set to: one declaration serves the code, the form and the page.

A knob is the metadata of a dataclass field: its symbol in formulas, a line of
prose, and a kind that says which values it takes and how they are typed.
Every kind answers with a reason instead of raising, so that a constructor can
raise it and a form can show it.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from dataclasses import MISSING, Field, dataclass, field, fields
from difflib import get_close_matches
from operator import index
from typing import Any

MOST_AXES = 64
"""As many axes as PyTorch's element-wise operations take; a form takes no more, a script may."""

LARGEST = 10**9
"""No axis of a real tensor is longer; it keeps a slip of the keyboard from filling the page."""


@dataclass(frozen=True)
class Kind(ABC):
    """Which values a knob takes."""

    @abstractmethod
    def clean(self, value: object) -> Any:
        """The value in its usual form (lists as tuples), or `Unfit` with the reason."""

    @abstractmethod
    def parse(self, text: str) -> Any:
        """The value that a reader typed, or `Unfit` with the reason."""

    def low(self) -> int | None:
        """The smallest number allowed, for the form."""
        return None


class Unfit(Exception):
    """A value that does not fit: the rule it breaks and the way out."""

    def __init__(self, rule: str, hint: str) -> None:
        self.rule = rule
        self.hint = hint
        super().__init__(rule)


@dataclass(frozen=True)
class Whole(Kind):
    """One whole number; `empty` says in words what None stands for, where None is allowed."""

    least: int | None = 1
    empty: str = ""

    def clean(self, value: object) -> int | None:
        return None if value is None and self.empty else _whole(value)

    def parse(self, text: str) -> int | None:
        if not text.strip() and self.empty:
            return None
        return _parse_whole(text, "a whole number such as 3")

    def low(self) -> int | None:
        return self.least


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
            return value if self.words else _whole(value)
        if isinstance(value, (tuple, list)):
            return tuple(None if item is None and self.gaps else _whole(item) for item in value)
        return _whole(value)

    def parse(self, text: str) -> int | tuple[int | None, ...] | str | None:
        typed = text.strip()
        if not typed and self.empty:
            return None
        word = typed.strip("'\"")
        if self.words and re.fullmatch(r"[A-Za-z]+", word):
            if word.lower() in self.words:
                return word.lower()
            raise Unfit(
                f"must be a number or one of {_listed(self.words)}",
                _did_you_mean(word, self.words) or f"type for example {self.words[0]}",
            )
        example = "a whole number such as 3, or one for each axis such as 3, 5"
        if self.gaps and typed == "None":
            return None
        inner = re.sub(r"^[(\[](.*)[)\]]$", r"\1", typed, flags=re.DOTALL).strip()
        if "," not in inner and not re.search(r"[0-9]\s+[-+0-9]", inner):
            number = _parse_whole(inner, example)
            return number if inner == typed else (number,)
        parts = re.split(r"\s*,\s*|\s+", inner.rstrip(","))
        return tuple(None if self.gaps and part == "None" else _parse_whole(part, example) for part in parts)

    def low(self) -> int | None:
        return self.least


@dataclass(frozen=True)
class Margins(Kind):
    """Cells on the two sides of each axis, as Keras has them.

    One number for all; or a tuple with one for each axis, each a number or (before, after).
    """

    def clean(self, value: object) -> int | tuple[int | tuple[int, ...], ...]:
        if not isinstance(value, (tuple, list)):
            return _whole(value)
        return tuple(
            tuple(_whole(side) for side in item) if isinstance(item, (tuple, list)) else _whole(item) for item in value
        )

    def parse(self, text: str) -> Any:
        example = "a whole number such as 3, or two for each axis such as (1, 2), (0, 1)"
        open_lists: list[list[Any]] = [[]]
        for token in re.findall(r"[()\[\]]|[^\s,()\[\]]+", text):
            if token in "([":
                open_lists.append([])
            elif token not in ")]":
                open_lists[-1].append(_parse_whole(token, example))
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


@dataclass(frozen=True)
class Flag(Kind):
    """True or False; `empty` says in words what None stands for, where None is allowed."""

    empty: str = ""

    def clean(self, value: object) -> bool | None:
        if isinstance(value, bool) or (value is None and self.empty):
            return value
        raise Unfit("must be True or False", "write True or False")

    def parse(self, text: str) -> bool | None:
        if self.empty and text.strip() in ("", "None"):
            return None
        if text.strip().lower() in ("true", "false"):
            return text.strip().lower() == "true"
        raise Unfit("must be True or False", "type True or False")


@dataclass(frozen=True)
class Choice(Kind):
    """One of a few words; `empty` says in words what None stands for, where None is allowed."""

    words: tuple[str, ...]
    empty: str = ""

    def clean(self, value: object) -> str | None:
        if isinstance(value, str) or (value is None and self.empty):
            return value
        raise Unfit(f"must be one of {_listed(self.words)}", f"try {self.words[0]!r}")

    def parse(self, text: str) -> str | None:
        if self.empty and text.strip() in ("", "None"):
            return None
        word = text.strip().strip("'\"")
        if word in self.words:
            return word
        raise Unfit(
            f"must be one of {_listed(self.words)}",
            _did_you_mean(word, self.words) or f"try {self.words[0]}",
        )


@dataclass(frozen=True)
class Extents(Kind):
    """The shape of a tensor: one whole number, 0 included, for each axis.

    With `open`, -1 may stand for a size that follows from the others.
    """

    open: bool = False

    def clean(self, value: object) -> tuple[int, ...]:
        if isinstance(value, (str, bytes, Mapping)) or not isinstance(value, Iterable):
            raise Unfit("must be a shape, one number for each axis", "write (1, 3, 224, 224)")
        shape = tuple(_whole(item) for item in value)
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
        return self.clean(tuple(_parse_whole(part, "the size of each axis such as 1, 3, 224, 224") for part in parts))


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
            return tuple(_real(item) for item in value)
        return _real(value)

    def parse(self, text: str) -> float | tuple[float, ...] | None:
        typed = text.strip()
        if not typed and self.empty:
            return None
        inner = re.sub(r"^[(\[](.*)[)\]]$", r"\1", typed, flags=re.DOTALL).strip()
        parts = [_parse_real(part) for part in re.split(r"\s*,\s*|\s+", inner.rstrip(","))]
        return parts[0] if len(parts) == 1 and inner == typed else tuple(parts)


@dataclass(frozen=True)
class Nested(Kind):
    """A layer, given by its arguments: `{"d_model": 8, "nhead": 2}`.

    Of several classes the key "class" names the one that is meant. `empty` says in
    words what None stands for, where None is allowed.
    """

    classes: tuple[type, ...]
    empty: str = ""

    def clean(self, value: object) -> Any:
        if value is None and self.empty:
            return None
        if isinstance(value, self.classes):
            return value
        if not isinstance(value, Mapping):
            raise Unfit(f"must be the arguments of {self._names()}", "write them as a dictionary")
        arguments = dict(value)
        kind = self.chosen(arguments.pop("class", self.classes[0].__name__))
        known = {each.name: each for each in knobs(kind)}
        for name in arguments:
            if name not in known:
                raise Unfit(f"has {name}, which is not an argument of {kind.__name__}", f"known are {', '.join(known)}")
        missing = [each.name for each in known.values() if each.required and each.name not in arguments]
        if missing:
            raise Unfit(f"needs {', '.join(missing)} for {kind.__name__}", f"give {missing[0]}")
        return kind(**arguments)

    def chosen(self, name: object) -> type:
        """The class of that name."""
        for kind in self.classes:
            if kind.__name__ == name:
                return kind
        raise Unfit(f"must be one of {self._names()}, and is {name}", f"try {self.classes[0].__name__}")

    def parse(self, text: str) -> Any:
        raise Unfit("is a layer", "give each of its arguments")

    def _names(self) -> str:
        return ", ".join(kind.__name__ for kind in self.classes)


@dataclass(frozen=True)
class Knob:
    """A field of a layer with what formulas, forms and pages need to know of it."""

    name: str
    symbol: str
    about: str
    kind: Kind
    positional: bool
    default: Any
    required: bool


def knob(
    default: Any = MISSING,
    *,
    symbol: str = "",
    about: str,
    kind: Kind,
    positional: bool = False,
) -> Any:
    """Declare a dataclass field that readers can set.

    `positional` arguments are printed without their name in snippets, as people
    write them: `nn.Conv2d(3, 64, kernel_size=7)`.
    """
    metadata = {"symbol": symbol, "about": about, "kind": kind, "positional": positional}
    return field(default=default, metadata=metadata)


def knobs(layer: type | object) -> tuple[Knob, ...]:
    """The knobs of a layer class or of a layer, in the framework's order."""
    return tuple(_of_field(each) for each in fields(layer) if "kind" in each.metadata)  # type: ignore[arg-type]


def _of_field(each: Field[Any]) -> Knob:
    required = each.default is MISSING
    default = None if required else each.default
    return Knob(name=each.name, default=default, required=required, **each.metadata)


def written(value: Any) -> str:
    """A value as a reader would type it; the inverse of `Kind.parse`."""
    if value is None:
        return ""
    if isinstance(value, (tuple, list)):
        inner = ", ".join(_part(item) for item in value)
        return f"({inner},)" if len(value) == 1 else inner
    return str(value) if isinstance(value, (bool, str, float)) else str(int(value))


def _part(item: Any) -> str:
    return f"({written(item)})" if isinstance(item, (tuple, list)) else written(item) or "None"


def shape_text(shape: Iterable[int]) -> str:
    """A shape as a reader would type it: 1, 3, 224, 224."""
    return ", ".join(str(int(size)) for size in shape)


def _whole(value: object) -> int:
    if isinstance(value, bool) or not hasattr(value, "__index__"):
        raise Unfit("must be a whole number", _rounded(value))
    # A number that remembers its history stays what it is; NumPy's become plain.
    number = value if isinstance(value, int) else index(value)
    return _bounded(number)


def _bounded(number: int) -> int:
    if abs(int(number)) > LARGEST:
        raise Unfit(f"must be at most {LARGEST:,}", "no tensor has so long an axis, so check the digits")
    return number


def _rounded(value: object) -> str:
    if isinstance(value, float) and value == value and abs(value) <= LARGEST:
        return f"write {round(value)}"
    return "write a whole number such as 3"


def _real(value: object) -> float:
    number = Real().clean(value)
    assert number is not None
    return number


def _parse_real(text: str) -> float:
    number = Real().parse(text)
    assert number is not None
    return number


def _parse_whole(text: str, wanted: str) -> int:
    typed = text.strip()
    if not typed:
        raise Unfit("is empty", f"type {wanted}")
    if re.fullmatch(r"[+-]?[0-9]+", typed):
        if len(typed) > 4000:
            raise Unfit(f"must be at most {LARGEST:,}", "no tensor has so long an axis, so check the digits")
        return _bounded(int(typed))
    if re.fullmatch(r"[+-]?\d+", typed):
        raise Unfit("must be written with the digits 0 to 9", f"type {int(typed)}")
    if re.fullmatch(r"[+-]?[0-9]*\.[0-9]*", typed) and any(c.isdigit() for c in typed):
        raise Unfit("must be a whole number", f"type {_nearest(typed)}")
    raise Unfit("must be a whole number", f"type {wanted}")


def _nearest(typed: str) -> int:
    sign = -1 if typed.startswith("-") else 1
    whole = typed.lstrip("+-").partition(".")[0]
    return sign * int(whole[:12] or 0)


def _listed(words: Iterable[str]) -> str:
    return ", ".join(repr(word) for word in words)


def _did_you_mean(word: str, words: Iterable[str]) -> str:
    near = get_close_matches(word.lower(), list(words), n=1)
    return f"try {near[0]}" if near else ""
