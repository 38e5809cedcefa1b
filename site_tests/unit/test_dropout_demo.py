"""Dropout by hand: the notes' own example, draws, their mean, thinned networks, what the demos say."""

from __future__ import annotations

import re
from html import unescape
from math import comb
from typing import Any

import pytest

from calc.demos.dropout import DropoutByHand
from calc.demos.dropout_draws import ManyDraws
from calc.demos.thinned import ThinnedNetwork
from calc.errors import CalcError
from calc.exercises.dropout import CountThinned, DroppedSum
from calc.values.dropout import coins, dropout, kept, masks, mean_of_draws, spread
from site_tests.test_every_demo import untypeset
from site_tests.unit.test_page_numbers import page

SIX = (1, 2, 3, 4, 5, 6)


def said(demo: Any) -> str:
    """The sentences of a picture."""
    return unescape(demo.picture(untypeset))


def test_the_notes_own_example() -> None:
    """1 to 6, p = 0.5, kept at positions 2 and 6; it is what the page opens with."""
    assert DropoutByHand().output == (0, 4, 0, 0, 0, 12)
    assert "[0, 4, 0, 0, 0, 12]" in DropoutByHand().answer(untypeset)
    assert "21 → 16" in DropoutByHand().answer(untypeset)
    assert "Position 2 is kept: 2 / (1 − 0.5) = 4." in said(DropoutByHand())
    assert "Position 1 is dropped: 1·0 = 0." in said(DropoutByHand())
    assert "[0, 4, 0, 0, 0, 12]" in page("dropout-by-hand")


def test_nothing_happens_at_inference() -> None:
    """The input comes out, and no coin is thrown."""
    demo = DropoutByHand(mode="eval")

    assert list(demo.output) == list(SIX)
    assert "Position 1: in eval mode no coin is thrown." in said(demo)
    assert "training=False" in re.sub("<[^>]*>", "", demo.torch(untypeset))


def test_at_p_1_all_is_0() -> None:
    """Not 0 / 0."""
    assert dropout(SIX, (True,) * 6, 1) == (0,) * 6
    assert DropoutByHand(p=1, keep=None).output == (0,) * 6
    assert DropoutByHand(p=0, keep=None).output == SIX


def test_equal_seeds_throw_alike() -> None:
    """Another seed throws other coins; a new draw lets go of a typed mask."""
    assert coins(6, 1) == coins(6, 1) != coins(6, 2)
    assert DropoutByHand(keep=None, seed=1).mask != DropoutByHand(keep=None, seed=2).mask
    assert kept((0.49, 0.5), 0.5) == (False, True)
    assert "the coin 0.1344 is below p = 0.5, so it is dropped." in said(DropoutByHand(keep=None, seed=1))


def test_the_mean_of_many_draws_is_the_input() -> None:
    """Within four deviations at each number of draws, and nearer with more of them."""
    for p in (0.1, 0.5, 0.9):
        drawn = masks(6, p, 4000, 5)
        for count in (10, 100, 4000):
            means = mean_of_draws(SIX, drawn[:count], p)
            assert all(abs(m - x) < 4 * spread(x, p, count) for m, x in zip(means, SIX, strict=True))


def test_the_curves_are_those_means() -> None:
    """Step by step the same as taken together."""
    demo = ManyDraws(p=0.3, draws=120, seed=3)

    for count in demo.milestones:
        assert demo.means[count - 1] == pytest.approx(mean_of_draws(demo.x, demo.drawn[:count], 0.3))
    assert demo.milestones == [1, 2, 5, 10, 20, 50, 100, 120]
    assert "After 5 draws the means are 1.2, 1.6, 1.2, 3.2, 4, 2.4; the input is 1, 2, 3, 4, 5, 6." in said(ManyDraws())
    assert "±5.77%" in ManyDraws().numbers(untypeset)


def test_thinned_networks_are_counted_and_drawn() -> None:
    """2 to the number of hidden units; a dropped unit takes its wires along."""
    demo = ThinnedNetwork()
    picture = said(demo)

    assert ">16<" in demo.answer(untypeset)
    assert picture.count("M33") + picture.count("M111") == sum(map(sum, demo.drawn)) * demo.each
    assert "Draw 2 keeps hidden units 3, 4: 10 of 20 wires." in picture
    assert "This network was there in draw 1 already." in picture
    assert "Draw 1 drops all 4 hidden units: the output is its bias." in said(ThinnedNetwork(p=1))
    assert "Draw 1 keeps all 4 hidden units: the whole network, 20 wires." in said(ThinnedNetwork(p=0))


REFUSED = [
    (
        DropoutByHand,
        {"keep": (1, 0)},
        "DropoutByHand: keep (=(1, 0)) must have 6 numbers like x, and has 2; leave it blank to have them drawn.",
    ),
    (
        DropoutByHand,
        {"x": (1, 2), "keep": (1, 2)},
        "DropoutByHand: keep (=(1, 2)) must hold nothing but 0 and 1; type 1 for each number that stays.",
    ),
    (DropoutByHand, {"p": 1.5}, "DropoutByHand: p (=1.5) must be at most 1; try 1."),
    (ManyDraws, {"draws": 501}, "ManyDraws: draws (=501) must be at most 500; try 500."),
    (ThinnedNetwork, {"hidden_units": 9}, "ThinnedNetwork: hidden_units (=9) must be at most 6; try 6."),
]


@pytest.mark.parametrize(("kind", "arguments", "sentence"), REFUSED)
def test_what_cannot_be_is_refused(kind: type, arguments: dict[str, Any], sentence: str) -> None:
    """Word for word."""
    with pytest.raises(CalcError) as caught:
        kind(**arguments)

    assert str(caught.value) == sentence


def test_exercises_know_the_usual_slips() -> None:
    """Survivors left as they are, adding instead of multiplying."""
    assert "The survivors are scaled, too: by 1 / (1 − p)." in DroppedSum(variant=1).posed.slips.values()
    posed = CountThinned(variant=1).posed
    assert all(not posed.meets(wrong) for wrong in posed.slips)


def test_the_pages_numbers() -> None:
    """The second mask, the chance of three zeros."""
    text = page("dropout-by-hand")
    made = dropout(SIX, (0, 1, 0, 0, 0, 1), 0.2)

    assert f"[{', '.join(f'{number:g}' for number in made)}]" in text
    assert f"exactly three are dropped in {comb(6, 3) / 2**6:.0%} of the draws" in text
