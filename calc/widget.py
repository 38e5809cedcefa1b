"""A calculator as it is built into a page: head, form and panels, and what the page answers edits from."""

from __future__ import annotations

import json
from html import escape

from calc.calculator import Calculator
from calc.calculators import WIDGETS
from calc.demo import Demo
from calc.form import form
from calc.panels import PANELS, Typeset
from calc.panels.cost import SWITCHES, Ways
from calc.render import render
from calc.replay import trace_of
from calc.source_form import RUN, copies
from calc.spec import Spec, attributes


def widget(spec: Spec, typeset: Typeset, foot: str = "") -> str:
    """A calculator as it is baked into a page: complete without any script. `foot` is HTML to stand below it."""
    panels = render(spec, typeset)
    kind = WIDGETS[spec.layer]
    demo = kind if issubclass(kind, Demo) else None
    titles = demo.titles if demo else {name: title for name, (title, _) in PANELS.items()}
    stages = demo.stages if demo else ()
    switches = demo.switches if demo else SWITCHES
    sections = {
        name: _section(spec.id, name, titles[name], html, switches.get(name, ()), name in stages)
        for name, html in panels.items()
    }
    above = "".join(sections.pop(name) for name in (demo.above if demo else ()) if name in sections)
    written = kind.written is not Calculator.written
    taken = copies(escape(spec.id), "diagram" in panels, written) if kind.sandboxed else ""
    tag, name = ("b", demo.heading) if demo else ("code", spec.layer)
    return (
        f'<div class="calculator"><calc-widget {attributes(spec)} data-search-exclude>'
        f'<div class="calc-head"><{tag} class="calc-name">{escape(name)}</{tag}>'
        '<span class="calc-status" role="status"></span>'
        f'<span class="calc-tools">{RUN if kind.sandboxed else ""}'
        '<button type="button" data-do="link" hidden>Copy link</button>'
        '<button type="button" data-do="reset" hidden>Reset</button></span></div>'
        f'{above}{form(spec)}<div class="calc-panels">{"".join(sections.values())}</div>{taken}{foot}'
        # The page's script takes the last part as the sign that the calculator has been read in full.
        f'{_trace(spec, panels, typeset)}<noscript><p class="calc-quiet">These numbers were worked out when the page '
        "was built. With JavaScript on you can put in your own.</p></noscript></calc-widget></div>"
    )


def _trace(spec: Spec, panels: dict[str, str], typeset: Typeset) -> str:
    """The calculator's run as data, where it has a trace; in a template, since the theme runs every script anew."""
    trace = trace_of(spec, panels, typeset)
    if trace is None:
        return ""
    text = json.dumps(trace, separators=(",", ":")).replace("<", "\\u003c").replace("&", "\\u0026")
    return f'<template class="calc-trace">{text}</template>'


def _section(id: str, name: str, title: str, html: str, ways: Ways, stepped: bool) -> str:
    copy = '<button type="button" data-do="copy" hidden>Copy</button>' if name in ("torch", "keras") else ""
    head = f'<div class="calc-title">{title}{copy}{_switch(f"{id}.{name}", title, ways)}</div>' if title else ""
    # A group and not a section: a page with ten calculators would have eighty landmarks.
    live = "" if title else ' aria-live="polite"'
    return (
        f'<div class="calc-section calc-section-{name}" role="group" aria-label="{escape(title or "Result")}"{live}>'
        f'{head}{STEPPER if stepped else ""}<div data-panel="{name}">{html}</div></div>'
    )


STEPPER = (
    '<div class="calc-stepper" hidden><button type="button" data-go="back" aria-label="Step back">‹</button>'
    '<button type="button" data-go="play">Play</button>'
    '<button type="button" data-go="next" aria-label="Next step">›</button>'
    '<input type="range" min="0" value="0" aria-label="Step"><output></output>'
    '<p class="calc-said" aria-live="polite"></p></div>'
)
"""What a picture is gone through with; it stands outside the panel, which is painted anew at each answer."""


def _switch(name: str, title: str, ways: Ways) -> str:
    """Two ways to read a panel; the style sheet shows the chosen one, so it needs no script."""
    buttons = "".join(
        f'<label><input type="radio" name="{escape(name)}" value="{value}"{" checked" if at == 0 else ""}>'
        f"<span>{text}</span></label>"
        for at, (value, text) in enumerate(ways)
    )
    return f'<span class="calc-switch" role="radiogroup" aria-label="{title}, unit">{buttons}</span>' if ways else ""
