"""Flax's recurrent cells, `flax.linen`: a small dense layer for each gate and each of input and state.

Source: `flax/linen/recurrent.py`; counts as in Flax 0.12.8.
"""

from __future__ import annotations

from abc import ABC
from collections.abc import Iterator
from dataclasses import dataclass
from math import prod
from typing import ClassVar

from calc.built import BuiltLayer
from calc.knob import Whole, knob
from calc.layer_base import Answer, Cost, Port, Shape, Weight
from calc.tensor import Shapes


@dataclass(frozen=True)
class FlaxCell(BuiltLayer, ABC):
    """What the cells share: one step, inputs (*, n) and a carry (*, features).

    The new carry and the output come out; an LSTM's carry is the pair (c, h).
    """

    dialect: ClassVar[str] = "flax"
    panels: ClassVar[tuple[str, ...]] = ("result", "derivation", "weights", "cost", "memory")
    inputs: ClassVar[tuple[Port, ...]] = (
        Port("inputs", about="one step of each sequence, features last"),
        Port("carry", optional=True),
    )
    outputs: ClassVar[tuple[str, ...]] = ("carry", "output")
    gates: ClassVar[tuple[str, ...]]

    features: int = knob(symbol="m", kind=Whole(), about="numbers in the state of the cell")

    def check(self) -> None:
        self.require_bounds("features")

    def out(self, x: Shape, *, carry: Shapes | None = None) -> Answer:
        if not x:
            raise self.fault("inputs", "must have at least one axis", "write (1, 32)", value=x)
        state = (*x[:-1], self.features)
        states = (state,) * (len(self.outputs) - 1)
        wanted = state if len(states) == 1 else states
        if carry is not None and carry != wanted:
            raise self.fault("carry", f"must have the shape {wanted}", "leave it out", value=carry)
        return (*states, state)

    def build(self, x: Shape) -> Iterator[Weight]:
        """Kernels and biases, gate by gate: of the input, then of the state."""
        for gate in self.gates:
            part = "candidate" if self.bias("h", gate) == "second bias" else f"gate#{gate}" if gate else ""
            for source, size in (("i", x[-1]), ("h", self.features)):
                role = "input weights" if source == "i" else "recurrent weights"
                yield Weight(f"{source}{gate}/kernel", (size, self.features), part=part, role=role)
                if told := self.bias(source, gate):
                    yield Weight(f"{source}{gate}/bias", (self.features,), part=part, role=told)

    def bias(self, source: str, gate: str) -> str:
        """What the offset of one small dense layer is for; empty where there is none."""
        return "bias" if source == "i" else ""

    def costs(self, x: Shape) -> Iterator[Cost]:
        rows, kinds = prod(x[:-1]), len(self.gates)
        yield Cost("multiply the input with its weights", rows * kinds * x[-1] * self.features)
        yield Cost("multiply the state before with its weights", rows * kinds * self.features * self.features)
        biases = sum(weight.role in ("bias", "second bias") for weight in self.build(x))
        yield Cost("add the biases", biases * rows * self.features, "addition")

    def input_symbols(self, rank: int, name: str = "input") -> tuple[str, ...]:
        return (*(("N",) if rank == 2 else tuple(f"d_{i}" for i in range(1, rank))), "n")

    def call_text(self) -> str:
        return f"{type(self).__name__}(features={self.features})"


@dataclass(frozen=True)
class SimpleCell(FlaxCell):
    """Mix input and state, tanh(W x + U h + b)."""

    gates: ClassVar[tuple[str, ...]] = ("",)


@dataclass(frozen=True)
class LSTMCell(FlaxCell):
    """Carry a second state past the steps; the offsets stand with the weights of the state."""

    inputs: ClassVar[tuple[Port, ...]] = (FlaxCell.inputs[0], Port("carry", optional=True, many=True))
    outputs: ClassVar[tuple[str, ...]] = ("c", "h", "output")
    gates: ClassVar[tuple[str, ...]] = ("i", "f", "g", "o")

    def bias(self, source: str, gate: str) -> str:
        return "bias" if source == "h" else ""


@dataclass(frozen=True)
class OptimizedLSTMCell(LSTMCell):
    """The same LSTM with its products joined when it runs: equal tensors, fewer calls."""


@dataclass(frozen=True)
class GRUCell(FlaxCell):
    """Mix the state before with a candidate; of the state's weights only the candidate's have an offset."""

    gates: ClassVar[tuple[str, ...]] = ("r", "z", "n")

    def bias(self, source: str, gate: str) -> str:
        return "bias" if source == "i" else "second bias" if gate == "n" else ""
