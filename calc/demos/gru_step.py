"""One step of a GRU cell, with the reset before or after the product."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from calc.demos.cell_code import blend, cell_code, gate_line, reset_first_code, vector
from calc.demos.cell_diagram import gru_diagram
from calc.demos.cell_step import UNITS, CellStep, Gate, Listed, combined, inside, listed
from calc.demos.rnn_step import DRAWN
from calc.knob import Choice, Seed, Table, knob
from calc.panels.table import Typeset
from calc.picture import figure
from calc.scene import at, digits
from calc.stage import Stop, stage
from calc.values.cells import GRUStep as Step
from calc.values.cells import gru_cell, times
from calc.values.matrix import Matrix, Vector
from calc.worked import facts, steps

AFTER = "after the product"
BEFORE = "before the product"


@dataclass(frozen=True)
class GRUStep(CellStep):
    """Show one step of a GRU cell: two gates, a candidate, and the state between old and new."""

    heading: ClassVar[str] = "One step of a GRU"
    titles: ClassVar[Mapping[str, str]] = {
        "answer": "",
        "cell": "The cell and its numbers",
        "steps": "Step by step",
        "torch": "PyTorch",
    }
    stages: ClassVar[tuple[str, ...]] = ("cell",)
    gates: ClassVar[tuple[Gate, ...]] = (
        Gate("r", "Reset gate", "σ"),
        Gate("z", "Update gate", "σ"),
        Gate("n", "Candidate", "tanh"),
    )
    roles: ClassVar[Mapping[str, str]] = {
        "r": "how much of the old state the candidate sees",
        "z": "how much of each number of h stays",
        "n": "what could take its place",
    }

    x: Vector = knob((1, 0.5), kind=Table(axes=1, columns=UNITS), about="the input of this step")
    h: Vector = knob((0.8, -0.5), kind=Table(axes=1, columns=UNITS), about="the state that the step before made")
    weight_ih: Matrix | None = knob(
        ((0.5, -0.5), (0.8, 0.2), (1, 0.4), (-0.6, 0.2), (0.9, -0.4), (0.3, 0.7)),
        kind=Table(rows=3 * UNITS, columns=UNITS, empty=DRAWN),
        about="what the input is multiplied with: the rows of r, z and n one after the other",
    )
    weight_hh: Matrix | None = knob(
        ((0.2, 0.4), (-0.3, 0.6), (0.5, 0.1), (0.7, -0.2), (-0.4, 0.3), (0.2, -0.8)),
        kind=Table(rows=3 * UNITS, columns=UNITS, empty=DRAWN),
        about="what the state is multiplied with, in the same order",
    )
    bias_ih: Vector | None = knob(
        None, kind=Table(axes=1, columns=3 * UNITS, empty="zeros"), about="the first bias, in the same order"
    )
    bias_hh: Vector | None = knob(
        (0, 0, 0, 0, 0.5, -0.5),
        kind=Table(axes=1, columns=3 * UNITS, empty="zeros"),
        about="the second bias; that of n is multiplied with the reset gate where this comes after the product",
    )
    reset: str = knob(
        AFTER,
        kind=Choice((AFTER, BEFORE)),
        about="where the reset gate is applied: after the product in PyTorch and Keras, before it in Keras with "
        "reset_after=False",
    )
    seed: int = knob(1, kind=Seed(), about="what weights that are left blank are drawn from")

    @property
    def after(self) -> bool:
        """Whether the reset comes after the product."""
        return self.reset == AFTER

    @property
    def done(self) -> Step:
        """The numbers of the step."""
        return gru_cell(self.x, self.h, self.weights(), reset_after=self.after)

    def made(self, gate: Gate) -> Vector:
        numbers: Vector = getattr(self.done, gate.symbol)
        return numbers

    def parts(self) -> tuple[Vector, Vector]:
        return self.done.from_x, self.done.from_h

    def seen(self, gate: Gate) -> tuple[str, str, Vector]:
        if gate.symbol == "n" and not self.after:
            return "rh", "r·h", times(self.done.r, self.h)
        return super().seen(gate)

    def answer(self, typeset: Typeset) -> str:
        """The new state, what the other order gives, and what was learned."""
        d, m = len(self.x), len(self.h)
        other = gru_cell(self.x, self.h, self.weights(), reset_after=not self.after).h
        where = "before" if self.after else "after"
        who, biases = ("PyTorch", 2) if self.after else ("Keras", 1)
        return facts(
            [
                ("New state h′", listed(self.done.h), f"of h = {listed(self.h)}"),
                (f"Reset {where} the product", listed(other), "the other convention, from the same numbers"),
                ("Parameters", str(3 * (m * d + m * m + biases * m)), f"{who}: 3·({m}·{d} + {m}·{m} + {biases}·{m})"),
            ]
        )

    def cell(self, typeset: Typeset) -> str:
        """The wiring, every product, and the state between old and new."""
        parts = [
            (
                gru_diagram(reset_after=self.after),
                "what is wired to what; σ lies between 0 and 1, tanh between −1 and 1",
            )
        ]
        if self.after:
            parts.append(
                (
                    self.products("r", "z", "n"),
                    "rows in PyTorch's order r, z, n; in n the part from h is multiplied with r",
                )
            )
        else:
            parts.append((self.products("r", "z"), "the gates see h"))
            parts.append((self.products("n"), "the candidate sees h only through r"))
        parts.append((self.blended(), "the new state, number by number"))
        scene = figure(
            parts,
            "Each row is multiplied with the numbers above it. Where z is near 1, the old number stays.",
            [("state", "input and state"), ("data", "weights"), ("part", "sums"), ("made", "gates and new state")],
            arrows=False,
        )
        reset, update, candidate = self.gates
        stops = [*self.gate_stops(reset), *self.gate_stops(update)]
        stops += self._candidates(candidate) if self.after else self._reset_first(candidate)
        return stage(
            scene, [*stops, *self._blends()], notes=self.notes(), label="GRU cell; arrow keys go from number to number"
        )

    def _candidates(self, gate: Gate) -> list[Stop]:
        done, stops = self.done, []
        for unit, row in enumerate(self.rows_of("n")):
            one, other = done.from_x[row], done.from_h[row]
            total = one + done.r[unit] * other
            said = (
                f"Candidate, unit {unit + 1}: tanh({digits(one)} + r·{inside(other)}) = tanh({digits(one)} + "
                f"{digits(done.r[unit])}·{inside(other)}) = tanh({digits(total)}) = {digits(done.n[unit])}."
            )
            stops.append(Stop(at("n", unit), [*self.lit(gate, unit), at("r", unit), "gate-n"], said))
        return stops

    def _reset_first(self, gate: Gate) -> list[Stop]:
        stops = [
            Stop(
                at("rh", unit),
                [at("r", unit), at("h", unit), "box-h"],
                f"The candidate sees {digits(r)}·{inside(h)} = {digits(r * h)} in place of h, unit {unit + 1}.",
            )
            for unit, (r, h) in enumerate(zip(self.done.r, self.h, strict=True))
        ]
        return stops + self.gate_stops(gate)

    def _blends(self) -> list[Stop]:
        done = self.done
        return [
            Stop(
                at("new", unit),
                [at(name, unit) for name in ("rest", "n", "z", "h")] + ["new-h", "box-h", "box-new"],
                f"New h, unit {unit + 1}: {digits(1 - z)}·{inside(n)} + {digits(z)}·{inside(h)} = {digits(new)}: "
                f"{z:.0%} of the old number stays.",
            )
            for unit, (z, n, h, new) in enumerate(zip(done.z, done.n, self.h, done.h, strict=True))
        ]

    def blended(self) -> str:
        """h′ = (1 − z) · n + z · h as a row for each number."""
        done = self.done
        rest = tuple(1 - z for z in done.z)
        lists = [
            Listed("rest", rest, "1 − z", "", strengths=rest),
            Listed("n", done.n, "n", "·", strengths=done.n),
            Listed("z", done.z, "z", "+", strengths=done.z),
            Listed("h", self.h, "h", "·", "state"),
            Listed("new", done.h, "h′", "=", strengths=done.h),
        ]
        return combined(lists, f"h′ = (1 − z) · n + z · h = {listed(done.h)}.")

    def steps(self, typeset: Typeset) -> str:
        """The formulas with the numbers."""
        done, m = self.done, len(self.h)
        one, other = ([part[at * m : (at + 1) * m] for at in range(3)] for part in self.parts())
        lines = [
            gate_line("r", r"\sigma", one[0], other[0], done.r),
            gate_line("z", r"\sigma", one[1], other[1], done.z),
        ]
        if self.after:
            formula = r"r \odot (W_{hn}\,h + b_{hn})"
            numbers = rf"{vector(done.r)} \odot {vector(other[2])}"
        else:
            formula, numbers = r"W_{hn}\,(r \odot h) + b_{hn}", vector(other[2])
        lines.append(
            [
                rf"n = \tanh(W_{{in}}\,x + b_{{in}} + {formula})",
                rf"\tanh({vector(one[2])} + {numbers})",
                vector(done.n),
            ]
        )
        rest = vector([1 - z for z in done.z])
        lines.append(
            [
                r"h' = (1 - z) \odot n + z \odot h",
                blend(rest, vector(done.n), vector(done.z), vector(self.h)),
                vector(done.h),
            ]
        )
        return steps(lines, typeset)

    def torch(self, typeset: Typeset) -> str:
        """`nn.GRUCell`, or by hand what PyTorch has no cell for."""
        tensors = {**vars(self.weights()), "x": self.x, "h": self.h}
        tensors.pop("weight_hr")
        if self.after:
            return cell_code("GRUCell", tensors, "h", {"h": self.done.h})
        return reset_first_code(tensors, self.done.h)
