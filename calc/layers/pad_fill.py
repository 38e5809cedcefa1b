"""Paddings that fill the added cells with one number.

Source: PyTorch documentation, `torch.nn.ZeroPad2d`, `torch.nn.ConstantPad2d`.
"""

from __future__ import annotations

from abc import ABC
from dataclasses import dataclass
from typing import ClassVar

from calc.knob import Real, knob
from calc.layer_base import Shape
from calc.layers.image import LETTERS
from calc.layers.pad import MARGIN, Pad, fill
from calc.source import spelt


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
class ZeroPad1d(ZeroPad):
    """Zeros before and after one axis."""

    spatial: ClassVar[int] = 1
    axis_letters: ClassVar[str] = LETTERS[1]


@dataclass(frozen=True)
class ZeroPad2d(ZeroPad):
    """Zeros around two axes: left, right, top and bottom."""

    spatial: ClassVar[int] = 2
    axis_letters: ClassVar[str] = LETTERS[2]


@dataclass(frozen=True)
class ZeroPad3d(ZeroPad):
    """Zeros around three axes, front and back included."""

    spatial: ClassVar[int] = 3
    axis_letters: ClassVar[str] = LETTERS[3]


@dataclass(frozen=True)
class ConstantPad1d(ConstantPad):
    """One number before and after one axis."""

    spatial: ClassVar[int] = 1
    axis_letters: ClassVar[str] = LETTERS[1]


@dataclass(frozen=True)
class ConstantPad2d(ConstantPad):
    """One number around two axes: left, right, top and bottom."""

    spatial: ClassVar[int] = 2
    axis_letters: ClassVar[str] = LETTERS[2]


@dataclass(frozen=True)
class ConstantPad3d(ConstantPad):
    """One number around three axes, front and back included."""

    spatial: ClassVar[int] = 3
    axis_letters: ClassVar[str] = LETTERS[3]
