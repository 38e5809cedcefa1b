"""Upsampling numbers that the reader types: copied, interpolated, or taken from other channels."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from typing import ClassVar

from calc.demo import Demo
from calc.demos.wording import said, spot
from calc.knob import Choice, Flag, Table, Whole, knob
from calc.panels.printed import printed, prints, tensor
from calc.panels.snippet import snippet
from calc.panels.table import Typeset
from calc.picture import figure, sizes
from calc.scene import at, digits, matrix_text, numbers
from calc.stage import Stop, stage
from calc.values import resample
from calc.values.matrix import Matrix, mapped
from calc.values.nested import Cell, at_cell
from calc.worked import dot_text, facts, products, steps, tex

NEAREST, BILINEAR = "nearest", "bilinear"


@dataclass(frozen=True)
class UpsamplingByHand(Demo):
    """Show what each cell of an upsampled image is made of, and with which weights."""

    heading: ClassVar[str] = "Upsampling"
    titles: ClassVar[Mapping[str, str]] = {
        "answer": "",
        "picture": "Cell by cell",
        "steps": "Step by step",
        "torch": "PyTorch",
    }
    stages: ClassVar[tuple[str, ...]] = ("picture",)

    image: tuple[tuple[float, ...], ...] = knob(
        ((0, 4), (8, 12)), kind=Table(rows=4, columns=4), about="one channel, a line for each row"
    )
    scale_factor: int = knob(
        2, kind=Whole(2, most=3), about="cells of the output for each of the input, along each side"
    )
    mode: str = knob(
        BILINEAR, kind=Choice((NEAREST, BILINEAR)), about="whether a cell is copied or mixed from its neighbours"
    )
    align_corners: bool = knob(
        False, kind=Flag(), about="whether the middles of the corner cells stay in place; only with bilinear"
    )

    def check(self) -> None:
        super().check()
        if self.align_corners and self.mode == NEAREST:
            raise self.fault("align_corners", "must be False with mode='nearest'", "use it with 'bilinear'")

    @property
    def cells(self) -> Cell:
        """The input's sides."""
        return (len(self.image), len(self.image[0]))

    @property
    def size(self) -> Cell:
        """The output's sides."""
        return tuple(n * self.scale_factor for n in self.cells)

    @property
    def output(self) -> Matrix:
        """What comes out."""
        made: Matrix = resample.interpolate(self.image, self.size, self.mode, align_corners=self.align_corners)
        return made

    def made_of(self, cell: Cell) -> list[resample.Share]:
        """The input cells of an output cell, with their weights."""
        return resample.shares(self.cells, self.size, cell, self.mode, align_corners=self.align_corners)

    def answer(self, typeset: Typeset) -> str:
        """Sizes and parameters."""
        most = max(len(self.made_of(cell)) for cell in product(*map(range, self.size)))
        return facts(
            [
                ("Output", sizes(self.size), f"from {sizes(self.cells)}"),
                ("Made of", f"up to {most}" if most > 1 else "1", "input cells for each output cell"),
                ("Parameters", "0", "nothing is learned"),
            ]
        )

    def picture(self, typeset: Typeset) -> str:
        """Both images."""
        parts = [
            (numbers("x", self.image, f"Input {matrix_text(self.image)}."), "input"),
            (numbers("y", self.output, f"Output {matrix_text(self.output)}."), "output"),
        ]
        caption = {
            NEAREST: "Each output cell copies one input cell.",
            BILINEAR: "Each output cell weighs the input cells around its middle; the weights add up to 1.",
        }[self.mode]
        stops = [
            Stop(at("y", *cell), [at("x", *share.cell) for share in self.made_of(cell)], self.worked(cell))
            for cell in product(*map(range, self.size))
        ]
        label = "Upsampling; arrow keys go from cell to cell"
        return stage(figure(parts, caption), stops, notes=self._notes(), label=label)

    def worked(self, cell: Cell) -> str:
        """What an output cell is, in words."""
        value = digits(self.output[cell[0]][cell[1]])
        made = self.made_of(cell)
        if self.mode == NEAREST:
            return f"{spot(cell).capitalize()} copies {spot(made[0].cell)}: {value}."
        row, column = (
            digits(1 + resample.point(n, o, index, align_corners=self.align_corners))
            for n, o, index in zip(self.cells, self.size, cell, strict=True)
        )
        total = dot_text((weight, at_cell(self.image, source)) for source, weight in made)
        return f"{spot(cell).capitalize()} lies at row {row}, column {column} of the input: {total} = {value}."

    def _notes(self) -> Iterator[Stop]:
        """The other way round: where each input cell goes."""
        made = {cell: self.made_of(cell) for cell in product(*map(range, self.size))}
        for source in product(*map(range, self.cells)):
            weights = {cell: share.weight for cell, shares in made.items() for share in shares if share.cell == source}
            words = f"{said(len(weights), 'output cell has', 'output cells have')} a part of it"
            words += f", with weights that add up to {digits(sum(weights.values()))}." if self.mode == BILINEAR else "."
            start = f"{spot(source).capitalize()} holds {digits(at_cell(self.image, source))}"
            yield Stop(at("x", *source), [at("y", *cell) for cell in weights], f"{start}: {words}")

    def steps(self, typeset: Typeset) -> str:
        """Where the columns of the output lie, then the cell that is made of the most."""
        n, o = self.cells[1], self.size[1]
        lines: list[tuple[str, ...]] = []
        for place in range(o):
            symbol = f"x_{{{place + 1}}}"
            if self.mode == NEAREST:
                asked = rf"\left\lfloor \frac{{{place}}}{{{self.scale_factor}}} \right\rfloor + 1"
                lines.append((symbol, asked, str(place // self.scale_factor + 1)))
                continue
            where = tex(1 + resample.point(n, o, place, align_corners=self.align_corners))
            if self.align_corners:
                asked = rf"1 + {place} \cdot \frac{{{n} - 1}}{{{o} - 1}}"
            else:
                asked = rf"\max\left(1,\, \frac{{{place + 1} - 0.5}}{{{self.scale_factor}}} + 0.5\right)"
            lines.append((symbol, asked, where))
        cell = max(product(*map(range, self.size)), key=lambda cell: len(self.made_of(cell)))
        total = products((weight, at_cell(self.image, source)) for source, weight in self.made_of(cell))
        value = tex(self.output[cell[0]][cell[1]])
        return steps([*lines, (f"y_{{{cell[0] + 1},{cell[1] + 1}}}", total, value)], typeset)

    def torch(self, typeset: Typeset) -> str:
        """The same in PyTorch."""
        # Weights such as 1/3 leave a rest of some 1e-16 that differs from processor to processor.
        rounded = mapped(lambda number: round(number, 6) + 0, self.output)
        how = f'mode="{self.mode}"' + (f", align_corners={self.align_corners}" if self.mode == BILINEAR else "")
        return snippet(
            f"import torch\nfrom torch.nn import functional as F\n\nimage = {tensor(self.image, 8)}\n"
            f"[[y]] = F.interpolate(\n    image[None, None], scale_factor={self.scale_factor}, {how}\n)\n"
            f"y = y.round(decimals=6) + 0  # and no -0\n{prints('y', printed(rounded))}\n"
        )


@dataclass(frozen=True)
class PixelShuffleByHand(Demo):
    """Show how pixel shuffle puts channels side by side into a larger image."""

    heading: ClassVar[str] = "Pixel shuffle"
    titles: ClassVar[Mapping[str, str]] = {"answer": "", "picture": "Cell by cell", "torch": "PyTorch"}
    stages: ClassVar[tuple[str, ...]] = ("picture",)

    channels: tuple[tuple[tuple[float, ...], ...], ...] = knob(
        (((1, 2), (3, 4)), ((10, 20), (30, 40)), ((5, 6), (7, 8)), ((50, 60), (70, 80))),
        kind=Table(axes=3, rows=3, columns=3, blocks=9),
        about="the input's channels, an empty line between them",
    )
    upscale_factor: int = knob(
        2, kind=Whole(2, most=3), about="by how much each side grows; its square is the channels of one"
    )

    def check(self) -> None:
        super().check()
        square = self.upscale_factor**2
        if len(self.channels) % square:
            rule = f"needs a multiple of {square} channels, and there are {len(self.channels)}"
            raise self.fault("upscale_factor", rule, f"type {square} channels, an empty line between them")

    @property
    def output(self) -> tuple[Matrix, ...]:
        """What comes out, one image or two."""
        made: tuple[Matrix, ...] = resample.pixel_shuffle(self.channels, self.upscale_factor)
        return made

    def answer(self, typeset: Typeset) -> str:
        """Shapes and parameters."""
        shapes = [(len(each), len(each[0]), len(each[0][0])) for each in (self.channels, self.output)]
        return facts(
            [
                ("Output", str(shapes[1]), f"from {shapes[0]}: channels, rows, columns"),
                ("Numbers", str(shapes[0][0] * shapes[0][1] * shapes[0][2]), "as many as before: they only move"),
                ("Parameters", "0", "nothing is learned"),
            ]
        )

    def picture(self, typeset: Typeset) -> str:
        """All channels, then what they make."""
        sources = [
            (numbers(f"x{index}", channel, f"Channel {index + 1}: {matrix_text(channel)}."), f"channel {index + 1}")
            for index, channel in enumerate(self.channels)
        ]
        targets = [
            (
                numbers(f"y{index}", made, f"Output {matrix_text(made)}."),
                f"output {index + 1}" if index or len(self.output) > 1 else "output",
            )
            for index, made in enumerate(self.output)
        ]
        r = self.upscale_factor
        moves = list(self._moves())
        caption = f"Each {sizes((r, r))} block of the output holds the same place of {r * r} channels."
        stops = [Stop(to, [came], f"{there} is {here}: {value}.") for came, to, here, there, value in moves]
        notes = [
            Stop(came, [to], f"{here.capitalize()} goes to {there.lower()}.") for came, to, here, there, _ in moves
        ]
        return stage(figure([*sources, *targets], caption, arrows=False), stops, notes=notes, label="Pixel shuffle")

    def _moves(self) -> Iterator[tuple[str, str, str, str, str]]:
        """For each output cell: the input's name, its own, both in words, and the number."""
        r = self.upscale_factor
        for image, made in enumerate(self.output):
            for row, column in product(range(len(made)), range(len(made[0]))):
                channel = image * r * r + row % r * r + column % r
                source = (row // r, column // r)
                there = f"{f'Output {image + 1}, ' if len(self.output) > 1 else ''}{spot((row, column))}"
                yield (
                    at(f"x{channel}", *source),
                    at(f"y{image}", row, column),
                    f"channel {channel + 1}, {spot(source)}",
                    there[0].upper() + there[1:],
                    digits(made[row][column]),
                )

    def torch(self, typeset: Typeset) -> str:
        """The same in PyTorch."""
        return snippet(
            f"import torch\nfrom torch.nn import functional as F\n\nchannels = {tensor(self.channels, 11)}\n"
            f"{prints(f'F.pixel_shuffle(channels, {self.upscale_factor})', printed(self.output))}\n"
        )
