"""Concepts with values: arguments in, pictures and worked numbers out.

A demo is a calculator like a layer, only that its panels are its own: methods under
the names that `panels` lists, each from the typesetter to HTML. What they show is
computed by `calc.values`, where the arithmetic stands without any drawing.
"""

from __future__ import annotations

from abc import ABC
from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from calc.calculator import Calculator
from calc.knob import Choice, knobs
from calc.knob.word import listed
from calc.panels.cost import Ways
from calc.panels.table import Typeset


@dataclass(frozen=True)
class Demo(Calculator, ABC):
    """A concept whose numbers a reader can change."""

    heading: ClassVar[str]
    """What stands at the head of the calculator, in place of a layer's name."""

    titles: ClassVar[Mapping[str, str]]
    """A title for each panel, in page order; "" for the answer that comes first."""

    above: ClassVar[tuple[str, ...]] = ()
    """The panels that stand above the form, where they have to be read first."""

    stages: ClassVar[tuple[str, ...]] = ()
    """The panels that hold a `calc.stage`: they are gone through step by step."""

    switches: ClassVar[Mapping[str, Ways]] = {}
    """The panels that can be read in two ways."""

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        cls.panels = tuple(getattr(cls, "titles", ()))

    def check(self) -> None:
        """Refuse numbers beyond the bounds of their knobs; what else must hold comes on top."""
        for each in knobs(self):
            least, most = each.kind.low(), each.kind.high()
            value = getattr(self, each.name)
            if isinstance(each.kind, Choice) and value is not None and value not in each.kind.words:
                raise self.fault(each.name, f"must be one of {listed(each.kind.words)}", f"try {each.kind.words[0]!r}")
            if isinstance(value, (int, float)) and not isinstance(value, bool):
                if least is not None and value < least:
                    raise self.fault(each.name, f"must be at least {least:,}", f"try {least}")
                if most is not None and value > most:
                    raise self.fault(each.name, f"must be at most {most:,}", f"try {most}")

    def panel(self, name: str, typeset: Typeset) -> str:
        """One panel as HTML."""
        html: str = getattr(self, name)(typeset)
        return html
