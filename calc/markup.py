"""Words as HTML, written as a browser writes them back.

The page compares a panel's HTML as it stands with a new answer, and paints only what
differs; so an apostrophe, which `html.escape` writes as a number, stays one.
"""

from __future__ import annotations

import re
from html import escape

__all__ = ["breakable", "plain", "quoted"]


def plain(words: object) -> str:
    """Words to stand between tags."""
    return escape(str(words), quote=False)


def quoted(words: object) -> str:
    """Words to stand in an attribute, between double quotes."""
    return plain(words).replace('"', "&quot;")


def breakable(code: str) -> str:
    """A name or a call that may go on in the next line, but not within a word."""
    return re.sub(r"(?<=\w)([._/(=])(?=\w)", r"\1<wbr>", plain(code))
