"""The text of every refusal of the upsamplings and the shuffles."""

from __future__ import annotations

from typing import Any

import pytest

import calc
from site_tests.unit.refusal import refusal

BUILDING: list[tuple[str, dict[str, Any], str, str]] = [
    # (layer, arguments, knob, text): refused when the layer is built, as PyTorch does
    (
        "Upsample",
        {"scale_factor": [2, 2]},
        "scale_factor",
        "scale_factor (=[2, 2]) must be a number or a tuple; write (2, 2).",
    ),
]


@pytest.mark.parametrize(("layer", "arguments", "knob", "text"), BUILDING)
def test_what_cannot_be_built_is_explained(layer: str, arguments: dict[str, Any], knob: str, text: str) -> None:
    """The sentence is exact, and `knob` names the argument for the form."""
    assert (f"{layer}: {text}", knob) == refusal(lambda: calc.layer(layer, **arguments))


CALLING: list[tuple[str, dict[str, Any], tuple[int, ...], str, str]] = [
    # (layer, arguments, input, knob, text): refused when the layer is called
    (
        "Upsample",
        {},
        (1, 3, 4, 4),
        "size",
        "size (=None) must be given where scale_factor is not; write scale_factor=2.",
    ),
    (
        "Upsample",
        {"scale_factor": 2, "size": 8},
        (1, 3, 4, 4),
        "scale_factor",
        "scale_factor (=2) must be left out where size is given; leave out one of the two.",
    ),
    (
        "Upsample",
        {"size": 8, "recompute_scale_factor": True},
        (1, 3, 4, 4),
        "recompute_scale_factor",
        "recompute_scale_factor (=True) must not be True with a size; leave it out.",
    ),
    (
        "Upsample",
        {"scale_factor": 2, "align_corners": False},
        (1, 3, 4, 4),
        "align_corners",
        "align_corners (=False) must be left out with mode='nearest'; use it with 'bilinear'.",
    ),
    (
        "Upsample",
        {"scale_factor": 2, "mode": "cubic"},
        (1, 3, 4, 4),
        "mode",
        "mode (='cubic') must be one of 'nearest', 'linear', 'bilinear', 'trilinear', 'bicubic', 'area', "
        "'nearest-exact'; try 'nearest'.",
    ),
    (
        "Upsample",
        {"scale_factor": 2, "mode": "bilinear"},
        (3, 4, 4),
        "input",
        "input (=(3, 4, 4)) must have 4 axes, batch and channels included, with mode='bilinear'; use mode='linear'.",
    ),
    (
        "Upsample",
        {"scale_factor": 2},
        (4, 4),
        "input",
        "input (=(4, 4)) must have 3, 4 or 5 axes, batch and channels included, with mode='nearest'; "
        "write (N, C, H, W).",
    ),
    (
        "Upsample",
        {"size": (8, 8, 8)},
        (1, 3, 4, 4),
        "size",
        "size (=(8, 8, 8)) must be one number or 2, one for each axis after the channels, and has 3; write 8.",
    ),
    (
        "Upsample",
        {"scale_factor": (2,)},
        (1, 3, 4, 4),
        "scale_factor",
        "scale_factor (=(2,)) must be one number or 2, one for each axis after the channels, and has 1; write 2.",
    ),
    (
        "Upsample",
        {"scale_factor": 0.1},
        (1, 3, 4, 4),
        "scale_factor",
        "scale_factor (=0.1) must leave at least 1 cell, and of 4 it makes 0; make it larger.",
    ),
    (
        "Upsample",
        {"scale_factor": 1000000000.0},
        (1, 3, 4, 4),
        "scale_factor",
        "scale_factor (=1000000000.0) must not make an axis longer than 1,000,000,000; check the digits.",
    ),
    (
        "Upsample",
        {"scale_factor": 2},
        (1, 0, 4, 4),
        "input",
        "input (=(1, 0, 4, 4)) must have at least 1 cell along axis 1; only the batch may be empty.",
    ),
    (
        "PixelShuffle",
        {"upscale_factor": 2},
        (1, 6, 4, 4),
        "input",
        "input (=(1, 6, 4, 4)) must have a multiple of upscale_factor² (=4) channels, and has 6; give it 8.",
    ),
    (
        "PixelShuffle",
        {"upscale_factor": 0},
        (1, 6, 4, 4),
        "upscale_factor",
        "upscale_factor (=0) must be at least 1; try 1.",
    ),
    (
        "PixelShuffle",
        {"upscale_factor": 2},
        (4, 4),
        "input",
        "input (=(4, 4)) must have at least 3 axes, and has 2; write (C, H, W).",
    ),
    (
        "PixelUnshuffle",
        {"downscale_factor": 2},
        (1, 3, 4, 5),
        "input",
        "input (=(1, 3, 4, 5)) must have a multiple of downscale_factor (=2) cells along W, and has 5; pad it to 6.",
    ),
    (
        "ChannelShuffle",
        {"groups": 2},
        (1, 3, 4, 5),
        "input",
        "input (=(1, 3, 4, 5)) must have a multiple of groups (=2) channels, and axis 1 is 3; give it 4.",
    ),
]


@pytest.mark.parametrize(("layer", "arguments", "given", "knob", "text"), CALLING)
def test_what_cannot_run_is_explained(
    layer: str, arguments: dict[str, Any], given: tuple[int, ...], knob: str, text: str
) -> None:
    """The layer can be built, and the call is refused with a sentence that names a way out."""
    built = calc.layer(layer, **arguments)

    assert (f"{layer}: {text}", knob) == refusal(lambda: built(given))
