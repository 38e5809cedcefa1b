"""Two models side by side, or two variants of one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

from calc.demo import Demo
from calc.errors import CalcError
from calc.knob import Choice, Source, Text, Whole, knob
from calc.markup import plain
from calc.panels.table import Typeset
from calc.reported import asked
from calc.reported.compared.changes import changes
from calc.reported.compared.totals import totals
from calc.reported.compared.where import where
from calc.reported.drawing.diagram import diagram
from calc.reported.examples import examples
from calc.reported.memory import OPTIMIZERS
from calc.units import FLOATING

if TYPE_CHECKING:
    from calc.report import Report


@dataclass(frozen=True, kw_only=True)
class TwoModels(Demo):
    """Show two models beside each other, from their sources."""

    heading: ClassVar[str] = "Two models side by side"
    titles: ClassVar[Mapping[str, str]] = {
        "answer": "",
        "where": "Where the difference sits",
        "changes": "What was changed",
        "diagrams": "Diagrams",
    }
    sandboxed: ClassVar[bool] = True

    source: str = knob(kind=Source(examples=examples), about=f"{asked.ABOUT_SOURCE} A")
    input: str | None = knob(None, kind=Text(empty=asked.FOUND), about=f"of A: {asked.ABOUT_INPUT}")
    entry: str | None = knob(None, kind=Text(empty=asked.FOUND), about=f"of A: {asked.ABOUT_ENTRY}")
    source_b: str = knob(kind=Source(examples=examples), about=f"{asked.ABOUT_SOURCE} B")
    input_b: str | None = knob(None, kind=Text(empty=asked.FOUND), about=f"of B: {asked.ABOUT_INPUT}")
    entry_b: str | None = knob(None, kind=Text(empty=asked.FOUND), about=f"of B: {asked.ABOUT_ENTRY}")
    framework: str = knob("torch", kind=Choice(asked.FRAMEWORKS), about="what both sources are written for")
    batch_size: int | None = knob(None, kind=Whole(1, empty=asked.AS_IN_INPUT), about=asked.ABOUT_BATCH)
    dtype: str = knob("float32", kind=Choice(FLOATING), about=asked.ABOUT_DTYPE)
    optimizer: str = knob("Adam", kind=Choice(OPTIMIZERS), about=asked.ABOUT_OPTIMIZER)

    @classmethod
    def spelled_out(cls, declared: Mapping[str, Any]) -> dict[str, Any]:
        """`model = "ResNet-50"` and `model_b = "ConvNeXt-T"` stand for networks of the catalogue."""
        return asked.listed(asked.listed(declared), "_b")

    def check(self) -> None:
        super().check()
        self.reports  # noqa: B018 - a model that cannot run is a wrong argument

    @cached_property
    def reports(self) -> tuple[Report, Report]:
        """The runs of both."""
        shared = (self.framework, self.batch_size, self.dtype)
        first = asked.report_for(self.source, self.input, self.entry, *shared)
        try:
            return first, asked.report_for(self.source_b, self.input_b, self.entry_b, *shared)
        except CalcError as error:
            error.knob = f"{error.knob}_b"
            raise

    def answer(self, typeset: Typeset) -> str:
        """Both in figures."""
        return totals(*self.reports, self.optimizer)

    def where(self, typeset: Typeset) -> str:
        """The parts of both, on one scale."""
        return where(*self.reports)

    def changes(self, typeset: Typeset) -> str:
        """What differs, module by module."""
        return changes(*self.reports)

    def diagrams(self, typeset: Typeset) -> str:
        """Both networks, drawn."""
        return "".join(
            f"<details><summary>{letter}: {plain(report.modules[0][1] if report.modules else 'the model')}</summary>"
            f"{diagram(report)}</details>"
            for letter, report in zip("AB", self.reports, strict=True)
        )
