"""The text of every refusal of the layers of two inputs: a product and two distances."""

from __future__ import annotations

from typing import Any

import pytest

import calc
from site_tests.unit.refusal import refusal

BUILDING: list[tuple[str, dict[str, Any], str, str]] = [
    # (layer, arguments, knob, text): refused when the layer is built, as PyTorch does
    (
        "Bilinear",
        {"in1_features": 0, "in2_features": 3, "out_features": 2},
        "in1_features",
        "in1_features (=0) must be at least 1; try 1.",
    ),
]


@pytest.mark.parametrize(("layer", "arguments", "knob", "text"), BUILDING)
def test_what_cannot_be_built_is_explained(layer: str, arguments: dict[str, Any], knob: str, text: str) -> None:
    """The sentence is exact, and `knob` names the argument for the form."""
    assert (f"{layer}: {text}", knob) == refusal(lambda: calc.layer(layer, **arguments))


CALLING: list[tuple[str, dict[str, Any], dict[str, Any], str, str]] = [
    # (layer, arguments, input, knob, text): refused when the layer is called
    (
        "Bilinear",
        {"in1_features": 2, "in2_features": 0, "out_features": 2},
        {"input1": (4, 2), "input2": (4, 0)},
        "in2_features",
        "in2_features (=0) must be at least 1 when the layer is called; try 1.",
    ),
    (
        "Bilinear",
        {"in1_features": 2, "in2_features": 3, "out_features": 2},
        {"input1": (4, 2), "input2": (5, 3)},
        "input2",
        "input2 (=(5, 3)) must have the 4 of input1 along axis 0, and has 5; "
        "pair every row of one input with a row of the other.",
    ),
    (
        "Bilinear",
        {"in1_features": 2, "in2_features": 3, "out_features": 2},
        {"input1": (4, 2), "input2": (4, 2)},
        "input2",
        "input2 (=(4, 2)) must end in in2_features (=3), and its last axis is 2; set in2_features=2.",
    ),
    (
        "Bilinear",
        {"in1_features": 2, "in2_features": 3, "out_features": 2},
        {"input1": (4, 2), "input2": (3,)},
        "input2",
        "input2 (=(3,)) must have the 2 axes of input1, and has 1; give both the same leading axes.",
    ),
    (
        "Bilinear",
        {"in1_features": 2, "in2_features": 3, "out_features": 2},
        {"input1": (), "input2": ()},
        "input1",
        "input1 (=()) must have at least one axis; write (2,).",
    ),
    (
        "CosineSimilarity",
        {},
        {"x1": (3,), "x2": (3,)},
        "dim",
        "dim (=1) must be from -1 to 0 for tensors with 1 axes; try -1.",
    ),
    (
        "CosineSimilarity",
        {},
        {"x1": (3, 4), "x2": (3, 5)},
        "x2",
        "x2 (=(3, 5)) must have the 4 of x1 along axis 1, or 1, and has 5; make the axes equal.",
    ),
    ("CosineSimilarity", {"eps": -1}, {"x1": (3, 4), "x2": (3, 4)}, "eps", "eps (=-1) must not be negative; try 1e-8."),
    (
        "PairwiseDistance",
        {"p": float("inf")},
        {"x1": (3, 0), "x2": (3, 0)},
        "p",
        "p (=inf) must be finite and not negative for vectors without numbers; use p=2.",
    ),
]


@pytest.mark.parametrize(("layer", "arguments", "given", "knob", "text"), CALLING)
def test_what_cannot_run_is_explained(
    layer: str, arguments: dict[str, Any], given: dict[str, Any], knob: str, text: str
) -> None:
    """The layer can be built, and the call is refused with a sentence that names a way out."""
    built = calc.layer(layer, **arguments)

    assert (f"{layer}: {text}", knob) == refusal(lambda: built(**given))
