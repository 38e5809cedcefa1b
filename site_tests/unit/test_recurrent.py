"""Recurrent layers: the counts of the notes, and every framework's tensors."""

from __future__ import annotations

from typing import Any

import pytest

import calc
from calc.conventions import roles

TF1 = [
    # (cell, tensors, parameters) for n_features = 32 and n_units = 64
    ("BasicRNNCell", {"kernel": (96, 64), "bias": (64,)}, 6_208),
    ("BasicLSTMCell", {"kernel": (96, 256), "bias": (256,)}, 24_832),
    ("LSTMCell", {"kernel": (96, 256), "bias": (256,)}, 24_832),
    (
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


@pytest.mark.parametrize(("cell", "tensors", "params"), TF1)
def test_tensorflow_1_keeps_input_and_state_in_one_kernel(
    cell: str, tensors: dict[str, tuple[int, ...]], params: int
) -> None:
    """A kernel has n + m rows, and a GRU has two kernels."""
    layer = calc.layer(f"tf1.{cell}", num_units=64)

    assert layer((7, 32))[0] == (7, 64)
    assert (dict(layer.weights()), layer.params) == (tensors, params)


def test_peepholes_and_projection_of_tensorflow_1() -> None:
    """Three vectors, and a matrix that shortens the output; the kernel then has fewer rows."""
    layer = calc.layer("tf1.LSTMCell", num_units=64, use_peepholes=True, num_proj=16)

    assert layer((7, 32)) == ((7, 16), (7, 64), (7, 16))
    assert dict(layer.weights()) == {
        "kernel": (48, 256),
        "bias": (256,),
        "w_f_diag": (64,),
        "w_i_diag": (64,),
        "w_o_diag": (64,),
        "projection/kernel": (64, 16),
    }


FLAX = {
    # as Flax 0.12.8 makes them for n = 128 and features = 256
    "SimpleCell": (98_560, ["i/kernel", "i/bias", "h/kernel"]),
    "LSTMCell": (394_240, [f"{name}" for g in "ifgo" for name in (f"i{g}/kernel", f"h{g}/kernel", f"h{g}/bias")]),
    "GRUCell": (
        295_936,
        ["ir/kernel", "ir/bias", "hr/kernel", "iz/kernel", "iz/bias", "hz/kernel"]
        + ["in/kernel", "in/bias", "hn/kernel", "hn/bias"],
    ),
}


@pytest.mark.parametrize("cell", FLAX)
def test_flax_has_a_small_dense_layer_for_each_gate(cell: str) -> None:
    """Names in the order in which the cell makes them."""
    layer = calc.layer(f"flax.{cell}", features=256)
    layer((3, 128))
    params, names = FLAX[cell]

    assert layer.params == params
    assert [weight.name for weight in layer.weights()] == names
    assert {weight.shape for weight in layer.weights()} == {(128, 256), (256, 256), (256,)}


def test_flax_lstms_have_the_same_tensors() -> None:
    """The optimized one differs in how it multiplies."""
    plain, optimized = (calc.layer(f"flax.{name}", features=6) for name in ("LSTMCell", "OptimizedLSTMCell"))

    assert plain.weights_on((1, 4)) == optimized.weights_on((1, 4))


def keras_params(name: str, n: int, **arguments: Any) -> int:
    layer = calc.layer(f"keras.{name}", **arguments)
    layer((1, 10, n))
    return layer.params


def test_an_lstm_of_the_notes_has_640_parameters() -> None:
    """4((n + m)m + m) for n = 5 and m = 10, whatever the number of steps is."""
    assert {keras_params("LSTM", 5, units=10), 4 * ((5 + 10) * 10 + 10)} == {640}
    layer = calc.layer("keras.LSTM", units=10)
    assert {layer((1, steps, 5)) for steps in (1, 13, 1000)} == {(1, 10)}
    assert layer.params == 640


def test_an_rnn_of_the_notes_has_49280_parameters() -> None:
    """U is 256 × 128, W is 128 × 128, b has 128 numbers; PyTorch has another 128."""
    assert keras_params("SimpleRNN", 256, units=128) == 256 * 128 + 128 * 128 + 128 == 49_280
    assert calc.layer("RNN", input_size=256, hidden_size=128).params == 49_280 + 128


GRUS = [
    # (framework, arguments, parameters) for n = 128 and m = 256: 3m(n + m) and 3, 4 or 6 times m
    ("keras.GRU", {"units": 256, "reset_after": False}, 295_680),
    ("tf1.GRUCell", {"num_units": 256}, 295_680),
    ("flax.GRUCell", {"features": 256}, 295_936),
    ("keras.GRU", {"units": 256}, 296_448),
]


@pytest.mark.parametrize(("name", "arguments", "params"), GRUS)
def test_a_gru_has_four_bias_conventions(name: str, arguments: dict[str, Any], params: int) -> None:
    """3m, 4m or 6m offsets; PyTorch has as many as Keras."""
    layer = calc.layer(name, **arguments)
    layer((1, 10, 128) if name == "keras.GRU" else (1, 128))

    assert layer.params == params
    assert calc.layer("GRU", input_size=128, hidden_size=256).params == 296_448


def test_two_directions_have_twice_the_parameters() -> None:
    """Both cells are equal, in every framework."""
    for name in ("RNN", "LSTM", "GRU"):
        one, two = (calc.layer(name, input_size=32, hidden_size=64, bidirectional=both) for both in (False, True))
        assert two.params == 2 * one.params
    inner = {"class": "LSTM", "units": 64}
    assert keras_params("Bidirectional", 32, layer=inner) == 2 * keras_params("LSTM", 32, units=64)


def test_products_are_counted_over_steps_layers_and_directions() -> None:
    """What PyTorch's counter says on the meta device, as a sum of matrix products."""
    layer = calc.layer("LSTM", input_size=128, hidden_size=256)
    both = calc.layer("LSTM", input_size=8, hidden_size=4, num_layers=3, bidirectional=True, proj_size=2)

    assert layer.macs((10, 128)) == 10 * 4 * 256 * (128 + 256) == 3_932_160
    first, deeper = 16 * (8 + 2) + 2 * 4, 16 * (4 + 2) + 2 * 4
    assert both.macs((5, 3, 8)) == 5 * 3 * 2 * (first + 2 * deeper)


def shown(name: str, **arguments: Any) -> dict[str, Any]:
    """The versions of a layer by framework, and the layer's remarks."""
    layer = calc.layer(name, **arguments)
    found = layer.conventions((1, arguments["input_size"]))
    assert found is not None
    return {version.framework: version for version in found.versions}


COUNTS = [
    # (layer, gates, parameters in PyTorch, Keras, TensorFlow 1, Flax) for n = 128 and m = 256
    ("RNN", 1, (98_816, 98_560, 98_560, 98_560)),
    ("LSTM", 4, (395_264, 394_240, 394_240, 394_240)),
    ("GRU", 3, (296_448, 296_448, 295_680, 295_936)),
]


@pytest.mark.parametrize("kind", ["", "Cell"])
@pytest.mark.parametrize(("name", "gates", "counts"), COUNTS)
def test_every_convention_side_by_side(name: str, gates: int, counts: tuple[int, ...], kind: str) -> None:
    """One configuration in four frameworks, in which equal roles hold as many numbers but for the biases."""
    versions = shown(name + kind, input_size=128, hidden_size=256)

    assert list(versions) == ["PyTorch", "Keras", "TensorFlow 1", "Flax"]
    assert tuple(sum(weight.size for weight in each.weights) for each in versions.values()) == counts
    for version in versions.values():
        matrices = sum(weight.size for weight in version.weights if len(weight.shape) == 2 and weight.shape[0] != 2)
        assert matrices == gates * 256 * (128 + 256)
        assert {role for weight in version.weights for role in roles(weight)} <= {
            "input weights",
            "recurrent weights",
            "bias",
            "second bias",
        }


def test_a_stack_is_set_out_cell_by_cell() -> None:
    """Layers and directions have rows of their own, and Keras's count is that of its snippet."""
    versions = shown("GRU", input_size=3, hidden_size=4, num_layers=2, bidirectional=True)
    names = [weight.name for weight in versions["TensorFlow 1"].weights]

    assert versions["Keras"].call == "2 × Bidirectional(GRU(4, return_sequences=True))"
    assert names[:2] == ["fw/cell_0/gates/kernel", "fw/cell_0/gates/bias"]
    assert len(names) == 2 * 2 * 4
    assert versions["PyTorch"].weights[0].role == "layer 0, forward: input weights"


def test_only_tensorflow_1_projects_too() -> None:
    """Where a state is projected, the others have no version."""
    versions = shown("LSTM", input_size=3, hidden_size=4, proj_size=2)

    assert list(versions) == ["PyTorch", "TensorFlow 1"]
    assert [sum(weight.size for weight in each.weights) for each in versions.values()] == [3 * 16 + 2 * 16 + 40, 104]
