"""The mean of dropout over many draws: it comes back to the input."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

from calc.demo import Demo
from calc.demos.draws_picture import Track, track
from calc.knob import Real, Seed, Table, Whole, knob
from calc.markup import plain
from calc.panels.snippet import snippet
from calc.panels.table import Typeset, table
from calc.picture import figure
from calc.scene import digits
from calc.stage import Stop, stage
from calc.values.dropout import factor, masks, spread
from calc.values.matrix import Vector
from calc.worked import facts


@dataclass(frozen=True)
class ManyDraws(Demo):
    """Show how the mean over many draws approaches the input, position by position."""

    heading: ClassVar[str] = "The mean of many draws"
    titles: ClassVar[Mapping[str, str]] = {
        "answer": "",
        "picture": "From the first draw to the last",
        "numbers": "In numbers",
        "torch": "PyTorch",
    }
    stages: ClassVar[tuple[str, ...]] = ("picture",)

    x: Vector = knob((1, 2, 3, 4, 5, 6), kind=Table(axes=1, columns=6), about="the numbers that go in")
    p: float = knob(0.5, kind=Real(0, 0.95), about="probability that a number is dropped")
    draws: int = knob(300, symbol="n", kind=Whole(2, most=500), about="how often the same numbers are sent through")
    seed: int = knob(1, kind=Seed(), about="where the coins start from: equal seeds throw alike")

    @property
    def milestones(self) -> list[int]:
        """The numbers of draws that are looked at: 1, 10, 100 … and the last, closer where there are few."""
        return sorted({1, 2, 5, 10, 20, 50, 100, 200, self.draws} & set(range(self.draws + 1)))

    @cached_property
    def drawn(self) -> list[tuple[bool, ...]]:
        """Every draw's mask."""
        return masks(len(self.x), self.p, self.draws, self.seed)

    @cached_property
    def means(self) -> list[Vector]:
        """The mean of the first draw, of the first two, and so on."""
        counts, times, found = [0] * len(self.x), factor(self.p), []
        for number, mask in enumerate(self.drawn, 1):
            counts = [count + stays for count, stays in zip(counts, mask, strict=True)]
            found.append(tuple(x * times * count / number for x, count in zip(self.x, counts, strict=True)))
        return found

    def answer(self, typeset: Typeset) -> str:
        """The last mean, and how far from the input it may well be."""
        last = self.means[-1]
        rate = spread(1, self.p, self.draws)
        return facts(
            [
                (
                    f"Mean of {self.draws} draws",
                    ", ".join(digits(number, 2) for number in last),
                    "position by position",
                ),
                ("Input", ", ".join(map(digits, self.x)), "what the means approach"),
                (
                    "Expected distance",
                    f"{digits(100 * rate, 2)}%",
                    f"of the input; {digits(spread(1, self.p, 1))} / √n",
                ),
            ]
        )

    def picture(self, typeset: Typeset) -> str:
        """A small chart for each position."""
        drawings = []
        for place, number in enumerate(self.x):
            line = [found[place] for found in self.means]
            drawing = track(
                Track(number, line, [spread(number, self.p, count) for count in range(1, self.draws + 1)]),
                self.milestones,
            )
            drawings.append((drawing, f"position {place + 1}: input {digits(number)}"))
        caption = "Number of draws to the right, each mark ten times the one before; the dashed line is the input, the "
        caption += "band one standard deviation to each side: it narrows with √n."
        scene = figure(drawings, caption, arrows=False)
        return stage(scene, self._stops(), label="Means after more and more draws")

    def _stops(self) -> Iterator[Stop]:
        given = ", ".join(map(digits, self.x))
        for count in self.milestones:
            reached = ", ".join(digits(number, 2) for number in self.means[count - 1])
            start = "The first draw gives" if count == 1 else f"After {count} draws the means are"
            rate = digits(100 * spread(1, self.p, count), 1)
            said = f"{start} {reached}; the input is {given}. About {rate}% off is to be expected."
            yield Stop(f"n-{count}", [], said)

    def numbers(self, typeset: Typeset) -> str:
        """A row for each number of draws that is marked."""
        head = ["draws", *(f"x={digits(number)}" for number in self.x), "expected"]
        rows = [
            [
                str(count),
                *(digits(number) for number in self.means[count - 1]),
                f"±{digits(100 * spread(1, self.p, count), 2)}%",
            ]
            for count in self.milestones
        ]
        return table(head, [[plain(cell) for cell in row] for row in rows])

    def torch(self, typeset: Typeset) -> str:
        """The same experiment; PyTorch's own coins fall differently."""
        inputs = ", ".join(f"{number:.12g}" for number in self.x)
        return snippet(
            "import torch\nfrom torch.nn import functional as F\n\ntorch.manual_seed(0)\n"
            f"x = torch.tensor([{inputs}], dtype=torch.float64)\n"
            f"y = F.dropout(x.expand({self.draws}, -1), p={self.p:.12g})\n"
            "# Other coins than above, and the mean is near x all the same.\n"
            f"near = 4 * {spread(1, self.p, self.draws):.6g} * x.abs() + 1e-9  # four of the expected distances\n"
            "print(bool(((y.mean(0) - x).abs() <= near).all()))  # True\n"
        )
