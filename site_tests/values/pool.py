"""Pools, against PyTorch; Keras's against `../shared/truth`."""

from __future__ import annotations

from random import Random
from typing import Any

from calc.values import pool
from calc.values.convolve import Axis, axes, sizes
from site_tests.values import Case, plain


def drawn(draw: Random, *shape: int) -> Any:
    """Nested tuples of small numbers, so that equal ones are among them; in tenths."""
    if not shape:
        return draw.randint(-30, 30) / 10
    return tuple(drawn(draw, *shape[1:]) for _ in range(shape[0]))


def _window(draw: Random, dilated: bool) -> dict[str, Any]:
    """Arguments that PyTorch takes, with all its options, and an image that they fit."""
    kernel = (draw.randint(1, 4), draw.randint(1, 4))
    dilation = (draw.randint(1, 2), draw.randint(1, 2)) if dilated else (1, 1)
    padding = tuple(draw.randint(0, k // 2) for k in kernel)
    sides = [
        draw.randint(max(1, d * (k - 1) + 1 - 2 * p), 9) for k, p, d in zip(kernel, padding, dilation, strict=True)
    ]
    given: dict[str, Any] = {
        "image": drawn(draw, *sides),
        "kernel_size": kernel,
        "stride": draw.choice([None, 1, 2, 3, (1, 2), (3, 2)]),
        "padding": padding,
        "ceil_mode": draw.random() < 0.5,
    }
    return given | ({"dilation": dilation} if dilated else {})


def _average(draw: Random) -> dict[str, Any]:
    return _window(draw, dilated=False) | {
        "count_include_pad": draw.random() < 0.5,
        "divisor_override": draw.choice([None, None, 3, -2]),
    }


def _adaptive(draw: Random) -> dict[str, Any]:
    size = draw.choice([draw.randint(1, 5), (draw.randint(1, 9), draw.randint(1, 9))])
    return {"image": drawn(draw, draw.randint(1, 9), draw.randint(1, 9)), "output_size": size}


def tensor(nested: Any) -> Any:
    """A double tensor; imports stay inside, for the unit tests have no PyTorch."""
    import torch

    return torch.tensor(nested, dtype=torch.float64)


def _torch_max(image: Any, **given: Any) -> Any:
    from torch.nn import functional

    found = functional.max_pool2d(tensor(image)[None, None], return_indices=True, **given)
    return tuple(each[0, 0] for each in found)


def _torch_avg(image: Any, **given: Any) -> Any:
    from torch.nn import functional

    return functional.avg_pool2d(tensor(image)[None, None], **given)[0, 0]


def _torch_adaptive_max(image: Any, output_size: Any) -> Any:
    from torch.nn import functional

    found = functional.adaptive_max_pool2d(tensor(image)[None, None], output_size, return_indices=True)
    return tuple(each[0, 0] for each in found)


def _torch_adaptive_avg(image: Any, output_size: Any) -> Any:
    from torch.nn import functional

    return functional.adaptive_avg_pool2d(tensor(image)[None, None], output_size)[0, 0]


CASES = {
    "max_pool": Case(lambda draw: _window(draw, dilated=True), pool.max_pool, _torch_max),
    "avg_pool": Case(_average, pool.avg_pool, _torch_avg),
    "adaptive_max_pool": Case(_adaptive, pool.adaptive_max_pool, _torch_adaptive_max),
    "adaptive_avg_pool": Case(_adaptive, pool.adaptive_avg_pool, _torch_adaptive_avg),
}


def each_channel(function: Any, given: dict[str, Any]) -> Any:
    """A function of one map, for every channel of every sample of `x`."""
    rest = {name: value for name, value in given.items() if name != "x"}
    return [[plain(function(channel, **rest)) for channel in sample] for sample in given["x"]]


def _max(given: dict[str, Any]) -> Any:
    found = each_channel(pool.max_pool, given)
    # With a dilation the file holds no indices.
    names = ("output",) if "dilation" in given else ("output", "indices")
    return {name: [[channel[at] for channel in sample] for sample in found] for at, name in enumerate(names)}


def _adaptive_max(given: dict[str, Any]) -> Any:
    return [[values for values, _ in sample] for sample in each_channel(pool.adaptive_max_pool, given)]


def turned_first(sample: Any) -> Any:
    """(H, W, C), as Keras has it, to (C, H, W)."""
    return tuple(tuple(tuple(cell[channel] for cell in row) for row in sample) for channel in range(len(sample[0][0])))


def turned_last(sample: Any) -> Any:
    """(C, H, W) to (H, W, C)."""
    return tuple(tuple(zip(*rows, strict=True)) for rows in zip(*sample, strict=True))


def _keras(function: Any, given: dict[str, Any]) -> Any:
    """Keras's pool of one sample after the other: its 'same' pads unevenly."""
    kernel = given["pool_size"]
    sides = (kernel, kernel) if isinstance(kernel, int) else tuple(kernel)

    def pooled(channel: Any) -> Any:
        on = axes(sizes(channel), sides, given.get("strides") or sides, given.get("padding", "valid"))
        return function(channel, on)

    return [turned_last([pooled(channel) for channel in turned_first(sample)]) for sample in given["x"]]


def _keras_mean(channel: Any, on: tuple[Axis, ...]) -> Any:
    return pool.averaged(channel, on, lambda place: pool.divisor(on, place, count_include_pad=False))


TRUTH = {
    "max_pool2d": _max,
    "avg_pool2d": lambda given: each_channel(pool.avg_pool, given),
    "adaptive_max_pool2d": _adaptive_max,
    "adaptive_avg_pool2d": lambda given: each_channel(pool.adaptive_avg_pool, given),
    "keras_max_pool2d": lambda given: _keras(lambda channel, on: pool.largest(channel, on)[0], given),
    "keras_average_pool2d": lambda given: _keras(_keras_mean, given),
}
