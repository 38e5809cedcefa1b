"""Numbers that the page about a recurrent step prints."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import calc
from calc.demos.gru_step import BEFORE, GRUStep
from calc.demos.lstm_step import LSTMStep
from calc.demos.repeated import RepeatedProduct
from calc.scene import digits
from calc.values import powers
from site_tests.test_every_demo import untypeset

PAGE = (Path(__file__).parents[2] / "docs" / "en" / "recurrent-by-hand.md").read_text(encoding="utf-8")


def test_the_facts_count_what_the_layer_counts() -> None:
    """From 256 to 128: U, W and one bias, and what PyTorch has more."""
    params = calc.layer("RNN", input_size=256, hidden_size=128).params

    assert (params - 128, params) == (49_280, 49_408)
    assert "49,280 with one bias, 49,408 with PyTorch's two" in PAGE


@pytest.mark.parametrize(
    "row", re.findall(r"^\| ([a-z ]+) \| (.*) = (.*) \| (.*) \|$", PAGE, re.M), ids=lambda row: row[0]
)
def test_the_worked_example_is_the_demo_as_it_opens(row: tuple[str, str, str, str]) -> None:
    """Each line of the table is a step of the picture."""
    name, products, total, result = row
    function = result.partition("(")[0]

    said = f"{name.capitalize()}, unit 1: {function}({products}) = {function}({total}) = {result.partition(' = ')[2]}."
    assert said in LSTMStep().cell(untypeset)


def test_the_worked_example_ends_in_both_states() -> None:
    """c′ and h′ of unit 1."""
    assert re.findall(r"^\| ([a-z ]+) \| .* = .* \| .* \|$", PAGE, re.M) == [
        "forget gate",
        "input gate",
        "candidate",
        "output gate",
    ]
    for words in ("0.9168·1 + 0.5374·0.3364 = 1.0976", "0.5622·tanh(1.0976) = 0.5622·0.7996 = 0.4495"):
        assert words in PAGE
        assert words in LSTMStep().cell(untypeset)


def test_three_states_of_one_gru() -> None:
    """As it opens, with the reset first, with the biases moved."""
    gru = GRUStep()
    moved = GRUStep(bias_ih=gru.bias_hh, bias_hh=None)

    for demo in (gru, GRUStep(reset=BEFORE), moved):
        assert f"({', '.join(map(digits, demo.done.h))})" in PAGE


def test_powers_of_one_and_a_half() -> None:
    """Without tanh, and where tanh settles."""
    [state] = powers.tanh_states(((1.5,),), (0.5,), 40)[-1]

    assert f"reach {RepeatedProduct(weight=((1.5,),)).alone()[20]:,.0f} after 20 steps" in PAGE
    assert f"settles at {digits(state)}" in PAGE
    assert f"(1 - {digits(state)}^2) = {digits(1.5 * (1 - state**2))}" in PAGE


def test_a_length_that_grows_before_it_fades() -> None:
    """Eigenvalues below 1, a singular value above."""
    weight = ((0.9, 2), (0, 0.9))
    lengths = RepeatedProduct(weight=weight, times=60).alone()

    assert powers.spectral_radius(weight) == pytest.approx(0.9)
    assert f"the largest singular value is {powers.largest_singular_value(weight):.3f}" in PAGE
    assert lengths.index(max(lengths)) == 9
    assert f"grows from {lengths[0]:.3f} to {max(lengths):.3f} at step 9" in PAGE
    assert f"to {lengths[60]:.4f} at step 60" in PAGE
    assert max(RepeatedProduct(weight=((0.8, 0.3), (-0.3, 0.8))).alone()[1:]) < 2**0.5
