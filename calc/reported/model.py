"""A model from its source: what a reader types, and the panels that answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

from calc.demo import Demo
from calc.errors import CalcError
from calc.knob import Choice, Source, Text, Whole, knob
from calc.panels.cost import COUNTS, UNITS, Ways
from calc.panels.table import Typeset
from calc.reported import asked
from calc.reported.answer import answer
from calc.reported.drawing.diagram import diagram
from calc.reported.examples import examples
from calc.reported.memory import OPTIMIZERS, memory
from calc.reported.rows import rows
from calc.reported.where import where
from calc.units import FLOATING

if TYPE_CHECKING:
    from calc.report import Report


@dataclass(frozen=True)
class Model(Demo):
    """Show what a model does, from its source."""

    heading: ClassVar[str] = "A model from its source"
    titles: ClassVar[Mapping[str, str]] = {
        "answer": "",
        "where": "Where it sits",
        "diagram": "Diagram",
        "rows": "Module by module",
        "memory": "Memory for training",
    }
    switches: ClassVar[Mapping[str, Ways]] = {"rows": COUNTS, "memory": UNITS}
    sandboxed: ClassVar[bool] = True

    source: str = knob(kind=Source(examples=examples), about=asked.ABOUT_SOURCE)
    input: str | None = knob(None, kind=Text(empty=asked.FOUND), about=asked.ABOUT_INPUT)
    entry: str | None = knob(None, kind=Text(empty=asked.FOUND), about=asked.ABOUT_ENTRY)
    framework: str = knob("torch", kind=Choice(asked.FRAMEWORKS), about=asked.ABOUT_FRAMEWORK)
    batch_size: int | None = knob(None, kind=Whole(1, empty=asked.AS_IN_INPUT), about=asked.ABOUT_BATCH)
    dtype: str = knob("float32", kind=Choice(FLOATING), about=asked.ABOUT_DTYPE)
    optimizer: str = knob("Adam", kind=Choice(OPTIMIZERS), about=asked.ABOUT_OPTIMIZER)

    @classmethod
    def spelled_out(cls, declared: Mapping[str, Any]) -> dict[str, Any]:
        """`model = "ResNet-18"` stands for a network of the catalogue: its source, entry and inputs."""
        return asked.listed(declared)

    def check(self) -> None:
        super().check()
        self.report  # noqa: B018 - a model that cannot run is a wrong argument

    @cached_property
    def report(self) -> Report:
        """The run of the model that all panels show."""
        return asked.report_for(self.source, self.input, self.entry, self.framework, self.batch_size, self.dtype)

    def written(self, form: str) -> str:
        """The report as text, JSON, CSV, Markdown or LaTeX."""
        return self.report.to(form)

    def answer(self, typeset: Typeset) -> str:
        """What comes out, and the totals."""
        return answer(self.report)

    def where(self, typeset: Typeset) -> str:
        """The shares of the model's parts."""
        return where(self.report)

    def diagram(self, typeset: Typeset) -> str:
        """The network, drawn."""
        return diagram(self.report)

    def rows(self, typeset: Typeset) -> str:
        """Every call, in the tree of the modules."""
        return rows(self.report)

    def memory(self, typeset: Typeset) -> str:
        """What training has to hold."""
        return memory(self.report, self.optimizer, self._one_more())

    def _one_more(self) -> Report | None:
        """The same run with one more sample; None where the inputs have no axis for it in common."""
        sizes = {asked.batch_of(each) for each in self.report.inputs}
        size = sizes.pop() if len(sizes) == 1 else None
        if size is None:
            return None
        try:
            return asked.report_for(self.source, self.input, self.entry, self.framework, size + 1, self.dtype)
        except CalcError:
            return None
