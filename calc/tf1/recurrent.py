"""TensorFlow 1's recurrent cells, `tf.nn.rnn_cell`: input and state share one kernel.

Source: `tensorflow/python/ops/rnn_cell_impl.py` of TensorFlow 1.15.
"""

from __future__ import annotations

from abc import ABC
from collections.abc import Iterator
from dataclasses import dataclass
from math import prod
from typing import ClassVar

from calc.built import BuiltLayer
from calc.knob import Flag, Whole, knob
from calc.layer_base import Answer, Cost, Port, Shape, Weight
from calc.source import arguments
from calc.tensor import Shapes

BOTH = "input weights + recurrent weights"


@dataclass(frozen=True)
class Tf1Cell(BuiltLayer, ABC):
    """What the cells share: one step, inputs (N, n_features) and a state (N, num_units).

    The output and the new state come out; an LSTM's state is the pair (c, h).
    """

    dialect: ClassVar[str] = "tf1"
    panels: ClassVar[tuple[str, ...]] = ("result", "derivation", "weights", "cost", "memory")
    inputs: ClassVar[tuple[Port, ...]] = (
        Port("inputs", about="one step of each sequence: (batch, features)"),
        Port("state", optional=True),
    )
    outputs: ClassVar[tuple[str, ...]] = ("output", "new_state")

    num_units: int = knob(symbol="m", positional=True, kind=Whole(), about="numbers in the state of the cell")

    def check(self) -> None:
        self.require_bounds("num_units")

    def out(self, x: Shape, *, state: Shapes | None = None) -> Answer:
        if len(x) != 2:
            raise self.fault("inputs", f"must have 2 axes, and has {len(x)}", "write (1, 32)", value=x)
        output, *states = ((x[0], size) for size in (self.shown(), *self.kept()))
        wanted = states[0] if len(states) == 1 else tuple(states)
        if state is not None and state != wanted:
            raise self.fault("state", f"must have the shape {wanted}", "leave it out", value=state)
        return (output, *states)

    def shown(self) -> int:
        """The length of the output."""
        return self.num_units

    def kept(self) -> tuple[int, ...]:
        """The length of each state that is handed to the next step."""
        return (self.num_units,)

    def costs(self, x: Shape) -> Iterator[Cost]:
        for weight in self.build(x):
            if len(weight.shape) == 2:
                yield Cost(f"multiply with {weight.name}", x[0] * prod(weight.shape))
            elif weight.role == "bias":
                yield Cost(f"add {weight.name}", x[0] * weight.shape[0], "addition")

    def input_symbols(self, rank: int, name: str = "input") -> tuple[str, ...]:
        return ("N", "n") if rank == 2 else tuple(f"d_{i}" for i in range(rank))

    def call_text(self) -> str:
        return f"{type(self).__name__}({arguments(self, repr)})"


@dataclass(frozen=True)
class BasicRNNCell(Tf1Cell):
    """Mix input and state in one product, tanh([x, h] K + b)."""

    def build(self, x: Shape) -> Iterator[Weight]:
        yield Weight("kernel", (x[1] + self.num_units, self.num_units), role=BOTH)
        yield Weight("bias", (self.num_units,), role="bias")


@dataclass(frozen=True)
class LstmCell(Tf1Cell, ABC):
    """What both LSTM cells share: four gates in one kernel, in the order i, j, f, o."""

    inputs: ClassVar[tuple[Port, ...]] = (Tf1Cell.inputs[0], Port("state", optional=True, many=True))
    outputs: ClassVar[tuple[str, ...]] = ("output", "c", "h")

    def kept(self) -> tuple[int, ...]:
        return (self.num_units, self.shown())

    def build(self, x: Shape) -> Iterator[Weight]:
        yield Weight("kernel", (x[1] + self.shown(), 4 * self.num_units), role=BOTH)
        yield Weight("bias", (4 * self.num_units,), role="bias")


@dataclass(frozen=True)
class BasicLSTMCell(LstmCell):
    """Carry a second state past the steps: an LSTM without peepholes or projection."""


@dataclass(frozen=True)
class LSTMCell(LstmCell):
    """Carry a second state past the steps; gates may see it, and the output may be projected."""

    use_peepholes: bool = knob(False, kind=Flag(), about="whether the gates see the state c, number by number")
    num_proj: int | None = knob(
        None, symbol="p", kind=Whole(empty="none"), about="length to which the output is projected"
    )

    def check(self) -> None:
        self.require_bounds("num_units", "num_proj")

    def shown(self) -> int:
        return self.num_units if self.num_proj is None else self.num_proj

    def build(self, x: Shape) -> Iterator[Weight]:
        yield from super().build(x)
        if self.use_peepholes:
            for gate in "fio":
                yield Weight(f"w_{gate}_diag", (self.num_units,), role="peepholes")
        if self.num_proj is not None:
            yield Weight("projection/kernel", (self.num_units, self.num_proj), role="projection")


@dataclass(frozen=True)
class GRUCell(Tf1Cell):
    """Mix the state before with a candidate; the state is reset before the product with its weights."""

    def build(self, x: Shape) -> Iterator[Weight]:
        rows = x[1] + self.num_units
        yield Weight("gates/kernel", (rows, 2 * self.num_units), role=BOTH)
        yield Weight("gates/bias", (2 * self.num_units,), role="bias")
        yield Weight("candidate/kernel", (rows, self.num_units), role=BOTH)
        yield Weight("candidate/bias", (self.num_units,), role="bias")
