"""Words as HTML, written as a browser writes them back.

The page compares a panel's HTML as it stands with a new answer, and paints only what
differs; so an apostrophe, which `html.escape` writes as a number, stays one.
"""

from __future__ import annotations

from html import escape

__all__ = ["plain", "quoted"]


def plain(words: object) -> str:
    """Words to stand between tags."""
    return escape(str(words), quote=False)


def quoted(words: object) -> str:
    """Words to stand in an attribute, between double quotes."""
    return plain(words).replace('"', "&quot;")
