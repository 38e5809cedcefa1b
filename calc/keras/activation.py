"""Keras's activation layers: a function of each number, so every shape stays.

Source: Keras documentation, activation layers; He et al., 2015, for PReLU.
"""

from __future__ import annotations

from abc import ABC
from collections.abc import Iterator
from dataclasses import dataclass
from math import prod
from typing import Any, ClassVar

from calc.keras.layer import ACTIVATIONS, UNLEARNED, KerasLayer
from calc.knob import MOST_AXES, Choice, PerAxis, Real, knob
from calc.layer_base import Cost, Shape, Weight


@dataclass(frozen=True)
class Elementwise(KerasLayer, ABC):
    """What these layers share: input and output have the same shape."""

    panels: ClassVar[tuple[str, ...]] = UNLEARNED

    def out(self, x: Shape) -> Shape:
        return x

    def build(self, x: Shape) -> Iterator[Weight]:
        return iter(())

    def costs(self, x: Shape) -> Iterator[Cost]:
        yield Cost("apply the function to each number", prod(x), "evaluation")

    def require_positive(self, *names: str) -> None:
        """Refuse a number below 0."""
        for name in names:
            value: Any = self.argument(name)
            if value is not None and value < 0:
                raise self.fault(name, "must be at least 0", "try 0")


@dataclass(frozen=True)
class Activation(Elementwise):
    """Apply a function that goes by its name, as the argument `activation` of other layers does.

    Input and output have the same shape, of any rank.
    """

    activation: str | None = knob(
        positional=True, kind=Choice(ACTIVATIONS, empty="none"), about="function applied to each number"
    )

    def check(self) -> None:
        self.require_words("activation")

    def out(self, x: Shape) -> Shape:
        if self.activation == "sparsemax" and not x:
            raise self.fault("input", "must have an axis to share among", "write (1, 10)", value=x)
        return x

    def costs(self, x: Shape) -> Iterator[Cost]:
        yield from self.activated(prod(x))


@dataclass(frozen=True)
class ReLU(Elementwise):
    """Keep positive numbers, put 0 for the others; with bounds and a slope if asked for.

    Input and output have the same shape, of any rank.
    """

    max_value: float | None = knob(None, kind=Real(empty="no bound"), about="largest value that comes out")
    negative_slope: float = knob(0.0, kind=Real(), about="factor for numbers below the threshold")
    threshold: float = knob(0.0, kind=Real(), about="number from which on the input is kept")

    def check(self) -> None:
        self.require_positive("max_value", "negative_slope", "threshold")


@dataclass(frozen=True)
class LeakyReLU(Elementwise):
    """Keep positive numbers, multiply the others by a small slope.

    Input and output have the same shape, of any rank. The slope is 0.3 here, 0.01 in PyTorch.
    """

    negative_slope: float = knob(0.3, kind=Real(), about="factor for numbers below 0")

    def check(self) -> None:
        self.require_positive("negative_slope")


@dataclass(frozen=True)
class ELU(Elementwise):
    """Keep positive numbers, put alpha (exp(x) - 1) for the others.

    Input and output have the same shape, of any rank.
    """

    alpha: float = knob(1.0, kind=Real(), about="how far below 0 the function goes")


@dataclass(frozen=True)
class Softmax(Elementwise):
    """Turn the numbers along an axis into shares that add up to 1.

    Input and output have the same shape, of one axis or more.
    """

    axis: int | tuple[int, ...] = knob(
        -1, kind=PerAxis(-MOST_AXES), about="axis or axes along which the shares add up to 1"
    )

    def out(self, x: Shape) -> Shape:
        axes = self.axis if isinstance(self.axis, tuple) else (self.axis,)
        if not x:
            raise self.fault("input", "must have an axis to share among", "write (1, 10)", value=x)
        if not axes:
            raise self.fault("axis", "must name an axis", "write -1 for the last")
        if any(not -len(x) <= axis < len(x) for axis in axes):
            raise self.fault("axis", f"must be an axis of an input with {len(x)} axes", "write -1 for the last")
        if len({axis % len(x) for axis in axes}) != len(axes):
            raise self.fault("axis", "must name each axis once", "write -1 for the last")
        return x


@dataclass(frozen=True)
class Identity(Elementwise):
    """Let everything through, as a placeholder for a layer that is left out."""

    def costs(self, x: Shape) -> Iterator[Cost]:
        return iter(())


@dataclass(frozen=True)
class PReLU(Elementwise):
    """Keep positive numbers, multiply the others by slopes that are learned.

    Input and output (N, *). There is one slope for each place of a sample; along
    `shared_axes` one serves all.
    """

    panels: ClassVar[tuple[str, ...]] = KerasLayer.panels

    shared_axes: int | tuple[int, ...] | None = knob(
        None,
        kind=PerAxis(-MOST_AXES, empty="none"),
        about="axes along which one slope serves all places, counted from 1 after the batch",
    )

    def out(self, x: Shape) -> Shape:
        inside = len(x) - 1
        for axis in self.shared():
            if inside < 1:
                raise self.fault("shared_axes", "must name axes after the batch, and there are none", "leave it out")
            if not -inside < axis <= inside:
                raise self.fault(
                    "shared_axes",
                    f"must name axes from 1 to {inside} of an input with {len(x)} axes",
                    f"write {tuple(range(1, max(inside, 2)))}",
                )
        return x

    def shared(self) -> tuple[int, ...]:
        """The shared axes as a tuple."""
        axes = self.shared_axes
        return () if axes is None else axes if isinstance(axes, tuple) else (axes,)

    def build(self, x: Shape) -> Iterator[Weight]:
        shape = list(x[1:])
        for axis in self.shared():
            # As in Keras, which takes 1 off before it counts from the end: -1 is the last axis but one.
            shape[axis - 1] = 1
        yield Weight("alpha", tuple(shape), role="slopes")
