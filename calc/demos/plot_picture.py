"""Curves over axes with numbers, and points on them that can be lit."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import ceil, floor, log10

from calc.markup import plain
from calc.picture import svg
from calc.scene import digits

LEFT, RIGHT, TOP, BOTTOM = 52.0, 22.0, 12.0, 40.0

LEAST = 1e-16
"""Where a scale of powers ends."""

POWERS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def nice(low: float, high: float, most: int) -> list[float]:
    """Round numbers from low to high, at most so many.

    Examples:
        >>> nice(-1, 1, 5)
        [-1.0, -0.5, 0.0, 0.5, 1.0]
    """
    rough = (high - low) / max(most - 1, 1)
    unit = 10.0 ** floor(log10(rough))
    step = next(unit * each for each in (1, 2, 5, 10) if unit * each >= rough * (1 - 1e-9))
    places = range(ceil(low / step - 1e-9), floor(high / step + 1e-9) + 1)
    return [round(place * step, 10) for place in places]


def size(number: float) -> str:
    """A number of any size with about four digits, by a power of ten where decimals would be many.

    Examples:
        >>> size(0.25), size(-0.0000321), size(0.0)
        ('0.25', '−3.21·10⁻⁵', '0')
    """
    if number == 0 or 1e-3 <= abs(number) < 1e6:
        return digits(number, 4 if abs(number) >= 0.1 else 6)
    mantissa, _, exponent = f"{number:.3e}".partition("e")
    mantissa = mantissa.rstrip("0").rstrip(".")
    return f"{mantissa}·10{str(int(exponent)).translate(POWERS)}".replace("-", "−")


def size_tex(number: float) -> str:
    """The same as TeX."""
    if number == 0 or 1e-3 <= abs(number) < 1e6:
        return digits(number, 4 if abs(number) >= 0.1 else 6).replace("−", "-")
    mantissa, _, exponent = f"{number:.3e}".partition("e")
    return rf"{mantissa.rstrip('0').rstrip('.')} \cdot 10^{{{int(exponent)}}}"


@dataclass(frozen=True)
class Plot:
    """Axes from `x` to `y`; with `powers` the numbers upwards are logarithms to the base ten."""

    x: tuple[float, float]
    y: tuple[float, float]
    width: float = 540.0
    height: float = 290.0
    powers: bool = False

    def across(self, x: float) -> float:
        """Where a number stands from left to right."""
        low, high = self.x
        return LEFT + (x - low) / (high - low) * (self.width - LEFT - RIGHT)

    def down(self, y: float) -> float:
        """Where a number stands from top to bottom."""
        low, high = self.y
        return self.height - BOTTOM - (min(max(y, low), high) - low) / (high - low) * (self.height - TOP - BOTTOM)

    def frame(self, name: str, *, whole: bool = False) -> str:
        """Lines for round numbers, with the numbers beside them, and what stands to the right."""
        body = ""
        for y in nice(*self.y, 9 if not self.powers else 7):
            if self.powers and y != int(y):
                continue
            place = self.down(y)
            zero = y == 0
            text = _power(int(y)) if self.powers else size(y)
            body += (
                f'<polyline class="axis{" one" if zero else " faint"}" '
                f'points="{LEFT:g},{place:.1f} {self.width - RIGHT:g},{place:.1f}"></polyline>'
                f'<text class="row-label" x="{LEFT - 7:g}" y="{place + 4:.1f}">{plain(text)}</text>'
            )
        for x in nice(*self.x, 12 if self.x[1] < 1000 else 7):
            if whole and x != int(x):
                continue
            text = f'<text class="column-label" x="{self.across(x):.1f}" y="{self.height - BOTTOM + 17:g}">'
            body += f"{text}{f'{int(x):,}' if x >= 1000 else digits(x)}</text>"
        if self.x[0] < 0 < self.x[1]:
            body += (
                f'<polyline class="axis faint" points="{self.across(0):.1f},{TOP:g} '
                f'{self.across(0):.1f},{self.height - BOTTOM:g}"></polyline>'
            )
        middle = (LEFT + self.width - RIGHT) / 2
        return f'{body}<text class="column-label" x="{middle:g}" y="{self.height - 5:g}">{plain(name)}</text>'

    def line(self, points: Iterable[tuple[float, float]], kind: str = "") -> str:
        """A curve through points."""
        drawn = " ".join(f"{self.across(x):.1f},{self.down(y):.1f}" for x, y in points)
        return f'<polyline class="curve{kind and " " + kind}" points="{drawn}"></polyline>'

    def point(self, name: str, x: float, y: float, kind: str = "grown") -> str:
        """A point that can be lit."""
        return (
            f'<g data-cell="{name}"><circle class="cell {kind}" cx="{self.across(x):.1f}" '
            f'cy="{self.down(y):.1f}" r="4.5"></circle></g>'
        )

    def svg(self, label: str, body: str) -> str:
        """The drawing with its text equivalent."""
        return svg(self.width, self.height, label, body)


def bounds(numbers: Sequence[float]) -> tuple[float, float]:
    """From the least to the largest, 0 among them, with a little room."""
    low, high = min(0.0, *numbers), max(0.0, *numbers)
    room = 0.06 * (high - low) or 1.0
    return low - room * (low < 0), high + room


def decades(numbers: Sequence[float]) -> tuple[float, float]:
    """From the power of ten below the least size to the one above the largest."""
    logs = [logarithm(number) for number in numbers]
    low, high = floor(min(logs)), ceil(max(logs))
    return (low, high) if high > low else (low - 1, high + 1)


def logarithm(number: float) -> float:
    """Of the size of a number, to the base ten; 0 stands where the scale ends."""
    return log10(max(abs(number), LEAST))


def _power(power: int) -> str:
    return {0: "1", 1: "10", 2: "100", -1: "0.1", -2: "0.01"}.get(power, f"10{str(power).translate(POWERS)}")
