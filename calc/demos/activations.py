"""Activation functions and their slopes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from calc.demo import Demo
from calc.demos.plot_picture import Plot, bounds, size
from calc.knob import Choice, Real, Table, knob
from calc.panels.printed import literal, printed, prints
from calc.panels.snippet import snippet
from calc.panels.table import Typeset, table
from calc.picture import figure
from calc.scene import at, digits
from calc.stage import Stop, stage
from calc.values.activations import FUNCTIONS, Function
from calc.values.matrix import Vector
from calc.worked import factor, facts, steps, tex

FARTHEST = 20
"""Beyond it every curve is a straight line on paper."""

LAYERS = 10
"""How many layers a slope is multiplied through, in the answer."""


@dataclass(frozen=True)
class ActivationCurves(Demo):
    """Show an activation function with its slope, at numbers of your own."""

    heading: ClassVar[str] = "A function and its slope"
    titles: ClassVar[Mapping[str, str]] = {
        "answer": "",
        "curve": "Curve and slope",
        "numbers": "In numbers",
        "steps": "Step by step",
        "torch": "PyTorch",
    }
    stages: ClassVar[tuple[str, ...]] = ("curve",)

    function: str = knob("Sigmoid", kind=Choice(tuple(FUNCTIONS)), about="the function, under its name in PyTorch")
    number: float | None = knob(
        None,
        kind=Real(0.05, 10, empty="PyTorch's own"),
        about="negative_slope of LeakyReLU, alpha of ELU and CELU, beta of Softplus",
    )
    x: Vector = knob(
        (-3, -1, -0.5, 0, 0.25, 1, 2.5),
        kind=Table(axes=1, columns=9),
        about=f"inputs, from −{FARTHEST} to {FARTHEST}",
    )

    def check(self) -> None:
        super().check()
        if self.number is not None and not self.chosen.argument:
            rule = f"must be left blank: {self.function} has no number to set"
            raise self.fault("number", rule, "leave it blank")
        if any(abs(x) > FARTHEST for x in self.x):
            raise self.fault("x", f"must hold numbers from −{FARTHEST} to {FARTHEST}", "make the largest smaller")

    @property
    def chosen(self) -> Function:
        """The function."""
        return FUNCTIONS[self.function]

    @property
    def made(self) -> list[tuple[float, float, float]]:
        """Input, output and slope."""
        values = self.chosen.values(self.x, self.number)
        return [(x, y, self.chosen.slope(x, self.number)) for x, y in zip(self.x, values, strict=True)]

    def answer(self, typeset: Typeset) -> str:
        """How steep it gets, and where nothing is learned."""
        most = self.chosen.steepest(self.number)
        flat = [digits(x) for x, _, slope in self.made if slope == 0]
        return facts(
            [
                ("Steepest", digits(most), f"the largest slope from −{FARTHEST} to {FARTHEST}"),
                (f"Through {LAYERS} layers", size(most**LAYERS), f"at most: {digits(most)} to the power of {LAYERS}"),
                ("Slope 0 at", ", ".join(flat) or "none", "of your inputs: there nothing is learned"),
            ]
        )

    def curve(self, typeset: Typeset) -> str:
        """Both curves, and a point on each for every input."""
        reach = max(5.0, *(abs(x) for x in self.x))
        places = [reach * step / 150 for step in range(-150, 151)]
        values = self.chosen.values(tuple(places), self.number)
        slopes = [self.chosen.slope(x, self.number) for x in places]
        plot = Plot((-reach, reach), bounds([*values, *slopes]))
        body = plot.frame("x")
        body += plot.line(zip(places, slopes, strict=True), "bent")
        body += plot.line(zip(places, values, strict=True))
        for index, (x, y, slope) in enumerate(self.made):
            body += plot.point(at("slope", index), x, slope, "bent") + plot.point(at("y", index), x, y)
        drawing = plot.svg(f"Graph of {self.function} and of its slope from {digits(-reach)} to {digits(reach)}.", body)
        scene = figure(
            [(drawing, "solid: the function; dashed: its slope")],
            "A point for each of your inputs on both curves.",
            [("grown", self.function), ("bent", "its slope")],
        )
        stops = [
            Stop(at("y", index), [at("slope", index)], self._said(index + 1, *each))
            for index, each in enumerate(self.made)
        ]
        if len(stops) < 2:
            x, _, slope = self.made[0]
            stops.append(Stop(at("slope", 0), [at("y", 0)], f"At x = {digits(x)} the slope is {digits(slope)}."))
        return stage(scene, stops, label=f"{self.function} at your inputs")

    def _said(self, place: int, x: float, y: float, slope: float) -> str:
        start = f"Input {place}, x = {digits(x)}: the value is {digits(y)}, the slope {digits(slope)}"
        if slope == 0:
            return f"{start}, so no gradient comes through here."
        return f"{start}, so a gradient of 1 goes on as {digits(slope)}."

    def numbers(self, typeset: Typeset) -> str:
        """Inputs, values and slopes under each other."""
        rows = [[digits(number) for number in each] for each in self.made]
        return table(["x", "value", "slope"], rows)

    def steps(self, typeset: Typeset) -> str:
        """The formula with each input."""
        number = self.chosen.default if self.number is None else self.number

        def put(formula: str, x: str) -> str:
            return formula.replace("@", x).replace("$", tex(number))

        lines = [["f(x)", put(self.chosen.formula, "x")], ["f'(x)", put(self.chosen.derivative, "x")]]
        lines += [[f"f({tex(x)})", put(self.chosen.formula, factor(x)), tex(y)] for x, y, _ in self.made]
        return steps(lines, typeset)

    def torch(self, typeset: Typeset) -> str:
        """Forward and backward."""
        arguments = ", ".join(f"{name}={value!r}" for name, value in self.chosen.given(self.number).items())
        _, values, slopes = zip(*self.made, strict=True)
        return snippet(
            f"import torch\nfrom torch import nn\n\n"
            f"x = torch.tensor({literal(self.x)}, dtype=torch.float64)\nx.requires_grad_()\n"
            f"y = nn.{self.chosen.layer.__name__}({arguments})(x)\n"
            f"{prints('y.detach()', printed(values))}\n\ny.sum().backward()\n{prints('x.grad', printed(slopes))}"
        )
