"""Paddings that copy cells of the input: mirrored, from the edge, or from the opposite end.

Source: PyTorch documentation, `torch.nn.ReflectionPad2d`, `torch.nn.ReplicationPad2d`,
`torch.nn.CircularPad2d`.
"""

from __future__ import annotations

from abc import ABC
from dataclasses import dataclass
from typing import ClassVar

from calc.knob import knob
from calc.layer_base import NoEquivalent, Shape
from calc.layers.image import LETTERS, SPATIAL
from calc.layers.pad import MARGIN, SIDES, Pad, fill


@dataclass(frozen=True)
class Copy(Pad, ABC):
    """Paddings that copy cells of the input: they want the channels, and a batch or none."""

    def require_axes(self, x: Shape, count: int) -> None:
        if not 1 <= count <= 3:
            raise self.fault(
                "padding",
                "must have two numbers for each of 1 to 3 axes",
                f"write ({', '.join(SIDES[: 2 * self.spatial])})",
            )
        if len(x) not in (count + 1, count + 2):
            axes = ", ".join(SPATIAL[count])
            raise self.fault(
                "input",
                f"must have {count + 1} or {count + 2} axes, and has {len(x)}",
                f"write it as (C, {axes}) or (N, C, {axes})",
                value=x,
            )
        self.require_filled(x, count)

    def require_filled(self, x: Shape, count: int) -> None:
        """Hook: refuse an empty axis, where there is nothing to copy."""
        self.require_cells(x, len(x) - count - 1)

    def require_output(self, sizes: Shape) -> None:
        super().require_output(sizes)
        if all(size == 0 for size in sizes):
            raise self.too_much(0)


@dataclass(frozen=True)
class ReflectionPad(Copy, ABC):
    """Add mirror images of the input around it, without the edge itself.

    Input (N, C, *spatial) or (C, *spatial); each side takes fewer cells than the axis has.
    """

    source: ClassVar[str] = "The added cells mirror the input; its edge cells are the mirror and are not doubled."

    padding: int | tuple[int, ...] = knob(
        symbol="p", positional=True, kind=MARGIN, about="cells added on every side, or (left, right, top, bottom, …)"
    )

    def require_side(self, n: int, before: int, after: int, name: str) -> None:
        if before >= n or after >= n:
            raise self.fault(
                "padding",
                f"must be less than the {int(n)} cells along {name}, which are mirrored once",
                f"use at most {max(int(n) - 1, 0)}",
            )

    def copied(self, n: int, before: int, place: int) -> int:
        cell = abs(place - before)
        return cell if cell < n else 2 * (n - 1) - cell

    def keras(self, x: Shape) -> list[str]:
        if self.spatial == 3:
            raise NoEquivalent("Keras mirrors three axes and the channels behind them on some of its backends only.")
        if 0 in x:
            raise NoEquivalent("Keras mirrors no empty batch.")
        return [fill(self.margins(x), 'mode="reflect"')]


@dataclass(frozen=True)
class ReplicationPad(Copy, ABC):
    """Repeat the edge of the input around it.

    Input (N, C, *spatial) or (C, *spatial).
    """

    source: ClassVar[str] = "The added cells repeat the nearest cell of the edge."

    padding: int | tuple[int, ...] = knob(
        symbol="p", positional=True, kind=MARGIN, about="cells added on every side, or (left, right, top, bottom, …)"
    )

    def require_side(self, n: int, before: int, after: int, name: str) -> None:
        pass

    def copied(self, n: int, before: int, place: int) -> int:
        return min(max(place - before, 0), n - 1)

    def keras(self, x: Shape) -> list[str]:
        raise NoEquivalent("Keras's padding does not repeat the edge.")


@dataclass(frozen=True)
class CircularPad(Copy, ABC):
    """Continue the input with its own opposite end, as on a ring.

    Input (N, C, *spatial) or (C, *spatial); no side takes more cells than the axis has.
    """

    source: ClassVar[str] = "The added cells come from the opposite end."

    padding: int | tuple[int, ...] = knob(
        symbol="p", positional=True, kind=MARGIN, about="cells added on every side, or (left, right, top, bottom, …)"
    )

    def require_axes(self, x: Shape, count: int) -> None:
        self.require_rank(x)
        super().require_axes(x, count)

    def require_filled(self, x: Shape, count: int) -> None:
        pass

    def require_side(self, n: int, before: int, after: int, name: str) -> None:
        # Cells that are cut off at one end cannot be copied to the other.
        most = (n + min(after, 0), n + min(before, 0))
        if before > most[0] or after > most[1]:
            raise self.fault(
                "padding",
                f"must be at most the {int(min(most))} cells left along {name}, which it goes round once",
                f"use at most {max(int(min(most)), 0)}",
            )

    def require_output(self, sizes: Shape) -> None:
        if any(size < 0 for size in sizes):
            raise self.too_much(min(int(size) for size in sizes))

    def copied(self, n: int, before: int, place: int) -> int:
        return (place - before) % n

    def keras(self, x: Shape) -> list[str]:
        raise NoEquivalent("Keras has no padding that goes round.")


@dataclass(frozen=True)
class ReflectionPad1d(ReflectionPad):
    """The mirror image before and after one axis."""

    spatial: ClassVar[int] = 1
    axis_letters: ClassVar[str] = LETTERS[1]


@dataclass(frozen=True)
class ReflectionPad2d(ReflectionPad):
    """Mirror images around two axes, as in image-to-image networks."""

    spatial: ClassVar[int] = 2
    axis_letters: ClassVar[str] = LETTERS[2]


@dataclass(frozen=True)
class ReflectionPad3d(ReflectionPad):
    """Mirror images around three axes, front and back included."""

    spatial: ClassVar[int] = 3
    axis_letters: ClassVar[str] = LETTERS[3]


@dataclass(frozen=True)
class ReplicationPad1d(ReplicationPad):
    """The edge repeated before and after one axis."""

    spatial: ClassVar[int] = 1
    axis_letters: ClassVar[str] = LETTERS[1]


@dataclass(frozen=True)
class ReplicationPad2d(ReplicationPad):
    """The edge repeated around two axes."""

    spatial: ClassVar[int] = 2
    axis_letters: ClassVar[str] = LETTERS[2]


@dataclass(frozen=True)
class ReplicationPad3d(ReplicationPad):
    """The edge repeated around three axes, front and back included."""

    spatial: ClassVar[int] = 3
    axis_letters: ClassVar[str] = LETTERS[3]


@dataclass(frozen=True)
class CircularPad1d(CircularPad):
    """One axis continued with its opposite end."""

    spatial: ClassVar[int] = 1
    axis_letters: ClassVar[str] = LETTERS[1]


@dataclass(frozen=True)
class CircularPad2d(CircularPad):
    """Two axes continued with their opposite ends, as on a torus."""

    spatial: ClassVar[int] = 2
    axis_letters: ClassVar[str] = LETTERS[2]


@dataclass(frozen=True)
class CircularPad3d(CircularPad):
    """Three axes continued with their opposite ends."""

    spatial: ClassVar[int] = 3
    axis_letters: ClassVar[str] = LETTERS[3]
