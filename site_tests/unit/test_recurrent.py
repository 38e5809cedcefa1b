"""Recurrent layers and embeddings: the counts of the notes, every framework's tensors, the text of each refusal."""

from __future__ import annotations

import re
from pathlib import Path
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


SIZES: dict[str, Any] = {"input_size": 3, "hidden_size": 4}
BAG: dict[str, Any] = {"num_embeddings": 5, "embedding_dim": 2}

BUILDING = [
    ("RNN", {**SIZES, "hidden_size": 0}, "hidden_size (=0) must be at least 1; try 1."),
    ("RNN", {**SIZES, "nonlinearity": "sin"}, "nonlinearity (='sin') must be 'tanh' or 'relu'; try 'tanh'."),
    ("GRU", {**SIZES, "dropout": 1.5}, "dropout (=1.5) must be from 0 to 1; try 0.5."),
    ("LSTM", {**SIZES, "proj_size": 4}, "proj_size (=4) must be less than hidden_size (=4); try 3."),
    ("LSTM", {**SIZES, "proj_size": -1}, "proj_size (=-1) must be at least 0; try 0."),
    ("LSTMCell", {**SIZES, "input_size": -1}, "input_size (=-1) must be at least 0; try 0."),
    ("Embedding", {**BAG, "padding_idx": 5}, "padding_idx (=5) must be from -5 to 4, the rows of the table; try 0."),
    ("Embedding", {**BAG, "max_norm": 1.0, "norm_type": -1}, "norm_type (=-1) must be at least 0; try 2.0."),
    ("keras.LSTM", {"units": 0}, "units (=0) must be at least 1; try 1."),
    (
        "keras.Bidirectional",
        {"layer": {"class": "LSTM", "units": 3, "go_backwards": True}},
        "layer (='LSTM(3, go_backwards=True)') must read forward; leave out go_backwards.",
    ),
    (
        "keras.ConvLSTM2D",
        {"filters": 1, "kernel_size": 2, "strides": (1, 2), "dilation_rate": (2, 1)},
        "dilation_rate (=(2, 1)) must be 1 where strides (=(1, 2)) are above 1; set strides=1 or dilation_rate=1.",
    ),
    ("tf1.GRUCell", {"num_units": 0}, "num_units (=0) must be at least 1; try 1."),
    ("flax.GRUCell", {"features": -2}, "features (=-2) must be at least 1; try 1."),
]


@pytest.mark.parametrize(("name", "arguments", "text"), BUILDING)
def test_refused_when_built(name: str, arguments: dict[str, Any], text: str) -> None:
    """The argument, its value, the rule, the way out."""
    with pytest.raises(calc.CalcError, match=f"^{re.escape(f'{name}: {text}')}$"):
        calc.layer(name, **arguments)


CALLING = [
    # (layer, arguments, call, text)
    ("RNN", SIZES, {"input": (3,)}, "input (=(3,)) must have 3 axes, or 2 without a batch, and has 1; write (5, 3) "
     "for 5 steps."),
    ("RNN", SIZES, {"input": (5, 2)}, "input (=(5, 2)) must end in input_size (=3), and its last axis is 2; set "
     "input_size=2."),
    ("GRU", SIZES, {"input": (0, 2, 3)}, "input (=(0, 2, 3)) must have at least one step; give it a sequence of 1 step "
     "or more."),
    ("GRU", SIZES, {"input": (5, 2, 3), "hx": (2, 1, 4)}, "hx (=(2, 1, 4)) must have the shape (1, 2, 4); leave it out "
     "for zeros."),
    ("LSTM", SIZES, {"input": (5, 3), "hx": ((1, 4),)}, "hx (=((1, 4),)) must be the shapes of h and c, ((1, 4), "
     "(1, 4)); leave it out for zeros."),
    ("RNNCell", SIZES, {"input": (2, 3, 3)}, "input (=(2, 3, 3)) must have 2 axes, or 1 without a batch, and has 3; "
     "write (1, 3)."),
    ("RNNCell", {**SIZES, "nonlinearity": "sin"}, {"input": (3,)}, "nonlinearity (='sin') must be 'tanh' or 'relu'; "
     "try 'tanh'."),
    ("LSTMCell", SIZES, {"input": (2, 3), "hx": ((2, 4), (4,))}, "hx (=((2, 4), (4,))) must be the shapes of h and c, "
     "((2, 4), (2, 4)); leave it out for zeros."),
    ("Embedding", {**BAG, "num_embeddings": 0}, {"input": (1,)}, "num_embeddings (=0) must be at least 1 to look up an "
     "index; try 1."),
    ("Embedding", BAG, {"input": "float32[2, 3]"}, "input (='float32[2, 3]') must hold whole numbers, and is float32; "
     "make it int64."),
    ("EmbeddingBag", BAG, {"input": (4,)}, "input (=(4,)) needs offsets where it has 1 axis; give offsets, or write "
     "(1, 4)."),
    ("EmbeddingBag", BAG, {"input": (4,), "offsets": (0,)}, "offsets (=(0,)) must make at least one bag for the "
     "indices; let a bag begin at 0."),
    ("EmbeddingBag", {**BAG, "mode": "max", "sparse": True}, {"input": (2, 4)}, "sparse (=True) must be False with "
     "mode 'max'; leave out sparse."),
    ("EmbeddingBag", BAG, {"input": (2, 4), "per_sample_weights": (2, 4)}, "per_sample_weights (=(2, 4)) needs mode "
     "'sum'; set mode='sum' or leave them out."),
    ("keras.GRU", {"units": 3}, {"input": (2, 3)}, "input (=(2, 3)) must have 3 axes, and has 2; write (1, 10, 32)."),
    ("keras.ConvLSTM2D", {"filters": 0, "kernel_size": 1}, {"input": (1, 2, 3, 3, 1)}, "filters (=0) must be at least "
     "1; try 1."),
    ("keras.TimeDistributed", {"layer": {"class": "Dense", "units": 3}}, {"input": (4, 5)}, "input (=(4, 5)) must have "
     "at least 3 axes, and has 2; write (1, 10, 32)."),
    ("tf1.LSTMCell", {"num_units": 3}, {"inputs": (2, 4), "state": ((2, 3),)}, "state (=((2, 3),)) must have the shape "
     "((2, 3), (2, 3)); leave it out."),
    ("flax.GRUCell", {"features": 3}, {"inputs": (2, 4), "carry": (3,)}, "carry (=(3,)) must have the shape (2, 3); "
     "leave it out."),
]  # fmt: skip


@pytest.mark.parametrize(("name", "arguments", "call", "text"), CALLING)
def test_refused_when_called(name: str, arguments: dict[str, Any], call: dict[str, Any], text: str) -> None:
    """The layer can be built, and its weights be asked for."""
    layer = calc.layer(name, **arguments)

    with pytest.raises(calc.CalcError, match=f"^{re.escape(f'{name}: {text}')}$"):
        layer(**call)


def test_the_picture_says_what_it_shows() -> None:
    """Cells in both directions, and the words for those who cannot see it."""
    layer = calc.layer("LSTM", input_size=3, hidden_size=4, num_layers=2, bidirectional=True)
    picture = layer.picture((9, 1, 3))

    for kind in ("first", "second"):  # two layers at four steps, and the key
        assert picture.count(f'<rect class="cell {kind}"') == 2 * 4 + 1
    assert "at each of 9 steps" in picture
    assert "4 sets of weights" in picture


@pytest.mark.parametrize("layers", [1, 3, 4, 90])
def test_a_tall_stack_keeps_its_picture_small(layers: int) -> None:
    """Of many layers the first and the last are drawn."""
    picture = calc.layer("RNN", input_size=3, hidden_size=4, num_layers=layers).picture((2, 1, 3))

    assert f">layer {layers - 1}</text>" in picture
    assert picture.count('<rect class="cell first"') == 2 * min(layers, 3 if layers == 3 else 2) + 1


def test_the_picture_of_a_table_marks_the_rows_that_are_copied() -> None:
    """Two rows of the table and two of the output, and none where there are none."""
    whole = calc.layer("Embedding", num_embeddings=9, embedding_dim=3).picture((2, 2))
    empty = calc.layer("Embedding", num_embeddings=1, embedding_dim=3).picture((0,))

    assert whole.count("data first") == whole.count("data second") == 2 * 3
    assert "data first" not in empty


def page(name: str) -> str:
    text = (Path(__file__).parents[2] / "docs" / "en" / f"{name}.md").read_text(encoding="utf-8")
    return text.replace("{,}", ",")


def test_the_page_prints_these_counts() -> None:
    """Every count of the tables above, and the cost of an LSTM by other rules."""
    step = calc.layer("LSTM", input_size=128, hidden_size=256)
    products = step.macs((10, 128))
    # Both biases; thop's 16m and ptflops' 18m a step, which their sources add up and their rows in the set confirm.
    others = [10 * step.params, products + 10 * 16 * 256, products + 10 * 18 * 256]

    assert others == [3_952_640, 3_973_120, 3_978_240]
    counts = [count for _, _, each in COUNTS for count in each] + [params for *_, params in TF1 + GRUS]
    for number in (*counts, products, *others, 49_280):
        assert f"{number:,}" in page("recurrent"), number


def test_steps_cost_work_and_no_parameters() -> None:
    """640 in Keras and 680 in PyTorch on any number of steps; 600 multiply-adds on each."""
    layer = calc.layer("LSTM", input_size=5, hidden_size=10)

    assert (keras_params("LSTM", 5, units=10), layer.params) == (640, 680)
    assert [600, 7_800] == [layer.macs((steps, 5)) for steps in (1, 13)]
    for words in ("+ 10) = 640`$ parameters", "has 680, which is 4 · 10", "600 MACs on one, 7,800 on 13"):
        assert words in page("recurrent"), words


POWERS = [
    # (number, exponent, as printed)
    (0.9, 10, "0.3487"),
    (0.9, 50, "0.00515"),
    (0.9, 100, "0.0000266"),
    (1.1, 10, "2.594"),
    (1.1, 50, "117.4"),
    (1.1, 100, "13,781"),
]


@pytest.mark.parametrize(("base", "exponent", "printed"), POWERS)
def test_the_page_prints_these_powers(base: float, exponent: int, printed: str) -> None:
    """The table of vanishing and exploding gradients, to the digits shown."""
    assert float(printed.replace(",", "")) == pytest.approx(base**exponent, rel=2e-3)
    assert f"| {printed} |" in page("recurrent")


def test_the_page_about_embeddings_prints_these_counts() -> None:
    """A table is V·d, a tied head has the same tensor, a lookup costs nothing."""
    table = calc.layer("Embedding", num_embeddings=50_257, embedding_dim=768)
    head = calc.layer("Linear", in_features=768, out_features=50_257, bias=False)

    assert (table.params, table.macs((1, 1024)), head.macs((1, 768))) == (38_597_376, 0, 38_597_376)
    assert table.weights()[0].shape == head.weights()[0].shape
    assert 163_037_184 - table.params == 124_439_808
    for number in (38_597_376, 124_439_808, 163_037_184, 1024 * 768, 512 * 768):
        assert f"{number:,}" in page("embedding")


BAGS = [
    # (arguments, call, output) as the page's table has them
    ({}, {"input": (8, 5)}, (8, 64)),
    ({}, {"input": (40,), "offsets": (8,)}, (8, 64)),
    ({"include_last_offset": True}, {"input": (40,), "offsets": (8,)}, (7, 64)),
]


@pytest.mark.parametrize(("arguments", "call", "output"), BAGS)
def test_bags_become_rows(arguments: dict[str, Any], call: dict[str, Any], output: tuple[int, int]) -> None:
    """One row for each bag, however the bags are given."""
    assert calc.layer("EmbeddingBag", num_embeddings=1000, embedding_dim=64, **arguments)(**call) == output
