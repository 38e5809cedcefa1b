"""Questions with numbers that are drawn, and an answer that is checked by the same arithmetic as the page's."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from math import isclose
from random import Random
from typing import ClassVar

from calc.demo import Demo
from calc.knob import Answer, Seed, knob
from calc.markup import plain
from calc.notation import grouped
from calc.panels.table import Typeset
from calc.scene import digits


@dataclass(frozen=True)
class Posed:
    """A question as it was drawn, its solution, and why; all in plain words.

    `slips` maps a wrong number that people arrive at to what went wrong. An answer is
    right within `within` of the solution, so that rounding is no fault; a whole
    number must be met exactly.
    """

    question: str
    solution: float
    because: str
    slips: Mapping[float, str] = field(default_factory=dict)
    within: float = 0.0005

    def meets(self, answer: float) -> bool:
        """Whether an answer is right."""
        return self._equal(answer, self.solution)

    def remark(self, answer: float) -> str:
        """What to say of a wrong answer."""
        said = (words for wrong, words in self.slips.items() if self._equal(answer, wrong))
        return next(said, "Not this. Try again, or open the solution.")

    def _equal(self, one: float, other: float) -> bool:
        whole = isinstance(other, int) or float(other).is_integer()
        return one == other if whole else isclose(one, other, rel_tol=0, abs_tol=self.within)


@dataclass(frozen=True)
class Exercise(Demo, ABC):
    """A question whose numbers follow from `variant`."""

    heading: ClassVar[str] = "Exercise"
    titles: ClassVar[Mapping[str, str]] = {"question": "", "verdict": ""}

    above: ClassVar[tuple[str, ...]] = ("question",)
    explains: ClassVar[bool] = False

    variant: int = knob(1, kind=Seed(clears="answer"), about="which numbers are drawn: each gives another question")
    answer: float | None = knob(None, kind=Answer(), about="your result, as a number")

    @abstractmethod
    def pose(self, draw: Random) -> Posed:
        """The question for these draws."""

    @property
    def posed(self) -> Posed:
        """This variant's question."""
        return self.pose(Random(self.variant))

    def question(self, typeset: Typeset) -> str:
        """What is asked."""
        return f'<p class="calc-question">{plain(self.posed.question)}</p>'

    def verdict(self, typeset: Typeset) -> str:
        """Whether the answer is right, and the way to it."""
        posed = self.posed
        solution = posed.solution
        shown = grouped(int(solution)) if float(solution).is_integer() else digits(solution)
        if self.answer is None:
            said = '<p class="calc-quiet">Type your answer above; it is checked as you type.</p>'
        elif posed.meets(self.answer):
            said = f'<p class="calc-right">Right: {shown}. {plain(posed.because)}</p>'
        else:
            said = f'<p class="calc-wrong">{plain(posed.remark(self.answer))}</p>'
        return f"{said}<details><summary>Solution</summary><p><b>{shown}</b>. {plain(posed.because)}</p></details>"
