"""Convolution over text: each word is a vector, and the kernel moves along the words only."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from random import Random
from typing import ClassVar

from calc.demo import Demo
from calc.demos.sliding import labelled, size_lines, stacked, two
from calc.knob import Choice, Seed, Text, Whole, knob
from calc.panels.printed import prints_values, tensor
from calc.panels.snippet import snippet
from calc.panels.table import Typeset
from calc.picture import figure
from calc.scene import Grid, at, digits, matrix_text
from calc.stage import Stop, stage
from calc.values.convolve import Axis, axes, convolve, terms
from calc.values.matrix import Matrix, transposed
from calc.worked import dot_text, facts, products, steps, tex

MOST_WORDS = 10


def drawn(draw: Random, rows: int, columns: int) -> Matrix:
    """Halves from −2 to 2, so that products can be followed by eye and sums are exact."""
    return tuple(tuple(draw.randint(-4, 4) / 2 for _ in range(columns)) for _ in range(rows))


@dataclass(frozen=True)
class ConvolutionOverText(Demo):
    """Show a kernel moving over the words of a sentence, along one axis only."""

    heading: ClassVar[str] = "Convolution over text"
    titles: ClassVar[Mapping[str, str]] = {
        "answer": "",
        "picture": "The kernel moves down the words",
        "derivation": "Step by step",
        "torch": "The same in PyTorch",
    }
    stages: ClassVar[tuple[str, ...]] = ("picture",)

    sentence: str = knob("the cat sat on the mat", kind=Text(most=120), about="the words, 2 to 10 of them")
    kernel_size: int = knob(3, symbol="k", kind=Whole(most=5), about="how many words the kernel spans")
    padding: str = knob(
        "valid",
        kind=Choice(("valid", "same", "causal")),
        about="valid adds nothing; same adds zeros on both ends; causal adds them before the first word only, so that "
        "no output sees a later word",
    )
    dilation: int = knob(1, symbol="d", kind=Whole(most=4), about="how many words the kernel's rows are apart")
    stride: int = knob(1, symbol="s", kind=Whole(most=3), about="words the kernel moves at each step")
    channels: int = knob(3, symbol="c", kind=Whole(most=4), about="numbers in a word's vector")
    filters: int = knob(2, symbol="f", kind=Whole(most=3), about="how many kernels there are: output channels")
    seed: int = knob(1, kind=Seed(), about="which vectors and kernels are drawn; equal words have equal vectors")

    def check(self) -> None:
        super().check()
        count = len(self.words)
        if not 2 <= count <= MOST_WORDS:
            rule = f"must have 2 to {MOST_WORDS} words, and has {count}"
            raise self.fault("sentence", rule, "write a few more" if count < 2 else "leave some out")
        if not self.axis.places and self.kernel_size <= count:
            rule = f"makes the kernel span {self.axis.span} words, and there are {count}"
            raise self.fault("dilation", rule, "try 1, or set padding to same")
        if not self.axis.places:
            rule = f"is more words than there are, {count}"
            raise self.fault("kernel_size", rule, "set padding to same, or write more words")

    @cached_property
    def words(self) -> list[str]:
        """The sentence in words."""
        return self.sentence.split()

    @cached_property
    def axis(self) -> Axis:
        """The one axis that the kernel moves along."""
        [axis] = axes((len(self.words),), (self.kernel_size,), self.stride, self.padding, self.dilation)
        return axis

    @cached_property
    def _draws(self) -> tuple[Matrix, tuple[Matrix, ...]]:
        draw = Random(self.seed)
        kernels = tuple(drawn(draw, self.kernel_size, self.channels) for _ in range(self.filters))
        known: dict[str, tuple[float, ...]] = {}
        for word in self.words:
            if word.lower() not in known:
                [known[word.lower()]] = drawn(draw, 1, self.channels)
        return tuple(known[word.lower()] for word in self.words), kernels

    @property
    def vectors(self) -> Matrix:
        """A row for each word."""
        return self._draws[0]

    @property
    def kernels(self) -> tuple[Matrix, ...]:
        """For each filter a row for each word that it spans."""
        return self._draws[1]

    @cached_property
    def output(self) -> Matrix:
        """A row for each place, a column for each filter."""
        weight = tuple(transposed(kernel) for kernel in self.kernels)
        axis = self.axis
        maps = convolve(
            transposed(self.vectors), weight, None, axis.stride, ((axis.before, axis.after),), axis.dilation
        )
        return transposed(maps)

    def _terms(self, place: int, kernel: int) -> list[tuple[float, float]]:
        """What is multiplied, word by word."""
        columns = zip(transposed(self.vectors), transposed(self.kernels[kernel]), strict=True)
        by_column = [terms(cells, taps, (self.axis,), (place,)) for cells, taps in columns]
        return [pairs[tap] for tap in range(self.kernel_size) for pairs in by_column]

    def answer(self, typeset: Typeset) -> str:
        """Shapes, and which words an output sees."""
        axis = self.axis
        later = {"valid": "the kernel starts at word t", "same": "the kernel lies around word t"}
        sees = later.get(self.padding, "none that comes later than word t")
        count = self.filters * self.kernel_size * self.channels
        return facts(
            [
                ("Output", f"{self.axis.places} × {self.filters}", "places × filters"),
                ("Moves along", "1 axis", f"over the words; it is as wide as a vector, {self.channels}"),
                ("Padding", f"{axis.before}, {axis.after}", "zero vectors before, after"),
                ("Place t reads", self._offsets(), sees if axis.stride == 1 else "counted from 1"),
                ("Weights", str(count), f"{self.filters} · {self.kernel_size} · {self.channels}"),
            ]
        )

    def _offsets(self) -> str:
        """The words that place t reads, counted from 1."""
        axis = self.axis
        start = "t" if axis.stride == 1 else f"{axis.stride}t"
        # Place 1 stands at word 1: s·t − (s − 1).
        offsets = [read - (axis.stride - 1) for read in axis.reads(0)]
        return ", ".join(f"{start} {'−' if each < 0 else '+'} {abs(each)}" if each else start for each in offsets)

    def picture(self, typeset: Typeset) -> str:
        """Words as rows, kernels, outputs as rows."""
        axis = self.axis
        positions = range(-axis.before, axis.cells + axis.after)
        zeros = (0.0,) * self.channels
        rows = [self.vectors[place] if axis.holds(place) else zeros for place in positions]
        read = {cell for place in range(axis.places) for cell in axis.reads(place)}

        def kind(row: int, column: int) -> str:
            place = row - axis.before
            return ("data" if place in read else "unused") if axis.holds(place) else "pad"

        words = Grid(
            "x",
            [[digits(number) for number in row] for row in rows],
            kind,
            rows=[self._label(place) if axis.holds(place) else "padding" for place in positions],
            first=(-axis.before, 0),
        ).svg(f"Words: {'; '.join(f'{word} {matrix_text([row])}' for word, row in self._pairs())}")
        kernels = [
            Grid(f"k{number}", [[digits(entry) for entry in row] for row in kernel]).svg(
                f"Kernel {number + 1}: {matrix_text(kernel)}"
            )
            for number, kernel in enumerate(self.kernels)
        ]
        output = Grid(
            "y",
            [[digits(number) for number in row] for row in self.output],
            rows=[str(place + 1) for place in range(axis.places)],
            columns=[str(number + 1) for number in range(self.filters)],
        ).svg(f"Outputs: {matrix_text(self.output)}")
        taps = (labelled(f"kernel {number + 1}", each) for number, each in enumerate(kernels))
        parts = [
            (words, "a row for each word"),
            (stacked(taps), "as wide as a vector"),
            (output, "a row for each place"),
        ]
        drawn_kinds = {kind(row, 0) for row in range(len(rows))}
        legend = [each for each in (("pad", "padding, zeros"), ("unused", "never read")) if each[0] in drawn_kinds]
        caption = "A kernel is as wide as the vectors, so it moves down only; each makes a column of the output."
        scene = figure(parts, caption, legend)
        label = "Words, kernels and outputs; arrow keys go from cell to cell"
        stops, notes = two(self._stops(), self._inputs())
        return stage(scene, stops, notes=notes, label=label)

    def _label(self, place: int) -> str:
        word = self.words[place]
        return word if len(word) < 11 else f"{word[:9]}…"

    def _pairs(self) -> Iterator[tuple[str, Sequence[float]]]:
        return zip(self.words, self.vectors, strict=True)

    def _stops(self) -> Iterator[Stop]:
        width = range(self.channels)
        for place, line in enumerate(self.output):
            reads = self.axis.reads(place)
            for number, result in enumerate(line):
                lights = [at("x", cell, column) for cell in reads for column in width]
                lights += [at(f"k{number}", tap, column) for tap in range(self.kernel_size) for column in width]
                start = f"Place {place + 1}, kernel {number + 1} reads {self._read(reads)}: "
                said = f"{start}{dot_text(self._terms(place, number))} = {digits(result)}.{self._later(place)}"
                yield Stop(at("y", place, number), lights, said)

    def _read(self, cells: Sequence[int]) -> str:
        seen = [f'"{self.words[cell]}"' if self.axis.holds(cell) else "padding" for cell in cells]
        return ", ".join(seen)

    def _later(self, place: int) -> str:
        """Which of the words come later than the place's own, where a place has a word of its own."""
        if self.padding == "causal":
            return f' Nothing later than "{self.words[place * self.stride]}" is seen.'
        if self.padding != "same" or self.stride > 1:
            return ""
        later = [cell for cell in self.axis.reads(place) if place < cell < self.axis.cells]
        if not later:
            return ""
        come = "comes" if len(later) == 1 else "come"
        return f' {self._read(later)} {come} later than "{self.words[place]}".'

    def _inputs(self) -> Iterator[Stop]:
        """The other way round: the places that read a word."""
        for cell, word in enumerate(self.words):
            goes = self.axis.read_by(cell)
            lights = [at("y", place, number) for place, _ in goes for number in range(self.filters)]
            places = ", ".join(str(place + 1) for place, _ in goes)
            end = f"goes into place{'s' if len(goes) > 1 else ''} {places}." if goes else "is never read."
            for column in range(self.channels):
                yield Stop(at("x", cell, column), lights, f'"{word}" {end}')

    def derivation(self, typeset: Typeset) -> str:
        """The length, then a place in the middle."""
        place = self.axis.places // 2
        sums = (
            (rf"y_{{{place},{number}}}", products(self._terms(place, number)), tex(self.output[place][number]))
            for number in range(self.filters)
        )
        return steps([*size_lines((self.axis,)), *sums], typeset)

    def torch(self, typeset: Typeset) -> str:
        """The call that gives the same output: channels before length."""
        axis = self.axis
        weight = tuple(transposed(kernel) for kernel in self.kernels)
        padded = f"F.pad(x, ({axis.before}, {axis.after}))" if axis.before or axis.after else "x"
        options = {"stride": axis.stride, "dilation": axis.dilation}
        given = "".join(f", {name}={value}" for name, value in options.items() if value > 1)
        return snippet(
            "import torch\nfrom torch.nn import functional as F\n\n"
            f"words = {tensor(self.vectors, 8)}\n"
            f"weight = {tensor(weight, 9)}\n"
            "x = words.T[None]  # (N, channels, length): PyTorch wants the channels first\n"
            f"y = F.conv1d({padded}, weight{given})\n\n{prints_values('y[0].T', self.output)}"
        )
