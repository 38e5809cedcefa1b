"""Fractional max pooling: shrink by any factor, with windows at random places.

The windows' starts are drawn anew at each call, a or a + 1 cells apart. Source:
PyTorch documentation, `torch.nn.FractionalMaxPool2d`; B. Graham, "Fractional
Max-Pooling", arXiv:1412.6071; `aten/src/ATen/native/FractionalMaxPooling.h`.
"""

from __future__ import annotations

from abc import ABC
from collections.abc import Iterator
from dataclasses import dataclass
from math import prod
from typing import ClassVar

from calc.errors import CalcError
from calc.knob import Flag, PerAxis, Reals, knob
from calc.layer_base import UNLEARNED, Answer, Cost, NoEquivalent, Shape, Weight
from calc.layers.image import LETTERS, SPATIAL, ImageLayer
from calc.picture import Axis, Spans, figure, mapping, sizes
from calc.sym import scaled


@dataclass(frozen=True)
class FractionalMaxPool(ImageLayer, ABC):
    """Keep the largest of each window, with the windows' places drawn at random.

    Input (N, C, *spatial) or (C, *spatial), output the same with `output_size` cells
    or the share `output_ratio` of the input's.
    """

    panels: ClassVar[tuple[str, ...]] = UNLEARNED
    outputs: ClassVar[tuple[str, ...]] = ("output", "indices")

    kernel_size: int | tuple[int, ...] = knob(
        symbol="k", kind=PerAxis(), about="side of the window in cells, one number or one for each axis"
    )
    output_size: int | tuple[int, ...] | None = knob(
        None, symbol="o", kind=PerAxis(0, empty="output_ratio"), about="cells of the output along each axis"
    )
    output_ratio: float | tuple[float, ...] | None = knob(
        None,
        symbol="r",
        kind=Reals(empty="output_size"),
        about="share of the input's cells along each axis, between 0 and 1",
    )
    return_indices: bool = knob(False, kind=Flag(), about="whether to return where each maximum was, too")

    def check(self) -> None:
        if self.spatial == 3:
            self.require_bounds("kernel_size")
        if self.output_size is None and self.output_ratio is None:
            raise self.fault("output_size", "must be given where output_ratio is not", "write output_ratio=0.5")
        if self.output_size is not None and self.output_ratio is not None:
            raise self.fault("output_ratio", "must be left out where output_size is given", "leave out one of the two")
        given = self.output_ratio
        ratios = given if isinstance(given, tuple) else () if given is None else (given,) * self.spatial
        if given is not None and len(ratios) < self.spatial:
            raise self._wrong_length("output_ratio", ratios)
        for ratio in ratios[: self.spatial]:
            if not 0 < ratio < 1:
                raise self.fault("output_ratio", "must be between 0 and 1", "try 0.5")

    def _wrong_length(self, name: str, value: tuple[float, ...]) -> CalcError:
        return self.fault(
            name,
            f"must be one number or {self.spatial}, one for each axis, and has {len(value)}",
            f"write {value[0] if value else 2 if name != 'output_ratio' else 0.5}",
        )

    def ratios(self) -> tuple[float, ...]:
        """The share of each axis."""
        given = self.output_ratio
        if isinstance(given, tuple) and len(given) != self.spatial:
            raise self._wrong_length("output_ratio", given)
        return given if isinstance(given, tuple) else (given or 0,) * self.spatial

    def full(self, name: str) -> tuple[int, ...]:
        """An argument as one number for each axis; a tuple of one is too short here."""
        value = self.argument(name)
        if isinstance(value, tuple) and len(value) != self.spatial:
            raise self._wrong_length(name, value)
        return self.per_axis(name)

    def targets(self, x: Shape) -> tuple[int, ...]:
        """The size of each output axis."""
        if self.output_ratio is None:
            return self.full("output_size")
        same = len(set(self.ratios())) == 1
        rows = zip(x[-self.spatial :], self.ratios(), LETTERS[self.spatial], strict=True)
        return tuple(scaled(n, ratio, "r", "" if same else letter) for n, ratio, letter in rows)

    def out(self, x: Shape) -> Answer:
        self.require_rank(x)
        self.require_bounds("kernel_size", "output_size")
        # The first axis may be empty, even where it holds the channels.
        self.require_cells(x, 1)
        kernel = self.full("kernel_size")
        for n, k, o, name in zip(x[-self.spatial :], kernel, self.targets(x), SPATIAL[self.spatial], strict=True):
            most = n - k + (1 if self.spatial < 3 else 0)
            if o > most:
                raise self.fault(
                    "kernel_size",
                    f"spans {int(k)} cells, so {int(n)} cells along {name} have room for {max(int(most), 0)} places, "
                    f"not for {int(o)}",
                    "use a smaller window or a smaller output",
                )
        sizes = tuple(self.named(axis, size) for axis, size in enumerate(self.targets(x)))
        shape = (*x[: -self.spatial], *sizes)
        return (shape, shape) if self.return_indices else shape

    def learned(self) -> Iterator[Weight]:
        return iter(())

    def costs(self, x: Shape) -> Iterator[Cost]:
        taps = prod(self.full("kernel_size"))
        places = prod(x[: -self.spatial]) * prod(self.targets(x))
        yield Cost("compare each tap with the largest so far", places * (taps - 1), "comparison")

    def keras(self, x: Shape) -> list[str]:
        raise NoEquivalent("Keras has no pool with windows at random places.")

    def picture(self, x: Shape) -> str:
        given, targets = x[-self.spatial :], self.targets(x)
        cells, places = sizes(given), sizes(targets)
        axes = [_axis(*map(int, row)) for row in zip(given, targets, self.full("kernel_size"), strict=True)]
        source, target, kinds = mapping(axes, (f"Input of {cells} cells.", f"Output of {places} cells."))
        legend = [("data", "input"), ("first", "first window"), ("second", "next window")]
        return figure(
            [(source, f"{cells} cells"), (target, f"{places} places")],
            "One draw of many: the next call puts the windows elsewhere, but always the first at the start "
            "and the last at the end.",
            [(kind, text) for kind, text in legend if kind in kinds],
        )


def _axis(n: int, o: int, k: int) -> Axis:
    def reads(place: int) -> range:
        start = n - k if place == o - 1 else int((place + 0.5) * step) - int(0.5 * step)
        return range(start, start + k)

    step = (n - k) / (o - 1) if o > 1 else 0.0
    return Axis(Spans(("data", n)), Spans(("data", o)), o, reads, lambda place: range(place, place + 1))


@dataclass(frozen=True)
class FractionalMaxPool2d(FractionalMaxPool):
    """Fractional max pooling along two axes."""

    spatial: ClassVar[int] = 2
    axis_letters: ClassVar[str] = LETTERS[2]


@dataclass(frozen=True)
class FractionalMaxPool3d(FractionalMaxPool):
    """Fractional max pooling along three axes."""

    spatial: ClassVar[int] = 3
    axis_letters: ClassVar[str] = LETTERS[3]
