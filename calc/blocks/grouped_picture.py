"""Which query heads share a head of keys and values, drawn."""

from __future__ import annotations

from calc.picture import figure, svg

WIDTH = 560
"""How wide the drawing is at most."""

MOST = 64
"""More heads than this make boxes too small to tell apart: then a part of the groups is drawn."""


def groups_picture(heads: int, kept: int) -> str:
    """A box for each query head, below it the box of keys and values that it reads."""
    heads, kept = int(heads), int(kept)
    each = heads // kept
    groups = max(1, min(kept, MOST // each))
    inside = min(each, MOST)
    wide = min(34, WIDTH // (groups * inside))
    body = ""
    for group in range(groups):
        left = group * (inside * wide + 8) + 1
        kind = "second" if group else "first"
        for at in range(inside):
            body += (
                f'<rect class="cell {kind}" x="{left + at * wide}" y="1" width="{wide - 2}" height="26" rx="3"></rect>'
            )
        span = inside * wide - 2
        middle = left + span / 2
        body += f'<path class="axis" d="M {left} 31 V 36 H {left + span} V 31 M {middle:g} 36 V 42"></path>'
        body += f'<rect class="cell {kind}" x="{left}" y="42" width="{span}" height="26" rx="3"></rect>'
    words = (
        f"Heads of queries: {heads:,}. Heads of keys and values below them: {kept:,}, each for {each:,} of the first."
    )
    shown = "" if groups * inside == heads else f" Drawn are {groups * inside:,} of the query heads."
    drawing = svg(groups * (inside * wide + 8), 70, words, body)
    label = "query heads above, heads of keys and values below"
    return figure([(drawing, label)], f"Each head of keys and values serves {each:,} query heads.{shown}")
