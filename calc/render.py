"""From a spec to panels: the one function behind what a page is built with and what an edit is answered with.

What a page shows before its script runs and after the reader's first keystroke can
therefore not differ.
"""

from __future__ import annotations

import json
from typing import Any

from calc.calculators import WIDGETS
from calc.demo import Demo
from calc.derive import run
from calc.errors import CalcError
from calc.layer_base import Layer
from calc.panels import PANELS, Typeset
from calc.spec import FieldErrors, Spec


def render(spec: Spec, typeset: Typeset) -> dict[str, str]:
    """Every panel of a calculator as HTML, under its name; raises `FieldErrors`."""
    made, shapes = spec.build()
    names = spec.panels or made.panels
    if isinstance(made, Demo):
        return {name: made.panel(name, typeset) for name in names}
    assert isinstance(made, Layer)
    done = run(made, *shapes)
    return {name: PANELS[name][1](done, typeset) for name in names}


class RequestError(ValueError):
    """A request that no page makes; the text is one sentence."""


def _asked(request: str) -> dict[str, Any]:
    """The request, if it is one: everything of the right type, and the calculator and its panels known."""
    try:
        asked = json.loads(request)
    except (ValueError, TypeError, RecursionError):
        raise RequestError("The request is not JSON that can be read; send {layer, fields, panels}.") from None
    if not isinstance(asked, dict):
        raise RequestError("The request is not an object; send {layer, fields, panels}.")
    layer, fields, panels = asked.get("layer"), asked.get("fields"), asked.get("panels", [])
    if not isinstance(layer, str) or layer not in WIDGETS:
        raise RequestError(f"The request's layer (={_short(layer)}) is no calculator; send a name such as 'Conv2d'.")
    if not isinstance(fields, dict) or not all(isinstance(text, str) for text in fields.values()):
        raise RequestError(f"The request's fields (={_short(fields)}) must be texts by name; send {{name: text}}.")
    known = WIDGETS[layer].panels
    if not isinstance(panels, list) or not all(isinstance(name, str) and name in known for name in panels):
        raise RequestError(f"The request's panels (={_short(panels)}) must be some of {', '.join(known)}.")
    if not isinstance(asked.get("form", ""), str):
        raise RequestError(f"The request's form (={_short(asked['form'])}) must be a text such as 'csv'.")
    return asked


def _short(value: object) -> str:
    text = ascii(value)
    return text if len(text) <= 60 else text[:57] + "..."


def answer(request: str, typeset: Typeset) -> str:
    """A request of the page, as JSON: `{layer, fields, panels}` to `{panels}` or `{errors, line}`.

    With a `form` such as "csv" the answer is `{text}`, the whole to be copied or kept. What is no
    such request raises `RequestError`.
    """
    asked = _asked(request)
    spec = Spec(asked["layer"], "", asked["fields"], asked.get("panels", ()))
    try:
        return json.dumps(
            {"text": written(spec, asked["form"])} if "form" in asked else {"panels": render(spec, typeset)}
        )
    except FieldErrors as errors:
        return json.dumps({"errors": errors.messages, "line": errors.line})


def written(spec: Spec, form: str) -> str:
    """A calculator's answer as text in a form; `FieldErrors` where it has none such."""
    try:
        return spec.build()[0].written(form)
    except CalcError as error:
        raise FieldErrors({"form": str(error)}) from None
