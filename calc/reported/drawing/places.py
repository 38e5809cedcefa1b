"""What a drawing is while it is laid out: the sizes of its boxes, and the places found so far."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

Point = tuple[float, float]
Pair = tuple[int, int]

GAP_X, LANE = 22.0, 16.0
SHORT, LABELLED, FORK, JOIN, TAIL = 20.0, 30.0, 14.0, 24.0, 18.0
"""Heights: of a wire between two boxes, of one with a shape beside it; of the part of a wire in which it turns to its
branch, and back; of a shape below the last box of a branch."""


@dataclass(frozen=True)
class Size:
    """What a box takes, and the width of the text beside the wire below it."""

    width: float
    height: float
    label: float = 0.0
    behind: float = 0.0
    """How far the drawing of several boxes looks out at the right and below."""

    @property
    def reach(self) -> float:
        """How far it reaches to the right of its centre line."""
        return max(self.width / 2 + self.behind, 9 + self.label if self.label else 0.0)


@dataclass
class Drawing:
    """What is being placed: the sizes and edges, and the places found so far."""

    sizes: Sequence[Size]
    edges: Sequence[Pair]
    spots: dict[int, Point] = field(default_factory=dict)
    """The left upper corner of each box."""

    wires: dict[Pair, list[Point]] = field(default_factory=dict)
    labels: dict[int, Point] = field(default_factory=dict)
    """Where the text beside the wire below a box begins."""

    notes: dict[Pair, Point] = field(default_factory=dict)
    """Where the text over a wire has its middle, for wires that have a text of their own."""

    width: float = 0.0
    height: float = 0.0

    def put_box(self, at: int, x: float, y: float) -> None:
        """A box with its centre line at x, and its text below it."""
        self.spots[at] = (x - self.sizes[at].width / 2, y)
        self.labels[at] = (x + 7, y + self.sizes[at].height + 14)


Start = tuple[int, list[Point]]
"""A wire that is on its way: the box that it comes from, and its points up to here."""


class Item(Protocol):
    """Something with a place in a column."""

    left: float
    right: float
    height: float

    def put(self, drawing: Drawing, x: float, y: float, incoming: Sequence[Start]) -> list[Start]:
        """Place it with its spine at x and its top at y; the wires that leave it at its lower end."""
