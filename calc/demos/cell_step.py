"""What the demos of one recurrent step share: weights that may be drawn, a sheet of numbers, steps gate by gate."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from random import Random
from typing import ClassVar, NamedTuple

from calc.demo import Demo
from calc.demos.sheet import Column, indexed, sheet
from calc.scene import at, digits
from calc.stage import Stop
from calc.values.cells import Weights
from calc.values.matrix import Matrix, Vector
from calc.worked import dot_text

UNITS = 3
"""The most inputs and units that are drawn."""


class Gate(NamedTuple):
    """A list of m numbers that a cell computes from x and h."""

    symbol: str
    name: str
    function: str
    label: str = ""
    """What stands before its rows, if not the symbol."""


def drawn(seed: int, name: str, rows: int, columns: int) -> Matrix:
    """Weights between -1 and 1 with one decimal, so that they can be followed; equal for equal seeds."""
    draw = Random(f"{seed} {name}")
    return tuple(tuple(draw.randint(-10, 10) / 10 for _ in range(columns)) for _ in range(rows))


def inside(number: float) -> str:
    """A number as a term of a sum in plain text: a negative one in brackets."""
    return f"({digits(number)})" if number < 0 else digits(number)


def listed(numbers: Sequence[float]) -> str:
    """A vector in a sentence: (0.5, −1)."""
    return f"({', '.join(map(digits, numbers))})"


class Listed(NamedTuple):
    """A list of m numbers on its way into the new state: the cells' name, the symbol above, the sign before."""

    name: str
    numbers: Vector
    head: str
    sign: str
    kind: str = "made"
    strengths: Vector = ()


def combined(lists: Sequence[Listed], label: str) -> str:
    """Lists of numbers that are multiplied and added number by number: a row for each unit."""
    units = range(len(lists[0].numbers))
    columns = [
        Column([at(name, unit) for unit in units], list(map(digits, numbers)), head, None, sign, kind, strengths)
        for name, numbers, head, sign, kind, strengths in lists
    ]
    return sheet([str(unit + 1) for unit in units], columns, label, len(units))


class CellStep(Demo, ABC):
    """One step of one cell."""

    gates: ClassVar[tuple[Gate, ...]]
    roles: ClassVar[Mapping[str, str]] = {}
    """What each gate is for, by its symbol."""

    x: Vector
    h: Vector
    weight_ih: Matrix | None
    weight_hh: Matrix | None
    bias_ih: Vector | None
    bias_hh: Vector | None
    seed: int

    def check(self) -> None:
        super().check()
        rows = len(self.gates) * len(self.h)
        each = "gate and unit" if len(self.gates) > 1 else "unit"
        for name, wanted, other in (("weight_ih", len(self.x), "x"), ("weight_hh", len(self.h), "h")):
            table = getattr(self, name)
            if table is not None and (len(table), len(table[0])) != (rows, wanted):
                rule = (
                    f"must be {rows} × {wanted}, a row for each {each} and a column for each number in {other}, "
                    f"and is {len(table)} × {len(table[0])}"
                )
                raise self.fault(name, rule, "leave it blank to have it drawn")
        for name in ("bias_ih", "bias_hh"):
            row = getattr(self, name)
            if row is not None and len(row) != rows:
                rule = f"must have one number for each {each}, {rows} in all, and has {len(row)}"
                raise self.fault(name, rule, "leave it blank for zeros")

    def weights(self) -> Weights:
        """What was typed; drawn or zero where nothing was."""
        rows, m, d = len(self.gates) * len(self.h), len(self.h), len(self.x)
        return Weights(
            self.weight_ih or drawn(self.seed, "weight_ih", rows, d),
            self.weight_hh or drawn(self.seed, "weight_hh", rows, m),
            self.bias_ih or (0.0,) * rows,
            self.bias_hh or (0.0,) * rows,
        )

    @abstractmethod
    def made(self, gate: Gate) -> Vector:
        """A gate's numbers."""

    @abstractmethod
    def parts(self) -> tuple[Vector, Vector]:
        """The two parts of each sum, from x and from h, G·m numbers each."""

    def seen(self, gate: Gate) -> tuple[str, str, Vector]:
        """What a gate multiplies with its recurrent weights: the cells' name, the symbol, the numbers."""
        return "h", "h", self.h

    def rows_of(self, *symbols: str) -> list[int]:
        """The rows of these gates in PyTorch's matrices."""
        m = len(self.h)
        return [
            number * m + unit for number, gate in enumerate(self.gates) if gate.symbol in symbols for unit in range(m)
        ]

    def products(self, *symbols: str) -> str:
        """The sheet of some gates, which all see the same state: matrices, biases, parts, results."""
        gates = [gate for gate in self.gates if gate.symbol in symbols]
        rows, held = self.rows_of(*symbols), self.weights()
        from_x, from_h = self.parts()
        state, letter, numbers = self.seen(gates[0])
        results = [number for gate in gates for number in self.made(gate)]
        names = [at(gate.symbol, unit) for gate in gates for unit in range(len(self.h))]

        def column(name: str, values: Sequence[float], head: str, sign: str, kind: str = "data") -> Column:
            return Column(
                [at(name, row) for row in rows], [digits(values[row]) for row in rows], head, None, sign, kind
            )

        def matrix(
            name: str, table: Sequence[Sequence[float]], cells: str, head: str, over: Sequence[float]
        ) -> list[Column]:
            return [
                Column(
                    [at(name, row, place) for row in rows],
                    [digits(table[row][place]) for row in rows],
                    indexed(head, place + 1),
                    (at(cells, place), digits(over[place])),
                    gap=3 if place or name == "wi" else 22,
                )
                for place in range(len(over))
            ]

        columns = [
            *matrix("wi", held.weight_ih, "x", "x", self.x),
            column("bi", held.bias_ih, "b_ih", "+"),
            column("fx", from_x, "from x", "=", "part"),
            *matrix("wh", held.weight_hh, state, letter, numbers),
            column("bh", held.bias_hh, "b_hh", "+"),
            column("fh", from_h, "from h", "=", "part"),
            Column(names, [digits(number) for number in results], "result", None, "→", "made", results),
        ]
        labels = [indexed(gate.label or gate.symbol, unit + 1) for gate in gates for unit in range(len(self.h))]
        label = "; ".join(f"{gate.name} {gate.symbol} = {listed(self.made(gate))}" for gate in gates)
        return sheet(labels, columns, f"Products of the rows with x and h: {label}.", len(self.h))

    def lit(self, gate: Gate, unit: int) -> list[str]:
        """The cells that a number of a gate is computed from."""
        row = self.rows_of(gate.symbol)[unit]
        state, _, numbers = self.seen(gate)
        return [
            *(name for place in range(len(self.x)) for name in (at("x", place), at("wi", row, place))),
            *(name for place in range(len(numbers)) for name in (at(state, place), at("wh", row, place))),
            *(at(name, row) for name in ("bi", "bh", "fx", "fh")),
            "box-x",
            "box-h",
        ]

    def terms(self, row: int, gate: Gate) -> tuple[str, str]:
        """The two parts of a sum in words: products and, where there is one, the bias."""
        held, (_, _, numbers) = self.weights(), self.seen(gate)
        sides = (
            (held.weight_ih, self.x, held.bias_ih, self.bias_ih),
            (held.weight_hh, numbers, held.bias_hh, self.bias_hh),
        )
        one, other = (
            dot_text(zip(weight[row], vector, strict=True)) + (f" + {inside(bias[row])}" if given else "")
            for weight, vector, bias, given in sides
        )
        return one, other

    def gate_stops(self, gate: Gate) -> list[Stop]:
        """A step for each number of a gate whose parts are simply added."""
        stops, (from_x, from_h) = [], self.parts()
        for unit, row in enumerate(self.rows_of(gate.symbol)):
            one, other = self.terms(row, gate)
            said = (
                f"{gate.name}, unit {unit + 1}: {gate.function}({one} + {other}) = "
                f"{gate.function}({digits(from_x[row] + from_h[row])}) = {digits(self.made(gate)[unit])}."
            )
            stops.append(Stop(at(gate.symbol, unit), [*self.lit(gate, unit), f"gate-{gate.symbol}"], said))
        return stops

    def notes(self) -> list[Stop]:
        """What inputs, sums and gates have to say when they are pointed at."""
        rows, held, found = range(len(self.gates) * len(self.h)), self.weights(), []
        for name, cells, matrix, vector in (("x", "wi", "weight_ih", self.x), ("h", "wh", "weight_hh", self.h)):
            for place, number in enumerate(vector):
                said = (
                    f"{indexed(name, place + 1)} = {digits(number)} is multiplied with column {place + 1} of {matrix}."
                )
                found.append(Stop(at(name, place), [at(cells, row, place) for row in rows], said))
        for gate in self.gates:
            for row in self.rows_of(gate.symbol):
                sides = zip(("fx", "fh"), ("wi", "wh"), self.terms(row, gate), self.parts(), strict=True)
                for name, cells, words, values in sides:
                    width = len(held.weight_ih[0]) if cells == "wi" else len(self.h)
                    lights = [at(cells, row, place) for place in range(width)]
                    found.append(Stop(at(name, row), lights, f"From {name[1]}: {words} = {digits(values[row])}."))
            if role := self.roles.get(gate.symbol):
                numbers = [at(gate.symbol, unit) for unit in range(len(self.h))]
                found.append(Stop(f"gate-{gate.symbol}", numbers, f"{gate.name}: {role}, {listed(self.made(gate))}."))
        return found
