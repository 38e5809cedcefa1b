"""Positions added to the embeddings of a sentence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import sqrt
from random import Random
from typing import ClassVar

from calc.demo import Demo
from calc.demos.positions import CONCATENATED, INTERLEAVED, LEARNED, code, waves
from calc.knob import Choice, Flag, Seed, Text, Whole, knob
from calc.panels.printed import literal, printed, prints
from calc.panels.snippet import snippet
from calc.panels.table import Typeset
from calc.picture import figure
from calc.scene import Grid, at, digits, matrix_text
from calc.stage import Stop, stage
from calc.values import positions
from calc.values.matrix import Matrix
from calc.worked import dot_text, factor, facts, steps, tex


@dataclass(frozen=True)
class AddedToEmbedding(Demo):
    """Show how positions are added to the embeddings of a sentence, so that equal words differ."""

    heading: ClassVar[str] = "Added to a sentence"
    titles: ClassVar[Mapping[str, str]] = {
        "answer": "",
        "sum": "Embeddings, positions and their sum",
        "steps": "One entry, step by step",
        "torch": "PyTorch",
    }
    stages: ClassVar[tuple[str, ...]] = ("sum",)

    sentence: str = knob("the cat saw the dog", kind=Text(most=80), about="words; equal ones get equal embeddings")
    d_model: int = knob(4, symbol="d", kind=Whole(most=8), about="width of an embedding")
    table: str = knob(
        INTERLEAVED, kind=Choice((INTERLEAVED, CONCATENATED, LEARNED)), about="the table of positions that is added"
    )
    scaled: bool = knob(True, kind=Flag(), about="whether embeddings are multiplied by √d first")
    seed: int = knob(1, kind=Seed(), about="what the embeddings are drawn from, and a learned table")

    def check(self) -> None:
        super().check()
        if not 1 <= len(self.words) <= 8:
            raise self.fault("sentence", f"must have 1 to 8 words, and has {len(self.words)}", "write a shorter one")

    @property
    def words(self) -> list[str]:
        """The tokens."""
        return self.sentence.split()

    @property
    def ids(self) -> list[int]:
        """A number for each word, in order of appearance."""
        known: dict[str, int] = {}
        return [known.setdefault(word.lower(), len(known)) for word in self.words]

    @property
    def weight(self) -> Matrix:
        """The embedding: a row for each different word, with variance 1 / d."""
        count = max(self.ids) + 1
        return positions.drawn(Random(self.seed), count, self.d_model, 1 / sqrt(self.d_model))

    def tables(self) -> tuple[Matrix, Matrix, Matrix]:
        """Embeddings as they are added, positions, the sum."""
        rows: Matrix = positions.embedding(self.weight, self.ids)
        if self.scaled:
            rows = positions.embedded(self.weight, self.ids)
        if self.table == LEARNED:
            # Another seed than the embedding's, else both would hold the same numbers.
            places = positions.learned(len(rows), self.d_model, self.seed + 1, 1 / sqrt(self.d_model))
        else:
            places = positions.table(waves(self.table, self.d_model), len(rows))
        return rows, places, positions.added(rows, places)

    def answer(self, typeset: Typeset) -> str:
        """Shape, how large both are, and equal words."""
        rows, places, total = self.tables()
        sizes = [sqrt(sum(number**2 for row in each for number in row) / len(each)) for each in (rows, places)]
        remark = "√d · E" if self.scaled else "E alone"
        entries = [
            ("Shape", f"({len(rows)}, {self.d_model})", "position, column; the sum has it too"),
            ("Embedding", digits(sizes[0]), f"length of a row of {remark}, root mean square"),
            ("Position", digits(sizes[1]), "length of a row of P"),
        ]
        twice = [(first, second) for second, word in enumerate(self.ids) if (first := self.ids.index(word)) < second]
        if twice:
            first, second = twice[0]
            gap = sqrt(sum((one - other) ** 2 for one, other in zip(total[first], total[second], strict=True)))
            entries.append((f"“{self.words[first]}” twice", digits(gap), f"apart at {first} and {second}; E alone: 0"))
        return facts(entries)

    def sum(self, typeset: Typeset) -> str:
        """Three tables side by side."""
        rows, places, total = self.tables()
        labels = [f"{place} {word if len(word) < 11 else word[:9] + '…'}" for place, word in enumerate(self.words)]
        named = "√d · E" if self.scaled else "E"
        drawn = [
            (
                Grid(
                    name,
                    [[digits(number, 2) for number in row] for row in table],
                    shade=lambda row, column, table=table: max(-1, min(1, table[row][column] / 2)) * 0.5,  # type: ignore[misc]
                    rows=labels if name == "e" else (),
                    columns=[str(column) for column in range(self.d_model)],
                ).svg(f"{caption}: {matrix_text(table, 2)}."),
                caption,
            )
            for name, table, caption in (
                ("e", rows, f"{named}, a row for each word"),
                ("p", places, "+ P, a row for each position"),
                ("x", total, f"= {named} + P"),
            )
        ]
        stops = [
            Stop(at("x", row, column), [at("e", row, column), at("p", row, column)], self._said(row, column))
            for row in range(len(rows))
            for column in range(self.d_model)
        ]
        if len(stops) < 2:
            stops.insert(0, Stop(at("e", 0, 0), [], f"The embedding of “{self.words[0]}” is a single number."))
        scene = figure(drawn, "Shown with two decimals; the steps have four.", arrows=False)
        return stage(scene, stops, label="Embeddings and positions; arrow keys go from cell to cell")

    def _said(self, row: int, column: int) -> str:
        number, place = self.weight[self.ids[row]][column], self.tables()[1][row][column]
        made = dot_text([(sqrt(self.d_model), number)]) if self.scaled else digits(number)
        plus = f"({digits(place)})" if place < 0 else digits(place)
        total = digits(self.tables()[2][row][column])
        return f"“{self.words[row]}” at position {row}, column {column}: {made} + {plus} = {total}."

    def steps(self, typeset: Typeset) -> str:
        """The first entry of the last word."""
        row = len(self.ids) - 1
        rows, places, total = (table[row][0] for table in self.tables())
        number = self.weight[self.ids[row]][0]
        first = [
            rf"\sqrt d \cdot E_{{{self.ids[row]},\,0}}",
            rf"\sqrt{{{self.d_model}}} \cdot {factor(number)}",
            tex(rows),
        ]
        lines = [
            first if self.scaled else [rf"E_{{{self.ids[row]},\,0}}", tex(number)],
            [rf"P_{{{row},\,0}}", tex(places)],
            [rf"x_{{{row},\,0}}", f"{tex(rows)} + {factor(places)}", tex(total)],
        ]
        return steps(lines, typeset)

    def torch(self, typeset: Typeset) -> str:
        """The first two columns, from numbers as they are drawn."""
        weight = tuple(tuple(round(number, 4) for number in row) for row in self.weight)
        rows: Matrix = positions.embedding(weight, self.ids)
        rows = positions.embedded(weight, self.ids) if self.scaled else rows
        _, places, _ = self.tables()
        if self.table == LEARNED:
            places = tuple(tuple(round(number, 4) for number in row) for row in places)
            table = f"import torch\n\nd_model = {self.d_model}\npe = torch.tensor(\n    {literal(places, 4)},\n"
            table += "    dtype=torch.float64,\n)\n"
        else:
            table = code(self.table, len(rows), self.d_model)
        scale = " * d_model**0.5" if self.scaled else ""
        return snippet(
            f"{table}weight = torch.tensor(\n    {literal(weight, 4)},\n    dtype=torch.float64,\n)\n"
            f"ids = torch.tensor({self.ids})\n"
            f"x = torch.nn.functional.embedding(ids, weight){scale} + pe\n"
            f"{prints('x', printed(positions.added(rows, places)))}"
        )
