"""The values of the demos against recorded answers of PyTorch, for machines without it."""

from __future__ import annotations

from random import Random

import pytest

from site_tests.parity.record_values import read
from site_tests.values import cases, difference, plain


@pytest.mark.parametrize("name", cases())
def test_recorded_values_agree(name: str) -> None:
    """To 1e-6, for inputs drawn from the recorded seeds."""
    header, answers = read()
    case = cases()[name]
    recorded = answers.get(name, [])

    assert len(recorded) == header["each"], "run `make record` to record anew"
    for seed, answer in enumerate(recorded):
        assert difference(plain(case.ours(**case.draw(Random(seed)))), answer) is None, seed


def test_the_comparison_notices_a_difference() -> None:
    """The test above can fail."""
    assert difference([1.0, 2.0], [1.0, 2.0 + 1e-9]) is None
    assert difference([1.0, float("nan")], [1.0, float("nan")]) is None
    assert difference([[True]], [[False]]) == "[0] [0] True against False"
    assert difference([1.0], [1.0, 2.0]) is not None
    assert difference({"a": 1.0}, {"a": 1.1}) == "a: 1.0 against 1.1"
    assert difference([0.5], [0.50001]) is not None
