"""What one place of a stack of layers sees of the input, drawn along one axis and as a square."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

from calc.demo import Demo
from calc.demos.field_picture import Cone, squares
from calc.knob import Table, Whole, knob
from calc.panels.snippet import snippet
from calc.panels.table import Typeset
from calc.picture import figure, sizes
from calc.scene import at
from calc.source import call
from calc.stage import Stop, stage
from calc.values import field
from calc.worked import facts, steps

MOST = 200
"""Cells in all maps that can still be told apart in the picture."""

NAMES = ("kernel", "stride", "dilation")


@dataclass(frozen=True)
class ReceptiveField(Demo):
    """Show which cells of the input, and of each map between, one cell of the last map sees."""

    heading: ClassVar[str] = "Receptive field"
    titles: ClassVar[Mapping[str, str]] = {
        "answer": "",
        "picture": "Layer by layer",
        "steps": "Step by step",
        "torch": "PyTorch",
    }
    stages: ClassVar[tuple[str, ...]] = ("picture",)

    layers: tuple[tuple[float, ...], ...] = knob(
        ((5, 1, 1), (2, 2, 1), (5, 1, 1), (2, 2, 1)),
        kind=Table(rows=6, columns=3),
        about="a line for each layer, convolution or pool: kernel, stride, dilation",
    )
    image_size: int = knob(28, kind=Whole(most=2000), about="side of the input in cells, to compare with")

    def check(self) -> None:
        super().check()
        for number, row in enumerate(self.layers, 1):
            for name, value in zip(NAMES, row, strict=False):
                if value < 1 or value != int(value) or value > 99:
                    rule = f"must have whole numbers from 1 to 99, and {name} is {value:g} in row {number}"
                    raise self.fault("layers", rule, "write for example 3 1 1")
        # Asked of the recurrence first: it is quick where the maps would be long.
        size = field.fields(self.stack)[-1].size
        cells = size if size > MOST else sum(field.widths(self.stack))
        if cells > MOST:
            rule = f"need {cells:,} cells to be drawn, and {MOST} can be told apart"
            raise self.fault("layers", rule, "use smaller kernels or leave layers out")

    @cached_property
    def stack(self) -> list[field.Layer]:
        """The layers; stride and dilation are 1 where they are left out."""
        return [field.Layer(*map(int, row)) for row in self.layers]

    @property
    def fields(self) -> list[field.Field]:
        """What a cell of each map sees, the input first."""
        return field.fields(self.stack)

    def answer(self, typeset: Typeset) -> str:
        """The field, the jump, and how much of the image that is."""
        size, jump = self.fields[-1]
        read = len(field.seen(self.stack)[-1])
        share = min(size, self.image_size) ** 2 / self.image_size**2
        whole = size >= self.image_size
        listed = [
            ("Receptive field", sizes((size, size)), "cells of the input for one of the last map"),
            ("Jump", str(jump), "cells of the input from one place to the next"),
            (
                "Of the image",
                "all of it" if whole else f"{share:.1%}",
                f"and {size - self.image_size} cells of padding"
                if size > self.image_size
                else sizes((self.image_size,) * 2),
            ),
        ]
        if read < size:
            listed.append(("Holes", f"{size - read} of {size}", "along an axis, never looked at"))
        return facts(listed)

    def picture(self, typeset: Typeset) -> str:
        """The cone along one axis, and the fields on the image."""
        cone = Cone(self.stack)
        size = self.fields[-1].size
        parts = [
            (cone.svg(f"One cell of the last of {len(self.stack)} maps sees {size} cells of the input."), "one axis"),
            (
                squares([each.size for each in self.fields], self.image_size),
                f"the fields on an image of {sizes((self.image_size,) * 2)}",
            ),
        ]
        legend = [("pad", "not looked at")] if any(cone.holes()) else []
        caption = "The stronger the colour of a cell of the input, the more paths lead from it to the top."
        scene = figure(parts, caption, legend, arrows=False)
        return stage(scene, self._stops(cone), notes=self._notes(cone), label="Receptive field, layer by layer")

    def _stops(self, cone: Cone) -> Iterator[Stop]:
        below = at("m", 0, cone.widths[0] // 2)
        yield Stop(
            at("r", 0), [below], "A cell of the input sees itself: r = 1, and its neighbour is j = 1 cell further."
        )
        for number, (layer, (before, after)) in enumerate(zip(self.stack, self._pairs(), strict=True), 1):
            middle = cone.middle(number)
            apart = f"·{layer.dilation}" if layer.dilation > 1 else ""
            wider = f"r = {before.size} + ({layer.kernel} − 1){apart}·{before.jump} = {after.size}"
            further = f"j = {before.jump}·{layer.stride} = {after.jump}"
            words = f"Layer {number}, kernel {layer.kernel}, stride {layer.stride}: {wider}, {further}."
            yield Stop(at("r", number), cone.below(number, middle), words)

    def _pairs(self) -> Iterator[tuple[field.Field, field.Field]]:
        yield from zip(self.fields, self.fields[1:], strict=False)

    def _notes(self, cone: Cone) -> Iterator[Stop]:
        """What each cell sees; of the input's, what sees it."""
        paths = cone.paths()
        for number, width in enumerate(cone.widths):
            for place in range(width):
                if not number:
                    continue
                lights = cone.below(number, place)[1:]
                first, last = cone.sees(number, place)
                words = f"Map {number}: sees input {first + 1} to {last + 1}, {last - first + 1} cells."
                yield Stop(at("m", number, place), lights if cone.is_seen(number, place) else [], words)
        for place, count in enumerate(paths):
            lights = cone.above(place)
            words = f"Input {place + 1}: {count:,} {'path leads' if count == 1 else 'paths lead'} from it to the top."
            yield Stop(at("m", 0, place), lights, words)

    def steps(self, typeset: Typeset) -> str:
        """The recurrence with its numbers."""
        lines: list[tuple[str, ...]] = [("r_0", "1"), ("j_0", "1")]
        for number, (layer, (before, after)) in enumerate(zip(self.stack, self._pairs(), strict=True), 1):
            symbols = rf"r_{{{number - 1}}} + (k_{{{number}}} - 1)\, d_{{{number}}}\, j_{{{number - 1}}}"
            put_in = rf"{before.size} + ({layer.kernel} - 1) \cdot {layer.dilation} \cdot {before.jump}"
            lines.append((f"r_{{{number}}}", symbols, put_in, str(after.size)))
            jumps = rf"j_{{{number - 1}}}\, s_{{{number}}}"
            lines.append((f"j_{{{number}}}", jumps, rf"{before.jump} \cdot {layer.stride}", str(after.jump)))
        return steps(lines, typeset)

    def torch(self, typeset: Typeset) -> str:
        """PyTorch asked: which cells get a gradient from one cell of the last map."""
        size = self.fields[-1].size
        made = "\n".join(
            f"    {call('nn.Conv1d', 1, 1, k, stride=(s, 1), dilation=(d, 1), bias=(False, True))},"
            for k, s, d in self.stack
        )
        return snippet(
            f"import torch\nfrom torch import nn\n\nlayers = nn.Sequential(\n{made}\n)\n"
            "for weight in layers.parameters():\n    nn.init.ones_(weight)\n"
            f"x = torch.zeros(1, 1, {size}, requires_grad=True)\n"
            "layers(x)[0, 0, 0].backward()\nseen = x.grad[0, 0].nonzero()\n"
            f"print(int(seen.max() - seen.min()) + 1)  # {size}\n"
        )
