"""A model's source run by the real PyTorch on its meta device: what the stand-in has to give as well."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import torch
from torch.utils.flop_counter import FlopCounterMode

from calc.tracing import tensor_of


@dataclass(frozen=True)
class Real:
    """Output, parameters, leaf modules in call order, and half the FLOPs."""

    output: Any
    parameters: dict[str, tuple[int, ...]]
    leaves: list[tuple[str, str, Any]]
    macs: int


def run(source: str, entry: str, inputs: tuple[str, ...]) -> Real:
    """Execute the source, make the model, call it."""
    scope: dict[str, Any] = {"__name__": "model"}
    leaves: list[tuple[str, str, Any]] = []
    with torch.device("meta"):
        exec(compile(source, "model.py", "exec"), scope)
        model = eval(entry, scope).eval()
        for path, module in model.named_modules():
            if not list(module.children()) or isinstance(module, torch.nn.MultiheadAttention):
                module.register_forward_hook(
                    lambda module, given, output, path=path: leaves.append(
                        (path, type(module).__name__, shapes(output))
                    )
                )
        given = [_tensor(each) for each in inputs]
        with FlopCounterMode(display=False) as counter:
            output = model(*given)
    parameters = {name: tuple(each.shape) for name, each in model.named_parameters()}
    return Real(shapes(output), parameters, leaves, counter.get_total_flops() // 2)


def _note(leaves: list[Any], path: str, module: torch.nn.Module, given: Any, output: Any) -> None:
    leaves.append((path, type(module).__name__, shapes(output)))


def _tensor(text: str) -> torch.Tensor:
    known = tensor_of(text)
    return torch.empty(tuple(known.shape), dtype=getattr(torch, known.dtype.name))


def shapes(output: Any) -> Any:
    """Tensors as shapes."""
    if isinstance(output, torch.Tensor):
        return tuple(output.shape)
    return tuple(map(shapes, output)) if isinstance(output, (tuple, list)) else None
