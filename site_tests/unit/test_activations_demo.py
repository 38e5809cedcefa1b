"""Activations, softmax and residual demos: sentences of steps, answers, limits, refusals."""

from __future__ import annotations

from math import inf, log
from typing import Any

import pytest

from calc.demos.activations import ActivationCurves
from calc.demos.noam import NoamRate
from calc.demos.residual import TANH, ResidualStack
from calc.demos.temperature import SoftmaxTemperature
from calc.errors import CalcError
from calc.values.chain import noam_rate
from calc.values.shares import entropy, tempered
from site_tests.unit.test_positions_demo import said, words


def test_a_point_says_value_and_slope() -> None:
    """And what becomes of a gradient there."""
    demo = ActivationCurves()

    assert said(demo, "curve")[1] == (
        "Input 2, x = −1: the value is 0.2689, the slope 0.1966, so a gradient of 1 goes on as 0.1966."
    )
    assert said(ActivationCurves(function="ReLU"), "curve")[3] == (
        "Input 4, x = 0: the value is 0, the slope 0, so no gradient comes through here."
    )
    assert len(said(ActivationCurves(x=(1,)), "curve")) == 2


@pytest.mark.parametrize(
    ("function", "steepest", "through", "flat"),
    [
        ("Sigmoid", "0.25", "9.537·10⁻⁷", "none"),
        ("Tanh", "1", "1", "none"),
        ("ReLU", "1", "1", "−3, −1, −0.5, 0"),
        ("GELU", "1.1289", "3.3618", "none"),
        ("Hardsigmoid", "0.1667", "1.654·10⁻⁸", "−3"),
    ],
)
def test_where_a_slope_vanishes(function: str, steepest: str, through: str, flat: str) -> None:
    """The largest slope, what ten of them leave, and inputs that nothing comes back from."""
    answer = words(ActivationCurves(function=function), "answer")

    assert f"Steepest {steepest} the" in answer
    assert f"Through 10 layers {through} at most" in answer
    assert f"Slope 0 at {flat} of" in answer


def test_the_number_goes_into_the_formula() -> None:
    """A leaky slope of 0.2 in place of 0.01."""
    steps = words(ActivationCurves(function="LeakyReLU", number=0.2, x=(-3,)), "steps")
    assert steps.endswith(r"f(-3) {} = \max(0, (-3)) + 0.2 \min(0, (-3)) {} = -0.6 ")


def test_a_class_says_its_share() -> None:
    """By its power and the sum of all; at T = 1 as well."""
    demo = SoftmaxTemperature()

    assert said(demo, "bars") == [
        "Class 0, and it is the right one: e^(2/0.5) / Σ = 54.5982 / 64.8408 = 0.842; at T = 1 it has 0.6095.",
        "Class 1: e^(1/0.5) / Σ = 7.3891 / 64.8408 = 0.114; at T = 1 it has 0.2242.",
        "Class 2: e^(0.5/0.5) / Σ = 2.7183 / 64.8408 = 0.041922; at T = 1 it has 0.136.",
        "Class 3: e^(−1/0.5) / Σ = 0.1353 / 64.8408 = 0.002087; at T = 1 it has 0.030343.",
    ]
    assert "Cross-entropy 0.1719 the target's share is 0.842" in words(demo, "answer")


def test_powers_that_no_double_holds_are_left_out() -> None:
    """The share is known without them."""
    assert said(SoftmaxTemperature(logits=(1000, 999), temperature=1), "bars")[1] == (
        "Class 1: the share = 0.2689; at T = 1 it has 0.2689."
    )


def test_cold_and_hot() -> None:
    """At 0 the largest share everything, at infinity all do."""
    assert tempered((1, 3, 3), 0) == (0, 0.5, 0.5)
    assert tempered((1, 3, 5), inf) == (1 / 3, 1 / 3, 1 / 3)
    assert [entropy(tempered((1, 3, 5), t)) for t in (0, inf)] == [0, pytest.approx(log(3))]
    limits = words(SoftmaxTemperature(), "limits")
    assert "T → 0 1 0 0 0 0 T = 0.5 0.842 0.114 0.0419 0.0021 0.5381 T = 1" in limits
    assert "T → ∞ 0.25 0.25 0.25 0.25 1.3863" in limits


def test_a_layer_says_what_it_adds_and_multiplies() -> None:
    """Forward the sum, backward the slope; a gradient starts at the end."""
    demo = ResidualStack(layers=2)

    assert said(demo, "signal") == [
        "Before the first layer both are x = 1.",
        "Behind layer 1: with the skip 1 + 0.5 = 1.5, without it 0.5.",
        "Behind layer 2: with the skip 1.5 + 0.75 = 2.25, without it 0.25.",
    ]
    assert said(demo, "gradient") == [
        "Behind layer 2, the last, the gradient starts as 1.",
        "Back through layer 2: with the skip times 1.5, which makes 1.5; without it times 0.5, which makes 0.5.",
        "Back through layer 1: with the skip times 1.5, which makes 2.25; without it times 0.5, which makes 0.25.",
    ]
    assert "Gradient without 0.25 w² = 0.5² Gradient with skips 2.25 (1 + w)² = 1.5²" in words(demo, "answer")


def test_a_negative_layer_is_added_in_brackets() -> None:
    """And tanh keeps what it makes below 1."""
    demo = ResidualStack(w=-0.5, layers=2)
    assert said(demo, "signal")[1] == "Behind layer 1: with the skip 1 + (−0.5) = 0.5, without it −0.5."
    assert "w² = (−0.5)²" in words(demo, "answer")
    assert said(ResidualStack(x=10, w=3, after=TANH), "signal")[1].endswith("with the skip 10 + 1 = 11, without it 1.")


def test_a_dead_layer_stops_one_chain_only() -> None:
    """With w = 0 everything passes by."""
    answer = words(ResidualStack(w=0, layers=12), "answer")
    assert "Gradient without 0 w¹² = 0¹² Gradient with skips 1 (1 + w)¹² = 1¹²" in answer


def test_the_rate_warms_up() -> None:
    """It is largest at the end of the warm-up; step 0 counts as 1."""
    rates = [noam_rate(step, 512) for step in (0, 1, 3999, 4000, 4001)]
    assert rates[0] == rates[1]
    assert max(rates) == rates[3] == pytest.approx((512 * 4000) ** -0.5)


def test_a_step_says_its_rate() -> None:
    """And how much of the largest that is."""
    demo = NoamRate()

    assert said(demo, "curve")[:4] == [
        "Step 0 counts as 1: the rate is 1.747·10⁻⁷.",
        "Step 1,000, still warming up: the rate is 1.747·10⁻⁴, 25.0% of the largest.",
        "Step 2,000, still warming up: the rate is 3.494·10⁻⁴, 50.0% of the largest.",
        "Step 4,000, the peak: the rate is 6.988·10⁻⁴, 100.0% of the largest.",
    ]
    assert "Half of the largest 3.494·10⁻⁴ at step 16,000, four times as far" in words(demo, "answer")


@pytest.mark.parametrize(
    ("demo", "given", "message"),
    [
        (
            ActivationCurves,
            {"function": "ReLU", "number": 0.5},
            "ActivationCurves: number (=0.5) must be left blank: ReLU has no number to set; leave it blank.",
        ),
        (
            ActivationCurves,
            {"x": (21,)},
            "ActivationCurves: x (=(21,)) must hold numbers from −20 to 20; make the largest smaller.",
        ),
        (
            SoftmaxTemperature,
            {"logits": (1,)},
            "SoftmaxTemperature: logits (=(1,)) must have at least 2 numbers, one for each class; type 2 1.",
        ),
        (
            SoftmaxTemperature,
            {"target": 4},
            "SoftmaxTemperature: target (=4) must be less than the number of logits (=4); try 3.",
        ),
    ],
)
def test_what_does_not_fit_is_refused(demo: type[Any], given: dict[str, Any], message: str) -> None:
    """With the rule and a way out."""
    with pytest.raises(CalcError) as caught:
        demo(**given)
    assert str(caught.value) == message
