"""`calc` against the live PyTorch, over random configurations, valid and invalid."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator

import pytest

from calc.layers import FAMILIES, LAYERS
from calc.registry import names_of
from site_tests.parity.agreement import calc_answer, disagreement
from site_tests.parity.configs import Case, cases, odd_type_cases
from site_tests.parity.real_torch import torch_answer
from site_tests.parity.stricter import STRICTER, stricter
from site_tests.parity.survey import COUNTS, SEED, read, survey

REAL_SIZES = [name for name in LAYERS if name.startswith(("Conv", "MaxPool", "AvgPool", "Adaptive"))]
"""Layers on images."""

NEVER_REFUSED = {*names_of(FAMILIES["activation"])} - {"CELU", "GELU", "Hardtanh", "PReLU"}
"""Layers that take every input."""


@pytest.mark.parametrize("layer", LAYERS)
def test_random_configurations_agree(layer: str) -> None:
    """Shapes, parameter names and shapes, MACs and refusals are PyTorch's, as often as the page says."""
    line = survey(layer)

    assert line.texts == []
    assert line.row() == read()[layer], "run `make evidence` to write down what is found now"
    assert line.agreed + line.stricter >= COUNTS["PyTorch"] // 5, "too few configurations are valid to prove much"
    assert layer in NEVER_REFUSED or line.refused >= COUNTS["PyTorch"] // 20


@pytest.mark.parametrize("layer", LAYERS)
def test_arguments_of_another_type_agree(layer: str) -> None:
    """A fraction, a word, True or None is refused wherever PyTorch refuses it."""
    assert [text for case in odd_type_cases(layer, 300, SEED) if (text := disagreement(case, torch_answer(case)))] == []


def test_every_deliberate_difference_still_exists() -> None:
    """Each entry of the list is met by a configuration that `calc` refuses and PyTorch accepts or refuses later."""
    met: Counter[str] = Counter()
    for layer in LAYERS:
        for case in [*cases(layer, 3000, SEED + 1, odd=1), *odd_type_cases(layer, 300, SEED)]:
            name = stricter(case)
            if name and met[name] < 3 and calc_answer(case).refused != torch_answer(case, count=False).refused:
                met[name] += 1

    assert [each.name for each in STRICTER] == [each.name for each in STRICTER if met[each.name]]


@pytest.mark.parametrize("layer", REAL_SIZES)
def test_layers_of_real_size_agree(layer: str) -> None:
    """On sizes of real networks, on the meta device, what `calc` accepts has PyTorch's shapes and MACs."""
    accepted = 0
    for case in real_sizes(layer, 150):
        if not calc_answer(case).refused:
            accepted += 1

            assert disagreement(case, torch_answer(case, device="meta")) == ""
    assert accepted > 50


def real_sizes(layer: str, count: int) -> Iterator[Case]:
    """Random configurations with the channels and axes multiplied to what real networks have."""
    rng = random.Random(f"{layer} real")
    for case in cases(layer, count, SEED + 2, odd=0):
        spatial, factor = int(layer[-2]), rng.choice([8, 16, 32])
        arguments = dict(case.arguments)
        for name in ("in_channels", "out_channels"):
            if name in arguments:
                arguments[name] *= factor
        *batch, channels = case.input[:-spatial]
        axes = (rng.randint(7, 256 if spatial < 3 else 48) for _ in range(spatial))
        yield Case(layer, arguments, (*batch, channels * (factor if "Conv" in layer else 1), *axes))
