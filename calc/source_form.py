"""What a form has around Python source: a text area that the page makes an editor of, and what is done with it.

Whatever needs a script is hidden until the script takes over; the source is there and can be read without it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from itertools import groupby

from calc.knob import Example

LEAST_LINES, MOST_LINES = 8, 26
"""The height of the text area; what is longer scrolls."""

KEYS = "Tab indents; Esc, then Tab leaves the editor. Ctrl+Enter runs the model."

FORMS = {"text": "Text", "markdown": "Markdown", "csv": "CSV", "json": "JSON", "latex": "LaTeX"}
"""The forms that an answer is written in, as `Calculator.written` calls them, and what a reader calls them."""

RUN = '<button type="button" data-do="run" hidden>Run</button><button type="button" data-do="stop" hidden>Stop</button>'
"""Buttons of a calculator that runs code; the page shows Stop while there is something to stop."""


def source_field(id: str, name: str, text: str, examples: Sequence[Example]) -> str:
    """The field of one source: its label, a list of examples, the text area and the place for its error."""
    lines = min(max(LEAST_LINES, text.count("\n") + 1), MOST_LINES)
    return (
        f'<div class="calc-field calc-source"><div class="calc-source-head"><label for="{id}">{escape(name)}</label>'
        f"{_list(name, examples)}</div>"
        f'<textarea id="{id}" name="{name}" rows="{lines}" data-code="python" wrap="off" aria-describedby="{id}.error" '
        # The parser takes the first line end of a text area away.
        f'spellcheck="false" autocapitalize="off" autocomplete="off">\n{escape(text)}</textarea>'
        f'<p class="calc-keys" id="{id}.keys" hidden>{KEYS}</p>'
        f'<p class="calc-error" id="{id}.error" hidden></p>'
        f'<button type="button" class="calc-to-line" data-to="{name}" hidden></button></div>'
    )


def _list(name: str, examples: Sequence[Example]) -> str:
    groups = "".join(
        f'<optgroup label="{escape(group)}">{_options(listed)}</optgroup>'
        for group, listed in groupby(examples, key=lambda each: each.group)
    )
    return (
        f'<label class="calc-examples" hidden>Begin with <select data-examples="{name}">'
        f'<option value="">an example…</option>{groups}</select></label>'
        if examples
        else ""
    )


def _options(examples: Iterable[Example]) -> str:
    return "".join(_option(each) for each in examples)


def _option(example: Example) -> str:
    filled = {"file": example.file, **example.fields}
    data = "".join(f' data-{key}="{escape(value)}"' for key, value in filled.items())
    return f"<option{data}>{escape(example.name)}</option>"


def copies(id: str, drawn: bool, written: bool) -> str:
    """A line to copy or keep the answer: in `FORMS` where it is `written`, as a picture where something is `drawn`."""
    words = FORMS if written else {}
    pictures = {"svg": "SVG, the diagram", "png": "PNG, the diagram"} if drawn else {}
    options = "".join(f'<option value="{value}">{shown}</option>' for value, shown in (words | pictures).items())
    if not options:
        return ""
    return (
        f'<div class="calc-copies" hidden><label for="{id}.form">Copy or download as</label> '
        f'<select id="{id}.form">{options}</select> '
        '<button type="button" data-do="copy-as" hidden>Copy</button>'
        '<button type="button" data-do="download" hidden>Download</button></div>'
    )
