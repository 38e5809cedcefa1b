"""Keras's dense layers, normalizations, reshapes, merges, dropouts and activations."""

from __future__ import annotations

import random
from collections.abc import Callable

from site_tests.parity.configs.case import Case, some


def shape_of(rng: random.Random, least: int, most: int, longest: int = 6) -> tuple[int, ...]:
    """A shape with that many axes, batch first, now and then with an empty batch."""
    batch = rng.choice([0, 1, 1, 2, 2, 3])
    return (batch, *(rng.randint(1, longest) for _ in range(rng.randint(least, most) - 1)))


def function(rng: random.Random) -> str | None:
    """The name of an activation, known to Keras or not."""
    return rng.choice([None, "relu", "softmax", "gelu", "hard_swish", "sparsemax", "linear", "rellu", "glu"])


def dense(rng: random.Random, layer: str, spatial: int) -> Case:
    """A dense layer on an input of any rank."""
    arguments = {"units": rng.randint(1, 6), **some(rng, {"use_bias": rng.random() < 0.5, "activation": function(rng)})}
    return Case(layer, arguments, shape_of(rng, 2, 4))


DRAW: dict[str, Callable[[random.Random, str, int], Case]] = {
    "keras.Dense": dense,
}
