"""A sentence read word by word: one cell at each step, the state passed on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import calc
from calc.demo import Demo
from calc.demos.cell_code import given, load_line, vector
from calc.demos.cell_step import drawn, listed
from calc.demos.sheet import indexed
from calc.demos.unrolled_picture import unrolled
from calc.knob import Choice, Seed, Text, Whole, knob
from calc.panels.printed import printed, prints
from calc.panels.snippet import snippet
from calc.panels.table import Typeset
from calc.picture import figure
from calc.scene import at, digits, matrix_text, numbers
from calc.stage import Stop, stage
from calc.values.cells import Weights
from calc.values.matrix import Matrix, Vector
from calc.values.recurrent import State, step_of, unroll, zero_state
from calc.worked import facts, steps

ROWS = {"RNN": "h", "GRU": "rzn", "LSTM": "ifgo"}
"""What the rows of the weights make, in PyTorch's order."""

LONGEST = 8


@dataclass(frozen=True)
class UnrolledSentence(Demo):
    """Show a sentence read word by word: the same cell at each step, and the state it passes on."""

    heading: ClassVar[str] = "A sentence, word by word"
    titles: ClassVar[Mapping[str, str]] = {
        "answer": "",
        "loop": "The loop unrolled",
        "weights": "One set of weights, for every step",
        "steps": "Step by step",
        "torch": "PyTorch",
    }
    stages: ClassVar[tuple[str, ...]] = ("loop",)

    sentence: str = knob(
        "the dog saw the cat",
        kind=Text(most=120),
        about=f"one to {LONGEST} words; each is one step, equal words are equal inputs",
    )
    cell: str = knob("RNN", kind=Choice(tuple(ROWS)), about="what is applied at each step")
    input_size: int = knob(3, symbol="d", kind=Whole(most=4), about="numbers that stand for a word")
    hidden_size: int = knob(3, symbol="m", kind=Whole(most=4), about="numbers in the state")
    seed: int = knob(1, kind=Seed(), about="what the words' numbers and the weights are drawn from")

    def check(self) -> None:
        super().check()
        if len(self.words) > LONGEST:
            raise self.fault(
                "sentence", f"must have at most {LONGEST} words, and has {len(self.words)}", "leave some out"
            )

    @property
    def words(self) -> list[str]:
        """The sentence as its words."""
        return self.sentence.split()

    def vectors(self) -> Matrix:
        """A vector for each word, drawn by the word itself."""
        return tuple(drawn(self.seed, f"word {word.lower()}", 1, self.input_size)[0] for word in self.words)

    def learned(self) -> Weights:
        """The weights, drawn as well."""
        rows = len(ROWS[self.cell]) * self.hidden_size
        return Weights(
            drawn(self.seed, "weight_ih", rows, self.input_size),
            drawn(self.seed, "weight_hh", rows, self.hidden_size),
            drawn(self.seed, "bias_ih", 1, rows)[0],
            drawn(self.seed, "bias_hh", 1, rows)[0],
        )

    def states(self, inputs: Matrix) -> tuple[State, ...]:
        """The state before the first step and after each."""
        start = zero_state(self.cell, self.learned())
        return (start, *unroll(step_of(self.cell, self.learned()), inputs, start))

    def answer(self, typeset: Typeset) -> str:
        """What does not depend on the length, what does, and what the sentence ends in."""
        layer = calc.layer(self.cell, input_size=self.input_size, hidden_size=self.hidden_size)
        inputs = self.vectors()
        count = len(inputs)
        return facts(
            [
                ("Parameters", f"{layer.params:,}", "the same for a thousand words"),
                ("Steps", str(count), "one after the other"),
                ("Last state", _short(self.states(inputs)[-1][0]), "made of all the words"),
                ("Read backwards", _short(self.states(inputs[::-1])[-1][0]), "the order matters"),
            ]
        )

    def loop(self, typeset: Typeset) -> str:
        """A column for each word, from left to right in time."""
        inputs = self.vectors()
        states = self.states(inputs)
        carried = "h and c" if self.cell == "LSTM" else "h"
        drawing = unrolled(self.cell, self.words, inputs, states)
        scene = figure(
            [(drawing, f"time goes from left to right, and with it {carried}; every box is the same cell")],
            "A cell waits for the state of the one before it, so the steps cannot run side by side.",
            [("state", "word"), ("data", "cell, with the same weights everywhere"), ("made", "state")],
        )
        return stage(
            scene, self._stops(inputs, states), notes=self._notes(states), label="A cell at each word of a sentence"
        )

    def _stops(self, inputs: Matrix, states: tuple[State, ...]) -> list[Stop]:
        names = "hc"[: len(states[0])]

        def cells(step: int) -> list[str]:
            return [at(name, step, place) for name in names for place in range(self.hidden_size)]

        start, *rest = cells(0)
        stops = [Stop(start, [*rest, "pass-1"], "Before the first word the state is all zeros.")]
        for step, (word, x) in enumerate(zip(self.words, inputs, strict=True), 1):
            before = f"the state of step {step - 1}, {_both(states[step - 1])}" if step > 1 else "a state of zeros"
            said = (
                f"Step {step}, “{word}”: the cell reads x = {listed(x)} and {before}, and makes {_both(states[step])}."
            )
            lights = [at("x", step, place) for place in range(self.input_size)]
            lights += [f"pass-{step}", f"in-{step}", f"out-{step}", *cells(step - 1), *cells(step)]
            stops.append(Stop(f"cell-{step}", lights, said))
        last, *rest = cells(len(inputs))
        many = f"{len(inputs)} steps" if len(inputs) > 1 else "1 step"
        said = f"The last state, {_both(states[-1])}, took {many} with the same weights; every word has left its mark."
        return [*stops, Stop(last, rest, said)]

    def _notes(self, states: tuple[State, ...]) -> list[Stop]:
        found = []
        for step, word in enumerate(self.words, 1):
            for name, each in zip("hc", states[step], strict=False):
                for place, number in enumerate(each):
                    reader = f"step {step + 1} reads it" if step < len(self.words) else "it is the last"
                    said = f"{name} after “{word}”, unit {place + 1}: {digits(number)}; {reader}."
                    found.append(
                        Stop(
                            at(name, step, place),
                            [f"cell-{step}", f"pass-{step + 1}"][: 1 + (step < len(self.words))],
                            said,
                        )
                    )
        return found

    def weights(self, typeset: Typeset) -> str:
        """The matrices that every step shares."""
        held = self.learned()
        labels = [indexed(symbol, unit + 1) for symbol in ROWS[self.cell] for unit in range(self.hidden_size)]
        parts = [
            (numbers(name, table, f"{name}: {matrix_text(table)}.", rows=labels), caption)
            for name, table, caption in (
                ("weight_ih", held.weight_ih, f"weight_ih, {len(held.weight_ih)} × {self.input_size}: times the word"),
                (
                    "weight_hh",
                    held.weight_hh,
                    f"weight_hh, {len(held.weight_hh)} × {self.hidden_size}: times the state",
                ),
                ("bias", tuple(zip(held.bias_ih, held.bias_hh, strict=True)), "bias_ih and bias_hh"),
            )
        ]
        return figure(parts, "No size here is the number of words.", arrows=False)

    def steps(self, typeset: Typeset) -> str:
        """Each state as the cell's answer to a word and the state before."""
        inputs = self.vectors()
        states = self.states(inputs)
        lines = []
        for step, x in enumerate(inputs, 1):
            read, made = (", ".join(map(vector, numbers)) for numbers in ((x, *states[step - 1]), states[step]))
            named = f"h_{step}, c_{step}" if self.cell == "LSTM" else f"h_{step}"
            lines.append([named, rf"\mathrm{{{self.cell}}}({read})", made])
        return steps(lines, typeset)

    def torch(self, typeset: Typeset) -> str:
        """The whole sentence in one call."""
        held = self.learned()
        tensors = {name: getattr(held, name) for name in ("weight_ih", "weight_hh", "bias_ih", "bias_hh")}
        sizes = f"{self.input_size}, {self.hidden_size}"
        lines = given({**tensors, "x": self.vectors()})
        lines.append(f"layer = nn.{self.cell}({sizes}, dtype=torch.float64)")
        lines.append(load_line("layer", {f"{name}_l0": name for name in tensors}))
        lines += ["with torch.no_grad():", "    output, state = layer(x)"]
        lines.append(prints("output[-1]", printed(self.states(self.vectors())[-1][0])))
        return snippet("\n".join(lines) + "\n")


def _short(state: Vector) -> str:
    return f"({', '.join(digits(number, 2) for number in state)})"


def _both(state: State) -> str:
    return " and ".join(f"{name} = {_short(each)}" for name, each in zip("hc", state, strict=False))
