"""Numbers of parameters on the pages about normalization and activations, computed from the layers."""

from __future__ import annotations

from typing import Any

import pytest

import calc
from calc.calculators import CALCULATORS
from calc.code import torch_code
from site_tests.unit.test_page_numbers import page, resnet

CONV = {"in_channels": 3, "out_channels": 16, "kernel_size": 3}
LEARNED = [
    # (layer, arguments, parameters, as the page writes it)
    ("LayerNorm", {"normalized_shape": 512}, 1024, "`LayerNorm(512)` has 1,024"),
    ("LayerNorm", {"normalized_shape": (6, 3, 3)}, 108, "`LayerNorm((6, 3, 3))` 108"),
    ("GroupNorm", {"num_groups": 1, "num_channels": 6}, 12, "has 12, because it learns by channel"),
    ("RMSNorm", {"normalized_shape": 512}, 512, "`RMSNorm(512)` has 512"),
    ("InstanceNorm2d", {"num_features": 512}, 0, "`InstanceNorm2d(512)` 0"),
    ("BatchNorm2d", {"num_features": 16}, 32, "| PyTorch `BatchNorm2d(16)` | 32 | 33 in buffers"),
    ("keras.BatchNormalization", {}, 64, "| `keras.BatchNormalization` | 32 | 32 not trained | 64 |"),
    ("Conv2d", CONV, 448, "| `Conv2d(3, 16, kernel_size=3)` | 448 |"),
    ("Conv2d", {**CONV, "bias": False}, 432, "without bias 432"),
    ("ReLU", {}, 0, "| `ReLU()` | 0 |"),
    ("MaxPool2d", {"kernel_size": 2}, 0, "| `MaxPool2d(2)` | 0 |"),
]


@pytest.mark.parametrize(("layer", "arguments", "params", "written"), LEARNED)
def test_parameter_counts_are_what_the_page_says(
    layer: str, arguments: dict[str, Any], params: int, written: str
) -> None:
    """Two for each channel or element, none where nothing is learned."""
    made = calc.layer(layer, **arguments)
    weights = made.weights_on((1, 8, 8, 16))

    assert (sum(weight.size for weight in weights), written in page("normalization")) == (params, True)


def test_batch_norm_keeps_what_keras_counts() -> None:
    """Two statistics a channel, buffers here and untrained parameters there, and PyTorch's counter."""
    ours = calc.layer("BatchNorm2d", num_features=16)
    theirs = calc.layer("keras.BatchNormalization").weights_on((1, 8, 8, 16))

    assert sum(buffer.size for buffer in ours.buffers()) == 33
    assert sum(weight.size for weight in theirs if not weight.trainable) == 32


def test_resnet50_in_keras_is_larger_by_statistics_and_biases() -> None:
    """Every convolution is followed by a batch norm, so there are as many statistics of a kind as biases."""
    layers = [layer for path, shortcut in resnet((3, 4, 6, 3), bottleneck=True) for layer in (*path, *shortcut)]
    channels = sum(layer.argument("out_channels") for layer in layers if hasattr(layer, "out_channels"))
    learned = sum(layer.params for layer in layers) + 2 * channels

    assert (channels, learned) == (26_560, 25_557_032)
    assert learned + 2 * channels + channels == 25_636_712
    for number in ("26,560", "25,557,032", "53,120", "25,636,712"):
        assert number in page("normalization")


def test_mobilenet_v2_has_17056_channels_to_normalize() -> None:
    """Inverted residuals after Sandler et al., 2018, table 2: expand, depthwise, project; each is normalized."""
    stages = [(1, 16, 1), (6, 24, 2), (6, 32, 3), (6, 64, 4), (6, 96, 3), (6, 160, 3), (6, 320, 1)]
    inside, normalized, weights = 32, [32], 3 * 9 * 32
    for factor, outside, repeats in stages:
        for _ in range(repeats):
            hidden = factor * inside
            normalized += [hidden, hidden, outside] if factor > 1 else [hidden, outside]
            weights += (inside * hidden if factor > 1 else 0) + 9 * hidden + hidden * outside
            inside = outside
    normalized.append(1280)
    weights += 320 * 1280 + 1280 * 1000 + 1000

    assert (sum(normalized), weights + 2 * sum(normalized)) == (17_056, 3_504_872)
    assert weights + 4 * sum(normalized) == 3_538_984
    assert "3,504,872 + 2 · 17,056 = 3,538,984" in page("normalization")


def test_every_mean_of_the_four_pictures_is_counted() -> None:
    """Three samples of six channels, 3 × 3 places: how many numbers share a mean, and how many means there are."""
    shape = (3, 6, 3, 3)
    found = {}
    for name, arguments in (
        ("BatchNorm2d", {"num_features": 6}),
        ("LayerNorm", {"normalized_shape": (6, 3, 3)}),
        ("GroupNorm", {"num_groups": 2, "num_channels": 6}),
        ("InstanceNorm2d", {"num_features": 6}),
    ):
        layer = calc.layer(name, **arguments)
        [groups] = [cost.amount for cost in layer.costs(shape) if cost.unit == "root"]
        assert f" {162 // groups:,} " in layer.picture(shape)
        found[name] = (groups, 162 // groups)

    assert found == {"BatchNorm2d": (6, 27), "LayerNorm": (3, 54), "GroupNorm": (6, 27), "InstanceNorm2d": (18, 9)}


def test_prelu_has_three_counts() -> None:
    """One slope, one a channel, or one for each element of a sample in Keras."""
    whole, channels = calc.layer("PReLU"), calc.layer("PReLU", num_parameters=16)
    versions = channels.conventions((1, 16, 8, 8)).versions  # type: ignore[union-attr]
    counts = [sum(weight.size for weight in version.weights) for version in versions]

    assert (whole.params, counts) == (1, [16, 16, 1024])
    assert "which is 1,024" in page("activations")
    assert "shared_axes=[1, 2]" in page("activations")


@pytest.mark.parametrize("name", ["Dropout", "Dropout2d", "AlphaDropout"])
def test_dropout_learns_nothing(name: str) -> None:
    """No parameter, no multiply-add, and a snippet that can be run."""
    layer = CALCULATORS[name]()

    assert (layer.params, layer.macs((2, 4, 6)), layer((2, 4, 6))) == (0, 0, (2, 4, 6))
    assert f"nn.{name}()" in torch_code(layer, (2, 4, 6))
