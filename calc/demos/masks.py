"""Who may attend to whom: the causal mask of a decoder, padding, and both together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from calc import masks
from calc.demo import Demo
from calc.knob import Choice, Flag, Text, Whole, knob
from calc.panels.snippet import snippet
from calc.panels.table import Typeset
from calc.picture import figure
from calc.scene import Grid, at, digits
from calc.stage import Stop, stage
from calc.worked import facts

ALLOWED = "True may be attended"
BLOCKED = "True is blocked"
ADDED = "0 and −∞, added to the scores"

LEGEND = [("allowed", "may be attended"), ("blocked", "must not")]


def shown(mask: masks.Mask, convention: str) -> list[list[str]]:
    """A mask (True where allowed) as each convention writes it."""
    if convention == BLOCKED:
        mask = masks.blocked(mask)
    if convention == ADDED:
        return [[digits(entry) for entry in row] for row in masks.additive(mask)]
    return [[str(entry) for entry in row] for row in mask]


@dataclass(frozen=True)
class SubsequentMask(Demo):
    """Show which positions each position of a decoder may attend to."""

    heading: ClassVar[str] = "Causal mask"
    titles: ClassVar[Mapping[str, str]] = {
        "answer": "",
        "grid": "Who may look at whom",
        "torch": "As code prints it",
    }
    stages: ClassVar[tuple[str, ...]] = ("grid",)

    size: int = knob(5, kind=Whole(most=12), about="number of positions: tokens in the sentence")
    convention: str = knob(
        ALLOWED, kind=Choice((ALLOWED, BLOCKED, ADDED)), about="what an entry means, which is not the same everywhere"
    )

    def answer(self, typeset: Typeset) -> str:
        """Shape, and how many pairs are left."""
        mask = masks.subsequent_mask(self.size)
        pairs = sum(sum(row) for row in mask[0])
        batched = self.convention == ALLOWED
        return facts(
            [
                (
                    "Shape",
                    str(mask.shape if batched else mask.shape[1:]),
                    "batch, query, key" if batched else "query, key",
                ),
                ("Allowed pairs", str(pairs), f"{self.size} · ({self.size} + 1) / 2"),
                ("Share", f"{pairs / self.size**2:.1%}", f"{pairs} of {self.size**2} pairs"),
            ]
        )

    def grid(self, typeset: Typeset) -> str:
        """A row for each query, a column for each key."""
        [mask] = masks.subsequent_mask(self.size)
        labels = [str(position) for position in range(1, self.size + 1)]
        drawing = Grid(
            "m",
            shown(masks.Mask(mask), self.convention),
            lambda row, column: "allowed" if mask[row][column] else "blocked",
            rows=[f"query {label}" for label in labels],
            columns=labels,
        ).svg(f"Mask of {self.size} rows and columns; row i is allowed in its first i columns.")
        stops = [
            Stop(at("m", query, key), [at("m", query, other) for other in range(query + 1)], _said(query + 1, key + 1))
            for query in range(self.size)
            for key in range(self.size)
        ]
        scene = figure([(drawing, "columns: the keys that are looked at")], "Rows look, columns are looked at.", LEGEND)
        return stage(scene, stops, label="Causal mask; arrow keys go from cell to cell")

    def torch(self, typeset: Typeset) -> str:
        """What Python prints."""
        size = self.size
        calls = {
            ALLOWED: (
                "from calc.masks import subsequent_mask",
                f"subsequent_mask({size})",
                masks.subsequent_mask(size),
            ),
            BLOCKED: (
                "import torch",
                f"torch.ones({size}, {size}, dtype=torch.bool).triu(diagonal=1)",
                masks.blocked(masks.subsequent_mask(size)[0]),
            ),
            ADDED: (
                "from torch import nn",
                f"nn.Transformer.generate_square_subsequent_mask({size})",
                masks.square_subsequent_mask(size),
            ),
        }
        imported, call, mask = calls[self.convention]
        printed = "\n".join(f"# {line}" for line in repr(mask).splitlines())
        return snippet(f"{imported}\n\nprint({call})\n{printed}")


def _said(query: int, key: int) -> str:
    if key == query:
        return f"Position {query} may look at itself."
    if key < query:
        return f"Position {query} may look at position {key}: it comes before."
    return f"Position {query} must not look at position {key}: it comes later, and is what has to be predicted."


@dataclass(frozen=True)
class SentenceMask(Demo):
    """Show the padding mask of a batch of sentences, alone or with the causal mask."""

    heading: ClassVar[str] = "Padding mask"
    titles: ClassVar[Mapping[str, str]] = {"answer": "", "batch": "The batch", "mask": "Who may look at whom"}
    stages: ClassVar[tuple[str, ...]] = ("mask",)

    sentences: str = knob(
        "the cat sat\nit slept\nthen it woke up again",
        kind=Text(lines=True, most=300),
        about="one sentence in each line; or the lengths alone, a number in each line",
    )
    max_length: int | None = knob(
        None,
        kind=Whole(empty="the longest", most=12),
        about="tokens that are kept of each sentence: longer ones are cut",
    )
    causal: bool = knob(
        False, kind=Flag(), about="whether positions that come later are masked as well, as in a decoder"
    )

    def check(self) -> None:
        super().check()
        lines = self._lines()
        if len(lines) > 4:
            raise self.fault("sentences", f"must have at most 4 lines, and has {len(lines)}", "leave some out")
        for number, line in enumerate(lines, 1):
            if not 1 <= len(line) <= 12:
                rule = f"must have 1 to 12 words in each line, and has {len(line)} in line {number}"
                raise self.fault("sentences", rule, "write a shorter line")

    def _lines(self) -> list[list[str]]:
        """The words of each sentence."""
        lines = [line.split() for line in self.sentences.splitlines() if line.strip()]
        if all(len(line) == 1 and line[0].isascii() and line[0].isdigit() for line in lines):
            return [["token"] * min(int(line[0]), 99) for line in lines]
        return lines

    def tokens(self) -> list[list[int]]:
        """The batch as token numbers from 1 in order of appearance, padded with 0 and cut."""
        known: dict[str, int] = {}
        numbers = [[known.setdefault(word.lower(), len(known) + 1) for word in line] for line in self._lines()]
        return masks.pad_sequences(numbers, self.max_length)

    def _words(self) -> list[list[str]]:
        """The words that stand at the batch's places."""
        longest = len(self.tokens()[0])
        words = [[word if len(word) < 11 else f"{word[:9]}…" for word in line] for line in self._lines()]
        return [[*line[:longest], *["pad"] * (longest - len(line))] for line in words]

    def answer(self, typeset: Typeset) -> str:
        """Shape, padding and what was cut."""
        tokens = self.tokens()
        batch, length = len(tokens), len(tokens[0])
        mask = masks.decoder_mask(tokens) if self.causal else masks.padding_mask(tokens)
        cut = sum(max(0, len(line) - length) for line in self._lines())
        padding = sum(row.count(0) for row in tokens)
        return facts(
            [
                ("Mask shape", str(mask.shape), "batch, query, key" if self.causal else "batch, for every query, key"),
                ("Padding", f"{padding} of {batch * length}", f"tokens; {padding / (batch * length):.0%} of the batch"),
                ("Cut off", str(cut), "tokens beyond max_length"),
            ]
        )

    def batch(self, typeset: Typeset) -> str:
        """The sentences under each other, with their token numbers."""
        tokens, words = self.tokens(), self._words()
        kinds = [["data" if token else "pad" for token in row] for row in tokens]
        labels = [f"sentence {number}" for number in range(1, len(tokens) + 1)]
        drawn = [
            (Grid(name, texts, lambda row, column: kinds[row][column], rows=labels).svg(label), caption)
            for name, texts, label, caption in (
                ("w", words, "; ".join(" ".join(row) for row in words), "padded with 0, cut at the length"),
                ("t", [[str(token) for token in row] for row in tokens], f"Token numbers {tokens}", "as token numbers"),
            )
        ]
        return figure(drawn, "A batch is one table, so its rows must be equally long.", [("pad", "padding")])

    def mask(self, typeset: Typeset) -> str:
        """One row for each sentence, or one square for each where causality comes on top."""
        tokens, words = self.tokens(), self._words()
        allowed = masks.decoder_mask(tokens) if self.causal else masks.padding_mask(tokens)
        drawn, stops = [], []
        for number, (rows, line) in enumerate(zip(allowed, words, strict=True), 1):
            name = f"s{number}"
            labels = [f"{place} {word}" for place, word in enumerate(line, 1)]
            drawing = Grid(
                name,
                shown(rows, ALLOWED),
                lambda row, column, rows=rows: "allowed" if rows[row][column] else "blocked",  # type: ignore[misc]
                rows=labels if self.causal else ["every query"],
                columns=line,
            ).svg(f"Mask of sentence {number}: {'; '.join(' '.join(map(str, row)) for row in rows)}.")
            drawn.append((drawing, f"sentence {number}"))
            stops += [
                Stop(at(name, query, key), [at(name, other, key) for other in range(len(rows))], said)
                for query, row in enumerate(rows)
                for key in range(len(row))
                if (said := self._said(number, line, query, key))
            ]
        scene = figure(drawn, "Padding hides keys, for every query: a column, never a row.", LEGEND, arrows=False)
        return stage(scene, stops, label="Masks; arrow keys go from cell to cell")

    def _said(self, number: int, line: list[str], query: int, key: int) -> str:
        who = f"position {query + 1} ({line[query]})" if self.causal else "every position"
        what = f"position {key + 1} ({line[key]})"
        start = f"Sentence {number}: {who} may"
        if self.tokens()[number - 1][key] == 0:
            return f"{start} not look at {what}: that is padding."
        if self.causal and key > query:
            return f"{start} not look at {what}: it comes later."
        return f"{start} look at {what}."
