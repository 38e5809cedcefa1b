"""A decoder in training, all positions in one pass, and in prediction, a pass for each token."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

from calc.demo import Demo
from calc.demos.attention_words import column_of, row_of, stacked
from calc.knob import Flag, Text, knob
from calc.panels.snippet import snippet
from calc.panels.table import Typeset
from calc.picture import figure
from calc.scene import Grid, at
from calc.stage import Stop, stage
from calc.values.attention import causal
from calc.values.decoding import Pass, prediction, training
from calc.worked import facts, steps

LONGEST, WORD = 8, 10


@dataclass(frozen=True)
class TrainingAndPrediction(Demo):
    """Show what a decoder reads and says in training, in one pass, and in prediction, pass by pass."""

    heading: ClassVar[str] = "Training and prediction"
    titles: ClassVar[Mapping[str, str]] = {
        "answer": "",
        "learning": "Training: one pass",
        "writing": "Prediction: a pass for each token",
        "derivation": "Step by step",
        "torch": "Both give the same, in PyTorch",
    }
    stages: ClassVar[tuple[str, ...]] = ("learning", "writing")

    sentence: str = knob(
        "the cat sat down",
        kind=Text(most=100),
        about=f"the target, one to {LONGEST} words: what the decoder has to say",
    )
    cache: bool = knob(
        False, kind=Flag(), about="whether keys and values of earlier positions are kept from pass to pass"
    )

    def check(self) -> None:
        super().check()
        if len(self.words) > LONGEST:
            rule = f"must have at most {LONGEST} words, and has {len(self.words)}"
            raise self.fault("sentence", rule, "leave some out")

    @property
    def words(self) -> list[str]:
        """The sentence as its words."""
        return self.sentence.split()

    @cached_property
    def taught(self) -> Pass:
        """The only pass of training."""
        return training([_short(word) for word in self.words])

    @cached_property
    def passes(self) -> tuple[Pass, ...]:
        """Those of prediction."""
        return prediction([_short(word) for word in self.words], cache=self.cache)

    def answer(self, typeset: Typeset) -> str:
        """Passes and positions of each."""
        plain, cached = (sum(each.computed for each in prediction(self.words, cache=kept)) for kept in (False, True))
        n = self.taught.computed
        return facts(
            [
                ("Training", "1 pass", f"{n} positions at once, {n} words learned"),
                ("Prediction", f"{n} passes", f"{len(self.words)} words and the end"),
                ("Without a cache", f"{plain} positions", f"{n} · {n + 1} / 2, pass by pass from the start"),
                ("With a cache", f"{cached} positions", "only the newest in each pass"),
            ]
        )

    def learning(self, typeset: Typeset) -> str:
        """What goes in, who may look at whom, what has to come out."""
        read, said, n = self.taught
        mask = causal(n, n)
        places = [str(number) for number in range(1, n + 1)]
        rows = [
            figure(
                [
                    (Grid("in", [read], lambda r, c: "state", columns=places).svg(f"In: {' '.join(read)}."), "goes in"),
                ],
                "The target, one place to the right: <bos> stands first, and <eos> is never read.",
            ),
            figure(
                [
                    (
                        Grid(
                            "m",
                            [["1" if seen else "0" for seen in row] for row in mask],
                            lambda row, column: "allowed" if mask[row][column] else "blocked",
                            rows=read,
                            columns=read,
                        ).svg(f"Causal mask of {n} rows; row i is allowed in its first i columns."),
                        "the mask: rows look, columns are looked at",
                    ),
                    (
                        Grid("out", [[word] for word in said], lambda r, c: "made", rows=places).svg(
                            f"Out: {' '.join(said)}."
                        ),
                        "has to come out",
                    ),
                ],
                "All rows are computed at the same time.",
                [("allowed", "may be attended"), ("blocked", "must not")],
            ),
        ]
        stops = [
            Stop(
                at("out", i, 0),
                [*(at("in", 0, j) for j in range(i + 1)), *(at("m", i, j) for j in range(i + 1))],
                f"Position {i + 1} of the one pass sees {' '.join(read[: i + 1])} and has to say {word}.",
            )
            for i, word in enumerate(said)
        ]
        notes = [
            Stop(
                at("m", i, j),
                [at("in", 0, j), at("out", i, 0)],
                f"Position {i + 1} {'may look at' if mask[i][j] else 'must not look at'} {read[j]}"
                f"{'' if mask[i][j] else ', which comes later'}.",
            )
            for i in range(n)
            for j in range(n)
        ]
        notes += [Stop(at("in", 0, j), column_of("m", j, n), _read_note(read[j], j, n)) for j in range(n)]
        return stage(stacked(rows), stops, notes=notes, label="Training; arrow keys go from cell to cell")

    def writing(self, typeset: Typeset) -> str:
        """A row for each pass: what it reads, and the one word that it adds."""
        n = len(self.passes)

        def kind(row: int, column: int) -> str:
            if column > row:
                return "pad"
            return "state" if column == row else "data" if self.cache else "overlap"

        texts = [[*each.read, *[""] * (n - len(each.read))] for each in self.passes]
        labels = [f"pass {number}" for number in range(1, n + 1)]
        parts = [
            (
                Grid("p", texts, kind, rows=labels, columns=[str(c + 1) for c in range(n)]).svg(
                    "; ".join(f"pass {k} reads {' '.join(each.read)}" for k, each in enumerate(self.passes, 1)) + "."
                ),
                "what each pass reads",
            ),
            (
                Grid("y", [each.said for each in self.passes], lambda r, c: "made").svg(
                    f"Said: {'; '.join(each.said[0] for each in self.passes)}."
                ),
                "what it says",
            ),
        ]
        before = ("data", "keys and values from the cache") if self.cache else ("overlap", "computed again")
        scene = figure(
            parts,
            "Each pass waits for the word of the one before. Here every word that is said is the right one.",
            [("state", "computed for the first time"), before],
        )
        stops = [Stop(at("y", t, 0), row_of("p", t, t + 1), self._pass_said(t)) for t in range(n)]
        notes = [
            Stop(at("p", t, c), [at("p", later, c) for later in range(c, n)], self._place_said(c))
            for t in range(n)
            for c in range(t + 1)
        ]
        return stage(scene, stops, notes=notes, label="Prediction; arrow keys go from cell to cell")

    def _pass_said(self, t: int) -> str:
        each = self.passes[t]
        count = "1 position is computed" if each.computed == 1 else f"{each.computed} positions are computed"
        if self.cache and t:
            count += (
                f", keys and values of {t} come from the cache"
                if t > 1
                else ", keys and values of 1 come from the cache"
            )
        end = "; that ends it" if t == len(self.passes) - 1 else ""
        return f"Pass {t + 1} reads {' '.join(each.read)} and says {each.said[0]}{end}: {count}."

    def _place_said(self, column: int) -> str:
        times, word = len(self.passes) - column, self.taught.read[column]
        if self.cache or times == 1:
            return f"{word}, position {column + 1}, is computed once."
        return f"{word}, position {column + 1}, is computed in each of {times} passes, to the same numbers."

    def derivation(self, typeset: Typeset) -> str:
        """How the positions add up."""
        n = self.taught.computed
        each = " + ".join(str(one.computed) for one in prediction(self.words))
        ones = " + ".join(str(one.computed) for one in prediction(self.words, cache=True))
        return steps(
            [
                ["n", r"\text{words} + 1", f"{len(self.words)} + 1", str(n)],
                [r"\text{training}", r"1 \cdot n", str(n)],
                [r"\text{prediction}", r"\frac{n (n + 1)}{2}", each, str(n * (n + 1) // 2)],
                [r"\text{with a cache}", "n", ones, str(n)],
            ],
            typeset,
        )

    def torch(self, typeset: Typeset) -> str:
        """Training's rows beside the last row of every pass of prediction."""
        n = self.taught.computed
        return snippet(
            "import torch\nfrom torch import nn\n\n"
            f"n = {n}  # positions: {' '.join(self.taught.read)}\n"
            "layer = nn.TransformerDecoderLayer(8, 2, batch_first=True, dtype=torch.float64).eval()\n"
            "source, target = (torch.randn(1, size, 8, dtype=torch.float64) for size in (5, n))\n"
            "mask = nn.Transformer.generate_square_subsequent_mask(n, dtype=torch.float64)\n"
            "with torch.no_grad():\n"
            "    training = layer(target, source, tgt_mask=mask)[0]\n"
            "    passes = [layer(target[:, :t], source) for t in range(1, n + 1)]\n"
            "prediction = torch.cat([each[:, -1] for each in passes])\n"
            "print(torch.allclose(training, prediction))  # True\n"
            "print(sum(range(1, n + 1)))  # " + str(sum(each.computed for each in prediction(self.words))) + "\n"
        )


def _short(word: str) -> str:
    return word if len(word) <= WORD else f"{word[: WORD - 1]}…"


def _read_note(word: str, place: int, n: int) -> str:
    rows = f"positions {place + 1} to {n} may look at it" if place < n - 1 else "only the last position may look at it"
    return f"{word} stands at position {place + 1}: {rows}."
