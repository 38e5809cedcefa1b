"""Whole models from their source against what PyTorch said of them, in `../shared/truth`."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import pytest

from calc.report import Report
from calc.tracing import TraceError, trace
from site_tests.parity.test_truth import TRUTH

NETWORKS = TRUTH / "networks_code"
NAMES = sorted(path.name for path in NETWORKS.iterdir())


@cache
def expected(name: str) -> dict[str, Any]:
    """What PyTorch answered."""
    found: dict[str, Any] = json.loads((NETWORKS / name / "expected.json").read_text(encoding="utf-8"))
    return found


def report(name: str) -> Report:
    """What the stand-in answers."""
    source = (NETWORKS / name / "model.py").read_text(encoding="utf-8")
    return trace(source, *expected(name)["inputs"], entry=expected(name)["entry"])


def as_json(answer: Any) -> Any:
    """Tuples as lists."""
    return json.loads(json.dumps(answer))


@pytest.mark.parametrize("name", [name for name in NAMES if expected(name)["error"] is None])
def test_a_model_that_runs(name: str) -> None:
    """Output, every parameter and buffer by its name, every leaf in call order, and FLOPs."""
    found, wanted = report(name), expected(name)
    leaves = [
        [row.path, row.kind, row.output_shape]
        for row in found.rows
        if not row.kind.startswith(("torch.", "F.", "Tensor."))
    ]

    assert as_json(found.output_shape) == wanted["output_shape"]
    assert as_json(dict(found.parameters)) == wanted["param_shapes"]
    assert as_json(dict(found.buffers)) == wanted.get("buffer_shapes", {})
    assert found.params == wanted["params"]
    assert found.trainable == wanted["trainable_params"]
    assert as_json(leaves) == wanted["leaf_outputs"]
    assert 2 * found.macs == wanted["flops"]
    assert sum(row.params for row in found.rows) <= found.params


@pytest.mark.parametrize("name", [name for name in NAMES if expected(name)["error"] is not None])
def test_a_model_with_a_bug(name: str) -> None:
    """The line and the module at fault are those in which PyTorch stopped."""
    with pytest.raises(TraceError) as caught:
        report(name)

    assert caught.value.line == expected(name)["error_line"]
    assert caught.value.path == (expected(name)["error_module"] or "")


def test_there_are_models_of_both_kinds() -> None:
    """Nothing is left out because a folder is empty."""
    assert len(NAMES) >= 33
    assert sum(expected(name)["error"] is not None for name in NAMES) >= 7
