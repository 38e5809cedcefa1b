"""`calc` against the live Keras, over random configurations, valid and invalid."""

from __future__ import annotations

from collections import Counter

import pytest

from calc.keras import LAYERS
from site_tests.parity.agreement import calc_answer, disagreement
from site_tests.parity.configs import cases, odd_type_cases
from site_tests.parity.real_keras import keras_answer
from site_tests.parity.stricter_keras import STRICTER, stricter
from site_tests.parity.survey import COUNTS, SEED, read, survey

NEVER_REFUSED = ("keras.Identity",)
"""Layers that take every input."""


@pytest.mark.parametrize("layer", LAYERS)
def test_random_configurations_agree(layer: str) -> None:
    """Shapes, names and shapes of weights, MACs and refusals are Keras's, stage by stage, as often as the page says."""
    line = survey(layer)

    assert line.texts == []
    assert line.row() == read()[layer], "run `make evidence` to write down what is found now"
    assert line.agreed + line.stricter >= COUNTS["Keras"] // 5, "too few configurations are valid to prove much"
    assert layer in NEVER_REFUSED or line.refused >= COUNTS["Keras"] // 20


@pytest.mark.parametrize("layer", LAYERS)
def test_arguments_of_another_type_agree(layer: str) -> None:
    """A fraction, a word, True or None is refused wherever Keras refuses it."""
    assert [text for case in odd_type_cases(layer, 100, SEED) if (text := disagreement(case, keras_answer(case)))] == []


def test_every_deliberate_difference_still_exists() -> None:
    """Each entry of the list is met by a configuration that `calc` refuses and Keras accepts or refuses later."""
    met: Counter[str] = Counter()
    for layer in LAYERS:
        for case in [*cases(layer, 500, SEED + 1, odd=1), *odd_type_cases(layer, 100, SEED)]:
            name = stricter(case)
            if name and met[name] < 3 and calc_answer(case).refused != keras_answer(case).refused:
                met[name] += 1

    assert [each.name for each in STRICTER] == [each.name for each in STRICTER if met[each.name]]
