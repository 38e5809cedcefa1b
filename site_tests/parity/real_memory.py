"""The memory that a model's calls take in the real PyTorch: storages of outputs, and what autograd saves."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import torch
from torch.overrides import TorchFunctionMode

from calc.tracing import tensor_of


@dataclass
class Met:
    """Storages in the order in which calls make them, kept alive so that none stands in for another."""

    storages: dict[int, Any] = field(default_factory=dict)
    new: list[int] = field(default_factory=list)
    reads: list[tuple[list[int], list[int]]] = field(default_factory=list)
    """For each call the storages that it reads, and those of its results."""

    def known(self, tensors: list[torch.Tensor]) -> None:
        """Tensors that no call makes."""
        for each in tensors:
            self.storages.setdefault(key(each), each.untyped_storage())

    def call(self, inputs: Any, output: Any) -> None:
        """Note the storages of a call's results; those that were not met before are new."""
        read, made = tensors_in(inputs), tensors_in(output)
        if not made:
            return
        fresh = {key(each): each.untyped_storage() for each in made if key(each) not in self.storages}
        self.storages |= fresh
        self.new.append(sum(each.nbytes() for each in fresh.values()))
        self.reads.append(([key(each) for each in read], [key(each) for each in made]))


class Watch(TorchFunctionMode):
    """Notes the functions that the model's own code calls; those within PyTorch's layers belong to the layer."""

    def __init__(self, met: Met) -> None:
        super().__init__()
        self.met = met
        self.inside = 0

    def __torch_function__(self, function: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        with self.within():
            output = function(*args, **(kwargs or {}))
        if not self.inside:
            self.met.call((args, kwargs), output)
        return output

    @contextmanager
    def within(self) -> Iterator[None]:
        """A call whose own calls are not noted."""
        self.inside += 1
        try:
            yield
        finally:
            self.inside -= 1

    def enter(self, module: Any, given: Any, kwargs: Any) -> None:
        """A layer begins."""
        self.inside += 1

    def leave(self, module: Any, given: Any, kwargs: Any, output: Any) -> None:
        """A layer is done."""
        self.inside -= 1
        if not self.inside:
            self.met.call((given, kwargs), output)


def model_of(source: str, entry: str, *, training: bool, device: str) -> torch.nn.Module:
    """The model that a source makes."""
    # Dataclasses look for the module that they stand in.
    scope: dict[str, Any] = {"__name__": __name__}
    with torch.device(device):
        exec(compile(source, "model.py", "exec"), scope)
        model: torch.nn.Module = eval(entry, scope).train(training)
    return model


def outputs_of(source: str, entry: str, inputs: tuple[Any, ...], *, training: bool) -> tuple[list[int], int]:
    """The bytes that each call newly takes, without those that take none; and the most that is still read at once."""
    model = model_of(source, entry, training=training, device="meta")
    met = Met()
    watch = Watch(met)
    for module in model.modules():
        own = type(module).__module__.startswith("torch.nn.modules")
        if own and (not list(module.children()) or isinstance(module, torch.nn.MultiheadAttention)):
            module.register_forward_pre_hook(watch.enter, with_kwargs=True)
            module.register_forward_hook(watch.leave, with_kwargs=True)
    given = [tensor(each, "meta") for each in inputs]
    met.known([*given, *model.parameters(), *model.buffers()])
    before = set(met.storages)
    with torch.device("meta"), watch:
        output = model(*given)
    return [size for size in met.new if size], fullest(met, before, tensors_in(output))


def fullest(met: Met, before: set[int], output: list[torch.Tensor]) -> int:
    """The largest sum of the storages that are made and that this call or a later one reads, call by call."""
    made: dict[int, int] = {}
    last: dict[int, int] = {}
    for at, (read, given) in enumerate(met.reads):
        for each in (*read, *given):
            if each not in before:
                made.setdefault(each, at)
                last[each] = at
    last |= {key(each): len(met.reads) for each in output if key(each) in made}
    return max(
        sum(met.storages[each].nbytes() for each in made if made[each] <= at <= last[each])
        for at in range(len(met.reads) + 1)
    )


def saved_of(source: str, entry: str, inputs: tuple[Any, ...]) -> int:
    """The bytes that autograd saves in one training step's forward pass, parameters and inputs apart."""
    model = model_of(source, entry, training=True, device="cpu")
    given = [tensor(each, "cpu") for each in inputs]
    known = {key(each) for each in (*given, *model.parameters(), *model.buffers())}
    saved: dict[int, Any] = {}

    def pack(each: torch.Tensor) -> torch.Tensor:
        if key(each) not in known:
            saved[key(each)] = each.untyped_storage()
        return each

    with torch.autograd.graph.saved_tensors_hooks(pack, lambda each: each):
        model(*given)
    return sum(each.nbytes() for each in saved.values())


def tensor(described: Any, device: str) -> torch.Tensor:
    """An input as `calc.trace` takes it."""
    known = tensor_of(described)
    dtype = getattr(torch, known.dtype.name)
    return torch.zeros(tuple(known.shape), dtype=dtype, device=device)


def key(each: torch.Tensor) -> int:
    """What tells storages apart while they are alive."""
    found: int = each.untyped_storage()._cdata
    return found


def tensors_in(value: Any) -> list[torch.Tensor]:
    """The tensors in nested sequences and dictionaries."""
    if isinstance(value, torch.Tensor):
        return [value]
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, (tuple, list)) else ()
    return [found for each in inner for found in tensors_in(each)]
