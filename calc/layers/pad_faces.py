"""The paddings for one, two and three axes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from calc.layers.image import LETTERS
from calc.layers.pad import CircularPad, ConstantPad, ReflectionPad, ReplicationPad, ZeroPad


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
