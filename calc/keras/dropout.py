"""Keras layers that disturb numbers in training and let them through at inference; nothing is learned.

Source: Keras documentation, regularization layers; Srivastava et al., 2014;
Tompson et al., 2015, for dropping whole channels.
"""

from __future__ import annotations

from abc import ABC
from collections.abc import Iterator
from dataclasses import dataclass
from math import prod
from typing import Any, ClassVar

from calc.keras.layer import SYMBOLS, UNLEARNED, KerasLayer, data_format_knob
from calc.knob import PerAxis, Real, Whole, knob
from calc.layer_base import Cost, Shape, Weight


def rate_knob() -> Any:
    """The argument `rate`."""
    return knob(positional=True, kind=Real(), about="probability that an element is dropped, from 0 to 1")


def seed_knob() -> Any:
    """The argument `seed`."""
    return knob(None, kind=Whole(None, empty="a random one"), about="start of the random numbers, to draw them again")


@dataclass(frozen=True)
class Noise(KerasLayer, ABC):
    """What these layers share: the shape stays, and only training changes anything."""

    panels: ClassVar[tuple[str, ...]] = UNLEARNED
    has_mode: ClassVar[bool] = True

    def require_share(self, name: str) -> None:
        """Refuse a number that is not from 0 to 1."""
        if not 0 <= self.argument(name) <= 1:
            raise self.fault(name, "must be from 0 to 1", "try 0.5")

    def out(self, x: Shape, *, training: bool = False) -> Shape:
        return x

    def build(self, x: Shape) -> Iterator[Weight]:
        return iter(())

    work: ClassVar[tuple[str, str]] = ("put to 0, or multiply with 1 / (1 − rate)", "scaling")
    """What is done to each number, and its unit."""

    def draws(self, x: Shape) -> int:
        """How many random numbers an input takes."""
        return prod(x)

    def costs(self, x: Shape) -> Iterator[Cost]:
        yield Cost("draw, in training only", self.draws(x), "random number")
        what, unit = self.work
        yield Cost(f"{what}, in training only", prod(x), unit)


@dataclass(frozen=True)
class Dropout(Noise):
    """Put 0 in place of random elements and multiply the others by 1/(1 - rate), in training only.

    Input and output (N, *).
    """

    rate: float = rate_knob()
    noise_shape: tuple[int | None, ...] | None = knob(
        None,
        kind=PerAxis(empty="one draw for each element", gaps=True),
        about="shape of the draws; along an axis of size 1 all elements share their fate",
    )
    seed: int | None = seed_knob()

    def check(self) -> None:
        self.require_share("rate")
        if isinstance(self.noise_shape, int):
            raise self.fault("noise_shape", "must be a tuple", f"write ({self.noise_shape},)")
        if any(size is not None and size < 1 for size in self.noise_shape or ()):
            raise self.fault("noise_shape", "must hold numbers of at least 1, or None", "write 1 or None")

    def out(self, x: Shape, *, training: bool = False) -> Shape:
        if training and self.noise_shape is not None and 0 < self.rate < 1:
            self._require_fit(self.noise_shape, x)
        return x

    def draws(self, x: Shape) -> int:
        if self.noise_shape is None:
            return prod(x)
        return prod(n if size is None else size for size, n in zip(self.noise_shape, x, strict=False))

    def _require_fit(self, noise: tuple[int | None, ...], x: Shape) -> None:
        # None takes the input's size at the same place from the left; then sizes are compared from the right.
        fits = len(noise) <= len(x)
        if fits:
            drawn = [n if size is None else size for size, n in zip(noise, x, strict=False)]
            fits = all(size in (1, n) for size, n in zip(reversed(drawn), reversed(x), strict=False))
        if not fits:
            raise self.fault(
                "noise_shape",
                f"must have 1, None or the input's own size along each axis of {tuple(int(size) for size in x)}",
                f"write {(None, *(1 for _ in x[1:]))}",
            )


@dataclass(frozen=True)
class SpatialDropout(Noise, ABC):
    """What the dropouts of whole channels share."""

    spatial: ClassVar[int]

    def check(self) -> None:
        self.require_share("rate")
        self.require_words("data_format")

    def out(self, x: Shape, *, training: bool = False) -> Shape:
        if len(x) != self.spatial + 2:
            axes = ", ".join(SYMBOLS[self.spatial + 2])
            raise self.fault(
                "input", f"must have {self.spatial + 2} axes, and has {len(x)}", f"write it as ({axes})", value=x
            )
        return x

    def draws(self, x: Shape) -> int:
        return x[0] * (x[1] if getattr(self, "data_format", None) == "channels_first" else x[-1])


@dataclass(frozen=True)
class SpatialDropout1D(SpatialDropout):
    """Drop whole channels of a sequence: all steps of a channel share their fate.

    Input and output (N, L, C).
    """

    spatial: ClassVar[int] = 1

    rate: float = rate_knob()
    seed: int | None = seed_knob()


@dataclass(frozen=True)
class FormattedSpatialDropout(SpatialDropout, ABC):
    """Those that can be told where the channels are."""

    rate: float = rate_knob()
    data_format: str | None = data_format_knob()
    seed: int | None = seed_knob()


@dataclass(frozen=True)
class SpatialDropout2D(FormattedSpatialDropout):
    """Drop whole channels of an image: all places of a channel share their fate.

    Input and output (N, H, W, C).
    """

    spatial: ClassVar[int] = 2


@dataclass(frozen=True)
class SpatialDropout3D(FormattedSpatialDropout):
    """Drop whole channels of a volume: all places of a channel share their fate.

    Input and output (N, D, H, W, C).
    """

    spatial: ClassVar[int] = 3


@dataclass(frozen=True)
class GaussianNoise(Noise):
    """Add normally distributed noise with mean 0, in training only.

    Input and output (N, *).
    """

    work: ClassVar[tuple[str, str]] = ("add the noise", "addition")

    stddev: float = knob(positional=True, kind=Real(), about="standard deviation of the noise, from 0 to 1")
    seed: int | None = seed_knob()

    def check(self) -> None:
        self.require_share("stddev")


@dataclass(frozen=True)
class GaussianDropout(Noise):
    """Multiply by normally distributed noise with mean 1 and variance rate/(1 - rate), in training only.

    Input and output (N, *).
    """

    work: ClassVar[tuple[str, str]] = ("multiply with the noise", "scaling")

    rate: float = knob(positional=True, kind=Real(), about="drop probability of the dropout with the same variance")
    seed: int | None = seed_knob()

    def check(self) -> None:
        self.require_share("rate")

    def out(self, x: Shape, *, training: bool = False) -> Shape:
        if training and self.rate == 1:
            raise self.fault("rate", "must be less than 1 in training, where 1 - rate divides", "try 0.5")
        return x
