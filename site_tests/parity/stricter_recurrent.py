"""Configurations of recurrent layers and embeddings that `calc` refuses on purpose; reasons are in `stricter.py`."""

from __future__ import annotations

from typing import Any

from site_tests.parity.configs import Case


def state_too_many(case: Case) -> bool:
    """Whether an LSTM on one sequence gets three states."""
    hx = _states(case)
    return case.layer.startswith("LSTM") and len(hx) > 2 and isinstance(hx[0], tuple)


def states_of_a_batch(case: Case) -> bool:
    """Whether a cell gets one input and several states before it."""
    if case.layer not in ("RNNCell", "GRUCell") or not isinstance(case.input, dict):
        return False
    return len(case.input["input"]) == 1 and len(_states(case)) == 2


def _states(case: Case) -> Any:
    return (case.input.get("hx") or ()) if isinstance(case.input, dict) else ()


def negative_norm(case: Case) -> bool:
    """Whether rows are shortened by a norm with p below 0."""
    p = case.arguments.get("norm_type", 2.0)
    return case.arguments.get("max_norm") is not None and isinstance(p, (int, float)) and p < 0


def rows_without_numbers(case: Case) -> bool:
    """Whether bags are made of rows of length 0."""
    return case.layer == "EmbeddingBag" and case.arguments.get("embedding_dim") == 0
