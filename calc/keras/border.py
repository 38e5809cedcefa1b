"""Keras's layers that add a border of zeros or cut one off; nothing is learned.

Source: https://keras.io/api/layers/reshaping_layers/.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from calc.keras.layer import data_format_knob
from calc.keras.pool import Unlearned
from calc.knob import Margins, knob
from calc.layer_base import Cost, Shape
from calc.layers.image import LETTERS, SPATIAL
from calc.layers.pad_picture import Side, pad_picture

SIDES = {"l": "left,right", "h": "top,bottom", "w": "left,right", "d": "front,back"}
"""What the two sides of an axis are called in formulas."""

EDGES = "one number for all, one for each axis, or (before, after) for each"


@dataclass(frozen=True)
class Bordered(Unlearned, ABC):
    """What padding and cropping share: cells before and after each axis."""

    amount: ClassVar[str]
    """The argument that says how many cells."""

    def check(self) -> None:
        if hasattr(self, "data_format"):
            self.require_words("data_format")
        value = self.argument(self.amount)
        if isinstance(value, tuple):
            self._require_length(value, 2 if self.spatial == 1 else self.spatial)
            for each in value:
                if isinstance(each, tuple):
                    self._require_pair(each)
        if any(number < 0 for sides in self.sides() for number in sides):
            raise self.fault(self.amount, "must not be negative", f"write 0, or use {self._opposite()}")

    def _opposite(self) -> str:
        return f"{'ZeroPadding' if self.amount == 'cropping' else 'Cropping'}{self.spatial}D"

    def _require_length(self, value: tuple[Any, ...], wanted: int) -> None:
        if len(value) != wanted:
            of = "(before, after)" if self.spatial == 1 else "one for each axis"
            raise self.fault(
                self.amount, f"must be one number or {wanted}, {of}, and has {len(value)}", f"write {(1,) * wanted}"
            )

    def _require_pair(self, value: tuple[int, ...]) -> None:
        if self.spatial == 1 or len(value) != 2:
            raise self.fault(
                self.amount,
                "must have pairs (before, after)" if self.spatial > 1 else "must be one number or (before, after)",
                f"write {((1, 1),) * self.spatial if self.spatial > 1 else (1, 1)}",
            )

    def sides(self) -> tuple[tuple[int, int], ...]:
        """Cells before and after each axis."""
        value = self.argument(self.amount)
        if not isinstance(value, tuple):
            return ((value, value),) * self.spatial
        if self.spatial == 1:
            return (value,)
        return tuple(each if isinstance(each, tuple) else (each, each) for each in value)

    def subscripts(self, name: str, value: tuple[Any, ...]) -> Sequence[str]:
        if self.spatial == 1:
            return SIDES["l"].split(",")
        if any(isinstance(each, tuple) for each in value):
            rows = zip(value, self.axis_letters, strict=True)
            return [SIDES[letter] if isinstance(each, tuple) else letter for each, letter in rows]
        return super().subscripts(name, value)

    def out(self, x: Shape) -> Shape:
        self.require_rank(x)
        return self.joined(x, self.channels(x), self._sizes(x))

    @abstractmethod
    def _sizes(self, x: Shape) -> Iterator[int]:
        """The size of each spatial axis of the output."""

    def costs(self, x: Shape) -> Iterator[Cost]:
        return iter(())

    def picture(self, x: Shape) -> str:
        sign = -1 if self.amount == "cropping" else 1
        rows = zip(self.cells(x), self.sides(), strict=True)
        sides = [_side(n, sign * before, sign * after) for n, (before, after) in rows]
        return pad_picture(sides, "Cells keep their values." if sign < 0 else "What is added holds 0.")


def _side(n: int, before: int, after: int) -> Side:
    return Side(n, before, after, lambda place: place - before if 0 <= place - before < n else None)


@dataclass(frozen=True)
class ZeroPadding(Bordered, ABC):
    """Add zeros before and after each spatial axis.

    Input (N, *spatial, C), output the same with longer spatial axes.
    """

    amount: ClassVar[str] = "padding"

    def _sizes(self, x: Shape) -> Iterator[int]:
        for axis, (n, (before, after)) in enumerate(zip(self.cells(x), self.sides(), strict=True)):
            yield self.named(axis, n + (2 * before if before is after else before + after))


@dataclass(frozen=True)
class Cropping(Bordered, ABC):
    """Cut cells off before and after each spatial axis.

    Input (N, *spatial, C), output the same with shorter spatial axes.
    """

    amount: ClassVar[str] = "cropping"

    def _sizes(self, x: Shape) -> Iterator[int]:
        for axis, (n, (before, after)) in enumerate(zip(self.cells(x), self.sides(), strict=True)):
            size = n - 2 * before if before is after else n - before - after
            if size < 1:
                raise self.fault(
                    "cropping",
                    f"must be less than the {int(n)} cells along {SPATIAL[self.spatial][axis]}, "
                    f"and takes {int(before + after)}",
                    "crop less or use a larger input",
                )
            yield self.named(axis, size)


@dataclass(frozen=True)
class ZeroPadding1D(ZeroPadding):
    """Add zeros before and after the steps of a sequence."""

    padding: int | tuple[int, ...] = knob(
        1, symbol="p", positional=True, kind=Margins(), about="zeros on each side: one number, or (before, after)"
    )
    data_format: str | None = data_format_knob()
    spatial: ClassVar[int] = 1
    axis_letters: ClassVar[str] = LETTERS[1]


@dataclass(frozen=True)
class ZeroPadding2D(ZeroPadding):
    """Add rows and columns of zeros around an image, as before the first layer of Keras's ResNet50."""

    padding: Any = knob(1, symbol="p", positional=True, kind=Margins(), about=f"zeros on each side: {EDGES}")
    data_format: str | None = data_format_knob()
    spatial: ClassVar[int] = 2
    axis_letters: ClassVar[str] = LETTERS[2]


@dataclass(frozen=True)
class ZeroPadding3D(ZeroPadding):
    """Add zeros around a video or a scan."""

    padding: Any = knob(1, symbol="p", positional=True, kind=Margins(), about=f"zeros on each side: {EDGES}")
    data_format: str | None = data_format_knob()
    spatial: ClassVar[int] = 3
    axis_letters: ClassVar[str] = LETTERS[3]


@dataclass(frozen=True)
class Cropping1D(Cropping):
    """Cut steps off both ends of a sequence."""

    cropping: int | tuple[int, ...] = knob(
        1, symbol="c", positional=True, kind=Margins(), about="cells cut off: one number, or (before, after)"
    )
    spatial: ClassVar[int] = 1
    axis_letters: ClassVar[str] = LETTERS[1]


@dataclass(frozen=True)
class Cropping2D(Cropping):
    """Cut rows and columns off an image, as on U-Net's way across."""

    cropping: Any = knob(0, symbol="c", positional=True, kind=Margins(), about=f"cells cut off on each side: {EDGES}")
    data_format: str | None = data_format_knob()
    spatial: ClassVar[int] = 2
    axis_letters: ClassVar[str] = LETTERS[2]


@dataclass(frozen=True)
class Cropping3D(Cropping):
    """Cut a border off a video or a scan."""

    cropping: Any = knob(1, symbol="c", positional=True, kind=Margins(), about=f"cells cut off on each side: {EDGES}")
    data_format: str | None = data_format_knob()
    spatial: ClassVar[int] = 3
    axis_letters: ClassVar[str] = LETTERS[3]
