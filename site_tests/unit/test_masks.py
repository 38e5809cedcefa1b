"""Masks: as the notes print them, in each convention, and what the demos say of them."""

from __future__ import annotations

import re

import pytest

from calc import masks
from calc.demos.masks import ADDED, BLOCKED, SentenceMask, SubsequentMask
from calc.errors import CalcError
from calc.exercises.masks import CausalPairs, PaddedKeys
from site_tests.test_every_demo import untypeset

FIVE = """tensor([[[ True, False, False, False, False],
         [ True,  True, False, False, False],
         [ True,  True,  True, False, False],
         [ True,  True,  True,  True, False],
         [ True,  True,  True,  True,  True]]])"""


def test_size_five_prints_as_in_the_notes() -> None:
    """The 5 × 5 lower triangle of True, of shape (1, 5, 5)."""
    mask = masks.subsequent_mask(5)

    assert mask.shape == (1, 5, 5)
    assert str(mask) == FIVE
    assert mask == [[[key <= query for key in range(5)] for query in range(5)]]
    assert sum(sum(row) for row in mask[0]) == 15


@pytest.mark.parametrize("size", [0, 1, 2, 9])
def test_any_size(size: int) -> None:
    """n rows of n, the first i of row i allowed; none for size 0."""
    [rows] = masks.subsequent_mask(size)

    assert [sum(row) for row in rows] == list(range(1, size + 1))
    assert all(len(row) == size for row in rows)


def test_a_negative_size_is_refused() -> None:
    """In one sentence."""
    with pytest.raises(ValueError, match=r"^size \(=-1\) must not be negative; give the number of tokens\.$"):
        masks.subsequent_mask(-1)


def test_short_sentences_are_padded_and_long_ones_cut() -> None:
    """To the longest, or to what is asked for."""
    assert masks.pad_sequences([[5, 8], [3, 9, 4]]) == [[5, 8, 0], [3, 9, 4]]
    assert masks.pad_sequences([[5, 8], [3, 9, 4]], 2) == [[5, 8], [3, 9]]
    assert masks.pad_sequences([[5]], 3, pad=7) == [[5, 7, 7]]
    assert masks.padding_mask([[5, 0], [0, 0]]).shape == (2, 1, 2)


def test_the_conventions_are_opposites() -> None:
    """True is blocked where it was allowed, and −∞ stands where True did."""
    allowed = masks.subsequent_mask(4)

    assert masks.blocked(masks.blocked(allowed)) == allowed
    assert [[entry == 0 for entry in row] for row in masks.square_subsequent_mask(4)] == allowed[0]
    assert "−∞" in SubsequentMask(size=4, convention=ADDED).grid(untypeset)
    assert "triu(diagonal=1)" in re.sub("<[^>]*>", "", SubsequentMask(size=4, convention=BLOCKED).torch(untypeset))


def test_the_page_says_who_may_look_at_whom_and_why_not() -> None:
    """Earlier positions, later ones, padding."""
    causal = SubsequentMask(size=2).grid(untypeset)
    assert "Position 2 may look at position 1: it comes before." in causal
    assert "Position 1 must not look at position 2: it comes later, and is what has to be predicted." in causal

    both = SentenceMask(sentences="the cat\nsleeps", causal=True).mask(untypeset)
    assert "Sentence 1: position 1 (the) may not look at position 2 (cat): it comes later." in both
    assert "Sentence 2: position 2 (pad) may not look at position 2 (pad): that is padding." in both
    alone = SentenceMask(sentences="the cat\nsleeps").mask(untypeset)
    assert "Sentence 2: every position may look at position 1 (sleeps)." in alone


def test_sentences_or_their_lengths() -> None:
    """Words get numbers in order of appearance; lengths alone will do."""
    assert SentenceMask(sentences="the cat saw the dog\nit ran").tokens() == [[1, 2, 3, 1, 4], [5, 6, 0, 0, 0]]
    assert SentenceMask(sentences="3\n1", max_length=2).tokens() == [[1, 1], [1, 0]]
    assert "(2, 1, 5)" in SentenceMask(sentences="5\n2").answer(untypeset)
    assert "(2, 5, 5)" in SentenceMask(sentences="5\n2", causal=True).answer(untypeset)


REFUSED = [
    (SubsequentMask, {"size": 13}, "SubsequentMask: size (=13) must be at most 12; try 12."),
    (SubsequentMask, {"size": 0}, "SubsequentMask: size (=0) must be at least 1; try 1."),
    (
        SubsequentMask,
        {"convention": "other"},
        "SubsequentMask: convention (='other') must be one of 'True may be attended', 'True is blocked', "
        "'0 and −∞, added to the scores'; try 'True may be attended'.",
    ),
    (
        SentenceMask,
        {"sentences": "a\nb\nc\nd\ne"},
        "SentenceMask: sentences (='a\\nb\\nc\\nd\\ne') must have at most 4 lines, and has 5; leave some out.",
    ),
    (
        SentenceMask,
        {"sentences": "13"},
        "SentenceMask: sentences (='13') must have 1 to 12 words in each line, and has 13 in line 1; "
        "write a shorter line.",
    ),
]


@pytest.mark.parametrize(("kind", "arguments", "sentence"), REFUSED)
def test_what_cannot_be_drawn_is_refused(kind: type, arguments: dict[str, object], sentence: str) -> None:
    """Word for word."""
    with pytest.raises(CalcError) as caught:
        kind(**arguments)

    assert str(caught.value) == sentence


def test_exercises_know_the_usual_slips() -> None:
    """Leaving out the diagonal, counting the wrong half."""
    posed = CausalPairs(variant=1).posed
    size = int((2 * posed.solution) ** 0.5)

    assert posed.solution == size * (size + 1) / 2
    assert posed.remark(posed.solution - size) == (
        "That is how many are blocked: a position may look at itself, so the diagonal is left."
    )
    assert posed.remark(0.5) == "Not this. Try again, or open the solution."
    assert PaddedKeys(variant=3).posed.meets(PaddedKeys(variant=3).posed.solution)


def test_the_worked_example_of_the_page() -> None:
    """Two sentences of 3 and 2 tokens, padded to 4."""
    tokens = masks.pad_sequences([[1, 2, 3], [4, 5]], 4)

    assert masks.padding_mask(tokens) == [[[True, True, True, False]], [[True, True, False, False]]]
    assert masks.decoder_mask(tokens)[0][3] == [True, True, True, False]
