"""Channels drawn: inputs, a kernel for each pair of channels, outputs, and what each cell has to say."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from calc.demos.sliding import beside, cell_name, kinds, labelled, outside, padded, padding_remark, stacked, two, under
from calc.picture import figure
from calc.scene import at, digits, matrix_text, numbers
from calc.stage import Stop, stage
from calc.values.convolve import Axis, flat, seen_by, sizes, terms
from calc.values.matrix import Matrix, Vector
from calc.worked import dot_text


@dataclass(frozen=True)
class Channels:
    """A convolution with its values: images, (C_out, C_in / groups) kernels, a bias and an output for each channel."""

    image: tuple[Matrix, ...]
    weight: tuple[tuple[Matrix, ...], ...]
    bias: Vector
    output: tuple[Matrix, ...]
    groups: int
    on: tuple[Axis, ...]

    def seen(self, channel: int) -> range:
        """The input channels that an output channel sums over."""
        return seen_by(channel, len(self.weight), len(self.weight[0]), self.groups)

    def sums(self, channel: int, place: Sequence[int]) -> list[tuple[int, list[tuple[float, float]]]]:
        """For each input channel that is seen, what is multiplied at a place."""
        return [
            (seen, terms(self.image[seen], kernel, self.on, place))
            for seen, kernel in zip(self.seen(channel), self.weight[channel], strict=True)
        ]

    def staged(self) -> str:
        """Inputs, kernels with a row for each output channel, outputs; with steps and notes."""
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
                for seen, kernel in zip(self.seen(channel), self.weight[channel], strict=True)
            ]
            for channel in range(len(self.weight))
        ]
        outputs = [
            numbers(f"y{channel}", output, f"Output channel {channel + 1}: {matrix_text(output)}")
            for channel, output in enumerate(self.output)
        ]
        rows = [
            beside(
                labelled(f"from {seen + 1} to {channel + 1}", drawing)
                for seen, drawing in zip(self.seen(channel), kernels[channel], strict=True)
            )
            for channel in range(len(self.weight))
        ]
        inputs = (labelled(f"input {index + 1}", drawing) for index, drawing in enumerate(images))
        parts = [
            (stacked(inputs), "input channels"),
            (stacked(rows), "kernels"),
            (
                stacked(
                    labelled(f"output {index + 1}, bias {digits(self.bias[index])}", drawing)
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
                        for seen in self.seen(channel)
                        for name in (*under(f"x{seen}", self.on, place), *self._taps(channel, seen))
                    ]
                    start = f"Output channel {channel + 1}, {cell_name(row, column)}: "
                    remark = padding_remark(outside(self.on, place), len(flat(self.weight[0][0])))
                    said = start + self._said(channel, place, result) + remark.replace("cells", "cells of each channel")
                    yield Stop(at(f"y{channel}", row, column), lights, said)

    def _taps(self, channel: int, seen: int) -> list[str]:
        [rows, columns] = sizes(self.weight[0][0])
        return [at(f"k{channel}.{seen}", row, column) for row in range(rows) for column in range(columns)]

    def _said(self, channel: int, place: Sequence[int], result: float) -> str:
        sums = [(seen, pairs, sum(x * w for x, w in pairs)) for seen, pairs in self.sums(channel, place)]
        parts = [f"input {seen + 1} gives {dot_text(pairs)} = {digits(total)}" for seen, pairs, total in sums]
        totals = " + ".join(_bracketed(total) for *_, total in sums)
        return f"{'; '.join(parts)}. {totals} + bias {digits(self.bias[channel])} = {digits(result)}."

    def _inputs(self) -> Iterator[Stop]:
        """The other way round: the output channels and places that read a cell."""
        rows, columns = self.on
        for seen, image in enumerate(self.image):
            channels = [channel for channel in range(len(self.weight)) if seen in self.seen(channel)]
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
        for channel in range(len(self.weight)):
            for seen, kernel in zip(self.seen(channel), self.weight[channel], strict=True):
                for a, line in enumerate(kernel):
                    for b, weight in enumerate(line):
                        cells = [
                            at(f"x{seen}", self.on[0].reads(r)[a], self.on[1].reads(c)[b])
                            for r in range(self.on[0].places)
                            for c in range(self.on[1].places)
                        ]
                        said = f"Weight {digits(weight)} from input {seen + 1} to output {channel + 1}: the same at "
                        yield Stop(at(f"k{channel}.{seen}", a, b), cells, f"{said}every place.")


def _bracketed(number: float) -> str:
    return f"({digits(number)})" if number < 0 else digits(number)
