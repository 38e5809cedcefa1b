"""Padding: cells added around an input, or cut off where the number is negative.

PyTorch counts the sides from the last axis: left, right, then top, bottom, then
front, back. A tuple of two therefore speaks of the last axis alone, whatever the
layer is called. Source: PyTorch documentation, `torch.nn.ZeroPad2d`,
`torch.nn.functional.pad`; `aten/src/ATen/native/PadNd.cpp` and its neighbours.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar

from calc.knob import PerAxis, Real, knob
from calc.layer import Cost, NoEquivalent, Shape, Weight
from calc.layers.image import SPATIAL, ImageLayer
from calc.layers.pad_picture import Side, pad_picture
from calc.source import spelt
from calc.sym import let

SIDES = ("left", "right", "top", "bottom", "front", "back")
"""The numbers of a full tuple, in PyTorch's order: the last axis first."""

MARGIN = PerAxis(None)


@dataclass(frozen=True)
class Pad(ImageLayer, ABC):
    """What the paddings share: each axis grows by what is added before and after it."""

    panels: ClassVar[tuple[str, ...]] = ("result", "derivation", "picture", "torch", "keras")

    def sides(self) -> tuple[tuple[int, int], ...]:
        """What is added before and after each axis, the last axis first."""
        given = self.argument("padding")
        numbers = given if isinstance(given, tuple) else (given,) * (2 * self.spatial)
        if len(numbers) % 2:
            raise self.fault(
                "padding",
                f"must be one number or two for each axis, and has {len(numbers)}",
                f"write ({', '.join(SIDES[: 2 * self.spatial])})",
            )
        return tuple(zip(numbers[::2], numbers[1::2], strict=True))

    def subscripts(self, name: str, value: tuple[int | None, ...]) -> Sequence[str]:
        spare = tuple(str(number) for number in range(len(SIDES) + 1, len(value) + 1))
        return ((*SIDES, *spare)[: len(value)]) if name == "padding" else super().subscripts(name, value)

    def out(self, x: Shape) -> Shape:
        sides = self.sides()
        self.require_axes(x, len(sides))
        untouched = len(x) - len(sides)
        names = self.input_symbols(len(x))
        sizes = list(x)
        for axis, (before, after) in zip(range(len(x) - 1, untouched - 1, -1), sides, strict=True):
            self.require_side(x[axis], before, after, names[axis])
            sizes[axis] = self.padded(x[axis], before, after, names[axis])
        self.require_output(tuple(sizes[untouched:]))
        return tuple(sizes)

    def padded(self, n: int, before: int, after: int, name: str) -> int:
        """The length of an axis with its padding, under the axis's name."""
        both = 2 * before if not isinstance(self.argument("padding"), tuple) else before + after
        return let(f"{name}_out", n + both)

    @abstractmethod
    def require_axes(self, x: Shape, count: int) -> None:
        """Refuse an input of the wrong rank for padding its last `count` axes."""

    @abstractmethod
    def require_side(self, n: int, before: int, after: int, name: str) -> None:
        """Refuse what cannot be added to, or cut off from, an axis of n cells."""

    def require_output(self, sizes: Shape) -> None:
        """Refuse an output that has an axis of negative length."""
        if any(size < 0 for size in sizes):
            raise self.too_much(min(int(size) for size in sizes))

    def too_much(self, left: int) -> Exception:
        """The error for cutting off more than there is."""
        return self.fault(
            "padding", f"cuts off more cells than there are: {left} would be left", "cut off less or use a larger input"
        )

    def learned(self) -> Iterator[Weight]:
        return iter(())

    def costs(self, x: Shape) -> Iterator[Cost]:
        return iter(())

    def input_symbols(self, rank: int, name: str = "input") -> tuple[str, ...]:
        leading = rank - self.spatial
        names = ("N", "C")[-leading:] if 0 < leading <= 2 else tuple(f"d_{i}" for i in range(1, leading + 1))
        return (*names, *SPATIAL[self.spatial])[-rank:] if rank else ()

    source: ClassVar[str]
    """Where an added cell takes its number from, in words for the picture."""

    def copied(self, n: int, before: int, place: int) -> int | None:
        """Hook: the input cell that a cell of the output holds a copy of; None for a filled one."""
        cell = place - before
        return cell if 0 <= cell < n else None

    def picture(self, x: Shape) -> str:
        sides = self.sides()[: self.spatial]
        axes = [
            Side(n, before, after, lambda place, n=n, before=before: self.copied(n, before, place))  # type: ignore[misc]
            for n, (before, after) in zip(x[: -len(sides) - 1 : -1], sides, strict=True)
        ]
        return pad_picture(axes[::-1], self.source) if axes else ""

    def margins(self, x: Shape) -> tuple[tuple[int, int], ...]:
        """The cells that Keras is to add along each spatial axis, the first axis first."""
        sides = self.sides()
        if len(sides) != self.spatial or len(x) not in (self.spatial + 1, self.spatial + 2):
            raise NoEquivalent("Keras pads inputs of batch, positions and channels, at all positions' axes.")
        if any(number < 0 for side in sides for number in side):
            raise NoEquivalent("Keras refuses negative padding; its Cropping layers cut off.")
        return tuple((int(before), int(after)) for before, after in reversed(sides))


def fill(margins: tuple[tuple[int, int], ...], extra: str) -> str:
    """A Keras layer that pads positions by `keras.ops.pad`."""
    if not any(map(any, margins)):
        return "Identity()"
    return f"Lambda(lambda x: keras.ops.pad(x, {((0, 0), *margins, (0, 0))}, {extra}))"


@dataclass(frozen=True)
class Fill(Pad, ABC):
    """Paddings that fill with one number: they take any input that has the axes."""

    source: ClassVar[str] = "The added cells hold one and the same number."

    def require_axes(self, x: Shape, count: int) -> None:
        if len(x) < count:
            raise self.fault(
                "input", f"must have at least {count} axes, and has {len(x)}", "add a channel axis", value=x
            )

    def require_side(self, n: int, before: int, after: int, name: str) -> None:
        # Cells are cut off first, so that padding on the other side cannot make up for them.
        left = n + min(before, 0)
        if left < 0 or left + min(after, 0) < 0:
            raise self.too_much(int(min(left, left + min(after, 0))))


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
class ZeroPad(Fill, ABC):
    """Add zeros around the last axes.

    Input (N, C, *spatial) or any other shape with these axes at its end; negative
    numbers cut cells off.
    """

    source: ClassVar[str] = "The added cells hold zeros."

    padding: int | tuple[int, ...] = knob(
        symbol="p", positional=True, kind=MARGIN, about="cells added on every side, or (left, right, top, bottom, …)"
    )

    def keras(self, x: Shape) -> list[str]:
        margins = self.margins(x)
        numbers = {number for side in margins for number in side}
        same = numbers.pop() if len(numbers) == 1 else None
        width = margins[0] if self.spatial == 1 else margins
        return [f"ZeroPadding{self.spatial}D({width if same is None else same})"]


@dataclass(frozen=True)
class ConstantPad(Fill, ABC):
    """Add cells that hold one number around the last axes.

    Input (N, C, *spatial) or any other shape with these axes at its end; negative
    numbers cut cells off.
    """

    padding: int | tuple[int, ...] = knob(
        symbol="p", positional=True, kind=MARGIN, about="cells added on every side, or (left, right, top, bottom, …)"
    )
    value: float = knob(positional=True, kind=Real(infinite=True), about="the number that the added cells hold")

    def keras(self, x: Shape) -> list[str]:
        return [fill(self.margins(x), f"constant_values={spelt(self.value)}")]


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
