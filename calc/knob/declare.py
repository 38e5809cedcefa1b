"""How a class declares what it can be set to: a dataclass field with a symbol, a kind and a line of prose."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import MISSING, Field, dataclass, field, fields
from functools import cache
from typing import Any, ClassVar

from calc.knob.written import written


@dataclass(frozen=True)
class Kind(ABC):
    """Which values a knob takes."""

    longest: ClassVar[int] = 10_000
    """As many characters of a typed value as are read; the page's link.js takes no more either."""

    @abstractmethod
    def clean(self, value: object) -> Any:
        """The value in its usual form (lists as tuples), or `Unfit` with the reason."""

    @abstractmethod
    def parse(self, text: str) -> Any:
        """The value that a reader typed, or `Unfit` with the reason."""

    def write(self, value: Any) -> str:
        """A value as a reader would type it; the inverse of `parse`."""
        return written(value)

    def low(self) -> float | None:
        """The smallest number allowed, for the form."""
        return None

    def high(self) -> float | None:
        """The largest number allowed, where there is one."""
        return None


class Unfit(Exception):
    """A value that does not fit: the rule it breaks and the way out."""

    def __init__(self, rule: str, hint: str) -> None:
        self.rule = rule
        self.hint = hint
        super().__init__(rule)


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
    return _declared(layer if isinstance(layer, type) else type(layer))


@cache
def _declared(kind: type) -> tuple[Knob, ...]:
    return tuple(_of_field(each) for each in fields(kind) if "kind" in each.metadata)


def _of_field(each: Field[Any]) -> Knob:
    required = each.default is MISSING
    default = None if required else each.default
    return Knob(name=each.name, default=default, required=required, **each.metadata)
