"""A live `nn.Module`, where PyTorch is installed: the same report as from source.

Functions that a model calls by itself are in the totals and have no row. The model is
copied to PyTorch's meta device, where tensors have shapes and no numbers, and called there.
"""

from __future__ import annotations

import copy
import importlib
import sys
from math import prod
from typing import Any

from calc.report import Report, TraceRow, described
from calc.torch.tensor import Tensor


def is_live(model: object) -> bool:
    """Whether this is a module of an installed PyTorch."""
    torch = sys.modules.get("torch")
    return torch is not None and isinstance(model, torch.nn.Module)


def report_of_live(model: Any, given: list[Tensor], *, training: bool) -> Report:
    """Rows for each module without parts, in call order; totals of the whole.

    Multiply-adds are half of what PyTorch's `FlopCounterMode` counts.
    """
    torch: Any = sys.modules["torch"]
    counter = importlib.import_module("torch.utils.flop_counter").FlopCounterMode(display=False)
    copied = copy.deepcopy(model).to("meta").train(training)
    inputs = [torch.empty(tuple(each.shape), dtype=getattr(torch, each.dtype.name), device="meta") for each in given]
    calls: list[tuple[str, Any, Any, Any, int]] = []
    begun: dict[str, int] = {}

    def watch(path: str, module: Any) -> None:
        def before(module: Any, arguments: Any) -> None:
            begun[path] = counter.get_total_flops()

        def after(module: Any, arguments: Any, output: Any) -> None:
            calls.append((path, module, arguments, output, (counter.get_total_flops() - begun[path]) // 2))

        module.register_forward_pre_hook(before)
        module.register_forward_hook(after)

    for path, module in copied.named_modules():
        if not list(module.children()) or isinstance(module, torch.nn.MultiheadAttention):
            watch(path, module)
    with counter:
        output = copied(*inputs)
    parameters = [(name, tuple(each.shape)) for name, each in copied.named_parameters()]
    there = [*inputs, *copied.parameters(), *copied.buffers()]
    return Report(
        tuple(_rows(calls, there, {id(each): name for name, each in copied.named_parameters()}, torch)),
        tuple(parameters),
        tuple((name, tuple(each.shape)) for name, each in copied.named_buffers()),
        sum(prod(shape) for _, shape in parameters),
        sum(each.numel() for each in copied.parameters() if each.requires_grad),
        counter.get_total_flops() // 2,
        _shapes(output, torch),
        modules=tuple((path, type(module).__name__) for path, module in copied.named_modules()),
        inputs=tuple(map(described, given)),
        input_bytes=sum(each.numel() * each.element_size() for each in inputs),
        buffer_bytes=sum(each.numel() * each.element_size() for each in copied.buffers()),
    )


def _storage(tensor: Any) -> int:
    found: int = tensor.untyped_storage()._cdata
    return found


def _rows(
    calls: list[tuple[str, Any, Any, Any, int]], before: list[Any], names: dict[int, str], torch: Any
) -> list[TraceRow]:
    rows: list[TraceRow] = []
    counted: set[int] = set()
    # Two tensors in one storage take its memory once.
    storages = {_storage(each) for each in before}
    for path, module, arguments, output, macs in calls:
        fresh = {_storage(each): each.untyped_storage().nbytes() for each in _tensors(output, torch)}
        new = sum(size for storage, size in fresh.items() if storage not in storages)
        storages |= set(fresh)
        learned = [each for each in module.parameters() if id(each) not in counted]
        counted |= {id(each) for each in learned}
        rows.append(
            TraceRow(
                path,
                type(module).__name__,
                tuple(tuple(each.shape) for each in _tensors(arguments, torch)),
                _shapes(output, torch),
                sum(each.numel() for each in learned),
                macs,
                sum(each.numel() * each.element_size() for each in _tensors(output, torch)),
                None,
                0,
                new_bytes=new,
                new_bytes_in_training=new,
                learned=tuple(names[id(each)] for each in learned),
                reused=sum(each.numel() for each in module.parameters()) - sum(each.numel() for each in learned),
            )
        )
    return rows


def _tensors(value: Any, torch: Any) -> list[Any]:
    if isinstance(value, torch.Tensor):
        return [value]
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, (list, tuple)) else ()
    return [found for each in inner for found in _tensors(each, torch)]


def _shapes(value: Any, torch: Any) -> Any:
    if isinstance(value, torch.Tensor):
        return tuple(value.shape)
    if isinstance(value, dict):
        return {name: _shapes(each, torch) for name, each in value.items()}
    return tuple(_shapes(each, torch) for each in value) if isinstance(value, (list, tuple)) else None
