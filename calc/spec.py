"""What a fence or a form asks for: a layer's name and the text of each field.

Both sides go the same way: typed text, then values, then a checked layer and its
input shapes. A fence's TOML values are written as a reader would type them first,
so nothing can be declared on a page that could not be typed into its form.

A field is called as its argument; the arguments of a layer within a layer have
the path before them: `encoder_layer.d_model`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from html import escape
from typing import Any

from calc.calculator import Calculator
from calc.calculators import WIDGETS
from calc.errors import CalcError
from calc.knob import Choice, Kind, Knob, Nested, Unfit, knobs
from calc.layer_base import Layer
from calc.tensor import Shapes

INPUT = "input"
"""The field that takes the blame where no other does."""

CLASS = "class"
"""The field that chooses among the classes of a layer within a layer."""


class FieldErrors(ValueError):
    """What is wrong with a form, as a sentence for each field at fault."""

    def __init__(self, messages: Mapping[str, str], line: int = 0) -> None:
        self.messages = dict(messages)
        self.line = line
        """The line at fault, of a field that holds source; 0 elsewhere."""
        super().__init__(" ".join(self.messages.values()))


@dataclass(frozen=True)
class Spec:
    """A calculator as declared: the name of a layer, network or demo, and the text of each field.

    `panels` are the names of what it shows; empty is all that the layer has.
    """

    layer: str
    id: str
    fields: Mapping[str, str]
    panels: Sequence[str] = ()

    def build(self) -> tuple[Calculator, tuple[Shapes, ...]]:
        """The layer (or demo) and its input shapes for these fields.

        Raises `FieldErrors` with a sentence for every field at fault.
        """
        kind = WIDGETS[self.layer]
        reading = _Reading(self.layer, self.fields, {})
        values = reading.arguments(kind, "")
        shapes = {
            port.name: reading.value(port.name, lambda text, port=port: port.clean(port.parse(text)))  # type: ignore[misc]
            for port in kind.required_inputs()
        }
        if reading.messages:
            raise FieldErrors(reading.messages)
        try:
            made = kind(**values)
            if isinstance(made, Layer):
                made(**shapes)
        except CalcError as error:
            blamed = self._blamed(kind, error.knob)
            raise FieldErrors({blamed: str(error)}, getattr(error, "line", 0)) from None
        return made, tuple(shapes.values())

    def _blamed(self, kind: type[Calculator], name: str) -> str:
        """The field that an argument's error belongs to: its own, or that of a layer within."""
        known = [each.name for each in form_knobs(kind)] + [port.name for port in kind.required_inputs()]
        inner = [field for field in known if field.rpartition(".")[2] == name or field.startswith(f"{name}.")]
        return next((field for field in (name, *inner) if field in known), known[-1])


@dataclass(frozen=True)
class _Reading:
    """Typed texts on their way to values, with what was wrong with them."""

    layer: str
    fields: Mapping[str, str]
    messages: dict[str, str]

    def arguments(self, kind: type, path: str) -> dict[str, Any]:
        """The arguments of a layer class, those of layers within it included."""
        values: dict[str, Any] = {}
        for each in knobs(kind):
            if isinstance(each.kind, Nested):
                values[each.name] = self.nested(each.kind, f"{path}{each.name}.")
            else:
                values[each.name] = self.value(path + each.name, partial(_clean, each), each.kind.longest)
        return values

    def nested(self, nested: Nested, path: str) -> Any:
        """A layer within, as a dictionary of its arguments; None where it may be left out and all is blank."""
        if nested.empty and not any(
            self.fields.get(path + each.name, "").strip() for each in knobs(nested.classes[0]) if each.required
        ):
            return None
        chosen = self.value(path + CLASS, nested.chosen) if len(nested.classes) > 1 else nested.classes[0]
        if chosen is None:
            return None
        name = {CLASS: chosen.__name__} if len(nested.classes) > 1 else {}
        return {**name, **self.arguments(chosen, path)}

    def value(self, name: str, parse: Callable[[str], Any], longest: int = Kind.longest) -> Any:
        """A field's value, or None and a message."""
        text = self.fields.get(name, "")
        try:
            _readable(text, longest)
            return parse(text)
        except Unfit as unfit:
            shown = _shown(text)
            subject = f"{self.layer}: {name}" + (f" (={shown})" if shown else "")
            self.messages[name] = f"{subject} {unfit.rule}; {unfit.hint}."
            return None


def _readable(text: str, longest: int) -> None:
    """`Unfit` for what nobody types: it would keep a parser busy, or break one."""
    if len(text) > longest:
        raise Unfit(f"must have at most {longest:,} characters, and has {len(text):,}", "leave some out")
    try:
        text.encode()
    except UnicodeEncodeError:
        raise Unfit("has half a character in it", "type it anew") from None


def _shown(text: str) -> str:
    """What was typed, as a message shows it: its beginning, and by their numbers letters that nobody sees.

    Some of those turn the order of what follows them.
    """
    text = text.strip()
    text = text if len(text) <= 60 else text[:57] + "…"
    return "".join(each if each.isprintable() or each.isspace() else f"\\u{ord(each):04x}" for each in text)


def _clean(each: Knob, text: str) -> Any:
    return each.kind.clean(each.kind.parse(text))


def form_knobs(kind: type, path: str = "") -> Iterator[Knob]:
    """The knobs of a layer class as a form shows them: those of layers within it by their paths."""
    for each in knobs(kind):
        if isinstance(each.kind, Nested):
            yield from _nested_knobs(each, f"{path}{each.name}.")
        else:
            yield replace(each, name=path + each.name)


def _nested_knobs(outer: Knob, path: str) -> Iterator[Knob]:
    assert isinstance(outer.kind, Nested)
    classes = outer.kind.classes
    if len(classes) > 1:
        words = tuple(kind.__name__ for kind in classes)
        yield Knob(path + CLASS, "", f"which layer: {outer.about}", Choice(words), False, words[0], False)
    seen: set[str] = set()
    for kind in classes:
        for each in form_knobs(kind, path):
            if each.name not in seen:
                seen.add(each.name)
                # A layer that may be left out has no required field: blank leaves it out. Nor is a field
                # required that only some of the classes have.
                shared = all(_requires(other, each.name.removeprefix(path)) for other in classes)
                optional = each.required and (bool(outer.kind.empty) or not shared)
                yield replace(each, required=False, kind=_blank(each.kind, outer.kind.empty)) if optional else each


def _requires(kind: type, name: str) -> bool:
    return any(each.name == name and each.required for each in form_knobs(kind))


def _blank(kind: Any, empty: str) -> Any:
    """The same kind of value for a field that may stay blank, with words for that."""
    return replace(kind, empty=empty) if hasattr(kind, "empty") else kind


def default_id(layer: str) -> str:
    """What a calculator is called in links unless its fence says otherwise."""
    return layer.lower().replace(".", "-")


def attributes(spec: Spec) -> str:
    """The spec as HTML attributes, from which the page can ask for it again."""
    sandboxed = " sandboxed" if WIDGETS[spec.layer].sandboxed else ""
    return f'id="{escape(spec.id)}" layer="{escape(spec.layer)}"{sandboxed}'
