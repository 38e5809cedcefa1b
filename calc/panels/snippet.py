"""Source code to read and to copy."""

from __future__ import annotations

from calc.code import highlighted


def snippet(source: str) -> str:
    """Python source as the page shows it."""
    # No <code> inside: the theme would add a button and an id of its own to it.
    return f'<div class="highlight"><pre class="calc-code" tabindex="0">{highlighted(source)}</pre></div>'
