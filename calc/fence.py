"""A fence's text as a spec: a layer's name and a TOML body.

Apart from `spec.py`, because only the build reads fences: the page need not load
a TOML parser.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from typing import Any

from calc.calculators import WIDGETS
from calc.errors import CalcError
from calc.knob import Knob, Unfit, written
from calc.spec import FieldErrors, Spec, default_id, form_knobs
from calc.tensor import typed


class SpecError(ValueError):
    """A fence that cannot be used; `line` counts from 1 within its body, 0 is the fence itself."""

    def __init__(self, message: str, line: int) -> None:
        self.line = line
        super().__init__(message)


def parse_fence(layer: str, body: str) -> Spec:
    """The calculator that a fence declares.

    Besides the layer's knobs the body takes `input`, the input shape; `id`, which
    names the calculator in links where a page has several of a kind; and `panels`,
    a list of what to show where not everything is wanted.
    Raises `SpecError` for an unknown layer or knob, a missing one, and whatever
    the layer refuses.
    """
    kind = WIDGETS.get(layer)
    if kind is None:
        raise SpecError(f"unknown layer {layer!r}{_suggestion(layer, WIDGETS)}", 0)
    try:
        declared = kind.spelled_out(tomllib.loads(body))
    except tomllib.TOMLDecodeError as error:
        raise SpecError(f"not valid TOML: {error}", _line_in(str(error))) from None
    except CalcError as error:
        raise SpecError(str(error), _line_of(error.knob, body)) from None
    known = {each.name: each for each in form_knobs(kind)}
    ports = {port.name: port for port in kind.required_inputs()}
    name = str(declared.pop("id", default_id(layer)))
    panels = declared.pop("panels", kind.panels)
    for panel in panels:
        if panel not in kind.panels:
            message = f"{layer} has no panel {panel!r}{_suggestion(str(panel), kind.panels)}"
            raise SpecError(message, _line_of("panels", body))
    fields = {each.name: each.kind.write(each.default) for each in known.values() if not each.required}
    for key, value in _flat(declared):
        if key in ports and ports[key].many and isinstance(value, list):
            fields[key] = typed(value, many=True)
        elif key in known and _fits(known[key], value):
            fields[key] = known[key].kind.write(value)
        elif key in known or key in ports:
            fields[key] = str(value) if isinstance(value, dict) else written(value)
        else:
            raise SpecError(f"{layer} has no knob {key!r}{_suggestion(key, [*known, *ports])}", _line_of(key, body))
    missing = [key for key in [*known, *ports] if key not in fields]
    if missing:
        raise SpecError(f"{layer} needs {', '.join(missing)}", 0)
    spec = Spec(layer, name, fields, tuple(panels))
    try:
        spec.build()
    except FieldErrors as errors:
        key, message = next(iter(errors.messages.items()))
        raise SpecError(message, _line_of(key, body)) from None
    return spec


def _fits(each: Knob, value: object) -> bool:
    """Whether a value can be written as its kind does; one that cannot is refused when it is read again."""
    try:
        each.kind.clean(value)
    except Unfit:
        return False
    return True


def _flat(declared: dict[str, Any], path: str = "") -> Iterator[tuple[str, Any]]:
    """Keys with their values; a table is the arguments of a layer within the layer."""
    for key, value in declared.items():
        if isinstance(value, dict) and value:
            yield from _flat(value, f"{path}{key}.")
        else:
            yield path + key, value


def _suggestion(name: str, known: Iterable[str]) -> str:
    near = get_close_matches(name, list(known), n=1)
    return f"; did you mean {near[0]!r}?" if near else f"; known are {', '.join(known)}"


def _line_of(key: str, body: str) -> int:
    for number, line in enumerate(body.splitlines(), 1):
        if line.partition("=")[0].strip() in (key, key.partition(".")[0]):
            return number
    return 0


def _line_in(message: str) -> int:
    digits = message.partition("at line ")[2].split(",")[0]
    return int(digits) if digits.isdigit() else 0
