"""The learning rate of the original Transformer: up for a while, then slowly down."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from calc.demo import Demo
from calc.demos.plot_picture import Plot, size, size_tex
from calc.knob import Real, Whole, knob
from calc.panels.snippet import snippet
from calc.panels.table import Typeset
from calc.picture import figure
from calc.scene import at
from calc.stage import Stop, stage
from calc.values.chain import noam_rate
from calc.worked import facts, steps, tex

TIMES = 5
"""How often the warm-up's length is drawn."""


@dataclass(frozen=True)
class NoamRate(Demo):
    """Show the learning rate that warms up, as the original Transformer was trained with it."""

    heading: ClassVar[str] = "A rate that warms up"
    titles: ClassVar[Mapping[str, str]] = {
        "answer": "",
        "curve": "Rate by step",
        "steps": "Step by step",
        "torch": "PyTorch",
    }
    stages: ClassVar[tuple[str, ...]] = ("curve",)

    model_size: int = knob(512, symbol="d", kind=Whole(most=16_384), about="width of an embedding")
    warmup: int = knob(4000, symbol="w", kind=Whole(10, most=100_000), about="steps that the rate grows for")
    factor: float = knob(1.0, kind=Real(0.01, 100), about="what the whole curve is multiplied with")
    step: int = knob(1000, symbol="s", kind=Whole(0, most=1_000_000), about="the step that is worked out")

    def rate(self, step: int) -> float:
        """The learning rate at a step."""
        return noam_rate(step, self.model_size, self.factor, self.warmup)

    def answer(self, typeset: Typeset) -> str:
        """The peak, and the chosen step."""
        return facts(
            [
                ("Largest rate", size(self.rate(self.warmup)), f"at step {self.warmup:,}, the end of the warm-up"),
                (f"At step {self.step:,}", size(self.rate(self.step)), "step 0 counts as 1"),
                (
                    "Half of the largest",
                    size(self.rate(4 * self.warmup)),
                    f"at step {4 * self.warmup:,}, four times as far",
                ),
            ]
        )

    def curve(self, typeset: Typeset) -> str:
        """The curve over five warm-ups, with some steps to stop at."""
        last = TIMES * self.warmup
        plot = Plot((0, last), (0, 1.08 * self.rate(self.warmup)))
        body = plot.frame("step", whole=True)
        places = sorted({*(round(last * part / 200) for part in range(201)), self.warmup})
        body += plot.line((place, self.rate(place)) for place in places)
        marked = sorted({0, self.warmup // 2, self.warmup, *(times * self.warmup for times in range(2, TIMES + 1))})
        if self.step <= last:
            marked = sorted({*marked, self.step})
        body += "".join(plot.point(at("rate", place), place, self.rate(place)) for place in marked)
        drawing = plot.svg(
            f"The rate grows to {size(self.rate(self.warmup))} at step {self.warmup:,}, then falls to "
            f"{size(self.rate(last))} at step {last:,}.",
            body,
        )
        scene = figure(
            [(drawing, "upwards: the learning rate")],
            "A straight line up, then down with one over the root of the step.",
        )
        stops = [Stop(at("rate", place), [], self._said(place)) for place in marked]
        return stage(scene, stops, label="Learning rate by step")

    def _said(self, step: int) -> str:
        if not step:
            return f"Step 0 counts as 1: the rate is {size(self.rate(0))}."
        share = self.rate(step) / self.rate(self.warmup)
        where = "still warming up" if step < self.warmup else "the peak" if step == self.warmup else "falling"
        return f"Step {step:,}, {where}: the rate is {size(self.rate(step))}, {share:.1%} of the largest."

    def steps(self, typeset: Typeset) -> str:
        """Both branches, and the smaller."""
        step = max(self.step, 1)
        falling, growing = step**-0.5, step * self.warmup**-1.5
        smaller = r"s^{-1/2}" if falling <= growing else r"s\, w^{-3/2}"
        return steps(
            [
                [r"s\, w^{-3/2}", rf"{step} \cdot {self.warmup}^{{-3/2}}", size_tex(growing)],
                [r"s^{-1/2}", rf"{step}^{{-1/2}}", size_tex(falling)],
                [
                    r"\text{rate}",
                    r"\text{factor} \cdot d^{-1/2} \min\left(s^{-1/2},\; s\, w^{-3/2}\right)",
                    rf"{tex(self.factor)} \cdot {self.model_size}^{{-1/2}} \cdot {smaller}",
                    size_tex(self.rate(self.step)),
                ],
            ],
            typeset,
        )

    def torch(self, typeset: Typeset) -> str:
        """A scheduler that takes the rate itself: the optimizer's own is 1."""
        shown = [self.rate(step) for step in (0, 1, 2)]
        listed = ", ".join(f"'{rate:.4e}'" for rate in shown)
        return snippet(
            "import torch\nfrom torch.optim.lr_scheduler import LambdaLR\n\n\n"
            "def rate(step):\n    step = max(step, 1)\n"
            f"    return {self.factor!r} * {self.model_size}**-0.5 * min(step**-0.5, step * {self.warmup}**-1.5)\n\n\n"
            "weights = [torch.zeros(1, requires_grad=True)]\n"
            "optimizer = torch.optim.Adam(weights, lr=1.0, betas=(0.9, 0.98), eps=1e-9)\n"
            "scheduler = LambdaLR(optimizer, rate)\nrates = []\nfor step in range(3):\n"
            '    rates.append(f"{scheduler.get_last_lr()[0]:.4e}")\n    optimizer.step()\n    scheduler.step()\n'
            f"print(rates)  # [{listed}]"
        )
