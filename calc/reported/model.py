"""A model from its source: what a reader types, and the panels that answer."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any, ClassVar

from calc.demo import Demo
from calc.errors import CalcError
from calc.knob import Choice, Source, Text, Whole, knob
from calc.model_catalogue import models
from calc.panels.table import Typeset
from calc.reported.answer import answer
from calc.reported.diagram import diagram
from calc.reported.memory import OPTIMIZERS, memory
from calc.reported.rows import rows
from calc.reported.where import where

if TYPE_CHECKING:
    from calc.report import Report

ABOUT_INPUT = "shape of each input with its batch; several with semicolons between, whole numbers as int64[1, 12]"


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
    sandboxed: ClassVar[bool] = True

    source: str = knob(kind=Source(), about="the code that defines the model")
    input: str | None = knob(None, kind=Text(empty="found from the source"), about=ABOUT_INPUT)
    entry: str | None = knob(
        None, kind=Text(empty="found from the source"), about="the expression that makes the model, such as Net(10)"
    )
    framework: str = knob("torch", kind=Choice(("torch", "keras")), about="what the source is written for")
    batch_size: int | None = knob(
        None, kind=Whole(1, empty="as in input"), about="size of the first axis of every input, in place of its own"
    )
    dtype: str = knob(
        "float32",
        kind=Choice(("float32", "float16", "bfloat16", "float64")),
        about="format of the parameters and of what flows between them",
    )
    optimizer: str = knob("Adam", kind=Choice(OPTIMIZERS), about="whose state is kept while the model is trained")

    @classmethod
    def spelled_out(cls, declared: Mapping[str, Any]) -> dict[str, Any]:
        """`model = "ResNet-18"` stands for a network of the catalogue: its source, entry and inputs."""
        if "model" not in declared:
            return dict(declared)
        wanted = models().get(declared["model"])
        if wanted is None:
            raise CalcError(f"model (={declared['model']!r}) must be one of {', '.join(models())}", knob="model")
        listed = {"source": wanted.source, "entry": wanted.entry, "input": "; ".join(wanted.inputs)}
        return listed | {name: value for name, value in declared.items() if name != "model"}

    def check(self) -> None:
        super().check()
        try:
            self.report  # noqa: B018 - a model that cannot run is a wrong argument
        except CalcError as error:
            error.knob = error.knob or "source"
            raise

    @cached_property
    def report(self) -> Report:
        """The run of the model that all panels show."""
        # Most pages have no model to run, and do without what stands in for PyTorch.
        from calc.tracing import trace

        given = shapes_in(self.input or "")
        run = partial(trace, self.source, entry=self.entry, framework=self.framework, dtype=self.dtype)
        made = run(*given)
        if self.batch_size is None:
            return made
        return run(*(with_batch(each, self.batch_size) for each in made.inputs))

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
        return memory(self.report, self.optimizer)


def shapes_in(text: str) -> list[str]:
    """The inputs that a reader typed: separated by semicolons or line ends."""
    return [each.strip() for each in re.split(r"[;\n]", text) if each.strip()]


def with_batch(described: str, batch_size: int) -> str:
    """An input with another size of its first axis.

    Examples:
        >>> with_batch("1, 3, 224, 224", 8), with_batch("int64[1, 12]", 8)
        ('8, 3, 224, 224', 'int64[8, 12]')
    """
    return re.sub(r"(^|\[)\s*(\d+|None)", rf"\g<1>{batch_size}", described, count=1)
