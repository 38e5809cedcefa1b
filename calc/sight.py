"""What the places of a map see of a network's input, along one axis.

One number is enough as long as maps only get smaller: all places see equally many
cells. Behind a layer that makes a map larger, neighbouring places look into the same
cell or into different ones, so that what one sees depends on where it stands. What
they see repeats itself after some places, though, and those are kept.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import gcd, lcm
from typing import Any, NamedTuple

from calc.sym import ceil_div, exactly


class Reading(NamedTuple):
    """Which places a layer reads for place z of its output: from ⌈(az + b) / c⌉ to ⌊(az + e) / c⌋."""

    a: int
    c: int
    b: int
    e: int

    def places(self, z: int) -> tuple[int, int]:
        """The first and the last place that is read for one place of the output; the first where there is none."""
        first = ceil_div(self.a * z + self.b, self.c)
        return first, max((self.a * z + self.e) // self.c, first)


def reading(layer: Any, axis: int, reach: int, step: int | Fraction) -> Reading:
    """How a layer reads along an axis, given its window there."""
    padding = _padding(layer, axis)
    if step.denominator == 1:
        first = -((reach - 1) // 2) if padding is None else -padding
        return Reading(step if isinstance(step, int) else step.numerator, 1, first, first + reach - 1)
    a, c = step.numerator, step.denominator
    if padding is None:  # interpolation, around the cell that a place lies in
        before = (reach - 1) // 2
        return Reading(a, c, 1 - c - before * c, (reach - 1 - before) * c)
    return Reading(a, c, padding + 1 - reach * c, padding)


def _padding(layer: Any, axis: int) -> int | None:
    """Cells before the first one, where the layer says so in numbers."""
    padding = getattr(layer, "padding", None)
    if isinstance(padding, tuple):
        padding = padding[axis if len(padding) > 1 else 0]
    return padding if isinstance(padding, int) else None


@dataclass(frozen=True)
class Sight:
    """The first and the last cell that each place sees; place i + len(spans) sees `advance` cells further on."""

    spans: tuple[tuple[int, int], ...] = ((0, 0),)
    advance: int = 1

    @property
    def width(self) -> int:
        """As many cells as one place sees at most."""
        return max(last - first + 1 for first, last in self.spans)

    @property
    def step(self) -> Fraction:
        """How far apart neighbouring places look, on average."""
        return Fraction(self.advance, len(self.spans))

    def place(self, number: int) -> tuple[int, int]:
        """What one place sees."""
        turns, at = divmod(number, len(self.spans)) if len(self.spans) > 1 else (number, 0)
        first, last = self.spans[at]
        return first + turns * self.advance, last + turns * self.advance

    def through(self, read: Reading) -> Sight:
        """What the places of a layer's output see, if those of its input see this."""
        every = exactly(read.c) * len(self.spans)
        period = every // gcd(exactly(read.a), every) if every > 1 and read.a else 1
        advance = read.a * period // read.c // len(self.spans) * self.advance
        return Sight(tuple(self._union(*read.places(number)) for number in range(period)), advance)

    def _union(self, first: int, last: int) -> tuple[int, int]:
        if len(self.spans) == 1:  # each place sees further on than the one before
            return self.place(first)[0], self.place(last)[1]
        seen = [self.place(number) for number in range(exactly(first), exactly(last) + 1)]
        return min(start for start, _ in seen), max(end for _, end in seen)

    def beside(self, other: Sight) -> Sight:
        """What the places of a sum or a concatenation see."""
        if self.advance * len(other.spans) != other.advance * len(self.spans):
            return max(self, other, key=lambda sight: sight.width)
        period = lcm(len(self.spans), len(other.spans))
        both = [(self.place(number), other.place(number)) for number in range(period)]
        spans = tuple((min(one[0], two[0]), max(one[1], two[1])) for one, two in both)
        return Sight(spans, period // len(self.spans) * self.advance)
