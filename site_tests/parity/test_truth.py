"""`calc` against a set of answers that the frameworks gave elsewhere, in the folder `../shared/truth`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import calc
from calc import keras
from calc.layers import LAYERS
from site_tests.parity.agreement import Answer, disagreement, inputs_of
from site_tests.parity.configs import Case

TRUTH = Path(__file__).parents[3] / "shared" / "truth"


def rows(name: str) -> list[dict[str, Any]]:
    """The rows about layers that `calc` knows. A missing folder is an error: nothing is skipped."""
    lines = (TRUTH / name).read_text(encoding="utf-8").splitlines()
    return [row for row in map(json.loads, lines) if row["layer"] in LAYERS]


def case_of(row: dict[str, Any]) -> Case:
    """A row as a configuration; JSON's lists are tuples."""
    arguments, call = _tuples(row["config"]), _tuples(row.get("call") or {})
    given, dtypes = _tuples(row["input_shape"]), row.get("input_dtype") or {}
    for port in LAYERS[row["layer"]].required_inputs():
        # Left out it is a float, which is no index; the rows of costs say nothing of it.
        if port.dtype == "int" and port.name not in dtypes and "error" in row:
            given = {port.name: {"shape": given, "dtype": "float32"}}
    return Case(row["layer"], arguments, given, call, row.get("mode") != "eval")


def _tuples(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _tuples(item) for key, item in value.items()}
    return tuple(map(_tuples, value)) if isinstance(value, list) else value


def _each(shapes: Any) -> Iterator[Any]:
    """The shapes in an answer: one, several in a row, or under their names."""
    several = shapes.values() if isinstance(shapes, dict) else shapes
    if isinstance(shapes, dict) or any(isinstance(each, tuple) for each in shapes):
        for each in several:
            yield from _each(each) if each is not None else [None]
    else:
        yield shapes


def keras_rows() -> list[dict[str, Any]]:
    """The rows about Keras layers that `calc` knows, under their names here."""
    lines = (TRUTH / "layers_keras.jsonl").read_text(encoding="utf-8").splitlines()
    found = [{**row, "layer": f"keras.{row['layer']}"} for row in map(json.loads, lines)]
    return [row for row in found if row["layer"] in keras.LAYERS]


def keras_case_of(row: dict[str, Any]) -> Case:
    """A row as a configuration. What the call says of training is the mode; Keras takes no mode for inference."""
    call = _tuples(row.get("call") or {})
    training = bool(call.pop("training", False))
    return Case(row["layer"], _tuples(row["config"]), _tuples(row["input_shape"]), call, training)


def keras_answer_of(row: dict[str, Any]) -> Answer:
    """What Keras said; weights are known where nothing was refused."""
    answer = answer_of(row)
    return Answer({"call": "forward"}.get(answer.refused, answer.refused), answer.weights, answer.outputs)


def answer_of(row: dict[str, Any]) -> Answer:
    """What PyTorch said; several outputs come under their names."""
    shapes, weights = row["output_shape"], row["param_shapes"]
    outputs = tuple(_each(_tuples(shapes))) if shapes is not None else None
    named = tuple((name, tuple(shape)) for name, shape in weights.items()) if weights is not None else None
    stored = row.get("buffer_shapes") or {}
    buffers = tuple((name, tuple(shape)) for name, shape in stored.items()) if weights is not None else None
    return Answer(row.get("error_stage") or "", named, outputs, None, buffers)


def test_every_answer_about_layers_agrees() -> None:
    """Output shape, parameter names and shapes and the stage of a refusal, for every row of these layers."""
    found = rows("layers_torch.jsonl")

    assert [f"{row['id']} {text}" for row in found if (text := disagreement(case_of(row), answer_of(row)))] == []
    assert len(found) > 2000


def test_parameter_counts_agree() -> None:
    """The parameter count of every layer that runs is the sum of the sizes of its weights."""
    counted = [row for row in rows("layers_torch.jsonl") if row["error"] is None]

    assert [
        row["id"] for row in counted if calc.layer(row["layer"], **case_of(row).arguments).params != row["params"]
    ] == []


def test_every_flop_count_agrees() -> None:
    """Two FLOPs for each MAC, as PyTorch's own counter has it on the meta device."""
    found = rows("flops_torch.jsonl")
    ours = {
        row["id"]: 2 * calc.layer(row["layer"], **case_of(row).arguments).macs(**inputs_of(case_of(row)))
        for row in found
    }

    assert {row["id"]: row["flop_counter_meta"] for row in found} == ours
    assert len(found) > 150


def test_every_answer_about_keras_layers_agrees() -> None:
    """Output shape, weight names and shapes and the stage of a refusal, for every row of Keras's layers."""
    found = keras_rows()
    differing = [
        f"{row['id']} {text}" for row in found if (text := disagreement(keras_case_of(row), keras_answer_of(row)))
    ]

    assert differing == []
    assert len(found) > 100


def test_keras_counts_agree() -> None:
    """All parameters, and how many of them training changes."""
    for row in keras_rows():
        if row["error"] is None:
            case = keras_case_of(row)
            layer = calc.layer(case.layer, **case.arguments)
            layer(**inputs_of(case), **case.call)

            assert (layer.params, layer.trainable) == (row["params"], row["trainable"]), row["id"]


@pytest.mark.parametrize("tool", ["fvcore", "thop"])
def test_other_tools_count_macs(tool: str) -> None:
    """For Linear and plain convolutions on a batch, fvcore and thop print MACs under the name of FLOPs."""
    plain = [
        row
        for row in rows("flops_torch.jsonl")
        if row["layer"] in ("Linear", "Conv1d", "Conv2d", "Conv3d")
        and not isinstance(row["config"].get("padding"), str)
        and (row["layer"] == "Linear" or len(row["input_shape"]) == int(row["layer"][-2]) + 2)
        and row[tool] is not None
    ]

    assert len(plain) > 50
    assert [
        row["id"]
        for row in plain
        if calc.layer(row["layer"], **case_of(row).arguments).macs(row["input_shape"]) != row[tool]
    ] == []
