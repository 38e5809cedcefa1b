"""Convolution with several channels: a kernel for each pair of input and output channel, sums over channels, groups."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

from calc.demo import Demo
from calc.demos.sliding import (
    beside,
    cell_name,
    kinds,
    labelled,
    outside,
    padded,
    padding_remark,
    stacked,
    too_much,
    two,
    under,
)
from calc.knob import Table, Whole, knob
from calc.panels.printed import prints_values, tensor
from calc.panels.snippet import snippet
from calc.panels.table import Typeset
from calc.picture import figure
from calc.picture import sizes as written_sizes
from calc.scene import at, digits, matrix_text, numbers
from calc.stage import Stop, stage
from calc.values.convolve import Axis, axes, convolve, flat, seen_by, sizes, terms
from calc.values.matrix import Matrix, Vector
from calc.worked import dot_text, facts, products, steps, tex


@dataclass(frozen=True)
class ConvolutionChannels(Demo):
    """Show how several channels are summed, and how groups keep them apart."""

    heading: ClassVar[str] = "Several channels"
    titles: ClassVar[Mapping[str, str]] = {
        "answer": "",
        "picture": "A kernel for each pair of channels",
        "derivation": "Step by step",
        "torch": "The same in PyTorch",
    }
    stages: ClassVar[tuple[str, ...]] = ("picture",)

    image: tuple[Matrix, ...] = knob(
        (((0, 1, 2), (3, 4, 5), (6, 7, 8)), ((1, 2, 3), (4, 5, 6), (7, 8, 9))),
        kind=Table(axes=3, rows=5, columns=5, blocks=4),
        about="the input: a matrix for each channel, an empty line between",
    )
    kernels: tuple[Matrix, ...] = knob(
        (((0, 1), (2, 3)), ((1, 2), (3, 4)), ((1, 2), (3, 4)), ((2, 3), (4, 5))),
        kind=Table(axes=3, rows=3, columns=3, blocks=8),
        about="the weights: first those of output channel 1, one matrix for each input channel that it sees, then "
        "those of output channel 2, and so on",
    )
    bias: Vector | None = knob(
        (1, -1),
        kind=Table(axes=1, columns=8, empty="0 for all"),
        about="a number for each output channel, added to all of its sums; 0 where there is none",
    )
    groups: int = knob(
        1,
        symbol="g",
        kind=Whole(most=4),
        about="in how many groups the channels are kept apart: an output channel sees the inputs of its group only",
    )
    stride: int = knob(1, symbol="s", kind=Whole(most=4), about="cells the window moves at each step")
    padding: int = knob(0, symbol="p", kind=Whole(least=0, most=2), about="zeros on each side")

    def check(self) -> None:
        super().check()
        inputs, count = len(self.image), len(self.kernels)
        if inputs % self.groups:
            raise self.fault("groups", f"must divide the number of the image's channels, {inputs}", f"try {inputs}")
        if count % inputs:
            rule = f"must be {inputs} matrices, one for each channel, or a multiple of that, and are {count}"
            raise self.fault("kernels", rule, "add or leave out some", value=f"{count} matrices")
        for axis, word in zip(self.on, ("rows", "columns"), strict=True):
            if not axis.places:
                there = axis.cells + axis.before + axis.after
                rule = f"have {axis.span} {word}, and the padded image has {there}"
                raise self.fault("kernels", rule, "leave out weights, or add padding", value=f"{count} matrices")
        if self.bias is not None and len(self.bias) > self.outside:
            rule = f"has {len(self.bias)} numbers, more than there are output channels, {self.outside}"
            raise self.fault("bias", rule, "leave some out")
        places = self.on[0].places * self.on[1].places
        if said := too_much(products=places * len(flat(self.kernels)), outputs=places * self.outside):
            raise self.fault(
                "kernels", f"make {said}", "set a larger stride or less padding", value=f"{count} matrices"
            )

    @cached_property
    def on(self) -> tuple[Axis, ...]:
        """Rows and columns with the window on them."""
        return axes(sizes(self.image)[1:], sizes(self.kernels)[1:], self.stride, self.padding)

    @property
    def inside(self) -> int:
        """How many input channels an output channel sees."""
        return len(self.image) // self.groups

    @property
    def outside(self) -> int:
        """How many output channels there are."""
        return len(self.kernels) // self.inside

    @cached_property
    def weight(self) -> tuple[tuple[Matrix, ...], ...]:
        """PyTorch's weight, (C_out, C_in / groups, rows, columns)."""
        starts = range(0, len(self.kernels), self.inside)
        return tuple(self.kernels[start : start + self.inside] for start in starts)

    @cached_property
    def added(self) -> Vector:
        """A bias for each output channel."""
        given = self.bias or ()
        return (*given, *(0,) * (self.outside - len(given)))

    @cached_property
    def output(self) -> tuple[Matrix, ...]:
        """A matrix for each output channel."""
        output: tuple[Matrix, ...] = convolve(
            self.image, self.weight, self.added, self.stride, self.padding, groups=self.groups
        )
        return output

    def _seen(self, channel: int) -> range:
        return seen_by(channel, self.outside, self.inside, self.groups)

    def _sums(self, channel: int, place: Sequence[int]) -> list[tuple[int, list[tuple[float, float]]]]:
        """For each input channel that is seen, what is multiplied at a place."""
        return [
            (seen, terms(self.image[seen], kernel, self.on, place))
            for seen, kernel in zip(self._seen(channel), self.weight[channel], strict=True)
        ]

    def answer(self, typeset: Typeset) -> str:
        """Shapes and parameters."""
        taps = sizes(self.weight)
        count = len(flat(self.weight))
        seen = "every input channel" if self.groups == 1 else f"{self.inside} of {len(self.image)} input channels"
        return facts(
            [
                ("Output", written_sizes(sizes(self.output)), "channels × rows × columns"),
                ("Weight", written_sizes(taps), "C_out × C_in / groups × rows × columns"),
                ("Parameters", f"{count + self.outside}", f"{count} weights and {self.outside} biases"),
                ("Each output sees", seen, f"{len(flat(self.weight[0]))} products and a bias for each number"),
            ]
        )

    def picture(self, typeset: Typeset) -> str:
        """Inputs, kernels with a row for each output channel, outputs."""
        first = (-self.on[0].before, -self.on[1].before)
        images = [
            numbers(
                f"x{index}",
                padded(image, self.on),
                f"Input channel {index + 1}: {matrix_text(image)}",
                kind=kinds(self.on),
                first=first,
            )
            for index, image in enumerate(self.image)
        ]
        kernels = [
            [
                numbers(f"k{channel}.{seen}", kernel, f"From {seen + 1} to {channel + 1}: {matrix_text(kernel)}")
                for seen, kernel in zip(self._seen(channel), self.weight[channel], strict=True)
            ]
            for channel in range(self.outside)
        ]
        outputs = [
            numbers(f"y{channel}", output, f"Output channel {channel + 1}: {matrix_text(output)}")
            for channel, output in enumerate(self.output)
        ]
        rows = [
            beside(
                labelled(f"from {seen + 1} to {channel + 1}", drawing)
                for seen, drawing in zip(self._seen(channel), kernels[channel], strict=True)
            )
            for channel in range(self.outside)
        ]
        inputs = (labelled(f"input {index + 1}", drawing) for index, drawing in enumerate(images))
        parts = [
            (stacked(inputs), "input channels"),
            (stacked(rows), "kernels"),
            (
                stacked(
                    labelled(f"output {index + 1}, bias {digits(self.added[index])}", drawing)
                    for index, drawing in enumerate(outputs)
                ),
                "output channels",
            ),
        ]
        scene = figure(parts, "Kernels: a row for each output channel, a column for each input channel that it sees.")
        stops, weights = two(self._stops(), self._weights())
        label = "Channels; arrow keys go from cell to cell"
        return stage(scene, stops, notes=[*self._inputs(), *weights], label=label)

    def _stops(self) -> Iterator[Stop]:
        for channel, output in enumerate(self.output):
            for row, line in enumerate(output):
                for column, result in enumerate(line):
                    place = (row, column)
                    lights = [
                        name
                        for seen in self._seen(channel)
                        for name in (*under(f"x{seen}", self.on, place), *self._taps(channel, seen))
                    ]
                    start = f"Output channel {channel + 1}, {cell_name(row, column)}: "
                    remark = padding_remark(outside(self.on, place), len(flat(self.kernels[0])))
                    said = start + self._said(channel, place, result) + remark.replace("cells", "cells of each channel")
                    yield Stop(at(f"y{channel}", row, column), lights, said)

    def _taps(self, channel: int, seen: int) -> list[str]:
        [rows, columns] = sizes(self.kernels[0])
        return [at(f"k{channel}.{seen}", row, column) for row in range(rows) for column in range(columns)]

    def _said(self, channel: int, place: Sequence[int], result: float) -> str:
        sums = [(seen, pairs, sum(x * w for x, w in pairs)) for seen, pairs in self._sums(channel, place)]
        parts = [f"input {seen + 1} gives {dot_text(pairs)} = {digits(total)}" for seen, pairs, total in sums]
        totals = " + ".join(_bracketed(total) for *_, total in sums)
        return f"{'; '.join(parts)}. {totals} + bias {digits(self.added[channel])} = {digits(result)}."

    def _inputs(self) -> Iterator[Stop]:
        """The other way round: the output channels and places that read a cell."""
        rows, columns = self.on
        for seen, image in enumerate(self.image):
            channels = [channel for channel in range(self.outside) if seen in self._seen(channel)]
            for y, line in enumerate(image):
                for x, value in enumerate(line):
                    goes = [(r, c) for r, _ in rows.read_by(y) for c, _ in columns.read_by(x)]
                    lights = [at(f"y{channel}", r, c) for channel in channels for r, c in goes]
                    listed = ", ".join(str(channel + 1) for channel in channels)
                    many = f"output channel{'s' if len(channels) > 1 else ''} {listed}"
                    places = f"at {len(goes)} place{'s' if len(goes) > 1 else ''} of each" if goes else ""
                    end = f"goes into {many}, {places}." if goes else "is never read."
                    what = f"The {digits(value)} in {cell_name(y, x)} of input {seen + 1}"
                    yield Stop(at(f"x{seen}", y, x), lights, f"{what} {end}")

    def _weights(self) -> Iterator[Stop]:
        for channel in range(self.outside):
            for seen, kernel in zip(self._seen(channel), self.weight[channel], strict=True):
                for a, line in enumerate(kernel):
                    for b, weight in enumerate(line):
                        cells = [
                            at(f"x{seen}", self.on[0].reads(r)[a], self.on[1].reads(c)[b])
                            for r in range(self.on[0].places)
                            for c in range(self.on[1].places)
                        ]
                        said = f"Weight {digits(weight)} from input {seen + 1} to output {channel + 1}: the same at "
                        yield Stop(at(f"k{channel}.{seen}", a, b), cells, f"{said}every place.")

    def derivation(self, typeset: Typeset) -> str:
        """The sum over channels, and the number of parameters."""
        outside, inside, rows, columns = sizes(self.weight)
        inputs = len(self.image)

        def lines() -> Iterator[tuple[str, ...]]:
            yield (r"y_o", r"b_o + \sum_{c \in \text{group}} x_c \star k_{o,c}")
            for channel in range(outside):
                parts = [pairs for _, pairs in self._sums(channel, (0, 0))]
                yield (
                    rf"y_{{{channel + 1}}}[0, 0]",
                    " + ".join(rf"\left({products(pairs)}\right)" for pairs in parts) + _signed(self.added[channel]),
                    tex(self.output[channel][0][0]),
                )
            yield (
                r"\text{params}",
                r"C_{\text{out}} \cdot \frac{C_{\text{in}}}{g} \cdot k_h k_w + C_{\text{out}}",
                rf"{outside} \cdot \frac{{{inputs}}}{{{self.groups}}} \cdot {rows} \cdot {columns} + {outside}",
                str(outside * inside * rows * columns + outside),
            )

        return steps(lines(), typeset)

    def torch(self, typeset: Typeset) -> str:
        """The call that gives the same output."""
        options = {"stride": self.stride, "padding": self.padding, "groups": self.groups}
        defaults = {"stride": 1, "padding": 0, "groups": 1}
        given = "".join(f", {name}={value}" for name, value in options.items() if value != defaults[name])
        return snippet(
            "import torch\nfrom torch.nn import functional as F\n\n"
            f"image = {tensor(self.image, 8)}\n"
            f"weight = {tensor(self.weight, 9)}\n"
            f"bias = {tensor(self.added, 7)}\n"
            f"y = F.conv2d(image[None], weight, bias{given})\n\n{prints_values('y[0]', self.output)}"
        )


def _bracketed(number: float) -> str:
    return f"({digits(number)})" if number < 0 else digits(number)


def _signed(number: float) -> str:
    return f" - {tex(-number)}" if number < 0 else f" + {tex(number)}"
