"""Shuffling: channels become places, places become channels, or channels change places.

No number is computed, each only moves. Source: PyTorch documentation,
`torch.nn.PixelShuffle`, `PixelUnshuffle`, `ChannelShuffle`.
"""

from __future__ import annotations

from abc import ABC
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import ClassVar

from calc.knob import Whole, knob
from calc.layer_base import Cost, Layer, NoEquivalent, Shape, Weight, Windows
from calc.layers.image import SPATIAL
from calc.picture import Axis, Spans, figure, mapping
from calc.sym import exact_div, let


@dataclass(frozen=True)
class Shuffle(Layer, ABC):
    """What the shuffles share: the same numbers in another order."""

    panels: ClassVar[tuple[str, ...]] = ("result", "derivation", "picture", "torch", "keras")

    def require_axes(self, x: Shape) -> None:
        """Refuse an input without channels and positions."""
        if len(x) < 3:
            raise self.fault("input", f"must have at least 3 axes, and has {len(x)}", "write (C, H, W)", value=x)

    def learned(self) -> Iterator[Weight]:
        return iter(())

    def costs(self, x: Shape) -> Iterator[Cost]:
        return iter(())


def picture_of(axes: list[Axis], captions: tuple[str, str], caption: str, names: tuple[str, str]) -> str:
    """Before and after with two moves marked."""
    source, target, kinds = mapping(axes, (f"Input: {captions[0]}.", f"Output: {captions[1]}."))
    legend = [("data", "cells"), ("first", names[0]), ("second", names[1])]
    return figure(
        [(source, captions[0]), (target, captions[1])],
        caption,
        [(kind, text) for kind, text in legend if kind in kinds],
    )


@dataclass(frozen=True)
class PixelShuffle(Shuffle):
    """Make a block of r × r cells out of the r² channels of one place, so that the map grows.

    Input (*, C r², H, W), output (*, C, H r, W r).
    """

    axis_letters: ClassVar[str] = "hw"

    upscale_factor: int = knob(
        symbol="r",
        positional=True,
        kind=Whole(1),
        about="how many times larger each side becomes, at r² fewer channels",
    )

    def out(self, x: Shape) -> Shape:
        self.require_axes(x)
        self.require_bounds("upscale_factor")
        *batch, channels, height, width = x
        r = self.upscale_factor
        if channels % (r * r):
            raise self.fault(
                "input",
                f"must have a multiple of upscale_factor² (={int(r * r)}) channels, and has {int(channels)}",
                f"give it {int(channels // (r * r) + 1) * int(r * r)}",
                value=x,
            )
        kept = let("C_out", exact_div(channels, r * r))
        return (*batch, kept, let("H_out", height * r), let("W_out", width * r))

    def input_symbols(self, rank: int, name: str = "input") -> tuple[str, ...]:
        return _image_symbols(rank)

    def window(self, x: Shape) -> Windows:
        return ((1, Fraction(1, int(self.upscale_factor))),) * 2

    def keras(self, x: Shape) -> list[str]:
        if len(x) > 4:
            raise NoEquivalent("Keras keeps one batch axis apart, and this input has several.")
        height, width, r = x[-2], x[-1], self.upscale_factor
        channels = self.out(x)[-3]
        return [
            f"Reshape({(height, width, channels, r, r)})",
            "Permute((1, 4, 2, 5, 3))",
            f"Reshape({(height * r, width * r, channels)})",
        ]

    def picture(self, x: Shape) -> str:
        r = int(self.upscale_factor)
        axes = [
            Axis(Spans(("data", n)), Spans(("data", n * r)), n, lambda place: range(place, place + 1), _block(r))
            for n in map(int, x[-2:])
        ]
        return picture_of(
            axes,
            (f"{int(x[-2])} × {int(x[-1])} places", f"{int(x[-2]) * r} × {int(x[-1]) * r} places"),
            f"The {r * r} channels of a place become a block of {r} × {r} places, row by row.",
            ("the channels of one place, and their block", "the next ones"),
        )


@dataclass(frozen=True)
class PixelUnshuffle(Shuffle):
    """Make r² channels out of each block of r × r cells, so that the map shrinks and loses nothing.

    Input (*, C, H, W), output (*, C r², H / r, W / r).
    """

    axis_letters: ClassVar[str] = "hw"

    downscale_factor: int = knob(
        symbol="r",
        positional=True,
        kind=Whole(1),
        about="how many times smaller each side becomes, at r² more channels",
    )

    def out(self, x: Shape) -> Shape:
        self.require_axes(x)
        self.require_bounds("downscale_factor")
        *batch, channels, height, width = x
        r = self.downscale_factor
        for name, size in (("H", height), ("W", width)):
            if size % r:
                raise self.fault(
                    "input",
                    f"must have a multiple of downscale_factor (={int(r)}) cells along {name}, and has {int(size)}",
                    f"pad it to {int(size // r + 1) * int(r)}",
                    value=x,
                )
        if any(size == 0 for size in x):
            return x  # PyTorch hands an input without numbers back as it is.
        more = let("C_out", channels * r * r)
        return (*batch, more, let("H_out", exact_div(height, r)), let("W_out", exact_div(width, r)))

    def input_symbols(self, rank: int, name: str = "input") -> tuple[str, ...]:
        return _image_symbols(rank)

    def window(self, x: Shape) -> tuple[tuple[int, int], ...]:
        return ((self.downscale_factor, self.downscale_factor),) * 2

    def keras(self, x: Shape) -> list[str]:
        if len(x) > 4 or 0 in x:
            raise NoEquivalent("Keras keeps one batch axis apart, and reshapes no empty input.")
        channels, r = x[-3], self.downscale_factor
        height, width = x[-2] // r, x[-1] // r
        return [
            f"Reshape({(height, r, width, r, channels)})",
            "Permute((1, 3, 5, 2, 4))",
            f"Reshape({(height, width, channels * r * r)})",
        ]

    def picture(self, x: Shape) -> str:
        r = int(self.downscale_factor)
        axes = [
            Axis(Spans(("data", n)), Spans(("data", n // r)), n // r, _block(r), lambda place: range(place, place + 1))
            for n in map(int, x[-2:])
        ]
        return picture_of(
            axes,
            (f"{int(x[-2])} × {int(x[-1])} places", f"{int(x[-2]) // r} × {int(x[-1]) // r} places"),
            f"The {r} × {r} places of a block become {r * r} channels of one place, row by row.",
            ("a block, and the place that takes it", "the next ones"),
        )


@dataclass(frozen=True)
class ChannelShuffle(Shuffle):
    """Deal the channels of several groups out in turn, so that the next grouped convolution mixes them.

    Input (N, C, *), output the same shape.
    """

    groups: int = knob(symbol="g", positional=True, kind=Whole(1), about="groups that the channels are dealt from")

    def out(self, x: Shape) -> Shape:
        self.require_axes(x)
        self.require_bounds("groups")
        if x[1] % self.groups:
            raise self.fault(
                "input",
                f"must have a multiple of groups (={int(self.groups)}) channels, and axis 1 is {int(x[1])}",
                f"give it {int(x[1] // self.groups + 1) * int(self.groups)}",
                value=x,
            )
        return x

    def input_symbols(self, rank: int, name: str = "input") -> tuple[str, ...]:
        named = SPATIAL.get(rank - 2)
        return ("N", "C", *named) if named else ("N", "C", *(f"d_{i}" for i in range(1, rank - 1)))[:rank]

    def spatial_axes(self, rank: int) -> int:
        return max(rank - 2, 0)

    def window(self, x: Shape) -> tuple[tuple[int, int], ...]:
        return ((1, 1),) * (len(x) - 2)

    def keras(self, x: Shape) -> list[str]:
        if 0 in x:
            raise NoEquivalent("Keras reshapes no empty input.")
        channels, groups, places = int(x[1]), int(self.groups), tuple(map(int, x[2:]))
        kept = tuple(range(1, len(places) + 1))
        return [
            f"Reshape({(*places, groups, channels // groups)})",
            f"Permute({(*kept, len(places) + 2, len(places) + 1)})",
            f"Reshape({(*places, channels)})",
        ]

    def picture(self, x: Shape) -> str:
        channels, groups = int(x[1]), int(self.groups)
        each = channels // groups

        def dealt(place: int) -> range:
            source = place % groups * each + place // groups
            return range(source, source + 1)

        axis = Axis(
            Spans(("data", channels)), Spans(("data", channels)), channels, dealt, lambda place: range(place, place + 1)
        )
        return picture_of(
            [axis],
            (f"{channels} channels", f"{channels} channels"),
            f"The output takes the first channel of each of the {groups} groups of {each}, then the second of each, "
            "and so on.",
            ("first channel of the output", "second channel of the output"),
        )


def _block(r: int) -> Callable[[int], range]:
    return lambda place: range(place * r, place * r + r)


def _image_symbols(rank: int) -> tuple[str, ...]:
    leading = ("N",) if rank == 4 else tuple(f"d_{i}" for i in range(1, rank - 2))
    return (*leading, "C", "H", "W")[-rank:] if rank else ()
