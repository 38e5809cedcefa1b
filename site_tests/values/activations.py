"""Activation functions with their slopes, softmax and cross-entropy, against PyTorch; Keras's by the truth."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from random import Random
from typing import Any

from calc.values.activations import FUNCTIONS, KERAS
from calc.values.matrix import softmax
from calc.values.shares import cross_entropy, entropy, log_softmax, tempered
from site_tests.values import Case


def _places(draw: Random) -> dict[str, Any]:
    # The corners of the functions among them, where autograd has to take a side.
    corners = [-6.0, -3.0, -1.0, 0.0, 1.0, 3.0, 6.0]
    xs = [round(draw.uniform(-12, 12), 3) for _ in range(draw.randint(1, 8))] + corners + [-40.0, 25.0]
    return {"xs": xs, "number": draw.choice([None, round(draw.uniform(0.05, 2), 2)])}


def _ours(name: str, xs: list[float], number: float | None) -> dict[str, Any]:
    function = FUNCTIONS[name]
    return {"value": function.values(tuple(xs), number), "slope": [function.slope(x, number) for x in xs]}


def _torch(name: str, xs: list[float], number: float | None) -> dict[str, Any]:
    import torch
    from torch import nn

    function = FUNCTIONS[name]
    x = torch.tensor(xs, dtype=torch.float64, requires_grad=True)
    y = getattr(nn, function.layer.__name__)(**function.given(number))(x)
    y.sum().backward()
    return {"value": y.detach(), "slope": x.grad}


def _logits(draw: Random) -> dict[str, Any]:
    logits = [round(draw.uniform(-5, 5), 2) for _ in range(draw.randint(1, 8))]
    return {"logits": logits, "temperature": draw.choice([0.01, 0.5, 1, 2, 100])}


def _shares(logits: list[float], temperature: float) -> dict[str, Any]:
    shares = tempered(logits, temperature)
    divided = [logit / temperature for logit in logits]
    return {"shares": shares, "logs": log_softmax(divided), "entropy": entropy(shares)}


def _torch_shares(logits: list[float], temperature: float) -> dict[str, Any]:
    import torch
    import torch.nn.functional as F

    divided = torch.tensor(logits, dtype=torch.float64) / temperature
    shares = F.softmax(divided, dim=0)
    return {
        "shares": shares,
        "logs": F.log_softmax(divided, dim=0),
        "entropy": torch.special.entr(shares).sum(),
    }


def _batch(draw: Random) -> dict[str, Any]:
    classes = draw.randint(1, 6)
    rows = draw.randint(1, 5)
    return {
        "logits": [[round(draw.uniform(-6, 6), 2) for _ in range(classes)] for _ in range(rows)],
        "target": [draw.randrange(classes) for _ in range(rows)],
        "reduction": draw.choice(["mean", "sum"]),
        "label_smoothing": draw.choice([0.0, 0.1, 1.0]),
        "ignore_index": draw.choice([-100, 0, 1]),
    }


def _torch_loss(logits: Any, target: Any, **more: Any) -> Any:
    import torch
    import torch.nn.functional as F

    return F.cross_entropy(torch.tensor(logits, dtype=torch.float64), torch.tensor(target), **more)


NAMES = {
    "relu": "ReLU",
    "relu6": "ReLU6",
    "leaky_relu 0.01": "LeakyReLU",
    "elu": "ELU",
    "selu": "SELU",
    "gelu": "GELU",
    "gelu tanh": "GELU, tanh",
    "silu": "SiLU",
    "mish": "Mish",
    "sigmoid": "Sigmoid",
    "tanh": "Tanh",
    "softplus": "Softplus",
    "hardswish": "Hardswish",
    "hardsigmoid": "Hardsigmoid",
}
"""What the truth calls a function, and PyTorch's layer."""

ROWS: dict[str, Callable[[Sequence[float]], Any]] = {"softmax": softmax, "log_softmax": log_softmax}


def activation(name: str, x: list[float]) -> Any:
    """A function of the truth by its name there."""
    return ROWS[name](x) if name in ROWS else FUNCTIONS[NAMES[name]].values(tuple(x))


def keras_activation(name: str, x: list[list[float]]) -> Any:
    """A function of Keras by its name there, over the last axis where it is one of rows."""
    return [ROWS[name](row) if name in ROWS else [KERAS[name](each) for each in row] for row in x]


TRUTH = {
    "activation": lambda given: activation(**given),
    "keras_activation": lambda given: keras_activation(**given),
    "cross_entropy": lambda given: cross_entropy(**given),
}

CASES = {
    **{name: Case(_places, partial(_ours, name), partial(_torch, name)) for name in FUNCTIONS},
    "softmax": Case(_logits, _shares, _torch_shares),
    "cross_entropy": Case(_batch, cross_entropy, _torch_loss),
}
