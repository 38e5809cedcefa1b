"""Activation functions: each number on its own, so every shape stays.

Source: PyTorch documentation, `torch.nn.ReLU`, `Sigmoid`, `Tanh`.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from math import prod
from typing import ClassVar

from calc.knob import Flag, knob
from calc.layer import Cost, Layer, Shape, Weight
from calc.layers.flatten import SYMBOLS
from calc.picture import curve, figure


@dataclass(frozen=True)
class Activation(Layer, ABC):
    """A function of one number, applied to each element; nothing is learned.

    Input and output have the same shape, of any rank.
    """

    panels: ClassVar[tuple[str, ...]] = ("result", "picture", "cost", "torch", "keras")
    formula: ClassVar[str]
    low: ClassVar[float]
    high: ClassVar[float]

    @abstractmethod
    def value(self, x: float) -> float:
        """The function itself."""

    def out(self, x: Shape) -> Shape:
        return x

    def learned(self) -> Iterator[Weight]:
        return iter(())

    def costs(self, x: Shape) -> Iterator[Cost]:
        yield Cost("apply the function to each number", prod(x), "evaluation")

    def input_symbols(self, rank: int, name: str = "input") -> tuple[str, ...]:
        return SYMBOLS.get(rank) or tuple(f"d_{i}" for i in range(rank))

    def picture(self, x: Shape) -> str:
        drawn = curve(self.value, self.low, self.high, f"Graph of {self.formula} for inputs from -5 to 5.")
        return figure([(drawn, self.formula)], "The same function for every element, whatever its neighbours are.")


@dataclass(frozen=True)
class ReLU(Activation):
    """Keep positive numbers, put 0 for the others: max(0, x)."""

    formula: ClassVar[str] = "y = max(0, x)"
    low: ClassVar[float] = -1.0
    high: ClassVar[float] = 5.0

    inplace: bool = knob(False, kind=Flag(), about="whether to overwrite the input, which saves its memory")

    def value(self, x: float) -> float:
        return max(0.0, x)

    def keras(self, x: Shape) -> list[str]:
        return ["ReLU()"]


@dataclass(frozen=True)
class Sigmoid(Activation):
    """Squeeze every number between 0 and 1: 1 / (1 + exp(-x))."""

    formula: ClassVar[str] = "y = 1 / (1 + exp(−x))"
    low: ClassVar[float] = -0.2
    high: ClassVar[float] = 1.2

    def value(self, x: float) -> float:
        return 1 / (1 + math.exp(-x))

    def keras(self, x: Shape) -> list[str]:
        return ['Activation("sigmoid")']


@dataclass(frozen=True)
class Tanh(Activation):
    """Squeeze every number between -1 and 1: the hyperbolic tangent."""

    formula: ClassVar[str] = "y = tanh(x)"
    low: ClassVar[float] = -1.2
    high: ClassVar[float] = 1.2

    def value(self, x: float) -> float:
        return math.tanh(x)

    def keras(self, x: Shape) -> list[str]:
        return ['Activation("tanh")']
