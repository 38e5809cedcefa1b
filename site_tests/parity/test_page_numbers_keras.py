"""Numbers of the page on Keras's totals that belong to Keras, asked of the live one."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

os.environ["KERAS_BACKEND"] = "torch"

import keras
import numpy as np
import pytest
import torch

PAGE = (Path(__file__).parents[2] / "docs" / "en" / "keras.md").read_text(encoding="utf-8")


def count(weights: Any) -> int:
    """How many numbers tensors hold."""
    return sum(int(np.prod(weight.shape)) for weight in weights)


def array(tensor: torch.Tensor) -> Any:
    """A tensor's numbers."""
    return tensor.detach().numpy()


MODELS = [
    # (model, total, trainable, normalized channels)
    ("ResNet50", 25_636_712, 25_583_592, 26_560),
    ("MobileNetV2", 3_538_984, 3_504_872, 17_056),
    ("EfficientNetB0", 5_330_571, 5_288_548, 21_008),
]


@pytest.mark.parametrize(("name", "total", "trainable", "channels"), MODELS)
def test_models_have_the_totals_of_the_page(name: str, total: int, trainable: int, channels: int) -> None:
    """Total, trainable, and two moving averages for each normalized channel."""
    model = getattr(keras.applications, name)(weights=None)
    norms = [layer for layer in model.layers if isinstance(layer, keras.layers.BatchNormalization)]

    assert (model.count_params(), count(model.trainable_weights)) == (total, trainable)
    assert sum(count([layer.moving_mean]) for layer in norms) == channels
    assert f"{total:,}" in PAGE
    assert f"{channels:,}" in PAGE


def test_freezing_moves_numbers_and_removes_none() -> None:
    """The total stays, and nothing is trainable."""
    model = keras.applications.ResNet50(weights=None)
    model.trainable = False

    assert (model.count_params(), count(model.trainable_weights)) == (25_636_712, 0)


def test_a_frozen_batch_norm_is_in_inference() -> None:
    """Called in training, it neither moves its averages nor uses the batch's."""
    layer = keras.layers.BatchNormalization()
    numbers = np.random.default_rng(0).normal(3, 2, (64, 5)).astype("float32")
    layer.build(numbers.shape)
    layer.trainable = False
    out = array(layer(numbers, training=True))

    assert np.allclose(out, numbers / np.sqrt(1 + 1e-3), atol=1e-5)
    assert np.allclose(array(layer.moving_mean.value), 0)


def test_moving_averages_keep_99_hundredths() -> None:
    """0.99 of the old ones and 0.01 of the batch's."""
    layer = keras.layers.BatchNormalization()
    numbers = np.random.default_rng(0).normal(3, 2, (64, 5)).astype("float32")
    layer(numbers, training=True)

    assert np.allclose(array(layer.moving_mean.value), 0.01 * numbers.mean(0), atol=1e-5)
    assert "0.99 of themselves and 0.01 of the batch's" in PAGE


def test_what_else_is_kept() -> None:
    """Seven numbers of a Normalization layer; a dropout's seed is no weight."""
    layer = keras.layers.Normalization()
    layer.build((None, 8, 8, 3))
    dropout = keras.layers.Dropout(0.5)

    assert layer.count_params() == 7
    assert (count(dropout.variables), dropout.weights) == (2, [])
    assert keras.Sequential([keras.Input((4,)), dropout]).count_params() == 0


def test_an_adapter_freezes_the_kernel() -> None:
    """Whether it is asked for at once or later."""
    layer = keras.layers.Dense(4096)
    layer.build((None, 4096))
    layer.enable_lora(8)

    assert (layer.count_params(), count(layer.trainable_weights)) == (16_846_848, 69_632)


@pytest.mark.parametrize(("key_dim", "params"), [(512, 8_401_408), (64, 1_050_624)])
def test_key_dim_is_the_width_of_one_head(key_dim: int, params: int) -> None:
    """Eight heads of 512, or eight heads that share 512."""
    layer = keras.layers.MultiHeadAttention(8, key_dim)
    layer.build((None, 10, 512), (None, 10, 512))

    assert layer.count_params() == params
    assert f"{params:,}" in PAGE


def test_slopes() -> None:
    """One for each place in Keras, one in all in PyTorch."""
    layer = keras.layers.PReLU()
    layer.build((None, 28, 28, 32))

    assert layer.count_params() == 25_088
    assert sum(weight.numel() for weight in torch.nn.PReLU().parameters()) == 1


@pytest.mark.parametrize("name", ["LayerNormalization", "RMSNormalization"])
def test_an_axis_inside_goes_wrong_on_pytorch(name: str) -> None:
    """Sizes that differ are an error; where they agree, the last axis is normalized in place of the one asked for."""
    numbers = np.random.default_rng(0).normal(3, 2, (2, 16, 16)).astype("float32")
    layer = getattr(keras.layers, name)
    with pytest.raises(RuntimeError, match="normalized_shape"):
        layer(axis=1)(numbers[:, :8])

    out = array(layer(axis=1)(numbers))
    measure = (lambda axis: (out**2).mean(axis) - 1) if name == "RMSNormalization" else out.mean
    assert np.abs(measure(2)).max() < 1e-3
    assert np.abs(measure(1)).max() > 0.1


def test_rms_normalization_lays_its_scale_along_the_last_axis() -> None:
    """Whatever axis is asked for: the scale's numbers stand along the last one."""
    layer = keras.layers.RMSNormalization(axis=1)
    numbers = np.ones((2, 16, 16), "float32")
    layer.build(numbers.shape)
    layer.scale.assign(np.arange(16))

    assert np.allclose(array(layer(numbers)), np.broadcast_to(np.arange(16), numbers.shape), atol=1e-4)
    assert "It lays its scale along the last axes, whatever `axis` says and on every back end." in PAGE
