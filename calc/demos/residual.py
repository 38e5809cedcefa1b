"""A chain of small layers with and without skips: what becomes of a signal, and of a gradient."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from calc.demo import Demo
from calc.demos.plot_picture import POWERS, Plot, decades, logarithm, size, size_tex
from calc.knob import Choice, Real, Whole, knob
from calc.panels.snippet import snippet
from calc.panels.table import Typeset, table
from calc.picture import figure
from calc.scene import at, digits
from calc.stage import Stop, stage
from calc.values import chain
from calc.values.matrix import Vector
from calc.worked import factor, facts, steps, tex

LINEAR, TANH = "nothing: F(h) = w h", "tanh: F(h) = tanh(w h)"


@dataclass(frozen=True)
class ResidualStack(Demo):
    """Show a signal and a gradient through many layers, with a skip around each and without."""

    heading: ClassVar[str] = "With and without a skip"
    titles: ClassVar[Mapping[str, str]] = {
        "answer": "",
        "signal": "The signal on its way forward",
        "gradient": "The gradient on its way back",
        "numbers": "In numbers",
        "steps": "Step by step",
        "torch": "PyTorch",
    }
    stages: ClassVar[tuple[str, ...]] = ("signal", "gradient")

    x: float = knob(1.0, kind=Real(-10, 10), about="what goes into the first layer")
    w: float = knob(0.5, kind=Real(-3, 3), about="what each layer multiplies with")
    layers: int = knob(10, symbol="n", kind=Whole(1, most=12), about="how many layers there are")
    after: str = knob(LINEAR, kind=Choice((LINEAR, TANH)), about="what a layer does after the product")

    @property
    def bent(self) -> bool:
        """Whether tanh comes after the product."""
        return self.after == TANH

    def signals(self, *, skip: bool) -> Vector:
        """Behind each layer, x first."""
        return chain.signals(self.x, self.w, self.layers, bent=self.bent, skip=skip)

    def gradients(self, *, skip: bool) -> Vector:
        """The derivative of the end by each of them."""
        return chain.gradients(self.x, self.w, self.layers, bent=self.bent, skip=skip)

    def slopes(self, *, skip: bool) -> Vector:
        """What each layer multiplies a gradient with."""
        return chain.slopes(self.x, self.w, self.layers, bent=self.bent, skip=skip)

    def answer(self, typeset: Typeset) -> str:
        """The gradient that reaches x in both."""
        plain, skipped = (self.gradients(skip=skip)[0] for skip in (False, True))
        ends = " and ".join(size(self.signals(skip=skip)[-1]) for skip in (False, True))
        return facts(
            [
                ("Gradient without", size(plain), self._power("w", self.w)),
                ("Gradient with skips", size(skipped), self._power("(1 + w)", 1 + self.w)),
                ("Output", ends, "without and with skips"),
            ]
        )

    def _power(self, name: str, number: float) -> str:
        if self.bent:
            return "the slopes of all layers, multiplied"
        raised = str(self.layers).translate(POWERS)
        shown = f"({digits(number)})" if number < 0 else digits(number)
        return f"{name}{raised} = {shown}{raised}"

    def signal(self, typeset: Typeset) -> str:
        """How large the signal is behind each layer."""
        both = self.signals(skip=False), self.signals(skip=True)
        return self._stage("s", both, [self._forward(depth, *both) for depth in range(self.layers + 1)], "signal")

    def gradient(self, typeset: Typeset) -> str:
        """How large the gradient is in front of each layer."""
        both = self.gradients(skip=False), self.gradients(skip=True)
        said = [self._backward(depth, *both) for depth in range(self.layers + 1)]
        # A gradient starts at the end.
        return self._stage("g", both, said, "gradient", backwards=True)

    def _stage(
        self, name: str, both: tuple[Vector, Vector], said: list[str], what: str, *, backwards: bool = False
    ) -> str:
        plot = Plot((0, self.layers), decades([*both[0], *both[1]]), height=260, powers=True)
        body = plot.frame("layers", whole=True)
        for numbers, kind in zip(both, ("bent", "grown"), strict=True):
            logs = [logarithm(number) for number in numbers]
            body += plot.line(enumerate(logs), kind)
            body += "".join(plot.point(at(f"{name}-{kind}", depth), depth, log, kind) for depth, log in enumerate(logs))
        plain, skipped = both
        drawing = plot.svg(
            f"Size of the {what} over {self.layers} layers: from {size(plain[0])} to {size(plain[-1])} without skips, "
            f"from {size(skipped[0])} to {size(skipped[-1])} with them.",
            body,
        )
        scene = figure(
            [(drawing, f"upwards: size of the {what}, by powers of ten")],
            "Without a sign. On this scale a power of a number is a straight line.",
            [("grown", "with skips"), ("bent", "without, dashed")],
        )
        stops = [
            Stop(at(f"{name}-grown", depth), [at(f"{name}-bent", depth)], words) for depth, words in enumerate(said)
        ]
        notes = [
            Stop(at(f"{name}-bent", depth), [at(f"{name}-grown", depth)], words) for depth, words in enumerate(said)
        ]
        return stage(scene, reversed(stops) if backwards else stops, notes=notes, label=f"The {what} by depth")

    def _forward(self, depth: int, plain: Vector, skipped: Vector) -> str:
        if not depth:
            return f"Before the first layer both are x = {size(self.x)}."
        before, made = skipped[depth - 1], skipped[depth] - skipped[depth - 1]
        added = f"{size(before)} + ({size(made)})" if made < 0 else f"{size(before)} + {size(made)}"
        return f"Behind layer {depth}: with the skip {added} = {size(skipped[depth])}, without it {size(plain[depth])}."

    def _backward(self, depth: int, plain: Vector, skipped: Vector) -> str:
        if depth == self.layers:
            return f"Behind layer {depth}, the last, the gradient starts as 1."
        with_skip, without = self.slopes(skip=True)[depth], self.slopes(skip=False)[depth]
        return (
            f"Back through layer {depth + 1}: with the skip times {size(with_skip)}, which makes "
            f"{size(skipped[depth])}; "
            f"without it times {size(without)}, which makes {size(plain[depth])}."
        )

    def numbers(self, typeset: Typeset) -> str:
        """Both, layer by layer."""
        columns = (
            self.signals(skip=False),
            self.signals(skip=True),
            self.gradients(skip=False),
            self.gradients(skip=True),
        )
        rows = [
            [f"layer {depth}" if depth else "x", *map(size, row)]
            for depth, row in enumerate(zip(*columns, strict=True))
        ]
        return (
            f"{table(['behind', 'signal', 'with skips', 'gradient', 'with skips'], rows)}"
            '<p class="calc-quiet">A signal goes from top to bottom, a gradient from bottom to top.</p>'
        )

    def steps(self, typeset: Typeset) -> str:
        """One layer of each, and all of them."""
        w = factor(self.w)
        first = self.signals(skip=True)[0]
        made = chain.signals(self.x, self.w, 1, bent=self.bent, skip=False)[1]
        layer = (
            [r"\tanh(w h)", rf"\tanh({w} \cdot {factor(first)})"]
            if self.bent
            else ["w h", rf"{w} \cdot {factor(first)}"]
        )
        inner = r"w\, (1 - \tanh^2(w h))" if self.bent else "w"
        lines = [
            ["F(h_0)", *layer, size_tex(made)],
            [r"h_1 = h_0 + F(h_0)", f"{tex(first)} + {factor(made)}", size_tex(self.signals(skip=True)[1])],
            [r"F'(h_0)", inner, size_tex(self.slopes(skip=False)[0])],
            [r"\frac{\partial h_1}{\partial h_0}", f"1 + {inner}", size_tex(self.slopes(skip=True)[0])],
        ]
        for skip, name in ((False, r"\text{without}"), (True, r"\text{with skips}")):
            slopes, total = self.slopes(skip=skip), size_tex(self.gradients(skip=skip)[0])
            product = rf"{factor(slopes[0])}^{{{self.layers}}}"
            if self.bent:
                product = r" \cdot ".join(factor(slope) for slope in slopes[:3]) + r" \cdots" * (len(slopes) > 3)
            lines.append([rf"\frac{{\partial h_{{{self.layers}}}}}{{\partial h_0}}\;({name})", product, total])
        return steps(lines, typeset)

    def torch(self, typeset: Typeset) -> str:
        """Both chains, and their gradients by autograd."""
        made = "torch.tanh(w * h)" if self.bent else "w * h"
        code = f"import torch\n\nw = {self.w!r}\n"
        for skip, comment in ((False, "without"), (True, "with skips")):
            end, gradient = self.signals(skip=skip)[-1], self.gradients(skip=skip)[0]
            code += (
                f"\n# {comment}\nx = h = torch.tensor({self.x!r}, dtype=torch.float64, requires_grad=True)\n"
                f"for layer in range({self.layers}):\n    h = {'h + ' if skip else ''}{made}\n"
                f'h.backward()\nprint(f"{{h:.4e}} {{x.grad:.4e}}")  # {end:.4e} {gradient:.4e}\n'
            )
        return snippet(code)
