"""Normalizations and dropouts, in training and in eval mode."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

from site_tests.parity.configs.case import Case, anything, image, some
from site_tests.parity.configs.spoil import by_table

EPS = (0, 0.0, 1e-3, 1e-5, 1)


def batch_norm(rng: random.Random, layer: str, spatial: int) -> Case:
    """A batch norm, now and then of single numbers or of an empty batch."""
    shape = image(rng, spatial, rng.randint(1, 4), rng.choice([1, 2, 5]))
    shape = shape if len(shape) == spatial + 2 else (rng.randint(1, 3), *shape)
    if spatial == 1 and rng.random() < 0.4:
        shape = shape[:2]
    return Case(layer, _features(rng, shape[1]), shape, training=rng.random() < 0.6)


def instance_norm(rng: random.Random, layer: str, spatial: int) -> Case:
    """An instance norm, with a batch axis or without."""
    shape = image(rng, spatial, rng.randint(1, 4), rng.choice([1, 5, 9]))
    return Case(layer, _features(rng, shape[-spatial - 1]), shape, training=rng.random() < 0.6)


def _features(rng: random.Random, channels: int) -> dict[str, Any]:
    optional = {
        "eps": rng.choice(EPS[2:]),
        "momentum": rng.choice([None, 0.1, 0.01, 0, 1, 1.5, -1]),
        "affine": rng.random() < 0.5,
        "track_running_stats": rng.random() < 0.5,
        "bias": rng.random() < 0.5,
    }
    return {"num_features": channels, **some(rng, optional, 0.5)}


def last_axes(rng: random.Random, layer: str, spatial: int) -> Case:
    """A layer norm or RMS norm over the last axes."""
    shape = anything(rng, 5)
    sizes = shape[rng.randint(0, max(len(shape) - 1, 0)) :]
    optional: dict[str, Any] = {"eps": rng.choice(EPS), "elementwise_affine": rng.random() < 0.6}
    if layer == "LayerNorm":
        optional["bias"] = rng.random() < 0.5
    else:
        optional["eps"] = rng.choice([None, *EPS])
    single = len(sizes) == 1 and rng.random() < 0.6
    return Case(layer, {"normalized_shape": sizes[0] if single else sizes, **some(rng, optional, 0.5)}, shape)


def group_norm(rng: random.Random, layer: str, spatial: int) -> Case:
    """A group norm of an input of any rank."""
    groups, width = rng.randint(1, 4), rng.randint(1, 3)
    rest = tuple(rng.choice([1, 1, 2, 3]) for _ in range(rng.randint(0, 4)))
    optional = {"eps": rng.choice(EPS), "affine": rng.random() < 0.6, "bias": rng.random() < 0.5}
    shape = (rng.choice([0, 1, 1, 2, 3]), groups * width, *rest)
    return Case(layer, {"num_groups": groups, "num_channels": groups * width, **some(rng, optional, 0.5)}, shape)


def local_response_norm(rng: random.Random, layer: str, spatial: int) -> Case:
    """A local response norm over some of the channels."""
    optional = {"alpha": rng.choice([1e-4, 0, 1.0]), "beta": rng.choice([0.75, 1, 2.0]), "k": rng.choice([1.0, 2, 0])}
    shape = (*anything(rng, 2), *(rng.randint(0, 4) for _ in range(rng.choice([2, 3, 3]))))
    return Case(layer, {"size": rng.randint(1, 6), **some(rng, optional)}, shape)


def dropout(rng: random.Random, layer: str, spatial: int) -> Case:
    """A dropout of an input of any rank."""
    optional = {"p": rng.choice([0, 1, 0.0, 1.0, 0.1, 0.5, 0.9]), "inplace": rng.random() < 0.5}
    shape = anything(rng, 6)
    if spatial and rng.random() < 0.7:
        shape = image(rng, spatial, rng.randint(1, 3), 4)
    return Case(layer, some(rng, optional, 0.7), shape, training=rng.random() < 0.6)


ODD: dict[str, list[Any]] = {
    "num_features": [-2, -1, 0, 1, 2, 3, 5],
    "num_groups": [-2, -1, 0, 1, 2, 3, 5],
    "num_channels": [-2, 0, 1, 2, 4, 5, 6],
    "normalized_shape": [(), 0, 1, 3, -1, (1,), (2, 3), (0,), (-1,), (3, 1, 2)],
    "size": [-2, -1, 0, 0, 1, 9],
    "eps": [0, 0.0, -1e-5, -1, 1e-3],
    "momentum": [None, 0, -1, 2.5],
    "p": [-0.1, 1.1, 2, -1, 1, 0],
}
"""What single arguments are spoilt with; flags are thrown anew."""

spoilt = by_table(ODD)

DRAW: dict[str, Callable[[random.Random, str, int], Case]] = {
    "BatchNorm": batch_norm,
    "InstanceNorm": instance_norm,
    "LayerNorm": last_axes,
    "RMSNorm": last_axes,
    "GroupNorm": group_norm,
    "LocalResponseNorm": local_response_norm,
    "Dropout": dropout,
    "AlphaDropout": dropout,
}
"""How each layer is drawn; 1d, 2d and 3d alike."""

SPOIL = dict.fromkeys(DRAW, spoilt)
