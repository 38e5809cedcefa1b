"""Convolutions, pools and what goes with them."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

from site_tests.parity.configs.case import Case, anything, image, per_axis, some


def conv(rng: random.Random, layer: str, spatial: int) -> Case:
    """A convolution."""
    arguments, channels = _channels(rng)
    arguments["kernel_size"] = per_axis(rng, spatial, 1, 4)
    padding = per_axis(rng, spatial, 0, 3)
    arguments |= some(
        rng,
        {
            "stride": per_axis(rng, spatial, 1, 3),
            "padding": rng.choice([padding, padding, padding, padding, "same", "valid"]),
            "dilation": per_axis(rng, spatial, 1, 3),
            "bias": rng.random() < 0.5,
            "padding_mode": rng.choice(["zeros", "zeros", "reflect", "replicate", "circular"]),
        },
    )
    if arguments.get("padding") == "same" and rng.random() < 0.8:
        arguments.pop("stride", None)
    return Case(layer, arguments, image(rng, spatial, channels))


def conv_transpose(rng: random.Random, layer: str, spatial: int) -> Case:
    """A transposed convolution, now and then called with the output size that is wanted."""
    arguments, channels = _channels(rng)
    arguments["kernel_size"] = per_axis(rng, spatial, 1, 4)
    arguments |= some(
        rng,
        {
            "stride": per_axis(rng, spatial, 1, 3),
            "padding": per_axis(rng, spatial, 0, 2),
            "output_padding": per_axis(rng, spatial, 0, 2),
            "dilation": per_axis(rng, spatial, 1, 3),
            "bias": rng.random() < 0.5,
        },
    )
    shape = image(rng, spatial, channels, 6)
    call: dict[str, Any] = {}
    if rng.random() < 0.2:
        call["output_size"] = _wanted(rng, arguments, shape, spatial)
    return Case(layer, arguments, shape, call)


def _wanted(rng: random.Random, arguments: dict[str, Any], shape: tuple[int, ...], spatial: int) -> tuple[int, ...]:
    def each(name: str, default: int) -> tuple[int, ...]:
        value = arguments.get(name, default)
        return value if isinstance(value, tuple) else (value,) * spatial

    rows = zip(
        shape[-spatial:],
        each("kernel_size", 1),
        each("stride", 1),
        each("padding", 0),
        each("dilation", 1),
        strict=True,
    )
    sizes = [(n - 1) * s - 2 * p + d * (k - 1) + 1 + rng.randint(0, s - 1) for n, k, s, p, d in rows]
    if rng.random() < 0.2:
        sizes[rng.randrange(spatial)] += rng.choice([-2, -1, 1, 2, 3])
    return (*rng.choice([(), (), (), shape[:-spatial], (1,)]), *sizes)


def _channels(rng: random.Random) -> tuple[dict[str, Any], int]:
    groups = rng.choice([1, 1, 1, 1, 2, 3])
    channels = groups * rng.randint(1, 3)
    arguments = {"in_channels": channels, "out_channels": groups * rng.randint(1, 3)}
    if groups != 1 or rng.random() < 0.1:
        arguments["groups"] = groups
    return arguments, channels


def pool(rng: random.Random, layer: str, spatial: int) -> Case:
    """A max or average pool."""
    kernel = per_axis(rng, spatial, 1, 4)
    half = min(kernel if isinstance(kernel, tuple) else (kernel,)) // 2
    optional: dict[str, Any] = {
        "stride": rng.choice([None, per_axis(rng, spatial, 1, 4), per_axis(rng, spatial, 1, 4)]),
        "padding": per_axis(rng, spatial, 0, half),
        "ceil_mode": rng.random() < 0.6,
    }
    if layer.startswith("Max"):
        optional |= {"dilation": per_axis(rng, spatial, 1, 3), "return_indices": rng.random() < 0.5}
    else:
        optional["count_include_pad"] = rng.random() < 0.5
        if spatial > 1:
            optional["divisor_override"] = rng.choice([None, None, 0, 1, 5, -2])
    return Case(layer, {"kernel_size": kernel, **some(rng, optional)}, image(rng, spatial, rng.randint(1, 3)))


def adaptive_pool(rng: random.Random, layer: str, spatial: int) -> Case:
    """An adaptive pool; an output axis may keep the input's size."""
    size: Any = per_axis(rng, spatial, 0, 4)
    if rng.random() < 0.3:
        size = rng.choice([1, (1,) * spatial])
    if isinstance(size, tuple) and spatial > 1:
        size = tuple(None if rng.random() < 0.2 else each for each in size)
    arguments = {"output_size": size}
    if "Max" in layer:
        arguments |= some(rng, {"return_indices": rng.random() < 0.5})
    return Case(layer, arguments, image(rng, spatial, rng.randint(1, 3)))


def linear(rng: random.Random, layer: str, spatial: int) -> Case:
    """A dense layer on an input of any rank."""
    wide = rng.randint(0, 6)
    arguments = {"in_features": wide, "out_features": rng.randint(0, 6), **some(rng, {"bias": rng.random() < 0.5})}
    return Case(layer, arguments, (*anything(rng, 3), wide))


def flatten(rng: random.Random, layer: str, spatial: int) -> Case:
    """Flatten between any two axes, in the right order or not."""
    return Case(layer, some(rng, {"start_dim": rng.randint(-4, 4), "end_dim": rng.randint(-4, 4)}), anything(rng, 6))


def spoilt(rng: random.Random, case: Case) -> Case:
    """The same configuration with one or two things odd."""
    arguments, shape, call = dict(case.arguments), case.input, dict(case.call)
    assert isinstance(shape, tuple)
    spatial = axes(case.layer)
    for _ in range(rng.choice([1, 1, 1, 2])):
        target = rng.choice([*known_arguments(case), "input", "input"])
        if target == "input":
            shape = odd_shape(rng, shape)
        else:
            arguments[target] = _odd_value(rng, target, spatial)
        if target == "in_channels" and len(shape) > spatial and rng.random() < 0.5:
            axis = len(shape) - spatial - 1
            shape = (*shape[:axis], max(arguments[target], 0), *shape[axis + 1 :])
    if case.layer.startswith("ConvTranspose") and arguments.get("stride") in HUGE:
        arguments["stride"] = None  # the output would not fit into memory
    return Case(case.layer, arguments, shape, call)


def axes(layer: str) -> int:
    """How many axes a layer's name says it works along; 0 where it says nothing."""
    return int(layer[-2]) if layer[-2].isdigit() and layer[-1] in "dD" else 0


def known_arguments(case: Case) -> list[str]:
    known = set(case.arguments)
    if "Conv" in case.layer:
        known |= {"stride", "padding", "dilation", "groups", "padding_mode", "bias"}
    if "ConvTranspose" in case.layer:
        known |= {"output_padding"}
    if case.layer.startswith(("MaxPool", "AvgPool")):
        known |= {"stride", "padding"}
    return sorted(known)


HUGE = (10**10, 10**9 + 1)

WORDS = {"padding": ["same", "valid", "full", ""], "padding_mode": ["zeros", "reflect", "circular", "mirror", ""]}


def _odd_value(rng: random.Random, name: str, spatial: int) -> Any:
    if name in ("bias", "ceil_mode", "return_indices", "count_include_pad", "inplace"):
        return rng.random() < 0.5
    if name == "padding_mode":
        return rng.choice(WORDS[name])
    small = rng.choice([-2, -1, 0, 0, 1, 2, 3, 5])
    if name in ("in_channels", "out_channels", "groups", "in_features", "out_features", "divisor_override"):
        return small
    if name in ("start_dim", "end_dim"):
        return rng.randint(-7, 7)
    if name == "stride" and rng.random() < 0.1:
        return rng.choice([None, *HUGE])
    if name == "padding" and rng.random() < 0.2:
        return rng.choice(WORDS[name])
    if rng.random() < 0.4:
        return small
    length = rng.choice([0, 1, 1, spatial, spatial, spatial, spatial - 1, spatial + 1])
    values = [rng.choice([-1, 0, 1, 1, 2, 2, 3]) for _ in range(length)]
    if name == "output_size" and values and rng.random() < 0.3:
        return rng.choice([None, (None,) * length, (*values[1:], None)])
    return tuple(values)


def odd_shape(rng: random.Random, shape: tuple[int, ...]) -> tuple[int, ...]:
    """Another rank, an empty axis, or an axis of another length."""
    kind = rng.randrange(4)
    if kind == 0 and shape:
        return shape[rng.randint(1, len(shape)) :]
    if kind == 1 and len(shape) < 6:
        return (rng.randint(0, 2), *shape)
    if not shape:
        return (rng.randint(0, 3),)
    axis = rng.randrange(len(shape))
    return (*shape[:axis], rng.choice([0, 0, 1, 2, 4, 7]), *shape[axis + 1 :])


DRAW: dict[str, Callable[[random.Random, str, int], Case]] = {
    "Conv": conv,
    "ConvTranspose": conv_transpose,
    "MaxPool": pool,
    "AvgPool": pool,
    "AdaptiveAvgPool": adaptive_pool,
    "AdaptiveMaxPool": adaptive_pool,
    "Linear": linear,
    "Flatten": flatten,
}
"""How each layer is drawn; 1d, 2d and 3d alike."""
