"""Recurrent cells: one step of a recurrent layer, so that the loop can be written by hand.

Source: PyTorch documentation, `torch.nn.RNNCell`, `LSTMCell`, `GRUCell`.
"""

from __future__ import annotations

from abc import ABC
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

from calc.conventions import Conventions
from calc.knob import Choice, Flag, Whole, knob
from calc.layer_base import Answer, Cost, Layer, Port, Shape, Weight
from calc.layers.recurrent_conventions import ALONE, side_by_side
from calc.layers.recurrent_stack import plain
from calc.tensor import Shapes

INPUT = Port("input", about="one step of each sequence: (batch, features), or of one alone: (features,)")


@dataclass(frozen=True)
class RecurrentCell(Layer, ABC):
    """What the cells share: an input and the state before it make the new state.

    Input (N, input_size) or (input_size,), output (N, hidden_size) or (hidden_size,);
    hx, the state before, has the shape of the output and is zero if left out.
    """

    panels: ClassVar[tuple[str, ...]] = (
        "result",
        "derivation",
        "weights",
        "conventions",
        "cost",
        "memory",
        "torch",
    )
    inputs: ClassVar[tuple[Port, ...]] = (INPUT, Port("hx", optional=True, about="the state before"))
    outputs: ClassVar[tuple[str, ...]] = ("h_1",)
    gates: ClassVar[int]

    input_size: int = knob(symbol="n", positional=True, kind=Whole(0), about="numbers that come in at the step")
    hidden_size: int = knob(symbol="m", positional=True, kind=Whole(0), about="numbers in the state")
    bias: bool = knob(True, kind=Flag(), about="whether the cell learns offsets, in two vectors")

    def check(self) -> None:
        self.require_bounds("input_size", "hidden_size")

    def out(self, x: Shape, *, hx: Shapes | None = None) -> Answer:
        if len(x) not in (1, 2):
            raise self.fault(
                "input",
                f"must have 2 axes, or 1 without a batch, and has {len(x)}",
                f"write (1, {int(self.input_size)})",
                value=x,
            )
        if x[-1] != self.input_size:
            raise self.fault(
                "input",
                f"must end in input_size (={int(self.input_size)}), and its last axis is {int(x[-1])}",
                f"set input_size={int(x[-1])}",
                value=x,
            )
        state = (*x[:-1], self.hidden_size)
        states = (state,) * len(self.outputs)
        if hx is not None:
            self.require_states(states, hx)
        return states if len(states) > 1 else state

    def require_states(self, states: tuple[Shape, ...], hx: Any) -> None:
        """Refuse a state before of another shape than the new one."""
        if hx != states[0]:
            raise self.fault("hx", f"must have the shape {plain(states[0])}", "leave it out for zeros", value=hx)

    def learned(self) -> Iterator[Weight]:
        rows = self.gates * self.hidden_size
        yield Weight("weight_ih", (rows, self.input_size), role="input weights")
        yield Weight("weight_hh", (rows, self.hidden_size), role="recurrent weights")
        if self.bias:
            yield Weight("bias_ih", (rows,), role="bias")
            yield Weight("bias_hh", (rows,), role="second bias")

    def costs(self, x: Shape) -> Iterator[Cost]:
        samples = x[0] if len(x) == 2 else 1
        rows = self.gates * self.hidden_size
        yield Cost("multiply the input with its weights", samples * rows * self.input_size)
        yield Cost("multiply the state before with its weights", samples * rows * self.hidden_size)
        if self.bias:
            yield Cost("add the two biases", 2 * samples * rows, "addition")
        functions = {1: 1, 3: 3, 4: 5}[self.gates]
        yield Cost("apply the functions of the gates", functions * samples * self.hidden_size, "evaluation")

    def input_symbols(self, rank: int, name: str = "input") -> tuple[str, ...]:
        return (*(("N",) if rank == 2 else tuple(f"d_{i}" for i in range(1, rank))), "n")

    def window(self, x: Shape) -> tuple[tuple[int, int], ...] | None:
        return None

    def conventions(self, x: Shape) -> Conventions | None:
        if not self.input_size or not self.hidden_size:
            return None
        return side_by_side(self, self.gates, (ALONE.reading(self.input_size),))


@dataclass(frozen=True)
class RNNCell(RecurrentCell):
    """Mix one input with the state before it, h' = tanh(W x + b + U h + c).

    Shapes as in `RecurrentCell`.
    """

    gates: ClassVar[int] = 1

    nonlinearity: str = knob("tanh", kind=Choice(("tanh", "relu")), about="the function that makes the new state")

    def out(self, x: Shape, *, hx: Shapes | None = None) -> Answer:
        answer = super().out(x, hx=hx)
        if self.nonlinearity not in ("tanh", "relu"):
            raise self.fault("nonlinearity", "must be 'tanh' or 'relu'", "try 'tanh'")
        return answer


@dataclass(frozen=True)
class LSTMCell(RecurrentCell):
    """Make both states of an LSTM from one input and both states before it.

    Input (N, input_size) or (input_size,); h_1 and c_1 (N, hidden_size) or
    (hidden_size,); hx is the pair of the states before.
    """

    inputs: ClassVar[tuple[Port, ...]] = (INPUT, Port("hx", optional=True, many=True, about="both states before"))
    outputs: ClassVar[tuple[str, ...]] = ("h_1", "c_1")
    gates: ClassVar[int] = 4

    def require_states(self, states: tuple[Shape, ...], hx: Any) -> None:
        if hx != states:
            shown = f"({plain(states[0])}, {plain(states[1])})"
            raise self.fault("hx", f"must be the shapes of h and c, {shown}", "leave it out for zeros", value=hx)


@dataclass(frozen=True)
class GRUCell(RecurrentCell):
    """Mix the state before with a candidate for the new one, by a gate of each number's own.

    Shapes as in `RecurrentCell`.
    """

    gates: ClassVar[int] = 3
