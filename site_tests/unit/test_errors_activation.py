"""The text of every refusal of dropouts, activations and softmax, and that its way out works."""

from __future__ import annotations

from typing import Any

import pytest

import calc
from site_tests.unit.refusal import refusal

BUILDING = [
    # (layer, arguments, knob, text): refused when the layer is built, as PyTorch does
    ("Dropout", {"p": 1.1}, "p", "p (=1.1) must be from 0 to 1; try 0.5."),
    ("PReLU", {"num_parameters": -1}, "num_parameters", "num_parameters (=-1) must be at least 0; try 0."),
    (
        "Hardtanh",
        {"min_val": 1, "max_val": 1},
        "max_val",
        "max_val (=1) must be more than min_val (=1); try 3.",
    ),
    ("Threshold", {"threshold": 1}, "value", "value is missing; give value."),
]


@pytest.mark.parametrize(("layer", "arguments", "knob", "text"), BUILDING)
def test_what_cannot_be_built_is_explained(layer: str, arguments: dict[str, Any], knob: str, text: str) -> None:
    """The sentence is exact, and `knob` names the argument for the form."""
    assert (f"{layer}: {text}", knob) == refusal(lambda: calc.layer(layer, **arguments))


CALLING: list[tuple[str, dict[str, Any], tuple[int, ...], str, str, tuple[dict[str, Any], tuple[int, ...]]]] = [
    # (layer, arguments, input, knob, text, what the hint says as arguments and input)
    (
        "Dropout1d",
        {},
        (1, 2, 3, 4),
        "input",
        "input (=(1, 2, 3, 4)) must have 2 or 3 axes, and has 4; write it as (C, L) or (N, C, L).",
        ({}, (2, 3, 4)),
    ),
    (
        "Dropout2d",
        {},
        (7,),
        "input",
        "input (=(7,)) must have at least 2 axes, and has 1; write it as (N, C, H, W).",
        ({}, (1, 7, 1, 1)),
    ),
    (
        "Softmax",
        {"dim": 2},
        (3, 4),
        "dim",
        "dim (=2) must be from -2 to 1 for an input with 2 axes; try -1.",
        ({"dim": -1}, (3, 4)),
    ),
    (
        "Softmax2d",
        {},
        (3, 4),
        "input",
        "input (=(3, 4)) must have 3 or 4 axes, and has 2; write it as (C, H, W) or (N, C, H, W).",
        ({}, (3, 4, 1)),
    ),
    (
        "GLU",
        {},
        (2, 5),
        "input",
        "input (=(2, 5)) must be even along axis 1, and is 5; write (2, 6).",
        ({}, (2, 6)),
    ),
    ("GLU", {}, (), "input", "input (=()) must have at least one axis to cut; write (2,).", ({}, (2,))),
    (
        "PReLU",
        {"num_parameters": 4},
        (2, 3, 8),
        "num_parameters",
        "num_parameters (=4) must be 1 or the number of channels, and axis 1 is 3; set num_parameters=3.",
        ({"num_parameters": 3}, (2, 3, 8)),
    ),
    (
        "PReLU",
        {"num_parameters": 4},
        (4,),
        "num_parameters",
        "num_parameters (=4) must be 1 or the number of channels, and without axis 1 there is 1; set num_parameters=1.",
        ({"num_parameters": 1}, (4,)),
    ),
    (
        "PReLU",
        {"num_parameters": 4},
        (),
        "input",
        "input (=()) must have an axis for several slopes; write (1,) or set num_parameters=1.",
        ({"num_parameters": 1}, ()),
    ),
    (
        "CELU",
        {"alpha": 0},
        (2,),
        "alpha",
        "alpha (=0) must not be 0, because it divides; leave it out: it is then 1.0.",
        ({"alpha": 1.0}, (2,)),
    ),
    (
        "GELU",
        {"approximate": "erf"},
        (2,),
        "approximate",
        "approximate (='erf') must be one of 'none', 'tanh'; try 'none'.",
        ({"approximate": "none"}, (2,)),
    ),
]


@pytest.mark.parametrize(("layer", "arguments", "input", "knob", "text", "way_out"), CALLING)
def test_what_cannot_run_is_explained(
    layer: str,
    arguments: dict[str, Any],
    input: tuple[int, ...],
    knob: str,
    text: str,
    way_out: tuple[dict[str, Any], tuple[int, ...]],
) -> None:
    """The layer can be built; the call is refused with a hint, and doing what it says helps."""
    built = calc.layer(layer, **arguments)
    changed, shape = way_out

    assert [(f"{layer}: {text}", knob)] * 2 == [refusal(lambda: built(input)), refusal(lambda: built.macs(input))]
    assert len(calc.layer(layer, **{**arguments, **changed})(shape)) == len(shape)


def test_dropout_asks_for_channels_in_training_only() -> None:
    """PyTorch reads one axis as numbers without channels, but only where something is dropped."""
    drops, keeps = calc.layer("Dropout2d"), calc.layer("Dropout2d", p=0)

    assert drops((7,), training=False) == keeps((7,)) == (7,)
    with pytest.raises(calc.CalcError, match="at least 2 axes"):
        drops((7,))
