"""Scaled dot-product attention with typed queries, keys and values, every number on the way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from math import sqrt
from typing import ClassVar

from calc.demo import Demo
from calc.demos.attention_code import CAUSAL, LOWER, NONE, TYPED, attention_code
from calc.demos.attention_words import column_of, row_of, shaded, softmax_lines, stacked, table, weighed
from calc.demos.cell_code import vector
from calc.demos.sheet import indexed
from calc.knob import Choice, Table, Whole, knob
from calc.panels.table import Typeset
from calc.picture import figure
from calc.scene import at, digits
from calc.stage import Stop, stage
from calc.values import attention
from calc.values.attention import Attention, attend, causal
from calc.values.matrix import Matrix
from calc.worked import dot_text, facts, products, steps, tex

WHOLE = {
    "nan: nn.MultiheadAttention": attention.NAN,
    "0: F.scaled_dot_product_attention": attention.ZERO,
    "the mean: -1e9 instead of -inf": attention.FILL,
}


@dataclass(frozen=True)
class AttentionByHand(Demo):
    """Show attention from scores to output; a row that is masked whole is nan, 0 or a mean."""

    heading: ClassVar[str] = "Attention by hand"
    titles: ClassVar[Mapping[str, str]] = {
        "answer": "",
        "picture": "From scores to output",
        "derivation": "Step by step",
        "torch": "The same in PyTorch",
    }
    stages: ClassVar[tuple[str, ...]] = ("picture",)

    query: Matrix = knob(
        ((1, 0), (0, 1), (1, 1)),
        symbol="Q",
        kind=Table(rows=5, columns=4),
        about="what each position looks for, a row each",
    )
    key: Matrix = knob(
        ((0, 1), (2, 0), (2, 1)), symbol="K", kind=Table(rows=5, columns=4), about="what each position can be found by"
    )
    value: Matrix = knob(
        ((1, 2), (0, 1), (1, 3)), symbol="V", kind=Table(rows=5, columns=4), about="what each position hands over"
    )
    mask: str = knob(NONE, kind=Choice((NONE, CAUSAL, LOWER, TYPED)), about="which keys a query may attend to")
    allowed: Matrix = knob(
        ((1, 1, 0), (0, 0, 0), (1, 1, 1)),
        kind=Table(rows=5, columns=5),
        about="a mask of your own, a row for each query: 1 where it may attend, 0 where not; in use where mask says so",
    )
    whole: str = knob(
        next(iter(WHOLE)), kind=Choice(tuple(WHOLE)), about="what a query gets that may attend to nothing, and where"
    )
    row: int = knob(1, kind=Whole(most=5), about="the query that is worked out step by step, from 1")

    def check(self) -> None:
        super().check()
        queries, keys, width = len(self.query), len(self.key), len(self.query[0])
        if len(self.key[0]) != width:
            rule = f"must have as many columns as query, {width}, and has {len(self.key[0])}"
            raise self.fault("key", rule, "each number of a query meets one of the key", value=_size(self.key))
        if len(self.value) != keys:
            rule = f"must have as many rows as key, {keys}, and has {len(self.value)}"
            raise self.fault("value", rule, "a position has one key and one value", value=_size(self.value))
        if keys < 2:
            raise self.fault(
                "key", "must have at least 2 rows", "with one key every weight is 1", value=_size(self.key)
            )
        if self.mask == TYPED:
            if (len(self.allowed), len(self.allowed[0])) != (queries, keys):
                rule = f"must be {queries} × {keys}, a row for each query and a column for each key"
                raise self.fault("allowed", rule, "or set mask to none", value=_size(self.allowed))
            if any(entry not in (0, 1) for row in self.allowed for entry in row):
                raise self.fault(
                    "allowed", "must hold 0 and 1 only", "1 where a query may attend", value=_size(self.allowed)
                )
        if self.row > queries:
            raise self.fault("row", f"must be at most the number of queries, {queries}", f"try {queries}")

    @cached_property
    def seen(self) -> tuple[tuple[bool, ...], ...] | None:
        """True where a query may attend."""
        if self.mask == NONE:
            return None
        if self.mask == TYPED:
            return tuple(tuple(entry == 1 for entry in row) for row in self.allowed)
        return causal(len(self.query), len(self.key), lower_right=self.mask == LOWER)

    @cached_property
    def made(self) -> Attention:
        """Every table on the way."""
        return attend(self.query, self.key, self.value, self.seen, whole=WHOLE[self.whole])

    def alone(self, query: int) -> bool:
        """Whether a query may attend to nothing."""
        return self.seen is not None and not any(self.seen[query])

    def answer(self, typeset: Typeset) -> str:
        """What the chosen query gets, and from where."""
        query = self.row - 1
        weights, output = self.made.weights[query], self.made.output[query]
        largest = max(weights)
        remark = (
            f"query {self.row} may attend to nothing" if self.alone(query) else f"a mean of value, query {self.row}"
        )
        entries = [
            (f"Output, row {self.row}", f"({', '.join(map(digits, output))})", remark),
            ("Shapes", f"{_size(self.made.weights)}, {_size(self.made.output)}", "weights, output"),
        ]
        if not self.alone(query):
            entries.insert(1, ("Looks most at", f"key {weights.index(largest) + 1}", f"weight {digits(largest)}"))
        if self.seen is not None:
            pairs = sum(map(sum, self.seen))
            hidden = [str(number) for number in range(1, len(self.query) + 1) if self.alone(number - 1)]
            remark = f"no key for query {', '.join(hidden)}" if hidden else "every query has a key"
            entries.append(("Allowed pairs", f"{pairs} of {len(self.query) * len(self.key)}", remark))
        return facts(entries)

    def picture(self, typeset: Typeset) -> str:
        """Inputs, scores, weights and output, in three rows."""
        made = self.made
        asks = [indexed("q", number) for number in range(1, len(self.query) + 1)]
        found = [indexed("k", number) for number in range(1, len(self.key) + 1)]
        values = [indexed("v", number) for number in range(1, len(self.key) + 1)]
        inputs = [
            (table("q", self.query, "query", asks), "query"),
            (table("k", self.key, "key", found), "key"),
            (table("v", self.value, "value", values), "value"),
        ]
        scores = [
            (table("s", made.scores, "scores", asks, found), "scores: query · key"),
            (table("d", made.scaled, "scaled", asks, found), f"divided by √{len(self.query[0])}"),
        ]
        if self.seen is not None:
            scores.append((table("m", made.masked, "masked", asks, found), "masked"))
        places = [str(column) for column in range(1, len(self.value[0]) + 1)]
        results = [
            (shaded("w", made.weights, "weights", asks, found), "weights: softmax of each row"),
            (table("o", made.output, "output", asks, places, kind="state"), "output: weights · value"),
        ]
        drawn = stacked(
            [
                figure(inputs, "A row for each position.", arrows=False),
                figure(scores, "Every query meets every key.", [("blocked", "must not be attended")] * bool(self.seen)),
                figure(
                    results, "Each row of the output is a mean of the rows of value, weighted by its row of weights."
                ),
            ]
        )
        return stage(drawn, self._stops(), notes=self._notes(), label="Attention; arrow keys go from cell to cell")

    def _stops(self) -> list[Stop]:
        keys, width, wide = len(self.key), len(self.key[0]), len(self.value[0])
        last = "d" if self.seen is None else "m"
        stops = []
        for i, query in enumerate(self.query):
            asked = row_of("q", i, width)
            for j, key in enumerate(self.key):
                said = f"Query {i + 1} · key {j + 1} = {dot_text(zip(query, key, strict=True))}"
                stops.append(
                    Stop(at("s", i, j), [*asked, *row_of("k", j, width)], f"{said} = {digits(self.made.scores[i][j])}.")
                )
            for j in range(keys):
                lights = [*asked, *row_of("k", j, width), *row_of(last, i, keys)]
                stops.append(Stop(at("w", i, j), lights, self._weight_said(i, j)))
            for c in range(wide):
                lights = [*row_of("w", i, keys), *column_of("v", c, keys)]
                stops.append(Stop(at("o", i, c), lights, self._output_said(i, c)))
        return stops

    def _weight_said(self, i: int, j: int) -> str:
        if not self.alone(i):
            worked = weighed(self.made.masked[i], self.made.weights[i], j)
            return f"Query {i + 1} gives key {j + 1} the weight {worked}."
        nothing = f"Query {i + 1} may attend to nothing"
        share = digits(self.made.weights[i][j])
        return {
            attention.NAN: f"{nothing}: key {j + 1} has e^(−∞) / Σ = 0 / 0, which is nan.",
            attention.ZERO: f"{nothing}: the weight of key {j + 1} is set to 0.",
            attention.FILL: f"{nothing}, yet all its scores are −10⁹: key {j + 1} has 1/{len(self.key)} = {share}.",
        }[WHOLE[self.whole]]

    def _output_said(self, i: int, c: int) -> str:
        column = [row[c] for row in self.value]
        worked = dot_text(zip(self.made.weights[i], column, strict=True))
        return f"Output of query {i + 1}, column {c + 1}: {worked} = {digits(self.made.output[i][c])}."

    def _notes(self) -> list[Stop]:
        queries, keys, width = len(self.query), len(self.key), len(self.query[0])
        notes = []
        for i in range(queries):
            for j in range(keys):
                score, scaled = (digits(each[i][j]) for each in self.made[:2])
                notes.append(Stop(at("d", i, j), [at("s", i, j)], f"{score} / √{width} = {scaled}."))
                if self.seen is not None:
                    said = (
                        "may attend, so the score stays"
                        if self.seen[i][j]
                        else "must not attend, so nothing of it is left"
                    )
                    notes.append(
                        Stop(at("m", i, j), [at("d", i, j)], f"Query {i + 1} to key {j + 1}: {said} {scaled}.")
                        if self.seen[i][j]
                        else Stop(at("m", i, j), [at("d", i, j)], f"Query {i + 1} to key {j + 1}: {said}.")
                    )
        for name, where, count in (("q", "query", queries), ("k", "key", keys)):
            for n in range(count):
                lights = row_of("s", n, keys) if name == "q" else column_of("s", n, queries)
                place = "row" if name == "q" else "column"
                notes += [
                    Stop(at(name, n, c), lights, f"{where.capitalize()} {n + 1} makes {place} {n + 1} of the scores.")
                    for c in range(width)
                ]
        for n in range(keys):
            for c in range(len(self.value[0])):
                lights = [*column_of("w", n, queries), *column_of("o", c, queries)]
                said = f"Value {n + 1} goes into every output, with the weights of column {n + 1}."
                notes.append(Stop(at("v", n, c), lights, said))
        return notes

    def derivation(self, typeset: Typeset) -> str:
        """The chosen row, from its scores to its output."""
        i, r, made = self.row - 1, self.row, self.made
        lines = [
            [rf"q_{r} \cdot k_{j}", products(zip(self.query[i], key, strict=True)), tex(made.scores[i][j - 1])]
            for j, key in enumerate(self.key, 1)
        ]
        width = len(self.query[0])
        scores = vector(made.scores[i])
        lines.append(
            [
                rf"s_{r}",
                rf"\frac{{q_{r} K^{{\mathsf T}}}}{{\sqrt{{{width}}}}}",
                rf"{scores} / {tex(sqrt(width))}",
                vector(made.scaled[i]),
            ]
        )
        if self.seen is not None:
            lines.append([rf"s_{r}\text{{, masked}}", vector(made.masked[i])])
        if self.alone(i):
            end = {attention.NAN: r"0 / 0", attention.ZERO: r"0\text{, by definition}"}
            lines.append([rf"a_{r}", end.get(WHOLE[self.whole], rf"1 / {len(self.key)}"), vector(made.weights[i])])
        else:
            lines += softmax_lines(made.masked[i], made.weights[i], r)
        for c in range(len(self.value[0])):
            pairs = zip(made.weights[i], (row[c] for row in self.value), strict=True)
            lines.append([rf"y_{{{r}{c + 1}}}", products(pairs), tex(made.output[i][c])])
        return steps(lines, typeset)

    def torch(self, typeset: Typeset) -> str:
        """The call, or what stands inside of a layer that has no such call."""
        tensors = {"query": self.query, "key": self.key, "value": self.value}
        return attention_code(tensors, self.mask, self.allowed, WHOLE[self.whole], self.made.output)


def _size(matrix: object) -> str:
    rows: Matrix = matrix  # type: ignore[assignment]
    return f"{len(rows)} × {len(rows[0])}"
