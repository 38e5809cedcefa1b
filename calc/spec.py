"""What a fence or a form asks for: a layer's name and the text of each field.

Both sides go the same way: typed text, then values, then a checked layer and an
input shape. A fence's TOML values are written as a reader would type them first,
so nothing can be declared on a page that could not be typed into its form.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from calc.calculators import CALCULATORS
from calc.errors import CalcError
from calc.knob import Extents, Knob, Unfit, knobs
from calc.layer import Layer, Shape

INPUT = "input"
"""The field that holds the input shape, beside the layer's own knobs."""


class FieldErrors(ValueError):
    """What is wrong with a form, as a sentence for each field at fault."""

    def __init__(self, messages: Mapping[str, str]) -> None:
        self.messages = dict(messages)
        super().__init__(" ".join(self.messages.values()))


@dataclass(frozen=True)
class Spec:
    """A calculator as declared: `fields` maps each knob, and "input", to its text.

    `panels` are the names of what it shows; empty is all that the layer has.
    """

    layer: str
    id: str
    fields: Mapping[str, str]
    panels: Sequence[str] = ()

    def build(self) -> tuple[Layer, Shape]:
        """The layer and input shape for these fields.

        Raises `FieldErrors` with a sentence for every field at fault.
        """
        kind = CALCULATORS[self.layer]
        messages: dict[str, str] = {}
        values: dict[str, Any] = {}
        for each in knobs(kind):
            _parse(self.layer, each.name, self.fields.get(each.name, ""), each, values, messages)
        _parse(self.layer, INPUT, self.fields.get(INPUT, ""), None, values, messages)
        if messages:
            raise FieldErrors(messages)
        shape = values.pop(INPUT)
        try:
            layer = kind(**values)
            layer(shape)
        except CalcError as error:
            raise FieldErrors({error.knob or INPUT: str(error)}) from None
        return layer, shape


def _parse(
    layer: str,
    name: str,
    text: str,
    each: Knob | None,
    values: dict[str, Any],
    messages: dict[str, str],
) -> None:
    try:
        kind = each.kind if each else Extents()
        values[name] = kind.clean(kind.parse(text))
    except Unfit as unfit:
        shown = text.strip() if len(text.strip()) <= 60 else text.strip()[:57] + "…"
        subject = f"{layer}: {name}" + (f" (={shown})" if shown else "")
        messages[name] = f"{subject} {unfit.rule}; {unfit.hint}."


def attributes(spec: Spec) -> str:
    """The spec as HTML attributes, from which the page can ask for it again."""
    return f'id="{escape(spec.id)}" layer="{escape(spec.layer)}"'
