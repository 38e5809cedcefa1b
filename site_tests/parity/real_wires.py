"""Who reads whom in a model, as the real PyTorch runs it; and the same of a report.

Both are looked at from module to module: a module without parts is one step, whatever functions
stand between two of them hand on where their tensors come from. So a lost wire shows up as a
module that no longer reads another one.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from itertools import chain
from typing import Any

import torch
from torch.overrides import TorchFunctionMode

from calc.report import Report
from calc.tracing import tensor_of

Origins = frozenset[int]
"""The modules' calls that something comes from, counted from 0; inputs count down from -1."""

Reads = list[tuple[str, tuple[int, ...], Origins]]
"""Each module that was called, in order, with what it reads, as often as it does, and with what of it reaches its
output. At the end what the model returns, under ""."""


def real_wires(source: str, entry: str, inputs: tuple[Any, ...], device: str = "meta") -> Reads:
    """Run a model's source by PyTorch and follow each tensor."""
    scope: dict[str, Any] = {"__name__": "model"}
    with torch.device(device), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        exec(compile(source, "model.py", "exec"), scope)
        model = eval(entry, scope).eval()
        given = [_tensor(each) for each in inputs]
        for at, each in enumerate(given):
            each.origins = frozenset([-1 - at])  # type: ignore[attr-defined]
        reads: Reads = []
        for path, module in model.named_modules():
            if not list(module.children()) or isinstance(module, torch.nn.MultiheadAttention):
                module.register_forward_hook(_hook(path, reads), with_kwargs=True)
                module.register_forward_pre_hook(_before, with_kwargs=True)
        with Followed():
            output = model(*given)
    return [*reads, ("", each_origin(output), origins_of(output))]


def _before(module: torch.nn.Module, args: Any, kwargs: Any) -> None:
    # What is written in place has another origin afterwards.
    module.read = each_origin((args, kwargs))  # type: ignore[assignment]


def _hook(path: str, reads: Reads) -> Callable[..., Any]:
    def after(module: torch.nn.Module, args: Any, kwargs: Any, output: Any) -> Any:
        read: tuple[int, ...] = module.read  # type: ignore[assignment]
        # PyTorch's own modules are one step; those that a reader wrote are made of functions.
        if type(module).__module__.startswith("torch."):
            reads.append((path, read, frozenset(read)))
        else:
            reads.append((path, tuple(sorted(set(read))), origins_of(output)))
        own = frozenset([len(reads) - 1])
        given = {id(each) for each in tensors_in((args, kwargs))}
        in_place = getattr(module, "inplace", False)

        def marked(tensor: torch.Tensor) -> torch.Tensor:
            # A dropout that is off hands back what it got, which others may go on reading as it was.
            made = tensor.view_as(tensor) if id(tensor) in given and not in_place else tensor
            made.origins = own  # type: ignore[attr-defined]
            return made

        return mapped(marked, output)

    return after


class Followed(TorchFunctionMode):
    """Each function's results come from where its arguments come from."""

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        output = func(*args, **(kwargs or {}))
        name = getattr(func, "__name__", "")
        if name == "__get__" or name in ("__set__", "size", "dim"):
            # An attribute: a shape, a place, or the tensor turned round.
            for each in tensors_in(output):
                each.origins = origins_of(args)  # type: ignore[attr-defined]
            return output
        read = origins_of((args, kwargs))
        in_place = name == "__setitem__" or (name.endswith("_") and not name.endswith("__"))
        changed = [args[0]] if in_place and isinstance(args[0], torch.Tensor) else []
        for each in (*tensors_in(output), *changed):
            each.origins = read  # type: ignore[attr-defined]
        return output


def origins_of(value: Any) -> Origins:
    """Where tensors come from, all together."""
    return frozenset().union(*(getattr(each, "origins", ()) for each in tensors_in(value)))


def each_origin(value: Any) -> tuple[int, ...]:
    """The same, tensor by tensor: what comes in twice is there twice."""
    return tuple(sorted(origin for each in tensors_in(value) for origin in getattr(each, "origins", ())))


def tensors_in(value: Any) -> Iterator[torch.Tensor]:
    """The tensors in sequences and dictionaries."""
    if isinstance(value, torch.Tensor):
        yield value
    elif isinstance(value, (list, tuple)):
        for each in value:
            yield from tensors_in(each)
    elif isinstance(value, dict):
        yield from tensors_in(list(value.values()))


def mapped(function: Callable[[torch.Tensor], torch.Tensor], value: Any) -> Any:
    """A function of each tensor in sequences and dictionaries."""
    if isinstance(value, torch.Tensor):
        return function(value)
    if isinstance(value, (list, tuple)) and not hasattr(value, "_fields"):
        return type(value)(mapped(function, each) for each in value)
    return {name: mapped(function, each) for name, each in value.items()} if isinstance(value, dict) else value


def _tensor(given: Any) -> torch.Tensor:
    known = tensor_of(given)
    return torch.zeros(tuple(known.shape), dtype=getattr(torch, known.dtype.name))


def reported_wires(report: Report) -> Reads:
    """The same from a report's wires."""
    rows = report.rows
    modules = [at for at, row in enumerate(rows) if not row.kind.startswith(("torch.", "F.", "Tensor."))]
    number = {at: place for place, at in enumerate(modules)}
    # The functions that a module without parts calls are that module's.
    owner: dict[int, int] = {}
    for at in modules:
        if rows[at].sums_up:
            inner = at - 1
            while inner >= 0 and inner not in number and inner not in owner and rows[inner].path == rows[at].path:
                owner[inner] = at
                inner -= 1
    origins: dict[int, Origins] = {}
    inner: dict[int, Origins] = {}
    read: dict[int, tuple[int, ...]] = {}
    reaches: dict[int, Origins] = {}
    wires: dict[int, list[int]] = {}
    for wire in report.wires:
        wires.setdefault(wire.target, []).append(wire.source)
    for at in range(len(rows) + 1):
        brought = [origins[each] if each >= 0 else {each} for each in wires.get(at, ())]
        found: Origins = frozenset().union(*brought)
        origins[at] = found
        for each in wires.get(at, ()):
            if each in owner and owner.get(at) != owner[each]:
                reaches[owner[each]] = reaches.get(owner[each], frozenset()) | inner[each]
        if at in owner:
            step = number[owner[at]]
            within = (inner[each] for each in wires.get(at, ()) if owner.get(each) == owner[at])
            inner[at] = frozenset().union(found - {step}, *within)
            read[owner[at]] = tuple(sorted({*read.get(owner[at], ()), *found} - {step}))
            origins[at] = frozenset([step])
        elif at in number:
            read[at] = read.get(at, ()) if rows[at].sums_up else tuple(sorted(chain(*brought)))
            reaches[at] = reaches.get(at, frozenset()) if rows[at].sums_up else found
            origins[at] = frozenset([number[at]])
    out = tuple(sorted(chain(*brought)))
    return [*((rows[at].path, read[at], reaches[at]) for at in modules), ("", out, frozenset(out))]


def constant(report: Report) -> set[int]:
    """The rows that no input reaches: `torch.arange` and what is made of it."""
    found = set(range(len(report.rows)))
    for wire in report.wires:
        if wire.source < 0 or wire.source not in found:
            found.discard(wire.target)
    return found
