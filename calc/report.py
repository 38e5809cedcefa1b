"""What a model did: rows in the order of the calls, and totals."""

from __future__ import annotations

from dataclasses import dataclass
from math import prod
from typing import Any

from calc.errors import CalcError
from calc.report_forms import FORMS
from calc.tensor import Shape
from calc.torch.modules import Module
from calc.torch.tape import Call, Tape
from calc.torch.tensor import Tensor, tensors_in


@dataclass(frozen=True)
class TraceRow:
    """One call: of a module without parts, or of a function.

    `params` counts the learned numbers that no row before it has; `activation_bytes`
    are those of the output. `receptive_field` is how many cells of the input one place
    sees along each axis; None where it sees all of them, or has no place.
    """

    path: str
    kind: str
    input_shapes: tuple[tuple[int | None, ...], ...]
    output_shape: Any
    params: int
    macs: int
    activation_bytes: int
    receptive_field: tuple[int, ...] | None
    line: int


@dataclass(frozen=True)
class Report:
    """A model at work on given shapes."""

    rows: tuple[TraceRow, ...]
    parameters: tuple[tuple[str, Shape], ...]
    buffers: tuple[tuple[str, Shape], ...]
    params: int
    trainable: int
    macs: int
    output_shape: Any
    summary: str = ""
    """What `model.summary()` prints, of a Keras model."""

    def to(self, form: str) -> str:
        """The report as "text", "json", "csv", "markdown" or "latex"; `CalcError` for another word."""
        if form not in FORMS:
            words = ", ".join(map(repr, FORMS))
            raise CalcError(f"form (={form!r}) must be one of {words}", knob="form", hint="try 'text'")
        return FORMS[form](self)

    def __str__(self) -> str:
        return self.to("text")


def report_of(model: Module, running: Tape, inputs: list[Tensor], output: Any) -> Report:
    """The report of a run."""
    counted: set[int] = set()
    rows = tuple(_row(call, counted) for call in running.calls)
    parameters = list(model.named_parameters())
    return Report(
        rows,
        tuple((name, tuple(each._shape)) for name, each in parameters),
        tuple((name, tuple(each._shape)) for name, each in model.named_buffers()),
        sum(prod(each._shape) for _, each in parameters),
        sum(prod(each._shape) for _, each in parameters if each.requires_grad),
        sum(row.macs for row in rows),
        shapes(output),
    )


def _row(call: Call, counted: set[int]) -> TraceRow:
    learned = [each for each in call.module.parameters() if id(each) not in counted] if call.module else []
    counted |= {id(each) for each in learned}
    return TraceRow(
        call.path,
        call.kind,
        tuple(tuple(each._shape) for each in call.inputs),
        shapes(call.output),
        sum(prod(each._shape) for each in learned),
        call.macs,
        sum(prod(each._shape) * each.dtype.size for each in tensors_in(call.output)),
        call.field,
        call.line,
    )


def shapes(output: Any) -> Any:
    """Tensors as shapes, in whatever they come."""
    if isinstance(output, Tensor):
        return tuple(output._shape)
    if isinstance(output, (list, tuple)):
        return tuple(shapes(each) for each in output)
    if isinstance(output, dict):
        return {name: shapes(each) for name, each in output.items()}
    return None
