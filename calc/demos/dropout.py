"""Dropout by hand: coins, who stays, and what becomes of the survivors."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

from calc.demo import Demo
from calc.demos.normalization_text import bracketed
from calc.knob import Choice, Real, Seed, Table, knob
from calc.panels.printed import literal, printed, prints, tensor
from calc.panels.snippet import snippet
from calc.panels.table import Typeset
from calc.picture import figure
from calc.scene import Grid, at, digits
from calc.stage import Stop, stage
from calc.values.dropout import coins, dropout, kept
from calc.values.dropout import factor as grown
from calc.values.matrix import Vector
from calc.worked import factor, facts, steps, tex

TRAIN, EVAL = "train", "eval"
INPUT, COIN, KEPT, OUTPUT = range(4)


@dataclass(frozen=True)
class DropoutByHand(Demo):
    """Show one draw of dropout: which numbers stay, and what they become."""

    heading: ClassVar[str] = "Dropout"
    titles: ClassVar[Mapping[str, str]] = {
        "answer": "",
        "picture": "One draw",
        "steps": "Step by step",
        "torch": "PyTorch",
    }
    stages: ClassVar[tuple[str, ...]] = ("picture",)

    x: Vector = knob((1, 2, 3, 4, 5, 6), kind=Table(axes=1, columns=10), about="the numbers that go in")
    p: float = knob(0.5, kind=Real(0, 1), about="probability that a number is dropped")
    keep: Vector | None = knob(
        (0, 1, 0, 0, 0, 1),
        symbol="m",
        kind=Table(axes=1, columns=10, empty="drawn from the seed"),
        about="who stays: 1 for kept, 0 for dropped; drawn if left out",
    )
    seed: int = knob(1, kind=Seed(clears="keep"), about="where the coins start from: equal seeds throw alike")
    mode: str = knob(TRAIN, kind=Choice((TRAIN, EVAL)), about="whether the layer is in training or at inference")

    def check(self) -> None:
        super().check()
        if self.keep is None:
            return
        if len(self.keep) != len(self.x):
            rule = f"must have {len(self.x)} numbers like x, and has {len(self.keep)}"
            raise self.fault("keep", rule, "leave it blank to have them drawn")
        if not set(self.keep) <= {0, 1}:
            raise self.fault("keep", "must hold nothing but 0 and 1", "type 1 for each number that stays")

    @cached_property
    def coins(self) -> Vector:
        """What is drawn, where no mask is given."""
        return coins(len(self.x), self.seed)

    @property
    def training(self) -> bool:
        """Whether anything is dropped at all."""
        return self.mode == TRAIN

    @cached_property
    def mask(self) -> tuple[bool, ...]:
        """Who stays."""
        return tuple(map(bool, self.keep)) if self.keep is not None else kept(self.coins, self.p)

    @cached_property
    def output(self) -> Vector:
        """What comes out."""
        output: Vector = dropout(self.x, self.mask, self.p, self.training)
        return output

    def answer(self, typeset: Typeset) -> str:
        """The output, the factor, and both sums."""
        output = f"[{', '.join(map(digits, self.output))}]"
        if not self.training:
            return facts([("Output", output, "the input itself"), ("Factor", "1", "eval mode: nothing is scaled")])
        times = f"1 / (1 − {digits(self.p)})" if self.p < 1 else "none is kept at p = 1"
        sums = f"{digits(sum(self.x))} → {digits(sum(self.output))}"
        return facts(
            [
                ("Output", output, f"{sum(self.mask)} of {len(self.x)} kept"),
                ("Factor", digits(grown(self.p)), times),
                ("Sum", sums, "of this draw; over many draws its mean stays"),
            ]
        )

    def picture(self, typeset: Typeset) -> str:
        """Four rows: numbers, coins, who stays, output."""
        drawn = self.training and self.keep is None
        rows = ["x", "coin", "kept?", "y"]
        texts = [
            [digits(number) for number in self.x],
            [digits(coin) if drawn else "–" for coin in self.coins],
            [("yes" if stays else "no") if self.training else "–" for stays in self.mask],
            [digits(number) for number in self.output],
        ]

        def kind(row: int, column: int) -> str:
            if row == COIN and not drawn:
                return "pad"
            if row < KEPT or not self.training:
                return "data"
            return "allowed" if self.mask[column] else "blocked"

        label = "; ".join(f"{name}: {', '.join(line)}" for name, line in zip(rows, texts, strict=True))
        columns = [str(place) for place in range(1, len(self.x) + 1)]
        drawing = Grid("d", texts, kind, rows=rows, columns=columns).svg(f"Dropout. {label}.")
        caption = "Each number has a coin of its own, from 0 to 1; below p it is dropped."
        legend = [("allowed", "kept"), ("blocked", "dropped")] if self.training else []
        scene = figure([(drawing, "columns: positions")], caption, legend)
        return stage(scene, self._stops(), notes=self._notes(), label="Dropout; arrow keys go from cell to cell")

    def _stops(self) -> Iterator[Stop]:
        for place, number in enumerate(self.x):
            stays, made = self.mask[place], digits(self.output[place])
            yield Stop(at("d", KEPT, place), [at("d", COIN, place)], self._decided(place))
            start = f"Position {place + 1}"
            lights = [at("d", INPUT, place), at("d", KEPT, place)]
            if not self.training:
                said = f"{start}: {made} comes out as it went in."
            elif stays and self.p < 1:
                said = f"{start} is kept: {bracketed(number)} / (1 − {digits(self.p)}) = {made}."
            elif stays:
                said = f"{start}: at p = 1 nothing can be kept, so PyTorch multiplies with 0."
            else:
                said = f"{start} is dropped: {bracketed(number)}·0 = 0."
            yield Stop(at("d", OUTPUT, place), lights, said)

    def _decided(self, place: int) -> str:
        start = f"Position {place + 1}"
        if not self.training:
            return f"{start}: in eval mode no coin is thrown."
        stays = self.mask[place]
        if self.keep is not None:
            return f"{start} {'stays' if stays else 'is dropped'}, as was given."
        than = "is not below" if stays else "is below"
        return f"{start}: the coin {digits(self.coins[place])} {than} p = {digits(self.p)}, so it {_goes(stays)}."

    def _notes(self) -> Iterator[Stop]:
        for place, number in enumerate(self.x):
            lights = [at("d", row, place) for row in (COIN, KEPT, OUTPUT)]
            said = f"{digits(number)} at position {place + 1}: {digits(self.output[place])} comes out."
            yield Stop(at("d", INPUT, place), lights, said)
            yield Stop(at("d", COIN, place), [at("d", KEPT, place)], self._decided(place))

    def steps(self, typeset: Typeset) -> str:
        """Each position."""
        lines: list[tuple[str, ...]] = []
        for place, (number, stays) in enumerate(zip(self.x, self.mask, strict=True), 1):
            made = tex(self.output[place - 1])
            if not self.training:
                lines.append((f"y_{{{place}}}", f"x_{{{place}}}", made))
                continue
            if self.p == 1:
                lines.append((f"y_{{{place}}}", rf"0 \cdot {factor(number)}", made))
                continue
            formula = rf"\frac{{m_{{{place}}}\, x_{{{place}}}}}{{1 - p}}"
            put = rf"\frac{{{int(stays)} \cdot {factor(number)}}}{{1 - {tex(self.p)}}}"
            lines.append((f"y_{{{place}}}", formula, put, made))
        return steps(lines, typeset)

    def torch(self, typeset: Typeset) -> str:
        """The layer with these coins: a real call throws its own."""
        start = f"import torch\nfrom torch.nn import functional as F\n\nx = {tensor(self.x, 4)}\n"
        shown = printed(tuple(round(number, 4) + 0.0 for number in self.output))
        if not self.training:
            rounded = prints(f"F.dropout(x, p={self.p:.12g}, training=False).round(decimals=4)", shown)
            return snippet(f"{start}{rounded}\n")
        if self.p == 1:
            return snippet(f"{start}{prints('F.dropout(x, p=1).abs()', shown)}\n")
        mask = f"keep = torch.tensor({literal([int(stays) for stays in self.mask])})\n"
        return snippet(
            f"{start}# F.dropout(x, {self.p:.12g}) throws coins of its own; with these it gives\n"
            f"{mask}{prints(f'(x * keep / (1 - {self.p:.12g})).round(decimals=4) + 0', shown)}\n"
        )


def _goes(stays: bool) -> str:
    return "stays" if stays else "is dropped"
