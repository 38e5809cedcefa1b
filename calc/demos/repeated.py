"""The recurrent weight applied again and again: why gradients vanish or explode."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from calc.demo import Demo
from calc.demos.growth_picture import POWERS, growth, short
from calc.knob import Flag, Table, Whole, knob
from calc.panels.printed import tensor
from calc.panels.snippet import snippet
from calc.panels.table import Typeset
from calc.picture import figure
from calc.stage import Stop, stage
from calc.values import powers
from calc.values.matrix import Matrix, Rows, Vector
from calc.worked import facts, steps

LARGEST = 10


@dataclass(frozen=True)
class RepeatedProduct(Demo):
    """Show what becomes of a vector that is multiplied with the recurrent weight at every step."""

    heading: ClassVar[str] = "The same weight, again and again"
    titles: ClassVar[Mapping[str, str]] = {
        "answer": "",
        "curve": "Length after each step",
        "steps": "Step by step",
        "torch": "PyTorch",
    }
    stages: ClassVar[tuple[str, ...]] = ("curve",)

    weight: Matrix = knob(
        ((1.1, 0.4), (-0.4, 1.1)),
        symbol="W",
        kind=Table(rows=2, columns=2),
        about="the recurrent weight: one number, or 2 × 2",
    )
    vector: Vector | None = knob(
        None,
        symbol="v",
        kind=Table(axes=1, columns=2, empty="1 everywhere"),
        about="what is multiplied: a small change of the first state",
    )
    times: int = knob(20, symbol="T", kind=Whole(2, most=60), about="how often")
    tanh: bool = knob(
        True, kind=Flag(), about="whether the derivative of tanh is shown as well, as in a real cell without inputs"
    )
    state: Vector | None = knob(
        None,
        symbol="h_0",
        kind=Table(axes=1, columns=2, empty="0.5 everywhere"),
        about="the first state, where tanh comes in",
    )

    def check(self) -> None:
        super().check()
        size = len(self.weight)
        if len(self.weight[0]) != size:
            raise self.fault(
                "weight", f"must be square, and is {size} × {len(self.weight[0])}", "give it as many rows as columns"
            )
        if any(abs(number) > LARGEST for row in self.weight for number in row):
            raise self.fault("weight", f"must hold numbers from −{LARGEST} to {LARGEST}", "make the largest smaller")
        for name in ("vector", "state"):
            row = getattr(self, name)
            if row is not None and len(row) != size:
                raise self.fault(
                    name,
                    f"must have one number for each row of the weight, {size} in all, and has {len(row)}",
                    "leave it blank",
                )
        if self.vector is not None and not any(self.vector):
            raise self.fault("vector", "must not be all zeros, which stay zeros", "leave it blank")

    @property
    def start(self) -> Vector:
        """The vector that is multiplied."""
        return self.vector or (1.0,) * len(self.weight)

    @property
    def first(self) -> Vector:
        """The state that tanh starts from."""
        return self.state or (0.5,) * len(self.weight)

    def alone(self) -> list[float]:
        """The lengths of W^t v."""
        return [powers.length(each) for each in powers.repeated(self.weight, self.start, self.times)]

    def bent(self) -> list[float]:
        """The same with the derivative of tanh in each factor."""
        return [powers.length(each) for each in powers.through_tanh(self.weight, self.first, self.start, self.times)]

    def answer(self, typeset: Typeset) -> str:
        """What decides, and how it ends."""
        radius, most = powers.spectral_radius(self.weight), powers.largest_singular_value(self.weight)
        entries = [
            ("Largest eigenvalue", short(radius), f"its size; {_verdict(radius)}"),
            ("Largest singular value", short(most), "no step makes a vector longer by more"),
            (f"Length after {self.times} steps", short(self.alone()[-1]), f"from {short(self.alone()[0])}, W alone"),
        ]
        if self.tanh:
            entries.append(("Through tanh", short(self.bent()[-1]), "with the factors 1 − h² of each step"))
        return facts(entries)

    def curve(self, typeset: Typeset) -> str:
        """Both lengths on a scale of powers of ten."""
        alone, bent = self.alone(), self.bent() if self.tanh else []
        legend = [("grown", "W alone")] + ([("bent", "with the derivative of tanh")] if bent else [])
        scene = figure(
            [(growth(alone, bent), "steps to the right; length upwards, on a scale of powers of ten")],
            "On this scale a power of a number is a straight line: up above 1, down below 1.",
            legend,
        )
        notes = [
            Stop(f"bent-{step}", [f"grown-{step}"], f"Step {step}: length {short(size)} through tanh.")
            for step, size in enumerate(bent)
        ]
        return stage(scene, self._stops(alone, bent), notes=notes, label="Length after each step")

    def _stops(self, alone: list[float], bent: list[float]) -> list[Stop]:
        vectors = powers.repeated(self.weight, self.start, self.times)
        states = powers.tanh_states(self.weight, self.first, self.times)
        stops = []
        for step, (reached, size) in enumerate(zip(vectors, alone, strict=True)):
            said = f"Step {step}: W{_raised(step)}v = {_listed(reached)}, of length {short(size)}"
            if step == 0:
                said = f"Before the first step: v = {_listed(reached)}, of length {short(size)}"
            lights = []
            if bent and step:
                factors = _listed(tuple(1 - number * number for number in states[step]))
                said += f"; tanh adds the factors 1 − h² = {factors} and leaves {short(bent[step])}"
                lights = [f"bent-{step}"]
            stops.append(Stop(f"grown-{step}", lights, f"{said}."))
        return stops

    def steps(self, typeset: Typeset) -> str:
        """What the weight has become."""
        last, size = f"W^{{{self.times}}}", short(self.alone()[-1], tex=True)
        reached = powers.repeated(self.weight, self.start, self.times)[-1]
        radius = powers.spectral_radius(self.weight)
        lines = [
            ["W^2 = W W", _matrix(powers.power(self.weight, 2))],
            [last, _matrix(powers.power(self.weight, self.times))],
            [rf"\|{last} v\|", rf"\|({', '.join(short(each, tex=True) for each in reached)})\|", size],
            [
                r"|\lambda|^{T}",
                rf"{short(radius, tex=True)}^{{{self.times}}}",
                short(radius**self.times, tex=True),
            ],
        ]
        if self.tanh:
            product = r"\prod_{t=1}^{T} \operatorname{diag}\left(1 - h_t^2\right) W"
            lines.append([rf"\|{product}\, v\|", short(self.bent()[-1], tex=True)])
        return steps(lines, typeset)

    def torch(self, typeset: Typeset) -> str:
        """Both lengths, the second by autograd."""
        lines = ["import torch", "", f"weight = {tensor(self.weight, 9)}", f"v = {tensor(self.start)}", ""]
        lines.append(f"length = (torch.linalg.matrix_power(weight, {self.times}) @ v).norm()")
        lines.append(f'print(format(length.item(), ".4e"))  # {self.alone()[-1]:.4e}')
        if self.tanh:
            lines += ["", f"h = first = {tensor(self.first)}.requires_grad_()"]
            lines += [f"for step in range({self.times}):", "    h = torch.tanh(weight @ h)"]
            lines.append("rows = [torch.autograd.grad(each, first, retain_graph=True)[0] for each in h]")
            lines.append("length = (torch.stack(rows) @ v).norm()")
            lines.append(f'print(format(length.item(), ".4e"))  # {self.bent()[-1]:.4e}')
        return snippet("\n".join(lines) + "\n")


def _verdict(radius: float) -> str:
    if abs(radius - 1) < 1e-9:
        return "at 1 nothing grows or fades by powers"
    return "above 1 the powers grow" if radius > 1 else "below 1 the powers fade"


def _raised(step: int) -> str:
    """The exponent in a sentence, with a space for W v itself."""
    return str(step).translate(POWERS) if step > 1 else " "


def _listed(numbers: Vector) -> str:
    return f"({', '.join(map(short, numbers))})"


def _matrix(rows: Rows) -> str:
    inner = r" \\ ".join(" & ".join(short(number, tex=True) for number in row) for row in rows)
    return rf"\begin{{pmatrix}}{inner}\end{{pmatrix}}"
