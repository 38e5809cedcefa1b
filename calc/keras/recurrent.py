"""Keras's recurrent layers: the batch first, the last state alone unless the sequence is asked for.

Source: Keras documentation, `keras.layers.SimpleRNN`, `LSTM`, `GRU`, and the layers' code.
"""

from __future__ import annotations

from abc import ABC
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

from calc.keras.layer import ACTIVATIONS, KerasLayer
from calc.knob import Choice, Flag, Real, Whole, knob
from calc.layer_base import Answer, Cost, Port, Shape, Weight


def units_knob() -> Any:
    """The argument `units`."""
    return knob(symbol="m", positional=True, kind=Whole(), about="numbers in the state of the layer")


def function_knob(default: str, about: str) -> Any:
    """An activation with a default of its own."""
    return knob(default, kind=Choice(ACTIVATIONS, empty="none"), about=about)


def use_bias_knob() -> Any:
    """The argument `use_bias`."""
    return knob(True, kind=Flag(), about="whether the layer learns offsets")


def dropout_knob() -> Any:
    """The argument `dropout`; Keras moves what is outside 0 to 1 to the nearer end."""
    return knob(0.0, kind=Real(), about="share of the input set to 0 in training")


def recurrent_dropout_knob() -> Any:
    """The argument `recurrent_dropout`."""
    return knob(0.0, kind=Real(), about="share of the state set to 0 in training")


def flag_knob(about: str) -> Any:
    """A switch that is off unless set."""
    return knob(False, kind=Flag(), about=about)


SEQUENCES = "whether the state of every step comes out, not only the last one"
STATE = "whether the last states come out, too"
BACKWARDS = "whether the sequence is read from its end"
UNROLL = "whether the loop is written out; the numbers stay the same"


@dataclass(frozen=True)
class SequenceLayer(KerasLayer, ABC):
    """What runs one cell along the axis after the batch: which of its states come out."""

    def emitted(self, x: Shape, state: Shape) -> Answer:
        """The outputs for an input (N, T, …), given the shape of one state without the batch."""
        if x[1] < 1:
            raise self.fault("input", "must have at least one step", "give it a sequence of 1 step or more", value=x)
        last = (x[0], *state)
        output = (*x[:2], *state) if self.argument("return_sequences") else last
        return (output, *(last,) * self.states) if self.argument("return_state") else output

    @property
    def states(self) -> int:
        """How many states are handed from step to step."""
        return len(self.outputs) - 1

    def require_dims(self, x: Shape, rank: int) -> None:
        """Refuse an input with another number of axes."""
        if len(x) != rank:
            example = (1, 10, 32) if rank == 3 else (1, 10, 64, 64, 3)
            raise self.fault("input", f"must have {rank} axes, and has {len(x)}", f"write {example}", value=x)


@dataclass(frozen=True)
class KerasRecurrent(SequenceLayer, ABC):
    """What SimpleRNN, LSTM and GRU share.

    Input (N, T, n). Output (N, units), (N, T, units) with return_sequences; with
    return_state the last states (N, units) follow.
    """

    outputs: ClassVar[tuple[str, ...]] = ("output", "state")
    keras_outputs: ClassVar[tuple[str, ...]] = ("output", "state")
    inputs: ClassVar[tuple[Port, ...]] = (Port("input", about="sequences: (batch, steps, features)"),)
    gates: ClassVar[int]
    cell: ClassVar[str]

    def check(self) -> None:
        self.require_bounds("units")
        self.require_words("activation", "recurrent_activation")

    def out(self, x: Shape) -> Answer:
        self.require_dims(x, 3)
        return self.emitted(x, (self.argument("units"),))

    def build(self, x: Shape) -> Iterator[Weight]:
        units, columns = self.argument("units"), self.gates * self.argument("units")
        yield Weight(f"{self.cell}/kernel", (x[-1], columns), role="input weights")
        yield Weight(f"{self.cell}/recurrent_kernel", (units, columns), role="recurrent weights")
        if self.argument("use_bias"):
            yield self.bias(columns)

    def bias(self, columns: int) -> Weight:
        """The offsets."""
        return Weight(f"{self.cell}/bias", (columns,), role="bias")

    def costs(self, x: Shape) -> Iterator[Cost]:
        units, steps = self.argument("units"), x[0] * x[1]
        columns = self.gates * units
        yield Cost("multiply the input of each step with its weights", steps * columns * x[-1])
        yield Cost("multiply the state before with its weights", steps * columns * units)
        for weight in self.build(x):
            if "bias" in weight.role:
                yield Cost("add the offsets", steps * weight.size, "addition")
        yield Cost("apply the activations", {1: 1, 3: 3, 4: 5}[self.gates] * steps * units, "evaluation")

    def input_symbols(self, rank: int, name: str = "input") -> tuple[str, ...]:
        return ("N", "T", "n") if rank == 3 else super().input_symbols(rank, name)


@dataclass(frozen=True)
class SimpleRNN(KerasRecurrent):
    """Mix the input of each step with the state before it, h = tanh(x W + h U + b)."""

    gates: ClassVar[int] = 1
    cell: ClassVar[str] = "simple_rnn_cell"

    units: int = units_knob()
    activation: str | None = function_knob("tanh", "function that makes the new state")
    use_bias: bool = use_bias_knob()
    dropout: float = dropout_knob()
    recurrent_dropout: float = recurrent_dropout_knob()
    return_sequences: bool = flag_knob(SEQUENCES)
    return_state: bool = flag_knob(STATE)
    go_backwards: bool = flag_knob(BACKWARDS)
    unroll: bool = flag_knob(UNROLL)

    def check(self) -> None:
        self.require_bounds("units")
        self.require_words("activation")


@dataclass(frozen=True)
class LSTM(KerasRecurrent):
    """Carry a second state past the steps, with gates that say what is kept, added and shown."""

    outputs: ClassVar[tuple[str, ...]] = ("output", "h", "c")
    keras_outputs: ClassVar[tuple[str, ...]] = ("output", "h", "c")
    gates: ClassVar[int] = 4
    cell: ClassVar[str] = "lstm_cell"

    units: int = units_knob()
    activation: str | None = function_knob("tanh", "function of the candidate and of the output")
    recurrent_activation: str | None = function_knob("sigmoid", "function of the three gates")
    use_bias: bool = use_bias_knob()
    unit_forget_bias: bool = knob(True, kind=Flag(), about="whether the forget gate's offsets start at 1")
    dropout: float = dropout_knob()
    recurrent_dropout: float = recurrent_dropout_knob()
    return_sequences: bool = flag_knob(SEQUENCES)
    return_state: bool = flag_knob(STATE)
    go_backwards: bool = flag_knob(BACKWARDS)
    unroll: bool = flag_knob(UNROLL)


@dataclass(frozen=True)
class GRU(KerasRecurrent):
    """Mix the state before with a candidate for the new one, by a gate of each number's own.

    With reset_after, the default, the state is reset after the product with its
    weights, which then have offsets of their own.
    """

    gates: ClassVar[int] = 3
    cell: ClassVar[str] = "gru_cell"

    units: int = units_knob()
    activation: str | None = function_knob("tanh", "function of the candidate")
    recurrent_activation: str | None = function_knob("sigmoid", "function of the two gates")
    use_bias: bool = use_bias_knob()
    dropout: float = dropout_knob()
    recurrent_dropout: float = recurrent_dropout_knob()
    return_sequences: bool = flag_knob(SEQUENCES)
    return_state: bool = flag_knob(STATE)
    go_backwards: bool = flag_knob(BACKWARDS)
    unroll: bool = flag_knob(UNROLL)
    reset_after: bool = knob(True, kind=Flag(), about="whether the reset gate acts after the product with the weights")

    def bias(self, columns: int) -> Weight:
        if self.reset_after:
            return Weight(f"{self.cell}/bias", (2, columns), role="bias + second bias")
        return super().bias(columns)
