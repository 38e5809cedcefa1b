"""The text of every refusal of the normalizations, and that its way out works."""

from __future__ import annotations

from typing import Any

import pytest

import calc
from site_tests.unit.refusal import refusal

BUILDING = [
    # (layer, arguments, knob, text): refused when the layer is built, as PyTorch does
    ("BatchNorm2d", {"num_features": -1}, "num_features", "num_features (=-1) must be at least 0; try 0."),
    (
        "InstanceNorm1d",
        {"num_features": -1, "track_running_stats": True},
        "num_features",
        "num_features (=-1) must be at least 0; try 0.",
    ),
    (
        "BatchNorm1d",
        {"num_features": 4, "eps": "tiny"},
        "eps",
        "eps (='tiny') must be a number; write a number such as 0.5.",
    ),
    (
        "LayerNorm",
        {"normalized_shape": (4, -1)},
        "normalized_shape",
        "normalized_shape (=(4, -1)) must not have a negative axis; give each axis its size, 0 or more.",
    ),
    (
        "LayerNorm",
        {"normalized_shape": 2.5},
        "normalized_shape",
        "normalized_shape (=2.5) must be a shape, one number for each axis; write 64 or (3, 224, 224).",
    ),
    ("GroupNorm", {"num_groups": 0, "num_channels": 4}, "num_groups", "num_groups (=0) must be at least 1; try 1."),
    (
        "GroupNorm",
        {"num_groups": 3, "num_channels": 4},
        "num_channels",
        "num_channels (=4) must be divisible by num_groups (=3); set num_groups=1 or num_channels=3.",
    ),
]


@pytest.mark.parametrize(("layer", "arguments", "knob", "text"), BUILDING)
def test_what_cannot_be_built_is_explained(layer: str, arguments: dict[str, Any], knob: str, text: str) -> None:
    """The sentence is exact, and `knob` names the argument for the form."""
    assert (f"{layer}: {text}", knob) == refusal(lambda: calc.layer(layer, **arguments))


FOUR = {"num_features": 4}
CALLING: list[tuple[str, dict[str, Any], tuple[int, ...], str, str, tuple[dict[str, Any], tuple[int, ...]]]] = [
    # (layer, arguments, input, knob, text, what the hint says as arguments and input)
    (
        "BatchNorm2d",
        FOUR,
        (4, 8, 8),
        "input",
        "input (=(4, 8, 8)) must have 4 axes, and has 3; write it as (N, C, H, W).",
        ({}, (1, 4, 8, 8)),
    ),
    (
        "BatchNorm1d",
        FOUR,
        (4,),
        "input",
        "input (=(4,)) must have 2 or 3 axes, and has 1; write it as (N, C) or (N, C, L).",
        ({}, (2, 4)),
    ),
    (
        "BatchNorm1d",
        FOUR,
        (1, 4),
        "input",
        "input (=(1, 4)) must have more than 1 number in each channel to take a variance of, and has 1; "
        "use a larger batch, or eval mode.",
        ({}, (2, 4)),
    ),
    (
        "BatchNorm2d",
        {**FOUR, "track_running_stats": False},  # eval mode would be no way out
        (1, 4, 1, 1),
        "input",
        "input (=(1, 4, 1, 1)) must have more than 1 number in each channel to take a variance of, and has 1; "
        "use a larger batch or a larger map.",
        ({}, (1, 4, 1, 2)),
    ),
    (
        "BatchNorm2d",
        FOUR,
        (2, 3, 8, 8),
        "input",
        "input (=(2, 3, 8, 8)) must have num_features (=4) channels, and axis 1 is 3; "
        "set num_features=3 or give the input 4 channels.",
        ({"num_features": 3}, (2, 3, 8, 8)),
    ),
    (
        "BatchNorm2d",
        {**FOUR, "eps": 0},
        (2, 4, 8, 8),
        "eps",
        "eps (=0) must be more than 0 for the statistics of a batch; leave it out: it is then 1e-05.",
        ({"eps": 1e-5}, (2, 4, 8, 8)),
    ),
    (
        "BatchNorm2d",
        {"num_features": 0},  # which PyTorch finds out by reading the first scale
        (0, 0, 8, 8),
        "num_features",
        "num_features (=0) must be at least 1 for an empty input; set affine=False.",
        ({"affine": False}, (0, 0, 8, 8)),
    ),
    (
        "InstanceNorm2d",
        FOUR,
        (2, 4, 1, 1),
        "input",
        "input (=(2, 4, 1, 1)) must have more than 1 place in each channel to take a variance of, and has 1; "
        "use a larger map.",
        ({}, (2, 4, 1, 2)),
    ),
    (
        "InstanceNorm1d",
        {**FOUR, "affine": True},
        (3, 9),
        "input",
        "input (=(3, 9)) must have num_features (=4) channels, and axis 0 is 3; "
        "set num_features=3 or give the input 4 channels.",
        ({}, (4, 9)),
    ),
    (
        "InstanceNorm1d",
        {**FOUR, "affine": True},
        (0, 4, 9),
        "input",
        "input (=(0, 4, 9)) must not be empty for a learned scale; set affine=False.",
        ({"affine": False}, (0, 4, 9)),
    ),
    (
        "LayerNorm",
        {"normalized_shape": 64},
        (2, 64, 8, 9),
        "input",
        "input (=(2, 64, 8, 9)) must end in normalized_shape (=64), and ends in 9; set normalized_shape=9.",
        ({"normalized_shape": 9}, (2, 64, 8, 9)),
    ),
    (
        "RMSNorm",
        {"normalized_shape": (8, 4)},
        (4,),
        "input",
        "input (=(4,)) must have at least 2 axes to end in normalized_shape (=(8, 4)); write it as (N, 8, 4).",
        ({}, (1, 8, 4)),
    ),
    (
        "LayerNorm",
        {"normalized_shape": ()},
        (2, 8),
        "normalized_shape",
        "normalized_shape (=()) must have at least one axis; write 8.",
        ({"normalized_shape": 8}, (2, 8)),
    ),
    (
        "GroupNorm",
        {"num_groups": 2, "num_channels": 4},
        (4,),
        "input",
        "input (=(4,)) must have at least 2 axes, and has 1; write it as (N, C).",
        ({}, (1, 4)),
    ),
    (
        "GroupNorm",
        {"num_groups": -2, "num_channels": 4},  # which PyTorch builds
        (1, 4),
        "num_groups",
        "num_groups (=-2) must be at least 1; try 1.",
        ({"num_groups": 1}, (1, 4)),
    ),
    (
        "GroupNorm",
        {"num_groups": 2, "num_channels": 4},
        (1, 5, 8),
        "input",
        "input (=(1, 5, 8)) must have channels divisible by num_groups (=2), and axis 1 is 5; "
        "set num_groups=1 or give the input 4 channels.",
        ({}, (1, 4, 8)),
    ),
    (
        "GroupNorm",
        {"num_groups": 2, "num_channels": 4},
        (1, 6, 8),
        "input",
        "input (=(1, 6, 8)) must have num_channels (=4) channels, and axis 1 is 6; "
        "set num_channels=6 or give the input 4 channels.",
        ({"num_channels": 6}, (1, 6, 8)),
    ),
    (
        "GroupNorm",
        {"num_groups": 6, "num_channels": 6},
        (1, 6, 1, 1),
        "input",
        "input (=(1, 6, 1, 1)) must have more than 1 number in each group, all samples taken together; "
        "use a larger batch.",
        ({}, (2, 6, 1, 1)),
    ),
    (
        "LocalResponseNorm",
        {"size": 5},
        (2, 8),
        "input",
        "input (=(2, 8)) must have at least 3 axes, and has 2; write it as (N, C, L).",
        ({}, (2, 8, 1)),
    ),
    (
        "LocalResponseNorm",
        {"size": 0},
        (2, 8, 1),
        "size",
        "size (=0) must be at least 1; try 1.",
        ({"size": 1}, (2, 8, 1)),
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


@pytest.mark.parametrize("layer", ["BatchNorm1d", "InstanceNorm1d"])
def test_eval_mode_is_a_way_out(layer: str) -> None:
    """With running statistics one number is enough in eval mode, and too few in training."""
    built = calc.layer(layer, num_features=4, track_running_stats=True)

    assert built((1, 4, 1), training=False) == (1, 4, 1)
    with pytest.raises(calc.CalcError, match="or eval mode"):
        built((1, 4, 1))
