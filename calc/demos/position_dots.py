"""How alike two positions are: the dot products of their rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import cos
from typing import ClassVar

from calc.demo import Demo
from calc.demos.heat_picture import LEGEND, heat
from calc.demos.plot_picture import Plot, bounds
from calc.demos.positions import CONCATENATED, INTERLEAVED, LEARNED, code, waves
from calc.knob import Choice, Seed, Whole, knob
from calc.panels.printed import literal
from calc.panels.snippet import snippet
from calc.panels.table import Typeset
from calc.picture import figure
from calc.scene import at, digits
from calc.stage import Stop, stage
from calc.values import positions
from calc.values.matrix import Matrix
from calc.values.positions import Wave
from calc.worked import factor, facts, products, steps, tex


@dataclass(frozen=True)
class PositionDots(Demo):
    """Show how alike two positions are: the dot product of their rows."""

    heading: ClassVar[str] = "Dot products of positions"
    titles: ClassVar[Mapping[str, str]] = {
        "answer": "",
        "curve": "By distance",
        "every": "Every pair",
        "steps": "Step by step",
        "torch": "PyTorch",
    }
    stages: ClassVar[tuple[str, ...]] = ("curve",)

    length: int = knob(40, symbol="l", kind=Whole(3, most=64), about="positions")
    d_model: int = knob(32, symbol="d", kind=Whole(most=64), about="width of an embedding")
    variant: str = knob(
        INTERLEAVED, kind=Choice((INTERLEAVED, CONCATENATED, LEARNED)), about="how the table of positions is made"
    )
    position: int = knob(10, symbol="i", kind=Whole(0, most=63), about="the position that is compared with all")
    other: int = knob(13, symbol="k", kind=Whole(0, most=63), about="the one that is worked out step by step")
    seed: int = knob(1, kind=Seed(), about="what a learned table's numbers are drawn from")

    def check(self) -> None:
        super().check()
        for name in ("position", "other"):
            if getattr(self, name) >= self.length:
                raise self.fault(name, f"must be less than length (={self.length})", f"try {self.length - 1}")

    @property
    def waves(self) -> tuple[Wave, ...]:
        """The columns; none of a learned table."""
        return () if self.variant == LEARNED else waves(self.variant, self.d_model)

    @property
    def rows(self) -> Matrix:
        """The table."""
        if self.variant == LEARNED:
            return positions.learned(self.length, self.d_model, self.seed)
        return positions.table(self.waves, self.length)

    @property
    def pairs(self) -> tuple[Wave, ...]:
        """The sines that have a cosine; nothing where some column stands alone."""
        sines = [wave for wave in self.waves if wave.function == "sin"]
        cosines = [wave for wave in self.waves if wave.function == "cos"]
        return tuple(sines) if len(sines) == len(cosines) else ()

    def _product(self, one: int, other: int) -> float:
        return positions.products(self.rows, one)[other]

    def answer(self, typeset: Typeset) -> str:
        """The product with itself, the next, and another pair at the same distance."""
        one, other = sorted((self.position, self.other))
        shift = 1 if other + 1 < self.length else -min(one, 1)
        same, moved = self._product(one, other), self._product(one + shift, other + shift)
        return facts(
            [
                (
                    "With itself",
                    digits(self._product(self.position, self.position)),
                    "one sin² + cos² = 1 for each pair" if self.pairs else "the sum of its squares",
                ),
                (f"P{one} · P{other}", digits(same), f"{other - one} apart"),
                (f"P{one + shift} · P{other + shift}", digits(moved), "the same distance, elsewhere"),
            ]
        )

    def curve(self, typeset: Typeset) -> str:
        """The product with every position."""
        found = positions.products(self.rows, self.position)
        places = [other - self.position for other in range(self.length)]
        plot = Plot((places[0] - 0.5, places[-1] + 0.5), bounds(found))
        body = plot.frame(f"distance from position {self.position}", whole=True)
        body += plot.line(zip(places, found, strict=True))
        body += "".join(
            plot.point(at("dot", other), place, number)
            for other, (place, number) in enumerate(zip(places, found, strict=True))
        )
        drawing = plot.svg(f"Products of position {self.position} with {self.length} positions, by distance.", body)
        scene = figure(
            [(drawing, "upwards: the dot product")],
            "With pairs of sine and cosine the curve is the same on both sides, and the same for every position."
            if self.pairs
            else "Without pairs of sine and cosine nothing makes the product follow from the distance.",
        )
        stops = [Stop(at("dot", other), [], self._said(other, number)) for other, number in enumerate(found)]
        return stage(scene, stops, label="Dot product by distance")

    def _said(self, other: int, number: float) -> str:
        distance = other - self.position
        start = f"Positions {self.position} and {other}, {abs(distance)} apart: "
        if not self.pairs:
            return f"{start}the product of their rows is {digits(number)}."
        shown = " + ".join(_cosine(distance, wave) for wave in self.pairs[:3])
        return f"{start}{shown}{' + …' if len(self.pairs) > 3 else ''} = {digits(number)}."

    def every(self, typeset: Typeset) -> str:
        """All products as a map: equal along each diagonal, where only the distance counts."""
        table = tuple(positions.products(self.rows, position) for position in range(self.length))
        largest = max(abs(number) for row in table for number in row) or 1.0  # a single column may be all zeros
        drawing = heat(table, "Products of every position with every position.", largest=largest, most=260, bands=False)
        text = "every diagonal has one shade: one distance, one product" if self.pairs else "row i, column k: P_i · P_k"
        return figure([(drawing, text)], f"The darkest squares are ±{digits(largest)}.", LEGEND)

    def steps(self, typeset: Typeset) -> str:
        """Pair by pair, with the rule that makes it a matter of distance."""
        one, other = self.position, self.other
        total = tex(self._product(one, other))
        if not self.pairs:
            pairs = list(zip(self.rows[one], self.rows[other], strict=True))
            dots = r" + \dots" if len(pairs) > 3 else ""
            return steps([[f"P_{{{one}}} \\cdot P_{{{other}}}", products(pairs[:3]) + dots, total]], typeset)
        lines = [[r"\sin a \sin b + \cos a \cos b", r"\cos(a - b)"]]
        for wave in self.pairs[:3]:
            a, b = (f"{place}" if wave.divisor == 1 else f"{place}/{tex(wave.divisor)}" for place in (one, other))
            distance = f"{one - other}" if wave.divisor == 1 else f"({one - other})/{tex(wave.divisor)}"
            values = [(wave.at(place), Wave(wave.pair, wave.divisor, "cos").at(place)) for place in (one, other)]
            lines.append(
                [
                    rf"\sin({a}) \sin({b}) + \cos({a}) \cos({b})",
                    products(zip(*values, strict=True)),
                    rf"\cos({distance})",
                    tex(cos((one - other) / wave.divisor)),
                ]
            )
        summed = " + ".join(factor(cos((one - other) / wave.divisor)) for wave in self.pairs[:3])
        dots = r" + \dots" if len(self.pairs) > 3 else ""
        lines.append(
            [
                f"P_{{{one}}} \\cdot P_{{{other}}}",
                rf"\sum_j \cos\frac{{{one} - {other}}}{{\text{{divisor}}_j}}",
                summed + dots,
                total,
            ]
        )
        return steps(lines, typeset)

    def torch(self, typeset: Typeset) -> str:
        """Two products at the same distance."""
        one, other = self.position, self.other
        found = f"{self._product(one, other):.4f}"
        if self.variant == LEARNED:
            two = literal([self.rows[one], self.rows[other]], 10)
            table = f"import torch\n\nrows = torch.tensor({two}, dtype=torch.float64)\n"
            return snippet(f'{table}\nprint(f"{{rows[0] @ rows[1]:.4f}}")  # {found}')
        made = code(self.variant, self.length, self.d_model)
        return snippet(f'{made}\nprint(f"{{pe[{one}] @ pe[{other}]:.4f}}")  # {found}')


def _cosine(distance: int, wave: Wave) -> str:
    return f"cos({digits(distance)})" if wave.divisor == 1 else f"cos({digits(distance)}/{digits(wave.divisor)})"
