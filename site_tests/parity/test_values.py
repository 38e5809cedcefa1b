"""The values of the demos against the live PyTorch, and against `../shared/truth`."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import pytest

from site_build.evidence import demo_lines
from site_tests.parity.record_values import read
from site_tests.parity.test_truth import TRUTH
from site_tests.parity.values_survey import compared, disagreements, survey
from site_tests.values import cases, difference, plain, truth


@pytest.mark.parametrize("name", cases())
def test_live_values_agree(name: str) -> None:
    """To 1e-6 for two hundred random inputs, other ones than those recorded."""
    assert disagreements(name) == ()


@pytest.mark.parametrize("demo", compared())
def test_the_evidence_is_what_is_found(demo: str) -> None:
    """What the demo's line on its page says."""
    assert survey(demo) == (demo_lines()[demo], [])


def test_the_recording_is_of_this_version() -> None:
    """What the unit tests hold was given by the PyTorch that is asked here."""
    import torch

    assert read()[0]["torch"] == torch.__version__.partition("+")[0]


@cache
def groups() -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for row in _rows():
        if not row.get("error"):
            found.setdefault(row["group"], []).append(row)
    return found


def _rows() -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = json.loads((TRUTH / "masks_rnn_etc.json").read_text(encoding="utf-8"))["cases"]
    return rows


@pytest.mark.parametrize("group", truth())
def test_the_truth_agrees(group: str) -> None:
    """Every answer of the group, to 1e-6."""
    assert groups().get(group), "no such group"
    for row in groups()[group]:
        assert difference(plain(truth()[group](_given(row))), _numbers(row["expected"])) is None, row["name"]


def test_what_fails_elsewhere_has_an_answer_here() -> None:
    """An odd width stops the tutorials' code; ours is compared with the table cut to the columns that are left."""
    failed = [row["inputs"] for row in _rows() if row.get("error")]
    assert failed == [row["inputs"] for row in groups()["sinusoidal_positional_encoding_odd_truncated"]]


def _given(row: dict[str, Any]) -> dict[str, Any]:
    """The inputs, and what the file says in the row's name alone: the function, or whether a batch norm trains."""
    told: dict[str, Any] = {
        "batch_norm": {"training": "train=False" not in row["name"]},
        "activation": {"name": row["name"]},
        "keras_activation": {"name": row["name"]},
    }
    return {**row["inputs"], **told.get(row["group"], {})}


def _numbers(answer: Any) -> Any:
    if isinstance(answer, dict):
        return {key: _numbers(value) for key, value in answer.items()}
    if isinstance(answer, list):
        return [_numbers(each) for each in answer]
    return float(answer) if answer in ("inf", "-inf", "nan") else answer


def test_no_group_is_left_out() -> None:
    """All that the file holds is compared."""
    assert sorted(groups()) == sorted(truth())
