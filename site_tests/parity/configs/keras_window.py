"""Keras's convolutions, pools, borders and upsampling."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from site_tests.parity.configs.case import Case, per_axis, some


def axes_of(layer: str) -> int:
    """How many axes a layer's name says it works along: 2 for Conv2DTranspose."""
    [found] = re.findall(r"(\d)D", layer)
    return int(found)


def image(rng: random.Random, layer: str, arguments: dict[str, Any], channels: int) -> tuple[int, ...]:
    """An input shape, with the channels where the arguments say; where they may, they say it now and then."""
    spatial = axes_of(layer)
    first = False
    if layer not in ("keras.Cropping1D", "keras.UpSampling1D") and rng.random() < 0.5:
        arguments["data_format"] = rng.choice(["channels_last", "channels_first", None])
        first = arguments["data_format"] == "channels_first"
    cells = tuple(rng.randint(1, 9 if spatial == 1 else 7 if spatial == 2 else 5) for _ in range(spatial))
    batch = rng.choice([0, 1, 1, 1, 1, 2, 2, 3])
    return (batch, channels, *cells) if first else (batch, *cells, channels)


def conv(rng: random.Random, layer: str, _: int) -> Case:
    """A convolution of any kind."""
    spatial, plain = axes_of(layer), re.search(r"\.Conv\dD$", layer)
    groups = rng.choice([1, 1, 1, 2, 3]) if plain else 1
    arguments: dict[str, Any] = {"kernel_size": per_axis(rng, spatial, 1, 4)}
    if "Depthwise" not in layer:
        arguments["filters"] = groups * rng.randint(1, 3)
    if groups > 1:
        arguments["groups"] = groups
    optional: dict[str, Any] = {
        "strides": per_axis(rng, spatial, 1, 3),
        "padding": rng.choice(["valid", "same", "causal" if layer == "keras.Conv1D" else "same"]),
        "dilation_rate": per_axis(rng, spatial, 1, 3),
        "activation": rng.choice([None, "relu", "softmax", "linear", "hard_silu"]),
        "use_bias": rng.random() < 0.5,
    }
    if "Transpose" in layer:
        optional["output_padding"] = rng.choice([None, 0, per_axis(rng, spatial, 0, 2)])
    if "Depthwise" in layer or "Separable" in layer:
        optional["depth_multiplier"] = rng.randint(1, 3)
    elif rng.random() < 0.8:
        optional.pop(rng.choice(["strides", "dilation_rate"]))  # Keras does not take both
    arguments |= some(rng, optional)
    return Case(layer, arguments, image(rng, layer, arguments, groups * rng.randint(1, 3)))


def pool(rng: random.Random, layer: str, _: int) -> Case:
    """A max or average pool."""
    spatial = axes_of(layer)
    arguments: dict[str, Any] = {"pool_size": per_axis(rng, spatial, 1, 4)}
    if "Max" in layer:
        arguments = some(rng, arguments, 0.8)
    strides = rng.choice([None, per_axis(rng, spatial, 1, 3), per_axis(rng, spatial, 1, 3)])
    arguments |= some(rng, {"strides": strides, "padding": rng.choice(["valid", "same"])})
    return Case(layer, arguments, image(rng, layer, arguments, rng.randint(1, 3)))


def global_pool(rng: random.Random, layer: str, _: int) -> Case:
    """A pool over the whole map."""
    arguments = some(rng, {"keepdims": rng.random() < 0.5})
    return Case(layer, arguments, image(rng, layer, arguments, rng.randint(1, 3)))


def border(rng: random.Random, layer: str, _: int) -> Case:
    """Zeros added, or cells cut off."""
    spatial = axes_of(layer)
    name, most = ("padding", 3) if "Zero" in layer else ("cropping", 2 if spatial < 3 else 1)
    sides = tuple((rng.randint(0, most), rng.randint(0, most)) for _ in range(spatial))
    given: list[Any] = [rng.randint(0, most), sides[0]] if spatial == 1 else [rng.randint(0, most), sides, sides]
    if spatial > 1:
        given += [tuple(each[0] for each in sides), (*sides[:-1], 1)]
    arguments = some(rng, {name: rng.choice(given)}, 0.9)
    return Case(layer, arguments, image(rng, layer, arguments, rng.randint(1, 3)))


def upsampling(rng: random.Random, layer: str, _: int) -> Case:
    """Cells repeated, or mixed with their neighbours."""
    spatial = axes_of(layer)
    arguments: dict[str, Any] = some(
        rng, {"size": rng.randint(1, 4) if spatial == 1 else per_axis(rng, spatial, 1, 3)}, 0.9
    )
    if spatial == 2:
        arguments |= some(rng, {"interpolation": rng.choice(["nearest", "bilinear", "bicubic", "lanczos3"])})
    return Case(layer, arguments, image(rng, layer, arguments, rng.randint(1, 3)))


def spoilt(rng: random.Random, case: Case) -> Case:
    """The same configuration with one or two things odd."""
    arguments, shape = dict(case.arguments), case.input
    assert isinstance(shape, tuple)
    for _ in range(rng.choice([1, 1, 1, 2])):
        target = rng.choice([*known_arguments(case), "input", "input"])
        if target == "input":
            shape = _odd_shape(rng, shape)
        else:
            arguments[target] = _odd_value(rng, target, case.layer)
    return replace(case, arguments=arguments, input=shape)


def known_arguments(case: Case) -> list[str]:
    """Arguments to be spoilt: those given, and those that most layers of the kind have."""
    known = set(case.arguments)
    if "Conv" in case.layer:
        known |= {"strides", "padding", "dilation_rate", "activation", "use_bias", "data_format"}
        known |= {"output_padding"} if "Transpose" in case.layer else set()
        known |= {"groups"} if re.search(r"\.Conv\dD$", case.layer) else set()
    elif "Pooling" in case.layer and "Global" not in case.layer:
        known |= {"strides", "padding", "data_format"}
    return sorted(known)


WORDS: dict[str, list[Any]] = {
    "padding": ["same", "valid", "causal", "full", "", "SAME", "Valid"],
    "data_format": ["channels_first", "channels_last", "NHWC", "", "Channels_Last", None],
    "activation": ["relu", "tanhh", "softmax", "", "ReLU", "glu", "threshold", None],
    "interpolation": ["nearest", "bilinear", "Bilinear", "cubic", ""],
}


def _odd_value(rng: random.Random, name: str, layer: str) -> Any:
    spatial = axes_of(layer)
    if name in ("use_bias", "keepdims"):
        return rng.random() < 0.5
    if name in WORDS and not (name == "padding" and "Zero" in layer):
        return rng.choice(WORDS[name])
    small = rng.choice([-2, -1, 0, 0, 1, 2, 3, 5])
    if name in ("filters", "groups", "depth_multiplier"):
        return small
    if name in ("padding", "cropping"):
        return rng.choice([small, *ODD_MARGINS, ((1, 2, 3),) * spatial, ((-1, 0),) * spatial, ((4, 4),) * spatial])
    if name == "strides" and "Transpose" not in layer and rng.random() < 0.1:
        return 10**9 + 1  # of a transposed convolution the output would not fit into memory
    if rng.random() < 0.4:
        return rng.choice([small, small, None]) if name in ("strides", "output_padding") else small
    length = rng.choice([0, 1, 1, spatial, spatial, spatial, spatial - 1, spatial + 1])
    return tuple(rng.choice([-1, 0, 1, 1, 2, 2, 3]) for _ in range(length))


ODD_MARGINS: list[Any] = [(1,), (1, 2), (1, 2, 3), ((1, 2),), ((1, 2), (0, 1)), ((1,), (2,)), ((0, 1), 2), (-1, 1)]


def _odd_shape(rng: random.Random, shape: tuple[int, ...]) -> tuple[int, ...]:
    kind = rng.randrange(4)
    if kind == 0:
        return shape[rng.randint(1, 2) :]
    if kind == 1:
        return (rng.randint(1, 2), *shape)
    if not shape:
        return (rng.randint(1, 3),)
    axis = rng.randrange(len(shape))
    return (*shape[:axis], rng.choice([0, 1, 2, 4, 7]), *shape[axis + 1 :])


Draw = Callable[[random.Random, str, int], Case]

NAMES = [
    *(f"{kind}{n}D{end}" for kind, end in (("Conv", ""), ("Conv", "Transpose")) for n in (1, 2, 3)),
    *(f"{kind}Conv{n}D" for kind in ("Depthwise", "Separable") for n in (1, 2)),
    *(f"{kind}Pooling{n}D" for kind in ("Max", "Average", "GlobalMax", "GlobalAverage") for n in (1, 2, 3)),
    *(f"{kind}{n}D" for kind in ("ZeroPadding", "Cropping", "UpSampling") for n in (1, 2, 3)),
]


def _draw(name: str) -> Draw:
    by_part = {"Conv": conv, "Global": global_pool, "Pooling": pool, "Up": upsampling, "": border}
    return next(draw for part, draw in by_part.items() if part in name)


DRAW: dict[str, Draw] = {f"keras.{name}": _draw(name) for name in NAMES}

SPOIL: dict[str, Callable[[random.Random, Case], Case]] = dict.fromkeys(DRAW, spoilt)
