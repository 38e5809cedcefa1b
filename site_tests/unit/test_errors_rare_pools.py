"""The text of every refusal of the pools that take a power or a random window."""

from __future__ import annotations

from typing import Any

import pytest

import calc
from site_tests.unit.refusal import refusal

BUILDING: list[tuple[str, dict[str, Any], str, str]] = [
    # (layer, arguments, knob, text): refused when the layer is built, as PyTorch does
    (
        "FractionalMaxPool2d",
        {"kernel_size": 2},
        "output_size",
        "output_size (=None) must be given where output_ratio is not; write output_ratio=0.5.",
    ),
    (
        "FractionalMaxPool2d",
        {"kernel_size": 2, "output_size": 3, "output_ratio": 0.5},
        "output_ratio",
        "output_ratio (=0.5) must be left out where output_size is given; leave out one of the two.",
    ),
    (
        "FractionalMaxPool2d",
        {"kernel_size": 2, "output_ratio": 1},
        "output_ratio",
        "output_ratio (=1) must be between 0 and 1; try 0.5.",
    ),
    (
        "FractionalMaxPool2d",
        {"kernel_size": 2, "output_ratio": (0.5,)},
        "output_ratio",
        "output_ratio (=(0.5,)) must be one number or 2, one for each axis, and has 1; write 0.5.",
    ),
    (
        "FractionalMaxPool3d",
        {"kernel_size": 0, "output_size": 3},
        "kernel_size",
        "kernel_size (=0) must be at least 1; try 1.",
    ),
]


@pytest.mark.parametrize(("layer", "arguments", "knob", "text"), BUILDING)
def test_what_cannot_be_built_is_explained(layer: str, arguments: dict[str, Any], knob: str, text: str) -> None:
    """The sentence is exact, and `knob` names the argument for the form."""
    assert (f"{layer}: {text}", knob) == refusal(lambda: calc.layer(layer, **arguments))


CALLING: list[tuple[str, dict[str, Any], tuple[int, ...], str, str]] = [
    # (layer, arguments, input, knob, text): refused when the layer is called
    (
        "LPPool2d",
        {"norm_type": 0, "kernel_size": 2},
        (1, 3, 8, 8),
        "norm_type",
        "norm_type (=0) must not be 0, as the root of that power is 1/0; use 1 or 2.",
    ),
    (
        "LPPool1d",
        {"norm_type": 2, "kernel_size": (2,)},
        (1, 3, 8),
        "kernel_size",
        "kernel_size (=(2,)) must be a number, as PyTorch multiplies with it; write 2.",
    ),
    (
        "LPPool2d",
        {"norm_type": 2, "kernel_size": (2,)},
        (1, 3, 8, 8),
        "kernel_size",
        "kernel_size (=(2,)) must be one number or 2, one for each axis, and has 1; write (2, 2).",
    ),
    (
        "LPPool3d",
        {"norm_type": 2, "kernel_size": 3, "ceil_mode": True},
        (1, 3, 2, 8, 8),
        "kernel_size",
        "kernel_size (=3) must not exceed the 2 cells along D before padding; use at most 2; "
        "max pools do not have this rule.",
    ),
    (
        "FractionalMaxPool2d",
        {"kernel_size": 3, "output_size": 6},
        (1, 1, 7, 7),
        "kernel_size",
        "kernel_size (=3) spans 3 cells, so 7 cells along H have room for 5 places, not for 6; "
        "use a smaller window or a smaller output.",
    ),
    (
        "FractionalMaxPool2d",
        {"kernel_size": 3, "output_size": (6,)},
        (1, 1, 7, 7),
        "output_size",
        "output_size (=(6,)) must be one number or 2, one for each axis, and has 1; write 6.",
    ),
]


@pytest.mark.parametrize(("layer", "arguments", "given", "knob", "text"), CALLING)
def test_what_cannot_run_is_explained(
    layer: str, arguments: dict[str, Any], given: tuple[int, ...], knob: str, text: str
) -> None:
    """The layer can be built, and the call is refused with a sentence that names a way out."""
    built = calc.layer(layer, **arguments)

    assert (f"{layer}: {text}", knob) == refusal(lambda: built(given))
