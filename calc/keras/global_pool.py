"""Keras's global pools: one number for each channel, whatever the size of the map; nothing is learned.

Source: https://keras.io/api/layers/pooling_layers/.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from math import prod
from typing import ClassVar

from calc.keras.layer import data_format_knob
from calc.keras.pool import Unlearned
from calc.knob import Flag, knob
from calc.layer_base import Cost, Shape
from calc.layers.image import LETTERS
from calc.layers.window_picture import Window, window_picture


@dataclass(frozen=True)
class GlobalPooling(Unlearned, ABC):
    """A window over the whole map, for each channel on its own.

    Input (N, *spatial, C), output (N, C), or (N, 1, …, C) with `keepdims`.
    """

    panels: ClassVar[tuple[str, ...]] = ("result", "picture", "cost", "keras")

    data_format: str | None = data_format_knob()
    keepdims: bool = knob(False, kind=Flag(), about="whether each spatial axis stays, with size 1")

    def check(self) -> None:
        self.require_words("data_format")

    def out(self, x: Shape) -> Shape:
        self.require_rank(x)
        self.require_full(x, self.first_full())
        if not self.keepdims:
            return (x[0], self.channels(x))
        # A window as large as the input has one place.
        return self.joined(x, self.channels(x), (self.named(axis, n - n + 1) for axis, n in enumerate(self.cells(x))))

    @abstractmethod
    def first_full(self) -> int:
        """The first axis that must not be empty: 1 where an empty batch will do."""

    def window(self, x: Shape) -> None:
        return None

    def picture(self, x: Shape) -> str:
        return window_picture([Window(n, n, n, 1, 0, 0, 1) for n in self.cells(x)], "the window")

    def most(self, x: Shape) -> int:
        """How many numbers each output is made of, but the first one."""
        return prod(self.cells(x)) - 1


@dataclass(frozen=True)
class GlobalMaxPooling(GlobalPooling, ABC):
    """Keep the largest value of each channel.

    Input (N, *spatial, C), output (N, C), or (N, 1, …, C) with `keepdims`.
    """

    def first_full(self) -> int:
        return 0

    def costs(self, x: Shape) -> Iterator[Cost]:
        outputs = x[0] * self.channels(x)
        yield Cost("compare each number with the largest so far", outputs * self.most(x), "comparison")


@dataclass(frozen=True)
class GlobalAveragePooling(GlobalPooling, ABC):
    """Replace each channel by its mean.

    Input (N, *spatial, C), output (N, C), or (N, 1, …, C) with `keepdims`.
    """

    def first_full(self) -> int:
        return 1

    def costs(self, x: Shape) -> Iterator[Cost]:
        outputs = x[0] * self.channels(x)
        yield Cost("add up the numbers of each channel", outputs * self.most(x), "addition")
        yield Cost("divide by their number", outputs, "division")


@dataclass(frozen=True)
class GlobalMaxPooling1D(GlobalMaxPooling):
    """The largest value of each feature over all steps of a sequence."""

    spatial: ClassVar[int] = 1
    axis_letters: ClassVar[str] = LETTERS[1]


@dataclass(frozen=True)
class GlobalMaxPooling2D(GlobalMaxPooling):
    """The largest value of each channel of an image."""

    spatial: ClassVar[int] = 2
    axis_letters: ClassVar[str] = LETTERS[2]


@dataclass(frozen=True)
class GlobalMaxPooling3D(GlobalMaxPooling):
    """The largest value of each channel of a video or a scan."""

    spatial: ClassVar[int] = 3
    axis_letters: ClassVar[str] = LETTERS[3]


@dataclass(frozen=True)
class GlobalAveragePooling1D(GlobalAveragePooling):
    """The mean of each feature over all steps of a sequence."""

    spatial: ClassVar[int] = 1
    axis_letters: ClassVar[str] = LETTERS[1]


@dataclass(frozen=True)
class GlobalAveragePooling2D(GlobalAveragePooling):
    """The mean of each channel of an image, as before the last layer of a ResNet."""

    spatial: ClassVar[int] = 2
    axis_letters: ClassVar[str] = LETTERS[2]


@dataclass(frozen=True)
class GlobalAveragePooling3D(GlobalAveragePooling):
    """The mean of each channel of a video or a scan."""

    spatial: ClassVar[int] = 3
    axis_letters: ClassVar[str] = LETTERS[3]
