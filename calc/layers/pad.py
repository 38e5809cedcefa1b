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

from calc.knob import PerAxis
from calc.layer_base import Cost, NoEquivalent, Shape, Weight
from calc.layers.image import SPATIAL, ImageLayer
from calc.layers.pad_picture import Side, pad_picture
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
        return tuple((before, after) for before, after in reversed(sides))


def fill(margins: tuple[tuple[int, int], ...], extra: str) -> str:
    """A Keras layer that pads positions by `keras.ops.pad`."""
    if not any(map(any, margins)):
        return "Identity()"
    return f"Lambda(lambda x: keras.ops.pad(x, {((0, 0), *margins, (0, 0))}, {extra}))"
