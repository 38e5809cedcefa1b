"""Numbers of the page on Keras's totals, computed by the layers and looked for on the page."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import calc
from calc.layer_base import Layer
from calc.units import bytes_of, in_unit
from site_tests.unit.test_page_numbers import resnet

PAGE = (Path(__file__).parents[2] / "docs" / "en" / "keras.md").read_text(encoding="utf-8")


def called(name: str, shape: Any, **arguments: Any) -> Layer:
    """A Keras layer that knows its weights."""
    layer = calc.layer(f"keras.{name}", **arguments)
    layer(shape)
    return layer


SMALL: list[tuple[str, dict[str, Any], tuple[int, ...], int]] = [
    # the rows of the worked example: layer, arguments, output, parameters
    ("Conv2D", {"filters": 32, "kernel_size": 3, "use_bias": False}, (1, 26, 26, 32), 288),
    ("BatchNormalization", {}, (1, 26, 26, 32), 128),
    ("ReLU", {}, (1, 26, 26, 32), 0),
    ("Flatten", {}, (1, 21632), 0),
    ("Dropout", {"rate": 0.5}, (1, 21632), 0),
    ("Dense", {"units": 10}, (1, 10), 216_330),
]


def test_a_small_network_as_summary_prints_it() -> None:
    """Row by row, then 216,746 in all, of which 64 are not trained."""
    shape: Any = (1, 28, 28, 1)
    total = fixed = 0
    for name, arguments, output, params in SMALL:
        layer = calc.layer(f"keras.{name}", **arguments)
        shape = layer(shape)

        assert (output, params) == (shape, layer.params)
        assert f"| {params:,} |" in PAGE
        total, fixed = total + layer.params, fixed + layer.params - layer.trainable

    assert (216_746, 64) == (total, fixed)
    assert "Together 216,746, of which 2 · 32 = 64" in PAGE
    assert '"Trainable params: 216,682", "Non-trainable params: 64"' in PAGE
    assert total - fixed == 216_682
    assert ("846.66 KiB", "866.98 KB") == (
        in_unit(bytes_of(total), "KiB", 2),
        in_unit(bytes_of(total), "KB", 2),
    )
    assert 'printed as "846.66 KB" and are 846.66 KiB or 866.98 KB' in PAGE


def test_from_torchvisions_resnet50_to_keras() -> None:
    """25,557,032 learned numbers, two averages and one bias for each of 26,560 channels."""
    layers = [layer for path, shortcut in resnet((3, 4, 6, 3), bottleneck=True) for layer in (*path, *shortcut)]
    convs = [layer for layer in layers if type(layer).__name__ == "Conv2d"]
    channels = sum(conv.argument("out_channels") for conv in convs)
    normalized = [called("BatchNormalization", (1, 1, 1, conv.argument("out_channels"))) for conv in convs]
    weights = sum(layer.params for layer in layers)
    learned = weights + sum(each.trainable for each in normalized)
    total = weights + channels + sum(each.params for each in normalized)

    assert (53, 26_560) == (len(convs), channels)
    assert (25_557_032, 25_636_712) == (learned, total)
    assert learned + channels == 25_583_592
    for row in (
        "25,557,032 | torchvision's `resnet50`",
        "+ 53,120 |",
        "+ 26,560 |",
        "25,636,712 | `keras.",
        "25,583,592 |",
    ):
        assert f"| {row}" in PAGE


def test_other_models_differ_by_their_moving_averages() -> None:
    """MobileNetV2 by two for each channel; EfficientNet-B0 by those and seven."""
    assert 3_504_872 + 2 * 17_056 == 3_538_984
    assert 5_288_548 + 2 * 21_008 + 7 == 5_330_571
    assert "with 2 · 17,056 moving averages 3,538,984 in Keras" in PAGE
    assert "5,288,548 trainable parameters, 2 · 21,008 moving averages and these 7 make 5,330,571" in PAGE


COUNTS: list[tuple[str, dict[str, Any], tuple[int, ...], int, int, str]] = [
    # (layer, arguments, input, parameters, of them trainable, words on the page)
    ("Dense", {"units": 4096}, (1, 7, 7, 512), 2_101_248, 2_101_248, "that makes 2,101,248 parameters"),
    ("Dense", {"units": 4096}, (1, 25_088), 102_764_544, 102_764_544, "the layer has 102,764,544"),
    (
        "Dense",
        {"units": 4096, "lora_rank": 8},
        (1, 4096),
        16_846_848,
        69_632,
        "has 16,846,848 parameters, 69,632 of them trainable",
    ),
    ("Dense", {"units": 133}, (1, 111, 111, 16), 2_261, 2_261, "have 208 + 0 + 2,261 parameters"),
    ("PReLU", {}, (1, 28, 28, 32), 25_088, 25_088, "28 · 28 · 32 = 25,088"),
    ("PReLU", {"shared_axes": (1, 2)}, (1, 28, 28, 32), 32, 32, "leaves one for each channel, 32"),
    ("BatchNormalization", {"renorm": True}, (1, 8), 56, 16, "$`5C`$ with `renorm=True`"),
]


@pytest.mark.parametrize(("name", "arguments", "shape", "params", "trainable", "words"), COUNTS)
def test_counts_in_the_text(
    name: str, arguments: dict[str, Any], shape: tuple[int, ...], params: int, trainable: int, words: str
) -> None:
    """Parameters, those that are trained, and the words that say so."""
    layer = called(name, shape, **arguments)

    assert (params, trainable) == (layer.params, layer.trainable)
    assert words in PAGE


def test_shared_axes_are_counted_as_keras_counts_them() -> None:
    """-1 shares the last axis but one, 0 the last."""
    assert {"alpha": (28, 1, 32)} == dict(called("PReLU", (1, 28, 28, 32), shared_axes=(-1,)).weights())
    assert {"alpha": (28, 28, 1)} == dict(called("PReLU", (1, 28, 28, 32), shared_axes=(0,)).weights())
    assert "`shared_axes=[-1]` shares the last axis **but one**, and `[0]` the last" in PAGE


def test_every_axis_but_the_batch_is_stretched() -> None:
    """Missing axes are put in after the batch."""
    add = calc.layer("keras.Add")

    assert add(((8, 256), (8, 56, 56, 256))) == (8, 56, 56, 256)
    assert "(N, 256) and (N, 56, 56, 256) make (N, 56, 56, 256)" in PAGE
    with pytest.raises(calc.CalcError, match="same batch"):
        add(((1, 256), (8, 256)))
    assert "(1, 256) and (8, 256) are refused" in PAGE


def test_the_inception_example_adds_up() -> None:
    """64 + 128 + 32 + 32 channels."""
    branches = tuple((1, 28, 28, channels) for channels in (64, 128, 32, 32))

    assert calc.layer("keras.Concatenate")(branches) == (1, 28, 28, 256)
    assert "make 256 channels" in PAGE
