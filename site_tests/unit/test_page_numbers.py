"""Numbers that the pages print in prose, computed from the layers and looked for on the page."""

from __future__ import annotations

from collections.abc import Iterator
from math import prod
from pathlib import Path

import pytest

import calc
from calc.layer_base import Layer, Shape
from calc.units import bytes_of, in_unit

PAGES = Path(__file__).parents[2] / "docs" / "en"


def conv(inside: int, outside: int, k: int, stride: int = 1, **arguments: object) -> Layer:
    """A convolution that keeps the size at stride 1, without bias unless asked for."""
    arguments = {"padding": k // 2, "bias": False, **arguments}
    return calc.layer("Conv2d", in_channels=inside, out_channels=outside, kernel_size=k, stride=stride, **arguments)


def vgg16() -> Iterator[Layer]:
    """Configuration D of Simonyan and Zisserman, 2014."""
    channels = 3
    for repeats, width in ((2, 64), (2, 128), (3, 256), (3, 512), (3, 512)):
        for _ in range(repeats):
            yield conv(channels, width, 3, bias=True)
            channels = width
        yield calc.layer("MaxPool2d", kernel_size=2)
    yield calc.layer("Flatten")
    for inside, outside in ((512 * 7 * 7, 4096), (4096, 4096), (4096, 1000)):
        yield calc.layer("Linear", in_features=inside, out_features=outside)


Block = list[Layer]
"""The main path of a residual block; the shortcut, where it has weights, is a branch of its own."""


def resnet(depths: tuple[int, ...], *, bottleneck: bool, stride_on_3x3: bool = True) -> Iterator[tuple[Block, Block]]:
    """Main path and shortcut of every block of a ResNet, stem and classifier included."""
    yield [conv(3, 64, 7, 2), calc.layer("MaxPool2d", kernel_size=3, stride=2, padding=1)], []
    channels = 64
    for stage, depth in enumerate(depths):
        width = 64 * 2**stage
        out = 4 * width if bottleneck else width
        for place in range(depth):
            stride = 2 if stage and not place else 1
            if bottleneck:
                first, second = (1, stride) if stride_on_3x3 else (stride, 1)
                path = [conv(channels, width, 1, first), conv(width, width, 3, second), conv(width, out, 1)]
            else:
                path = [conv(channels, width, 3, stride), conv(width, width, 3)]
            yield path, [conv(channels, out, 1, stride)] if channels != out else []
            channels = out
    head = [calc.layer("AdaptiveAvgPool2d", output_size=1), calc.layer("Flatten")]
    yield [*head, calc.layer("Linear", in_features=channels, out_features=1000)], []


def through(path: Block, x: Shape) -> tuple[Shape, int]:
    """Output shape and multiply-adds of layers one after another."""
    macs = 0
    for layer in path:
        macs += layer.macs(x)
        x = layer(x)
    return x, macs


def total_macs(blocks: Iterator[tuple[Block, Block]]) -> int:
    x: Shape = (1, 3, 224, 224)
    macs = 0
    for path, shortcut in blocks:
        macs += through(shortcut, x)[1]
        x, added = through(path, x)
        macs += added
    return macs


def receptive_field(blocks: Iterator[tuple[Block, Block]]) -> int:
    """Along one axis, of the last convolution: the main path sees at least as far as the shortcut."""
    field, jump = 1, 1
    for path, _ in blocks:
        for layer in path:
            window = layer.window((1, 1, 224, 224))
            if not window:
                return field
            reach, step = window[0]
            field, jump = field + (reach - 1) * jump, jump * step
    return field


def page(name: str) -> str:
    """A page's source with its thousands marked by a comma, formulas or not."""
    return (PAGES / f"{name}.md").read_text(encoding="utf-8").replace("{,}", ",")


def test_vgg16_has_the_size_that_the_page_says() -> None:
    """Parameters, multiply-adds and bytes, in powers of 1000 and of 1024."""
    layers = list(vgg16())
    params = sum(layer.params for layer in layers)
    size = bytes_of(params)

    assert (params, size) == (138_357_544, 553_430_176)
    assert through(layers, (1, 3, 224, 224)) == ((1, 1000), 15_470_264_320)
    assert (in_unit(size, "MB", 2), in_unit(size, "MiB", 2)) == ("553.43 MB", "527.79 MiB")
    for number in (params, size, 15_470_264_320, 2 * 15_470_264_320):
        assert f"{number:,}" in page("counting")
    assert "553.43 MB" in page("counting")
    assert "527.79 MiB" in page("counting")


def test_pass_sizes_that_tools_print_for_vgg16() -> None:
    """Twice the outputs: of all modules, ReLUs and dropouts included, in MiB; of layers with parameters, in MB."""
    x: Shape = (1, 3, 224, 224)
    learned = pooled = 0
    for layer in vgg16():
        x = layer(x)
        if layer.params:
            learned += prod(x)
        elif type(layer).__name__ == "MaxPool2d":
            pooled += prod(x)
    # Every layer with parameters but the last is followed by a ReLU, two of the dense ones by a dropout,
    # and torchvision pools once more, to the 7 × 7 that is already there.
    modules = learned + (learned - 1000) + pooled + 2 * 4096 + 512 * 7 * 7

    assert ("218.78 MiB", "108.45 MB") == (in_unit(2 * 4 * modules, "MiB", 2), in_unit(2 * 4 * learned, "MB", 2))
    assert '"218.78" MB, which are MiB, against 108.45 MB' in page("counting")


def test_bert_base_part_by_part() -> None:
    """Tables of tokens, positions and segments, their norm, twelve layers, a pooler; and what is wrongly given."""
    tables = sum(calc.layer("Embedding", num_embeddings=n, embedding_dim=768).params for n in (30_522, 512, 2))
    norm = calc.layer("LayerNorm", normalized_shape=768).params
    layer = calc.layer("TransformerEncoderLayer", d_model=768, nhead=12, dim_feedforward=3072).params
    pooler = calc.layer("Linear", in_features=768, out_features=768).params
    parts = (tables, norm, 12 * layer, pooler)

    assert (12 * 768 * 12, sum(parts)) == (110_592, 109_482_240)
    for part in parts:
        assert f"| {part:,} |" in page("counting")
    for number in (110_592, 109_482_240, layer):
        assert f"{number:,}" in page("counting")


def test_a_million_is_not_1024_squared() -> None:
    """24 layers of width 1024 and 64,000 tokens, divided by the wrong million."""
    params = 24 * (4 * 1024**2 + 2 * 1024 * 4096) + 64_000 * 1024

    assert (params, params / 1024**2) == (367_525_888, 350.5)
    assert 'Divided by 1024², 367,525,888 parameters become "350.5"' in page("counting")


def test_resnet18_costs_what_the_page_says() -> None:
    """Products only: the figure that other tools exceed by what else they count."""
    assert total_macs(resnet((2, 2, 2, 2), bottleneck=False)) == 1_814_073_344
    assert "1,814,073,344" in page("counting")


OTHERS = [
    # (tool, its figure, what it adds for each batch norm parameter, bias, batch norm output, pooled cell)
    ("torchinfo 1.8.0", 1_814_083_944, (1, 1, 0, 0)),
    ("fvcore 0.1.5", 1_819_065_856, (0, 0, 2, 1)),
]


@pytest.mark.parametrize(("tool", "figure", "each"), OTHERS)
def test_what_other_tools_add_to_resnet18(tool: str, figure: int, each: tuple[int, int, int, int]) -> None:
    """The difference to the products is made of what the page says."""
    normalized = outputs = 0
    x: Shape = (1, 3, 224, 224)
    for path, shortcut in resnet((2, 2, 2, 2), bottleneck=False):
        for branch in (path, shortcut):
            y = x
            for layer in branch:
                y = layer(y)
                if hasattr(layer, "out_channels"):
                    normalized, outputs = normalized + y[1], outputs + y[1] * y[2] * y[3]
        x = through(path, x)[0]
    added = sum(a * b for a, b in zip(each, (2 * normalized, 1000, outputs, 512 * 7 * 7), strict=True))

    assert figure - 1_814_073_344 == added
    assert f"| {tool} | {figure:,} | {added:,} |" in page("counting")


RESNET50 = [
    (True, 427, 4_089_184_256),  # torchvision: the 3×3 convolution halves the map
    (False, 483, 3_857_973_248),  # the paper: the first 1×1 convolution does
]


@pytest.mark.parametrize(("stride_on_3x3", "field", "macs"), RESNET50)
def test_where_resnet50_halves_its_maps_moves_view_and_cost(stride_on_3x3: bool, field: int, macs: int) -> None:
    """The same weights, another network."""
    made = {"bottleneck": True, "stride_on_3x3": stride_on_3x3}

    assert receptive_field(resnet((3, 4, 6, 3), **made)) == field
    assert total_macs(resnet((3, 4, 6, 3), **made)) == macs
    assert f"{field} cells and {macs:,} MACs" in page("convolution")


def test_alexnet_gets_its_55_from_227_or_from_padding() -> None:
    """224 without padding gives 54."""
    sizes = [conv(3, 96, 11, 4, padding=p)((3, n, n))[1] for n, p in ((224, 0), (227, 0), (224, 2))]

    assert sizes == [54, 55, 55]
    assert conv(3, 96, 11, 4, bias=True).params == 34_944
    assert conv(3, 64, 11, 4, bias=True).params == 23_296
    for number in ("34,944", "23,296"):
        assert number in page("convolution")


def test_lenet_without_padding_on_28_cells_has_44426_parameters() -> None:
    """Its flattened map is 16 × 4 × 4 in place of 16 × 5 × 5."""
    convolutions = [conv(1, 6, 5, padding=0, bias=True), conv(6, 16, 5, padding=0, bias=True)]
    dense = [calc.layer("Linear", in_features=n, out_features=m) for n, m in ((16 * 4 * 4, 120), (120, 84), (84, 10))]

    assert sum(layer.params for layer in (*convolutions, *dense)) == 44_426
    assert "44,426" in page("lenet")


def test_global_pooling_replaces_a_quarter_of_a_million_weights() -> None:
    """Flatten and dense against global average pooling and dense, on a 512 × 7 × 7 map."""
    flat = calc.layer("Linear", in_features=512 * 7 * 7, out_features=10).params
    pooled = calc.layer("Linear", in_features=512, out_features=10).params

    assert (flat, pooled) == (250_890, 5_130)
    assert "250,890" in page("pooling")
    assert "5,130" in page("pooling")
