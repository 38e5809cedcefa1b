"""The text of every refusal of Unfold, Fold and Unflatten."""

from __future__ import annotations

from typing import Any

import pytest

import calc
from site_tests.unit.refusal import refusal

BUILDING: list[tuple[str, dict[str, Any], str, str]] = [
    # (layer, arguments, knob, text): refused when the layer is built, as PyTorch does
    (
        "Unflatten",
        {"dim": 1, "unflattened_size": 4},
        "unflattened_size",
        "unflattened_size (=4) must be a shape, one number for each axis; write (1, 3, 224, 224).",
    ),
]


@pytest.mark.parametrize(("layer", "arguments", "knob", "text"), BUILDING)
def test_what_cannot_be_built_is_explained(layer: str, arguments: dict[str, Any], knob: str, text: str) -> None:
    """The sentence is exact, and `knob` names the argument for the form."""
    assert (f"{layer}: {text}", knob) == refusal(lambda: calc.layer(layer, **arguments))


CALLING: list[tuple[str, dict[str, Any], tuple[int, ...], str, str]] = [
    # (layer, arguments, input, knob, text): refused when the layer is called
    (
        "Unfold",
        {"kernel_size": (3,)},
        (1, 3, 8, 8),
        "kernel_size",
        "kernel_size (=(3,)) must be one number or 2, one for each axis, and has 1; write (3, 3).",
    ),
    (
        "Unfold",
        {"kernel_size": 9},
        (1, 3, 8, 8),
        "kernel_size",
        "kernel_size (=9) spans more cells along H than the padded image has; use a smaller window.",
    ),
    (
        "Unfold",
        {"kernel_size": 3},
        (1, 3, 8, 8, 8),
        "input",
        "input (=(1, 3, 8, 8, 8)) must have 3 or 4 axes, and has 5; write (C, H, W) or (N, C, H, W).",
    ),
    ("Unfold", {"kernel_size": 3, "stride": 0}, (1, 3, 8, 8), "stride", "stride (=0) must be at least 1; try 1."),
    (
        "Fold",
        {"output_size": (6, 7), "kernel_size": 3},
        (1, 17, 20),
        "input",
        "input (=(1, 17, 20)) must have a multiple of 9 rows, one for each tap, and has 17; "
        "give it 9 rows for each channel.",
    ),
    (
        "Fold",
        {"output_size": (6, 7), "kernel_size": 3},
        (1, 18, 19),
        "input",
        "input (=(1, 18, 19)) must have 20 columns, one for each of 4 × 5 places, and has 19; write (1, 18, 20).",
    ),
    (
        "Fold",
        {"output_size": (6, 7), "kernel_size": 3},
        (18,),
        "input",
        "input (=(18,)) must have 2 or 3 axes, and has 1; write (C k², L) or (N, C k², L).",
    ),
    (
        "Unflatten",
        {"dim": 1, "unflattened_size": (3, 5)},
        (2, 16),
        "unflattened_size",
        "unflattened_size (=(3, 5)) must multiply to the 16 of axis 1, and gives 15; try (1, 16).",
    ),
    (
        "Unflatten",
        {"dim": 1, "unflattened_size": (3, -1)},
        (2, 16),
        "unflattened_size",
        "unflattened_size (=(3, -1)) must have known sizes whose product divides the 16 of axis 1, and it "
        "is 3; try (1, 16).",
    ),
    (
        "Unflatten",
        {"dim": 1, "unflattened_size": (-1, -1)},
        (2, 16),
        "unflattened_size",
        "unflattened_size (=(-1, -1)) must have sizes of 0 or more, and at most one -1; write (2, -1).",
    ),
    (
        "Unflatten",
        {"dim": 1, "unflattened_size": ()},
        (2, 16),
        "unflattened_size",
        "unflattened_size (=()) must have at least one size; write (2, -1).",
    ),
    (
        "Unflatten",
        {"dim": 2, "unflattened_size": (4, 4)},
        (2, 16),
        "dim",
        "dim (=2) must be from -2 to 1 for an input with 2 axes; try 1.",
    ),
    (
        "Unflatten",
        {"dim": 0, "unflattened_size": (4, 4)},
        (),
        "input",
        "input (=()) must have at least one axis; write (16,).",
    ),
]


@pytest.mark.parametrize(("layer", "arguments", "given", "knob", "text"), CALLING)
def test_what_cannot_run_is_explained(
    layer: str, arguments: dict[str, Any], given: tuple[int, ...], knob: str, text: str
) -> None:
    """The layer can be built, and the call is refused with a sentence that names a way out."""
    built = calc.layer(layer, **arguments)

    assert (f"{layer}: {text}", knob) == refusal(lambda: built(given))
