"""Convolution by hand: a kernel over an image, product and sum at each place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar

from calc.demo import Demo
from calc.demos.sliding import (
    cell_name,
    kinds,
    labelled,
    outside,
    padded,
    padding_remark,
    padding_text,
    pair,
    per_axis,
    require_axes,
    size_lines,
    stacked,
    too_much,
    two,
    under,
)
from calc.knob import Flag, PerAxis, Table, knob
from calc.panels.printed import prints_values, tensor
from calc.panels.snippet import snippet
from calc.panels.table import Typeset
from calc.picture import figure
from calc.picture import sizes as written_sizes
from calc.scene import at, digits, matrix_text, numbers
from calc.stage import Stop, stage
from calc.values.convolve import Axis, axes, flat, placed, sizes, terms, turned
from calc.values.matrix import Matrix
from calc.worked import dot_text, facts, products, steps, tex

MOST_BESIDE = 12
"""Where the grids have more columns than that, kernel and output stand above each other."""

SPREAD = ("stride", "padding", "dilation")


OPERATION = {
    False: ("cross-correlation", "the kernel is laid on as it is, as in every framework"),
    True: ("convolution", "of mathematics: the kernel is turned by 180°"),
}


@dataclass(frozen=True)
class ConvolutionByHand(Demo):
    """Show a kernel moving over an image, with the products and their sum at each place."""

    heading: ClassVar[str] = "A kernel over an image"
    titles: ClassVar[Mapping[str, str]] = {
        "answer": "",
        "picture": "The kernel moves over the image",
        "derivation": "Step by step",
        "torch": "The same in PyTorch",
    }
    stages: ClassVar[tuple[str, ...]] = ("picture",)

    image: Matrix = knob(
        ((0, 1, 2), (3, 4, 5), (6, 7, 8)),
        kind=Table(rows=8, columns=8),
        about="the input, one channel of one image: a line for each row",
    )
    kernel: Matrix = knob(
        ((0, 1), (2, 3)), kind=Table(rows=5, columns=5), about="the weights that are laid over the image"
    )
    stride: Any = knob(
        1, symbol="s", kind=PerAxis(), about="cells the window moves at each step; for rows and columns apart as 2, 1"
    )
    padding: Any = knob(
        0,
        symbol="p",
        kind=PerAxis(least=0, words=("same",)),
        about="zeros on each side of the image, for rows and columns apart as 0, 2; or same, as Keras has it: as few "
        "as give one place for each stride, the odd one below and on the right",
    )
    dilation: Any = knob(1, symbol="d", kind=PerAxis(), about="how many cells the weights are apart: 1 is side by side")
    flip: bool = knob(
        False,
        kind=Flag(),
        about="whether the kernel is turned by 180° first, which is what mathematics calls convolution; no framework "
        "does it",
    )

    def check(self) -> None:
        super().check()
        for name in SPREAD:
            require_axes(self, name)
        for axis, word in zip(self.on, ("rows", "columns"), strict=True):
            there = axis.cells + axis.before + axis.after
            if not axis.places and axis.taps <= there:
                rule = f"makes the kernel span {axis.span} {word}, and the padded image has {there}"
                raise self.fault("dilation", rule, "try 1")
            if not axis.places:
                rule = f"has {axis.taps} {word}, and the padded image has {there}"
                raise self.fault("kernel", rule, "leave out weights, or add padding", value=self._size_text())
        places = self.on[0].places * self.on[1].places
        if said := too_much(products=places * len(flat(self.kernel)), outputs=places):
            raise self.fault("kernel", f"makes {said}", "set a larger stride or less padding", value=self._size_text())

    def _size_text(self) -> str:
        return written_sizes(sizes(self.kernel))

    @cached_property
    def on(self) -> tuple[Axis, ...]:
        """Rows and columns with the window on them."""
        spread = {name: getattr(self, name) for name in SPREAD}
        return axes(sizes(self.image), sizes(self.kernel), **{k: per_axis(v) for k, v in spread.items()})

    @cached_property
    def used(self) -> Matrix:
        """The kernel as it is laid over the image."""
        used: Matrix = turned(self.kernel) if self.flip else self.kernel
        return used

    @cached_property
    def output(self) -> Matrix:
        """The sums."""
        output: Matrix = placed(self.on, lambda place: sum(x * w for x, w in self._terms(place)))
        return output

    def _terms(self, place: Sequence[int]) -> list[tuple[float, float]]:
        return terms(self.image, self.used, self.on, place)

    def answer(self, typeset: Typeset) -> str:
        """Sizes, padding both ways, and what is never read."""
        rows, columns = self.on
        taps, places = len(flat(self.kernel)), rows.places * columns.places
        kind = kinds(self.on)
        height, width = (axis.cells + axis.before + axis.after for axis in self.on)
        unread = sum(kind(row, column) == "unused" for row in range(height) for column in range(width))
        entries = [
            ("Output", written_sizes(axis.places for axis in self.on), "rows × columns"),
            ("Products", f"{taps * places:,}", f"{taps} at each of {places} places"),
            ("Padding", *padding_text(self.on)),
            ("Operation", *OPERATION[self.flip]),
        ]
        if unread:
            entries.append(("Never read", str(unread), "cells that the window does not reach or steps over"))
        return facts(entries)

    def picture(self, typeset: Typeset) -> str:
        """Padded input, kernel, output."""
        rows, columns = self.on
        edge = bool(rows.before or rows.after or columns.before or columns.after)
        image = numbers(
            "x",
            padded(self.image, self.on),
            f"Image: {matrix_text(self.image)}",
            kind=kinds(self.on),
            first=(-rows.before, -columns.before),
        )
        kernel = numbers("k", self.used, f"Kernel: {matrix_text(self.used)}")
        output = numbers("y", self.output, f"Output: {matrix_text(self.output)}")
        parts = [
            (image, f"image, {written_sizes(sizes(self.image))}" + (", with padding" if edge else "")),
            (kernel, "kernel, turned by 180°" if self.flip else "kernel"),
            (output, f"output, {written_sizes(sizes(self.output))}"),
        ]
        if columns.before + columns.cells + columns.after + columns.taps + columns.places > MOST_BESIDE:
            parts[1:] = [(stacked(labelled(name, drawing) for drawing, name in parts[1:]), "")]
        drawn = {kinds(self.on)(y, x) for y, row in enumerate(padded(self.image, self.on)) for x in range(len(row))}
        legend = [each for each in (("pad", "padding, zeros"), ("unused", "never read")) if each[0] in drawn]
        scene = figure(parts, "Point at an output to see what it reads, at an input to see where it goes.", legend)
        label = "Image, kernel and output; arrow keys go from cell to cell"
        stops, weights = two(self._stops(), self._weights())
        return stage(scene, stops, notes=[*self._inputs(), *weights], label=label)

    def _stops(self) -> Iterator[Stop]:
        taps = [at("k", row, column) for row, line in enumerate(self.used) for column in range(len(line))]
        for row, line in enumerate(self.output):
            for column, result in enumerate(line):
                place = (row, column)
                remark = padding_remark(outside(self.on, place), len(taps))
                said = f"Output {cell_name(row, column)}: {dot_text(self._terms(place))} = {digits(result)}.{remark}"
                yield Stop(at("y", row, column), [*under("x", self.on, place), *taps], said)

    def _inputs(self) -> Iterator[Stop]:
        """The other way round: for each cell the outputs that it goes into."""
        rows, columns = self.on
        for y in range(-rows.before, rows.cells + rows.after):
            for x in range(-columns.before, columns.cells + columns.after):
                goes = [(r, c, a, b) for r, a in rows.read_by(y) for c, b in columns.read_by(x)]
                inside = rows.holds(y) and columns.holds(x)
                value = digits(self.image[y][x]) if inside else "0"
                what = f"The {value} in {cell_name(y, x)}" if inside else "This 0 of the padding"
                lights = [name for r, c, a, b in goes for name in (at("y", r, c), at("k", a, b))]
                yield Stop(at("x", y, x), list(dict.fromkeys(lights)), f"{what} {self._goes_into(goes)}")

    def _goes_into(self, goes: Sequence[tuple[int, int, int, int]]) -> str:
        if not goes:
            return "is never read: the window does not reach it or steps over it."
        count = f"{len(goes)} output{'s' if len(goes) > 1 else ''}"
        if len(goes) > 6:
            return f"goes into {count}, each time under another weight."
        listed = ", ".join(f"times {digits(self.used[a][b])} into {digits(self.output[r][c])}" for r, c, a, b in goes)
        return f"goes into {count}: {listed}."

    def _weights(self) -> Iterator[Stop]:
        """For each weight the cells that it is multiplied with: the same weight everywhere."""
        rows, columns = self.on
        places = rows.places * columns.places
        for a, line in enumerate(self.used):
            for b, weight in enumerate(line):
                seen = [
                    at("x", rows.reads(r)[a], columns.reads(c)[b])
                    for r in range(rows.places)
                    for c in range(columns.places)
                ]
                same = "the same at every place" if places > 1 else "used once"
                yield Stop(at("k", a, b), seen, f"Weight {digits(weight)}, {same}: it is multiplied with these cells.")

    def derivation(self, typeset: Typeset) -> str:
        """The size in both notations, then the first sum."""
        return steps([*size_lines(self.on), *self._sums()], typeset)

    def _sums(self) -> Iterator[tuple[str, ...]]:
        yield (
            r"y_{i,j}",
            r"\sum_{a,\,b} k_{a,b}\; x_{i s + a d - p,\;j s + b d - p}"
            if not self.flip
            else r"\sum_{a,\,b} k_{a,b}\; x_{i s + (k_h - 1 - a) d - p,\;j s + (k_w - 1 - b) d - p}",
        )
        for place in [(0, 0), (self.on[0].places - 1, self.on[1].places - 1)][: 2 if len(flat(self.output)) > 1 else 1]:
            row, column = place
            yield (
                rf"y_{{{row},{column}}}",
                products(self._terms(place)),
                tex(self.output[row][column]),
            )

    def torch(self, typeset: Typeset) -> str:
        """The call that gives the same output."""
        kernel = "kernel.flip(0, 1)" if self.flip else "kernel"
        options = []
        image = "image[None, None]"
        margins = [(axis.before, axis.after) for axis in self.on]
        if any(before != after for before, after in margins):
            (top, bottom), (left, right) = margins
            image = f"F.pad({image}, ({left}, {right}, {top}, {bottom}))"
        elif any(before for before, _ in margins):
            options.append(f"padding={pair(*(before for before, _ in margins))}")
        for name in ("stride", "dilation"):
            if any(getattr(axis, name) > 1 for axis in self.on):
                options.append(f"{name}={pair(*(getattr(axis, name) for axis in self.on))}")
        call = ", ".join([image, f"{kernel}[None, None]", *options])
        return snippet(
            "import torch\nfrom torch.nn import functional as F\n\n"
            f"image = {tensor(self.image, 8)}\n"
            f"kernel = {tensor(self.kernel, 9)}\n"
            f"y = F.conv2d({call})\n\n{prints_values('y[0, 0]', self.output)}"
        )
