"""The real PyTorch's answer to a configuration."""

from __future__ import annotations

import warnings
from typing import Any

import torch
from torch import nn
from torch.utils.flop_counter import FlopCounterMode

from site_tests.parity.agreement import Answer
from site_tests.parity.configs import Case

torch.set_num_threads(1)

REFUSALS = (RuntimeError, ValueError, TypeError, IndexError, AssertionError, NotImplementedError, AttributeError)
"""What PyTorch raises for arguments that it does not take; which of them is of no concern here."""


def torch_answer(case: Case, *, device: str = "cpu", count: bool = True) -> Answer:
    """What PyTorch makes of a configuration.

    On the CPU its refusals are those that people meet; the meta device accepts more,
    so it is for shapes of tensors that are too large to compute.
    """
    with warnings.catch_warnings(), torch.no_grad(), torch.device(device):
        warnings.simplefilter("ignore")  # PyTorch warns of empty tensors and of uneven 'same' padding
        try:
            module = getattr(nn, case.layer)(**case.arguments)
        except REFUSALS as error:
            return Answer("construct", message=str(error))
        weights = tuple((name, tuple(each.shape)) for name, each in module.named_parameters())
        try:
            out = module(torch.zeros(case.input), **case.call)
        except REFUSALS as error:
            return Answer("forward", weights, message=str(error))
    outputs = tuple(tuple(each.shape) for each in (out if isinstance(out, tuple) else (out,)))
    # The meta device refuses an output without cells, which the CPU gives.
    countable = count and 0 not in outputs[0][1:]
    return Answer("", weights, outputs, counted_macs(case) if countable else None)


def counted_macs(case: Case) -> int | None:
    """Half of what PyTorch's own counter says on the meta device; it counts only matrix products and convolutions."""
    if not case.layer.startswith(("Conv", "Linear")):
        return None
    with warnings.catch_warnings(), torch.no_grad(), torch.device("meta"):
        warnings.simplefilter("ignore")
        module, x = getattr(nn, case.layer)(**case.arguments), torch.zeros(case.input)
        with FlopCounterMode(display=False) as counter:
            module(x, **case.call)
    flops: Any = counter.get_total_flops()
    assert flops % 2 == 0
    return int(flops) // 2
