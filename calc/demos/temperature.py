"""Softmax with a temperature: logits as shares, sharper or flatter, and the loss that they make."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import inf, log
from typing import ClassVar

from calc.demo import Demo
from calc.demos.plot_picture import size
from calc.knob import Real, Table, Whole, knob
from calc.panels.printed import literal, printed, prints
from calc.panels.snippet import snippet
from calc.panels.table import Typeset, table
from calc.picture import figure, svg
from calc.scene import LABEL, at, digits
from calc.stage import Stop, stage
from calc.values.matrix import Vector
from calc.values.shares import cross_entropy, entropy, powers, tempered
from calc.worked import facts, steps, tex

BAR, LONG = 34, 170
"""Height of a class, and how long a share of 1 is."""


@dataclass(frozen=True)
class SoftmaxTemperature(Demo):
    """Show what softmax makes of logits at any temperature, and what the right class costs."""

    heading: ClassVar[str] = "Softmax with a temperature"
    titles: ClassVar[Mapping[str, str]] = {
        "answer": "",
        "bars": "Shares",
        "limits": "From cold to hot",
        "steps": "Step by step",
        "torch": "PyTorch",
    }
    stages: ClassVar[tuple[str, ...]] = ("bars",)

    logits: Vector = knob(
        (2, 1, 0.5, -1), kind=Table(axes=1, columns=10), about="what the network says of each class, any numbers"
    )
    temperature: float = knob(0.5, symbol="T", kind=Real(0.01, 1000), about="what the logits are divided by first")
    target: int = knob(0, kind=Whole(0, most=9), about="the class that is right, from 0")

    def check(self) -> None:
        super().check()
        if len(self.logits) < 2:
            raise self.fault("logits", "must have at least 2 numbers, one for each class", "type 2 1")
        if self.target >= len(self.logits):
            rule = f"must be less than the number of logits (={len(self.logits)})"
            raise self.fault("target", rule, f"try {len(self.logits) - 1}")

    @property
    def shares(self) -> Vector:
        """At the temperature."""
        return tempered(self.logits, self.temperature)

    @property
    def loss(self) -> float:
        """Cross-entropy of the target at the temperature."""
        return cross_entropy([[logit / self.temperature for logit in self.logits]], [self.target])

    def answer(self, typeset: Typeset) -> str:
        """The largest share, entropy and loss."""
        shares = self.shares
        largest, count = max(shares), len(shares)
        remark = f"the target's share is {size(shares[self.target])}"
        return facts(
            [
                (
                    "Largest share",
                    digits(largest),
                    f"class {shares.index(largest)}; at T = 1 it has {digits(max(tempered(self.logits)))}",
                ),
                ("Entropy", digits(entropy(shares)), f"nats, from 0 to ln {count} = {digits(log(count))}"),
                ("Cross-entropy", digits(self.loss), remark),
            ]
        )

    def bars(self, typeset: Typeset) -> str:
        """Two bars for each class: at T, and at 1."""
        plain = tempered(self.logits)
        names = [f"class {row}: {digits(logit, 2)}" for row, logit in enumerate(self.logits)]
        left = max(map(len, names)) * LABEL + 10
        body = ""
        for row, (name, share, usual) in enumerate(zip(names, self.shares, plain, strict=True)):
            y = row * BAR + 2
            body += f'<text class="row-label" x="{left - 8:g}" y="{y + 19}">{name}</text>'
            body += _bar(at("share", row), left, y + 2, share, "grown", digits(share))
            body += _bar(at("usual", row), left, y + 18, usual, "part", "")
        listed = "; ".join(f"class {row}: {digits(share)}" for row, share in enumerate(self.shares))
        drawing = svg(
            round(left + LONG + 62, 1),
            len(plain) * BAR + 4,
            f"Shares at temperature {digits(self.temperature)}: {listed}.",
            body,
        )
        scene = figure(
            [(drawing, "left: the class and its logit")],
            "All bars of one colour add up to 1.",
            [("grown", f"T = {digits(self.temperature)}"), ("part", "T = 1")],
        )
        stops = [Stop(at("share", row), [at("usual", row)], self._said(row)) for row in range(len(plain))]
        return stage(scene, stops, label="Shares of the classes")

    def _said(self, row: int) -> str:
        made = powers(self.logits, self.temperature)
        share, usual = self.shares[row], tempered(self.logits)[row]
        divided = f"{digits(self.logits[row])}/{digits(self.temperature)}"
        worked = f"e^({divided}) / Σ = {size(made[row])} / {size(sum(made))}" if 0 < sum(made) < inf else "the share"
        right = ", and it is the right one" if row == self.target else ""
        return f"Class {row}{right}: {worked} = {size(share)}; at T = 1 it has {size(usual)}."

    def limits(self, typeset: Typeset) -> str:
        """Shares and entropy at temperatures from 0 to infinity."""
        ladder = sorted({0.0, 0.5, 1.0, 2.0, 10.0, inf, float(self.temperature)})
        made = [tempered(self.logits, each) for each in ladder]
        rows = [
            [_named(each), *(digits(share) for share in shares), digits(entropy(shares))]
            for each, shares in zip(ladder, made, strict=True)
        ]
        heads = ["temperature", *(f"class {row}" for row in range(len(self.logits))), "entropy"]
        return (
            f"{table(heads, rows)}"
            '<p class="calc-quiet">Cold: the largest logit takes all. Hot: all have the same. The order of the classes '
            "never changes.</p>"
        )

    def steps(self, typeset: Typeset) -> str:
        """The share of the target, and its logarithm."""
        count, t = self.target, tex(self.temperature)
        divided = [logit / self.temperature for logit in self.logits]
        largest = max(divided)
        moved = powers([each - largest for each in divided], 1.0)
        return steps(
            [
                ["z / T", rf"({_listed(self.logits, ', ')}) / {t}", f"({_listed(divided, ', ')})"],
                [r"\sum_k e^{z_k/T - m}", _listed(moved, " + "), tex(sum(moved))],
                [
                    f"p_{{{count}}}",
                    rf"\frac{{e^{{z_{{{count}}}/T - m}}}}{{\sum_k e^{{z_k/T - m}}}}",
                    rf"\frac{{{tex(moved[count])}}}{{{tex(sum(moved))}}}",
                    tex(self.shares[count]),
                ],
                [r"\text{cross-entropy}", rf"-\ln p_{{{count}}}", tex(self.loss)],
            ],
            typeset,
        ) + (
            f'<p class="calc-quiet">m = {digits(largest)}, the largest of them, is taken off first: '
            "that changes no share, and no power overflows.</p>"
        )

    def torch(self, typeset: Typeset) -> str:
        """Shares and loss."""
        return snippet(
            "import torch\nimport torch.nn.functional as F\n\n"
            f"logits = torch.tensor({literal(self.logits)}, dtype=torch.float64) / {self.temperature!r}\n"
            f"{prints('F.softmax(logits, dim=0)', printed(self.shares))}\n"
            f'print(f"{{F.cross_entropy(logits, torch.tensor({self.target})):.4f}}")  # {self.loss:.4f}'
        )


def _listed(numbers: Sequence[float], between: str) -> str:
    """The first five as TeX."""
    return between.join([*(tex(each) for each in numbers[:5]), *[r"\dots"] * (len(numbers) > 5)])


def _named(temperature: float) -> str:
    return {0.0: "T → 0", inf: "T → ∞"}.get(temperature, f"T = {digits(temperature)}")


def _bar(name: str, left: float, y: float, share: float, kind: str, text: str) -> str:
    long = round(max(1.0, share * LONG), 1)
    words = f'<text class="bar-share" x="{left + long + 6:g}" y="{y + 11:g}">{text}</text>' if text else ""
    return (
        f'<g data-cell="{name}"><rect class="cell {kind}" x="{left:g}" y="{y:g}" width="{long:g}" '
        f'height="{15 if text else 9}" rx="2"></rect>{words}</g>'
    )
