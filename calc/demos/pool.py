"""Pooling an image that the reader types: the largest or the mean of each window."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from typing import ClassVar

from calc.demo import Demo
from calc.demos.size_steps import size_steps
from calc.demos.wording import said, spot
from calc.knob import Choice, Flag, Table, Whole, knob
from calc.layers.pool import AvgPool2d
from calc.markup import plain
from calc.panels.printed import printed, prints, tensor
from calc.panels.snippet import snippet
from calc.panels.table import Typeset
from calc.picture import figure, sizes
from calc.scene import Grid, at, digits, matrix_text, numbers
from calc.source import call
from calc.stage import Stop, stage
from calc.values import pool
from calc.values.matrix import Matrix
from calc.values.nested import Cell, at_cell
from calc.worked import facts, steps, tex

MAX, AVERAGE = "max", "average"

LEGEND = {
    "won": "the largest of some window",
    "pad": "padding",
    "over": "beyond the padding: a window hangs over",
    "unused": "read by no window",
}


@dataclass(frozen=True)
class PoolingByHand(Demo):
    """Show what a pool makes of an image, window by window."""

    heading: ClassVar[str] = "Pooling"
    titles: ClassVar[Mapping[str, str]] = {
        "answer": "",
        "picture": "Window by window",
        "steps": "Step by step",
        "torch": "PyTorch",
    }
    stages: ClassVar[tuple[str, ...]] = ("picture",)

    image: tuple[tuple[float, ...], ...] = knob(
        ((1, 3, 2, 0, 1), (4, 2, 1, 5, 0), (0, 1, 7, 2, 3), (2, 6, 3, 4, 1), (1, 0, 2, 3, 5)),
        kind=Table(rows=6, columns=6),
        about="one channel, a line for each row",
    )
    mode: str = knob(MAX, kind=Choice((MAX, AVERAGE)), about="what becomes of a window: its largest number or its mean")
    kernel_size: int = knob(2, kind=Whole(most=4), about="side of the window in cells")
    stride: int | None = knob(
        None, kind=Whole(empty="kernel_size", most=4), about="cells that the window moves; kernel_size if left out"
    )
    padding: int = knob(0, kind=Whole(0, most=2), about="cells added on each side: −∞ for a max pool, 0 for an average")
    ceil_mode: bool = knob(False, kind=Flag(), about="whether a last window may hang over the end")
    count_include_pad: bool = knob(
        True, kind=Flag(), about="whether padding counts in the number that an average is divided by"
    )

    def check(self) -> None:
        super().check()
        k, p = self.kernel_size, self.padding
        if 2 * p > k:
            raise self.fault("padding", f"must be at most half of kernel_size (={k})", f"use at most {k // 2}")
        for axis, what in zip(self.on, ("rows", "columns"), strict=True):
            if axis.places < 1:
                rule = f"is too large: the padded image has {axis.cells + 2 * p} {what}"
                raise self.fault("kernel_size", rule, f"use at most {axis.cells + 2 * p}, or type a larger image")

    @property
    def on(self) -> tuple[pool.PoolAxis, ...]:
        """The window along rows and columns."""
        cells = (len(self.image), len(self.image[0]))
        return pool.pool_axes(cells, self.kernel_size, self.stride, self.padding, ceil_mode=self.ceil_mode)

    @property
    def pooled(self) -> Matrix:
        """The output."""
        given = (self.image, self.kernel_size, self.stride, self.padding)
        if self.mode == MAX:
            values: Matrix = pool.max_pool(*given, ceil_mode=self.ceil_mode)[0]
            return values
        averages: Matrix = pool.avg_pool(*given, self.ceil_mode, self.count_include_pad)
        return averages

    @property
    def places(self) -> list[Cell]:
        """Every place of the window, row by row."""
        return list(product(*(range(axis.places) for axis in self.on)))

    def answer(self, typeset: Typeset) -> str:
        """The size, what is never read, and that nothing is learned."""
        rows, columns = (axis.places for axis in self.on)
        cells = len(self.image) * len(self.image[0])
        unread = cells - len(self._read_by())
        return facts(
            [
                ("Output", sizes((rows, columns)), f"from {sizes((len(self.image), len(self.image[0])))}"),
                ("Never read", f"{unread} of {cells}", "cells that no window covers"),
                ("Parameters", "0", "nothing is learned"),
            ]
        )

    def _read_by(self) -> dict[Cell, list[Cell]]:
        """For each cell that is read the places that read it."""
        found: dict[Cell, list[Cell]] = {}
        for place in self.places:
            for cell in pool.covered(self.on, place):
                found.setdefault(cell, []).append(place)
        return found

    def _winners(self) -> dict[Cell, Cell]:
        """For each place the cell that is kept; none for an average."""
        return {place: pool.winner(self.image, self.on, place) for place in self.places} if self.mode == MAX else {}

    def picture(self, typeset: Typeset) -> str:
        """The padded image with what was kept, and the output."""
        kinds: set[str] = set()
        source = self._source(kinds)
        label = f"Output {matrix_text(self.pooled)}."
        moved = self.kernel_size if self.stride is None else self.stride
        scene = figure(
            [(source, "image"), (numbers("y", self.pooled, label), "the largest" if self.mode == MAX else "the mean")],
            f"A window of {sizes((self.kernel_size,) * 2)}, moved by {said(moved, 'cell', 'cells')}.",
            [(kind, text) for kind, text in LEGEND.items() if kind in kinds],
        )
        return stage(scene, self._stops(), notes=self._notes(), label="Pooling; arrow keys go from cell to cell")

    def _source(self, kinds: set[str]) -> str:
        """The image with its padding and what hangs over; `kinds` gets the kinds of cells that there are."""
        read, won = self._read_by(), set(self._winners().values())
        rows, columns = (
            range(-self.padding, max(axis.cells + self.padding, axis.reads(axis.places - 1)[-1] + 1))
            for axis in self.on
        )
        filling = "−∞" if self.mode == MAX else "0"

        def kind(row: int, column: int) -> str:
            cell = (row - self.padding, column - self.padding)
            if not all(axis.holds(index) for axis, index in zip(self.on, cell, strict=True)):
                padded = all(index < axis.cells + self.padding for axis, index in zip(self.on, cell, strict=True))
                return "pad" if padded else "over"
            return "won" if cell in won else "data" if cell in read else "unused"

        kinds |= {kind(row, column) for row in range(len(rows)) for column in range(len(columns))}
        texts = [
            [
                digits(self.image[row][column])
                if self.on[0].holds(row) and self.on[1].holds(column)
                else filling
                if kind(row + self.padding, column + self.padding) == "pad"
                else ""
                for column in columns
            ]
            for row in rows
        ]
        label = f"Image {matrix_text(self.image)}; {said(self.padding, 'cell', 'cells')} of padding on each side."
        return Grid("x", texts, kind, first=(-self.padding, -self.padding)).svg(label)

    def _stops(self) -> Iterator[Stop]:
        if len(self.places) == 1:
            first, *others = pool.covered(self.on, (0, 0))
            cells = [at("x", *cell) for cell in others]
            yield Stop(
                at("x", *first), cells, f"There is one window. It reads {said(1 + len(others), 'cell', 'cells')}."
            )
        for place in self.places:
            window = product(*(axis.reads(index) for axis, index in zip(self.on, place, strict=True)))
            lights = [at("x", *cell) for cell in window]
            yield Stop(at("y", *place), lights, f"{spot(place).capitalize()}: {self.worked(place)}")

    def worked(self, place: Cell) -> str:
        """What happens in one window, in words with its numbers."""
        cells = pool.covered(self.on, place)
        present = [at_cell(self.image, cell) for cell in cells]
        value = digits(self.pooled[place[0]][place[1]])
        padded = pool.divisor(self.on, place) - len(cells)
        over = self.kernel_size**2 - len(cells) - padded
        if self.mode == MAX:
            tail = f"; {said(padded, 'cell', 'cells')} of padding cannot win" if padded else ""
            return f"the largest of {', '.join(map(digits, present))} is {value}{tail}."
        total = " + ".join(f"({digits(number)})" if number < 0 else digits(number) for number in present)
        counted = pool.divisor(self.on, place, count_include_pad=self.count_include_pad)
        tails = [f"padding counts with {said(padded, 'zero', 'zeros')}"] if padded and self.count_include_pad else []
        tails += [f"{said(padded, 'cell', 'cells')} of padding not counted"] if padded and not tails else []
        tails += [f"{said(over, 'cell', 'cells')} beyond the padding never counted"] if over else []
        sum_text = f"({total})" if len(present) > 1 else total
        return f"{sum_text} / {counted} = {value}{'; ' if tails else ''}{', '.join(tails)}."

    def _notes(self) -> Iterator[Stop]:
        """The other way round: where each cell of the image goes."""
        read, winners = self._read_by(), self._winners()
        for cell in product(*(range(axis.cells) for axis in self.on)):
            places = read.get(cell, [])
            start = f"{spot(cell).capitalize()} holds {digits(at_cell(self.image, cell))}"
            if not places:
                words = "no window reads it."
            elif self.mode == MAX:
                kept = sum(winners[place] == cell for place in places)
                words = f"read by {said(len(places), 'window', 'windows')}, kept by {kept or 'none'}."
            else:
                words = f"it goes into {said(len(places), 'mean', 'means')}."
            yield Stop(at("x", *cell), [at("y", *place) for place in places], f"{start}: {words}")

    def steps(self, typeset: Typeset) -> str:
        """The sizes, then the first windows."""
        # The size of both pools follows the same rule; the average pool's has no dilation in it.
        sized = AvgPool2d(self.kernel_size, self.stride, self.padding, self.ceil_mode)
        lines = size_steps(sized, (1, len(self.image), len(self.image[0])))
        for place in self.places[:6]:
            present = [tex(at_cell(self.image, cell)) for cell in pool.covered(self.on, place)]
            symbol = f"y_{{{place[0] + 1},{place[1] + 1}}}"
            value = tex(self.pooled[place[0]][place[1]])
            if self.mode == MAX:
                lines.append((symbol, rf"\max({', '.join(present)})", value))
            else:
                counted = pool.divisor(self.on, place, count_include_pad=self.count_include_pad)
                total = " + ".join(f"({number})" if number.startswith("-") else number for number in present)
                lines.append((symbol, rf"\frac{{{total}}}{{{counted}}}", value))
        return steps(lines, typeset) + self._dropped()

    def _dropped(self) -> str:
        """What became of a last window that rounding up alone would have."""
        if not self.ceil_mode:
            return ""
        told = []
        for axis, what in zip(self.on, ("below the image", "right of the image"), strict=True):
            start = axis.places * axis.stride
            if start < axis.cells + 2 * axis.before - axis.taps + axis.stride:
                told.append(
                    f"Rounding up gives one more window {what}. It would start at cell {start}, counted with the "
                    f"padding, where the image is over: {start} ≥ {axis.cells} + {axis.before}. So it is dropped."
                )
        return "".join(f'<p class="calc-quiet">{plain(text)}</p>' for text in told)

    def torch(self, typeset: Typeset) -> str:
        """The same in PyTorch."""
        given: dict[str, tuple[object, object]] = {
            "stride": (self.stride, None),
            "padding": (self.padding, 0),
            "ceil_mode": (self.ceil_mode, False),
        }
        if self.mode == AVERAGE:
            given["count_include_pad"] = (self.count_include_pad, True)
        function = "F.max_pool2d" if self.mode == MAX else "F.avg_pool2d"
        options = call("", self.kernel_size, **given)[1:]
        return snippet(
            f"import torch\nfrom torch.nn import functional as F\n\nimage = {tensor(self.image, 8)}\n"
            f"[y] = {function}(image[None], {options}\n{prints('y', printed(self.pooled))}\n"
        )
