"""A loss curve over a strip of kernels, both with a column for each step."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import ceil, floor, log10

from calc.demos.loss_words import RAISED, figures
from calc.markup import plain
from calc.picture import svg
from calc.scene import DIGIT, SIDE, at, digits
from calc.values.convolve import flat
from calc.values.descent import Step
from calc.values.matrix import Rows

CURVE = 170
"""Height of the loss curve."""

DECADES = 12
"""So many powers of ten are drawn at most; what lies deeper stands on the bottom line."""


def short(number: float) -> str:
    """A number for a narrow cell."""
    if number == 0 or 0.01 <= abs(number) < 1e4:
        return digits(number, 2)
    if abs(number) < 0.01:
        return "−0" if number < 0 else "0"
    return f"{digits(float(f'{number:.0e}'.partition('e')[0]), 0)}·10{str(floor(log10(abs(number)))).translate(RAISED)}"


def strip(taken: Sequence[Step], target: Rows) -> str:
    """The drawing: a step's dot is the cell `l-step`, an entry of its kernel `k-entry-step`, the target's `w-entry`."""
    wanted = flat(target)
    kernels = [flat(step.kernel) for step in taken]
    texts = [[short(number) for number in kernel] for kernel in kernels]
    longest = max(len(text) for column in texts for text in column)
    wide = max(46.0, longest * DIGIT + 12)
    left = 64.0
    body = "".join(
        [
            *_scale(taken, left, wide),
            *_dots(taken, left, wide),
            *_cells(texts, [digits(number, 2) for number in wanted], len(target[0]), left, wide),
        ]
    )
    width = left + (len(taken) + 1) * wide + 10
    losses = ", ".join(figures(step.loss) for step in taken)
    return svg(width, CURVE + 34 + len(wanted) * SIDE, f"Loss at each step: {losses}.", body)


def _range(taken: Sequence[Step]) -> tuple[int, int]:
    """The powers of ten between which the losses lie."""
    present = [step.loss for step in taken if step.loss > 0] or [1.0]
    highest = ceil(log10(max(present)) + 1e-9)
    lowest = max(floor(log10(min(present))), highest - DECADES)
    return min(lowest, highest - 1), highest


def _height(loss: float, low: int, high: int) -> float:
    """Where a loss stands; none at all, which has no logarithm, stands on the bottom line."""
    power = max(log10(loss), low) if loss > 0 else low
    return 14 + (high - power) / (high - low) * (CURVE - 24)


def _scale(taken: Sequence[Step], left: float, wide: float) -> Iterator[str]:
    low, high = _range(taken)
    every = ceil((high - low) / 6)
    right = left + len(taken) * wide
    for power in range(low, high + 1):
        y = round(_height(10.0**power, low, high), 1)
        if (high - power) % every == 0:
            name = digits(10.0**power) if -2 <= power <= 3 else f"10{str(power).translate(RAISED)}"
            yield f'<polyline class="rule" points="{left:g},{y:g} {right:g},{y:g}"></polyline>'
            yield f'<text class="row-label" x="{left - 7:g}" y="{y + 4:g}">{name}</text>'


def _dots(taken: Sequence[Step], left: float, wide: float) -> Iterator[str]:
    low, high = _range(taken)
    places = [(left + (number + 0.5) * wide, _height(step.loss, low, high)) for number, step in enumerate(taken)]
    points = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
    yield f'<polyline class="curve" points="{points}"></polyline>'
    for number, (x, y) in enumerate(places):
        yield f'<g data-cell="{at("l", number)}"><circle class="cell dot" cx="{x:.1f}" cy="{y:.1f}" r="5"></circle></g>'


def _cells(
    texts: Sequence[Sequence[str]], wanted: Sequence[str], columns: int, left: float, wide: float
) -> Iterator[str]:
    top = CURVE + 26
    right = left + len(texts) * wide + 8
    for number in range(len(texts)):
        name = str(number) if number else "start"
        yield f'<text class="column-label" x="{left + (number + 0.5) * wide:g}" y="{top - 8}">{name}</text>'
    yield f'<text class="column-label" x="{right + wide / 2:g}" y="{top - 8}">wanted</text>'
    for entry, goal in enumerate(wanted):
        y = top + entry * SIDE
        a, b = divmod(entry, columns)
        yield f'<text class="row-label" x="{left - 7:g}" y="{y + SIDE / 2 + 4:g}">k[{a}, {b}]</text>'
        for number, column in enumerate(texts):
            yield _cell(at("k", entry, number), column[entry], "data", left + number * wide, y, wide)
        yield _cell(at("w", entry), goal, "allowed", right, y, wide)


def _cell(name: str, text: str, kind: str, x: float, y: float, wide: float) -> str:
    return (
        f'<g data-cell="{name}"><rect class="cell {kind}" x="{x + 1:g}" y="{y + 1:g}" width="{wide - 2:g}" '
        f'height="{SIDE - 2}" rx="3"></rect>'
        f'<text x="{x + wide / 2:g}" y="{y + SIDE / 2 + 5:g}">{plain(text)}</text></g>'
    )
