"""What a colleague would remark on a model that runs: parts that are not registered, not called or not trained."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from math import prod

from calc.errors import CalcError
from calc.torch.modules import Module
from calc.torch.tape import Tape
from calc.torch.tensor import Tensor
from calc.tracing.inputs_found import Inputs
from calc.tracing.inputs_guessed import forward_names
from calc.tracing.located import TraceError
from calc.tracing.pasted import listed


def kept_tensors(model: Module) -> Iterator[Tensor]:
    """Tensors that a model and its parts hold, learned ones left out."""
    for module in model.modules():
        yield from (each for each in module._buffers.values() if each is not None)
        yield from (each for each in module.__dict__.values() if isinstance(each, Tensor))


def refuse_arguments(model: Module, given: Inputs) -> None:
    """An error where `forward` takes more or fewer arguments than there are inputs."""
    if type(model).__module__ != "model" or type(model).forward is Module.forward:
        return
    try:
        inspect.signature(model.forward).bind(*given.args, **given.kwargs)
    except TypeError:
        names = forward_names(model)
        count = len(given.args) + len(given.kwargs)
        inputs = f"{count} input{'s' if count != 1 else ''}"
        missing = names[count:]
        hint = f"give an input for {listed(missing)}, too" if missing else f"give {len(names)}"
        raise CalcError(
            f"{type(model).__name__}.forward takes {listed(names) or 'nothing'}, and got {inputs}",
            knob="input",
            hint=hint,
        ) from None


def returns_nothing(model: Module) -> CalcError:
    """A `forward` without `return`."""
    code = getattr(type(model).forward, "__code__", None)
    line = getattr(code, "co_firstlineno", 0)
    return TraceError(f"{type(model).__name__}.forward returns nothing", hint="end it with return", line=line)


def looked_over(model: Module, running: Tape) -> Iterator[str]:
    """A sentence for each thing that runs and is hardly meant."""
    yield from _unregistered(model)
    yield from _uncalled(model, running)
    yield from _frozen(model)


def _unregistered(model: Module) -> Iterator[str]:
    registered = {id(each) for each in model.modules()}
    for path, module in model.named_modules():
        for name, value in module.__dict__.items():
            if name.startswith("_") or not isinstance(value, (list, tuple, dict)):
                continue
            held = [each for each in (value.values() if isinstance(value, dict) else value) if isinstance(each, Module)]
            lost = [each for each in held if id(each) not in registered and next(each.parameters(), None) is not None]
            if lost:
                word = "dictionary" if isinstance(value, dict) else type(value).__name__
                kind = "nn.ModuleDict" if isinstance(value, dict) else "nn.ModuleList"
                own = f"{path}.{name}" if path else f"self.{name}"
                line = lost[0].__dict__.get("_made_line", 0)
                where = f", line {line}" if line else ""
                yield (
                    f"The layers in a plain {word} ({own}{where}) have no parameters in PyTorch's eyes: "
                    f"they are not counted and not trained; use {kind}."
                )


def _uncalled(model: Module, running: Tape) -> Iterator[str]:
    called = {id(part) for call in running.calls if call.module is not None for part in call.module.modules()}
    read = {id(each) for call in running.calls for each in call.inputs}
    # A tied tensor is at work in whichever module has it.
    read |= {id(each) for call in running.calls if call.module is not None for each in call.module.parameters()}
    idle = [
        (path, module)
        for path, module in model.named_modules()
        if id(module) not in called
        and any(each is not None for each in module._parameters.values())
        and not any(id(each) in read for each in module._parameters.values())
    ]
    if not idle or len(idle) == len([each for each in model.modules() if each._parameters]):
        return
    names = [f"{path} (line {line})" if (line := each.__dict__.get("_made_line")) else path for path, each in idle]
    shown = names if len(names) <= 4 else [*names[:3], f"{len(names) - 3} more"]
    count = sum(prod(each._shape) for _, module in idle for each in module._parameters.values() if each is not None)
    yield f"Made and not used in this run: {listed(shown)}, with {count:,} parameters."


def _frozen(model: Module) -> Iterator[str]:
    parameters = list(model.parameters())
    fixed = sum(prod(each._shape) for each in parameters if not each.requires_grad)
    whole = sum(prod(each._shape) for each in parameters)
    if fixed == whole and whole:
        yield "No parameter is trained: all have requires_grad=False."
    elif fixed:
        yield f"{whole - fixed:,} of {whole:,} parameters are trained: the others have requires_grad=False."
