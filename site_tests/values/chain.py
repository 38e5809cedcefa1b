"""A chain of layers with and without skips, and the rate that warms up, against PyTorch."""

from __future__ import annotations

from random import Random
from typing import Any

from calc.values import chain
from site_tests.values import Case


def _chain(draw: Random) -> dict[str, Any]:
    return {
        "x": round(draw.uniform(-2, 2), 2),
        "w": round(draw.uniform(-2, 2), 2),
        "layers": draw.randint(1, 12),
        "bent": draw.random() < 0.5,
        "skip": draw.random() < 0.5,
    }


def _ours(**given: Any) -> dict[str, Any]:
    return {"signals": chain.signals(**given), "gradients": chain.gradients(**given)}


def _torch(x: float, w: float, layers: int, bent: bool, skip: bool) -> dict[str, Any]:
    import torch

    h = torch.tensor(x, dtype=torch.float64, requires_grad=True)
    passed = [h]
    for _ in range(layers):
        made = torch.tanh(w * h) if bent else w * h
        h = made + h if skip else made
        passed.append(h)
    return {
        "signals": [each.item() for each in passed],
        "gradients": [g.item() for g in torch.autograd.grad(h, passed)],
    }


def _rate(draw: Random) -> dict[str, Any]:
    return {
        "step": draw.choice([0, 1, draw.randint(2, 50_000)]),
        "model_size": draw.choice([16, 128, 512]),
        "factor": draw.choice([1.0, 2.0]),
        "warmup": draw.choice([1, 100, 4000]),
    }


def _torch_rate(step: int, model_size: int, factor: float, warmup: int) -> float:
    """The Annotated Transformer's `rate` in a `LambdaLR`, after that many steps."""
    import torch
    from torch.optim.lr_scheduler import LambdaLR

    def rate(step: int) -> float:
        if step == 0:
            step = 1
        return float(factor * (model_size ** (-0.5) * min(step ** (-0.5), step * warmup ** (-1.5))))

    optimizer = torch.optim.SGD([{"params": [torch.zeros(1)], "initial_lr": 1.0}], lr=1.0)
    scheduler = LambdaLR(optimizer, rate, last_epoch=step - 1)
    return float(scheduler.get_last_lr()[0])


TRUTH = {
    "noam_rate": lambda given: [
        chain.noam_rate(step, given["model_size"], given["factor"], given["warmup"]) for step in given["steps"]
    ],
}

CASES = {
    "chain": Case(_chain, _ours, _torch),
    "noam_rate": Case(_rate, chain.noam_rate, _torch_rate),
}
