"""Learning a kernel: the notes' own example, what each step says, which rates are stable and which are not."""

from __future__ import annotations

import re
from typing import Any

import pytest

from calc.demos.learn_kernel import LearnKernel
from calc.demos.loss_words import figures
from calc.errors import CalcError
from site_tests.test_every_demo import untypeset
from site_tests.unit.test_convolution_demo import lit, said, words

ZERO = ((0, 0),)


def test_the_loss_falls_step_by_step() -> None:
    """C1: each step says kernel, loss, gradient and the new kernel, which the next step starts from."""
    steps = said(LearnKernel(start=ZERO, steps=3))

    assert steps == [
        "Kernel (0, 0): the loss is 12, the gradient (−12, 12). Step 1 takes 0.03 times that off: (0.36, −0.36).",
        "Kernel (0.36, −0.36): the loss is 4.9152, the gradient (−7.68, 7.68). "
        "Step 2 takes 0.03 times that off: (0.5904, −0.5904).",
        "Kernel (0.5904, −0.5904): the loss is 2.0133, the gradient (−4.9152, 4.9152). "
        "Step 3 takes 0.03 times that off: (0.7379, −0.7379).",
        "Kernel (0.7379, −0.7379): the loss is 0.8246 after 3 steps.",
    ]


def test_a_step_lights_its_kernel() -> None:
    """And an entry of a kernel its loss and what is wanted of it."""
    demo = LearnKernel(start=ZERO)

    assert lit(demo, "l-2") == ["k-0-2", "k-1-2"]
    assert lit(demo, "k-1-2") == ["l-2", "w-1"]
    assert "After step 2 k[0, 1] is −0.5904; −1 is wanted." in said(demo, "note")
    assert "At the start k[0, 0] is 0; 1 is wanted." in said(demo, "note")


def test_the_largest_stable_rate() -> None:
    """2 over the largest curvature, 60: just below it the loss falls, just above it grows."""
    assert "0.0333" in words(LearnKernel(), "answer")
    for rate, falls in ((0.0333, True), (0.0334, False)):
        taken = LearnKernel(lr=rate, start=((0.5, 0.5),), target=((0, 0),), steps=30).descent.steps
        assert (taken[-1].loss < taken[0].loss) is falls


SAID = [
    # a rate below the limit that goes too far and comes back
    (
        {"lr": 0.03},
        "The rate 0.03 is stable: at each step what is left of the error shrinks, to at most 0.8 of what it was. "
        "Along (0.7071, 0.7071) it changes its sign each time: a step goes too far, the next comes back.",
    ),
    # one that creeps
    (
        {"lr": 0.001},
        "The rate 0.001 is stable: at each step what is left of the error shrinks, to at most 0.988 of what it was.",
    ),
    # beyond the limit
    (
        {"lr": 0.04},
        "The rate 0.04 is too large: along (0.7071, 0.7071) the error is multiplied by −1.4 at each step, so it grows, "
        "and the loss with it.",
    ),
    # far beyond: the bound is met
    (
        {"lr": 10, "steps": 30},
        "The rate 10 is too large: along (0.7071, 0.7071) the error is multiplied by −599 at each step, so it grows, "
        "and the loss with it. It is stopped at a million times the first loss.",
    ),
    # too large, but the start is off only along the direction that bends less
    (
        {"lr": 0.04, "start": ZERO},
        "The rate 0.04 is too large: along (0.7071, 0.7071) the error is multiplied by −1.4 at each step. This start "
        "happens to have no error along it, so the loss may fall all the same; almost any other start diverges.",
    ),
    # the limit itself
    (
        {"lr": 1 / 30},
        "The rate 0.0333 is the limit itself: along (0.7071, 0.7071) the error stays as large as it is.",
    ),
    ({"lr": 0}, "A rate of 0 leaves the kernel as it is."),
    # an image that shows nothing
    (
        {"image": ((0,) * 4,) * 3},
        "The image is 0 everywhere, so no output depends on the kernel: there is nothing to learn from.",
    ),
    # an image that shows only the sum of the weights
    (
        {"image": ((1,) * 4,) * 3, "lr": 0.01},
        "The rate 0.01 is stable: at each step what is left of the error shrinks, to at most 0.64 of what it was. "
        "The image does not show one direction of the kernel: along it the kernel stays as it began.",
    ),
]


@pytest.mark.parametrize(("fields", "text"), SAID)
def test_what_a_rate_does(fields: dict[str, Any], text: str) -> None:
    """In words, below the numbers."""
    assert LearnKernel(**fields).verdict() == text


def test_of_many_weights_not_all_are_written_out() -> None:
    """A kernel of nine: how far the worst is off, three weights of the first step, directions with two decimals."""
    demo = LearnKernel(target=((1, 0, -1), (2, 0, -2), (1, 0, -1)), lr=0.01)

    assert "Furthest weight" in words(demo, "answer")
    assert demo.verdict().startswith("The rate 0.01 is stable")
    assert "Along the steepest direction it changes its sign" not in demo.verdict()
    assert "the steepest direction" in LearnKernel(target=demo.target, lr=1).verdict()
    assert words(demo, "derivation").count(r"\frac{\partial L}") == 2 * 3
    assert "The other 6 weights in the same way." in words(demo, "derivation")
    assert not re.search(r"\d\.\d{3}", words(demo, "limit").partition(")")[0].partition("(0")[2])


def test_a_descent_that_diverges_is_stopped() -> None:
    """At the first loss beyond the bound; nothing overflows, and the last step says so."""
    demo = LearnKernel(lr=10, steps=30, image=((1e6,) * 10,) * 8, start=ZERO, target=((3, 1),))

    assert demo.descent.stopped
    assert len(demo.descent.steps) == 2
    assert re.fullmatch(
        r"Kernel \(.*\): the loss is .*·10.*, more than 1,000,000 times the first. "
        r"Here the descent is stopped: it diverges\.",
        said(demo)[-1],
    )


def test_a_start_is_drawn_or_typed() -> None:
    """The same seed draws the same, within PyTorch's bounds; what is typed counts."""
    drawn = [LearnKernel(seed=seed).begun[0] for seed in range(40)]

    assert drawn[3] == LearnKernel(seed=3).begun[0]
    assert len(set(drawn)) == 40
    assert all(abs(entry) <= 0.71 for row in drawn for entry in row)
    assert max(abs(entry) for row in drawn for entry in row) > 0.6
    assert LearnKernel(start=((0.1, -0.2),), seed=3).begun == ((0.1, -0.2),)


def test_the_curve_ends_where_there_is_no_loss() -> None:
    """A loss of 0 has no logarithm: its dot stands on the bottom line."""
    demo = LearnKernel(start=((1, -1),), steps=2)
    heights = re.findall('class="cell dot" cx="[^"]*" cy="([^"]*)"', demo.panel("picture", untypeset))

    assert len(heights) == 3
    assert len(set(heights)) == 1


NUMBERS = [
    (0, "0"),
    (0.001, "0.001"),
    (0.00099, "9.9·10⁻⁴"),
    (99999.4, "99999.4"),
    (-1e5, "−1·10⁵"),
    (1e-20, "1·10⁻²⁰"),
    (float("inf"), "∞"),
]


@pytest.mark.parametrize(("number", "text"), NUMBERS)
def test_numbers_of_any_size_fit(number: float, text: str) -> None:
    """Four decimals, or a power of ten."""
    assert figures(number) == text


REFUSED = [
    (
        {"start": ((1, 2, 3),)},
        "LearnKernel: start (=((1, 2, 3),)) must be 1 × 2 like the target, and is 1 × 3; "
        "leave it blank to have one drawn.",
    ),
    (
        {"image": ((1,),)},
        "LearnKernel: target (=((1, -1),)) must fit into the image of 1 × 1, and is 1 × 2; "
        "leave out weights or add rows and columns to the image.",
    ),
]


@pytest.mark.parametrize(("fields", "text"), REFUSED)
def test_refusals(fields: dict[str, Any], text: str) -> None:
    """What does not fit, word for word."""
    with pytest.raises(CalcError) as caught:
        LearnKernel(**fields)
    assert str(caught.value) == text
