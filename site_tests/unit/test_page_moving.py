"""Numbers on the pages of padding, upsampling and patches, and what was added to pooling and dense."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import calc
from calc.layer_base import Layer

PAGES = Path(__file__).parents[2] / "docs" / "en"


def page(name: str) -> str:
    return (PAGES / f"{name}.md").read_text(encoding="utf-8").replace("{,}", ",")


def through(layers: list[Layer], shape: Any) -> tuple[Any, int, int]:
    """The output shape of layers one after another, their parameters and their MACs."""
    params, macs = 0, 0
    for layer in layers:
        params, macs, shape = params + layer.params, macs + layer.macs(shape), layer(shape)
    return shape, params, macs


def conv(outside: int) -> Layer:
    return calc.layer("Conv2d", in_channels=64, out_channels=outside, kernel_size=3, padding=1)


def transposed(k: int, padding: int) -> Layer:
    arguments = {"in_channels": 64, "out_channels": 32, "kernel_size": k, "stride": 2, "padding": padding}
    return calc.layer("ConvTranspose2d", **arguments)


WAYS = [
    ("a: enlarge, then convolve", [calc.layer("Upsample", scale_factor=2), conv(32)]),
    ("b: convolve, then shuffle", [conv(128), calc.layer("PixelShuffle", upscale_factor=2)]),
    ("c: transposed, 4 × 4", [transposed(4, 1)]),
    ("d: transposed, 2 × 2", [transposed(2, 0)]),
]


@pytest.mark.parametrize(("name", "layers"), WAYS)
def test_four_ways_to_double_a_map(name: str, layers: list[Layer]) -> None:
    """Each makes 32 channels of 56 × 56, at the price on the page."""
    shape, params, macs = through(layers, (1, 64, 28, 28))

    assert shape == (1, 32, 56, 56)
    assert f"| {name} | {params:,} | {macs:,} |" in page("upsampling")


FRACTIONS = [(100, 0.29, "0.29"), (50, 0.58, "0.58"), (88, 120 / 88, "120/88"), (10, 0.7, "0.7"), (7, 1.5, "1.5")]


@pytest.mark.parametrize(("cells", "factor", "text"), FRACTIONS)
def test_fractions_are_rounded_down(cells: int, factor: float, text: str) -> None:
    """The table of products that look whole and are not."""
    [_, _, size] = calc.layer("Upsample", scale_factor=factor)((1, 1, cells))

    assert f"| {cells} | {text} | {cells * factor!r} | {size} |" in page("upsampling")


PADDED: list[tuple[str, Any, Any, Any]] = [
    ("ZeroPad2d", (1, 1), (1, 3, 5, 5), (1, 3, 5, 7)),
    ("ZeroPad2d", 1, (1, 3, 5, 5), (1, 3, 7, 7)),
    ("ReflectionPad2d", 4, (1, 1, 5, 5), (1, 1, 13, 13)),
    ("CircularPad2d", 5, (1, 1, 5, 5), (1, 1, 15, 15)),
    ("ReflectionPad2d", (1, 1, 1, 0), (1, 2, 3), (1, 3, 5)),
]


@pytest.mark.parametrize(("name", "padding", "shape", "expected"), PADDED)
def test_padded_sizes(name: str, padding: Any, shape: Any, expected: Any) -> None:
    """The sizes in the pitfalls of padding."""
    assert calc.layer(name, padding=padding)(shape) == expected
    assert f"`{name}({padding})`" in page("padding")


MATRICES = [
    # (row of the table, kernel, padding, stride, image)
    ("3 × 3, padding 1, on 64 × 56 × 56", 3, 1, 1, (64, 56, 56)),
    ("1 × 1 on 64 × 56 × 56", 1, 0, 1, (64, 56, 56)),
    ("16 × 16, stride 16, on 3 × 224 × 224", 16, 0, 16, (3, 224, 224)),
]


@pytest.mark.parametrize(("row", "k", "p", "s", "image"), MATRICES)
def test_the_matrix_is_larger_than_the_image(row: str, k: int, p: int, s: int, image: tuple[int, ...]) -> None:
    """Rows times columns, beside the cells of the image."""
    rows, columns = calc.layer("Unfold", kernel_size=k, padding=p, stride=s)(image)
    cells = image[0] * image[1] * image[2]

    assert rows * columns % cells == 0
    assert f"| {row} | {cells:,} | {rows * columns:,} | {rows * columns // cells} |" in page("patches")


def test_patches_of_a_vision_transformer() -> None:
    """196 patches of 768 numbers, and the convolution with as many places."""
    assert calc.layer("Unfold", kernel_size=16, stride=16)((1, 3, 224, 224)) == (1, 768, 196)
    embed = calc.layer("Conv2d", in_channels=3, out_channels=768, kernel_size=16, stride=16)
    dense = calc.layer("Linear", in_features=768, out_features=768)
    assert embed((1, 3, 224, 224)) == (1, 768, 14, 14)
    assert (embed.params, embed.macs((1, 3, 224, 224))) == (dense.params, dense.macs((1, 196, 768)))
    assert "into 196 patches of 768 numbers" in page("patches")


CAFFE = [
    ("Linear(800, 500)", {"in_features": 800, "out_features": 500}, (1, 800)),
    ("Conv2d(50, 500, kernel_size=4)", {"in_channels": 50, "out_channels": 500, "kernel_size": 4}, (1, 50, 4, 4)),
    ("Linear(500, 10)", {"in_features": 500, "out_features": 10}, (1, 500)),
    ("Conv2d(500, 10, kernel_size=1)", {"in_channels": 500, "out_channels": 10, "kernel_size": 1}, (1, 500, 1, 1)),
]


@pytest.mark.parametrize(("call", "arguments", "shape"), CAFFE)
def test_dense_layers_written_as_convolutions(call: str, arguments: dict[str, Any], shape: tuple[int, ...]) -> None:
    """Weights, biases and MACs of each row."""
    layer = calc.layer(call.partition("(")[0], **arguments)
    weight, bias = (each.size for each in layer.weights())

    assert f"| `{call}` | {shape} | {weight:,} | {bias} | {layer.macs(shape):,} |" in page("dense")
    if "kernel_size=4" in call:
        assert layer((1, 50, 8, 8)) == (1, 500, 5, 5)


def test_a_convolution_is_a_product_with_the_unfolded_image() -> None:
    """As many multiply-adds as the matrix product has."""
    rows, columns = calc.layer("Unfold", kernel_size=3)((2, 6, 7))
    layer = calc.layer("Conv2d", in_channels=2, out_channels=3, kernel_size=3)

    assert layer.macs((2, 6, 7)) == 3 * rows * columns
    assert (rows, columns) == (18, 20)


def test_a_bilinear_layer_has_a_weight_for_every_pair() -> None:
    """The product of two widths against their sum."""
    pairs = calc.layer("Bilinear", in1_features=1024, in2_features=1024, out_features=512).params
    joined = calc.layer("Linear", in_features=2048, out_features=512).params

    assert (pairs, joined) == (536_871_424, 1_049_088)
    assert f"{pairs:,}" in page("dense")
    assert f"{joined:,}" in page("dense")
