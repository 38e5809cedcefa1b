"""Figures of widely used study notes: a memo on TensorFlow 1 (B)."""

from __future__ import annotations

import pytest

import calc
from calc.layer_base import Shape
from site_tests.unit.facts import called, shapes_of, sizes


def test_b1_dense() -> None:
    """B1: [batch, n_features] to [batch, n_units] with n_features·n_units weights, and n_units more with bias."""
    dense = called("keras.Dense", (7, 32), units=64)

    assert dense((7, 32)) == (7, 64)
    assert {"kernel": (32, 64), "bias": (64,)} == shapes_of(dense)
    assert called("keras.Dense", (7, 32), units=64, use_bias=False).params == 32 * 64


def test_b2_convolution_along_a_sequence() -> None:
    """B2: [batch, max_steps, n_features] to [batch, new_steps, n_filters], kernel [kernel_w, n_features, n_filters]."""
    conv = called("keras.Conv1D", (7, 20, 32), filters=64, kernel_size=5)

    assert conv((7, 20, 32)) == (7, 16, 64)
    assert {"kernel": (5, 32, 64), "bias": (64,)} == shapes_of(conv)
    assert conv.params == 5 * 32 * 64 + 64


CONVOLUTIONS = [("keras.Conv2D", (3, 5), (9, 9, 4)), ("keras.Conv3D", (3, 5, 2), (9, 9, 9, 4))]


@pytest.mark.parametrize(("name", "kernel", "inside"), CONVOLUTIONS)
def test_b3_convolutions_over_images_and_volumes(name: str, kernel: Shape, inside: Shape) -> None:
    """B3: kernel [k_h, k_w, c_in, c_out] on channels that stand last; the product, and c_out more with bias."""
    conv = called(name, (1, *inside), filters=6, kernel_size=kernel)
    places = tuple(n - k + 1 for n, k in zip(inside, kernel, strict=False))

    assert conv((1, *inside)) == (1, *places, 6)
    assert {"kernel": (*kernel, 4, 6), "bias": (6,)} == shapes_of(conv)


CELLS = [
    ("B4: h = f(U x + W h + b)", "BasicRNNCell", {"kernel": (96, 64), "bias": (64,)}, 6_208),
    ("B5: four gates", "BasicLSTMCell", {"kernel": (96, 256), "bias": (256,)}, 24_832),
    ("B5: four gates", "LSTMCell", {"kernel": (96, 256), "bias": (256,)}, 24_832),
    (
        "B6: two gates and a candidate",
        "GRUCell",
        {
            "gates/kernel": (96, 128),
            "gates/bias": (128,),
            "candidate/kernel": (96, 64),
            "candidate/bias": (64,),
        },
        18_624,
    ),
]


@pytest.mark.parametrize(("row", "name", "weights", "params"), CELLS)
def test_b4_b5_b6_cells_of_tensorflow_1(row: str, name: str, weights: dict[str, Shape], params: int) -> None:
    """B4, B5, B6: 32 features and 64 units in one kernel, because TensorFlow 1 joins input and state."""
    cell = calc.layer(f"tf1.{name}", num_units=64)
    kept = {each.name: each.shape for each in cell.weights_on(*((1, 32) for _ in cell.required_inputs()))}

    assert weights == kept, row
    assert sum(each.size for each in cell.weights_on(*((1, 32) for _ in cell.required_inputs()))) == params


def test_b6_two_bias_vectors_of_a_gru() -> None:
    """B6: 6·n_units of bias in Keras and PyTorch, 3·n_units with reset_after=False."""
    shape, units = (1, 10, 32), 64
    biases = {
        "Keras": sizes(called("keras.GRU", shape, units=units).weights(), "bias"),
        "before": sizes(called("keras.GRU", shape, units=units, reset_after=False).weights(), "bias"),
    }
    torch = calc.layer("GRU", input_size=32, hidden_size=units)

    assert {"Keras": [6 * units], "before": [3 * units]} == biases
    assert sum(weight.size for weight in torch.weights() if weight.name.startswith("bias")) == 6 * units
    assert called("keras.GRU", shape, units=units, reset_after=False).params == 18_624


@pytest.mark.parametrize("kind", ["SimpleRNN", "LSTM", "GRU"])
def test_b7_both_directions_have_twice_the_parameters(kind: str) -> None:
    """B7: twice, in Keras and in PyTorch."""
    one = called(f"keras.{kind}", (1, 10, 32), units=64)
    both = called("keras.Bidirectional", (1, 10, 32), layer={"class": kind, "units": 64})
    torch = {"SimpleRNN": "RNN"}.get(kind, kind)
    arguments = {"input_size": 32, "hidden_size": 64}

    assert both.params == 2 * one.params
    assert calc.layer(torch, **arguments, bidirectional=True).params == 2 * calc.layer(torch, **arguments).params
