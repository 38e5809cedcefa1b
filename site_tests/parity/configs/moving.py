"""Layers that move numbers rather than compute: paddings, upsampling, shuffles, patches; and a few rare ones."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from math import prod
from typing import Any

from site_tests.parity.configs.case import Case, anything, image, per_axis, some


def pad(rng: random.Random, layer: str, spatial: int) -> Case:
    """A padding; with some luck its tuple speaks of other axes than the layer's name says."""
    length = 2 * spatial if rng.random() < 0.85 else 2 * rng.randint(0, 3)
    widest = 3 if layer.startswith("Reflection") else 5
    padding = rng.choice([rng.randint(0, 3), _each(rng, length, 0, widest), _each(rng, length, -2, 3)])
    arguments: dict[str, Any] = {"padding": padding}
    if layer.startswith("Constant"):
        arguments["value"] = rng.choice([0, 1.5, -2, float("-inf")])
    return Case(layer, arguments, image(rng, spatial, rng.randint(1, 3)))


def _each(rng: random.Random, length: int, low: int, high: int) -> tuple[int, ...]:
    return tuple(rng.randint(low, high) for _ in range(length))


def upsample(rng: random.Random, layer: str, _: int) -> Case:
    """An upsampling by a size or by a factor, whole or not."""
    axes = rng.choice([1, 2, 2, 2, 3]) if layer == "Upsample" else 2
    shape = (rng.choice([0, 1, 2]), rng.randint(1, 3), *(rng.randint(1, 9) for _ in range(axes)))
    factors = [2, 2.0, 3, 0.5, 1.5, 0.7, 0.29, 1 / 3, 4 * rng.random()]
    arguments = rng.choice(
        [
            {"size": per_axis(rng, axes, 1, 6)},
            {"scale_factor": rng.choice(factors)},
            {"scale_factor": tuple(rng.choice(factors) for _ in range(axes))},
        ]
    )
    if layer == "Upsample":
        by_rank = {1: "linear", 2: rng.choice(["bilinear", "bicubic"]), 3: "trilinear"}[axes]
        mode = rng.choice(["nearest", "area", "nearest-exact", by_rank, by_rank])
        arguments |= some(rng, {"mode": mode})
        if arguments.get("mode") == by_rank:
            arguments |= some(rng, {"align_corners": rng.choice([None, True, False])})
        if "scale_factor" in arguments:
            arguments |= some(rng, {"recompute_scale_factor": rng.choice([None, True, False])}, 0.4)
    return Case(layer, arguments, shape)


def shuffle(rng: random.Random, layer: str, _: int) -> Case:
    """A shuffle whose sizes mostly divide."""
    r = rng.randint(1, 3)
    if layer == "ChannelShuffle":
        places = tuple(rng.randint(0, 4) for _ in range(rng.randint(1, 3)))
        return Case(layer, {"groups": r}, (rng.randint(0, 3), r * rng.randint(0, 3), *places))
    batch = rng.choice([(), (0,), (1,), (2,), (2, 3)])
    if layer == "PixelShuffle":
        return Case(layer, {"upscale_factor": r}, (*batch, r * r * rng.randint(0, 3), *_each(rng, 2, 0, 4)))
    return Case(layer, {"downscale_factor": r}, (*batch, rng.randint(0, 3), *(r * n for n in _each(rng, 2, 0, 3))))


def _window(rng: random.Random) -> dict[str, Any]:
    optional = {
        "dilation": per_axis(rng, 2, 1, 2),
        "padding": per_axis(rng, 2, 0, 2),
        "stride": per_axis(rng, 2, 1, 3),
    }
    return {"kernel_size": per_axis(rng, 2, 1, 3), **some(rng, optional, 0.5)}


def unfold(rng: random.Random, layer: str, _: int) -> Case:
    """Windows cut out of an image."""
    return Case(layer, _window(rng), image(rng, 2, rng.randint(1, 3)))


def fold(rng: random.Random, layer: str, _: int) -> Case:
    """Columns put together, as many as there are places."""
    size, arguments = per_axis(rng, 2, 4, 8), _window(rng)
    rows = zip(*(_two(arguments.get(name, default)) for name, default in WINDOW), _two(size), strict=True)
    counts = [(n + 2 * p - d * (k - 1) - 1) // s + 1 for k, d, p, s, n in rows]
    taps, columns = prod(_two(arguments["kernel_size"])), max(prod(counts), 0)
    batch = rng.choice([(), (0,), (1,), (2,)])
    return Case(layer, {"output_size": size, **arguments}, (*batch, rng.randint(1, 3) * taps, columns))


WINDOW = (("kernel_size", 1), ("dilation", 1), ("padding", 0), ("stride", 1))


def _two(value: Any) -> Any:
    return value if isinstance(value, tuple) else (value, value)


def lp_pool(rng: random.Random, layer: str, spatial: int) -> Case:
    """A power-average pool; an infinite norm is a max pool."""
    norm = rng.choice([1, 2, 2.0, 3, 0.5, -1, float("inf"), float("-inf")])
    kernel = per_axis(rng, spatial, 1, 4)
    if spatial == 1 and isinstance(kernel, tuple) and rng.random() < 0.8:
        kernel = kernel[0]
    stride = rng.choice([None, per_axis(rng, spatial, 1, 4)])
    optional = {"stride": stride, "ceil_mode": rng.random() < 0.6}
    arguments = {"norm_type": norm, "kernel_size": kernel, **some(rng, optional)}
    return Case(layer, arguments, image(rng, spatial, rng.randint(1, 3), 9 + 4 * (spatial > 1)))


def fractional_pool(rng: random.Random, layer: str, spatial: int) -> Case:
    """A fractional pool of a given size or share."""
    ratios = [0.5, 0.6, 0.7, 0.3, rng.random()]
    ratio = rng.choice([rng.choice(ratios), tuple(rng.choice(ratios) for _ in range(spatial))])
    size = {"output_size": per_axis(rng, spatial, 0, 3)} if rng.random() < 0.5 else {"output_ratio": ratio}
    arguments = {
        "kernel_size": per_axis(rng, spatial, 1, 2),
        **size,
        **some(rng, {"return_indices": rng.random() < 0.5}),
    }
    return Case(layer, arguments, image(rng, spatial, rng.randint(1, 3), 9 + 4 * (spatial > 1)))


def unflatten(rng: random.Random, layer: str, _: int) -> Case:
    """One axis split into several whose product it mostly is."""
    sizes, shape = list(_each(rng, rng.randint(1, 3), 1, 4)), list(anything(rng, 4) or (2,))
    axis = rng.randrange(len(shape))
    shape[axis] = prod(sizes)
    if rng.random() < 0.5:
        sizes[rng.randrange(len(sizes))] = -1
    return Case(layer, {"dim": axis - rng.choice([0, len(shape)]), "unflattened_size": tuple(sizes)}, tuple(shape))


def bilinear(rng: random.Random, layer: str, _: int) -> Case:
    """A bilinear layer on two tensors with the same rows."""
    first, second = rng.randint(1, 5), rng.randint(0, 5)
    arguments = {"in1_features": first, "in2_features": second, "out_features": rng.randint(0, 4)}
    leading = anything(rng, 3)
    shapes = {"input1": (*leading, first), "input2": (*leading, second)}
    return Case(layer, {**arguments, **some(rng, {"bias": rng.random() < 0.5})}, shapes)


def comparison(rng: random.Random, layer: str, _: int) -> Case:
    """Two tensors of one shape, or one that can be repeated to the other."""
    full = anything(rng, 4)
    part = tuple(1 if rng.random() < 0.2 else size for size in full)[rng.choice([0, 0, 0, rng.randint(0, len(full))]) :]
    first, second = rng.sample([full, part], 2)
    if layer == "CosineSimilarity":
        rank = max(len(full), 1)
        optional: dict[str, Any] = {"dim": rng.randrange(-rank, rank), "eps": rng.choice([1e-8, 0, 1])}
    else:
        norms = [1, 2, 2.0, 0, 0.5, -1, float("inf")]
        optional = {"p": rng.choice(norms), "eps": rng.choice([1e-6, 0]), "keepdim": rng.random() < 0.5}
    return Case(layer, some(rng, optional, 0.8), {"x1": first, "x2": second})


def spoilt(rng: random.Random, case: Case) -> Case:
    """The same configuration with one or two things odd."""
    for _ in range(rng.choice([1, 1, 1, 2])):
        target = rng.choice([*case.arguments, "input", "input"])
        if target != "input":
            odd = _odd_value(rng, target, case.arguments.get(target))
            case = replace(case, arguments={**case.arguments, target: odd})
        elif isinstance(case.input, dict):
            name = rng.choice(list(case.input))
            case = replace(case, input={**case.input, name: _odd_shape(rng, case.input[name])})
        else:
            case = replace(case, input=_odd_shape(rng, case.input))
    return case


ODD: dict[str, list[Any]] = {
    "scale_factor": [0, 0.0, 0.1, -1.5, (2,), (2, 3), (0.5, 2, 2), (), None],
    "size": [0, -1, (3,), (0, 2), (2, 3, 4), (), None],
    "mode": ["linear", "bilinear", "trilinear", "bicubic", "nearest", "lanczos", "cubic", ""],
    "norm_type": [0, 0.0, 1, -2],
    "output_ratio": [0, 1, 1.2, -0.5, (0.5,), (0.5,) * 4, (0.5, 0.5), (0.5, 0.5, 0.5), (0.5, 2, 0.5), None],
    "unflattened_size": [(), (-1,), (-1, -1), (2, -2), (0, -1), (2, 3), (1,), (0,)],
    "p": [0, -1, float("inf"), 3],
    "eps": [0, 1.5, -1],
}
"""What an argument may be replaced by, where whole numbers and tuples of them will not do."""


def _odd_value(rng: random.Random, name: str, value: Any) -> Any:
    if isinstance(value, bool) or value is None and name in ("align_corners", "recompute_scale_factor"):
        return rng.random() < 0.5
    if name in ODD:
        return rng.choice(ODD[name])
    if rng.random() < 0.5 or name in ("groups", "upscale_factor", "downscale_factor", "dim") or "features" in name:
        return rng.choice([-4, -2, -1, 0, 0, 1, 2, 3, 5])
    length = len(value) if isinstance(value, tuple) and rng.random() < 0.5 else rng.randint(0, 7)
    return tuple(rng.choice([-3, -1, 0, 1, 1, 2, 2, 3]) for _ in range(length))


def _odd_shape(rng: random.Random, shape: tuple[int, ...]) -> tuple[int, ...]:
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
    **dict.fromkeys(("ZeroPad", "ConstantPad", "ReflectionPad", "ReplicationPad", "CircularPad"), pad),
    **dict.fromkeys(("Upsample", "UpsamplingNearest2d", "UpsamplingBilinear2d"), upsample),
    **dict.fromkeys(("PixelShuffle", "PixelUnshuffle", "ChannelShuffle"), shuffle),
    "Unfold": unfold,
    "Fold": fold,
    "LPPool": lp_pool,
    "FractionalMaxPool": fractional_pool,
    "Unflatten": unflatten,
    "Bilinear": bilinear,
    **dict.fromkeys(("CosineSimilarity", "PairwiseDistance"), comparison),
}

SPOIL: dict[str, Callable[[random.Random, Case], Case]] = dict.fromkeys(DRAW, spoilt)
