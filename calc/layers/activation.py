"""Activation functions: each number on its own, so every shape stays.

Source: PyTorch documentation, `torch.nn.ReLU`, `Sigmoid`, `Tanh`.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from math import prod
from typing import Any, ClassVar

from calc.knob import Flag, knob
from calc.layer_base import Cost, Layer, Shape, Weight
from calc.layers.flatten import SYMBOLS
from calc.picture import curve, figure


def inplace_knob() -> Any:
    """The argument `inplace` of a layer."""
    return knob(False, kind=Flag(), about="whether to overwrite the input, which saves its memory")


def keras_function(name: str, **named: tuple[object, object]) -> str:
    """A Keras layer for one of its functions; a function by name where its defaults will do."""
    given = {key: value for key, (value, default) in named.items() if value != default}
    if not given:
        return f'Activation("{name}")'
    written = ", ".join(f"{key}={value!r}" for key, value in given.items())
    return f"Lambda(lambda x: keras.activations.{name}(x, {written}))"


def sigmoid(x: float) -> float:
    """1 / (1 + exp(-x)), without overflow."""
    return 0.5 * (1 + math.tanh(x / 2))


@dataclass(frozen=True)
class Activation(Layer, ABC):
    """A function of one number, applied to each element; nothing is learned.

    Input and output have the same shape, of any rank.
    """

    panels: ClassVar[tuple[str, ...]] = ("result", "picture", "cost", "torch", "keras")
    formula: ClassVar[str]

    @abstractmethod
    def at(self, x: float) -> float:
        """The function itself."""

    def drawn(self, x: float) -> float:
        """The function where it can be drawn, kept within what fits on paper."""
        try:
            return min(max(self.at(x), -1e6), 1e6)
        except (ArithmeticError, ValueError):
            return 0.0

    def out(self, x: Shape) -> Shape:
        return x

    def learned(self) -> Iterator[Weight]:
        return iter(())

    def costs(self, x: Shape) -> Iterator[Cost]:
        yield Cost("apply the function to each number", prod(x), "evaluation")

    def input_symbols(self, rank: int, name: str = "input") -> tuple[str, ...]:
        return SYMBOLS.get(rank) or tuple(f"d_{i}" for i in range(rank))

    def picture(self, x: Shape) -> str:
        values = [0.0, *(self.drawn(step / 10) for step in range(-50, 51))]
        margin = 0.08 * (max(values) - min(values)) or 1.0
        label = f"Graph of {self.formula} for inputs from -5 to 5."
        drawn = curve(self.drawn, min(values) - margin, max(values) + margin, label)
        return figure([(drawn, self.formula)], "The same function for every element, whatever its neighbours are.")


@dataclass(frozen=True)
class ReLU(Activation):
    """Keep positive numbers, put 0 for the others: max(0, x)."""

    formula: ClassVar[str] = "y = max(0, x)"

    inplace: bool = inplace_knob()

    def at(self, x: float) -> float:
        return max(0.0, x)

    def keras(self, x: Shape) -> list[str]:
        return ["ReLU()"]


@dataclass(frozen=True)
class Sigmoid(Activation):
    """Squeeze every number between 0 and 1: 1 / (1 + exp(-x))."""

    formula: ClassVar[str] = "y = 1 / (1 + exp(−x))"

    def at(self, x: float) -> float:
        return sigmoid(x)

    def keras(self, x: Shape) -> list[str]:
        return ['Activation("sigmoid")']


@dataclass(frozen=True)
class Tanh(Activation):
    """Squeeze every number between -1 and 1: the hyperbolic tangent."""

    formula: ClassVar[str] = "y = tanh(x)"

    def at(self, x: float) -> float:
        return math.tanh(x)

    def keras(self, x: Shape) -> list[str]:
        return ['Activation("tanh")']
