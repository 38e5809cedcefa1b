"""Rectifiers: functions that keep what is positive and treat the rest each in their own way.

Source: PyTorch documentation, `torch.nn.ReLU6` to `torch.nn.Threshold`, `torch.nn.PReLU`.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from math import prod
from typing import ClassVar

from calc.conventions import Conventions, Version
from calc.knob import Real, Whole, knob
from calc.layer_base import Layer, NoEquivalent, Shape, Weight
from calc.layers.activation import Activation, inplace_knob, keras_function


@dataclass(frozen=True)
class ReLU6(Activation):
    """ReLU that stops at 6, for numbers of few bits: min(max(0, x), 6)."""

    formula: ClassVar[str] = "y = min(max(0, x), 6)"

    inplace: bool = inplace_knob()

    def at(self, x: float) -> float:
        return min(max(0.0, x), 6.0)

    def keras(self, x: Shape) -> list[str]:
        return ["ReLU(max_value=6)"]


@dataclass(frozen=True)
class Hardtanh(Activation):
    """Keep numbers between two bounds, replace the others by the nearer bound."""

    formula: ClassVar[str] = "y = min(max(min_val, x), max_val)"

    min_val: float = knob(-1.0, kind=Real(), about="lower bound of the output")
    max_val: float = knob(1.0, kind=Real(), about="upper bound of the output")
    inplace: bool = inplace_knob()

    def check(self) -> None:
        if self.max_val <= self.min_val:
            raise self.fault("max_val", f"must be more than min_val (={self.min_val!r})", f"try {self.min_val + 2}")

    def at(self, x: float) -> float:
        return min(max(self.min_val, x), self.max_val)

    def keras(self, x: Shape) -> list[str]:
        if (self.min_val, self.max_val) == (-1, 1):
            return ['Activation("hard_tanh")']
        return [f"Lambda(lambda x: keras.ops.clip(x, {self.min_val!r}, {self.max_val!r}))"]


@dataclass(frozen=True)
class Threshold(Activation):
    """Keep what is above a threshold, put one value for the rest."""

    formula: ClassVar[str] = "y = x if x > threshold, else value"

    threshold: float = knob(kind=Real(), positional=True, about="number that an input must exceed to be kept")
    value: float = knob(kind=Real(), positional=True, about="output for inputs that do not exceed it")
    inplace: bool = inplace_knob()

    def at(self, x: float) -> float:
        return x if x > self.threshold else self.value

    def keras(self, x: Shape) -> list[str]:
        return [f"Lambda(lambda x: keras.activations.threshold(x, {self.threshold!r}, {self.value!r}))"]


@dataclass(frozen=True)
class LeakyReLU(Activation):
    """ReLU with a small slope for negative numbers, so that none is without one."""

    formula: ClassVar[str] = "y = x if x > 0, else negative_slope · x"

    negative_slope: float = knob(0.01, kind=Real(), about="slope of the function for negative numbers")
    inplace: bool = inplace_knob()

    def at(self, x: float) -> float:
        return x if x > 0 else self.negative_slope * x

    def keras(self, x: Shape) -> list[str]:
        if self.negative_slope < 0:  # which Keras's function takes, and its layer does not
            return [keras_function("leaky_relu", negative_slope=(self.negative_slope, 0.2))]
        return [f"LeakyReLU(negative_slope={self.negative_slope!r})"]


@dataclass(frozen=True)
class PReLU(Activation):
    """ReLU whose slope for negative numbers is learned: one for all channels, or one for each.

    Input of any rank with the channels on axis 1; output the same.
    """

    panels: ClassVar[tuple[str, ...]] = Layer.panels
    formula: ClassVar[str] = "y = x if x > 0, else a · x"

    num_parameters: int = knob(1, symbol="a", kind=Whole(0), about="how many slopes are learned: 1, or one a channel")
    init: float = knob(0.25, kind=Real(), about="value that the slopes start from")

    def check(self) -> None:
        self.require_bounds("num_parameters")

    def out(self, x: Shape) -> Shape:
        if self.num_parameters == 1:
            return x
        if not x:
            raise self.fault(
                "input", "must have an axis for several slopes", "write (1,) or set num_parameters=1", value=x
            )
        channels = x[1] if len(x) > 1 else 1
        if channels != self.num_parameters:
            where = f"axis 1 is {int(channels)}" if len(x) > 1 else "without axis 1 there is 1"
            raise self.fault(
                "num_parameters",
                f"must be 1 or the number of channels, and {where}",
                f"set num_parameters={int(channels)}",
            )
        return x

    def learned(self) -> Iterator[Weight]:
        yield Weight("weight", (self.num_parameters,), role="slopes")

    def at(self, x: float) -> float:
        return x if x > 0 else self.init * x

    def spatial_axes(self, rank: int) -> int:
        return max(rank - 2, 0) if self.num_parameters != 1 else 0

    def shared_axes(self, x: Shape) -> list[int]:
        """The axes along which Keras shares the slopes, channels last."""
        if self.num_parameters == 1:
            return list(range(1, max(len(x), 2)))
        return list(range(1, len(x) - 1))

    def keras(self, x: Shape) -> list[str]:
        if not x or prod(x) == 0 or not self.num_parameters:
            raise NoEquivalent("Keras's PReLU needs an axis with numbers besides the batch axis.")
        shared = self.shared_axes(x)
        start = f"keras.initializers.Constant({self.init!r})"
        return [f"PReLU(alpha_initializer={start}{f', shared_axes={shared}' if shared else ''})"]

    def conventions(self, x: Shape) -> Conventions | None:
        if len(x) < 2 or 0 in x or self.num_parameters == 0:
            return None
        from calc.keras import keras_layer  # there, other layers are made of PyTorch's

        shape = (x[0], *x[2:], x[1])
        shared = tuple(self.shared_axes(x)) or None
        return Conventions(
            (
                Version.of("PyTorch", self, x),
                Version.of("Keras", keras_layer("PReLU", shared_axes=shared), shape),
                Version.of("Keras, default", keras_layer("PReLU"), shape),
            ),
            (
                "Left to itself, Keras learns a slope for each element of a sample.",
                "The slopes start from 0.25 in PyTorch, and from 0 in Keras.",
            ),
        )


@dataclass(frozen=True)
class ELU(Activation):
    """ReLU that bends smoothly to −alpha for negative numbers."""

    formula: ClassVar[str] = "y = x if x > 0, else alpha · (exp(x) − 1)"

    alpha: float = knob(1.0, kind=Real(), about="distance that the curve goes below 0")
    inplace: bool = inplace_knob()

    def at(self, x: float) -> float:
        return x if x > 0 else self.alpha * math.expm1(x)

    def keras(self, x: Shape) -> list[str]:
        return ["ELU()" if self.alpha == 1 else f"ELU(alpha={self.alpha!r})"]


@dataclass(frozen=True)
class CELU(Activation):
    """ELU whose slope has no jump at 0, whatever alpha is."""

    formula: ClassVar[str] = "y = max(0, x) + min(0, alpha · (exp(x / alpha) − 1))"

    alpha: float = knob(1.0, kind=Real(), about="distance that the curve goes below 0; not 0")
    inplace: bool = inplace_knob()

    def out(self, x: Shape) -> Shape:
        if self.alpha == 0:
            raise self.fault("alpha", "must not be 0, because it divides", "leave it out: it is then 1.0")
        return x

    def at(self, x: float) -> float:
        return max(0.0, x) + min(0.0, self.alpha * math.expm1(x / self.alpha))

    def keras(self, x: Shape) -> list[str]:
        if self.alpha < 0:
            raise NoEquivalent("Keras's celu is made for a positive alpha.")
        return [keras_function("celu", alpha=(self.alpha, 1))]


@dataclass(frozen=True)
class SELU(Activation):
    """ELU scaled so that mean 0 and variance 1 are kept from layer to layer."""

    formula: ClassVar[str] = "y = 1.0507 x if x > 0, else 1.7581 · (exp(x) − 1)"
    scale: ClassVar[float] = 1.0507009873554805
    alpha: ClassVar[float] = 1.6732632423543772

    inplace: bool = inplace_knob()

    def at(self, x: float) -> float:
        return self.scale * (x if x > 0 else self.alpha * math.expm1(x))

    def keras(self, x: Shape) -> list[str]:
        return ['Activation("selu")']


@dataclass(frozen=True)
class Identity(Activation):
    """Give the input back as it is: a place holder where a layer is wanted."""

    formula: ClassVar[str] = "y = x"

    def at(self, x: float) -> float:
        return x

    def keras(self, x: Shape) -> list[str]:
        return ["Identity()"]


RECTIFIERS: tuple[type[Layer], ...] = (ReLU6, LeakyReLU, PReLU, ELU, CELU, SELU, Hardtanh, Threshold, Identity)
"""In the order of the page."""
