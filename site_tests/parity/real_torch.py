"""The real PyTorch's answer to a configuration."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import torch
from torch import nn
from torch.utils.flop_counter import FlopCounterMode

from calc.knob import Nested, knobs
from calc.layers import LAYERS
from calc.tensor import Port
from site_tests.parity.agreement import Answer, inputs_of
from site_tests.parity.configs import Case

torch.set_num_threads(1)

COUNTED = ("Conv", "Linear", "MultiheadAttention", "Transformer", "RNN", "LSTM", "GRU")
"""How the names of layers begin whose products PyTorch's own counter counts, all of them."""

REFUSALS = (
    RuntimeError,
    ValueError,
    TypeError,
    IndexError,
    AssertionError,
    NotImplementedError,  # what PyTorch raises for a number of axes that a padding or an upsampling cannot take
    AttributeError,
    ZeroDivisionError,
)
"""What PyTorch raises for arguments that it does not take; which of them is of no concern here."""


def torch_answer(case: Case, *, device: str = "cpu", count: bool = True) -> Answer:
    """What PyTorch makes of a configuration.

    On the CPU its refusals are those that people meet; the meta device accepts more,
    so it is for shapes of tensors that are too large to compute.
    """
    with warnings.catch_warnings(), torch.no_grad(), torch.device(device):
        warnings.simplefilter("ignore")  # PyTorch warns of empty tensors and of uneven 'same' padding
        try:
            module = built(case.layer, case.arguments)
        except REFUSALS as error:
            return Answer("construct", message=str(error))
        weights = tuple((name, tuple(each.shape)) for name, each in module.named_parameters())
        buffers = tuple((name, tuple(each.shape)) for name, each in module.named_buffers())
        module.train(case.training)
        try:
            out = module(*tensors_of(case), **call_of(case))
        except REFUSALS as error:
            return Answer("forward", weights, buffers=buffers, message=str(error))
    outputs = tuple(None if each is None else tuple(each.shape) for each in flat(out))
    # The meta device refuses an output without cells, which the CPU gives.
    countable = count and 0 not in (outputs[0] or ())[1:]
    return Answer("", weights, outputs, counted_macs(case) if countable else None, buffers)


def built(name: str, arguments: dict[str, Any]) -> nn.Module:
    """A layer; the arguments of a layer within it make that layer first."""
    nested = {each.name: each.kind for each in knobs(LAYERS[name]) if isinstance(each.kind, Nested)}
    inner = {
        key: built(nested[key].classes[0].__name__, value)
        for key, value in arguments.items()
        if key in nested and isinstance(value, dict)
    }
    module: nn.Module = getattr(nn, name)(**{**arguments, **inner})
    return module


def flat(out: Any) -> Iterator[Any]:
    """The tensors of an answer in order, those of an inner tuple included."""
    for each in out if isinstance(out, tuple) else (out,):
        if isinstance(each, tuple):
            yield from flat(each)
        else:
            yield each


def tensors_of(case: Case) -> list[Any]:
    """The required inputs, in the order of the call."""
    given = inputs_of(case)
    return [tensor(port, given[port.name]) for port in LAYERS[case.layer].required_inputs() if port.name in given]


def call_of(case: Case) -> dict[str, Any]:
    """The call's other arguments; what is a tensor's shape becomes a tensor."""
    ports = {port.name: port for port in LAYERS[case.layer].inputs if port.optional}
    optional = {name: value for name, value in inputs_of(case).items() if name in ports}
    return {
        name: tensor(ports[name], value) if name in ports and value is not None else value
        for name, value in {**optional, **case.call}.items()
    }


def tensor(port: Port, shape: Any) -> Any:
    """Zeros of a shape, of the kind that the input holds; a pair of shapes gives a pair."""
    if port.many or (shape and isinstance(shape[0], (tuple, list))):
        return tuple(tensor(replace(port, many=False), each) for each in shape)
    return torch.zeros(shape, dtype={"int": torch.long, "bool": torch.bool}.get(port.dtype))


def counted_macs(case: Case) -> int | None:
    """Half of what PyTorch's own counter says on the meta device; it counts only matrix products and convolutions."""
    if not case.layer.startswith(COUNTED) or case.call:
        return None
    with warnings.catch_warnings(), torch.no_grad(), torch.device("meta"):
        warnings.simplefilter("ignore")
        module, inputs = built(case.layer, case.arguments), tensors_of(case)
        module.train(case.training)
        with FlopCounterMode(display=False) as counter:
            module(*inputs, **call_of(case))
    flops: Any = counter.get_total_flops()
    assert flops % 2 == 0
    return int(flops) // 2
