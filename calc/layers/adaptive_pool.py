"""Adaptive pooling: say how large the output shall be, and the windows follow.

Output place i of o reads the input cells from ⌊i n / o⌋ up to ⌈(i + 1) n / o⌉, so
windows may overlap and differ in size by one. With `output_size=1` this is what
is called global pooling. Source: PyTorch documentation,
`torch.nn.AdaptiveAvgPool2d`; `aten/src/ATen/native/AdaptivePooling.h`.
"""

from __future__ import annotations

from abc import ABC
from collections.abc import Iterator
from dataclasses import dataclass
from math import prod
from typing import ClassVar

from calc.knob import Flag, PerAxis, knob
from calc.layer_base import UNLEARNED, Answer, Cost, NoEquivalent, Shape, Weight
from calc.layers.image import LETTERS, SPATIAL, ImageLayer
from calc.picture import Axis, Spans, figure, mapping, sizes
from calc.source import call
from calc.sym import ceil_div, common_divisor

GAPS = PerAxis(0, gaps=True)


@dataclass(frozen=True)
class AdaptivePool(ImageLayer, ABC):
    """What adaptive pools share: the windows follow from the input and the output size."""

    panels: ClassVar[tuple[str, ...]] = UNLEARNED

    def learned(self) -> Iterator[Weight]:
        return iter(())

    def targets(self, x: Shape) -> tuple[int, ...]:
        """The output size along each spatial axis; None keeps the input's."""
        asked: tuple[int, ...] | int | None = self.argument("output_size")
        if isinstance(asked, tuple):
            if len(asked) != self.spatial:
                raise self.fault(
                    "output_size",
                    f"must be one number or {self.spatial}, one for each axis, and has {len(asked)}",
                    f"write {(1,) * self.spatial if self.spatial > 1 else 1}",
                )
            given = x[len(x) - self.spatial :]
            if self.spatial > 1 and len(given) == self.spatial:
                return tuple(n if size is None else size for size, n in zip(asked, given, strict=True))
            asked = asked if None not in asked else None
        elif asked is not None:
            asked = (asked,) * self.spatial
        if asked is None:
            raise self.fault("output_size", "must be a number here", "write 1 for one cell")
        return asked

    def pooled(self, x: Shape, *, mean: bool) -> Shape:
        """The output shape; `mean` says which of the two rule sets of PyTorch applies."""
        targets = self.targets(x)
        for size in targets:
            if size < 0:
                raise self.fault("output_size", "must be at least 0", "try 1")
        self._require_input(x, targets, mean=mean)
        named = tuple(self.named(axis, size) for axis, size in enumerate(targets))
        return (*x[: -self.spatial], *named)

    def _require_input(self, x: Shape, targets: tuple[int, ...], *, mean: bool) -> None:
        to_one_cell = mean and all(size == 1 for size in targets)
        if to_one_cell and self.spatial > 1:
            # PyTorch takes a plain mean over the last axes here, whatever stands before them.
            if len(x) < self.spatial + isinstance(self.argument("output_size"), tuple):
                self.require_rank(x)
            return
        self.require_rank(x)
        if to_one_cell:
            return
        self.require_cells(x, len(x) - self.spatial)
        if not (mean and self.spatial < 3):
            self.require_cells(x, 1)

    def input_symbols(self, rank: int, name: str = "input") -> tuple[str, ...]:
        leading = rank - self.spatial
        names = ("N", "C")[-leading:] if 0 < leading <= 2 else tuple(f"d_{i}" for i in range(1, leading + 1))
        return (*names, *SPATIAL[self.spatial])

    def window(self, x: Shape) -> tuple[tuple[int, int], ...] | None:
        targets = self.targets(x)
        if all(size == 1 for size in targets):
            return None
        return tuple(
            (ceil_div(n, o) + (1 if n % o else 0), max(n // o, 1)) if o else (n, n)
            for n, o in zip(x[-self.spatial :], targets, strict=True)
        )

    def costs(self, x: Shape) -> Iterator[Cost]:
        given, targets = x[-self.spatial :], self.targets(x)
        places = prod(x[: -self.spatial]) * prod(targets)
        # Along an axis the windows hold n + o - gcd(n, o) cells in all: neighbours share one cell
        # at each of the o - 1 borders, save where a border falls between two cells.
        cells = prod(n + o - common_divisor(n, o) for n, o in zip(given, targets, strict=True))
        steps = prod(x[: -self.spatial]) * cells - places
        if "Avg" in type(self).__name__:
            yield Cost("add up the cells of each window", steps, "addition")
            yield Cost("divide by their number", places, "division")
        else:
            yield Cost("compare each cell with the largest so far", steps, "comparison")

    def picture(self, x: Shape) -> str:
        given, targets = x[-self.spatial :], self.targets(x)
        cells, places = sizes(given), sizes(targets)
        axes = [self._axis(n, o) for n, o in zip(given, targets, strict=True)]
        source, target, kinds = mapping(axes, (f"Input of {cells} cells.", f"Output of {places} cells."))
        legend = [("data", "input"), ("first", "first window"), ("second", "next window")]
        return figure(
            [(source, f"{cells} cells"), (target, f"{places} places")],
            "The input is cut into as many windows as the output has places; where it does not divide evenly, "
            "neighbours overlap.",
            [(kind, text) for kind, text in legend if kind in kinds],
        )

    @staticmethod
    def _axis(n: int, o: int) -> Axis:
        def reads(place: int) -> range:
            return range(place * n // o, -(-(place + 1) * n // o))

        return Axis(Spans(("data", n)), Spans(("data", o)), o, reads, lambda place: range(place, place + 1))

    def keras(self, x: Shape) -> list[str]:
        if len(x) not in (self.spatial + 1, self.spatial + 2):
            raise NoEquivalent(f"Keras pools an input of batch, {self.spatial} axes and channels, and no other.")
        targets = tuple(self.targets(x))
        kind = "Average" if "Avg" in type(self).__name__ else "Max"
        if all(size == 1 for size in targets):
            return [call(f"Global{kind}Pooling{self.spatial}D", keepdims=(True, False))]
        return [call(f"Adaptive{kind}Pooling{self.spatial}D", targets)]


@dataclass(frozen=True)
class AdaptiveAvgPool(AdaptivePool, ABC):
    """Cut the input into as many windows as asked for and take the mean of each.

    Input (N, C, *spatial) or (C, *spatial), output (N, C, *output_size).
    """

    output_size: int | tuple[int | None, ...] | None = knob(
        symbol="o", positional=True, kind=GAPS, about="cells of the output along each axis; None keeps the input's"
    )

    def out(self, x: Shape) -> Shape:
        return self.pooled(x, mean=True)


@dataclass(frozen=True)
class AdaptiveMaxPool(AdaptivePool, ABC):
    """Cut the input into as many windows as asked for and keep the largest of each.

    Input (N, C, *spatial) or (C, *spatial), output (N, C, *output_size).
    """

    outputs: ClassVar[tuple[str, ...]] = ("output", "indices")

    output_size: int | tuple[int | None, ...] | None = knob(
        symbol="o", positional=True, kind=GAPS, about="cells of the output along each axis; None keeps the input's"
    )
    return_indices: bool = knob(False, kind=Flag(), about="whether to return where each maximum was, too")

    def out(self, x: Shape) -> Answer:
        shape = self.pooled(x, mean=False)
        return (shape, shape) if self.return_indices else shape


@dataclass(frozen=True)
class AdaptiveAvgPool1d(AdaptiveAvgPool):
    """Adaptive average pooling along one axis."""

    spatial: ClassVar[int] = 1
    axis_letters: ClassVar[str] = LETTERS[1]


@dataclass(frozen=True)
class AdaptiveAvgPool2d(AdaptiveAvgPool):
    """Adaptive average pooling along two axes; with output_size 1, global average pooling."""

    spatial: ClassVar[int] = 2
    axis_letters: ClassVar[str] = LETTERS[2]


@dataclass(frozen=True)
class AdaptiveAvgPool3d(AdaptiveAvgPool):
    """Adaptive average pooling along three axes."""

    spatial: ClassVar[int] = 3
    axis_letters: ClassVar[str] = LETTERS[3]


@dataclass(frozen=True)
class AdaptiveMaxPool1d(AdaptiveMaxPool):
    """Adaptive max pooling along one axis."""

    spatial: ClassVar[int] = 1
    axis_letters: ClassVar[str] = LETTERS[1]


@dataclass(frozen=True)
class AdaptiveMaxPool2d(AdaptiveMaxPool):
    """Adaptive max pooling along two axes."""

    spatial: ClassVar[int] = 2
    axis_letters: ClassVar[str] = LETTERS[2]


@dataclass(frozen=True)
class AdaptiveMaxPool3d(AdaptiveMaxPool):
    """Adaptive max pooling along three axes."""

    spatial: ClassVar[int] = 3
    axis_letters: ClassVar[str] = LETTERS[3]
