"""A mean that settles down, as a curve over the number of draws with its band."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import log10

from calc.picture import svg
from calc.scene import digits

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 300.0, 170.0, 40.0, 12.0, 10.0, 26.0


@dataclass(frozen=True)
class Track:
    """One position: its input, the mean after each draw, and the standard deviation of that mean."""

    goal: float
    means: Sequence[float]
    spreads: Sequence[float]


def track(shown: Track, marked: Sequence[int]) -> str:
    """The chart; the dots at the marked numbers of draws are called n-1, n-10 …"""
    count = len(shown.means)
    low = min(*shown.means, shown.goal - shown.spreads[0], 0.0)
    high = max(*shown.means, shown.goal + shown.spreads[0], 0.0)
    high += (high - low == 0) * 1.0

    def x(number: int) -> float:
        return LEFT + log10(number) / log10(count) * (WIDTH - LEFT - RIGHT)

    def y(value: float) -> float:
        return HEIGHT - BOTTOM - (value - low) / (high - low) * (HEIGHT - TOP - BOTTOM)

    looked_at = _places(count)
    above = [f"{x(n):.1f},{y(shown.goal + shown.spreads[n - 1]):.1f}" for n in looked_at]
    below = [f"{x(n):.1f},{y(shown.goal - shown.spreads[n - 1]):.1f}" for n in reversed(looked_at)]
    curve = " ".join(f"{x(n):.1f},{y(shown.means[n - 1]):.1f}" for n in looked_at)
    body = f'<polygon class="band" points="{" ".join([*above, *below])}"></polygon>'
    body += f'<polyline class="axis" points="{LEFT:g},{TOP:g} {LEFT:g},{HEIGHT - BOTTOM:g} '
    body += f'{WIDTH - RIGHT:g},{HEIGHT - BOTTOM:g}"></polyline>'
    body += f'<polyline class="axis goal" points="{LEFT:g},{y(shown.goal):.1f} {WIDTH - RIGHT:g},{y(shown.goal):.1f}">'
    body += f'</polyline><polyline class="curve thin" points="{curve}"></polyline>'
    body += _labels(shown, x, y)
    for number in marked:
        body += f'<g data-cell="n-{number}"><circle class="cell" cx="{x(number):.1f}" '
        body += f'cy="{y(shown.means[number - 1]):.1f}" r="5"></circle></g>'
    reached = "; ".join(f"{number}: {digits(shown.means[number - 1])}" for number in marked)
    return svg(WIDTH, HEIGHT, f"Mean by number of draws, input {digits(shown.goal)}. {reached}.", body)


def _places(count: int) -> list[int]:
    """Numbers of draws that lie about as far apart on the scale, not more than can be seen."""
    return sorted({round(count ** (step / 90)) for step in range(91)})


def _labels(shown: Track, x: Callable[[int], float], y: Callable[[float], float]) -> str:
    ticks = [number for number in (1, 10, 100) if number <= len(shown.means)]
    body = "".join(
        f'<text class="column-label" x="{x(number):.1f}" y="{HEIGHT - 8:g}">{number}</text>' for number in ticks
    )
    for value in sorted({0.0, shown.goal}):
        body += f'<text class="row-label" x="{LEFT - 7:g}" y="{y(value) + 4:.1f}">{digits(value, 2)}</text>'
    return body
