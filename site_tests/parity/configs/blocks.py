"""Blocks and networks that are wired from layers; they are compared in `test_networks.py`."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import Any

from site_tests.parity.configs.case import Case, per_axis, some

Draw = Any


def _map(rng: random.Random, channels: int, least: int = 1, longest: int = 12) -> tuple[int, ...]:
    """A map with its batch axis."""
    return (rng.choice([1, 1, 2, 3]), channels, rng.randint(least, longest), rng.randint(least, longest))


def vgg_block(rng: random.Random) -> Case:
    """One to four convolutions and the pool."""
    channels = rng.randint(1, 4)
    arguments = {"num_convs": rng.randint(1, 4), "in_channels": channels, "out_channels": rng.randint(1, 4)}
    return Case("VGGBlock", arguments | some(rng, {"batch_norm": rng.random() < 0.5}), _map(rng, channels))


def nin_block(rng: random.Random) -> Case:
    """A convolution of any kind, then two of 1×1."""
    channels = rng.randint(1, 4)
    arguments = {"in_channels": channels, "out_channels": rng.randint(1, 4), "kernel_size": per_axis(rng, 2, 1, 5)}
    more = some(rng, {"stride": per_axis(rng, 2, 1, 3), "padding": per_axis(rng, 2, 0, 3)})
    return Case("NiNBlock", arguments | more, _map(rng, channels))


def inception(rng: random.Random) -> Case:
    """Four branches of any width."""
    channels = rng.randint(1, 5)
    widths = [rng.randint(1, 4) for _ in range(6)]
    arguments = {"c1": widths[0], "c2": tuple(widths[1:3]), "c3": tuple(widths[3:5]), "c4": widths[5]}
    return Case("Inception", {"in_channels": channels, **arguments}, _map(rng, channels))


def residual(rng: random.Random) -> Case:
    """With and without a convolution in the shortcut."""
    channels = rng.choice([1, 2, 3, 4, 8])
    more = some(rng, {"stride": rng.choice([1, 1, 2, 3])})
    if rng.random() < 0.5:
        width = rng.choice([channels, rng.randint(1, 5)])
        return Case("BasicBlock", {"in_channels": channels, "out_channels": width, **more}, _map(rng, channels))
    width = rng.choice([max(channels // 4, 1), rng.randint(1, 3)])
    more |= some(rng, {"stride_first": rng.random() < 0.5})
    return Case("Bottleneck", {"in_channels": channels, "width": width, **more}, _map(rng, channels))


def separable(rng: random.Random) -> Case:
    """With and without batch norm."""
    channels = rng.randint(1, 5)
    options = {
        "kernel_size": per_axis(rng, 2, 1, 4),
        "stride": per_axis(rng, 2, 1, 3),
        "padding": per_axis(rng, 2, 0, 2),
        "batch_norm": rng.random() < 0.5,
    }
    arguments = {"in_channels": channels, "out_channels": rng.randint(1, 5), **some(rng, options)}
    return Case("DepthwiseSeparable", arguments, _map(rng, channels))


def excitation(rng: random.Random) -> Case:
    """Squeezed to fewer channels or to more."""
    channels = rng.randint(1, 8)
    return Case(
        "SqueezeExcitation", {"in_channels": channels, "squeeze_channels": rng.randint(1, 4)}, _map(rng, channels)
    )


def double_conv(rng: random.Random) -> Case:
    """With and without batch norm and offsets."""
    channels = rng.randint(1, 4)
    arguments = {"in_channels": channels, "out_channels": rng.randint(1, 4), **_norm_and_bias(rng)}
    return Case("DoubleConv", arguments, _map(rng, channels))


def up_block(rng: random.Random) -> Case:
    """A map from below, and one kept that is twice as large for the most part."""
    channels, width = rng.randint(1, 6), rng.randint(1, 4)
    below = _map(rng, channels, longest=6)
    skip = (below[0], width, 2 * below[2], 2 * below[3])
    arguments = {"in_channels": channels, "out_channels": width, **_norm_and_bias(rng)}
    return Case("UpBlock", arguments, {"input": below, "skip": skip})


def _norm_and_bias(rng: random.Random) -> dict[str, Any]:
    return some(rng, {"batch_norm": rng.random() < 0.5, "bias": rng.random() < 0.5})


DRAWN = (vgg_block, nin_block, inception, residual, separable, excitation, double_conv, up_block)


def block_cases(count: int, seed: int) -> list[Case]:
    """So many configurations of each kind; every third is called on something odd."""
    rng = random.Random(seed)
    drawn = [draw(rng) for draw in DRAWN for _ in range(count)]
    return [_spoilt(rng, case) if rng.random() < 1 / 3 else case for case in drawn]


def _spoilt(rng: random.Random, case: Case) -> Case:
    """The same block called on a map of another size, another number of channels or axes."""
    if isinstance(case.input, dict):
        name = rng.choice(sorted(case.input))
        return replace(case, input={**case.input, name: _odd(rng, case.input[name])})
    return replace(case, input=_odd(rng, case.input))


def _odd(rng: random.Random, shape: tuple[int, ...]) -> tuple[int, ...]:
    how = rng.randrange(4)
    if how == 0:
        at = rng.randrange(len(shape))
        return (*shape[:at], max(shape[at] + rng.choice([-1, 1, 2]), 0), *shape[at + 1 :])
    if how == 1:
        return (*shape[:-2], 1, 1)
    return shape[1:] if how == 2 else (*shape, 2)
