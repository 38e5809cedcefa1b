"""What recurrent layers share: a stack of cells, each applied at every step with the same weights.

Source: PyTorch documentation, `torch.nn.RNN`, `LSTM`, `GRU`; names, shapes and order of
the weights as in `torch/nn/modules/rnn.py`.
"""

from __future__ import annotations

from abc import ABC
from collections.abc import Iterator
from dataclasses import dataclass
from math import prod
from typing import ClassVar, TypeAlias

from calc.conventions import Conventions
from calc.knob import Whole, knob
from calc.layer_base import Answer, Cost, Layer, NoEquivalent, Port, Shape, Weight
from calc.layers.recurrent_conventions import Place, side_by_side
from calc.layers.recurrent_picture import unrolled
from calc.source import call
from calc.sym import exactly, let

States: TypeAlias = "tuple[Shape, ...]"

INPUT = Port(
    "input", about="a sequence: (steps, batch, features), (batch, steps, features) with batch_first, or one alone"
)


def plain(shape: Shape) -> Shape:
    """A shape as a message shows it."""
    return tuple(map(int, shape))


@dataclass(frozen=True)
class Recurrent(Layer, ABC):
    """What the recurrent layers share: layers and directions, each a cell with weights of its own.

    Input (T, N, input_size), (N, T, input_size) with batch_first, or (T, input_size).
    Output the same with the state of every step in place of the features, the states
    of both directions side by side; h_n (layers × directions, N, hidden_size) holds
    the last ones.
    """

    inputs: ClassVar[tuple[Port, ...]] = (INPUT, Port("hx", optional=True, about="the states to begin with"))
    outputs: ClassVar[tuple[str, ...]] = ("output", "h_n")
    keras_outputs: ClassVar[tuple[str, ...]] = ("output",)
    gates: ClassVar[int]

    input_size: int = knob(symbol="n", positional=True, kind=Whole(), about="numbers that come in at each step")
    hidden_size: int = knob(symbol="m", positional=True, kind=Whole(), about="numbers in the state")
    num_layers: int = knob(
        1, symbol="L", kind=Whole(), about="layers above one another, each reading the states of the one below"
    )

    @property
    def directions(self) -> int:
        """2 where the sequence is read backwards, too."""
        return 2 if self.argument("bidirectional") else 1

    @property
    def projected(self) -> int:
        """The length of the state that is handed on: shorter than hidden_size where an LSTM projects it."""
        return self.hidden_size

    def check(self) -> None:
        self.require_bounds("input_size", "hidden_size", "num_layers")
        if not 0 <= self.argument("dropout") <= 1:
            raise self.fault("dropout", "must be from 0 to 1", "try 0.5")

    def out(self, x: Shape, *, hx: States | Shape | None = None) -> Answer:
        steps = self._steps(x)
        if steps < 1:
            raise self.fault("input", "must have at least one step", "give it a sequence of 1 step or more", value=x)
        if hx is not None:
            self.require_states(x, hx)
        output = (*x[:-1], self._both(self.projected))
        return (output, *self.states(x))

    def _steps(self, x: Shape) -> int:
        if len(x) not in (2, 3):
            raise self.fault(
                "input",
                f"must have 3 axes, or 2 without a batch, and has {len(x)}",
                f"write (5, {int(self.input_size)}) for 5 steps",
                value=x,
            )
        if x[-1] != self.input_size:
            raise self.fault(
                "input",
                f"must end in input_size (={int(self.input_size)}), and its last axis is {int(x[-1])}",
                f"set input_size={int(x[-1])}" if x[-1] > 0 else f"write {(*x[:-1], int(self.input_size))}",
                value=x,
            )
        return x[1] if len(x) == 3 and self.argument("batch_first") else x[0]

    def _both(self, size: int) -> int:
        return let("out", 2 * size) if self.directions == 2 else size

    def states(self, x: Shape) -> States:
        """The shapes of the last states, which are those of the first ones."""
        count = let("states", 2 * self.num_layers) if self.directions == 2 else self.num_layers
        batch = () if len(x) == 2 else (x[0],) if self.argument("batch_first") else (x[1],)
        return tuple((count, *batch, size) for size in self.state_sizes())

    def state_sizes(self) -> tuple[int, ...]:
        """The length of each state that is kept from step to step."""
        return (self.projected,)

    def require_states(self, x: Shape, hx: States | Shape) -> None:
        """Refuse states of another shape than those that come out."""
        [wanted] = self.states(x)
        if hx != wanted:
            raise self.fault("hx", f"must have the shape {plain(wanted)}", "leave it out for zeros", value=hx)

    def places(self) -> Iterator[Place]:
        """Each cell of the stack: its layer, its direction, what it reads."""
        layers = exactly(self.num_layers)
        for layer in range(layers):
            inside = self.input_size if layer == 0 else self.directions * self.projected
            for backward in (False, True)[: self.directions]:
                yield Place(layer, layers, backward, self.directions == 2, inside)

    def learned(self) -> Iterator[Weight]:
        for place in self.places():
            yield from self._cell(place)

    def _cell(self, place: Place) -> Iterator[Weight]:
        rows, suffix = self.gates * self.hidden_size, f"_l{place.layer}{'_reverse' if place.backward else ''}"
        tensors: list[tuple[str, Shape, str]] = [
            ("weight_ih", (rows, place.inside), "input weights"),
            ("weight_hh", (rows, self.projected), "recurrent weights"),
        ]
        if self.argument("bias"):
            tensors += [("bias_ih", (rows,), "bias"), ("bias_hh", (rows,), "second bias")]
        tensors += [("weight_hr", shape, "projection") for shape in self.projection()]
        for name, shape, role in tensors:
            yield Weight(name + suffix, shape, part=place.part, role=place.role(role))

    def projection(self) -> tuple[Shape, ...]:
        """Hook: the matrix that shortens the state, where there is one."""
        return ()

    def costs(self, x: Shape) -> Iterator[Cost]:
        times = self.directions * prod(x[:-1])
        stacked = self.num_layers > 1
        yield from self._work(times, self.input_size, "first" if stacked else "")
        if stacked:
            yield from self._work(times * (self.num_layers - 1), self.directions * self.projected, "deeper")

    def _work(self, times: int, inside: int, part: str) -> Iterator[Cost]:
        rows, where = self.gates * self.hidden_size, {"first": "first layer: ", "deeper": "deeper layers: "}.get(part)
        where = where or ""
        yield Cost(f"{where}multiply the input of each step with its weights", times * rows * inside, part=part)
        yield Cost(f"{where}multiply the state before with its weights", times * rows * self.projected, part=part)
        for projection in self.projection():
            yield Cost(f"{where}project the state", times * prod(projection), part=part)
        if self.argument("bias"):
            yield Cost(f"{where}add the two biases", 2 * times * rows, "addition")
        yield from self.gate_work(where, times)

    def gate_work(self, where: str, times: int) -> Iterator[Cost]:
        """What a cell does number by number, for so many steps."""
        yield Cost(f"{where}apply {self.argument('nonlinearity')}", times * self.hidden_size, "evaluation")

    def input_symbols(self, rank: int, name: str = "input") -> tuple[str, ...]:
        leading = {2: ("T",), 3: ("N", "T") if self.argument("batch_first") else ("T", "N")}
        return (*leading.get(rank, tuple(f"d_{i}" for i in range(1, rank))), "n")

    def window(self, x: Shape) -> tuple[tuple[int, int], ...] | None:
        # The last state has read every step.
        return None

    def keras_shape(self, shape: Shape) -> Shape:
        batched = shape if len(shape) == 3 else (1, *shape)
        return batched if self.argument("batch_first") or len(shape) != 3 else (shape[1], shape[0], shape[2])

    def keras(self, x: Shape) -> list[str]:
        if self.projection():
            raise NoEquivalent("Keras's LSTM cannot project its state.")
        lines: list[str] = []
        for layer in range(exactly(self.num_layers)):
            made = self.keras_call()
            lines.append(f"Bidirectional(layers.{made})" if self.directions == 2 else made)
            if self.argument("dropout") and layer + 1 < self.num_layers:
                lines.append(call("Dropout", self.argument("dropout")))
        return lines

    def keras_call(self) -> str:
        """One layer in one direction, under Keras's name."""
        return call(
            type(self).__name__,
            self.hidden_size,
            use_bias=(self.argument("bias"), True),
            return_sequences=(True, False),
        )

    def conventions(self, x: Shape) -> Conventions:
        return side_by_side(self, self.gates, tuple(self.places()), self.projection())

    def picture(self, x: Shape) -> str:
        return unrolled(type(self).__name__, self._steps(x), self.num_layers, self.directions, self.gates)
