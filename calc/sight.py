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


class Reading(NamedTuple):
    """Which places a layer reads for place z of its output: from ⌈(az + b) / c⌉ to ⌊(az + e) / c⌋."""

    a: int
    c: int
    b: int
    e: int

    def places(self, z: int) -> range:
        """The places that are read for one place of the output."""
        return range(-(-(self.a * z + self.b) // self.c), (self.a * z + self.e) // self.c + 1)


def reading(layer: Any, axis: int, reach: int, step: int | Fraction) -> Reading:
    """How a layer reads along an axis, given its window there."""
    step, padding = Fraction(step), _padding(layer, axis)
    if step.denominator == 1:
        first = -((int(reach) - 1) // 2) if padding is None else -padding
        return Reading(step.numerator, 1, first, first + int(reach) - 1)
    a, c = step.numerator, step.denominator
    if padding is None:  # interpolation, around the cell that a place lies in
        before = (int(reach) - 1) // 2
        return Reading(a, c, 1 - c - before * c, (int(reach) - 1 - before) * c)
    return Reading(a, c, padding + 1 - int(reach) * c, padding)


def _padding(layer: Any, axis: int) -> int | None:
    """Cells before the first one, where the layer says so in numbers."""
    padding = getattr(layer, "padding", None)
    if isinstance(padding, tuple):
        padding = padding[axis if len(padding) > 1 else 0]
    return int(padding) if isinstance(padding, int) else None


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
        turns, at = divmod(number, len(self.spans))
        first, last = self.spans[at]
        return first + turns * self.advance, last + turns * self.advance

    def through(self, read: Reading) -> Sight:
        """What the places of a layer's output see, if those of its input see this."""
        period = read.c * len(self.spans) // gcd(read.a, read.c * len(self.spans)) if read.a else 1
        advance = read.a * period // read.c // len(self.spans) * self.advance
        return Sight(tuple(self._union(read.places(number)) for number in range(period)), advance)

    def _union(self, places: range) -> tuple[int, int]:
        seen = [self.place(number) for number in places or [places.start]]
        return min(first for first, _ in seen), max(last for _, last in seen)

    def beside(self, other: Sight) -> Sight:
        """What the places of a sum or a concatenation see."""
        if self.step != other.step:
            return max(self, other, key=lambda sight: sight.width)
        period = lcm(len(self.spans), len(other.spans))
        both = [(self.place(number), other.place(number)) for number in range(period)]
        spans = tuple((min(one[0], two[0]), max(one[1], two[1])) for one, two in both)
        return Sight(spans, period // len(self.spans) * self.advance)
