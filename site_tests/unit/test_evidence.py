"""The lines that pages show about the comparison with the live frameworks."""

from __future__ import annotations

import pytest

from calc import keras, layers
from calc.blocks import BLOCKS
from calc.calculators import CALCULATORS, DEMOS
from calc.exercises import EXERCISES
from calc.networks import NETWORKS
from site_build import evidence
from site_tests.evidence import closure, digest, values_digest
from site_tests.parity.values_survey import ABOUT, cases_of
from site_tests.values import cases

REFRESH = "run `make evidence` to compare again"
SURVEYED = [*layers.LAYERS, *keras.LAYERS]
WIRED = [*BLOCKS, *NETWORKS]


@pytest.mark.parametrize("layer", [*SURVEYED, *WIRED])
def test_evidence_is_as_new_as_the_layer(layer: str) -> None:
    """A line about an older version of the layer's code is no evidence."""
    assert evidence.lines()[layer]["source"] == digest(CALCULATORS[layer]), REFRESH


@pytest.mark.parametrize("layer", SURVEYED)
def test_nothing_disagrees(layer: str) -> None:
    """Every line was made from many configurations, and none of them disagreed."""
    line = evidence.lines()[layer]

    assert line["disagreed"] == 0
    assert line["agreed"] + line["refused"] + line["stricter"] >= 400
    assert line["agreed"] >= 80


@pytest.mark.parametrize("name", WIRED)
def test_the_code_of_blocks_and_networks_was_run(name: str) -> None:
    """No framework has a class for them: the code that they print was run, and made the same."""
    line = evidence.lines()[name]

    assert line["code"]
    assert line["agreed"] >= 2
    assert line["disagreed"] == 0
    assert "ran the code printed here" in evidence.sentence(name)


@pytest.mark.parametrize("demo", [name for name in DEMOS if name not in EXERCISES])
def test_evidence_is_as_new_as_the_values(demo: str) -> None:
    """A demo with values of its own has a line; it was made from the present source, and nothing disagreed."""
    module = DEMOS[demo].__module__
    line = evidence.demo_lines().get(demo)

    assert (line is None) == (not cases_of(demo)), REFRESH
    if line:
        assert line["source"] == values_digest(module), REFRESH
        assert line["disagreed"] == 0
        assert line["agreed"] == 200 * len(cases_of(demo))
        assert evidence.sentence(demo).startswith("Its values agree with PyTorch")


def test_every_case_is_about_a_demo() -> None:
    """No demo is forgotten, no case named that does not exist, and hardly one compared for nothing."""
    used = {case for demo in ABOUT for case in cases_of(demo)}

    assert set(ABOUT) == {name for name in DEMOS if name not in EXERCISES}
    assert used <= set(cases())
    assert len(set(cases()) - used) <= len(cases()) / 5  # cases of functions that exercises alone ask


def test_a_change_of_a_shared_module_is_seen() -> None:
    """A layer's fingerprint covers the modules that it computes with."""
    assert {"calc.layers.conv", "calc.layers.window", "calc.layers.image"} <= closure("calc.layers.conv")
    assert digest(CALCULATORS["Conv2d"]) != digest(CALCULATORS["MaxPool2d"])
    assert digest(CALCULATORS["Conv2d"]) == digest(CALCULATORS["Conv3d"])


def test_the_sentence_names_framework_and_counts() -> None:
    """A reader sees how many configurations agreed and how many both refuse."""
    line = evidence.lines()["Conv2d"]

    assert evidence.sentence("Conv2d").startswith(
        f"Agrees with PyTorch {line['version']} on {line['agreed']:,} random configurations, "
        f"both refuse {line['refused']:,}"
    )
    assert evidence.sentence("Nothing") == ""
