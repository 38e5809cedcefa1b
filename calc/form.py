"""The form of a calculator: one field for each knob, then the input shape.

Numbers are typed into text fields, because a number field of a browser throws
away what it cannot read, and a reader's slip must stay to be corrected.
"""

from __future__ import annotations

from html import escape

from calc.calculators import CALCULATORS
from calc.knob import Choice, Flag, Kind, Knob, PerAxis, knobs
from calc.spec import INPUT, Spec


def form(spec: Spec) -> str:
    """The form with the values of the fence; disabled until the page's script takes over."""
    fields = [_input_field(spec)] + [_field(spec, each) for each in knobs(CALCULATORS[spec.layer])]
    return (
        f'<form class="calc-form" autocomplete="off" aria-label="{escape(spec.layer)}">'
        f"<fieldset disabled>{''.join(fields)}</fieldset></form>"
    )


def _input_field(spec: Spec) -> str:
    about = "shape of the input tensor; the batch axis may be left out where PyTorch allows it"
    control = _text(spec, INPUT, "", spec.fields[INPUT])
    return _labelled(spec, INPUT, "", about, control, wide=True)


def _field(spec: Spec, each: Knob) -> str:
    value = spec.fields[each.name]
    kind: Kind = each.kind
    if isinstance(kind, Flag):
        control = _select(spec, each.name, ("True", "False"), value)
    elif isinstance(kind, Choice):
        control = _select(spec, each.name, kind.words, value)
    else:
        empty = kind.empty if isinstance(kind, PerAxis) else ""
        least = kind.low()
        step = "" if least is None else f' data-least="{least}"'
        control = _text(spec, each.name, step, value, placeholder=empty)
    return _labelled(spec, each.name, each.symbol, each.about, control)


def _labelled(spec: Spec, name: str, symbol: str, about: str, control: str, *, wide: bool = False) -> str:
    id = f"{spec.id}.{name}"
    name_of_symbol, _, index = escape(symbol).partition("_")
    shown = f" <i>{name_of_symbol}{f'<sub>{index}</sub>' if index else ''}</i>" if symbol else ""
    return (
        f'<div class="calc-field{" calc-wide" if wide else ""}">'
        f'<label for="{escape(id)}" title="{escape(about)}">{escape(name)}{shown}</label>{control}'
        f'<p class="calc-error" id="{escape(id)}.error" hidden></p></div>'
    )


def _text(spec: Spec, name: str, step: str, value: str, *, placeholder: str = "") -> str:
    id = escape(f"{spec.id}.{name}")
    hint = f' placeholder="{escape(placeholder)}"' if placeholder else ""
    return (
        f'<input id="{id}" name="{escape(name)}" type="text" value="{escape(value)}"{hint}{step} '
        f'inputmode="text" spellcheck="false" autocapitalize="off" aria-describedby="{id}.error">'
    )


def _select(spec: Spec, name: str, words: tuple[str, ...], value: str) -> str:
    id = escape(f"{spec.id}.{name}")
    options = "".join(f"<option{' selected' if word == value else ''}>{escape(word)}</option>" for word in words)
    return f'<select id="{id}" name="{escape(name)}" aria-describedby="{id}.error">{options}</select>'
