"""The picture of a loop over a sentence: columns of numbers under and over a row of cells."""

from __future__ import annotations

from collections.abc import Sequence

from calc.demos.cell_diagram import part, wire
from calc.demos.sheet import HIGH, cell, indexed
from calc.markup import plain
from calc.picture import svg
from calc.scene import at, digits
from calc.values.matrix import Rows, Vector

WIDE, APART, LEFT = 56, 34, 24
BOX, WAY = 38, 22
"""Height of a cell of the network, and of the arrows to it and from it."""
ROW = HIGH + 2


def unrolled(name: str, words: Sequence[str], inputs: Rows, states: Sequence[tuple[Vector, ...]]) -> str:
    """A column for each word, before it one for the state to begin with."""
    kinds, units = "hc"[: len(states[0])], len(states[0][0])
    tops = {kind: 20.0 + place * (units * ROW + 22) for place, kind in enumerate(reversed(kinds))}
    box = tops["h"] + units * ROW + WAY
    below = box + BOX + WAY
    height = below + len(inputs[0]) * ROW + 20
    body = ""
    for step, state in enumerate(states):
        x = LEFT + step * (WIDE + APART)
        for kind, numbers in zip(kinds, state, strict=True):
            body += _label(x + WIDE / 2, tops[kind] - 7, indexed(kind, step))
            body += _stack(at(kind, step), numbers, x, tops[kind], "made")
        if step:
            body += _step(name, step, words[step - 1], inputs[step - 1], (x, box, below, tops["h"] + units * ROW))
            body += _label(x + WIDE / 2, height - 5, _cut(words[step - 1]), "row-word")
    first = LEFT + WIDE / 2
    body += part(
        "pass-1", wire((first, tops["h"] + units * ROW), (first, box + BOX / 2), (LEFT + WIDE + APART, box + BOX / 2))
    )
    label = (
        f"The cell {name} at each of the words {' '.join(words)}: it reads the word's numbers from below and the state "
        "of the step before from the left, and makes the state above it."
    )
    return svg(LEFT + len(states) * (WIDE + APART) - APART + 4, height, label, body)


def _step(name: str, step: int, word: str, x: Sequence[float], place: tuple[float, float, float, float]) -> str:
    """One cell with its input below and the ways in and out."""
    left, box, below, above = place
    middle = left + WIDE / 2
    drawn = _stack(at("x", step), x, left, below, "state")
    drawn += part(f"in-{step}", wire((middle, below), (middle, box + BOX)))
    drawn += part(f"out-{step}", wire((middle, box), (middle, above)))
    if step > 1:
        drawn += part(f"pass-{step}", wire((left - APART, box + BOX / 2), (left, box + BOX / 2)))
    words = f'<text x="{middle:g}" y="{box + BOX / 2 + 4.5:g}">{plain(name)}</text>'
    shape = f'<rect class="cell data" x="{left:g}" y="{box:g}" width="{WIDE}" height="{BOX}" rx="5"></rect>'
    return drawn + part(f"cell-{step}", shape, words)


def _stack(name: str, numbers: Sequence[float], x: float, y: float, kind: str) -> str:
    shaded = kind == "made"
    return "".join(
        cell(at(name, place), digits(number, 2), x, y + place * ROW, WIDE, kind, number if shaded else None)
        for place, number in enumerate(numbers)
    )


def _label(x: float, y: float, text: str, kind: str = "column-label") -> str:
    return f'<text class="{kind}" x="{x:g}" y="{y:g}">{plain(text)}</text>'


def _cut(word: str) -> str:
    return word if len(word) < 12 else f"{word[:10]}…"
