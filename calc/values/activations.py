"""Activation functions and their slopes, as PyTorch computes them forward and backward.

The functions themselves are those of the layers; what stands here is the slope, with the
side that autograd takes where a curve has a corner, and the formula of each.

Source: PyTorch documentation, `torch.nn`, "Non-linear Activations"; the corners are in
`aten/src/ATen/native/cpu/Activation.cpp`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import cosh, erf, exp, expm1, pi, sqrt, tanh
from typing import Any

from calc.layers.activation import Activation, ReLU, Sigmoid, Tanh, sigmoid
from calc.layers.rectifiers import CELU, ELU, SELU, Hardtanh, LeakyReLU, ReLU6
from calc.layers.smooth import GELU, Hardsigmoid, Hardswish, LogSigmoid, Mish, SiLU, Softplus, Softsign

Slope = Callable[[float, float], float]


@dataclass(frozen=True)
class Function:
    """An activation function: the layer that computes it, its slope, and both as TeX.

    In `formula` and `derivative` an @ stands for the input and $ for the number that can be
    set, which the layer calls `argument`; `options` are what the layer is built with besides.
    """

    layer: type[Activation]
    slope_at: Slope
    formula: str
    derivative: str
    argument: str = ""
    default: float = 0.0
    options: tuple[tuple[str, Any], ...] = ()

    def given(self, number: float | None = None) -> dict[str, Any]:
        """The layer's arguments."""
        named = {self.argument: number} if self.argument and number is not None else {}
        return {**dict(self.options), **named}

    def value(self, x: float, number: float | None = None) -> float:
        """The function at x.

        Examples:
            >>> FUNCTIONS["ReLU"].value(-2.0), FUNCTIONS["LeakyReLU"].value(-2.0, 0.2)
            (0.0, -0.4)
        """
        return float(self.layer(**self.given(number)).at(x))

    def values(self, xs: tuple[float, ...], number: float | None = None) -> tuple[float, ...]:
        """The function at many places."""
        layer = self.layer(**self.given(number))
        return tuple(float(layer.at(x)) for x in xs)

    def slope(self, x: float, number: float | None = None) -> float:
        """The derivative at x; at a corner the one that autograd gives.

        Examples:
            >>> FUNCTIONS["ReLU"].slope(0.0), FUNCTIONS["Sigmoid"].slope(0.0)
            (0.0, 0.25)
        """
        return self.slope_at(x, self.default if number is None else number)

    def steepest(self, number: float | None = None) -> float:
        """The largest slope between -20 and 20, to more than four decimals."""
        low, high, best = -20.0, 20.0, 0.0
        for _ in range(4):
            width = (high - low) / 400
            places = [low + step * width for step in range(401)]
            best, place = max((self.slope(x, number), x) for x in places)
            low, high = place - width, place + width
        return best


def _gelu(x: float, _: float) -> float:
    return 0.5 * (1 + erf(x / sqrt(2))) + x * exp(-x * x / 2) / sqrt(2 * pi)


def _gelu_tanh(x: float, _: float) -> float:
    inner = sqrt(2 / pi) * (x + 0.044715 * x**3)
    inward = sqrt(2 / pi) * (1 + 3 * 0.044715 * x * x)
    return 0.5 * (1 + tanh(inner)) + 0.5 * x * (1 - tanh(inner) ** 2) * inward


def _silu(x: float, _: float) -> float:
    gate = sigmoid(x)
    return gate * (1 + x * (1 - gate))


def _mish(x: float, _: float) -> float:
    bent = tanh(FUNCTIONS["Softplus"].value(x))
    return bent + x * (1 - bent * bent) * sigmoid(x)


def _softplus(x: float, beta: float) -> float:
    return 1.0 if x * beta > 20 else sigmoid(x * beta)


def _hardswish(x: float, _: float) -> float:
    return 0.0 if x <= -3 else 1.0 if x >= 3 else x / 3 + 0.5


FUNCTIONS: dict[str, Function] = {
    "ReLU": Function(
        ReLU, lambda x, _: float(x > 0), r"\max(0, @)", r"\begin{cases} 1 & x > 0 \\ 0 & x \le 0 \end{cases}"
    ),
    "LeakyReLU": Function(
        LeakyReLU,
        lambda x, slope: 1.0 if x > 0 else slope,
        r"\max(0, @) + $ \min(0, @)",
        r"\begin{cases} 1 & x > 0 \\ $ & x \le 0 \end{cases}",
        "negative_slope",
        0.01,
    ),
    "ReLU6": Function(
        ReLU6,
        lambda x, _: float(0 < x < 6),
        r"\min(\max(0, @), 6)",
        r"\begin{cases} 1 & 0 < x < 6 \\ 0 & \text{else} \end{cases}",
    ),
    "ELU": Function(
        ELU,
        lambda x, alpha: 1.0 if x > 0 else alpha * exp(x),
        r"\max(0, @) + $ \left(e^{\min(0, @)} - 1\right)",
        r"\begin{cases} 1 & x > 0 \\ $\, e^x & x \le 0 \end{cases}",
        "alpha",
        1.0,
    ),
    "CELU": Function(
        CELU,
        lambda x, alpha: 1.0 if x > 0 else exp(x / alpha),
        r"\max(0, @) + $ \left(e^{\min(0, @) / $} - 1\right)",
        r"\begin{cases} 1 & x > 0 \\ e^{x / $} & x \le 0 \end{cases}",
        "alpha",
        1.0,
    ),
    "SELU": Function(
        SELU,
        lambda x, _: SELU.scale * (1.0 if x > 0 else SELU.alpha * exp(x)),
        r"1.0507 \left(\max(0, @) + 1.6733 \left(e^{\min(0, @)} - 1\right)\right)",
        r"\begin{cases} 1.0507 & x > 0 \\ 1.7581\, e^x & x \le 0 \end{cases}",
    ),
    "GELU": Function(
        GELU,
        _gelu,
        r"@ \cdot \tfrac12 \left(1 + \operatorname{erf}\left(@ / \sqrt 2\right)\right)",
        r"\Phi(x) + x\, \varphi(x)",
    ),
    "GELU, tanh": Function(
        GELU,
        _gelu_tanh,
        r"\tfrac12 \cdot @ \left(1 + \tanh\left(\sqrt{2/\pi} \left(@ + 0.044715 \cdot @^3\right)\right)\right)",
        r"\tfrac12 (1 + \tanh u) + \tfrac12 x\, (1 - \tanh^2 u)\, u', \quad"
        r" u = \sqrt{2/\pi}\, (x + 0.044715\, x^3)",
        options=(("approximate", "tanh"),),
    ),
    "SiLU": Function(SiLU, _silu, r"@ \cdot \sigma(@)", r"\sigma(x) \left(1 + x\, (1 - \sigma(x))\right)"),
    "Mish": Function(
        Mish,
        _mish,
        r"@ \cdot \tanh\left(\ln\left(1 + e^{@}\right)\right)",
        r"t + x\, (1 - t^2)\, \sigma(x), \quad t = \tanh \ln(1 + e^x)",
    ),
    "Softplus": Function(
        Softplus, _softplus, r"\tfrac{1}{$} \ln\left(1 + e^{$ \cdot @}\right)", r"\sigma($ \cdot x)", "beta", 1.0
    ),
    "Sigmoid": Function(
        Sigmoid,
        lambda x, _: sigmoid(x) * sigmoid(-x),
        r"\frac{1}{1 + e^{-@}}",
        r"\sigma(x) \left(1 - \sigma(x)\right)",
    ),
    "LogSigmoid": Function(LogSigmoid, lambda x, _: sigmoid(-x), r"-\ln\left(1 + e^{-@}\right)", r"1 - \sigma(x)"),
    "Tanh": Function(Tanh, lambda x, _: 1 / cosh(x) ** 2 if abs(x) < 300 else 0.0, r"\tanh(@)", r"1 - \tanh^2(x)"),
    "Softsign": Function(Softsign, lambda x, _: 1 / (1 + abs(x)) ** 2, r"\frac{@}{1 + |@|}", r"\frac{1}{(1 + |x|)^2}"),
    "Hardtanh": Function(
        Hardtanh,
        lambda x, _: float(-1 < x < 1),
        r"\min(\max(-1, @), 1)",
        r"\begin{cases} 1 & -1 < x < 1 \\ 0 & \text{else} \end{cases}",
    ),
    "Hardsigmoid": Function(
        Hardsigmoid,
        lambda x, _: 1 / 6 if -3 < x < 3 else 0.0,
        r"\tfrac16 \min(\max(0, @ + 3), 6)",
        r"\begin{cases} \tfrac16 & -3 < x < 3 \\ 0 & \text{else} \end{cases}",
    ),
    "Hardswish": Function(
        Hardswish,
        _hardswish,
        r"\tfrac16 \cdot @ \cdot \min(\max(0, @ + 3), 6)",
        r"\begin{cases} 0 & x \le -3 \\ \tfrac13 x + \tfrac12 & -3 < x < 3 \\ 1 & x \ge 3 \end{cases}",
    ),
}
"""The functions of one number, under PyTorch's names."""

KERAS: dict[str, Callable[[float], float]] = {
    "relu": FUNCTIONS["ReLU"].value,
    "relu6": FUNCTIONS["ReLU6"].value,
    "leaky_relu": lambda x: FUNCTIONS["LeakyReLU"].value(x, 0.2),
    "elu": FUNCTIONS["ELU"].value,
    "celu": FUNCTIONS["CELU"].value,
    "selu": FUNCTIONS["SELU"].value,
    "gelu": FUNCTIONS["GELU"].value,
    "silu": FUNCTIONS["SiLU"].value,
    "mish": FUNCTIONS["Mish"].value,
    "softplus": FUNCTIONS["Softplus"].value,
    "sigmoid": FUNCTIONS["Sigmoid"].value,
    "log_sigmoid": FUNCTIONS["LogSigmoid"].value,
    "tanh": FUNCTIONS["Tanh"].value,
    "softsign": FUNCTIONS["Softsign"].value,
    "hard_tanh": FUNCTIONS["Hardtanh"].value,
    "hard_sigmoid": FUNCTIONS["Hardsigmoid"].value,
    "hard_silu": FUNCTIONS["Hardswish"].value,
    "exponential": lambda x: expm1(x) + 1,
}
"""Keras's functions of one number, under its names and with its defaults, where they are not PyTorch's."""
