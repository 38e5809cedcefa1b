"""Parameters, shapes and multiply-adds that courses, papers and memos print."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

import calc
from calc.calculators import CALCULATORS
from calc.network import Network
from calc.units import bytes_of, in_unit


def network(name: str, **arguments: Any) -> Network:
    layer = CALCULATORS[name](**arguments)
    assert isinstance(layer, Network)
    return layer


COUNTS = [
    # (layer, arguments, input, output, weights, MACs)
    # Conv2d as PyTorch's documentation introduces it: (N, C, H, W) in and out
    (
        "Conv2d",
        {"in_channels": 3, "out_channels": 64, "kernel_size": 7, "stride": 2, "padding": 3},
        (1, 3, 224, 224),
        (1, 64, 112, 112),
        [(64, 3, 7, 7), (64,)],
        118_013_952,
    ),
    # LeNet-5 in Caffe: weights 500 + 25,000 + 400,000 + 5,000
    (
        "Conv2d",
        {"in_channels": 1, "out_channels": 20, "kernel_size": 5},
        (1, 28, 28),
        (20, 24, 24),
        [(20, 1, 5, 5), (20,)],
        288_000,
    ),
    (
        "Conv2d",
        {"in_channels": 20, "out_channels": 50, "kernel_size": 5},
        (20, 12, 12),
        (50, 8, 8),
        [(50, 20, 5, 5), (50,)],
        1_600_000,
    ),
    ("Linear", {"in_features": 800, "out_features": 500}, (1, 800), (1, 500), [(500, 800), (500,)], 400_000),
    ("Linear", {"in_features": 500, "out_features": 10}, (1, 500), (1, 10), [(10, 500), (10,)], 5_000),
    # the same dense layers as convolutions whose kernel covers the whole map
    (
        "Conv2d",
        {"in_channels": 50, "out_channels": 500, "kernel_size": 4, "bias": False},
        (1, 50, 4, 4),
        (1, 500, 1, 1),
        [(500, 50, 4, 4)],
        400_000,
    ),
    (
        "Conv2d",
        {"in_channels": 500, "out_channels": 10, "kernel_size": 1, "bias": False},
        (1, 500, 1, 1),
        (1, 10, 1, 1),
        [(10, 500, 1, 1)],
        5_000,
    ),
    # a memo's Conv1D: kernel_w · n_features · n_filters (+ n_filters)
    (
        "Conv1d",
        {"in_channels": 32, "out_channels": 64, "kernel_size": 3},
        (8, 32, 20),
        (8, 64, 18),
        [(64, 32, 3), (64,)],
        884_736,
    ),
    (
        "Conv3d",
        {"in_channels": 3, "out_channels": 8, "kernel_size": (2, 3, 4)},
        (1, 3, 4, 6, 8),
        (1, 8, 3, 4, 5),
        [(8, 3, 2, 3, 4), (8,)],
        34_560,
    ),
    # groups divide the weights: C_in C_out k² / g, in PyTorch's two orders
    (
        "Conv2d",
        {"in_channels": 32, "out_channels": 64, "kernel_size": 3, "groups": 4},
        (1, 32, 8, 8),
        (1, 64, 6, 6),
        [(64, 8, 3, 3), (64,)],
        165_888,
    ),
    (
        "ConvTranspose2d",
        {"in_channels": 32, "out_channels": 64, "kernel_size": 3, "groups": 4},
        (1, 32, 8, 8),
        (1, 64, 10, 10),
        [(32, 16, 3, 3), (64,)],
        294_912,
    ),
    # a transposed convolution multiplies each INPUT cell with the stamp: k² C_in C_out H_in W_in
    (
        "ConvTranspose2d",
        {"in_channels": 64, "out_channels": 32, "kernel_size": 2, "stride": 2},
        (1, 64, 28, 28),
        (1, 32, 56, 56),
        [(64, 32, 2, 2), (32,)],
        6_422_528,
    ),
    # the dense layer acts on the last axis: 2,101,248 weights, not 102,764,544
    (
        "Linear",
        {"in_features": 512, "out_features": 4096},
        (7, 7, 512),
        (7, 7, 4096),
        [(4096, 512), (4096,)],
        102_760_448,
    ),
    # Keras notes: Conv2D(16, 2×2) on 224×224×3, MaxPooling 2×2, Dense(133) without Flatten: 208 + 0 + 2,261
    (
        "Conv2d",
        {"in_channels": 3, "out_channels": 16, "kernel_size": 2},
        (3, 224, 224),
        (16, 223, 223),
        [(16, 3, 2, 2), (16,)],
        9_547_968,
    ),
    ("MaxPool2d", {"kernel_size": 2}, (16, 223, 223), (16, 111, 111), [], 0),
    (
        "Linear",
        {"in_features": 16, "out_features": 133},
        (111, 111, 16),
        (111, 111, 133),
        [(133, 16), (133,)],
        26_219_088,
    ),
    # pooling keeps the channels and learns nothing; its comparisons are no MACs
    ("AvgPool2d", {"kernel_size": 2, "stride": 2}, (1, 6, 28, 28), (1, 6, 14, 14), [], 0),
    ("AdaptiveAvgPool2d", {"output_size": 1}, (1, 512, 7, 7), (1, 512, 1, 1), [], 0),
    ("Flatten", {}, (1, 16, 5, 5), (1, 400), [], 0),
    ("ReLU", {}, (1, 500), (1, 500), [], 0),
]


@pytest.mark.parametrize(("layer", "arguments", "input", "output", "weights", "macs"), COUNTS)
def test_counts(layer: str, arguments: Any, input: Any, output: Any, weights: Any, macs: int) -> None:
    """Output shape, the shape of each weight in order, and multiply-adds."""
    built = calc.layer(layer, **arguments)

    assert output == built(input)
    assert weights == [weight.shape for weight in built.weights()]
    assert ["weight", "bias"][: len(weights)] == [weight.name for weight in built.weights()]
    assert macs == built.macs(input)


PARAMS = [
    # (K, C_i, C_o, K² C_i C_o + C_o)
    (5, 1, 20, 520),
    (5, 20, 50, 25_050),
    (2, 3, 16, 208),
    (3, 384, 384, 1_327_488),
    (11, 1, 96, 11_712),
    (1, 192, 64, 12_352),
]


@pytest.mark.parametrize(("k", "c_in", "c_out", "params"), PARAMS)
def test_convolution_parameters(k: int, c_in: int, c_out: int, params: int) -> None:
    """K² C_i C_o weights and C_o biases, whichever way the window moves."""
    assert params == calc.layer("Conv2d", in_channels=c_in, out_channels=c_out, kernel_size=k).params
    assert params == calc.layer("ConvTranspose2d", in_channels=c_in, out_channels=c_out, kernel_size=k, stride=2).params


CAFFE = [
    # (name, output, parameters, receptive field): maps of 24, 12 (not 13), 8 and 4
    ("conv1", (1, 20, 24, 24), 520, (5, 5)),
    ("pool1", (1, 20, 12, 12), 0, (6, 6)),
    ("conv2", (1, 50, 8, 8), 25_050, (14, 14)),
    ("pool2", (1, 50, 4, 4), 0, (16, 16)),
    ("flatten", (1, 800), 0, (16, 16)),
    ("ip1", (1, 500), 400_500, None),
    ("relu1", (1, 500), 0, None),
    ("ip2", (1, 10), 5_010, None),
]

TEXTBOOK = [
    ("conv1", (1, 6, 28, 28), 156, (5, 5)),
    ("act1", (1, 6, 28, 28), 0, (5, 5)),
    ("pool1", (1, 6, 14, 14), 0, (6, 6)),
    ("conv2", (1, 16, 10, 10), 2_416, (14, 14)),
    ("act2", (1, 16, 10, 10), 0, (14, 14)),
    ("pool2", (1, 16, 5, 5), 0, (16, 16)),
    ("flatten", (1, 400), 0, (16, 16)),
    ("fc1", (1, 120), 48_120, None),
    ("act3", (1, 120), 0, None),
    ("fc2", (1, 84), 10_164, None),
    ("act4", (1, 84), 0, None),
    ("fc3", (1, 10), 850, None),
]


@pytest.mark.parametrize(("name", "table", "total"), [("LeNet5Caffe", CAFFE, 431_080), ("LeNet5", TEXTBOOK, 61_706)])
def test_lenet_layer_by_layer(name: str, table: Any, total: int) -> None:
    """Every row of both networks, and rows that add up to the network's own count."""
    rows = list(network(name).rows((1, 1, 28, 28)))

    assert table == [(row.name, row.out, row.params, row.receptive_field) for row in rows]
    assert total == network(name).params == sum(row.params for row in rows)
    assert network(name).macs((1, 1, 28, 28)) == sum(row.macs for row in rows)


def test_lenet_weights_and_biases_apart() -> None:
    """Caffe's LeNet-5 has 430,500 weights and 580 biases."""
    sizes = {weight.name: weight.size for weight in network("LeNet5Caffe").weights()}

    assert [size for name, size in sizes.items() if name.endswith("weight")] == [500, 25_000, 400_000, 5_000]
    assert [size for name, size in sizes.items() if name.endswith("bias")] == [20, 50, 500, 10]


def test_lenet_in_bytes() -> None:
    """1,724,320 B are 1,683.90625 KiB; the Caffe file has 1,725,025 B, the rest is metadata."""
    size = bytes_of(network("LeNet5Caffe").params)

    assert (size, in_unit(size, "KiB"), in_unit(size, "MiB", 2)) == (1_724_320, "1,683.90625 KiB", "1.64 MiB")
    assert 1_725_025 - size == 705


def test_most_of_lenet_is_dense() -> None:
    """Over 90 % of the parameters are in the dense block, in both versions."""
    for name, dense in (("LeNet5", ("fc1", "fc2", "fc3")), ("LeNet5Caffe", ("ip1", "ip2"))):
        rows = list(network(name).rows((1, 1, 28, 28)))

        assert Fraction(9, 10) < Fraction(sum(row.params for row in rows if row.name in dense), network(name).params)


def test_lenet_without_padding() -> None:
    """Images of 32 by 32 without padding meet the same layers; 28 by 28 without padding do not fit."""
    assert network("LeNet5", padding=0)((1, 1, 32, 32)) == (1, 10)
    with pytest.raises(calc.CalcError, match="at fc1 it does not") as caught:
        network("LeNet5", padding=0)((1, 1, 28, 28))
    assert caught.value.knob == "input"


def test_a_dense_layer_is_a_convolution_over_the_whole_map() -> None:
    """As many weights and as many multiply-adds, for any map."""
    for channels, height, width, out in ((50, 4, 4, 500), (16, 5, 5, 120), (3, 2, 7, 11)):
        conv = calc.layer("Conv2d", in_channels=channels, out_channels=out, kernel_size=(height, width))
        dense = calc.layer("Linear", in_features=channels * height * width, out_features=out)

        assert dense.params == conv.params
        assert dense.macs((1, channels * height * width)) == conv.macs((1, channels, height, width))


def test_costs_say_what_is_not_counted() -> None:
    """Bias additions and comparisons are listed under their own unit and left out of the MACs."""
    conv = calc.layer("Conv2d", in_channels=3, out_channels=8, kernel_size=3)
    pool = calc.layer("MaxPool2d", kernel_size=2)

    assert {cost.unit: cost.amount for cost in conv.costs((1, 3, 8, 8))} == {"MAC": 8 * 36 * 27, "addition": 8 * 36}
    assert {cost.unit: cost.amount for cost in pool.costs((1, 3, 8, 8))} == {"comparison": 3 * 16 * 3}


def test_two_ways_to_pad_same() -> None:
    """Stride 2 on 224: padding=1 gives 112 as Keras's 'same' does, but PyTorch has no 'same' with a stride."""
    assert calc.layer("Conv1d", in_channels=1, out_channels=1, kernel_size=3, stride=2, padding=1)((1, 1, 224)) == (
        1,
        1,
        112,
    )
    with pytest.raises(calc.CalcError, match="needs stride 1"):
        calc.layer("Conv1d", in_channels=1, out_channels=1, kernel_size=3, stride=2, padding="same")
