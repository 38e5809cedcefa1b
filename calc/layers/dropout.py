"""Dropout: in training some numbers, chosen at random, are put to 0; nothing is learned.

Source: PyTorch documentation, `torch.nn.Dropout`, `Dropout1d` to `Dropout3d`,
`AlphaDropout`; what is refused is in `torch/nn/functional.py` and
`aten/src/ATen/native/Dropout.cpp`.
"""

from __future__ import annotations

import random
from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from math import prod
from typing import ClassVar

from calc.knob import Flag, Real, knob
from calc.layer_base import Cost, Layer, NoEquivalent, Shape, Weight
from calc.layers.flatten import SYMBOLS
from calc.layers.image import LETTERS, SPATIAL
from calc.layers.sample_picture import Layout
from calc.source import call


@dataclass(frozen=True)
class AnyDropout(Layer, ABC):
    """What the dropouts share: a probability, and no effect in eval mode."""

    panels: ClassVar[tuple[str, ...]] = ("result", "picture", "cost", "torch", "keras")
    has_mode: ClassVar[bool] = True
    together: ClassVar[str]
    """What is kept or dropped as a whole."""

    p: float = knob(0.5, kind=Real(0, 1), about="probability that a number, or a whole channel, is dropped")
    inplace: bool = knob(False, kind=Flag(), about="whether to overwrite the input, which saves its memory")

    def check(self) -> None:
        if not 0 <= self.p <= 1:
            raise self.fault("p", "must be from 0 to 1", "try 0.5")

    def learned(self) -> Iterator[Weight]:
        return iter(())

    def draws(self, x: Shape) -> int:
        """How many coins are thrown for an input."""
        return prod(x)

    def costs(self, x: Shape) -> Iterator[Cost]:
        yield Cost(f"decide for each {self.together}, in training only", self.draws(x), "random number")
        yield Cost("put to 0, or multiply with 1 / (1 − p)", prod(x), "scaling")

    def input_symbols(self, rank: int, name: str = "input") -> tuple[str, ...]:
        return SYMBOLS.get(rank) or tuple(f"d_{i}" for i in range(rank))

    def layout(self, x: Shape) -> Layout:
        """The input as it is drawn: a coin for each cell, or for each row of cells."""
        name = "sample" if len(x) == 3 else "part" if len(x) > 3 else "input"
        return Layout(prod(x[:-2]), prod(x[-2:-1]), prod(x[-1:]), name, "rows", "numbers")

    def picture(self, x: Shape) -> str:
        layout = self.layout(x)

        @cache
        def drop(place: tuple[int, ...]) -> bool:
            return random.Random(f"dropout {place}").random() < self.p

        def kind(sample: int, row: int, column: int) -> str:
            return "crop" if drop(self.coin(sample, row, column)) else "data"

        kept = "" if self.p == 1 else f", the others are multiplied by 1 / (1 − p) = {1 / (1 - self.p):.4g}"
        caption = f"One draw of many. Each {self.together} becomes {self.dropped} with probability {self.p:g}{kept}."
        return layout.figure(kind, f"{caption} In eval mode nothing happens.", [("crop", "dropped"), ("data", "kept")])

    dropped: ClassVar[str] = "0"

    def coin(self, sample: int, row: int, column: int) -> tuple[int, ...]:
        """Which coin decides over a cell."""
        return (sample, row, column)


@dataclass(frozen=True)
class Dropout(AnyDropout):
    """Put each number to 0 with probability p, and multiply the others by 1/(1 − p).

    Input of any rank, output the same; in eval mode the input itself.
    """

    together: ClassVar[str] = "number"

    def out(self, x: Shape, *, training: bool = True) -> Shape:
        return x

    def keras(self, x: Shape) -> list[str]:
        return [call("Dropout", self.p)]


@dataclass(frozen=True)
class AlphaDropout(AnyDropout):
    """Dropout for networks of SELU: what is dropped becomes −1.758, then mean and variance are put right.

    Input of any rank, output the same; in eval mode the input itself.
    """

    together: ClassVar[str] = "number"
    dropped: ClassVar[str] = "SELU's lowest value, −1.758,"

    def out(self, x: Shape, *, training: bool = True) -> Shape:
        return x

    def costs(self, x: Shape) -> Iterator[Cost]:
        yield Cost("decide for each number, in training only", prod(x), "random number")
        yield Cost("scale and shift to mean 0 and variance 1", prod(x), "scaling")

    def keras(self, x: Shape) -> list[str]:
        if self.p == 1:
            raise NoEquivalent("Keras's AlphaDropout divides by 0 where everything is dropped.")
        return [call("AlphaDropout", self.p)]


@dataclass(frozen=True)
class ChannelDropout(AnyDropout, ABC):
    """Put whole channels to 0: neighbours in a map are too much alike to be dropped one by one.

    Input (N, C, *spatial), and without N but in Dropout2d; output the same.
    """

    together: ClassVar[str] = "channel of a sample"
    spatial: ClassVar[int]

    @abstractmethod
    def spatial_axes(self, rank: int) -> int:
        """How many axes PyTorch takes for a channel's own."""

    def least_axes(self) -> int:
        """As few as there must be while something is dropped."""
        return 2

    def out(self, x: Shape, *, training: bool = True) -> Shape:
        drops = training and 0 < self.p < 1 and prod(x) != 0
        if drops and len(x) < self.least_axes():
            wanted = ", ".join(("N", "C", *SPATIAL[self.spatial]))
            raise self.fault(
                "input",
                f"must have at least {self.least_axes()} axes, and has {len(x)}",
                f"write it as ({wanted})",
                value=x,
            )
        return x

    def draws(self, x: Shape) -> int:
        return prod(x[: len(x) - self.spatial_axes(len(x))])

    def layout(self, x: Shape) -> Layout:
        axes = self.spatial_axes(len(x))
        whole = x[: len(x) - axes]
        return Layout(prod(whole[:-1]), prod(whole[-1:]), prod(x[len(x) - axes :]))

    def coin(self, sample: int, row: int, column: int) -> tuple[int, ...]:
        return (sample, row)

    def keras(self, x: Shape) -> list[str]:
        axes = self.spatial_axes(len(x))
        if len(x) not in (axes + 1, axes + 2) or axes not in SPATIAL:
            raise NoEquivalent("Keras's spatial dropout takes one to three axes after batch and channels.")
        return [call(f"SpatialDropout{axes}D", self.p)]


@dataclass(frozen=True)
class Dropout1d(ChannelDropout):
    """Dropout of whole channels along one axis: (N, C, L) or (C, L)."""

    spatial: ClassVar[int] = 1
    axis_letters: ClassVar[str] = LETTERS[1]

    def out(self, x: Shape, *, training: bool = True) -> Shape:
        if len(x) not in (2, 3):
            raise self.fault(
                "input", f"must have 2 or 3 axes, and has {len(x)}", "write it as (C, L) or (N, C, L)", value=x
            )
        return x

    def spatial_axes(self, rank: int) -> int:
        return 1


@dataclass(frozen=True)
class Dropout2d(ChannelDropout):
    """Dropout of whole feature maps: (N, C, H, W). Three axes are read as (N, C, L)."""

    spatial: ClassVar[int] = 2
    axis_letters: ClassVar[str] = LETTERS[2]

    def spatial_axes(self, rank: int) -> int:
        return max(rank - 2, 0)


@dataclass(frozen=True)
class Dropout3d(ChannelDropout):
    """Dropout of whole volumes: (N, C, D, H, W) or (C, D, H, W)."""

    spatial: ClassVar[int] = 3
    axis_letters: ClassVar[str] = LETTERS[3]

    def spatial_axes(self, rank: int) -> int:
        return 3 if rank == 5 else max(rank - 1, 0)

    def least_axes(self) -> int:
        return 1
