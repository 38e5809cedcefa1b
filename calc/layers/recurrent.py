"""Recurrent layers: one cell, applied at each step of a sequence with the same weights.

Source: PyTorch documentation, `torch.nn.RNN`, `LSTM`, `GRU`.
"""

from __future__ import annotations

from abc import ABC
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from calc.knob import Choice, Flag, Real, Whole, knob
from calc.layer_base import Cost, Port, Shape
from calc.layers.recurrent_stack import INPUT, Recurrent, States, plain
from calc.source import call


@dataclass(frozen=True)
class RNN(Recurrent):
    """Mix the input of each step with the state before it, h = tanh(W x + U h + b).

    Shapes as in `Recurrent`; returns (output, h_n). hx, the states to begin with, has
    the shape of h_n and is zero if left out.
    """

    gates: ClassVar[int] = 1

    nonlinearity: str = knob("tanh", kind=Choice(("tanh", "relu")), about="the function that makes the new state")
    bias: bool = knob(True, kind=Flag(), about="whether each cell learns offsets, in two vectors")
    batch_first: bool = knob(False, kind=Flag(), about="whether the batch axis comes before the steps")
    dropout: float = knob(0.0, kind=Real(0, 1), about="share of the states set to 0 between layers, in training")
    bidirectional: bool = knob(False, kind=Flag(), about="whether a second cell reads the sequence backwards")

    def check(self) -> None:
        if self.nonlinearity not in ("tanh", "relu"):
            raise self.fault("nonlinearity", "must be 'tanh' or 'relu'", "try 'tanh'")
        super().check()

    def keras_call(self) -> str:
        return call(
            "SimpleRNN",
            self.hidden_size,
            activation=(self.nonlinearity, "tanh"),
            use_bias=(self.bias, True),
            return_sequences=(True, False),
        )


@dataclass(frozen=True)
class Gated(Recurrent, ABC):
    """What the layers with gates share beyond `Recurrent`."""

    bias: bool = knob(True, kind=Flag(), about="whether each cell learns offsets, in two vectors")
    batch_first: bool = knob(False, kind=Flag(), about="whether the batch axis comes before the steps")
    dropout: float = knob(0.0, kind=Real(0, 1), about="share of the states set to 0 between layers, in training")
    bidirectional: bool = knob(False, kind=Flag(), about="whether a second cell reads the sequence backwards")

    def gate_work(self, where: str, times: int) -> Iterator[Cost]:
        sigmoids, tanhs, products = {4: (3, 2, 3), 3: (2, 1, 3)}[self.gates]
        yield Cost(f"{where}apply sigmoid and tanh", (sigmoids + tanhs) * times * self.hidden_size, "evaluation")
        yield Cost(f"{where}multiply with the gates", products * times * self.hidden_size, "product")


@dataclass(frozen=True)
class LSTM(Gated):
    """Carry a second state c past the steps, with gates that say what is kept, added and shown.

    Shapes as in `Recurrent`; returns (output, (h_n, c_n)), and hx is such a pair.
    With proj_size the states h are that long, the states c stay hidden_size long.
    """

    inputs: ClassVar[tuple[Port, ...]] = (
        INPUT,
        Port("hx", optional=True, many=True, about="the two states to begin with"),
    )
    outputs: ClassVar[tuple[str, ...]] = ("output", "h_n", "c_n")
    pairs_states: ClassVar[bool] = True
    gates: ClassVar[int] = 4

    proj_size: int = knob(
        0, symbol="p", kind=Whole(0), about="length to which the state h is projected; 0 for no projection"
    )

    def check(self) -> None:
        super().check()
        self.require_bounds("proj_size")
        if self.proj_size >= self.hidden_size:
            raise self.fault(
                "proj_size",
                f"must be less than hidden_size (={int(self.hidden_size)})",
                f"try {int(self.hidden_size) - 1}",
            )

    @property
    def projected(self) -> int:
        return self.proj_size if self.proj_size > 0 else self.hidden_size

    def state_sizes(self) -> tuple[int, ...]:
        return (self.projected, self.hidden_size)

    def projection(self) -> tuple[Shape, ...]:
        return ((self.proj_size, self.hidden_size),) if self.proj_size > 0 else ()

    def require_states(self, x: Shape, hx: States | Shape) -> None:
        wanted = self.states(x)
        if hx != wanted:
            shown = f"({plain(wanted[0])}, {plain(wanted[1])})"
            raise self.fault("hx", f"must be the shapes of h and c, {shown}", "leave it out for zeros", value=hx)


@dataclass(frozen=True)
class GRU(Gated):
    """Mix the state before with a candidate for the new one, by a gate of each number's own.

    Shapes as in `Recurrent`; returns (output, h_n). The candidate sees the state
    before through a second gate, which is applied after the product with the weights.
    """

    gates: ClassVar[int] = 3
