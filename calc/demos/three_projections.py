"""One table of tokens and three learned matrices: queries, keys and values, and what is lost without them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

from calc.demo import Demo
from calc.demos.attention_words import column_of, row_of, shaded, softmax_lines, stacked, table, weighed
from calc.demos.cell_code import vector
from calc.demos.sheet import indexed
from calc.knob import Table, Whole, knob
from calc.panels.printed import prints_values, tensor
from calc.panels.snippet import snippet
from calc.panels.table import Typeset
from calc.picture import figure
from calc.scene import at, digits
from calc.stage import Stop, stage
from calc.values.attention import Attention, attend
from calc.values.matrix import Matrix, product
from calc.worked import dot_text, facts, products, steps, tex

SIDES = (("q", "w_query", "query"), ("k", "w_key", "key"), ("v", "w_value", "value"))


@dataclass(frozen=True)
class ThreeProjections(Demo):
    """Show what three matrices make of the same tokens, and the scores there would be without them."""

    heading: ClassVar[str] = "Why three projections"
    titles: ClassVar[Mapping[str, str]] = {
        "answer": "",
        "picture": "Query, key and value of each token",
        "without": "With and without",
        "derivation": "Step by step",
        "torch": "The same in PyTorch",
    }
    stages: ClassVar[tuple[str, ...]] = ("picture", "without")

    x: Matrix = knob(
        ((1, 0), (0, 1), (0.8, 0.6)), symbol="X", kind=Table(rows=5, columns=4), about="the tokens, a row each"
    )
    w_query: Matrix = knob(
        ((0, 2), (1, 0)), kind=Table(rows=4, columns=4), about="what makes queries, a row for each column of X"
    )
    w_key: Matrix = knob(((1, 0), (0, 2)), kind=Table(rows=4, columns=4), about="what makes keys")
    w_value: Matrix = knob(((1, 1), (-1, 1)), kind=Table(rows=4, columns=4), about="what makes values")
    row: int = knob(1, kind=Whole(most=5), about="the token that is worked out step by step, from 1")

    def check(self) -> None:
        super().check()
        d = len(self.x[0])
        if len(self.x) < 2:
            raise self.fault("x", "must have at least 2 rows", "one token can attend to itself only")
        for name in ("w_query", "w_key", "w_value"):
            matrix = getattr(self, name)
            if len(matrix) != d:
                rule = f"must have a row for each column of x, {d}, and has {len(matrix)}"
                raise self.fault(name, rule, "add or leave out rows", value=_size(matrix))
        if len(self.w_key[0]) != len(self.w_query[0]):
            rule = f"must have as many columns as w_query, {len(self.w_query[0])}, and has {len(self.w_key[0])}"
            raise self.fault("w_key", rule, "each number of a query meets one of the key", value=_size(self.w_key))
        if self.row > len(self.x):
            raise self.fault("row", f"must be at most the number of tokens, {len(self.x)}", f"try {len(self.x)}")

    @cached_property
    def projected(self) -> tuple[Matrix, Matrix, Matrix]:
        """Queries, keys and values."""
        return product(self.x, self.w_query), product(self.x, self.w_key), product(self.x, self.w_value)

    @cached_property
    def made(self) -> Attention:
        """Attention with the three matrices."""
        return attend(*self.projected)

    @cached_property
    def bare(self) -> Attention:
        """Attention where queries and keys are the tokens themselves."""
        return attend(self.x, self.x, self.projected[2])

    @property
    def tokens(self) -> list[str]:
        """A label for each row."""
        return [indexed("x", number) for number in range(1, len(self.x) + 1)]

    def answer(self, typeset: Typeset) -> str:
        """Symmetric or not, and who looks at itself."""
        entries = []
        for name, made in (("Q·Kᵀ, with projections", self.made), ("X·Xᵀ, without", self.bare)):
            itself = sum(row[i] == max(row) for i, row in enumerate(made.scores))
            lopsided = _lopsided(made.scores)
            pairs = (
                "no pair scores" if not lopsided else "1 pair scores" if lopsided == 1 else f"{lopsided} pairs score"
            )
            remark = f"tokens score themselves highest; {pairs} differently the other way"
            entries.append((name, f"{itself} of {len(self.x)}", remark))
        weights = sum(len(getattr(self, name)) * len(getattr(self, name)[0]) for _, name, _ in SIDES)
        entries.append(("Weights", str(weights), "learned, in the three matrices"))
        return facts(entries)

    def picture(self, typeset: Typeset) -> str:
        """X, the matrices, their products, weights and output."""
        given = [(table("x", self.x, "X", self.tokens), "X")]
        given += [(table(f"w{letter}", getattr(self, name), name), f"W {word}") for letter, name, word in SIDES]
        results = [
            (table(letter, matrix, word, self.tokens, kind="made"), f"{word} = X · W {word}")
            for (letter, _, word), matrix in zip(SIDES, self.projected, strict=True)
        ]
        places = [str(column) for column in range(1, len(self.w_value[0]) + 1)]
        ends = [
            (
                shaded("a", self.made.weights, "weights", self.tokens, self.tokens),
                "weights: rows look, columns are seen",
            ),
            (table("o", self.made.output, "output", self.tokens, places, kind="state"), "output: weights · value"),
        ]
        scene = stacked(
            [
                figure(given, "The same tokens go through all three.", arrows=False),
                figure(results, "What a token looks for, is found by, and hands over.", arrows=False),
                figure(ends, "Softmax of the scaled scores, and the mean of the values."),
            ]
        )
        return stage(scene, self._stops(), notes=self._notes(), label="Projections; arrow keys go from cell to cell")

    def _stops(self) -> list[Stop]:
        d, count, stops = len(self.x[0]), len(self.x), []
        for (letter, name, word), matrix in zip(SIDES, self.projected, strict=True):
            weight = getattr(self, name)
            for i, row in enumerate(matrix):
                for c, number in enumerate(row):
                    worked = dot_text(zip(self.x[i], (each[c] for each in weight), strict=True))
                    lights = [*row_of("x", i, d), *column_of(f"w{letter}", c, d)]
                    said = f"{word.capitalize()} of token {i + 1}, column {c + 1}: {worked} = {digits(number)}."
                    stops.append(Stop(at(letter, i, c), lights, said))
        width = len(self.w_query[0])
        for i in range(count):
            for j in range(count):
                worked = weighed(self.made.scaled[i], self.made.weights[i], j)
                lights = [*row_of("q", i, width), *row_of("k", j, width)]
                stops.append(Stop(at("a", i, j), lights, f"Token {i + 1} looks at token {j + 1}: {worked}."))
        for i, row in enumerate(self.made.output):
            for c, number in enumerate(row):
                worked = dot_text(zip(self.made.weights[i], (each[c] for each in self.projected[2]), strict=True))
                lights = [*row_of("a", i, count), *column_of("v", c, count)]
                said = f"Output of token {i + 1}, column {c + 1}: {worked} = {digits(number)}."
                stops.append(Stop(at("o", i, c), lights, said))
        return stops

    def _notes(self) -> list[Stop]:
        widths = {letter: len(getattr(self, name)[0]) for letter, name, _ in SIDES}
        notes = [
            Stop(
                at("x", i, c),
                [cell for letter in widths for cell in row_of(letter, i, widths[letter])],
                f"Token {i + 1} makes a query, a key and a value.",
            )
            for i, row in enumerate(self.x)
            for c in range(len(row))
        ]
        for letter, name, word in SIDES:
            for r, row in enumerate(getattr(self, name)):
                for c in range(len(row)):
                    lights = [*column_of(letter, c, len(self.x)), *column_of("x", r, len(self.x))]
                    said = f"Column {r + 1} of X goes with this weight into column {c + 1} of every {word}."
                    notes.append(Stop(at(f"w{letter}", r, c), lights, said))
        return notes

    def without(self, typeset: Typeset) -> str:
        """Scores and weights of both, one below the other."""
        rows = []
        for name, made, product_of in (("", self.made, "query · key"), ("b", self.bare, "token · token")):
            rows.append(
                figure(
                    [
                        (table(f"{name}s", made.scores, "scores", self.tokens, self.tokens), f"scores: {product_of}"),
                        (shaded(f"{name}w", made.weights, "weights", self.tokens, self.tokens), "weights"),
                    ],
                    "With neither W query nor W key: the scores are the same both ways."
                    if name
                    else "With all three projections.",
                )
            )
        stops = []
        for i in range(len(self.x)):
            for j in range(i, len(self.x)):
                lights = [at("bs", j, i), at("s", i, j), at("s", j, i), at("bw", i, j), at("w", i, j)]
                stops.append(Stop(at("bs", i, j), lights, self._pair(i, j)))
        return stage(stacked(rows), stops, label="Scores with and without projections")

    def _pair(self, i: int, j: int) -> str:
        there, back, bare = self.made.scores[i][j], self.made.scores[j][i], self.bare.scores[i][j]
        worked = f"{dot_text(zip(self.x[i], self.x[j], strict=True))} = {digits(bare)}"
        if i == j:
            highest = "the highest" if bare == max(self.bare.scores[i]) else "not the highest"
            return (
                f"Token {i + 1} with itself: without projections {worked}, {highest} of its row; "
                f"with them {digits(there)}."
            )
        return (
            f"Tokens {i + 1} and {j + 1}: without projections {worked} both ways; with them token {i + 1} scores "
            f"token {j + 1} with {digits(there)}, and token {j + 1} token {i + 1} with {digits(back)}."
        )

    def derivation(self, typeset: Typeset) -> str:
        """The chosen token: its query, its scores, its weights, its output."""
        i, r, made = self.row - 1, self.row, self.made
        lines = [
            [rf"{letter}_{r}", rf"x_{r} W_{letter}", vector(matrix[i])]
            for (letter, _, _), matrix in zip(SIDES, self.projected, strict=True)
        ]
        lines += [
            [rf"q_{r} \cdot k_{j}", products(zip(self.projected[0][i], key, strict=True)), tex(made.scores[i][j - 1])]
            for j, key in enumerate(self.projected[1], 1)
        ]
        width = len(self.w_query[0])
        lines.append([rf"s_{r}", rf"{vector(made.scores[i])} / \sqrt{{{width}}}", vector(made.scaled[i])])
        lines += softmax_lines(made.scaled[i], made.weights[i], r)
        lines.append([rf"y_{r}", rf"a_{r} V", vector(made.output[i])])
        return steps(lines, typeset)

    def torch(self, typeset: Typeset) -> str:
        """Three products and one call."""
        names = ("x", "w_query", "w_key", "w_value")
        lines = [f"{name} = {tensor(getattr(self, name), len(name) + 3)}" for name in names]
        lines += ["", "output = F.scaled_dot_product_attention(x @ w_query, x @ w_key, x @ w_value)"]
        imports = "import torch\nimport torch.nn.functional as F\n\n"
        return snippet(imports + "\n".join(lines) + "\n" + prints_values("output", self.made.output))


def _lopsided(scores: Matrix) -> int:
    """How many pairs score differently the other way round."""
    count = len(scores)
    return sum(abs(scores[i][j] - scores[j][i]) > 1e-9 for i in range(count) for j in range(i))


def _size(matrix: Matrix) -> str:
    return f"{len(matrix)} × {len(matrix[0])}"
