"""Positions demos: rows, columns and entries in words, what depends on distance alone, sums, refusals."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest

from calc.demo import Demo
from calc.demos.heat_picture import heat
from calc.demos.plot_picture import nice
from calc.demos.position_dots import PositionDots
from calc.demos.position_sum import AddedToEmbedding
from calc.demos.positions import CONCATENATED, LEARNED, PositionalEncoding
from calc.errors import CalcError
from calc.values import positions
from site_tests.test_every_demo import untypeset


def said(demo: Demo, panel: str, kind: str = "step") -> list[str]:
    """What the steps or the notes of a picture say."""
    return [unescape(each) for each in re.findall(f"<li data-{kind}=[^>]*>([^<]*)</li>", demo.panel(panel, untypeset))]


def words(demo: Demo, panel: str) -> str:
    """A panel without its marks."""
    return re.sub(r"\s+", " ", unescape(re.sub("<[^>]*>", " ", demo.panel(panel, untypeset))))


def test_rows_and_columns_say_what_they_hold() -> None:
    """Positions are steps and columns notes, or the other way round."""
    demo = PositionalEncoding(length=4, d_model=4, position=1, column=2)

    assert said(demo, "table") == [
        "Position 0 gets the row 0, 1, 0, 1.",
        "Position 1 gets the row 0.8415, 0.5403, 0.01, 1.",
        "Position 2 gets the row 0.9093, −0.4161, 0.02, 0.9998.",
        "Position 3 gets the row 0.1411, −0.99, 0.03, 0.9996.",
    ]
    columns = said(demo, "table", "note")
    assert (
        columns[2] == "Column 2 is the sine of i / 100: pair 1, one turn in 628.32 positions. It starts 0, 0.01, 0.02."
    )
    assert columns[1].startswith("Column 1 is the cosine of i: pair 0, one turn in 6.28 positions.")
    assert said(PositionalEncoding(length=4, d_model=4, position=1, column=2, walk="columns"), "table") == columns


def test_an_odd_width_ends_with_a_sine_or_with_zeros() -> None:
    """The paper's order is cut, tensor2tensor's is filled up."""
    cut = PositionalEncoding(length=4, d_model=5)
    filled = PositionalEncoding(length=4, d_model=5, variant=CONCATENATED)

    assert said(cut, "table", "note")[4].startswith("Column 4 is the sine of i / 1584.8932: pair 2,")
    assert said(filled, "table", "note")[4] == "Column 4 is filled up with 0: the width is odd."
    assert "P[2, 4] = 0: the width is odd, and the last column is filled up." in said(filled, "first")
    assert said(cut, "first")[7] == "P[1, 2] = sin(1 / 39.8107) = 0.0251, of pair 1."


def test_the_chosen_entry_is_worked_out() -> None:
    """Pair, divisor, angle, value; in both orders."""
    assert words(PositionalEncoding(d_model=8, position=3, column=3), "steps") == (
        r" j {} = \lfloor3/2\rfloor {} = 1 10000^{2j/d} {} = 10000^{2 \cdot 1/8} {} = 10 \alpha {} = 3 / 10 {} = 0.3 "
        r"P_{3,\,3} {} = \cos \alpha {} = \cos 0.3 {} = 0.9553 "
    )
    assert words(PositionalEncoding(d_model=6, position=3, column=4, variant=CONCATENATED), "steps") == (
        r" j {} = 4 - 3 {} = 1 10000^{j/(m-1)} {} = 10000^{1/2} {} = 100 \alpha {} = 3 / 100 {} = 0.03 "
        r"P_{3,\,4} {} = \cos \alpha {} = \cos 0.03 {} = 0.9996 "
    )


def test_a_learned_table_has_parameters() -> None:
    """32 · 32 against none."""
    assert "Parameters 0 a learned table has 32 · 32 = 1,024" in words(PositionalEncoding(), "answer")
    assert "learned, before training: 1,024 parameters" in words(PositionalEncoding(), "beside")


def test_only_the_distance_counts() -> None:
    """Three apart is three apart, here and elsewhere, as long as each sine has its cosine."""
    demo = PositionDots(length=20, d_model=4, position=7, other=8)

    assert said(demo, "curve")[8] == "Positions 7 and 8, 1 apart: cos(1) + cos(1/100) = 1.5403."
    assert "P7 · P8 1.5403 1 apart P8 · P9 1.5403 the same distance, elsewhere" in words(demo, "answer")
    odd = PositionDots(length=20, d_model=5, position=0, other=1)
    assert said(odd, "curve")[1] == "Positions 0 and 1, 1 apart: the product of their rows is 1.54."
    assert "nothing makes the product follow from the distance" in words(odd, "curve")
    learned = words(PositionDots(d_model=4, variant=LEARNED, position=0, other=1), "answer")
    assert "P0 · P1 −0.3308 1 apart P1 · P2 0.5412 the same distance, elsewhere" in learned


def test_the_last_pair_of_positions_is_compared_with_the_one_before() -> None:
    """There is none behind it; where the whole length lies between there is none at all."""
    assert "P17 · P18" in words(PositionDots(length=20, position=19, other=18), "answer")
    assert words(PositionDots(length=20, position=0, other=19), "answer").count("P0 · P19") == 2


def test_equal_words_differ_by_their_positions() -> None:
    """The embedding of "the" is the same at both places, the sum is not."""
    demo = AddedToEmbedding()
    rows, _, total = demo.tables()

    assert rows[0] == rows[3]
    assert total[0] != total[3]
    assert said(demo, "sum")[4] == "“cat” at position 1, column 0: 2·(−0.5461) + 0.8415 = −0.2507."
    assert "“the” twice 1.9952 apart at 0 and 3; E alone: 0" in words(demo, "answer")


def test_one_word_of_one_number() -> None:
    """The smallest sentence has two steps as well."""
    assert len(said(AddedToEmbedding(sentence="a", d_model=1), "sum")) == 2
    assert len(said(PositionalEncoding(length=2, d_model=1, position=0, column=0, walk="columns"), "table")) == 2


def test_a_map_draws_each_shade_once() -> None:
    """Neighbours of one shade are one stroke; what is 0 is not drawn."""
    drawing = heat([[1.0, 1.0, 0.0], [-1.0, 0.0, 0.5]], "Six numbers in a map.", bands=False)

    assert re.findall(r'class="heat (\w+)" stroke-opacity="([\d.]+)" d="([^"]*)"', drawing) == [
        ("warm", "0.5", "M2 1.5h1"),
        ("warm", "1", "M0 0.5h2"),
        ("cold", "1", "M0 1.5h1"),
    ]


def test_the_largest_table_is_light() -> None:
    """64 × 64 entries are drawn in less than a page may weigh."""
    largest = PositionalEncoding(length=64, d_model=64)
    assert sum(len(largest.panel(name, untypeset)) for name in largest.panels) < 150_000


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [(-1, 1, [-1, -0.5, 0, 0.5, 1]), (0, 16, [0, 5, 10, 15]), (0.1, 0.3, [0.1, 0.15, 0.2, 0.25, 0.3])],
)
def test_axes_have_round_numbers(low: float, high: float, expected: list[float]) -> None:
    """1, 2 or 5 times a power of ten apart."""
    assert nice(low, high, 5) == expected


def test_a_number_stands_for_each_position() -> None:
    """No two of them get the same row."""
    assert len(set(positions.interleaved(64, 2))) == 64


@pytest.mark.parametrize(
    ("demo", "given", "message"),
    [
        (
            PositionalEncoding,
            {"length": 8, "position": 8},
            "PositionalEncoding: position (=8) must be less than length (=8); try 7.",
        ),
        (
            PositionalEncoding,
            {"d_model": 4},
            "PositionalEncoding: column (=4) must be less than d_model (=4); try 3.",
        ),
        (PositionDots, {"length": 5}, "PositionDots: position (=10) must be less than length (=5); try 4."),
        (
            AddedToEmbedding,
            {"sentence": "a b c d e f g h i"},
            "AddedToEmbedding: sentence (='a b c d e f g h i') must have 1 to 8 words, and has 9; write a shorter one.",
        ),
    ],
)
def test_what_does_not_fit_is_refused(demo: type[Any], given: dict[str, Any], message: str) -> None:
    """With the rule and a way out."""
    with pytest.raises(CalcError) as caught:
        demo(**given)
    assert str(caught.value) == message


def test_a_column_of_zeros_is_drawn() -> None:
    """tensor2tensor's order with a single column has no wave at all."""
    demo = PositionDots(d_model=1, variant=CONCATENATED)
    assert said(demo, "curve")[13] == "Positions 10 and 13, 3 apart: the product of their rows is 0."
    assert 'class="heat' not in demo.panel("every", untypeset)
