"""Receptive fields, against the cells that get a gradient in PyTorch."""

from __future__ import annotations

from random import Random
from typing import Any

from calc.values import field
from site_tests.values import Case


def _stack(draw: Random) -> dict[str, Any]:
    count = draw.randint(1, 4)
    return {"layers": [field.Layer(draw.randint(1, 4), draw.randint(1, 2), draw.randint(1, 3)) for _ in range(count)]}


def _first_sees(layers: list[field.Layer]) -> list[int]:
    """The cells of the input that the first place of the last map is made of."""
    return list(field.seen(layers)[-1])


def _torch_sees(layers: list[field.Layer]) -> list[int]:
    import torch
    from torch import nn

    stack = nn.Sequential(*(nn.Conv1d(1, 1, k, s, dilation=d, bias=False) for k, s, d in layers))
    for weight in stack.parameters():
        nn.init.ones_(weight)
    x = torch.ones(1, 1, field.fields(layers)[-1].size, requires_grad=True)
    stack(x).sum().backward()
    assert x.grad is not None
    return [int(cell) for cell in x.grad[0, 0].nonzero()[:, 0]]


CASES = {"seen": Case(_stack, _first_sees, _torch_sees)}

TRUTH: dict[str, Any] = {}
