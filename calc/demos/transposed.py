"""A transposed convolution of numbers that the reader types: each input cell stamps the kernel."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from typing import ClassVar

from calc.demo import Demo
from calc.demos.size_steps import size_steps
from calc.demos.wording import said, spot
from calc.knob import Table, Whole, knob
from calc.layers.conv_transpose import ConvTranspose2d
from calc.panels.printed import printed, prints, tensor
from calc.panels.snippet import snippet
from calc.panels.table import Typeset
from calc.picture import figure, sizes
from calc.scene import Grid, at, digits, matrix_text, numbers
from calc.source import call
from calc.stage import Stop, stage
from calc.values import transposed
from calc.values.convolve import Axis
from calc.values.matrix import Matrix, mapped
from calc.values.nested import Cell, at_cell
from calc.worked import dot_text, facts, products, steps, tex

LEGEND = {
    "overlap": "several stamps add up",
    "crop": "cut off by padding",
    "gained": "there because of output_padding",
}


@dataclass(frozen=True)
class TransposedByHand(Demo):
    """Show how a transposed convolution stamps its kernel for every input cell and adds up."""

    heading: ClassVar[str] = "Transposed convolution"
    titles: ClassVar[Mapping[str, str]] = {
        "answer": "",
        "picture": "Stamp by stamp",
        "steps": "Step by step",
        "torch": "PyTorch",
    }
    stages: ClassVar[tuple[str, ...]] = ("picture",)

    image: tuple[tuple[float, ...], ...] = knob(
        ((1, 2), (3, 4)), kind=Table(rows=4, columns=4), about="the input, one channel, a line for each row"
    )
    kernel: tuple[tuple[float, ...], ...] = knob(
        ((1, 2, 1), (2, 4, 2), (1, 2, 1)), kind=Table(rows=4, columns=4), about="the stamp, a line for each row"
    )
    stride: int = knob(2, kind=Whole(most=3), about="output cells from one stamp to the next")
    padding: int = knob(0, kind=Whole(0, most=3), about="cells cut off on each side of the output")
    output_padding: int = knob(
        0, kind=Whole(0, most=2), about="more cells computed at the right and at the bottom; less than stride"
    )

    def check(self) -> None:
        super().check()
        op, s = self.output_padding, self.stride
        if op >= s:
            raise self.fault("output_padding", f"must be less than stride (={s})", f"use {s - 1}")
        least = min(axis.cells for axis in self.on)
        if least < 1:
            most = self.padding - (2 - least) // 2
            raise self.fault("padding", "cuts off everything", f"use at most {most}")

    @property
    def on(self) -> tuple[Axis, ...]:
        """The output's rows and columns, with the stamp on them."""
        cells, taps = ((len(matrix), len(matrix[0])) for matrix in (self.image, self.kernel))
        return transposed.stamp_axes(cells, taps, self.stride, self.padding, self.output_padding)

    @property
    def output(self) -> Matrix:
        """What comes out."""
        [made] = transposed.stamped((self.image,), ((self.kernel,),), self.on)
        found: Matrix = made
        return found

    @property
    def sources(self) -> list[Cell]:
        """Every input cell, row by row."""
        return list(product(range(len(self.image)), range(len(self.image[0]))))

    @property
    def canvas(self) -> tuple[range, ...]:
        """Rows and columns with what is cut off."""
        reach = (len(self.image) - 1, len(self.image[0]) - 1)
        return tuple(
            range(-axis.before, max(axis.cells, axis.reads(last)[-1] + 1))
            for axis, last in zip(self.on, reach, strict=True)
        )

    def pairs(self, cell: Cell) -> list[tuple[float, float]]:
        """What is multiplied and added for a cell of the output, cut off or not: (input, weight)."""
        made = transposed.parts((len(self.image), len(self.image[0])), self.on, cell)
        return [(at_cell(self.image, source), at_cell(self.kernel, tap)) for source, tap in made]

    def kept(self, cell: Cell) -> bool:
        """Whether a cell is not cut off."""
        return all(axis.holds(index) for axis, index in zip(self.on, cell, strict=True))

    def answer(self, typeset: Typeset) -> str:
        """Sizes, and what overlaps."""
        cells = [cell for cell in product(*self.canvas) if self.kept(cell)]
        overlaps = sum(len(self.pairs(cell)) > 1 for cell in cells)
        stamps = len(self.sources)
        return facts(
            [
                (
                    "Output",
                    sizes(axis.cells for axis in self.on),
                    f"from {sizes((len(self.image), len(self.image[0])))}",
                ),
                (
                    "Stamps",
                    str(stamps),
                    f"of {sizes((len(self.kernel), len(self.kernel[0])))}, one for each input cell",
                ),
                ("Overlap", f"{overlaps} of {len(cells)}", "output cells get more than one part"),
            ]
        )

    def picture(self, typeset: Typeset) -> str:
        """Input, kernel and output; what is cut off is drawn, too."""
        kinds: set[str] = set()
        kernel = numbers("k", self.kernel, f"Kernel {matrix_text(self.kernel)}.")
        apart = said(self.stride, "cell", "cells")
        scene = figure(
            [
                (numbers("x", self.image, f"Input {matrix_text(self.image)}."), "input"),
                (kernel, "kernel: the stamp"),
                (self._output(kinds), "output"),
            ],
            f"Each input cell adds its multiple of the kernel; neighbours add theirs {apart} apart.",
            [(kind, text) for kind, text in LEGEND.items() if kind in kinds],
        )
        label = "Transposed convolution; arrow keys go from cell to cell"
        return stage(scene, self._stops(), notes=self._notes(), label=label)

    def _output(self, kinds: set[str]) -> str:
        rows, columns = self.canvas

        def kind(row: int, column: int) -> str:
            cell = (rows[row], columns[column])
            if not self.kept(cell):
                return "crop"
            gained = any(index >= axis.cells - self.output_padding for axis, index in zip(self.on, cell, strict=True))
            return "gained" if gained else "overlap" if len(self.pairs(cell)) > 1 else "data"

        kinds |= {kind(row, column) for row in range(len(rows)) for column in range(len(columns))}
        texts = [[digits(self._total((row, column))) for column in columns] for row in rows]
        return Grid("y", texts, kind, first=(rows[0], columns[0])).svg(f"Output {matrix_text(self.output)}.")

    def _total(self, cell: Cell) -> float:
        return sum(value * weight for value, weight in self.pairs(cell))

    def _stops(self) -> Iterator[Stop]:
        taps = [at("k", row, column) for row in range(len(self.kernel)) for column in range(len(self.kernel[0]))]
        count = said(len(self.sources), "input cell leaves its multiple", "input cells leave their multiples")
        words = f"The kernel is a stamp: {count} of it."
        yield Stop(taps[0], taps[1:], words)
        for cell in self.sources:
            written = transposed.stamp(self.on, cell)
            value = at_cell(self.image, cell)
            multiple = mapped(lambda weight, value=value: value * weight, self.kernel)
            cut = sum(not self.kept(each) for each in written)
            tail = f"; {cut} of its {len(written)} cells are cut off" if cut else ""
            yield Stop(
                at("x", *cell),
                [at("y", *each) for each in written],
                f"{spot(cell).capitalize()} holds {digits(value)}: it adds {matrix_text(multiple)}{tail}.",
            )

    def _notes(self) -> Iterator[Stop]:
        """The other way round: what an output cell is made of; and where a weight goes."""
        for cell in product(*self.canvas):
            made = transposed.parts((len(self.image), len(self.image[0])), self.on, cell)
            lights = [at(name, *each) for pair in made for name, each in zip("xk", pair, strict=True)]
            name = spot(cell).capitalize() if self.kept(cell) else "Cut off by padding"
            yield Stop(at("y", *cell), list(dict.fromkeys(lights)), f"{name}: {self.worked(cell)}")
        for tap in list(product(range(len(self.kernel)), range(len(self.kernel[0]))))[1:]:
            index = tap[0] * len(self.kernel[0]) + tap[1]
            lights = [at("y", *transposed.stamp(self.on, cell)[index]) for cell in self.sources]
            words = f"The weight {digits(at_cell(self.kernel, tap))} is multiplied with every input cell once."
            yield Stop(at("k", *tap), lights, words)

    def worked(self, cell: Cell) -> str:
        """The sum for an output cell in words."""
        pairs = self.pairs(cell)
        return f"{dot_text(pairs)} = {digits(self._total(cell))}." if pairs else "no stamp reaches it, it is 0."

    def steps(self, typeset: Typeset) -> str:
        """The sizes, then the first cell, the one that most stamps reach, and the last."""
        kernel = (len(self.kernel), len(self.kernel[0]))
        layer = ConvTranspose2d(1, 1, kernel, self.stride, self.padding, self.output_padding, bias=False)
        lines = size_steps(layer, (1, len(self.image), len(self.image[0])))
        cells = [cell for cell in product(*self.canvas) if self.kept(cell)]
        fullest = max(cells, key=lambda cell: len(self.pairs(cell)))
        for cell in dict.fromkeys((cells[0], fullest, cells[-1])):
            pairs = self.pairs(cell)
            written = (products(pairs),) if pairs else ()
            lines.append((f"y_{{{cell[0] + 1},{cell[1] + 1}}}", *written, tex(self._total(cell))))
        return steps(lines, typeset)

    def torch(self, typeset: Typeset) -> str:
        """The same in PyTorch."""
        options = call(
            "",
            stride=(self.stride, 1),
            padding=(self.padding, 0),
            output_padding=(self.output_padding, 0),
        )[1:-1]
        given = f", {options}" if options else ""
        return snippet(
            "import torch\nfrom torch.nn import functional as F\n\n"
            f"image = {tensor(self.image, 8)}\nkernel = {tensor(self.kernel, 9)}\n"
            f"[y] = F.conv_transpose2d(image[None], kernel[None, None]{given})\n{prints('y', printed(self.output))}\n"
        )
