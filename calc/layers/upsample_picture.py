"""The picture of an upsampling: which cells of the input the first two cells of the output come from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import floor

from calc.picture import Axis, Spans, figure, mapping, sizes

REACH = {"bicubic": (-1, 2), "linear": (0, 1), "bilinear": (0, 1), "trilinear": (0, 1)}
"""The cells that are weighed, counted from the one at or before the point that is asked for."""

CAPTIONS = {
    "nearest": "Each output cell copies one input cell.",
    "nearest-exact": "Each output cell copies the input cell whose centre is nearest.",
    "area": "Each output cell is the mean of the input cells that it covers.",
    "bicubic": "Each output cell weighs 4 × 4 input cells around its centre; beyond the edge the edge is repeated.",
}
LINEAR = "Each output cell weighs the input cells on both sides of its centre; beyond the edge the edge is repeated."


@dataclass(frozen=True)
class Resized:
    """One axis: n cells become o; an output cell is as long as `step` input cells."""

    n: int
    o: int
    mode: str
    align: bool
    step: float

    def reads(self, place: int) -> range:
        """The input cells that one output cell is made of."""
        if self.mode == "area":
            return range(place * self.n // self.o, -(-(place + 1) * self.n // self.o))
        if self.mode in REACH:
            low, high = REACH[self.mode]
            at = floor(max(self._point(place), 0) if self.mode != "bicubic" else self._point(place))
            first, last = (min(max(at + reach, 0), self.n - 1) for reach in (low, high))
            return range(first, last + 1)
        nearest = floor((place + (0.5 if self.mode == "nearest-exact" else 0)) * self.step)
        return range(min(nearest, self.n - 1), min(nearest, self.n - 1) + 1)

    def _point(self, place: int) -> float:
        """Where the output cell's centre lies, in input cells from the first one's centre."""
        if self.align:
            return place * (self.n - 1) / (self.o - 1) if self.o > 1 else 0.0
        return (place + 0.5) * self.step - 0.5

    def axis(self) -> Axis:
        """This axis to draw."""
        one = range
        return Axis(
            Spans(("data", self.n)), Spans(("data", self.o)), self.o, self.reads, lambda place: one(place, place + 1)
        )


def upsample_picture(axes: Sequence[Resized], mode: str) -> str:
    """Input and output with the first output cell and the next."""
    cells, places = sizes(axis.n for axis in axes), sizes(axis.o for axis in axes)
    labels = (f"Input of {cells} cells.", f"Output of {places} cells.")
    source, target, kinds = mapping([axis.axis() for axis in axes], labels)
    legend = [("data", "cells"), ("first", "first output cell and its source"), ("second", "next output cell")]
    return figure(
        [(source, f"{cells} cells"), (target, f"{places} cells")],
        CAPTIONS.get(mode, LINEAR),
        [(kind, text) for kind, text in legend if kind in kinds],
    )
