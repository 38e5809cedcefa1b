"""The same tokens with one head or several: slices of the width, each with weights of its own, joined and mixed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from random import Random
from typing import ClassVar

import calc
from calc.demo import Demo
from calc.demos.attention_words import PLACES, column_of, row_of, shaded, stacked, table, weighed
from calc.demos.cell_code import vector
from calc.demos.sheet import indexed
from calc.knob import Seed, Table, Whole, knob
from calc.panels.printed import prints_values, tensor
from calc.panels.snippet import snippet
from calc.panels.table import Typeset
from calc.picture import figure
from calc.scene import Grid, at, digits, matrix_text
from calc.stage import Stop, stage
from calc.values.attention import MultiHead, Projections, from_torch, multihead
from calc.values.matrix import Matrix
from calc.worked import dot_text, facts, products, steps, tex


@dataclass(frozen=True)
class ManyHeads(Demo):
    """Show the width cut into heads, each with attention of its own, and the parameters, which stay as many."""

    heading: ClassVar[str] = "One head, then many"
    titles: ClassVar[Mapping[str, str]] = {
        "answer": "",
        "picture": "Split, attend, join, mix",
        "derivation": "Step by step",
        "torch": "The same in PyTorch",
    }
    stages: ClassVar[tuple[str, ...]] = ("picture",)

    x: Matrix = knob(
        ((1, 0, 1, 0), (0, 1, 0, 2), (1, 1, -1, 0)),
        symbol="X",
        kind=Table(rows=4, columns=6),
        about="the tokens, a row each; as many columns as the layer is wide",
    )
    num_heads: int = knob(2, symbol="h", kind=Whole(most=6), about="in how many slices the width is cut")
    seed: int = knob(2, kind=Seed(), about="what the weights are drawn from; the biases are 0, as PyTorch starts them")

    def check(self) -> None:
        super().check()
        d = len(self.x[0])
        if len(self.x) < 2:
            raise self.fault("x", "must have at least 2 rows", "one token can attend to itself only")
        if d % self.num_heads:
            possible = [str(h) for h in range(1, d + 1) if d % h == 0]
            rule = f"must divide the width, {d}, so that every head is as wide as the others"
            raise self.fault("num_heads", rule, f"try {' or '.join(possible)}")

    @cached_property
    def in_proj_weight(self) -> Matrix:
        """Drawn: (3·d, d), queries, keys and values under each other."""
        d = len(self.x[0])
        return _drawn(self.seed, "in_proj_weight", 3 * d, d)

    @cached_property
    def out_proj_weight(self) -> Matrix:
        """Drawn: (d, d)."""
        d = len(self.x[0])
        return _drawn(self.seed, "out_proj_weight", d, d)

    @property
    def learned(self) -> Projections:
        """Both."""
        return from_torch(self.in_proj_weight, self.out_proj_weight)

    @cached_property
    def made(self) -> MultiHead:
        """Every table on the way."""
        return multihead(self.x, self.x, self.x, self.learned, self.num_heads)

    @property
    def width(self) -> int:
        """Of one head."""
        return len(self.x[0]) // self.num_heads

    @property
    def tokens(self) -> list[str]:
        """A label for each row."""
        return [indexed("x", number) for number in range(1, len(self.x) + 1)]

    def answer(self, typeset: Typeset) -> str:
        """What depends on the number of heads, and what does not."""
        d, h = len(self.x[0]), self.num_heads
        layer = calc.layer("MultiheadAttention", embed_dim=d, num_heads=h)
        tables = "1 table" if h == 1 else f"{h} tables"
        return facts(
            [
                ("Parameters", f"{layer.params:,}", f"4·{d}² + 4·{d}, for any number of heads"),
                ("Width of a head", str(self.width), f"{d} / {h}"),
                ("Attention weights", tables, f"of {len(self.x)} × {len(self.x)}"),
                ("Output", f"{len(self.x)} × {d}", "the shape of X"),
            ]
        )

    def _sliced(self, name: str, matrix: Matrix, label: str) -> str:
        texts = [[digits(number, PLACES) for number in row] for row in matrix]
        heads = [f"h{1 + column // self.width}" for column in range(len(matrix[0]))]
        return Grid(name, texts, lambda row, column: self._kind(column), rows=self.tokens, columns=heads).svg(
            f"{label}: {matrix_text(matrix)}."
        )

    def _kind(self, column: int) -> str:
        return f"share-{column // self.width % 4 + 1}"

    def picture(self, typeset: Typeset) -> str:
        """Queries, keys, values in slices; a table of weights for each head; joined; mixed."""
        made = self.made
        sides = (("q", made.query), ("k", made.key), ("v", made.value))
        places = [str(column) for column in range(1, len(self.x[0]) + 1)]
        names = {"q": "query", "k": "key", "v": "value"}
        scene = stacked(
            [
                figure(
                    [(self._sliced(letter, rows, names[letter]), names[letter]) for letter, rows in sides],
                    f"Projected as a whole, {len(self.x[0])} wide; then each head takes its {_columns(self.width)}.",
                    arrows=False,
                ),
                figure(
                    [
                        (shaded(f"w{n}", head.weights, f"weights of head {n}", self.tokens, self.tokens), f"head {n}")
                        for n, head in enumerate(made.heads, 1)
                    ],
                    f"Each head has weights of its own: softmax of its scores, divided by √{self.width}.",
                    arrows=False,
                ),
                figure(
                    [
                        (self._sliced("j", made.joined, "joined"), "the heads' means of value, side by side"),
                        (table("o", made.output, "output", self.tokens, places, kind="state"), "output: times W out"),
                    ],
                    "Only the last matrix mixes what different heads have found.",
                ),
            ]
        )
        return stage(scene, self._stops(), notes=self._notes(), label="Heads; arrow keys go from cell to cell")

    def _columns_of(self, head: int) -> range:
        return range(head * self.width, (head + 1) * self.width)

    def _stops(self) -> list[Stop]:
        made, count, d = self.made, len(self.x), len(self.x[0])
        stops = []
        for n, head in enumerate(made.heads):
            for i in range(count):
                for j in range(count):
                    lights = [at(name, row, c) for name, row in (("q", i), ("k", j)) for c in self._columns_of(n)]
                    worked = weighed(head.scaled[i], head.weights[i], j)
                    said = f"Head {n + 1}: token {i + 1} looks at token {j + 1}, {worked}."
                    stops.append(Stop(at(f"w{n + 1}", i, j), lights, said))
        for i in range(count):
            for c in range(d):
                n = c // self.width
                worked = dot_text(zip(made.heads[n].weights[i], (row[c] for row in made.value), strict=True))
                lights = [*row_of(f"w{n + 1}", i, count), *column_of("v", c, count)]
                said = f"Token {i + 1}, column {c + 1}, from head {n + 1}: {worked} = {digits(made.joined[i][c])}."
                stops.append(Stop(at("j", i, c), lights, said))
        for i in range(count):
            for c in range(d):
                worked = dot_text(zip(made.joined[i], self.out_proj_weight[c], strict=True))
                said = f"Output of token {i + 1}, column {c + 1}: {worked} = {digits(made.output[i][c])}."
                stops.append(Stop(at("o", i, c), row_of("j", i, d), said))
        return stops

    def _notes(self) -> list[Stop]:
        notes, count = [], len(self.x)
        for name, word in (("q", "query"), ("k", "key"), ("v", "value")):
            for i in range(count):
                for c in range(len(self.x[0])):
                    n = c // self.width
                    lights = {
                        "q": row_of(f"w{n + 1}", i, count),
                        "k": column_of(f"w{n + 1}", i, count),
                        "v": column_of("j", c, count),
                    }[name]
                    said = f"The {word} of token {i + 1}, column {c + 1}: only head {n + 1} reads it."
                    notes.append(Stop(at(name, i, c), lights, said))
        return notes

    def derivation(self, typeset: Typeset) -> str:
        """The first token through every head."""
        lines = []
        for n, head in enumerate(self.made.heads, 1):
            cut = slice(self._columns_of(n - 1).start, self._columns_of(n - 1).stop)
            up = rf"^{{({n})}}"
            lines.append([rf"q_1{up}", vector(self.made.query[0][cut])])
            lines.append(
                [rf"s_1{up}", rf"q_1{up} {{K{up}}}^{{\mathsf T}} / \sqrt{{{self.width}}}", vector(head.scaled[0])]
            )
            lines.append([rf"a_1{up}", rf"\operatorname{{softmax}}(s_1{up})", vector(head.weights[0])])
            lines.append([rf"a_1{up} V{up}", vector(head.output[0])])
        lines.append([r"\text{joined}_1", vector(self.made.joined[0])])
        pairs = zip(self.made.joined[0], self.out_proj_weight[0], strict=True)
        lines.append([r"y_{11}", products(pairs), tex(self.made.output[0][0])])
        return steps(lines, typeset)

    def torch(self, typeset: Typeset) -> str:
        """The layer with these weights."""
        tensors = {"x": self.x, "in_proj_weight": self.in_proj_weight, "out_proj_weight": self.out_proj_weight}
        lines = [f"{name} = {tensor(values, len(name) + 3)}" for name, values in tensors.items()]
        return snippet(
            "import torch\nfrom torch import nn\n\n" + "\n".join(lines) + "\n\n"
            f"layer = nn.MultiheadAttention({len(self.x[0])}, {self.num_heads}, dtype=torch.float64)\n"
            "with torch.no_grad():\n"
            "    layer.in_proj_weight.copy_(in_proj_weight)\n"
            "    layer.out_proj.weight.copy_(out_proj_weight)\n"
            "    output, _ = layer(x, x, x)\n"
            f"{prints_values('output', self.made.output)}\n"
            f"print(sum(weight.numel() for weight in layer.parameters()))  # {self._params()}\n"
        )

    def _params(self) -> int:
        return int(calc.layer("MultiheadAttention", embed_dim=len(self.x[0]), num_heads=self.num_heads).params)


def _columns(count: int) -> str:
    return "1 column" if count == 1 else f"{count} columns"


def _drawn(seed: int, name: str, rows: int, columns: int) -> Matrix:
    """Between -1 and 1 with one decimal, so that they can be followed."""
    draw = Random(f"{seed} {name}")
    return tuple(tuple(draw.randint(-10, 10) / 10 for _ in range(columns)) for _ in range(rows))
