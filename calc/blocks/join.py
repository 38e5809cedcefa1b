"""Where branches of a network meet: sums, products and concatenations of tensors.

They are functions in PyTorch, not modules, so they have no names there and learn nothing.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import prod
from typing import ClassVar

from calc.knob import Whole, knob
from calc.layer_base import Cost, Layer, Port, Shape, Weight
from calc.layers.flatten import SYMBOLS
from calc.sym import let


@dataclass(frozen=True)
class Join(Layer, ABC):
    """Several tensors in, one out."""

    inputs: ClassVar[tuple[Port, ...]] = (Port("inputs", many=True),)

    @abstractmethod
    def expression(self, variables: Sequence[str]) -> str:
        """The PyTorch expression for these variables."""

    def learned(self) -> Iterator[Weight]:
        return iter(())

    def window(self, inputs: tuple[Shape, ...]) -> tuple[tuple[int, int], ...]:
        return ((1, 1),) * max(len(inputs[0]) - 2, 0)

    def input_symbols(self, rank: int, name: str = "input") -> tuple[str, ...]:
        return SYMBOLS.get(rank) or tuple(f"d_{i}" for i in range(rank))


@dataclass(frozen=True)
class Sum(Join):
    """Add tensors of one shape element by element, as a residual connection does."""

    def out(self, inputs: tuple[Shape, ...]) -> Shape:
        for other in inputs[1:]:
            if other != inputs[0]:
                raise self.fault(
                    "inputs",
                    "must have one shape",
                    "make the branches agree in channels and stride",
                    value=tuple(tuple(map(int, each)) for each in inputs),
                )
        return inputs[0]

    def costs(self, inputs: tuple[Shape, ...]) -> Iterator[Cost]:
        yield Cost("add element by element", (len(inputs) - 1) * prod(inputs[0]), "addition")

    def expression(self, variables: Sequence[str]) -> str:
        return " + ".join(variables)

    def keras(self, inputs: tuple[Shape, ...]) -> list[str]:
        return ["Add()"]


@dataclass(frozen=True)
class Scale(Join):
    """Multiply a map by one factor for each channel: (N, C, H, W) by (N, C, 1, 1)."""

    def out(self, inputs: tuple[Shape, ...]) -> Shape:
        full, factors = inputs
        if len(full) != len(factors) or any(b not in (1, a) for a, b in zip(full, factors, strict=True)):
            raise self.fault(
                "inputs", "must be a map and its factors", "give (N, C, H, W) and (N, C, 1, 1)", value=inputs
            )
        return full

    def costs(self, inputs: tuple[Shape, ...]) -> Iterator[Cost]:
        yield Cost("multiply each element by its channel's factor", prod(inputs[0]), "multiplication")

    def expression(self, variables: Sequence[str]) -> str:
        return " * ".join(variables)

    def keras(self, inputs: tuple[Shape, ...]) -> list[str]:
        return ["Multiply()"]


@dataclass(frozen=True)
class Concat(Join):
    """Put tensors side by side along one axis, the channels if nothing else is said."""

    dim: int = knob(1, kind=Whole(0), about="axis along which the tensors are put side by side")

    def out(self, inputs: tuple[Shape, ...]) -> Shape:
        first = inputs[0]
        for other in inputs[1:]:
            if len(other) != len(first) or any(
                a != b for axis, (a, b) in enumerate(zip(first, other, strict=True)) if axis != self.dim
            ):
                raise self.fault(
                    "inputs",
                    f"must agree in every axis but {self.dim}",
                    "make the branches keep the same height and width",
                    value=tuple(tuple(map(int, each)) for each in inputs),
                )
        joined = let("C_out", sum(each[self.dim] for each in inputs))
        return (*first[: self.dim], joined, *first[self.dim + 1 :])

    def costs(self, inputs: tuple[Shape, ...]) -> Iterator[Cost]:
        return iter(())

    def expression(self, variables: Sequence[str]) -> str:
        return f"torch.cat([{', '.join(variables)}], dim={self.dim})"

    def keras(self, inputs: tuple[Shape, ...]) -> list[str]:
        return ["Concatenate()"]
