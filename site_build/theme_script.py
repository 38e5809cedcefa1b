"""The theme's own script, without two things that it does to every page when it comes.

Each makes the browser style and lay out the whole page once more, which on a slow
phone takes longer than everything of ours; and neither is needed: the style says by
itself which colour scheme holds, and tables have their frame from the build, where
it serves readers without scripts too.
"""

from __future__ import annotations

import re
from pathlib import Path

DONE_WITHOUT = {
    '{name:"color-scheme"}': '{name:"scheme-of-the-theme"}',  # a meta element that browsers know
    '"table:not([class])"': '"table.unframed"',
}
"""What stands in the script, and what nobody asks for."""

TABLE = re.compile(r'(?<!<div class="md-typeset__table">)<table>.*?</table>', re.DOTALL)


def frame_tables(html: str) -> str:
    """Put each table of a page into the frame in which it scrolls where it is too wide."""
    return TABLE.sub(lambda found: framed(found[0]), html)


def framed(table: str) -> str:
    """A table as the theme's script would frame it."""
    return f'<div class="md-typeset__scrollwrap"><div class="md-typeset__table">{table}</div></div>'


def relieve(site: Path) -> None:
    """Take both out of the script of a built site; ValueError where the theme's version words them otherwise."""
    [path] = site.glob("assets/javascripts/bundle.*.min.js")
    script = path.read_text(encoding="utf-8")
    for text, instead in DONE_WITHOUT.items():
        if script.count(text) != 1:
            raise ValueError(f"{path.name} holds {text} {script.count(text)} times; see {Path(__file__).name}")
        script = script.replace(text, instead)
    path.write_text(script, encoding="utf-8")
