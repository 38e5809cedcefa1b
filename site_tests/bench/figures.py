"""Figures from repeated measurements, and how they are printed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median


def quantile(sorted_values: Sequence[float], part: float) -> float:
    """The value below which this part of the values lies, interpolated between neighbours; of a sorted sequence."""
    if not sorted_values:
        raise ValueError("no values: a figure needs at least one measurement.")
    place = (len(sorted_values) - 1) * part
    low = int(place)
    high = min(low + 1, len(sorted_values) - 1)
    return sorted_values[low] + (sorted_values[high] - sorted_values[low]) * (place - low)


@dataclass(frozen=True)
class Figure:
    """What several runs of one measurement gave."""

    values: tuple[float, ...]

    @property
    def median(self) -> float:
        """The middle one."""
        return median(self.values)

    def part(self, part: float) -> float:
        """A quantile, such as 0.95."""
        return quantile(sorted(self.values), part)

    def text(self, unit: str = "ms") -> str:
        """The median, with the quartiles in brackets."""
        low, high = self.part(0.25), self.part(0.75)
        return f"{number(self.median)} {unit} [{number(low)}-{number(high)}]"

    def data(self) -> dict[str, object]:
        """For the JSON file."""
        return {
            "median": round(self.median, 3),
            "p25": round(self.part(0.25), 3),
            "p75": round(self.part(0.75), 3),
            "p95": round(self.part(0.95), 3),
            "runs": [round(each, 3) for each in self.values],
        }


def number(value: float) -> str:
    """With the digits that mean something."""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"


@dataclass(frozen=True)
class Target:
    """What is aimed at beside what was measured: a ratio to a rival, or a number by itself."""

    what: str
    here: float
    wanted: float
    unit: str = "x"
    least: bool = False
    """Whether what is wanted is a least, not a most."""

    @property
    def reached(self) -> bool:
        """Whether it is as wanted."""
        return self.here >= self.wanted if self.least else self.here <= self.wanted

    def row(self) -> tuple[str, ...]:
        """For a table."""
        bound = "at least" if self.least else "at most"
        word = "reached" if self.reached else "MISSED"
        return self.what, f"{bound} {number(self.wanted)}{self.unit}", f"{number(self.here)}{self.unit}", word


TARGET_HEAD = ("figure", "target", "here", "")


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table, its columns padded so that it reads as plain text too."""
    lines = [tuple(head), *map(tuple, rows)]
    if uneven := [line for line in lines if len(line) != len(head)]:
        raise ValueError(f"a row has {len(uneven[0])} cells under {len(head)} heads: {uneven[0]}")
    widths = [max(len(line[at]) for line in lines) for at in range(len(head))]
    first, *rest = (
        "| "
        + " | ".join(_cell(text, width, at) for at, (text, width) in enumerate(zip(line, widths, strict=True)))
        + " |"
        for line in lines
    )
    rule = (
        "|"
        + "|".join("-" * (width + 2) if not at else "-" * (width + 1) + ":" for at, width in enumerate(widths))
        + "|"
    )
    return "\n".join((first, rule, *rest))


def _cell(text: str, width: int, at: int) -> str:
    return text.rjust(width) if at else text.ljust(width)
