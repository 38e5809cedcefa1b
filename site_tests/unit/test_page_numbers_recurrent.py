"""Numbers that the pages about recurrent layers and embeddings print."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import calc
from site_tests.unit.test_recurrent import COUNTS, GRUS, TF1, keras_params


def page(name: str) -> str:
    text = (Path(__file__).parents[2] / "docs" / "en" / f"{name}.md").read_text(encoding="utf-8")
    return text.replace("{,}", ",")


def test_the_page_prints_these_counts() -> None:
    """Every count of the tables above, and the cost of an LSTM by other rules."""
    step = calc.layer("LSTM", input_size=128, hidden_size=256)
    products = step.macs((10, 128))
    # Both biases; thop's 16m and ptflops' 18m a step, which their sources add up and their rows in the set confirm.
    others = [10 * step.params, products + 10 * 16 * 256, products + 10 * 18 * 256]

    assert others == [3_952_640, 3_973_120, 3_978_240]
    counts = [count for _, _, each in COUNTS for count in each] + [params for *_, params in TF1 + GRUS]
    for number in (*counts, products, *others, 49_280):
        assert f"{number:,}" in page("recurrent"), number


def test_steps_cost_work_and_no_parameters() -> None:
    """640 in Keras and 680 in PyTorch on any number of steps; 600 multiply-adds on each."""
    layer = calc.layer("LSTM", input_size=5, hidden_size=10)

    assert (keras_params("LSTM", 5, units=10), layer.params) == (640, 680)
    assert [600, 7_800] == [layer.macs((steps, 5)) for steps in (1, 13)]
    for words in ("+ 10) = 640`$ parameters", "has 680, which is 4 · 10", "600 MACs on one, 7,800 on 13"):
        assert words in page("recurrent"), words


POWERS = [
    # (number, exponent, as printed)
    (0.9, 10, "0.3487"),
    (0.9, 50, "0.00515"),
    (0.9, 100, "0.0000266"),
    (1.1, 10, "2.594"),
    (1.1, 50, "117.4"),
    (1.1, 100, "13,781"),
]


@pytest.mark.parametrize(("base", "exponent", "printed"), POWERS)
def test_the_page_prints_these_powers(base: float, exponent: int, printed: str) -> None:
    """The table of vanishing and exploding gradients, to the digits shown."""
    assert float(printed.replace(",", "")) == pytest.approx(base**exponent, rel=2e-3)
    assert f"| {printed} |" in page("recurrent")


def test_the_page_about_embeddings_prints_these_counts() -> None:
    """A table is V·d, a tied head has the same tensor, a lookup costs nothing."""
    table = calc.layer("Embedding", num_embeddings=50_257, embedding_dim=768)
    head = calc.layer("Linear", in_features=768, out_features=50_257, bias=False)

    assert (table.params, table.macs((1, 1024)), head.macs((1, 768))) == (38_597_376, 0, 38_597_376)
    assert table.weights()[0].shape == head.weights()[0].shape
    assert 163_037_184 - table.params == 124_439_808
    for number in (38_597_376, 124_439_808, 163_037_184, 1024 * 768, 512 * 768):
        assert f"{number:,}" in page("embedding")


BAGS = [
    # (arguments, call, output) as the page's table has them
    ({}, {"input": (8, 5)}, (8, 64)),
    ({}, {"input": (40,), "offsets": (8,)}, (8, 64)),
    ({"include_last_offset": True}, {"input": (40,), "offsets": (8,)}, (7, 64)),
]


@pytest.mark.parametrize(("arguments", "call", "output"), BAGS)
def test_bags_become_rows(arguments: dict[str, Any], call: dict[str, Any], output: tuple[int, int]) -> None:
    """One row for each bag, however the bags are given."""
    assert calc.layer("EmbeddingBag", num_embeddings=1000, embedding_dim=64, **arguments)(**call) == output
