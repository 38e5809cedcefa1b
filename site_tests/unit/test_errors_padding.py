"""The text of every refusal of the paddings."""

from __future__ import annotations

from typing import Any

import pytest

import calc
from site_tests.unit.refusal import refusal

BUILDING: list[tuple[str, dict[str, Any], str, str]] = [
    # (layer, arguments, knob, text): refused when the layer is built, as PyTorch does
    (
        "ConstantPad2d",
        {"padding": 1, "value": "9"},
        "value",
        "value (='9') must be a number; write a number such as 0.5.",
    ),
]


@pytest.mark.parametrize(("layer", "arguments", "knob", "text"), BUILDING)
def test_what_cannot_be_built_is_explained(layer: str, arguments: dict[str, Any], knob: str, text: str) -> None:
    """The sentence is exact, and `knob` names the argument for the form."""
    assert (f"{layer}: {text}", knob) == refusal(lambda: calc.layer(layer, **arguments))


CALLING: list[tuple[str, dict[str, Any], tuple[int, ...], str, str]] = [
    # (layer, arguments, input, knob, text): refused when the layer is called
    (
        "ZeroPad2d",
        {"padding": (1, 1, 1)},
        (1, 3, 5, 5),
        "padding",
        "padding (=(1, 1, 1)) must be one number or two for each axis, and has 3; write (left, right, top, bottom).",
    ),
    (
        "ZeroPad2d",
        {"padding": 1},
        (5,),
        "input",
        "input (=(5,)) must have at least 2 axes, and has 1; add a channel axis.",
    ),
    (
        "ZeroPad1d",
        {"padding": (-6, 7)},
        (1, 3, 5),
        "padding",
        "padding (=(-6, 7)) cuts off more cells than there are: -1 would be left; cut off less or use a larger input.",
    ),
    (
        "ZeroPad1d",
        {"padding": -3},
        (1, 3, 5),
        "padding",
        "padding (=-3) cuts off more cells than there are: -1 would be left; cut off less or use a larger input.",
    ),
    (
        "ReflectionPad2d",
        {"padding": 5},
        (1, 1, 5, 5),
        "padding",
        "padding (=5) must be less than the 5 cells along W, which are mirrored once; use at most 4.",
    ),
    (
        "ReflectionPad2d",
        {"padding": 1},
        (1, 1, 1, 5, 5),
        "input",
        "input (=(1, 1, 1, 5, 5)) must have 3 or 4 axes, and has 5; write it as (C, H, W) or (N, C, H, W).",
    ),
    (
        "ReflectionPad2d",
        {"padding": 1},
        (1, 0, 5, 5),
        "input",
        "input (=(1, 0, 5, 5)) must have at least 1 cell along axis 1; only the batch may be empty.",
    ),
    (
        "ReflectionPad2d",
        {"padding": ()},
        (1, 1, 5, 5),
        "padding",
        "padding (=()) must have two numbers for each of 1 to 3 axes; write (left, right, top, bottom).",
    ),
    (
        "ReplicationPad1d",
        {"padding": -2},
        (1, 1, 4),
        "padding",
        "padding (=-2) cuts off more cells than there are: 0 would be left; cut off less or use a larger input.",
    ),
    (
        "CircularPad2d",
        {"padding": 6},
        (1, 1, 5, 5),
        "padding",
        "padding (=6) must be at most the 5 cells left along W, which it goes round once; use at most 5.",
    ),
    (
        "CircularPad1d",
        {"padding": (-3, 3)},
        (1, 1, 5),
        "padding",
        "padding (=(-3, 3)) must be at most the 2 cells left along L, which it goes round once; use at most 2.",
    ),
    (
        "CircularPad2d",
        {"padding": 1},
        (5, 5),
        "input",
        "input (=(5, 5)) must have 3 or 4 axes, and has 2; write it as (C, H, W) or (N, C, H, W).",
    ),
]


@pytest.mark.parametrize(("layer", "arguments", "given", "knob", "text"), CALLING)
def test_what_cannot_run_is_explained(
    layer: str, arguments: dict[str, Any], given: tuple[int, ...], knob: str, text: str
) -> None:
    """The layer can be built, and the call is refused with a sentence that names a way out."""
    built = calc.layer(layer, **arguments)

    assert (f"{layer}: {text}", knob) == refusal(lambda: built(given))
