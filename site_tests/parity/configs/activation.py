"""Activations, softmax, and what is cut in halves."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

from site_tests.parity.configs.case import Case, anything, some
from site_tests.parity.configs.spoil import by_table

OPTIONS: dict[str, dict[str, list[Any]]] = {
    "ReLU": {"inplace": [True, False]},
    "Sigmoid": {},
    "Tanh": {},
    "ReLU6": {"inplace": [True, False]},
    "LeakyReLU": {"negative_slope": [0.01, 0.2, 0, 1, -1, 2.5], "inplace": [True, False]},
    "ELU": {"alpha": [1, 0.5, 2, 0, -1.0], "inplace": [True, False]},
    "CELU": {"alpha": [1, 0.5, 2, 3, 0.1], "inplace": [True, False]},
    "SELU": {"inplace": [True, False]},
    "Hardtanh": {"min_val": [-1, -2.5, 0, 0.5], "max_val": [1, 2.5, 6], "inplace": [True, False]},
    "Identity": {},
    "GELU": {"approximate": ["none", "tanh"]},
    "SiLU": {"inplace": [True, False]},
    "Mish": {"inplace": [True, False]},
    "Softplus": {"beta": [1, 2, 0.5, -1], "threshold": [20, 1, 0, -3]},
    "LogSigmoid": {},
    "Softsign": {},
    "Hardsigmoid": {"inplace": [True, False]},
    "Hardswish": {"inplace": [True, False]},
}
"""The arguments that may be left out, with values to draw from."""


def element_wise(rng: random.Random, layer: str, spatial: int) -> Case:
    """A function of each number, on an input of any rank."""
    drawn = {name: rng.choice(values) for name, values in OPTIONS[layer].items()}
    return Case(layer, some(rng, drawn), anything(rng, 6))


def threshold(rng: random.Random, layer: str, spatial: int) -> Case:
    """The one function that has no defaults."""
    numbers = [0, 0.1, -1.5, 20]
    arguments = {"threshold": rng.choice(numbers), "value": rng.choice(numbers)}
    return Case(layer, {**arguments, **some(rng, {"inplace": rng.random() < 0.5})}, anything(rng, 6))


def prelu(rng: random.Random, layer: str, spatial: int) -> Case:
    """One slope, or one for each channel."""
    shape = anything(rng, 5)
    channels = shape[1] if len(shape) > 1 else 1
    drawn = {"num_parameters": rng.choice([1, channels, channels]), "init": rng.choice([0.25, 0, -1, 2.5])}
    return Case(layer, some(rng, drawn), shape)


def along(rng: random.Random, layer: str, spatial: int) -> Case:
    """A softmax along any axis, or along the one that PyTorch takes by itself."""
    shape = anything(rng, 6)
    rank = max(len(shape), 1)
    return Case(layer, some(rng, {"dim": rng.choice([None, *range(-rank, rank)])}, 0.8), shape)


def softmax2d(rng: random.Random, layer: str, spatial: int) -> Case:
    """A softmax over channels."""
    return Case(layer, {}, tuple(rng.randint(0, 4) for _ in range(rng.choice([3, 4]))))


def glu(rng: random.Random, layer: str, spatial: int) -> Case:
    """A gate over any axis of even length."""
    shape = (*anything(rng, 3), rng.randint(0, 4), *anything(rng, 1))
    dim = rng.randrange(len(shape))
    shape = (*shape[:dim], 2 * shape[dim], *shape[dim + 1 :])
    written = {"dim": rng.choice([dim, dim - len(shape)])}
    return Case(layer, {} if dim == len(shape) - 1 and rng.random() < 0.5 else written, shape)


ODD: dict[str, list[Any]] = {
    "dim": list(range(-7, 8)),
    "num_parameters": [-1, 0, 1, 2, 3, 5],
    "approximate": ["none", "tanh", "erf", "", "Tanh"],
    "alpha": [0, 0.0, -1, 2],
    "min_val": [-1, 0, 1, 2.5, 7],
    "max_val": [-3, -1, 0, 1],
}
"""What single arguments are spoilt with; flags and other numbers are left as they are."""

spoilt = by_table(ODD)

DRAW: dict[str, Callable[[random.Random, str, int], Case]] = {
    **dict.fromkeys(OPTIONS, element_wise),
    "Threshold": threshold,
    "PReLU": prelu,
    "Softmax": along,
    "Softmin": along,
    "LogSoftmax": along,
    "Softmax2d": softmax2d,
    "GLU": glu,
}
"""How each layer is drawn."""

SPOIL = dict.fromkeys(DRAW, spoilt)
