"""Keras's pools: the largest value or the mean of each window, or of the whole map; nothing is learned.

Source: https://keras.io/api/layers/pooling_layers/.
"""

from __future__ import annotations

from abc import ABC
from collections.abc import Iterator
from dataclasses import dataclass
from math import prod
from typing import ClassVar

from calc.keras.image import KerasImage
from calc.keras.layer import data_format_knob
from calc.knob import Choice, PerAxis, knob
from calc.layer_base import Cost, Shape, Weight
from calc.layers import window
from calc.layers.image import LETTERS, SPATIAL
from calc.layers.window_picture import Window, window_picture

WORDS = ("valid", "same")
PADDING = "'valid' drops a last window that is not full, 'same' keeps it"


@dataclass(frozen=True)
class Unlearned(KerasImage, ABC):
    """What layers that learn nothing share."""

    panels: ClassVar[tuple[str, ...]] = ("result", "derivation", "picture", "cost", "keras")

    def build(self, x: Shape) -> Iterator[Weight]:
        return iter(())


@dataclass(frozen=True)
class Pooling(Unlearned, ABC):
    """What the pools share: a window for each channel on its own, channels in = channels out."""

    def check(self) -> None:
        self.require_words("data_format")
        self.require_axes("pool_size", "strides")
        self.require_bounds("pool_size")
        if any(s is not None and s < 0 for s in self.per_axis("strides")):
            raise self.fault("strides", "must not be negative", "leave it out for pool_size")

    def steps(self) -> tuple[int, ...]:
        """The stride of each axis: as given, or the pool size."""
        return self.per_axis("pool_size" if self.argument("strides") is None else "strides")

    def out(self, x: Shape) -> Shape:
        self.require_rank(x)
        self.require_bounds("strides")
        self.require_full(x, 1)
        self.require_words("padding")
        return self.joined(x, self.channels(x), self._places(x))

    def _places(self, x: Shape) -> Iterator[int]:
        for axis, (n, k, s) in enumerate(zip(self.cells(x), self.per_axis("pool_size"), self.steps(), strict=True)):
            if self.argument("padding") == "same":
                yield self.named(axis, window.places_covering(n, s))
                continue
            if k > n:
                raise self.fault(
                    "pool_size",
                    f"spans {int(k)} cells along {SPATIAL[self.spatial][axis]}, and the input has {int(n)}",
                    "use a larger input, a smaller window or padding='same'",
                )
            yield self.named(axis, window.places(n, k, s, 0, None))

    def window(self, x: Shape) -> tuple[tuple[int, int], ...]:
        return tuple(zip(self.per_axis("pool_size"), self.steps(), strict=True))

    def picture(self, x: Shape) -> str:
        windows = []
        rows = zip(self.cells(x), self.per_axis("pool_size"), self.steps(), self.cells(self.out(x)), strict=True)
        for n, k, s, count in rows:
            before, after = window.margins_covering(n, k, s, 1) if self.argument("padding") == "same" else (0, 0)
            windows.append(Window(n, k, s, 1, before, after, count))
        return window_picture(windows, "the window")


@dataclass(frozen=True)
class MaxPooling(Pooling, ABC):
    """Keep the largest value of each window.

    Input (N, *spatial, C), output the same with pooled spatial axes.
    """

    pool_size: int | tuple[int, ...] = knob(
        2,
        symbol="k",
        positional=True,
        kind=PerAxis(),
        about="side of the window in cells, one number or one for each axis",
    )
    strides: int | tuple[int, ...] | None = knob(
        None, symbol="s", kind=PerAxis(empty="pool_size"), about="cells that the window moves; pool_size if left out"
    )
    padding: str = knob("valid", kind=Choice(WORDS), about=PADDING)
    data_format: str | None = data_format_knob()

    def costs(self, x: Shape) -> Iterator[Cost]:
        taps = prod(self.per_axis("pool_size"))
        yield Cost("compare each tap with the largest so far", prod(self.out(x)) * (taps - 1), "comparison")


@dataclass(frozen=True)
class AveragePooling(Pooling, ABC):
    """Replace each window by its mean; padding never counts.

    Input (N, *spatial, C), output the same with pooled spatial axes.
    """

    pool_size: int | tuple[int, ...] = knob(
        symbol="k",
        positional=True,
        kind=PerAxis(),
        about="side of the window in cells, one number or one for each axis",
    )
    strides: int | tuple[int, ...] | None = knob(
        None, symbol="s", kind=PerAxis(empty="pool_size"), about="cells that the window moves; pool_size if left out"
    )
    padding: str = knob("valid", kind=Choice(WORDS), about=PADDING)
    data_format: str | None = data_format_knob()

    def costs(self, x: Shape) -> Iterator[Cost]:
        taps = prod(self.per_axis("pool_size"))
        yield Cost("add up the taps", prod(self.out(x)) * (taps - 1), "addition")
        yield Cost("divide by their number", prod(self.out(x)), "division")


@dataclass(frozen=True)
class MaxPooling1D(MaxPooling):
    """Max pooling along one axis."""

    spatial: ClassVar[int] = 1
    axis_letters: ClassVar[str] = LETTERS[1]


@dataclass(frozen=True)
class MaxPooling2D(MaxPooling):
    """Max pooling along two axes, as after most convolutions of an image network."""

    spatial: ClassVar[int] = 2
    axis_letters: ClassVar[str] = LETTERS[2]


@dataclass(frozen=True)
class MaxPooling3D(MaxPooling):
    """Max pooling along three axes."""

    spatial: ClassVar[int] = 3
    axis_letters: ClassVar[str] = LETTERS[3]


@dataclass(frozen=True)
class AveragePooling1D(AveragePooling):
    """Average pooling along one axis."""

    spatial: ClassVar[int] = 1
    axis_letters: ClassVar[str] = LETTERS[1]


@dataclass(frozen=True)
class AveragePooling2D(AveragePooling):
    """Average pooling along two axes, as in LeNet-5."""

    spatial: ClassVar[int] = 2
    axis_letters: ClassVar[str] = LETTERS[2]


@dataclass(frozen=True)
class AveragePooling3D(AveragePooling):
    """Average pooling along three axes."""

    spatial: ClassVar[int] = 3
    axis_letters: ClassVar[str] = LETTERS[3]
