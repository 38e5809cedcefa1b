"""One step of a plain recurrent cell."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from calc.demos.cell_code import cell_code, vector
from calc.demos.cell_diagram import rnn_diagram
from calc.demos.cell_step import UNITS, CellStep, Gate, listed
from calc.knob import Choice, Seed, Table, knob
from calc.panels.table import Typeset
from calc.picture import figure
from calc.scene import at
from calc.stage import Stop, stage
from calc.values.cells import RNNStep as Step
from calc.values.cells import rnn_cell
from calc.values.matrix import Matrix, Vector
from calc.worked import factor, facts, products, steps, tex

DRAWN = "drawn from the seed, to fit x and h"


@dataclass(frozen=True)
class RNNStep(CellStep):
    """Show one step of a plain recurrent cell, h' = tanh(W x + b + W h + b), number by number."""

    heading: ClassVar[str] = "One step of an RNN"
    titles: ClassVar[Mapping[str, str]] = {
        "answer": "",
        "cell": "The cell and its numbers",
        "steps": "Step by step",
        "torch": "PyTorch",
    }
    stages: ClassVar[tuple[str, ...]] = ("cell",)

    x: Vector = knob((1, -1, 0.5), kind=Table(axes=1, columns=UNITS), about="the input of this step")
    h: Vector = knob((0.5, -0.2), kind=Table(axes=1, columns=UNITS), about="the state that the step before made")
    weight_ih: Matrix | None = knob(
        ((0.5, -0.3, 0.2), (0.1, 0.4, -0.6)),
        kind=Table(rows=UNITS, columns=UNITS, empty=DRAWN),
        about="what the input is multiplied with: a row for each number of the state",
    )
    weight_hh: Matrix | None = knob(
        ((0.6, 0.3), (-0.4, 0.8)),
        kind=Table(rows=UNITS, columns=UNITS, empty=DRAWN),
        about="what the state is multiplied with",
    )
    bias_ih: Vector | None = knob((0.1, 0), kind=Table(axes=1, columns=UNITS, empty="zeros"), about="the first bias")
    bias_hh: Vector | None = knob(
        None,
        kind=Table(axes=1, columns=UNITS, empty="zeros"),
        about="the second bias that PyTorch has; it is added as well",
    )
    nonlinearity: str = knob("tanh", kind=Choice(("tanh", "relu")), about="the function that makes the new state")
    seed: int = knob(1, kind=Seed(), about="what weights that are left blank are drawn from")

    @property
    def gates(self) -> tuple[Gate, ...]:  # type: ignore[override]
        """The one list of numbers that this cell makes."""
        return (Gate("new", "New state", self.nonlinearity, "h′"),)

    @property
    def done(self) -> Step:
        """The numbers of the step."""
        return rnn_cell(self.x, self.h, self.weights(), self.nonlinearity)

    def made(self, gate: Gate) -> Vector:
        return self.done.h

    def parts(self) -> tuple[Vector, Vector]:
        return self.done.from_x, self.done.from_h

    def answer(self, typeset: Typeset) -> str:
        """The new state, and what was learned to make it."""
        d, m = len(self.x), len(self.h)
        return facts(
            [
                ("New state h′", listed(self.done.h), f"of h = {listed(self.h)} and x = {listed(self.x)}"),
                ("Parameters", str(m * d + m * m + 2 * m), f"{m}·{d} + {m}·{m} + 2·{m}, the same at every step"),
            ]
        )

    def cell(self, typeset: Typeset) -> str:
        """The wiring, then every product."""
        gate = self.gates[0]
        scene = figure(
            [
                (rnn_diagram(self.nonlinearity), "what is wired to what"),
                (self.products("new"), "a row for each number of the new state: products, biases, result"),
            ],
            "Each row is multiplied with the numbers above it; what comes from x and what comes from h is added up.",
            [("state", "input and state"), ("data", "weights"), ("part", "sums"), ("made", "new state")],
            arrows=False,
        )
        stops = [
            Stop(each.cell, [*each.lights, "from-x", "from-h", "box-new"], each.says) for each in self.gate_stops(gate)
        ]
        stops.append(
            Stop(
                "box-new",
                [at("new", unit) for unit in range(len(self.h))],
                f"The new state {listed(self.done.h)} is the output, and the h of the next step.",
            )
        )
        return stage(scene, stops, notes=self.notes(), label="RNN cell; arrow keys go from number to number")

    def steps(self, typeset: Typeset) -> str:
        """The formula with the numbers."""
        held, done = self.weights(), self.done
        function = r"\tanh" if self.nonlinearity == "tanh" else r"\operatorname{relu}"
        lines = [["h'", rf"{function}(W_{{ih}}\,x + b_{{ih}} + W_{{hh}}\,h + b_{{hh}})", vector(done.h)]]
        for unit, (one, other) in enumerate(zip(*self.parts(), strict=True)):
            pairs = [*zip(held.weight_ih[unit], self.x, strict=True), *zip(held.weight_hh[unit], self.h, strict=True)]
            biases = " + ".join(factor(bias[unit]) for bias in (held.bias_ih, held.bias_hh))
            total = f"{function}({products(pairs)} + {biases})"
            lines.append([f"h'_{unit + 1}", total, f"{function}({tex(one + other)})", tex(done.h[unit])])
        return steps(lines, typeset)

    def torch(self, typeset: Typeset) -> str:
        """The same with `nn.RNNCell`."""
        held = self.weights()
        tensors = {**vars(held), "x": self.x, "h": self.h}
        tensors.pop("weight_hr")
        return cell_code("RNNCell", tensors, "h", {"h": self.done.h}, self.nonlinearity)
