"""Numbers on the pages that belong to the frameworks, asked of the live ones."""

from __future__ import annotations

import os
from pathlib import Path

os.environ["KERAS_BACKEND"] = "torch"

import keras
import numpy as np
import pytest
import torch
from torch import nn
from torch.utils.flop_counter import FlopCounterMode

PAGES = Path(__file__).parents[2] / "docs" / "en"


def page(name: str) -> str:
    return (PAGES / f"{name}.md").read_text(encoding="utf-8").replace("{,}", ",")


def count(module: nn.Module) -> int:
    return sum(parameter.numel() for parameter in module.parameters())


def built(layer: keras.layers.Layer, shape: tuple[int | None, ...]) -> keras.layers.Layer:
    layer.build(shape)
    return layer


def test_an_lstm_has_two_bias_vectors_in_pytorch_and_one_in_keras() -> None:
    """4 · 256 numbers apart."""
    ours, theirs = count(nn.LSTM(128, 256)), built(keras.layers.LSTM(256), (None, 10, 128)).count_params()

    assert (ours, theirs) == (395_264, 394_240)
    assert "395,264" in page("counting")
    assert "394,240" in page("counting")


def test_batch_norm_learns_two_numbers_a_channel_and_keras_counts_four() -> None:
    """The running statistics are buffers; PyTorch keeps a counter beside them."""
    module = nn.BatchNorm2d(16)
    layer = built(keras.layers.BatchNormalization(), (None, 8, 8, 16))
    learned = sum(int(np.prod(weight.shape)) for weight in layer.trainable_weights)

    assert (count(module), sum(buffer.numel() for buffer in module.buffers())) == (32, 33)
    assert (layer.count_params(), learned) == (64, 32)


def test_first_numbers_differ() -> None:
    """Uniform up to ±1/√fan_in in PyTorch, Glorot and orthogonal in Keras; slopes, and the forget gate's bias."""
    torch.manual_seed(0)
    for module, bound in ((nn.Linear(400, 300), 1 / 20), (nn.Conv2d(16, 64, 5), 1 / 20), (nn.LSTM(64, 100), 1 / 10)):
        for parameter in module.parameters():
            assert 0.9 * bound < float(parameter.detach().abs().max()) <= bound * (1 + 1e-6)
    for layer in (keras.layers.Dense(2), keras.layers.Conv2D(2, 3)):
        names = [type(each).__name__ for each in (layer.kernel_initializer, layer.bias_initializer)]
        assert names == ["GlorotUniform", "Zeros"]
    lstm = built(keras.layers.LSTM(3), (None, 7, 2))
    names = [type(each).__name__ for each in (lstm.cell.kernel_initializer, lstm.cell.recurrent_initializer)]
    assert names == ["GlorotUniform", "Orthogonal"]
    assert lstm.cell.bias.value.tolist() == [0] * 3 + [1] * 3 + [0] * 6
    slopes = (nn.LeakyReLU().negative_slope, keras.layers.LeakyReLU().negative_slope)
    assert slopes == (0.01, 0.3)
    assert nn.PReLU().weight.tolist() == [0.25]
    assert not built(keras.layers.PReLU(), (None, 5)).alpha.value.any()
    for row in (
        "| First weights, dense and convolution | uniform up to ±1/√fan_in | Glorot-uniform |",
        "| First biases of an LSTM's forget gate | as all others | 1 |",
        "| `LeakyReLU` below 0 | slope 0.01 | slope 0.3 |",
        "| `PReLU` starts at | 0.25 | 0 |",
    ):
        assert row in page("frameworks"), row


def test_an_lstm_of_ten_units_in_both() -> None:
    """640 in Keras, 680 in PyTorch."""
    assert built(keras.layers.LSTM(10), (None, 13, 5)).count_params() == 640
    assert count(nn.LSTM(5, 10)) == 680


def test_a_dense_layer_acts_on_the_last_axis_in_both() -> None:
    """2,101,248 parameters on a map of 7 × 7 × 512, not 102,764,544."""
    layer = built(keras.layers.Dense(4096), (None, 7, 7, 512))

    assert layer.count_params() == count(nn.Linear(512, 4096)) == 2_101_248
    assert count(nn.Linear(7 * 7 * 512, 4096)) == 102_764_544
    assert "2,101,248" in page("dense")
    assert "102,764,544" in page("dense")


CEIL = [((4, 2, 3, 1), 2, 3), ((3, 2, 2, 1), 2, 3), ((2, 1, 2, 0), 1, 2), ((5, 2, 2, 1), 3, 4), ((1, 2, 2, 1), 1, 2)]


@pytest.mark.parametrize(("case", "size", "naive"), CEIL)
def test_ceil_mode_drops_a_window_that_starts_in_the_padding(
    case: tuple[int, int, int, int], size: int, naive: int
) -> None:
    """The last-window rule, which a plain ceiling misses by one."""
    n, k, s, p = case

    assert nn.MaxPool1d(k, s, p, ceil_mode=True)(torch.zeros(1, n)).shape[-1] == size
    assert -(-(n + 2 * p - k) // s) + 1 == naive


def test_same_with_stride_2_reads_other_cells_in_keras() -> None:
    """Keras pads (0, 1), PyTorch's padding=1 pads (1, 1): one size, other sums."""
    image = torch.arange(36.0).reshape(1, 1, 6, 6)
    ours = nn.functional.conv2d(image, torch.ones(1, 1, 3, 3), stride=2, padding=1)
    layer = keras.layers.Conv2D(1, 3, strides=2, padding="same", use_bias=False, kernel_initializer="ones")
    theirs = layer(image.permute(0, 2, 3, 1))

    assert ours.shape[-1] == theirs.shape[1] == 3
    assert (int(ours[0, 0, 0, 0]), int(theirs[0, 0, 0, 0])) == (14, 63)
    assert "gives 63 in the first corner in Keras and 14 in PyTorch" in page("counting")


KERAS_TRANSPOSED = [("same", (10, 9, 10)), ("valid", (11, 11, 12))]


@pytest.mark.parametrize(("padding", "sizes"), KERAS_TRANSPOSED)
def test_output_padding_none_is_not_0_in_keras(padding: str, sizes: tuple[int, int, int]) -> None:
    """Five cells, kernel 3, stride 2: None, 0 and 1."""
    found = tuple(
        keras.layers.Conv1DTranspose(1, 3, strides=2, padding=padding, output_padding=extra)(
            torch.zeros(1, 5, 1)
        ).shape[1]
        for extra in (None, 0, 1)
    )

    assert found == sizes
    row = "| `{}` | {} | {} | {} |".format(f'"{padding}"', *sizes)
    assert row in page("transposed-convolution")


def test_an_average_pool_counts_its_padding_unless_told_not_to() -> None:
    """0.25 against 1 at the corner of a map of ones."""
    ones = torch.ones(1, 1, 4, 4)
    corner = [float(nn.AvgPool2d(2, padding=1, count_include_pad=flag)(ones)[0, 0, 0, 0]) for flag in (True, False)]

    assert corner == [0.25, 1.0]


def test_transposed_convolution_is_counted_at_its_input() -> None:
    """25,690,112 MACs, not the four times as many that the output's size would give."""
    with torch.device("meta"), FlopCounterMode(display=False) as counter:
        nn.ConvTranspose2d(64, 32, 4, stride=2, padding=1)(torch.zeros(1, 64, 28, 28))

    assert counter.get_total_flops() == 2 * 25_690_112
    assert "25,690,112" in page("counting")
