"""`calc` against recorded answers of PyTorch and Keras, for machines without them."""

from __future__ import annotations

from functools import cache

import pytest

from site_tests.parity.agreement import Answer, disagreement
from site_tests.parity.configs import Case, cases
from site_tests.parity.record import RECORDED, file_of, read

REFRESH = "run `make record` to record anew"
LAYERS = [(framework, layer) for framework, (layers, _) in RECORDED.items() for layer in layers]


@cache
def by_layer(framework: str) -> dict[str, list[tuple[Case, Answer]]]:
    found: dict[str, list[tuple[Case, Answer]]] = {}
    for case, answer in read(framework)[1]:
        found.setdefault(case.layer, []).append((case, answer))
    return found


@pytest.mark.parametrize(("framework", "layer"), LAYERS, ids=[layer for _, layer in LAYERS])
def test_recorded_answers_agree(framework: str, layer: str) -> None:
    """Shapes, names and shapes of weights, which are trained, MACs and refusals are those that the framework gave."""
    pairs = by_layer(framework).get(layer, [])

    assert len(pairs) == read(framework)[0]["each"], REFRESH
    assert [text for case, answer in pairs if (text := disagreement(case, answer))] == []


@pytest.mark.parametrize(("framework", "version"), [("torch", "2.13.0"), ("keras", "3.15.1")])
def test_recording_is_of_the_present_configurations(framework: str, version: str) -> None:
    """The file holds what the generator draws today, from the version that is compared live, and stays small."""
    header, pairs = read(framework)
    drawn = [case for layer in RECORDED[framework][0] for case in cases(layer, header["each"], header["seed"])]

    assert header[framework] == version
    assert drawn == [case for case, _ in pairs], REFRESH
    assert file_of(framework).stat().st_size < 3_000_000
