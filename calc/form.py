"""The form of a calculator: the input shape, then one field for each knob.

Numbers are typed into text fields, because a number field of a browser throws
away what it cannot read, and a reader's slip must stay to be corrected.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from html import escape

from calc.calculators import WIDGETS
from calc.knob import Choice, Extents, Flag, Kind, Seed, Source, Table, Text
from calc.markup import breakable
from calc.source_form import source_field
from calc.spec import Spec, default_id, form_knobs

ABOUT_INPUT = (
    "shape of the input tensor, one size for each axis; the batch axis may be left out where PyTorch allows it"
)
ABOUT_SHAPE = "shape of this tensor, one size for each axis"


@dataclass(frozen=True)
class Entry:
    """One field: its name, the text in it, and what a reader is told of it."""

    id: str
    name: str
    symbol: str
    about: str
    kind: Kind
    text: str


def form(spec: Spec) -> str:
    """The form with the values of the fence; disabled until the page's script takes over."""
    entries = list(_entries(spec))
    fields = "".join(_field(entry) for entry in entries)
    meanings = "".join(f"<div><dt><code>{each.name}</code></dt><dd>{escape(each.about)}</dd></div>" for each in entries)
    typed = (
        f'<form class="calc-form" autocomplete="off" aria-label="{escape(_name(spec))}">'
        f"<fieldset disabled>{fields}</fieldset></form>"
    )
    if not WIDGETS[spec.layer].explains:
        return typed
    return (
        f'{typed}<details class="calc-about"><summary>What each argument means</summary><dl>{meanings}</dl></details>'
    )


def _name(spec: Spec) -> str:
    """What tells this form from the others of its page."""
    return spec.layer if spec.id == default_id(spec.layer) else f"{spec.layer}, {spec.id}"


def _entries(spec: Spec) -> Iterator[Entry]:
    kind = WIDGETS[spec.layer]
    ports = kind.required_inputs()
    for port in ports:
        about = port.about or (ABOUT_INPUT if len(ports) == 1 and not kind.dialect else ABOUT_SHAPE)
        yield Entry(f"{spec.id}.{port.name}", port.name, "", about, Extents(), spec.fields[port.name])
    for each in form_knobs(kind):
        yield Entry(f"{spec.id}.{each.name}", each.name, each.symbol, each.about, each.kind, spec.fields[each.name])


def _field(entry: Entry) -> str:
    if isinstance(entry.kind, Source):
        return source_field(escape(entry.id), entry.name, entry.text, entry.kind.examples())
    symbol, _, index = escape(entry.symbol).partition("_")
    shown = f" <i>{symbol}{f'<sub>{index}</sub>' if index else ''}</i>" if symbol else ""
    wide = " calc-wide" if isinstance(entry.kind, (Extents, Table, Text)) or _has_long_words(entry.kind) else ""
    name = breakable(entry.name)
    return (
        f'<div class="calc-field{wide}"><label for="{escape(entry.id)}">{name}{shown}</label>{_control(entry)}'
        f'<p class="calc-error" id="{escape(entry.id)}.error" hidden></p></div>'
    )


def _control(entry: Entry) -> str:
    id = escape(entry.id)
    common = f'id="{id}" name="{entry.name}" aria-describedby="{id}.error"'
    kind = entry.kind
    if isinstance(kind, (Flag, Choice)):
        words = kind.words if isinstance(kind, Choice) else ("True", "False")
        options = "".join(
            f"<option{' selected' if word == entry.text else ''}>{escape(word)}</option>" for word in words
        )
        if kind.empty:
            options = f'<option value=""{"" if entry.text else " selected"}>{escape(kind.empty)}</option>{options}'
        return f"<select {common}>{options}</select>"
    empty = getattr(kind, "empty", "")
    placeholder = f' placeholder="{escape(empty)}"' if empty else ""
    if _is_long(kind):
        lines = max(2, entry.text.count("\n") + 1)
        return (
            f'<textarea {common} rows="{lines}"{placeholder} spellcheck="false" autocapitalize="off">'
            f"{escape(entry.text)}</textarea>"
        )
    least = "" if kind.low() is None else f' data-least="{kind.low()}"'
    another = ""
    if isinstance(kind, Seed):
        clears = f' data-clears="{kind.clears}"' if kind.clears else ""
        another = f'<button type="button" data-do="another"{clears} hidden>New draw</button>'
    return (
        f'<input type="text" {common} value="{escape(entry.text)}"{placeholder}{least} '
        f'spellcheck="false" autocapitalize="off">{another}'
    )


def _is_long(kind: Kind) -> bool:
    """Whether a value may take several lines."""
    return (isinstance(kind, Table) and kind.axes > 1) or (isinstance(kind, Text) and kind.lines)


def _has_long_words(kind: Kind) -> bool:
    return isinstance(kind, Choice) and max(map(len, kind.words)) > 14
