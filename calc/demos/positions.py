"""The table of positions as a picture, entry by entry, and beside a learned one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import calc
from calc.demo import Demo
from calc.demos.heat_picture import LEGEND, heat
from calc.knob import Choice, Seed, Whole, knob
from calc.panels.printed import printed, prints
from calc.panels.snippet import snippet
from calc.panels.table import Typeset
from calc.picture import figure
from calc.scene import Grid, at, digits
from calc.stage import Stop, stage
from calc.values import positions
from calc.values.matrix import Matrix
from calc.values.positions import Wave
from calc.worked import facts, steps, tex

INTERLEAVED = "sine and cosine in turn"
CONCATENATED = "all sines, then all cosines"
LEARNED = "learned, before training"

FIRST = 6, 8
"""Rows and columns that are shown in numbers."""

CORNER = 32
"""Rows and columns that are compared with a learned table: more would say no more, and weigh much."""


def waves(variant: str, d_model: int) -> tuple[Wave, ...]:
    """The columns of a table that is computed."""
    return {INTERLEAVED: positions.interleaved_waves, CONCATENATED: positions.concatenated_waves}[variant](d_model)


def called(wave: Wave) -> str:
    """A column's head: its function and divisor."""
    if not wave.function:
        return "0"
    return f"{wave.function} i" if wave.divisor == 1 else f"{wave.function} i/{digits(wave.divisor, 2)}"


@dataclass(frozen=True)
class PositionalEncoding(Demo):
    """Show the table of sines and cosines that tells a Transformer where a token stands."""

    heading: ClassVar[str] = "Table of positions"
    titles: ClassVar[Mapping[str, str]] = {
        "answer": "",
        "table": "The whole table",
        "first": "Its first rows in numbers",
        "steps": "One entry, step by step",
        "beside": "Beside a learned table",
        "torch": "PyTorch",
    }
    stages: ClassVar[tuple[str, ...]] = ("table", "first")

    length: int = knob(32, symbol="l", kind=Whole(2, most=64), about="positions: rows of the table")
    d_model: int = knob(
        32, symbol="d", kind=Whole(most=64), about="width of an embedding: columns of the table; odd ones, too"
    )
    variant: str = knob(
        INTERLEAVED,
        kind=Choice((INTERLEAVED, CONCATENATED)),
        about="the paper's order, or that of the code published with it, tensor2tensor",
    )
    walk: str = knob(
        "positions", kind=Choice(("positions", "columns")), about="what the steps through the picture go over"
    )
    position: int = knob(3, symbol="i", kind=Whole(0, most=63), about="row of the entry that is worked out, from 0")
    column: int = knob(4, kind=Whole(0, most=63), about="column of that entry, from 0")
    seed: int = knob(1, kind=Seed(), about="what the learned table's first numbers are drawn from")

    def check(self) -> None:
        super().check()
        for name, size in (("position", "length"), ("column", "d_model")):
            most = getattr(self, size) - 1
            if getattr(self, name) > most:
                raise self.fault(name, f"must be less than {size} (={most + 1})", f"try {most}")

    @property
    def waves(self) -> tuple[Wave, ...]:
        """The columns."""
        return waves(self.variant, self.d_model)

    @property
    def rows(self) -> Matrix:
        """The table."""
        return positions.table(self.waves, self.length)

    def answer(self, typeset: Typeset) -> str:
        """Shape, parameters and how slow the slowest wave is."""
        learned = calc.layer("LearnedPositions", d_model=self.d_model, max_len=self.length).params
        fixed = calc.layer("SinusoidalPositions", d_model=self.d_model, max_len=self.length).params
        slowest = max((wave for wave in self.waves if wave.function), key=lambda wave: wave.divisor, default=None)
        entries = [
            ("Shape", f"({self.length}, {self.d_model})", "position, column"),
            ("Parameters", str(int(fixed)), f"a learned table has {self.length} · {self.d_model} = {int(learned):,}"),
        ]
        if slowest:
            turn = f"{slowest.period:,.2f}"
            entries.append(("Slowest pair", turn, f"positions for one turn, 2π · {digits(slowest.divisor)}"))
        return facts(entries)

    def table(self, typeset: Typeset) -> str:
        """Every entry a square; a step for each row or each column."""
        label = f"Table of {self.length} rows and {self.d_model} columns, every number between −1 and 1."
        scene = figure(
            [(heat(self.rows, label), "rows: positions; columns: the numbers of an embedding")],
            "A fast wave changes from row to row, a slow one hardly in the whole picture.",
            LEGEND,
        )
        rows = [Stop(at("row", place), [], self._row(place)) for place in range(self.length)]
        columns = [Stop(at("column", place), [], self._column(place)) for place in range(self.d_model)]
        # A single column would be a single step.
        first, second = (columns, rows) if self.walk == "columns" and len(columns) > 1 else (rows, columns)
        return stage(scene, first, notes=second, label=f"Table of positions; a step for each of the {self.walk}")

    def _row(self, position: int) -> str:
        shown = ", ".join(digits(number) for number in self.rows[position][:6])
        return f"Position {position} gets the row {'that starts with ' if self.d_model > 6 else ''}{shown}."

    def _column(self, column: int) -> str:
        wave = self.waves[column]
        if not wave.function:
            return f"Column {column} is filled up with 0: the width is odd."
        name = {"sin": "sine", "cos": "cosine"}[wave.function]
        shown = ", ".join(digits(wave.at(position)) for position in range(min(self.length, 3)))
        divided = "i" if wave.divisor == 1 else f"i / {digits(wave.divisor)}"
        return (
            f"Column {column} is the {name} of {divided}: pair {wave.pair}, one turn in {digits(wave.period, 2)} "
            f"positions. It starts {shown}."
        )

    def first(self, typeset: Typeset) -> str:
        """The upper left corner."""
        rows, columns = (min(size, most) for size, most in zip((self.length, self.d_model), FIRST, strict=True))
        corner = [row[:columns] for row in self.rows[:rows]]
        drawing = Grid(
            "p",
            [[digits(number) for number in row] for row in corner],
            shade=lambda row, column: 0.45 * corner[row][column],
            rows=[f"i = {row}" for row in range(rows)],
            columns=[called(wave) for wave in self.waves[:columns]],
        ).svg(f"First {rows} rows and {columns} columns of the table.")
        stops = [
            Stop(at("p", row, column), [], self._said(row, column)) for row in range(rows) for column in range(columns)
        ]
        left_out = f"{self.length - rows} more rows and {self.d_model - columns} more columns are left out."
        whole = (rows, columns) == (self.length, self.d_model)
        scene = figure([(drawing, "columns: what is taken of i")], "That is all of it." if whole else left_out)
        return stage(scene, stops, label="First entries of the table; arrow keys go from cell to cell")

    def _said(self, position: int, column: int) -> str:
        wave = self.waves[column]
        found = digits(wave.at(position))
        if not wave.function:
            return f"P[{position}, {column}] = 0: the width is odd, and the last column is filled up."
        divided = str(position) if wave.divisor == 1 else f"{position} / {digits(wave.divisor)}"
        return f"P[{position}, {column}] = {wave.function}({divided}) = {found}, of pair {wave.pair}."

    def steps(self, typeset: Typeset) -> str:
        """The chosen entry."""
        wave, name = self.waves[self.column], f"P_{{{self.position},\\,{self.column}}}"
        if not wave.function:
            return steps([[name, "0"]], typeset)
        angle = self.position / wave.divisor
        if self.variant == INTERLEAVED:
            exponents = ["2j/d", rf"2 \cdot {wave.pair}/{self.d_model}"]
        else:
            pairs = self.d_model // 2
            exponents = ["j/(m-1)", rf"{wave.pair}/{max(pairs - 1, 1)}"]
        half = f"{self.column}{' - ' + str(self.d_model // 2) if wave.function == 'cos' else ''}"
        halved = r"\lfloor" + f"{self.column}/2" + r"\rfloor"
        return steps(
            [
                ["j", halved if self.variant == INTERLEAVED else half, str(wave.pair)],
                [*(f"10000^{{{each}}}" for each in exponents), tex(wave.divisor)],
                [r"\alpha", rf"{self.position} / {tex(wave.divisor)}", tex(angle)],
                [name, rf"\{wave.function} \alpha", rf"\{wave.function} {tex(angle)}", tex(wave.at(self.position))],
            ],
            typeset,
        )

    def beside(self, typeset: Typeset) -> str:
        """The same sizes, learned: before training there is no order in it."""
        learned = positions.learned(self.length, self.d_model, self.seed)
        computed, learned = (tuple(row[:CORNER] for row in table[:CORNER]) for table in (self.rows, learned))
        cut = f" Shown are at most {CORNER} rows and columns." if max(self.length, self.d_model) > CORNER else ""
        params = int(calc.layer("LearnedPositions", d_model=self.d_model, max_len=self.length).params)
        drawn = [
            (heat(computed, "The table of sines and cosines.", most=290, bands=False), "computed: 0 parameters"),
            (
                heat(
                    learned, "A table of numbers that are drawn, without any order.", largest=2, most=290, bands=False
                ),
                f"learned, before training: {params:,} parameters",
            ),
        ]
        return figure(
            drawn,
            "nn.Embedding draws its numbers from a normal distribution; which position is near to which has to be "
            f"learned. The darkest squares of the learned one are ±2 and beyond.{cut}",
            LEGEND,
            arrows=False,
        )

    def torch(self, typeset: Typeset) -> str:
        """The table, and its first entries printed."""
        shown = printed([row[:6] for row in self.rows[:4]])
        return snippet(f"{code(self.variant, self.length, self.d_model)}\n{prints('pe[:4, :6]', shown)}")


def code(variant: str, length: int, d_model: int) -> str:
    """PyTorch that makes the table `pe`."""
    sizes = f"import torch\n\nlength, d_model = {length}, {d_model}\n"
    turned = "angles = torch.arange(length).unsqueeze(1) * rates\n"
    if variant == INTERLEAVED:
        return (
            f"{sizes}rates = 10000 ** (-torch.arange(0, d_model, 2, dtype=torch.float64) / d_model)\n{turned}"
            "pe = torch.zeros(length, d_model, dtype=torch.float64)\n"
            "pe[:, 0::2] = torch.sin(angles)\n"
            "pe[:, 1::2] = torch.cos(angles)[:, : d_model // 2]\n"
        )
    return (
        f"{sizes}pairs = d_model // 2\n"
        "rates = 10000 ** (-torch.arange(pairs, dtype=torch.float64) / max(pairs - 1, 1))\n"
        f"{turned}"
        "pe = torch.cat([torch.sin(angles), torch.cos(angles)], dim=1)\n"
        "pe = torch.nn.functional.pad(pe, (0, d_model % 2))\n"
    )
