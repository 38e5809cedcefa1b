"""The text of every refusal of Keras's dense layers, normalizations, reshapes, merges, dropouts and activations."""

from __future__ import annotations

from typing import Any

import pytest

import calc

BUILDING: list[tuple[str, dict[str, Any], str, str]] = [
    # (layer, arguments, knob, text): refused when the layer is built, as Keras does
    ("Dense", {"units": 0}, "units", "units (=0) must be at least 1; try 1."),
    ("Dense", {"units": 2.5}, "units", "units (=2.5) must be a whole number; write 2."),
    (
        "Dense",
        {"units": 3, "activation": "rellu"},
        "activation",
        "activation (='rellu') must be one of the 30 functions that keep a shape, by its Keras name; try relu.",
    ),
    (
        "Dense",
        {"units": 3, "activation": "threshold"},
        "activation",
        "activation (='threshold') must be one of the 30 functions that keep a shape, by its Keras name; try relu.",
    ),
    (
        "GroupNormalization",
        {"groups": 0},
        "groups",
        "groups (=0) must be at least 1, or -1 for one group for each channel; try 1.",
    ),
    (
        "Flatten",
        {"data_format": "channel_last"},
        "data_format",
        "data_format (='channel_last') must be one of 'channels_last', 'channels_first'; try channels_last.",
    ),
    (
        "Reshape",
        {"target_shape": (-1, -1)},
        "target_shape",
        "target_shape (=(-1, -1)) must have -1 at most once; give the other axes their sizes.",
    ),
    (
        "Reshape",
        {"target_shape": (-2, 3)},
        "target_shape",
        "target_shape (=(-2, 3)) must not have a number below -1; write -1 for what is left.",
    ),
    (
        "Reshape",
        {"target_shape": 6},
        "target_shape",
        "target_shape (=6) must be a shape, one number for each axis; write (1, 3, 224, 224).",
    ),
    (
        "Permute",
        {"dims": (0, 1)},
        "dims",
        "dims (=(0, 1)) must hold each of 1, 2, … once, and nothing else; try (2, 1).",
    ),
    ("Permute", {"dims": 1}, "dims", "dims (=1) must hold each of 1, 2, … once, and nothing else; try (2, 1)."),
    ("RepeatVector", {"n": 0}, "n", "n (=0) must be at least 1; try 1."),
    ("Dropout", {"rate": 1.5}, "rate", "rate (=1.5) must be from 0 to 1; try 0.5."),
    (
        "Dropout",
        {"rate": 0.5, "noise_shape": (0, 1)},
        "noise_shape",
        "noise_shape (=(0, 1)) must hold numbers of at least 1, or None; write 1 or None.",
    ),
    ("Dropout", {"rate": 0.5, "noise_shape": 3}, "noise_shape", "noise_shape (=3) must be a tuple; write (3,)."),
    ("GaussianNoise", {"stddev": 2}, "stddev", "stddev (=2) must be from 0 to 1; try 0.5."),
    ("ReLU", {"max_value": -1}, "max_value", "max_value (=-1) must be at least 0; try 0."),
    ("LeakyReLU", {"negative_slope": -0.5}, "negative_slope", "negative_slope (=-0.5) must be at least 0; try 0."),
    (
        "Dot",
        {"axes": (1,)},
        "axes",
        "axes (=(1,)) must be one number or 2, one for each input, and has 1; write (2, 1).",
    ),
    (
        "Activation",
        {"activation": "relu7"},
        "activation",
        "activation (='relu7') must be one of the 30 functions that keep a shape, by its Keras name; try relu.",
    ),
    (
        "BatchNormalization",
        {"axis": (1, 2)},
        "axis",
        "axis (=(1, 2)) must be a whole number; write a whole number such as 3.",
    ),
]


@pytest.mark.parametrize(("layer", "arguments", "knob", "text"), BUILDING)
def test_what_cannot_be_built_is_explained(layer: str, arguments: dict[str, Any], knob: str, text: str) -> None:
    """The sentence is exact, and `knob` names the argument for the form."""
    with pytest.raises(calc.CalcError) as caught:
        calc.layer(f"keras.{layer}", **arguments)

    assert (f"keras.{layer}: {text}", knob) == (str(caught.value), caught.value.knob)


CALLING: list[tuple[str, dict[str, Any], tuple[Any, ...], str, str]] = [
    # (layer, arguments, input, knob, text): refused when the layer is called
    ("Dense", {"units": 3}, (784,), "input", "input (=(784,)) must have a batch axis and features; write (1, 784)."),
    ("Dense", {"units": 3, "lora_rank": -1}, (1, 784), "lora_rank", "lora_rank (=-1) must be at least 0; try 0."),
    (
        "BatchNormalization",
        {"axis": 3},
        (2, 3, 4),
        "axis",
        "axis (=3) must name axes from -3 to 2 of an input with 3 axes; write -1 for the last.",
    ),
    (
        "BatchNormalization",
        {"axis": 0},
        (2, 3, 4),
        "axis",
        "axis (=0) must leave the batch axis out; write -1 for the last.",
    ),
    ("BatchNormalization", {}, (3,), "axis", "axis (=-1) must leave the batch axis out; give the input a second axis."),
    (
        "LayerNormalization",
        {"axis": (1, -2)},
        (2, 3, 4),
        "axis",
        "axis (=(1, -2)) must name each axis once; write (1,).",
    ),
    ("LayerNormalization", {"axis": ()}, (2, 3, 4), "axis", "axis (=()) must name an axis; write -1 for the last."),
    (
        "GroupNormalization",
        {},
        (2, 8, 8, 16),
        "groups",
        "groups (=32) must divide the 16 channels, which are axis 3; try 1, or -1 for one group for each channel.",
    ),
    (
        "GroupNormalization",
        {"groups": 3},
        (2, 8, 8, 16),
        "groups",
        "groups (=3) must divide the 16 channels, which are axis 3; try 1, or -1 for one group for each channel.",
    ),
    (
        "GroupNormalization",
        {"groups": -1},
        (2, 0, 8, 16),
        "input",
        "input (=(2, 0, 8, 16)) must have at least 1 cell along axis 1; only the batch may be empty.",
    ),
    (
        "RMSNormalization",
        {"axis": 1},
        (2, 8, 16),
        "axis",
        "axis (=1) must name the last axes in their order: Keras multiplies the scale along those whatever axis says; "
        "write -1.",
    ),
    (
        "UnitNormalization",
        {"axis": 4},
        (2, 8),
        "axis",
        "axis (=4) must name axes from -2 to 1 of an input with 2 axes; write -1 for the last.",
    ),
    (
        "Softmax",
        {"axis": 2},
        (2, 8),
        "axis",
        "axis (=2) must be an axis of an input with 2 axes; write -1 for the last.",
    ),
    ("Softmax", {"axis": (1, -1)}, (2, 8), "axis", "axis (=(1, -1)) must name each axis once; write -1 for the last."),
    (
        "PReLU",
        {"shared_axes": (1, 2)},
        (2, 8),
        "shared_axes",
        "shared_axes (=(1, 2)) must name axes from 1 to 1 of an input with 2 axes; write (1,).",
    ),
    (
        "PReLU",
        {"shared_axes": 1},
        (2,),
        "shared_axes",
        "shared_axes (=1) must name axes after the batch, and there are none; leave it out.",
    ),
    ("Flatten", {}, (), "input", "input (=()) must have a batch axis; write (1, 16)."),
    (
        "Reshape",
        {"target_shape": (4, 5)},
        (2, 3, 7),
        "target_shape",
        "target_shape (=(4, 5)) must hold as many numbers as a sample (=21), not 20; "
        "write (21,) or sizes with the product 21.",
    ),
    (
        "Reshape",
        {"target_shape": (4, -1)},
        (2, 3, 7),
        "target_shape",
        "target_shape (=(4, -1)) must have sizes with a product (=4) that divides 21; "
        "write (21,) or sizes with the product 21.",
    ),
    (
        "Permute",
        {"dims": (2, 1)},
        (2, 3),
        "input",
        "input (=(2, 3)) must have a batch axis and one axis for each of dims (=(2, 1)), and has 2 axes; "
        "give it 3 axes.",
    ),
    (
        "RepeatVector",
        {"n": 3},
        (2, 3, 4),
        "input",
        "input (=(2, 3, 4)) must have 2 axes, and has 3; write it as (N, C).",
    ),
    (
        "SpatialDropout2D",
        {"rate": 0.5},
        (2, 3, 4),
        "input",
        "input (=(2, 3, 4)) must have 4 axes, and has 3; write it as (N, H, W, C).",
    ),
    (
        "Add",
        {},
        ((2, 3), (3, 3)),
        "inputs",
        "inputs (=((2, 3), (3, 3))) must have the same batch, and theirs are 2, 3; "
        "give them the same first axis, the only one that Keras does not stretch.",
    ),
    (
        "Add",
        {},
        ((2, 5, 3), (2, 4, 3)),
        "inputs",
        "inputs (=((2, 5, 3), (2, 4, 3))) must have equal sizes or 1 along each axis, counted from the last, "
        "and 5 meets 4; "
        "give them one shape.",
    ),
    ("Add", {}, (), "inputs", "inputs (=()) must hold a shape; write ((1, 8), (1, 8))."),
    ("Subtract", {}, ((2, 3),), "inputs", "inputs (=((2, 3),)) must be 2 shapes, and holds 1; write ((1, 8), (1, 8))."),
    (
        "Concatenate",
        {},
        ((2, 3, 4), (2, 5, 4)),
        "inputs",
        "inputs (=((2, 3, 4), (2, 5, 4))) must be equal along every axis but 2, and 3 meets 5 along axis 1; "
        "make them equal along axis 1.",
    ),
    (
        "Concatenate",
        {"axis": 3},
        ((2, 3, 4), (2, 5, 4)),
        "axis",
        "axis (=3) must be an axis of inputs with 3 axes; write -1 for the last.",
    ),
    (
        "Concatenate",
        {},
        ((2, 3, 4), (2, 4)),
        "inputs",
        "inputs (=((2, 3, 4), (2, 4))) must have the same number of axes; reshape them before.",
    ),
    (
        "Dot",
        {"axes": 1},
        ((2, 3), (2, 4)),
        "axes",
        "axes (=1) must name axes of equal size, and 3 meets 4; choose axes that are equal.",
    ),
    ("Dot", {"axes": 0}, ((2, 3), (2, 3)), "axes", "axes (=0) must leave the batch axis out; try -1."),
    ("Dot", {"axes": 2}, ((2, 3), (2, 3)), "axes", "axes (=2) must name axes of inputs with 2 and 2 axes; try -1."),
]


@pytest.mark.parametrize(("layer", "arguments", "input", "knob", "text"), CALLING)
def test_what_cannot_run_is_explained(
    layer: str, arguments: dict[str, Any], input: tuple[Any, ...], knob: str, text: str
) -> None:
    """The layer can be built; the sentence names the argument at fault, or the input."""
    built = calc.layer(f"keras.{layer}", **arguments)

    with pytest.raises(calc.CalcError) as caught:
        built(input)

    assert (f"keras.{layer}: {text}", knob) == (str(caught.value), caught.value.knob)


TRAINING: list[tuple[str, dict[str, Any], tuple[int, ...], str]] = [
    # what fails in training only, where random numbers are drawn
    (
        "Dropout",
        {"rate": 0.5, "noise_shape": (None, 2)},
        (4, 3),
        "noise_shape (=(None, 2)) must have 1, None or the input's own size along each axis of (4, 3); "
        "write (None, 1).",
    ),
    (
        "GaussianDropout",
        {"rate": 1},
        (4, 3),
        "rate (=1) must be less than 1 in training, where 1 - rate divides; try 0.5.",
    ),
]


@pytest.mark.parametrize(("layer", "arguments", "input", "text"), TRAINING)
def test_what_fails_in_training_runs_at_inference(
    layer: str, arguments: dict[str, Any], input: tuple[int, ...], text: str
) -> None:
    """The same layer lets everything through at inference."""
    built = calc.layer(f"keras.{layer}", **arguments)

    assert built(input) == input
    with pytest.raises(calc.CalcError) as caught:
        built(input, training=True)
    assert f"keras.{layer}: {text}" == str(caught.value)


def test_weights_are_unknown_before_the_first_call() -> None:
    """As in Keras, a layer learns the size of its input from its first call."""
    dense = calc.layer("keras.Dense", units=10)
    with pytest.raises(calc.CalcError, match="is not known yet") as caught:
        dense.weights()

    assert caught.value.knob == "input"
    assert dense((1, 784)) == (1, 10)
    assert dense.params == 7_850
