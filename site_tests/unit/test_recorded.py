"""`calc` against recorded answers of PyTorch, for machines without PyTorch."""

from __future__ import annotations

import pytest

from calc.layers import LAYERS
from site_tests.parity.agreement import disagreement
from site_tests.parity.configs import cases
from site_tests.parity.record import FILE, read

REFRESH = "run `python -m site_tests.parity.record` to record anew"


@pytest.mark.parametrize("layer", LAYERS)
def test_recorded_answers_agree(layer: str) -> None:
    """Shapes, parameter names and shapes, MACs and refusals are those that PyTorch gave."""
    pairs = [(case, answer) for case, answer in read()[1] if case.layer == layer]

    assert len(pairs) == read()[0]["each"], REFRESH
    assert [text for case, answer in pairs if (text := disagreement(case, answer))] == []


def test_recording_is_of_the_present_configurations() -> None:
    """The file holds what the generator draws today, from PyTorch 2.13.0, and stays small."""
    header, pairs = read()
    drawn = [case for layer in LAYERS for case in cases(layer, header["each"], header["seed"])]

    assert header["torch"] == "2.13.0"
    assert drawn == [case for case, _ in pairs], REFRESH
    assert FILE.stat().st_size < 3_000_000
