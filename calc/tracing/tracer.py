"""A model from its source: run on shapes alone, and reported call by call."""

from __future__ import annotations

import sys
from dataclasses import replace
from typing import Any

from calc.absent import AbsentError
from calc.errors import CalcError
from calc.knob import Extents, Unfit
from calc.report import Report, report_of
from calc.torch import tape
from calc.torch.dtypes import FLOAT, NAMED
from calc.torch.modules import Module
from calc.torch.sights import at_start
from calc.torch.tensor import Tensor, tensors_in
from calc.tracing.entry_found import entry_of
from calc.tracing.inputs_found import Inputs, inputs_of
from calc.tracing.live_model import is_live, report_of_live
from calc.tracing.located import TraceError, located
from calc.tracing.looked_over import kept_tensors, looked_over, refuse_arguments, returns_nothing
from calc.tracing.pasted import run
from calc.units import FLOATING


def trace(
    source: Any,
    *inputs: Any,
    entry: str | None = None,
    framework: str = "torch",
    training: bool = False,
    dtype: str = "float32",
) -> Report:
    """Run a model's source on shapes and report what it does.

    The source may be as it was pasted: a whole script, a notebook's cell, a session with its
    prompts, Markdown with fences. What needs data, pictures or other packages is left out where
    no number can rest on it; what was left out, and all else that a reader should know, is in
    the report's `notes`.

    An input is a shape, or text such as `"int64[12, 4]"`. Without any, it is found in the source,
    from a call of the model or a shape given to a summary, or else tried from the first layers.
    `entry` is the expression that makes the model, such as `"Net(num_classes=10)"`; without it
    the model is what the source assigns, calls or makes, and is no part of another. Nothing but
    shapes is worked out: no weights are made, and a network of any size takes a moment.

    Where PyTorch is installed, a live `nn.Module` may stand in place of the source. With
    `framework="keras"` the source is Keras's, Sequential or functional, and the report has
    a `summary`, which is what `model.summary()` prints.

    `dtype` is the format of what would be float32: "float16" halves the bytes of activations.

    The source is run as Python code: give this function only source that you would run.

    Raises `TraceError` with the line, the path of the module where the model cannot run and the
    line where that is made; its `knob` is "input" or "entry" where one of these is asked for.

    Examples:
        >>> report = trace("from torch import nn\\nmodel = nn.Linear(3, 5)", (2, 3))
        >>> report.output_shape, report.params, report.macs
        ((2, 5), 20, 30)
    """
    if framework not in ("torch", "keras"):
        raise CalcError(f"framework (={framework!r}) must be 'torch' or 'keras'", knob="framework", hint="try 'torch'")
    if dtype not in FLOATING:
        words = ", ".join(map(repr, FLOATING))
        raise CalcError(f"dtype (={dtype!r}) must be one of {words}", knob="dtype", hint="try 'float32'")
    if is_live(source):
        return report_of_live(source, [tensor_of(each) for each in inputs], training=training)
    running = tape.start()
    try:
        if framework == "keras":
            # A model of PyTorch does without.
            from calc.keras_model.graph import restart
            from calc.keras_model.report import model_in, report_of_keras

            restart()
            found = run(source)
            model = model_in(found, entry)
            report = report_of_keras(model, [tensor_of(each).shape for each in inputs], dtype)
            return replace(report, notes=(*report.notes, *found.notes))
        found = run(source, given=bool(inputs))
        module, chosen = entry_of(found, entry)
        _set_training(module, training)
        running.paths.update({id(part): path for path, part in module.named_modules()})
        given = Inputs(tuple(map(tensor_of, inputs)))

        def called(with_them: Inputs) -> Any:
            return _called(module, with_them, running)

        given, output = (given, called(given)) if inputs else inputs_of(module, called)
    except (TraceError, KeyboardInterrupt, MemoryError):
        raise
    except Exception as error:
        raise located(error, running) from error
    notes = tuple(filter(None, (chosen, given.note, *looked_over(module, running), *found.notes)))
    return replace(report_of(module, running, list(given.tensors), output, dtype), notes=notes)


def _set_training(model: Module, training: bool) -> None:
    """For training or for use; a `train` of the reader's own may be something else altogether."""
    try:
        model.train(training)
    except TypeError:
        Module.train(model, training)


def _called(model: Module, given: Inputs, running: tape.Tape) -> Any:
    """What the model answers; the tape holds this call alone."""
    running.restart()
    running.most_asked = sys.maxsize
    for held in kept_tensors(model):
        # Made before, by calls that are on the tape no more.
        held.sources = ()
    for at, each in enumerate(given.tensors):
        at_start(each).sources = (-1 - at,)
    refuse_arguments(model, given)
    AbsentError.latest = None
    answer = model(*given.args, **given.kwargs)
    if AbsentError.latest is not None:
        raise AbsentError.latest
    if answer is None:
        raise returns_nothing(model)
    for each in {id(one): one for one in tensors_in(answer)}.values():
        each.sources = running.sources(each)
    return answer


def tensor_of(given: Any) -> Tensor:
    """An input as it is described: a shape, `"int64[12, 4]"`, or `{"shape", "dtype"}`."""
    dtype = FLOAT
    if isinstance(given, dict):
        dtype, given = NAMED[given.get("dtype", "float32")], given["shape"]
    elif isinstance(given, str):
        name, bracket, rest = given.partition("[")
        if bracket and name.strip():
            if name.strip() not in NAMED:
                raise CalcError(
                    f"input (={given!r}) must name a kind of numbers", knob="input", hint="write int64[12, 4]"
                )
            dtype, given = NAMED[name.strip()], rest.rstrip("] ")
        try:
            given = Extents().parse(given) if given.strip() else ()
        except Unfit as unfit:
            raise CalcError(f"input (={given!r}) {unfit.rule}", knob="input", hint=unfit.hint) from None
    return Tensor(given, dtype)
