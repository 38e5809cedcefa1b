"""Smooth activations: sigmoids, gates made of them, and their piecewise linear stand-ins.

Source: PyTorch documentation, `torch.nn.GELU`, `SiLU`, `Mish`, `Softplus`, `Softsign`,
`LogSigmoid`, `Hardsigmoid`, `Hardswish`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar

from calc.knob import Choice, Real, knob
from calc.layer_base import Layer, NoEquivalent, Shape
from calc.layers.activation import Activation, inplace_knob, keras_function, sigmoid


def softplus(x: float) -> float:
    """log(1 + exp(x)), without overflow."""
    return max(x, 0.0) + math.log1p(math.exp(-abs(x)))


@dataclass(frozen=True)
class GELU(Activation):
    """Each number times the probability that a normal variable is below it: x · Φ(x)."""

    formula: ClassVar[str] = "y = x · Φ(x)"

    approximate: str = knob(
        "none", kind=Choice(("none", "tanh")), about="whether Φ is replaced by a formula with tanh, as in GPT-2"
    )

    def out(self, x: Shape) -> Shape:
        if self.approximate not in ("none", "tanh"):
            raise self.fault("approximate", "must be one of 'none', 'tanh'", "try 'none'")
        return x

    def at(self, x: float) -> float:
        if self.approximate == "tanh":
            return 0.5 * x * (1 + math.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x**3)))
        return 0.5 * x * (1 + math.erf(x / math.sqrt(2)))

    def keras(self, x: Shape) -> list[str]:
        return [keras_function("gelu", approximate=(self.approximate == "tanh", False))]


@dataclass(frozen=True)
class SiLU(Activation):
    """Each number times its own sigmoid, also called swish: x · σ(x)."""

    formula: ClassVar[str] = "y = x · σ(x)"

    inplace: bool = inplace_knob()

    def at(self, x: float) -> float:
        return x * sigmoid(x)

    def keras(self, x: Shape) -> list[str]:
        return ['Activation("silu")']


@dataclass(frozen=True)
class Mish(Activation):
    """Each number times the tanh of its softplus: x · tanh(log(1 + exp(x)))."""

    formula: ClassVar[str] = "y = x · tanh(log(1 + exp(x)))"

    inplace: bool = inplace_knob()

    def at(self, x: float) -> float:
        return x * math.tanh(softplus(x))

    def keras(self, x: Shape) -> list[str]:
        return ['Activation("mish")']


@dataclass(frozen=True)
class Softplus(Activation):
    """A ReLU without the corner: log(1 + exp(beta · x)) / beta."""

    formula: ClassVar[str] = "y = log(1 + exp(beta · x)) / beta"

    beta: float = knob(1.0, kind=Real(), about="how sharp the bend at 0 is")
    threshold: float = knob(20.0, kind=Real(), about="value of beta · x above which the output is x itself")

    def at(self, x: float) -> float:
        return x if x * self.beta > self.threshold else softplus(x * self.beta) / self.beta

    def keras(self, x: Shape) -> list[str]:
        beta, threshold = self.beta, self.threshold
        if beta == 0:
            raise NoEquivalent("With beta=0 the formula divides by 0.")
        if (beta, threshold) == (1, 20):
            return ['Activation("softplus")']
        smooth = f"keras.ops.softplus({beta!r} * x) / {beta!r}"
        return [f"Lambda(lambda x: keras.ops.where({beta!r} * x > {threshold!r}, x, {smooth}))"]


@dataclass(frozen=True)
class LogSigmoid(Activation):
    """The logarithm of the sigmoid, for losses: log σ(x)."""

    formula: ClassVar[str] = "y = log(1 / (1 + exp(−x)))"

    def at(self, x: float) -> float:
        return -softplus(-x)

    def keras(self, x: Shape) -> list[str]:
        return ['Activation("log_sigmoid")']


@dataclass(frozen=True)
class Softsign(Activation):
    """Squeeze every number between -1 and 1, with long tails: x / (1 + |x|)."""

    formula: ClassVar[str] = "y = x / (1 + |x|)"

    def at(self, x: float) -> float:
        return x / (1 + abs(x))

    def keras(self, x: Shape) -> list[str]:
        return ['Activation("softsign")']


@dataclass(frozen=True)
class Hardsigmoid(Activation):
    """A sigmoid made of three straight pieces: min(max(0, x + 3), 6) / 6."""

    formula: ClassVar[str] = "y = min(max(0, x + 3), 6) / 6"

    inplace: bool = inplace_knob()

    def at(self, x: float) -> float:
        return min(max(0.0, x + 3), 6.0) / 6

    def keras(self, x: Shape) -> list[str]:
        return ['Activation("hard_sigmoid")']


@dataclass(frozen=True)
class Hardswish(Activation):
    """SiLU with the three-piece sigmoid, as in MobileNetV3: x · min(max(0, x + 3), 6) / 6."""

    formula: ClassVar[str] = "y = x · min(max(0, x + 3), 6) / 6"

    inplace: bool = inplace_knob()

    def at(self, x: float) -> float:
        return x * min(max(0.0, x + 3), 6.0) / 6

    def keras(self, x: Shape) -> list[str]:
        return ['Activation("hard_silu")']


SMOOTH: tuple[type[Layer], ...] = (GELU, SiLU, Mish, Softplus, LogSigmoid, Softsign, Hardsigmoid, Hardswish)
"""In the order of the page."""
