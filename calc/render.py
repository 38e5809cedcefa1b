"""From a spec to HTML: at build time the whole calculator, in the browser its panels.

`render` is the one function behind both, so what a page shows before its script
runs and after the reader's first keystroke cannot differ.
"""

from __future__ import annotations

import json
from html import escape

from calc.derive import run
from calc.form import form
from calc.panels import PANELS, Typeset
from calc.panels.cost import SWITCHES
from calc.spec import FieldErrors, Spec, attributes

__all__ = ["answer", "render", "widget"]


def render(spec: Spec, typeset: Typeset) -> dict[str, str]:
    """Every panel of a calculator as HTML, under its name; raises `FieldErrors`."""
    layer, shapes = spec.build()
    done = run(layer, *shapes)
    return {name: PANELS[name][1](done, typeset) for name in spec.panels or layer.panels}


def answer(request: str, typeset: Typeset) -> str:
    """A request of the page, as JSON: `{layer, fields, panels}` to `{panels}` or `{errors}`."""
    asked = json.loads(request)
    spec = Spec(asked["layer"], "", asked["fields"], asked.get("panels", ()))
    try:
        return json.dumps({"panels": render(spec, typeset)})
    except FieldErrors as errors:
        return json.dumps({"errors": errors.messages})


def widget(spec: Spec, typeset: Typeset, foot: str = "") -> str:
    """A calculator as it is baked into a page: complete without any script. `foot` is HTML to stand below it."""
    panels = render(spec, typeset)
    body = "".join(_section(spec.id, name, PANELS[name][0], html) for name, html in panels.items())
    return (
        f'<div class="calculator"><calc-widget {attributes(spec)} data-search-exclude>'
        f'<div class="calc-head"><code class="calc-name">{escape(spec.layer)}</code>'
        '<span class="calc-status" role="status"></span>'
        '<span class="calc-tools"><button type="button" data-do="link" hidden>Copy link</button>'
        '<button type="button" data-do="reset" hidden>Reset</button></span></div>'
        f'{form(spec)}<div class="calc-panels">{body}</div>{foot}'
        '<noscript><p class="calc-quiet">These numbers were worked out when the page was built. '
        "With JavaScript on you can put in your own.</p></noscript></calc-widget></div>"
    )


def _section(id: str, name: str, title: str, html: str) -> str:
    copy = '<button type="button" data-do="copy" hidden>Copy</button>' if name in ("torch", "keras") else ""
    head = f'<div class="calc-title">{title}{copy}{_switch(id, name)}</div>' if title else ""
    # A group and not a section: a page with ten calculators would have eighty landmarks.
    live = "" if title else ' aria-live="polite"'
    return (
        f'<div class="calc-section calc-section-{name}" role="group" aria-label="{escape(title or "Result")}"{live}>'
        f'{head}<div data-panel="{name}">{html}</div></div>'
    )


def _switch(id: str, name: str) -> str:
    """Two ways to read a panel; the style sheet shows the chosen one, so it needs no script."""
    ways = SWITCHES.get(name, ())
    buttons = "".join(
        f'<label><input type="radio" name="{escape(id)}.{name}" value="{value}"{" checked" if at == 0 else ""}>'
        f"<span>{text}</span></label>"
        for at, (value, text) in enumerate(ways)
    )
    return (
        f'<span class="calc-switch" role="radiogroup" aria-label="{PANELS[name][0]}, unit">{buttons}</span>'
        if ways
        else ""
    )
