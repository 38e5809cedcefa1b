"""Convolution, against PyTorch and, in its own order of axes, Keras."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any
from warnings import catch_warnings

from calc.values.convolve import convolve, correlate, sizes, turned
from site_tests.values import Case


def _numbers(draw: Random, *shape: int) -> Any:
    if not shape:
        return draw.choice((draw.randint(-3, 3), round(draw.uniform(-2, 2), 3)))
    return tuple(_numbers(draw, *shape[1:]) for _ in range(shape[0]))


def _drawn(rank: int, most: int) -> Callable[[Random], dict[str, Any]]:
    """Inputs of a convolution along so many axes, each with its own stride, padding and dilation."""

    def draw(draw: Random) -> dict[str, Any]:
        groups, inside, outside = (draw.randint(1, 3) for _ in range(3))
        dilation = tuple(draw.randint(1, 3) for _ in range(rank))
        kernel = tuple(draw.randint(1, 3) for _ in range(rank))
        padding = tuple(draw.randint(0, 3) for _ in range(rank))
        least = [max(1, d * (k - 1) + 1 - 2 * p) for d, k, p in zip(dilation, kernel, padding, strict=True)]
        cells = [draw.randint(n, n + most) for n in least]
        return {
            "image": _numbers(draw, groups * inside, *cells),
            "weight": _numbers(draw, groups * outside, inside, *kernel),
            "bias": draw.choice((None, _numbers(draw, groups * outside))),
            "stride": tuple(draw.randint(1, 3) for _ in range(rank)),
            "padding": padding,
            "dilation": dilation,
            "groups": groups,
        }

    return draw


def _drawn_same(draw: Random) -> dict[str, Any]:
    """Inputs for `padding="same"`, which PyTorch takes with stride 1 only; even kernels are padded unevenly."""
    given = _drawn(2, 5)(draw)
    return given | {"stride": 1, "padding": draw.choice(("same", "valid")), "image": _numbers(draw, *_shape(given))}


def _shape(given: dict[str, Any]) -> tuple[int, ...]:
    """A shape that is large enough without padding."""
    channels, *_ = sizes(given["image"])
    reaches = zip(given["dilation"], sizes(given["weight"])[2:], strict=True)
    return (channels, *(d * (k - 1) + 2 for d, k in reaches))


def _torch(**given: Any) -> Any:
    import torch
    from torch.nn import functional

    tensors: Any = {
        name: None if given[name] is None else torch.tensor(given[name], dtype=torch.float64)
        for name in ("image", "weight", "bias")
    }
    rank = tensors["weight"].dim() - 2
    call = (functional.conv1d, functional.conv2d, functional.conv3d)[rank - 1]
    options = {name: given[name] for name in ("stride", "padding", "dilation", "groups")}
    with catch_warnings(action="ignore"):  # an even kernel with "same" costs it a copy
        return call(tensors["image"][None], tensors["weight"], tensors["bias"], **options)[0]


def _drawn_turned(draw: Random) -> dict[str, Any]:
    return {"image": _numbers(draw, 6), "kernel": _numbers(draw, draw.randint(1, 4))}


def _full(image: Any, kernel: Any) -> Any:
    """What mathematics calls the convolution of two sequences, as a product of polynomials."""
    whole = len(kernel) - 1
    return correlate(image, turned(kernel), padding=((whole, whole),))


def _numpy_full(image: Any, kernel: Any) -> Any:
    import numpy

    return numpy.convolve(image, kernel)


def _in_batch(given: dict[str, Any]) -> Any:
    """A truth row of PyTorch: a batch of images with channels, or one image without either."""
    options = {name: _tuples(given[name]) for name in ("stride", "padding", "dilation", "groups") if name in given}
    if "k" in given:
        return correlate(given["x"], given["k"], **options)
    return [convolve(sample, given["weight"], given.get("bias"), **options) for sample in given["x"]]


def _tuples(option: Any) -> Any:
    return tuple(option) if isinstance(option, list) else option


def _first(nested: Any) -> Any:
    """(*cells, channels) as (channels, *cells)."""
    if not isinstance(nested[0], (list, tuple)):
        return nested
    return tuple(zip(*(_first(each) for each in nested), strict=True))


def _last(nested: Any) -> Any:
    """(channels, *cells) as (*cells, channels)."""
    if not isinstance(nested[0], (list, tuple)):
        return nested
    return tuple(_last(each) for each in zip(*nested, strict=True))


def _kernel(kernel: Any) -> Any:
    """Keras's (*kernel, C_in, C_out) as PyTorch's (C_out, C_in, *kernel)."""
    return tuple(_first(each) for each in _first(kernel))


def _depthwise(kernel: Any) -> Any:
    """Keras's (*kernel, C_in, m) as PyTorch's (C_in · m, 1, *kernel), the channels of one input side by side."""
    return tuple((taps,) for one in zip(*_kernel(kernel), strict=True) for taps in one)


def _keras(given: dict[str, Any]) -> Any:
    return _called(given, lambda weights: [(_kernel(weights["kernel"]), weights["bias"], True)])


def _keras_depthwise(given: dict[str, Any]) -> Any:
    return _called(given, lambda weights: [(_depthwise(weights["kernel"]), weights["bias"], True)])


def _keras_separable(given: dict[str, Any]) -> Any:
    """A depthwise convolution without a bias, then a 1×1 convolution with it."""
    return _called(
        given,
        lambda weights: [
            (_depthwise(weights["depthwise_kernel"]), None, True),
            (_kernel(weights["pointwise_kernel"]), weights["bias"], False),
        ],
    )


def _called(given: dict[str, Any], layers: Callable[[dict[str, Any]], Any]) -> Any:
    """A Keras layer's answer: channels last, `strides` and `padding` for the first of its convolutions."""
    names = {"stride": "strides", "padding": "padding", "dilation": "dilation_rate"}
    options = {ours: _tuples(given[theirs]) for ours, theirs in names.items() if theirs in given}
    answers = []
    for sample in given["x"]:
        maps = _first(sample)
        for weight, bias, moves in layers(given["weights"]):
            groups = len(maps) // len(weight[0])
            maps = convolve(maps, weight, bias, groups=groups, **(options if moves else {}))
        answers.append(_last(maps))
    return answers


TRUTH = {
    "conv1d": _in_batch,
    "conv2d": _in_batch,
    "keras_conv1d": _keras,
    "keras_conv2d": _keras,
    "keras_depthwise_conv2d": _keras_depthwise,
    "keras_separable_conv2d": _keras_separable,
}

CASES = {
    "conv1d": Case(_drawn(1, 6), convolve, _torch),
    "conv2d": Case(_drawn(2, 4), convolve, _torch),
    "conv3d": Case(_drawn(3, 2), convolve, _torch),
    "same": Case(_drawn_same, convolve, _torch),
    "turned": Case(_drawn_turned, _full, _numpy_full),
}
