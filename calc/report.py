"""What a model did: rows in the order of the calls, and totals."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import prod
from typing import Any

from calc.errors import CalcError
from calc.report_forms import FORMS
from calc.tensor import Shape
from calc.torch.dtypes import FLOAT, NAMED
from calc.torch.held import held
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
    sums_up: bool = False
    """Whether it is a module whose own calls stand in the rows before it: its output is one of theirs."""

    new_bytes: int = 0
    """Those of the memory that it newly takes at inference: 0 of a view, and of what is written over its input."""

    new_bytes_in_training: int = 0
    """The same in training, where dropout makes new numbers."""

    learned: tuple[str, ...] = ()
    """The names of the parameters that `params` counts."""

    reused: int = 0
    """How many learned numbers it has that a row before it counts."""


@dataclass(frozen=True)
class Wire:
    """A tensor on its way from the row that made it to a row that reads it.

    `source` and `target` count the rows from 0; inputs of the model are the sources -1, -2 …, and
    what the model returns has as target the number of rows.
    """

    source: int
    target: int
    shape: tuple[int | None, ...]


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

    modules: tuple[tuple[str, str], ...] = ()
    """The path of every module and its class, those with parts included, in the order in which they are made; the
    model itself is \"\"."""

    wires: tuple[Wire, ...] = ()
    """Who reads what, in the order of the reading rows; none of a live model."""

    inputs: tuple[str, ...] = ()
    """What the model was called with: `"1, 3, 224, 224"`, `"int64[1, 128]"`."""

    dtype: str = "float32"
    """The format of the parameters, and of what flows between them."""

    notes: tuple[str, ...] = ()
    """What a reader should know of how this came about, a sentence each."""

    input_bytes: int = 0
    """Those of the inputs."""

    buffer_bytes: int = 0
    """Those of the buffers; counters among them have their own format."""

    fullest: int = 0
    """The most bytes at once, at inference, of what calls have made and a call has still to read; of a model whose
    wires are not known, 0."""

    @property
    def new_bytes(self) -> int:
        """The outputs of all calls at inference, each storage once."""
        return sum(row.new_bytes for row in self.rows)

    @property
    def new_bytes_in_training(self) -> int:
        """The outputs of all calls in training, each storage once."""
        return sum(row.new_bytes_in_training for row in self.rows)

    def to(self, form: str) -> str:
        """The report as "text", "json", "csv", "markdown" or "latex"; `CalcError` for another word."""
        if form not in FORMS:
            words = ", ".join(map(repr, FORMS))
            raise CalcError(f"form (={form!r}) must be one of {words}", knob="form", hint="try 'text'")
        return FORMS[form](self)

    def __str__(self) -> str:
        return self.to("text")


def report_of(model: Module, running: Tape, inputs: list[Tensor], output: Any, dtype: str = "float32") -> Report:
    """The report of a run; `dtype` is the format of what PyTorch would make in float32."""
    parameters = list(model.named_parameters())
    fresh = {id(each): name for name, each in parameters}
    memory = held(running.calls, [*inputs, *_kept(model)], output, lambda tensor: _width(tensor, dtype))
    new = zip(running.calls, memory.new, memory.new_in_training, strict=True)
    rows = tuple(_row(call, fresh, dtype, at_inference, in_training) for call, at_inference, in_training in new)
    return Report(
        rows,
        tuple((name, tuple(each._shape)) for name, each in parameters),
        tuple((name, tuple(each._shape)) for name, each in model.named_buffers()),
        sum(prod(each._shape) for _, each in parameters),
        sum(prod(each._shape) for _, each in parameters if each.requires_grad),
        sum(row.macs for row in rows),
        shapes(output),
        modules=tuple((path, type(module).__name__) for path, module in model.named_modules()),
        wires=tuple(_wires(running, output)),
        inputs=tuple(map(described, inputs)),
        dtype=dtype,
        input_bytes=sum(prod(each._shape) * _width(each, dtype) for each in inputs),
        buffer_bytes=sum(prod(each._shape) * _width(each, dtype) for _, each in model.named_buffers()),
        fullest=memory.fullest,
    )


def _kept(model: Module) -> Iterator[Tensor]:
    """The tensors that a model holds, registered or not."""
    for module in model.modules():
        for each in module.__dict__.values():
            if isinstance(each, (Tensor, dict, list, tuple)):
                yield from tensors_in(each)


def described(tensor: Tensor) -> str:
    """A tensor as a reader would type it: `1, 3, 224, 224`, `int64[1, 128]`."""
    sizes = ", ".join(map(str, tensor._shape))
    return sizes if tensor.dtype is FLOAT else f"{tensor.dtype.name}[{sizes}]"


def _wires(running: Tape, output: Any) -> Iterator[Wire]:
    for at, call in enumerate(running.calls):
        for each, sources in zip(call.inputs, call.sources, strict=False):
            yield from (Wire(source, at, tuple(each._shape)) for source in dict.fromkeys(sources))
    for each in tensors_in(output):
        yield from (Wire(source, len(running.calls), tuple(each._shape)) for source in dict.fromkeys(each.sources))


def _row(call: Call, fresh: dict[int, str], dtype: str, new_bytes: int, new_bytes_in_training: int) -> TraceRow:
    # Neither those of a row before it, nor those of a module that is not registered.
    own = list(call.module.parameters()) if call.module else []
    learned = [each for each in own if id(each) in fresh]
    names = tuple(fresh.pop(id(each)) for each in learned)
    return TraceRow(
        call.path,
        call.kind,
        tuple(tuple(each._shape) for each in call.inputs),
        shapes(call.output),
        sum(prod(each._shape) for each in learned),
        call.macs,
        sum(prod(each._shape) * _width(each, dtype) for each in tensors_in(call.output)),
        call.field,
        call.line,
        call.sums_up,
        new_bytes,
        new_bytes_in_training,
        learned=names,
        reused=sum(prod(each._shape) for each in own) - sum(prod(each._shape) for each in learned),
    )


def _width(tensor: Tensor, dtype: str) -> int:
    """The bytes of one number."""
    return (NAMED[dtype] if tensor.dtype is FLOAT else tensor.dtype).size


def shapes(output: Any) -> Any:
    """Tensors as shapes, in whatever they come."""
    if isinstance(output, Tensor):
        return tuple(output._shape)
    if isinstance(output, (list, tuple)):
        return tuple(shapes(each) for each in output)
    if isinstance(output, dict):
        return {name: shapes(each) for name, each in output.items()}
    return None
