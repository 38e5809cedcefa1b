"""One step of an LSTM cell, gate by gate."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import tanh
from typing import ClassVar

from calc.demos.cell_code import blend, cell_code, gate_line, vector
from calc.demos.cell_diagram import lstm_diagram
from calc.demos.cell_step import UNITS, CellStep, Gate, Listed, combined, inside, listed
from calc.demos.rnn_step import DRAWN
from calc.knob import Seed, Table, knob
from calc.panels.table import Typeset
from calc.picture import figure
from calc.scene import at, digits
from calc.stage import Stop, stage
from calc.values.cells import LSTMStep as Step
from calc.values.cells import lstm_cell
from calc.values.matrix import Matrix, Vector
from calc.worked import facts, steps


@dataclass(frozen=True)
class LSTMStep(CellStep):
    """Show one step of an LSTM cell: three gates, a candidate, and the two states."""

    heading: ClassVar[str] = "One step of an LSTM"
    titles: ClassVar[Mapping[str, str]] = {
        "answer": "",
        "cell": "The cell and its numbers",
        "steps": "Step by step",
        "torch": "PyTorch",
    }
    stages: ClassVar[tuple[str, ...]] = ("cell",)
    gates: ClassVar[tuple[Gate, ...]] = (
        Gate("i", "Input gate", "σ"),
        Gate("f", "Forget gate", "σ"),
        Gate("g", "Candidate", "tanh"),
        Gate("o", "Output gate", "σ"),
    )
    roles: ClassVar[Mapping[str, str]] = {
        "i": "how much of each candidate is added",
        "f": "how much of each number of c is kept",
        "g": "what could be added to c",
        "o": "how much of the new c is shown",
    }

    x: Vector = knob((1, 0.5), kind=Table(axes=1, columns=UNITS), about="the input of this step")
    h: Vector = knob((0.5, -0.5), kind=Table(axes=1, columns=UNITS), about="the state that is shown")
    c: Vector = knob((1, -1), kind=Table(axes=1, columns=UNITS), about="the state that is kept")
    seed: int = knob(1, kind=Seed(), about="what weights that are left blank are drawn from")
    weight_ih: Matrix | None = knob(
        ((0.5, -0.5), (0.8, 0.2), (1, 0.4), (-0.6, 0.2), (0.9, -0.4), (0.3, 0.7), (0.6, 0.1), (-0.2, 0.5)),
        kind=Table(rows=4 * UNITS, columns=UNITS, empty=DRAWN),
        about="what the input is multiplied with: the rows of i, f, g and o one after the other",
    )
    weight_hh: Matrix | None = knob(
        ((0.2, 0.4), (-0.3, 0.6), (0.5, 0.1), (0.7, -0.2), (-0.4, 0.3), (0.2, -0.8), (0.1, 0.9), (0.4, -0.1)),
        kind=Table(rows=4 * UNITS, columns=UNITS, empty=DRAWN),
        about="what the state h is multiplied with, in the same order",
    )
    bias_ih: Vector | None = knob(
        (0, 0, 1, 1, 0, 0, 0, 0),
        kind=Table(axes=1, columns=4 * UNITS, empty="zeros"),
        about="the first bias, in the same order; 1 for the forget gate is what Keras starts from",
    )
    bias_hh: Vector | None = knob(
        None,
        kind=Table(axes=1, columns=4 * UNITS, empty="zeros"),
        about="the second bias that PyTorch has; it is added as well",
    )

    def check(self) -> None:
        super().check()
        if len(self.c) != len(self.h):
            rule = f"must have as many numbers as h, {len(self.h)}, and has {len(self.c)}"
            raise self.fault("c", rule, "give both as many")

    @property
    def done(self) -> Step:
        """The numbers of the step."""
        return lstm_cell(self.x, self.h, self.c, self.weights())

    def made(self, gate: Gate) -> Vector:
        numbers: Vector = getattr(self.done, gate.symbol)
        return numbers

    def parts(self) -> tuple[Vector, Vector]:
        return self.done.from_x, self.done.from_h

    @property
    def shown(self) -> Vector:
        """tanh of the new c."""
        return tuple(tanh(number) for number in self.done.c)

    def answer(self, typeset: Typeset) -> str:
        """Both new states, and what was learned to make them."""
        d, m = len(self.x), len(self.h)
        return facts(
            [
                ("New state h′", listed(self.done.h), f"of h = {listed(self.h)}"),
                ("New state c′", listed(self.done.c), f"of c = {listed(self.c)}"),
                ("Parameters", str(4 * (m * d + m * m + 2 * m)), f"4·({m}·{d} + {m}·{m} + 2·{m})"),
            ]
        )

    def cell(self, typeset: Typeset) -> str:
        """The wiring, every product, and what becomes of the states."""
        scene = figure(
            [
                (lstm_diagram(), "what is wired to what; σ lies between 0 and 1, tanh between −1 and 1"),
                (self.products("i", "f", "g", "o"), "the gates: rows in PyTorch's order i, f, g, o"),
                (self.states(), "the states, number by number"),
            ],
            "Each row is multiplied with the numbers above it. From c to c′ there is no product with weights, only f.",
            [("state", "input and states"), ("data", "weights"), ("part", "sums"), ("made", "gates and new states")],
            arrows=False,
        )
        stops = [
            stop for symbol in "figo" for gate in self.gates if gate.symbol == symbol for stop in self.gate_stops(gate)
        ]
        stops += [*self._kept(), *self._shown()]
        return stage(scene, stops, notes=self.notes(), label="LSTM cell; arrow keys go from number to number")

    def states(self) -> str:
        """c′ = f · c + i · g and h′ = o · tanh c′ as a row for each number."""
        done = self.done
        lists = [
            Listed("f", done.f, "f", "", strengths=done.f),
            Listed("c", self.c, "c", "·", "state"),
            Listed("i", done.i, "i", "+", strengths=done.i),
            Listed("g", done.g, "g", "·", strengths=done.g),
            Listed("newc", done.c, "c′", "=", strengths=self.shown),
            Listed("o", done.o, "o", "│", strengths=done.o),
            Listed("tanh", self.shown, "tanh c′", "·", "part"),
            Listed("new", done.h, "h′", "=", strengths=done.h),
        ]
        return combined(lists, f"c′ = f · c + i · g = {listed(done.c)}; h′ = o · tanh c′ = {listed(done.h)}.")

    def _kept(self) -> list[Stop]:
        done = self.done
        return [
            Stop(
                at("newc", unit),
                [at(name, unit) for name in "fcig"] + ["new-c", "box-c", "box-newc"],
                f"New c, unit {unit + 1}: {digits(f)}·{inside(c)} + {digits(i)}·{inside(g)} = {digits(new)}: "
                f"{f:.0%} of the old number is kept, {i:.0%} of the candidate is added.",
            )
            for unit, (f, c, i, g, new) in enumerate(zip(done.f, self.c, done.i, done.g, done.c, strict=True))
        ]

    def _shown(self) -> list[Stop]:
        done = self.done
        return [
            Stop(
                at("new", unit),
                [at(name, unit) for name in ("o", "tanh", "newc")] + ["new-h", "box-new", "box-newc"],
                f"New h, unit {unit + 1}: {digits(o)}·tanh({digits(c)}) = {digits(o)}·{inside(tanh(c))} = {digits(h)}.",
            )
            for unit, (o, c, h) in enumerate(zip(done.o, done.c, done.h, strict=True))
        ]

    def steps(self, typeset: Typeset) -> str:
        """The formulas with the numbers."""
        done, m = self.done, len(self.h)
        lines = []
        for place, gate in enumerate(self.gates):
            function = r"\sigma" if gate.function == "σ" else r"\tanh"
            own = slice(place * m, (place + 1) * m)
            lines.append(gate_line(gate.symbol, function, done.from_x[own], done.from_h[own], self.made(gate)))
        kept = blend(*map(vector, (done.f, self.c, done.i, done.g)))
        lines.append([r"c' = f \odot c + i \odot g", kept, vector(done.c)])
        lines.append([r"h' = o \odot \tanh c'", blend(vector(done.o), vector(self.shown)), vector(done.h)])
        return steps(lines, typeset)

    def torch(self, typeset: Typeset) -> str:
        """The same with `nn.LSTMCell`."""
        tensors = {**vars(self.weights()), "x": self.x, "h": self.h, "c": self.c}
        tensors.pop("weight_hr")
        return cell_code("LSTMCell", tensors, "(h, c)", {"h": self.done.h, "c": self.done.c})
