"""Figures of widely used study notes: parameters, bytes and attention (A), layer by layer, Keras and U-Net (D)."""

from __future__ import annotations

from typing import Any

import pytest

import calc
from calc.units import bytes_of, in_unit
from site_tests.unit.facts import called, rows, sizes, transposed


def test_a1_lenet_as_caffe_trains_it() -> None:
    """A1: maps of 24, 12 (not 13), 8 and 4; 430,500 weights and 580 biases, 431,080 in all."""
    found = rows("LeNet5Caffe", (1, 1, 28, 28))
    network = calc.layer("LeNet5Caffe")

    assert [24, 12, 8, 4] == [found[name].out[-1] for name in ("conv1", "pool1", "conv2", "pool2")]
    assert [500, 25_000, 400_000, 5_000] == sizes(network.weights(), "weight")
    assert [20, 50, 500, 10] == sizes(network.weights(), "bias")
    assert network.params == 431_080


def test_a2_bytes_of_a_model() -> None:
    """A2: 1,724,320 B are 1,683.90625 KiB or 1.64 MiB; Caffe's file has 705 B of metadata more."""
    size = bytes_of(calc.layer("LeNet5Caffe").params)

    assert (1_724_320, "1,683.90625 KiB", "1.64 MiB") == (size, in_unit(size, "KiB"), in_unit(size, "MiB", 2))
    assert ("1,724.32 KB", "1.72 MB") == (in_unit(size, "KB"), in_unit(size, "MB", 2))
    assert 1_725_025 - size == 705


@pytest.mark.parametrize(
    ("inside", "side", "outside", "weights"), [(50, 4, 500, 400_000), (500, 1, 10, 5_000)], ids=["50×4×4", "500×1×1"]
)
def test_a3_a_dense_layer_is_a_convolution(inside: int, side: int, outside: int, weights: int) -> None:
    """A3: a kernel that covers the whole map has the weights of a dense layer, and its work."""
    conv = calc.layer("Conv2d", in_channels=inside, out_channels=outside, kernel_size=side)
    dense = calc.layer("Linear", in_features=inside * side**2, out_features=outside)

    assert [weights] == sizes(conv.weights(), "weight") == sizes(dense.weights(), "weight")
    assert conv.macs((1, inside, side, side)) == dense.macs((1, inside * side**2)) == weights
    assert conv((1, inside, side, side)) == (1, outside, 1, 1)


@pytest.mark.parametrize("steps", [1, 13, 500])
def test_a4_an_lstm_has_weights_for_one_step(steps: int) -> None:
    """A4: 4·((n + m)·m + m), 640 for n = 5 and m = 10, however many steps there are."""
    n, m = 5, 10

    assert called("keras.LSTM", (1, steps, n), units=m).params == 4 * ((n + m) * m + m) == 640


@pytest.mark.parametrize("steps", [1, 2, 13, 100])
def test_a5_one_cell_at_each_step(steps: int) -> None:
    """A5: unrolled, the same weights do the same work at each step; powers of one number vanish or explode."""
    layer = calc.layer("RNN", input_size=3, hidden_size=4)
    cell = calc.layer("RNNCell", input_size=3, hidden_size=4)

    assert [weight.shape for weight in layer.weights()] == [weight.shape for weight in cell.weights()]
    assert layer.macs((steps, 1, 3)) == steps * cell.macs((1, 3))
    assert layer((steps, 1, 3)) == ((steps, 1, 4), (1, 1, 4))
    assert 0.9**100 < 1e-4 < 1e4 < 1.1**100


def matmul(a: list[list[float]], b: list[list[float]]) -> list[list[float]]:
    """A matrix product."""
    return [[sum(x * y for x, y in zip(row, column, strict=True)) for column in zip(*b, strict=True)] for row in a]


def test_a6_queries_keys_and_values_are_three_projections() -> None:
    """A6: without them scores are symmetric and each position finds itself; with them neither holds."""
    x: list[list[float]] = [[1, 0], [0, 1], [1, 1]]
    plain = matmul(x, transposed(x))
    scores = matmul(x, transposed(matmul(x, [[0, 1], [2, 0]])))
    layer = calc.layer("MultiheadAttention", embed_dim=2, num_heads=1)

    assert plain == transposed(plain)
    assert all(row[place] == max(row) for place, row in enumerate(plain))
    assert scores == [[0, 2, 2], [1, 0, 1], [1, 2, 3]] != transposed(scores)
    assert dict(layer.weights())["in_proj_weight"] == (3 * 2, 2)


def test_d1_parameters_layer_by_layer() -> None:
    """D1: K²·C_i·C_o + C_o, 2·C of batch norm, T_i·T_o + T_o; Keras adds the two averages as non-trainable."""
    assert calc.layer("Conv2d", in_channels=3, out_channels=16, kernel_size=2).params == 2**2 * 3 * 16 + 16
    assert calc.layer("BatchNorm2d", num_features=16).params == 2 * 16
    norm = called("keras.BatchNormalization", (1, 8, 8, 16))
    assert (4 * 16, 2 * 16) == (norm.params, norm.trainable)
    assert called("keras.Dense", (1, 16), units=133).params == 16 * 133 + 133
    for name, arguments in (("ReLU", {}), ("MaxPool2d", {"kernel_size": 2}), ("Upsample", {"scale_factor": 2})):
        assert calc.layer(name, **arguments).params == 0, name


def test_d2_a_dense_layer_without_flatten() -> None:
    """D2: 208 + 0 + 2,261 parameters, and the output is (111, 111, 133)."""
    shape: Any = (1, 224, 224, 3)
    params = []
    for name, arguments in (
        ("Conv2D", {"filters": 16, "kernel_size": 2}),
        ("MaxPooling2D", {"pool_size": 2}),
        ("Dense", {"units": 133}),
    ):
        layer = calc.layer(f"keras.{name}", **arguments)
        shape = layer(shape)
        params.append(layer.params)

    assert ([208, 0, 2_261], (1, 111, 111, 133)) == (params, shape)


def test_d3_unet_at_half_width() -> None:
    """D3: five stages, up-convolutions of 2×2 and batch norm: 7,759,554 without and 7,765,442 with it."""
    plain = calc.layer("UNet", base_channels=32)
    normed = calc.layer("UNet", base_channels=32, batch_norm=True)
    found = {name: row.params for name, row in rows("UNet", (1, 1, 64, 64), base_channels=32).items()}
    ups = [
        calc.layer("ConvTranspose2d", in_channels=2 * width, out_channels=width, kernel_size=2, stride=2).params
        for width in (32, 64, 128, 256)
    ]
    stages = [found[f"enc{level}"] + found[f"up{level}"] - ups[level - 1] for level in (1, 2, 3, 4)]

    assert [37_346, 166_144, 664_064, 2_655_232] == [stages[0] + found["head"], *stages[1:]]
    assert (3_539_968, 696_800) == (found["bottom"], sum(ups))
    assert (7_759_554, 7_765_442, 5_888) == (plain.params, normed.params, normed.params - plain.params)


def test_d4_the_number_of_heads_does_not_change_the_total() -> None:
    """D4: no formula multiplies by the heads, as long as they split d_model."""
    counts = {calc.layer("MultiheadAttention", embed_dim=512, num_heads=h).params for h in (1, 2, 4, 8, 16)}
    macs = {
        calc.layer("MultiheadAttention", embed_dim=512, num_heads=h).macs(*[(10, 1, 512)] * 3) for h in (1, 2, 4, 8, 16)
    }
    layers = {calc.layer("TransformerEncoderLayer", d_model=512, nhead=h).params for h in (1, 2, 4, 8, 16)}

    assert ({1_050_624}, 1, {3_152_384}) == (counts, len(macs), layers)
