"""Transposed convolution and interpolation, against PyTorch; Keras's against `../shared/truth`."""

from __future__ import annotations

from random import Random
from typing import Any

from calc.layers.window import spread_same, spread_valid
from calc.values import resample, transposed
from calc.values.convolve import axes, sizes
from site_tests.values import Case, plain
from site_tests.values.pool import drawn, each_channel, tensor, turned_first, turned_last


def _stamps(draw: Random) -> dict[str, Any]:
    groups = draw.randint(1, 2)
    kernel = (draw.randint(1, 4), draw.randint(1, 4))
    stride, dilation = ((draw.randint(1, 3), draw.randint(1, 3)) for _ in range(2))
    out = draw.randint(1, 2)
    given = {
        "image": drawn(draw, groups * draw.randint(1, 2), draw.randint(2, 4), draw.randint(2, 4)),
        "bias": drawn(draw, out * groups) if draw.random() < 0.5 else None,
        "stride": stride,
        # what is cut off leaves something: two cells stamp more than a kernel's reach and a step
        "padding": tuple(
            draw.randint(0, (d * (k - 1) + s) // 2) for k, s, d in zip(kernel, stride, dilation, strict=True)
        ),
        "output_padding": tuple(draw.randint(0, max(s, d) - 1) for s, d in zip(stride, dilation, strict=True)),
        "groups": groups,
        "dilation": dilation,
    }
    return given | {"weight": drawn(draw, len(given["image"]), out, *kernel)}


def _torch_stamps(image: Any, weight: Any, bias: Any, **given: Any) -> Any:
    from torch.nn import functional

    added = None if bias is None else tensor(bias)
    return functional.conv_transpose2d(tensor(image)[None], tensor(weight), added, **given)[0]


def _resized(draw: Random, mode: str) -> dict[str, Any]:
    given = {
        "image": drawn(draw, draw.randint(1, 6), draw.randint(1, 6)),
        "size": draw.choice([draw.randint(1, 12), (draw.randint(1, 12), draw.randint(1, 12))]),
        "mode": mode,
    }
    return given | ({"align_corners": draw.random() < 0.5} if mode != "nearest" else {})


def _torch_resized(image: Any, **given: Any) -> Any:
    from torch.nn import functional

    return functional.interpolate(tensor(image)[None, None], **given)[0, 0]


def _shuffled(draw: Random) -> dict[str, Any]:
    r = draw.randint(1, 3)
    image = drawn(draw, r * r * draw.randint(1, 2), draw.randint(1, 3), draw.randint(1, 3))
    return {"image": image, "upscale_factor": r}


def _torch_shuffled(image: Any, upscale_factor: int) -> Any:
    from torch.nn import functional

    return functional.pixel_shuffle(tensor(image), upscale_factor)


def _unshuffled(draw: Random) -> dict[str, Any]:
    r = draw.randint(1, 3)
    return {
        "image": drawn(draw, draw.randint(1, 2), *(r * draw.randint(1, 3) for _ in range(2))),
        "downscale_factor": r,
    }


def _torch_unshuffled(image: Any, downscale_factor: int) -> Any:
    from torch.nn import functional

    return functional.pixel_unshuffle(tensor(image), downscale_factor)


def _patches(draw: Random) -> dict[str, Any]:
    kernel, dilation, padding = (
        (draw.randint(low, high), draw.randint(low, high)) for low, high in ((1, 3), (1, 2), (0, 2))
    )
    sides = [draw.randint(d * (k - 1) + 1, 7) for k, d in zip(kernel, dilation, strict=True)]
    return {
        "image": drawn(draw, draw.randint(1, 2), *sides),
        "kernel_size": kernel,
        "dilation": dilation,
        "padding": padding,
        "stride": (draw.randint(1, 3), draw.randint(1, 3)),
    }


def _torch_patches(image: Any, **given: Any) -> Any:
    from torch.nn import functional

    return functional.unfold(tensor(image)[None], **given)[0]


CASES = {
    "conv_transpose": Case(_stamps, transposed.conv_transpose, _torch_stamps),
    "nearest": Case(lambda draw: _resized(draw, "nearest"), resample.interpolate, _torch_resized),
    "bilinear": Case(lambda draw: _resized(draw, "bilinear"), resample.interpolate, _torch_resized),
    "pixel_shuffle": Case(_shuffled, resample.pixel_shuffle, _torch_shuffled),
    "pixel_unshuffle": Case(_unshuffled, resample.pixel_unshuffle, _torch_unshuffled),
    "unfold": Case(_patches, resample.unfold, _torch_patches),
}


def _stamped(given: dict[str, Any]) -> Any:
    if "k" in given:  # one channel without its axes, as a textbook has it
        return plain(transposed.conv_transpose((given["x"],), ((given["k"],),))[0])
    rest = {name: value for name, value in given.items() if name != "x"}
    return [plain(transposed.conv_transpose(sample, **rest)) for sample in given["x"]]


def _keras(given: dict[str, Any]) -> Any:
    """Keras's kernel is (k, k, C_out, C_in); its stamps are those of the padding that the way back would have."""
    kernel, bias = given["weights"]["kernel"], given["weights"].get("bias")
    weight = tuple(
        tuple(tuple(tuple(cell[out][source] for cell in row) for row in kernel) for out in range(len(kernel[0][0])))
        for source in range(len(kernel[0][0][0]))
    )
    sides, stride, padding = sizes(weight)[2:], given.get("strides", 1), given.get("padding", "valid")
    spread = spread_same if padding == "same" else spread_valid

    def one(sample: Any) -> Any:
        image = turned_first(sample)
        cells = [
            spread(n, k, stride, 1, given.get("output_padding")) for n, k in zip(sizes(image)[1:], sides, strict=True)
        ]
        return turned_last(transposed.stamped(image, weight, axes(cells, sides, stride, padding), bias))

    return [plain(one(sample)) for sample in given["x"]]


def _interpolated(given: dict[str, Any]) -> Any:
    given = dict(given)
    if factor := given.pop("scale_factor", None):
        given["size"] = tuple(int(n * factor) for n in sizes(given["x"])[2:])
    return each_channel(resample.interpolate, given)


def _unfolded(given: dict[str, Any]) -> Any:
    kernel = given["kernel_size"]
    return [plain(resample.unfold(sample, (kernel, kernel), stride=given["stride"])) for sample in given["x"]]


TRUTH = {
    "conv_transpose2d": _stamped,
    "keras_conv2d_transpose": _keras,
    "interpolate": _interpolated,
    "pixel_shuffle": lambda given: [
        plain(resample.pixel_shuffle(sample, given["upscale_factor"])) for sample in given["x"]
    ],
    "unfold": _unfolded,
}
