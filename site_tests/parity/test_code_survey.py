"""Blocks and networks: the code that they print, run by the frameworks, as often as the pages say."""

from __future__ import annotations

import pytest

from site_tests.parity.code_survey import wired
from site_tests.parity.survey import read, survey


@pytest.mark.parametrize("name", wired())
def test_the_printed_code_makes_what_the_calculator_says(name: str) -> None:
    """Output shape, names and shapes of the parameters, for every configuration that the line counts."""
    line = survey(name)

    assert line.texts == []
    assert line.row() == read()[name], "run `make evidence` to write down what is found now"
