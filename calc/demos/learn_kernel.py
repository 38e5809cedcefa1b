"""Learning a kernel by gradient descent: loss curve, the kernel at each step, and why too large a rate diverges."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from math import sqrt
from random import Random
from typing import ClassVar

from calc.demo import Demo
from calc.demos.loss_strip import strip
from calc.demos.loss_words import BOUND, FEW, figures, listed, verdict
from calc.knob import Real, Seed, Table, Whole, knob
from calc.markup import plain
from calc.panels.printed import prints_values, tensor
from calc.panels.snippet import snippet
from calc.panels.table import Typeset, table
from calc.picture import figure
from calc.picture import sizes as written_sizes
from calc.scene import at, digits, matrix_text, numbers
from calc.stage import Stop, stage
from calc.values.convolve import correlate, flat, sizes
from calc.values.descent import Descent, Step, curvature, descend, directions, edge_image
from calc.values.matrix import Matrix, Vector, dot
from calc.worked import factor, facts, steps, tex

UNSEEN = 1e-9
"""A curvature so much smaller than the largest is none: what is left of it is rounding."""


@dataclass(frozen=True)
class LearnKernel(Demo):
    """Show how gradient descent finds a kernel from an image and the output that is wanted."""

    heading: ClassVar[str] = "Learning a kernel"
    titles: ClassVar[Mapping[str, str]] = {
        "answer": "",
        "picture": "The loss and the kernel, step by step",
        "task": "What is to be learned",
        "derivation": "The first step",
        "limit": "Which rates are stable",
        "torch": "The same in PyTorch",
    }
    stages: ClassVar[tuple[str, ...]] = ("picture",)

    lr: float = knob(0.03, symbol="η", kind=Real(least=0, most=10), about="learning rate: how far a step goes")
    steps: int = knob(10, kind=Whole(most=30), about="how many steps are taken")
    start: Matrix | None = knob(
        None, kind=Table(rows=3, columns=3, empty="drawn"), about="the kernel at the start; drawn if left out"
    )
    seed: int = knob(
        3, kind=Seed(), about="which start is drawn: evenly between ±1/√(number of weights), as PyTorch does"
    )
    target: Matrix = knob(
        ((1, -1),), kind=Table(rows=3, columns=3), about="the kernel that made the wanted output, and is to be found"
    )
    image: Matrix = knob(edge_image(), kind=Table(rows=8, columns=10), about="the input: a line for each row")

    def check(self) -> None:
        super().check()
        size = sizes(self.target)
        if any(k > n for k, n in zip(size, sizes(self.image), strict=True)):
            rule = f"must fit into the image of {written_sizes(sizes(self.image))}, and is {written_sizes(size)}"
            raise self.fault("target", rule, "leave out weights or add rows and columns to the image")
        if self.start is not None and sizes(self.start) != size:
            rule = f"must be {written_sizes(size)} like the target, and is {written_sizes(sizes(self.start))}"
            raise self.fault("start", rule, "leave it blank to have one drawn")

    @cached_property
    def begun(self) -> Matrix:
        """The kernel at the start."""
        if self.start is not None:
            return self.start
        draw, reach = Random(self.seed), 1 / sqrt(len(flat(self.target)))
        return tuple(tuple(round(draw.uniform(-reach, reach), 2) for _ in row) for row in self.target)

    @cached_property
    def wanted(self) -> Matrix:
        """The output that the target gives."""
        wanted: Matrix = correlate(self.image, self.target)
        return wanted

    @cached_property
    def descent(self) -> Descent:
        """What happens."""
        first = descend(self.image, self.wanted, self.begun, 0, 0).steps[0].loss
        return descend(self.image, self.wanted, self.begun, self.lr, self.steps, BOUND * max(first, 1))

    @cached_property
    def bends(self) -> list[tuple[float, Vector]]:
        """The loss's curvature along the directions that do not disturb each other, the strongest first."""
        found = directions(curvature(self.image, sizes(self.target)))
        largest = found[0][0]
        return [(bend if bend > UNSEEN * largest else 0.0, vector) for bend, vector in found]

    @property
    def largest_rate(self) -> float:
        """The rate at which the steepest direction's error no longer shrinks."""
        return 2 / self.bends[0][0] if self.bends[0][0] else float("inf")

    def _off(self, direction: Vector) -> float:
        """How far the start is from the target along a direction."""
        return dot([one - other for one, other in zip(flat(self.begun), flat(self.target), strict=True)], direction)

    def answer(self, typeset: Typeset) -> str:
        """From where to where, and what the rate does."""
        first, last = self.descent.steps[0], self.descent.steps[-1]
        taken = len(self.descent.steps) - 1
        entries = [
            ("Loss", f"{figures(first.loss)} → {figures(last.loss)}", f"before and after {taken} steps"),
            self._found(),
            (
                "Largest stable rate",
                figures(self.largest_rate),
                f"2 / {figures(self.bends[0][0])}, the largest curvature",
            ),
        ]
        return facts(entries) + f"<p>{plain(self.verdict())}</p>"

    def _found(self) -> tuple[str, str, str]:
        """The kernel at the end; of a large one how far it is off."""
        found, wanted = flat(self.descent.steps[-1].kernel), flat(self.target)
        if len(wanted) <= FEW:
            return ("Kernel", listed(found), f"wanted: {listed(wanted)}")
        furthest = max(abs(one - other) for one, other in zip(found, wanted, strict=True))
        return ("Furthest weight", f"off by {figures(furthest)}", f"of {len(wanted)} weights")

    def verdict(self) -> str:
        """In words what the rate does with the error."""
        return verdict(self.lr, [(bend, way, self._off(way)) for bend, way in self.bends], self.descent.stopped)

    def picture(self, typeset: Typeset) -> str:
        """Loss curve, and below it the kernels."""
        drawing = strip(self.descent.steps, self.target)
        label = "Loss and kernel at each step; arrow keys go from step to step"
        caption = "A column for each step: its kernel, and the loss that this kernel has."
        scene = figure([(drawing, "above the loss, on a logarithmic scale; below it the kernel")], caption)
        return stage(scene, self._stops(), notes=self._entries(), label=label)

    def _stops(self) -> Iterator[Stop]:
        taken = self.descent.steps
        count = len(flat(self.target))
        for number, step in enumerate(taken):
            lights = [at("k", entry, number) for entry in range(count)]
            yield Stop(at("l", number), lights, self._said(number, step))

    def _said(self, number: int, step: Step) -> str:
        taken = self.descent.steps
        here = f"Kernel {listed(flat(step.kernel))}: the loss is {figures(step.loss)}"
        if number + 1 < len(taken):
            slope = listed(flat(step.gradient))
            after = listed(flat(taken[number + 1].kernel))
            return f"{here}, the gradient {slope}. Step {number + 1} takes {figures(self.lr)} times that off: {after}."
        if self.descent.stopped:
            return f"{here}, more than {BOUND:,} times the first. Here the descent is stopped: it diverges."
        return f"{here} after {number} step{'s' if number > 1 else ''}."

    def _entries(self) -> Iterator[Stop]:
        wanted = flat(self.target)
        for number, step in enumerate(self.descent.steps):
            for entry, value in enumerate(flat(step.kernel)):
                when = f"After step {number}" if number else "At the start"
                name = self._name(entry)
                said = f"{when} {name} is {figures(value)}; {digits(wanted[entry])} is wanted."
                yield Stop(at("k", entry, number), [at("l", number), at("w", entry)], said)

    def _name(self, entry: int) -> str:
        row, column = divmod(entry, len(self.target[0]))
        return f"k[{row}, {column}]"

    def task(self, typeset: Typeset) -> str:
        """The image, and the output that the target makes of it."""
        parts = [
            (numbers("x", self.image, f"Image: {matrix_text(self.image)}"), "image, known"),
            (numbers("y", self.wanted, f"Wanted: {matrix_text(self.wanted)}"), "output, known"),
        ]
        rows = "; ".join(listed(row) for row in self.target)
        return figure(parts, f"The kernel {rows} made this output; the descent is given the image and the output only.")

    def derivation(self, typeset: Typeset) -> str:
        """Error, loss, gradient and new kernel, with the first step's numbers."""
        first = self.descent.steps[0]
        second = self.descent.steps[1]
        output = correlate(self.image, first.kernel)
        count = len(flat(output))

        def lines() -> Iterator[tuple[str, ...]]:
            yield (
                r"e_{0,0}",
                r"\hat y_{0,0} - y_{0,0}",
                f"{tex(output[0][0])} - {factor(self.wanted[0][0])}",
                tex(output[0][0] - self.wanted[0][0]),
            )
            yield (r"L", rf"\sum_{{i,j}} e_{{i,j}}^2\;\;({count}\;\text{{squares}})", tex(first.loss))
            for entry, slope in enumerate(flat(first.gradient)[:FEW]):
                a, b = divmod(entry, len(self.target[0]))
                yield (
                    rf"\frac{{\partial L}}{{\partial k_{{{a},{b}}}}}",
                    rf"2 \sum_{{i,j}} e_{{i,j}}\, x_{{{_shifted('i', a)},\,{_shifted('j', b)}}}",
                    tex(slope),
                )
            for entry, (old, slope, new) in enumerate(
                list(zip(flat(first.kernel), flat(first.gradient), flat(second.kernel), strict=True))[:FEW]
            ):
                a, b = divmod(entry, len(self.target[0]))
                yield (
                    rf"k_{{{a},{b}}} - \eta\, \frac{{\partial L}}{{\partial k_{{{a},{b}}}}}",
                    rf"{tex(old)} - {tex(self.lr)} \cdot {factor(slope)}",
                    tex(new),
                )

        others = len(flat(self.target)) - FEW
        many = "weight" if others == 1 else f"{others} weights"
        rest = f'<p class="calc-quiet">The other {many} in the same way.</p>' if others > 0 else ""
        return steps(lines(), typeset) + rest

    def limit(self, typeset: Typeset) -> str:
        """The directions of the kernel that do not disturb each other, and how each error shrinks."""
        law = steps(
            [
                (r"\text{error}_{n+1}", r"(1 - \eta \lambda) \cdot \text{error}_n"),
                (r"|1 - \eta \lambda| < 1 \iff 0 < \eta < \frac{2}{\lambda}",),
            ],
            typeset,
        )
        rows = [
            (
                listed([round(entry, 4 if len(direction) <= FEW else 2) for entry in direction]),
                figures(bend),
                figures(1 - self.lr * bend),
                figures(self._off(direction)),
                figures(2 / bend) if bend else "∞",
            )
            for bend, direction in self.bends
        ]
        head = (
            "direction of the kernel",
            "curvature λ",
            "error times 1 − ηλ",
            "error at the start",
            "stable below 2/λ",
        )
        return law + table(head, [[plain(cell) for cell in row] for row in rows])

    def torch(self, typeset: Typeset) -> str:
        """The same loop; PyTorch finds the gradient by itself."""
        taken = len(self.descent.steps) - 1
        last = self.descent.steps[-1]
        return snippet(
            "import torch\nfrom torch.nn import functional as F\n\n"
            f"image = {tensor((self.image,), 8)}\n"
            f"target = {tensor(((self.target,),), 9)}\n"
            f"kernel = {tensor(((self.begun,),), 9)}\n"
            "kernel.requires_grad_()\n\n"
            "wanted = F.conv2d(image, target)\n"
            f"for step in range({taken}):\n"
            "    loss = ((F.conv2d(image, kernel) - wanted) ** 2).sum()\n"
            "    loss.backward()\n"
            "    with torch.no_grad():\n"
            f"        kernel -= {self.lr} * kernel.grad\n"
            "    kernel.grad = None\n\n"
            f"{prints_values('kernel[0, 0].detach()', last.kernel)}"
        )


def _shifted(index: str, by: int) -> str:
    return f"{index}+{by}" if by else index
