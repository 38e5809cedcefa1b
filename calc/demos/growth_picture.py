"""Lengths that grow or fade, as curves on a scale of powers of ten."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil, floor, log10

from calc.markup import plain
from calc.picture import svg
from calc.scene import digits

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 600.0, 300.0, 58.0, 14.0, 16.0, 40.0
LEAST = 1e-16
"""Where the scale ends: below it a double has lost what was added to 1."""

POWERS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def short(number: float, *, tex: bool = False) -> str:
    """A number of any size with four significant digits at least, or by a power of ten.

    Examples:
        >>> short(0.5), short(12345.678), short(-0.0000321), short(1e30)
        ('0.5', '12345.678', '−3.21·10⁻⁵', '1·10³⁰')
    """
    if number == 0 or 1e-3 <= abs(number) < 1e6:
        text = digits(number)
        return text.replace("−", "-") if tex else text
    mantissa, _, exponent = f"{number:.3e}".partition("e")
    mantissa = mantissa.rstrip("0").rstrip(".")
    if tex:
        return rf"{mantissa} \cdot 10^{{{int(exponent)}}}"
    return f"{mantissa}·10{str(int(exponent)).translate(POWERS)}".replace("-", "−")


def growth(alone: Sequence[float], bent: Sequence[float]) -> str:
    """One curve or two over the same steps, from 0; points are called grown-t and bent-t."""
    logs = [[log10(max(number, LEAST)) for number in curve] for curve in (alone, bent)]
    low, high = floor(min(map(min, filter(None, logs)))), ceil(max(map(max, filter(None, logs))))
    low, high = (low, high) if high > low else (low - 1, high + 1)
    steps = len(alone) - 1

    def x(step: float) -> float:
        return LEFT + step / steps * (WIDTH - LEFT - RIGHT)

    def y(power: float) -> float:
        return HEIGHT - BOTTOM - (power - low) / (high - low) * (HEIGHT - TOP - BOTTOM)

    body = "".join(_line(power, y(power)) for power in range(low, high + 1, ceil((high - low) / 8)))
    body += "".join(_tick(step, x(step)) for step in range(0, steps + 1, ceil(steps / 12)))
    body += f'<text class="column-label" x="{(LEFT + WIDTH - RIGHT) / 2:g}" y="{HEIGHT - 4:g}">step</text>'
    for name, curve in zip(("bent", "grown"), reversed(logs), strict=True):
        if curve:
            points = " ".join(f"{x(step):.1f},{y(power):.1f}" for step, power in enumerate(curve))
            body += f'<polyline class="curve {name}" points="{points}"></polyline>'
            body += "".join(_point(f"{name}-{step}", name, x(step), y(power)) for step, power in enumerate(curve))
    ends = f"from {short(alone[0])} to {short(alone[-1])}"
    through = f"; with the derivative of tanh to {short(bent[-1])}" if bent else ""
    return svg(WIDTH, HEIGHT, f"Length over {steps} steps, {ends}{through}.", body)


def _line(power: int, y: float) -> str:
    text = plain({0: "1", 1: "10", -1: "0.1"}.get(power, f"10{str(power).translate(POWERS)}"))
    kind = "axis one" if power == 0 else "axis"
    return (
        f'<polyline class="{kind}" points="{LEFT:g},{y:.1f} {WIDTH - RIGHT:g},{y:.1f}"></polyline>'
        f'<text class="row-label" x="{LEFT - 8:g}" y="{y + 4:.1f}">{text}</text>'
    )


def _tick(step: int, x: float) -> str:
    return f'<text class="column-label" x="{x:.1f}" y="{HEIGHT - BOTTOM + 18:g}">{step}</text>'


def _point(name: str, kind: str, x: float, y: float) -> str:
    return f'<g data-cell="{name}"><circle class="cell {kind}" cx="{x:.1f}" cy="{y:.1f}" r="4.5"></circle></g>'
