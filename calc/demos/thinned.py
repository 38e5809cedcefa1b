"""Thinned networks: each draw of dropout leaves another network, and all of them share their weights."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

from calc.demo import Demo
from calc.demos.growth_picture import POWERS
from calc.demos.thinned_picture import network, unit
from calc.knob import Real, Seed, Whole, knob
from calc.panels.table import Typeset
from calc.picture import figure
from calc.scene import at, digits
from calc.stage import Stop, stage
from calc.values.dropout import masks, thinned_networks
from calc.worked import facts, steps, tex


@dataclass(frozen=True)
class ThinnedNetwork(Demo):
    """Show the networks that are left of one when hidden units are dropped."""

    heading: ClassVar[str] = "Thinned networks"
    titles: ClassVar[Mapping[str, str]] = {"answer": "", "picture": "Draw after draw", "steps": "Step by step"}
    stages: ClassVar[tuple[str, ...]] = ("picture",)

    input_units: int = knob(3, kind=Whole(most=4), about="units of the input layer; they stay")
    hidden_units: int = knob(
        4, symbol="n", kind=Whole(most=6), about="units of the hidden layer, behind which the dropout is"
    )
    output_units: int = knob(2, kind=Whole(most=4), about="units of the output layer; they stay")
    p: float = knob(0.5, kind=Real(0, 1), about="probability that a hidden unit is dropped")
    draws: int = knob(6, kind=Whole(2, most=9), about="how many draws are shown, one for each call in training")
    seed: int = knob(1, kind=Seed(), about="where the coins start from: equal seeds throw alike")

    @cached_property
    def drawn(self) -> list[tuple[bool, ...]]:
        """Which hidden units stay, draw by draw."""
        return masks(self.hidden_units, self.p, self.draws, self.seed)

    @property
    def each(self) -> int:
        """The wires of one hidden unit."""
        return self.input_units + self.output_units

    def answer(self, typeset: Typeset) -> str:
        """How many networks there are, and how many were seen."""
        wires = self.hidden_units * self.each
        left = sum(map(sum, self.drawn)) / self.draws * self.each
        return facts(
            [
                (
                    "Thinned networks",
                    str(thinned_networks(self.hidden_units)),
                    f"2{str(self.hidden_units).translate(POWERS)}: each hidden unit in or out",
                ),
                ("Seen here", str(len(set(self.drawn))), f"different ones in {self.draws} draws"),
                ("Wires left", f"{digits(left, 2)} of {wires}", "in the mean of these draws; all use the same weights"),
            ]
        )

    def picture(self, typeset: Typeset) -> str:
        """The network once for each draw."""
        layers = (self.input_units, self.hidden_units, self.output_units)
        parts = [
            (network(number, layers, mask, self._said(number, mask)), f"draw {number + 1}")
            for number, mask in enumerate(self.drawn)
        ]
        caption = "Input on the left, output on the right. A dropped unit takes its wires along, to both sides."
        scene = figure(
            parts, caption, [("allowed", "kept"), ("blocked", "dropped"), ("data", "never dropped")], arrows=False
        )
        return stage(scene, self._stops(), notes=self._notes(), label="Draws; arrow keys go from one to the next")

    def _stops(self) -> Iterator[Stop]:
        for number, mask in enumerate(self.drawn):
            lights = [unit(number, 1, index) for index, stays in enumerate(mask) if stays]
            yield Stop(at("net", number), lights, self._said(number, mask))

    def _said(self, number: int, mask: tuple[bool, ...]) -> str:
        staying = [str(index) for index, stays in enumerate(mask, 1) if stays]
        wires = sum(mask) * self.each
        if not staying:
            return f"Draw {number + 1} drops all {self.hidden_units} hidden units: the output is its bias."
        if len(staying) == self.hidden_units:
            return f"Draw {number + 1} keeps all {self.hidden_units} hidden units: the whole network, {wires} wires."
        named = f"unit{'s' if len(staying) > 1 else ''} {', '.join(staying)}"
        before = self.drawn[:number]
        again = f" This network was there in draw {before.index(mask) + 1} already." if mask in before else ""
        return f"Draw {number + 1} keeps hidden {named}: {wires} of {self.hidden_units * self.each} wires.{again}"

    def _notes(self) -> Iterator[Stop]:
        """How often each hidden unit stays."""
        for number, mask in enumerate(self.drawn):
            for index, stays in enumerate(mask):
                there = [other for other, kept in enumerate(self.drawn) if kept[index]]
                lights = [unit(other, 1, index) for other in there]
                said = f"Hidden unit {index + 1} is {'kept' if stays else 'dropped'} in draw {number + 1}, and kept in "
                said += f"{len(there)} of the {self.draws} draws."
                yield Stop(unit(number, 1, index), lights, said)

    def steps(self, typeset: Typeset) -> str:
        """The number of networks, and how much of one is left in the mean."""
        n, wires = self.hidden_units, self.hidden_units * self.each
        kept = (1 - self.p) * self.hidden_units
        return steps(
            [
                (r"\text{networks}", "2^n", f"2^{{{n}}}", str(thinned_networks(n))),
                (
                    r"\text{wires}",
                    r"n \cdot (\text{inputs} + \text{outputs})",
                    f"{n} \\cdot {self.each}",
                    str(wires),
                ),
                (r"\text{units kept, expected}", "(1 - p)\\, n", rf"(1 - {tex(self.p)}) \cdot {n}", tex(kept)),
                (
                    r"\text{wires left, expected}",
                    rf"(1 - p) \cdot {wires}",
                    rf"(1 - {tex(self.p)}) \cdot {wires}",
                    tex((1 - self.p) * wires),
                ),
            ],
            typeset,
        )
