"""Keras's dense layers, normalizations, reshapes, merges, dropouts and activations."""

from __future__ import annotations

import random
from collections.abc import Callable
from math import prod
from typing import Any

from site_tests.parity.configs.case import Case, anything, some

Draw = Callable[[random.Random, str, int], Case]


def shape_of(rng: random.Random, least: int, most: int) -> tuple[int, ...]:
    """A shape with that many axes, batch first, now and then with an empty batch."""
    batch = rng.choice([0, 1, 1, 2, 2, 3])
    return (batch, *(rng.randint(1, 6) for _ in range(rng.randint(least, most) - 1)))


def function(rng: random.Random) -> str | None:
    """The name of an activation, known to Keras or not."""
    return rng.choice([None, "relu", "softmax", "gelu", "hard_swish", "sparsemax", "linear", "rellu", "glu"])


def flag(rng: random.Random) -> bool:
    return rng.random() < 0.5


def dense(rng: random.Random, layer: str, spatial: int) -> Case:
    """A dense layer on an input of any rank."""
    optional = {"use_bias": flag(rng), "activation": function(rng), "lora_rank": rng.choice([None, 0, 1, 2, 9, -1])}
    return Case(layer, {"units": rng.randint(1, 6), **some(rng, optional)}, shape_of(rng, 2, 4))


def normalization(rng: random.Random, layer: str, spatial: int) -> Case:
    """Batch and group normalization, which take one axis."""
    shape = shape_of(rng, 2, 5)
    optional: dict[str, Any] = {"axis": axis(rng, shape), "center": flag(rng), "scale": flag(rng)}
    if layer == "keras.BatchNormalization":
        optional |= {"momentum": rng.choice([0, 0.9, 0.99, 1]), "renorm": rng.random() < 0.3}
        return Case(layer, some(rng, optional), shape, training=flag(rng))
    channels = shape[optional["axis"]]
    groups = rng.choice([size for size in range(1, channels + 1) if channels % size == 0] or [1])
    return Case(layer, {"groups": rng.choice([groups, groups, -1, 2, 3])} | some(rng, optional), shape)


def axis(rng: random.Random, shape: tuple[int, ...]) -> int:
    """An axis of a shape, the batch left out, counted from either end."""
    return rng.choice([-1, rng.randrange(1, len(shape)), -rng.randrange(1, len(shape))])


def several_axes(rng: random.Random, layer: str, spatial: int) -> Case:
    """Normalizations of one axis or several."""
    shape = shape_of(rng, 2, 5)
    several = tuple(axis(rng, shape) for _ in range(rng.randint(1, 2)))
    last = tuple(range(rng.choice([-2, -1]), 0)) if len(shape) > 2 else (1,)
    optional: dict[str, Any] = {"axis": rng.choice([-1, axis(rng, shape), last, several])}
    if layer == "keras.LayerNormalization":
        optional |= {"center": flag(rng), "scale": flag(rng)}
    return Case(layer, some(rng, optional, 0.8), shape)


def prelu(rng: random.Random, layer: str, spatial: int) -> Case:
    """PReLU with slopes shared along some axes."""
    shape = shape_of(rng, 1, 5)
    axes = tuple(rng.randint(1, max(len(shape) - 1, 1)) for _ in range(rng.randint(0, 2)))
    return Case(layer, some(rng, {"shared_axes": rng.choice([axes, axes, 1, None])}, 0.8), shape)


def softmax(rng: random.Random, layer: str, spatial: int) -> Case:
    """Shares along one axis or several."""
    shape = (*anything(rng, 3), rng.randint(1, 4))
    axes = tuple(rng.sample(range(-len(shape), 0), rng.randint(1, min(len(shape), 2))))
    return Case(layer, some(rng, {"axis": rng.choice([axes, rng.randint(-len(shape), len(shape) - 1)])}), shape)


def function_layer(rng: random.Random, layer: str, spatial: int) -> Case:
    """An element-wise function of an input of any rank."""
    slope, number = rng.choice([0, 0.1, 1, -0.5]), rng.choice([None, 0, 6, 1.5, -1])
    arguments: dict[str, Any] = {
        "keras.Activation": lambda: {"activation": function(rng)},
        "keras.ReLU": lambda: some(
            rng, {"max_value": number, "negative_slope": slope, "threshold": rng.choice([0, 2])}
        ),
        "keras.LeakyReLU": lambda: some(rng, {"negative_slope": slope}),
        "keras.ELU": lambda: some(rng, {"alpha": slope}),
        "keras.Identity": dict,
    }[layer]()
    return Case(layer, arguments, anything(rng, 5))


def noise(rng: random.Random, layer: str, spatial: int) -> Case:
    """A dropout, in training or not."""
    share = rng.choice([0, 0.1, 0.5, 0.9, 1, 1.5, -0.1])
    shape = anything(rng, 4) if not spatial else shape_of(rng, spatial + 2, spatial + 2)
    optional: dict[str, Any] = {"seed": rng.choice([None, 0, 7, -1])}
    if layer == "keras.Dropout":
        sizes = tuple(rng.choice([None, 1, size or 1]) for size in shape)
        optional["noise_shape"] = rng.choice([None, sizes, sizes, sizes[1:], (*sizes, 2)])
    if spatial > 1:
        optional["data_format"] = rng.choice([None, "channels_last", "channels_first", "channels"])
    name = "stddev" if layer == "keras.GaussianNoise" else "rate"
    return Case(layer, {name: share, **some(rng, optional)}, shape, training=flag(rng))


def flatten(rng: random.Random, layer: str, spatial: int) -> Case:
    """Flatten an input of any rank."""
    words = [None, "channels_last", "channels_first", "last"]
    return Case(layer, some(rng, {"data_format": rng.choice(words)}, 0.4), anything(rng, 5))


def reshape(rng: random.Random, layer: str, spatial: int) -> Case:
    """A target of the right size, one axis left open now and then."""
    shape = anything(rng, 4) or (2,)
    left, target = prod(shape[1:]), []
    while left > 1 and rng.random() < 0.8:
        target.append(rng.choice([size for size in range(1, left + 1) if left % size == 0]))
        left //= target[-1]
    target.append(left)
    rng.shuffle(target)
    if rng.random() < 0.5:
        target[rng.randrange(len(target))] = -1
    return Case(layer, {"target_shape": tuple(target)}, shape)


def permute(rng: random.Random, layer: str, spatial: int) -> Case:
    """Any order of the axes."""
    shape = shape_of(rng, 1, 5)
    dims = list(range(1, len(shape)))
    rng.shuffle(dims)
    return Case(layer, {"dims": tuple(dims)}, shape)


def repeat(rng: random.Random, layer: str, spatial: int) -> Case:
    """A vector repeated."""
    return Case(layer, {"n": rng.randint(1, 4)}, shape_of(rng, 2, 2))


def merge(rng: random.Random, layer: str, spatial: int) -> Case:
    """Tensors of one shape, some of their axes stretched or left out."""
    shape = shape_of(rng, 1, 4)
    count = 2 if layer == "keras.Subtract" else rng.randint(1, 3)
    return Case(layer, {}, {"inputs": tuple(_shrunk(rng, shape) for _ in range(count))})


def _shrunk(rng: random.Random, shape: tuple[int, ...]) -> tuple[int, ...]:
    kept = rng.choice([1, 1, 1, rng.randint(1, max(len(shape), 1))])
    return (*shape[:1], *(rng.choice([size, size, size, 1]) for size in shape[kept:]))


def concatenate(rng: random.Random, layer: str, spatial: int) -> Case:
    """Tensors that differ along one axis."""
    shape = shape_of(rng, 1, 4)
    at = rng.randrange(-len(shape), len(shape))
    where = at % len(shape)
    shapes = tuple((*shape[:where], rng.randint(0, 4), *shape[where + 1 :]) for _ in range(rng.randint(1, 3)))
    return Case(layer, {"axis": at} if at != -1 or flag(rng) else {}, {"inputs": shapes})


def dot(rng: random.Random, layer: str, spatial: int) -> Case:
    """Two tensors with one axis of equal size."""
    one, other = shape_of(rng, 2, 4), shape_of(rng, 2, 4)
    a, b = axis(rng, one), axis(rng, other)
    at = b % len(other)
    other = (one[0], *other[1:at], one[a], *other[at + 1 :])
    arguments = {"axes": rng.choice([(a, b), (a, b), (a, b), a, -1]), **some(rng, {"normalize": flag(rng)}, 0.3)}
    return Case(layer, arguments, {"inputs": (one, other)})


def spoilt_merge(rng: random.Random, case: Case) -> Case:
    """The same merge with a tensor too many or too few, an odd axis, or an odd argument."""
    assert isinstance(case.input, dict)
    arguments, shapes = dict(case.arguments), list(case.input["inputs"])
    what = rng.choice(["axis", "axis", "rank", "count", "argument"])
    at = rng.randrange(len(shapes))
    if what == "axis" and shapes[at]:
        place = rng.randrange(len(shapes[at]))
        shapes[at] = (*shapes[at][:place], rng.choice([0, 1, 2, 3, 7]), *shapes[at][place + 1 :])
    elif what == "rank":
        shapes[at] = rng.choice([shapes[at][1:], (*shapes[at], 2), (2, *shapes[at])])
    elif what == "count":
        shapes = rng.choice([shapes[:1], [*shapes, shapes[0]]])
    elif arguments:
        arguments[rng.choice(sorted(arguments))] = rng.choice([-5, -3, 0, 1, 2, 3, 5, (1,), (1, 2), (2, 1, 1), ()])
    return Case(case.layer, arguments, {"inputs": tuple(shapes)})


ELEMENTWISE = ("Add", "Subtract", "Multiply", "Average", "Maximum", "Minimum")

DRAW: dict[str, Draw] = {
    "keras.Dense": dense,
    "keras.BatchNormalization": normalization,
    "keras.GroupNormalization": normalization,
    "keras.LayerNormalization": several_axes,
    "keras.RMSNormalization": several_axes,
    "keras.UnitNormalization": several_axes,
    "keras.PReLU": prelu,
    "keras.Softmax": softmax,
    **{f"keras.{name}": function_layer for name in ("Activation", "ReLU", "LeakyReLU", "ELU", "Identity")},
    **{f"keras.{name}": noise for name in ("Dropout", "SpatialDropout", "GaussianNoise", "GaussianDropout")},
    "keras.Flatten": flatten,
    "keras.Reshape": reshape,
    "keras.Permute": permute,
    "keras.RepeatVector": repeat,
    **{f"keras.{name}": merge for name in ELEMENTWISE},
    "keras.Concatenate": concatenate,
    "keras.Dot": dot,
}

SPOIL: dict[str, Callable[[random.Random, Case], Case]] = {
    f"keras.{name}": spoilt_merge for name in (*ELEMENTWISE, "Concatenate", "Dot")
}
