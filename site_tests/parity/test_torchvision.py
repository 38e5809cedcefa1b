"""Torchvision's published classification models from their own source, against what PyTorch said of them."""

from __future__ import annotations

import json
import warnings
from typing import Any

import pytest

from calc.tracing import trace
from site_tests.parity.test_trace import as_json
from site_tests.parity.test_truth import TRUTH
from site_tests.parity.torchvision_source import FILES, source


def rows() -> list[dict[str, Any]]:
    """The classification models and their variants."""
    lines = (TRUTH / "models.jsonl").read_text(encoding="utf-8").splitlines()
    found = [row for row in map(json.loads, lines) if row["group"] in ("classification", "variant")]
    return [row for row in found if row["model"].startswith("torchvision.")]


@pytest.mark.parametrize("row", [row for row in rows() if "maxvit" not in row["model"]], ids=lambda row: row["id"])
def test_a_published_model(row: dict[str, Any]) -> None:
    """Parameters by name, output, FLOPs, and where they are known every leaf in call order."""
    name = row["model"].partition(".")[2]
    arguments = ", ".join(f"{key}={value!r}" for key, value in (row["config"] or {}).items())
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # torchvision announces a change of GoogLeNet's first weights
        report = trace(source(name), tuple(row["input_shape"]), entry=f"{name}({arguments})")
    modules = [each for each in report.rows if not each.kind.startswith(("torch.", "F.", "Tensor."))]

    assert report.params == row["params"]
    assert as_json(report.output_shape) == row["output_shape"]
    assert as_json(dict(report.parameters)) == (row["param_shapes"] or as_json(dict(report.parameters)))
    assert 2 * report.macs == (row["flop_counter"] or 2 * report.macs)
    if row.get("leaf_outputs"):
        assert as_json([[each.path, each.kind, each.output_shape] for each in modules]) == row["leaf_outputs"]


def test_there_are_models_of_most_files() -> None:
    """Nothing is left out by a slip; MaxViT alone is, because its file needs NumPy."""
    names = [row["model"].partition(".")[2] for row in rows()]
    met = {start for start in FILES if any(name.startswith(start) for name in names)}

    assert len(met) >= len(FILES) - 2, set(FILES) - met
    assert len(names) > 55
