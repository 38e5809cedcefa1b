"""Upsampling: more cells (or fewer) from the ones that are there, by copying or interpolating.

An axis of n cells gets `size` cells, or ⌊n · scale_factor⌋. Source: PyTorch
documentation, `torch.nn.Upsample`, `torch.nn.functional.interpolate`;
`aten/src/ATen/native/UpSample.h`.
"""

from __future__ import annotations

from abc import ABC
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from math import prod
from typing import Any, ClassVar

from calc.knob import LARGEST, Choice, Flag, PerAxis, Reals, knob
from calc.layer_base import UNLEARNED, Cost, Layer, NoEquivalent, Shape, Weight, Windows
from calc.layers.image import LETTERS, SPATIAL
from calc.layers.upsample_picture import Resized, upsample_picture
from calc.source import call
from calc.sym import common_divisor, let, scaled

RANKS = {
    "nearest": (3, 4, 5),
    "linear": (3,),
    "bilinear": (4,),
    "trilinear": (5,),
    "bicubic": (4,),
    "area": (3, 4, 5),
    "nearest-exact": (3, 4, 5),
}
"""How many axes an input may have in each mode, batch and channels included."""

COPYING = ("nearest", "nearest-exact", "area")
"""Modes that know nothing of corners."""

SIZE = PerAxis(1, empty="scale_factor")
SCALE = Reals(empty="size", lists=False)
ABOUT_SIZE = "cells of the output, one number or one for each axis; left out, scale_factor decides"
ABOUT_SCALE = "cells of the output for each of the input, whole or not; one number or one for each axis"


@dataclass(frozen=True)
class Resize(Layer, ABC):
    """What the upsamplings share. Input (N, C, *spatial): the batch cannot be left out."""

    panels: ClassVar[tuple[str, ...]] = UNLEARNED

    def option(self, name: str) -> bool | None:
        """An option that not every face has."""
        return getattr(self, name, None)

    def how(self) -> str:
        """The mode."""
        mode: str = self.argument("mode")
        return mode

    def factor(self) -> float | tuple[float, ...] | None:
        """The scale factor; PyTorch takes 0 for none."""
        given: float | tuple[float, ...] | None = self.argument("scale_factor")
        return None if given == 0 else given

    def targets(self, x: Shape) -> Shape:
        """The size of each output axis after the channels."""
        size, factor = self.argument("size"), self.factor()
        if size is None and factor is None:
            raise self.fault("size", "must be given where scale_factor is not", "write scale_factor=2", value=None)
        if size is not None and factor is not None:
            raise self.fault("scale_factor", "must be left out where size is given", "leave out one of the two")
        if size is not None and self.option("recompute_scale_factor"):
            raise self.fault("recompute_scale_factor", "must not be True with a size", "leave it out")
        axes = len(x) - 2
        given = size if factor is None else factor
        if isinstance(given, tuple) and len(given) != axes:
            raise self.fault(
                "size" if factor is None else "scale_factor",
                f"must be one number or {axes}, one for each axis after the channels, and has {len(given)}",
                f"write {given[0] if given else 2}",
            )
        each: tuple[Any, ...] = given if isinstance(given, tuple) else (given,) * axes
        if factor is None:
            return tuple(each)
        return tuple(
            self._scaled(n, scale, letter) for n, scale, letter in zip(x[2:], each, self._letters(axes), strict=True)
        )

    def _letters(self, axes: int) -> tuple[str, ...]:
        factor = self.factor()
        same = not isinstance(factor, tuple) or len(set(factor)) == 1
        return ("",) * axes if same else tuple(LETTERS[axes])

    def _scaled(self, n: int, factor: float, letter: str) -> int:
        # A factor beyond all bounds would give infinity, which is no number of cells.
        if (abs(factor) > LARGEST and n != 0) or abs(size := scaled(n, float(factor), "s", letter)) > LARGEST:
            raise self.fault("scale_factor", f"must not make an axis longer than {LARGEST:,}", "check the digits")
        return size

    def out(self, x: Shape) -> Shape:
        if self.how() in COPYING and self.option("align_corners") is not None:
            raise self.fault("align_corners", f"must be left out with mode={self.how()!r}", "use it with 'bilinear'")
        if self.how() not in RANKS:
            raise self.fault("mode", f"must be one of {', '.join(map(repr, RANKS))}", "try 'nearest'")
        if len(x) not in RANKS[self.how()]:
            raise self.fault("input", self._ranks(), self._way_out(x), value=x)
        sizes = self.targets(x)
        self._require_cells(x, sizes)
        names = SPATIAL[len(x) - 2]
        return (*x[:2], *(let(f"{name}_out", size) for name, size in zip(names, sizes, strict=True)))

    def _ranks(self) -> str:
        wanted = [str(rank) for rank in RANKS[self.how()]]
        listed = wanted[0] if len(wanted) == 1 else f"{', '.join(wanted[:-1])} or {wanted[-1]}"
        return f"must have {listed} axes, batch and channels included, with mode={self.how()!r}"

    def _way_out(self, x: Shape) -> str:
        modes = [mode for mode, ranks in RANKS.items() if len(x) in ranks]
        return f"use mode={modes[1]!r}" if modes and hasattr(self, "mode") else "write (N, C, H, W)"

    def _require_cells(self, x: Shape, sizes: Shape) -> None:
        area = self.how() == "area"
        for n, size in zip(x[2:], sizes, strict=True):
            if size < (0 if area else 1):
                name = "size" if self.factor() is None else "scale_factor"
                raise self.fault(
                    name, f"must leave at least 1 cell, and of {int(n)} it makes {int(size)}", "make it larger"
                )
        if area and len(sizes) > 1 and all(size == 1 for size in sizes):
            return  # PyTorch takes a plain mean here, of nothing if need be.
        first = 2 if area and len(sizes) < 3 else 1
        for axis in range(first, len(x)):
            if x[axis] == 0:
                raise self.fault(
                    "input", f"must have at least 1 cell along axis {axis}", "only the batch may be empty", value=x
                )

    def learned(self) -> Iterator[Weight]:
        return iter(())

    def costs(self, x: Shape) -> Iterator[Cost]:
        sizes = self.out(x)[2:]
        cells = prod(self.out(x))
        if self.how() == "area":
            # Along an axis the windows hold n + o - gcd(n, o) cells in all; see `adaptive_pool`.
            read = prod(n + o - common_divisor(n, o) for n, o in zip(x[2:], sizes, strict=True))
            yield Cost("add up the cells of each window", prod(x[:2]) * read - cells, "addition")
            yield Cost("divide by their number", cells, "division")
        elif self.how() not in COPYING:
            taps = 16 if self.how() == "bicubic" else 2 ** len(sizes)
            yield Cost(f"weigh the {taps} nearest cells", cells * taps, "product")

    def input_symbols(self, rank: int, name: str = "input") -> tuple[str, ...]:
        named = SPATIAL.get(rank - 2)
        return ("N", "C", *named) if named else tuple(f"d_{i}" for i in range(1, rank + 1))

    def spatial_axes(self, rank: int) -> int:
        return rank - 2 if rank - 2 in SPATIAL else 0

    def window(self, x: Shape) -> Windows:
        reach = {"nearest": 1, "nearest-exact": 1, "bicubic": 4}.get(self.how(), 2)
        return tuple((reach, Fraction(int(n), int(size))) for n, size in zip(x[2:], self.out(x)[2:], strict=True))

    def keras(self, x: Shape) -> list[str]:
        sizes, axes = self.out(x)[2:], len(x) - 2
        whole = [exact // n if exact % n == 0 else 0 for n, exact in zip(x[2:], sizes, strict=True)]
        if self.option("align_corners"):
            raise NoEquivalent("Keras has no align_corners: it always takes the corners of cells, not their centres.")
        rounded = self._rounded(axes)
        if self.how() in ("nearest", "nearest-exact") and all(whole) and not rounded:
            return [call(f"UpSampling{axes}D", tuple(whole))]
        if self.how() != "bilinear":
            raise NoEquivalent(
                "Keras's upsampling repeats cells a whole number of times, or interpolates in two dimensions."
            )
        if all(whole) and not rounded:
            return [call("UpSampling2D", tuple(whole), interpolation=("bilinear", "nearest"))]
        if rounded:
            raise NoEquivalent(
                "Keras derives the scale from the sizes, as PyTorch does with recompute_scale_factor=True."
            )
        return [f"Resizing({sizes[0]}, {sizes[1]})"]

    def _rounded(self, axes: int) -> bool:
        """Whether cells are found by the given scale although the output is not exactly that much larger."""
        factor = self.factor()
        given = factor if isinstance(factor, tuple) else (factor or 1,) * axes
        return not self.option("recompute_scale_factor") and any(each != int(each) for each in given)

    def picture(self, x: Shape) -> str:
        sizes = self.out(x)[2:]
        factor = self.factor()
        given = factor if isinstance(factor, tuple) else (factor,) * len(sizes)
        fixed = self.how() != "area" and not self.option("recompute_scale_factor")
        axes = [
            Resized(
                n, o, self.how(), bool(self.option("align_corners")), 1 / scale if scale and fixed else n / max(o, 1)
            )
            for n, o, scale in zip(x[2:], sizes, given, strict=True)
        ]
        return upsample_picture(axes, self.how())


@dataclass(frozen=True)
class Upsample(Resize):
    """Enlarge or shrink every axis after the channels by copying or interpolating.

    Input (N, C, L), (N, C, H, W) or (N, C, D, H, W); output the same with new spatial axes.
    """

    size: int | tuple[int, ...] | None = knob(None, symbol="o", kind=SIZE, about=ABOUT_SIZE)
    scale_factor: float | tuple[float, ...] | None = knob(None, symbol="s", kind=SCALE, about=ABOUT_SCALE)
    mode: str = knob("nearest", kind=Choice(tuple(RANKS)), about="how an output cell is made from those near it")
    align_corners: bool | None = knob(
        None, kind=Flag(empty="None"), about="whether the centres of the corner cells stay corners, when interpolating"
    )
    recompute_scale_factor: bool | None = knob(
        None, kind=Flag(empty="None"), about="whether the scale is worked out again from the rounded output size"
    )

    def subscripts(self, name: str, value: tuple[int | None, ...]) -> tuple[str, ...]:
        same = len(set(value)) == 1 or len(value) not in LETTERS
        return ("",) * len(value) if same else tuple(LETTERS[len(value)])


@dataclass(frozen=True)
class UpsamplingFace(Resize, ABC):
    """The two older names, which fix the mode."""

    size: int | tuple[int, ...] | None = knob(None, symbol="o", kind=SIZE, about=ABOUT_SIZE)
    scale_factor: float | tuple[float, ...] | None = knob(None, symbol="s", kind=SCALE, about=ABOUT_SCALE)

    subscripts = Upsample.subscripts


@dataclass(frozen=True)
class UpsamplingNearest2d(UpsamplingFace):
    """Upsample by copying the nearest cell: the older name of mode 'nearest'."""

    def how(self) -> str:
        return "nearest"


@dataclass(frozen=True)
class UpsamplingBilinear2d(UpsamplingFace):
    """Upsample two axes bilinearly with the corners aligned: the older name of that mode."""

    def how(self) -> str:
        return "bilinear"

    def option(self, name: str) -> bool | None:
        return True if name == "align_corners" else None
