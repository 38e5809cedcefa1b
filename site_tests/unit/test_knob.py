"""What readers type into a field: what it is read as, and the exact sentence where it cannot be read."""

from __future__ import annotations

import random
from typing import Any

import pytest

from calc.knob import Choice, Extents, Flag, Kind, PerAxis, Real, Reals, Sizes, Unfit, Whole, written

NUMBER = Whole()
EACH = PerAxis()
PADDING = PerAxis(0, words=("same", "valid"))
STRIDE = PerAxis(empty="kernel_size")
GAPS = PerAxis(0, gaps=True)
SHAPE = Extents()
FLAG = Flag()
UNSET_FLAG = Flag(empty="None")
OPEN = Extents(open=True)
SIZES = Sizes()
NORM = Real(infinite=True)
SCALE = Reals(empty="size")
MODE = Choice(("zeros", "reflect"))

READ = [
    # (kind, typed, value)
    (NUMBER, "3", 3),
    (NUMBER, " 3 ", 3),
    (NUMBER, "+3", 3),
    (NUMBER, "-1", -1),  # whether it may be negative is the layer's rule, not the reader's spelling
    (NUMBER, "0", 0),
    (NUMBER, "007", 7),
    (NUMBER, "1000000000", 10**9),
    (Whole(None, empty="window's size"), "", None),
    (EACH, "3", 3),
    (EACH, "3, 5", (3, 5)),
    (EACH, "3,5", (3, 5)),
    (EACH, "3 5", (3, 5)),
    (EACH, "(3, 5)", (3, 5)),
    (EACH, "[3, 5]", (3, 5)),
    (EACH, "(3,)", (3,)),  # one number for the only axis, as Python writes it
    (EACH, "3,", (3,)),
    (EACH, "1, 2, 3", (1, 2, 3)),  # of the wrong length for most layers, which they say themselves
    (PADDING, "same", "same"),
    (PADDING, "Same", "same"),
    (PADDING, "'valid'", "valid"),
    (PADDING, "2", 2),
    (STRIDE, "", None),
    (STRIDE, "  ", None),
    (GAPS, "None", None),
    (GAPS, "None, 2", (None, 2)),
    (SHAPE, "1, 3, 224, 224", (1, 3, 224, 224)),
    (SHAPE, "(1, 3, 224, 224)", (1, 3, 224, 224)),
    (SHAPE, "1 × 3 × 224 × 224", (1, 3, 224, 224)),
    (SHAPE, "1x3x8", (1, 3, 8)),
    (SHAPE, "0, 3", (0, 3)),  # an empty batch
    (SHAPE, "7", (7,)),
    (SIZES, "7", 7),  # nn.LayerNorm(7)
    (SIZES, "(7,)", (7,)),
    (SIZES, "7,", (7,)),
    (SIZES, "3, 7", (3, 7)),
    (FLAG, "True", True),
    (FLAG, "false", False),
    (UNSET_FLAG, "", None),
    (UNSET_FLAG, "False", False),
    (OPEN, "2, -1, 3", (2, -1, 3)),
    (NORM, "inf", float("inf")),
    (NORM, "-inf", float("-inf")),
    (NORM, "2", 2),
    (SCALE, "", None),
    (SCALE, "1.5", 1.5),
    (SCALE, "2, 0.5", (2, 0.5)),
    (SCALE, "(2,)", (2,)),
    (MODE, "reflect", "reflect"),
    (MODE, '"zeros"', "zeros"),
]


@pytest.mark.parametrize(("kind", "typed", "value"), READ)
def test_what_is_typed_is_read(kind: Kind, typed: str, value: Any) -> None:
    """Numbers, tuples and words are read in every way that people write them."""
    assert value == kind.clean(kind.parse(typed))


WHOLE = "type a whole number such as 3"
SEVERAL = "type a whole number such as 3, or one for each axis such as 3, 5"
AXES = "type the size of each axis such as 1, 3, 224, 224"
HUGE = "must be at most 1,000,000,000; no tensor has so long an axis, so check the digits"

UNREADABLE = [
    # (kind, typed, sentence): empty
    (SCALE, "2,,3", "is empty; type a number such as 0.5"),
    (SCALE, "2, two", "must be a number; type a number such as 0.5"),
    (Real(), "inf", "must be a number; type a number such as 0.5"),
    (SHAPE, "2, -1", "must not have a negative axis; give each axis its size, 0 or more"),
    (NUMBER, "", f"is empty; {WHOLE}"),
    (EACH, "   ", f"is empty; {SEVERAL}"),
    (EACH, "3,,5", f"is empty; {SEVERAL}"),
    (SHAPE, "", f"is empty; {AXES}"),
    (SHAPE, "()", f"is empty; {AXES}"),
    # huge
    (NUMBER, "1000000000000", HUGE),
    (EACH, "3, 1000000000000", HUGE),
    (SHAPE, "1, 3, 1000000000000", HUGE),
    (NUMBER, "-1000000000000", HUGE),
    (NUMBER, "9" * 5000, HUGE),  # longer than Python converts
    # fractions
    (NUMBER, "2.5", "must be a whole number; type 2"),
    (EACH, "3.0", "must be a whole number; type 3"),
    (EACH, "-2.5", "must be a whole number; type -2"),
    (SHAPE, "1, 3, 7.5", "must be a whole number; type 7"),
    (NUMBER, "1e3", f"must be a whole number; {WHOLE}"),
    (NUMBER, "1/2", f"must be a whole number; {WHOLE}"),
    # letters
    (NUMBER, "abc", f"must be a whole number; {WHOLE}"),
    (EACH, "three", f"must be a whole number; {SEVERAL}"),
    (EACH, "--3", f"must be a whole number; {SEVERAL}"),
    (EACH, "(3", f"must be a whole number; {SEVERAL}"),
    (PADDING, "full", "must be a number or one of 'same', 'valid'; type for example same"),
    (PADDING, "smae", "must be a number or one of 'same', 'valid'; try same"),
    (MODE, "mirror", "must be one of 'zeros', 'reflect'; try zeros"),
    (MODE, "zeroes", "must be one of 'zeros', 'reflect'; try zeros"),
    (FLAG, "yes", "must be True or False; type True or False"),
    (FLAG, "", "must be True or False; type True or False"),
    # digits of other scripts: full-width from an input method, Arabic-Indic
    (NUMBER, "３", "must be written with the digits 0 to 9; type 3"),
    (EACH, "１２", "must be written with the digits 0 to 9; type 12"),
    (SHAPE, "1, ３, 8", "must be written with the digits 0 to 9; type 3"),
    (NUMBER, "٣", "must be written with the digits 0 to 9; type 3"),
    # pasted HTML
    (NUMBER, "<b>3</b>", f"must be a whole number; {WHOLE}"),
    (EACH, "<script>alert(1)</script>", f"must be a whole number; {SEVERAL}"),
    # and a shape that no tensor has
    (SHAPE, ", ".join("1" * 65), "must have at most 64 axes; PyTorch's operations take no more"),
    (SHAPE, "-1, 3", "must not have a negative axis; give each axis its size, 0 or more"),
]


@pytest.mark.parametrize(("kind", "typed", "sentence"), UNREADABLE)
def test_what_cannot_be_read_is_explained(kind: Kind, typed: str, sentence: str) -> None:
    """The reason and the way out, word for word."""
    with pytest.raises(Unfit) as caught:
        kind.clean(kind.parse(typed))

    assert sentence == f"{caught.value.rule}; {caught.value.hint}"


CODE = [
    # (kind, value, sentence): what Python code can pass and a form cannot
    (NUMBER, 2.0, "must be a whole number; write 2"),
    (NUMBER, True, "must be a whole number; write a whole number such as 3"),
    (NUMBER, None, "must be a whole number; write a whole number such as 3"),
    (NUMBER, float("nan"), "must be a whole number; write a whole number such as 3"),
    (EACH, "3", "must be a whole number; write a whole number such as 3"),
    (EACH, (3, 2.5), "must be a whole number; write 2"),
    (SHAPE, "1, 3", "must be a shape, one number for each axis; write (1, 3, 224, 224)"),
    (SHAPE, 7, "must be a shape, one number for each axis; write (1, 3, 224, 224)"),
    (SIZES, 7.5, "must be a shape, one number for each axis; write 64 or (3, 224, 224)"),
    (SIZES, True, "must be a whole number; write a whole number such as 3"),
    (SIZES, -1, "must not have a negative axis; give each axis its size, 0 or more"),
    (FLAG, 1, "must be True or False; write True or False"),
    (MODE, 1, "must be one of 'zeros', 'reflect'; try 'zeros'"),
]


@pytest.mark.parametrize(("kind", "value", "sentence"), CODE)
def test_values_of_another_type_are_explained(kind: Kind, value: object, sentence: str) -> None:
    """A constructor's argument is checked like a field, and the hint says `write`."""
    with pytest.raises(Unfit) as caught:
        kind.clean(value)

    assert sentence == f"{caught.value.rule}; {caught.value.hint}"


def test_numbers_of_other_libraries_become_plain() -> None:
    """Whatever has `__index__` is a whole number."""

    class Seven:
        def __index__(self) -> int:
            return 7

    assert NUMBER.clean(Seven()) == 7
    assert EACH.clean([Seven(), 7]) == (7, 7)


def test_every_value_can_be_typed() -> None:
    """A value as `written` shows it is read back as itself."""
    rng = random.Random(5)
    for _ in range(500):
        number = rng.choice([0, 1, 7, -3, 10**9, rng.randint(0, 500)])
        several = tuple(rng.randint(0, 20) for _ in range(rng.randint(1, 4)))
        gaps = tuple(rng.choice([None, 3]) for _ in range(rng.randint(1, 3)))

        assert number == NUMBER.parse(written(number))
        assert number == EACH.parse(written(number))
        assert several == EACH.parse(written(several))
        assert several == SHAPE.parse(written(several))
        assert gaps == GAPS.parse(written(gaps))
    for word in PADDING.words:
        assert word == PADDING.parse(written(word))
    assert STRIDE.parse(written(None)) is None
    assert FLAG.parse(written(True)) is True
    assert FLAG.parse(written(False)) is False


def test_any_text_is_read_or_explained() -> None:
    """No text makes a field fail in another way than with a reason."""
    rng = random.Random(6)
    alphabet = "0123456789 ,.()[]-+xe×sameNo'\"<>/&３٣²½\n\t\x00\u200b"
    for _ in range(3000):
        typed = "".join(rng.choice(alphabet) for _ in range(rng.randint(0, 8)))
        for kind in (NUMBER, EACH, PADDING, STRIDE, GAPS, SHAPE, FLAG, MODE):
            assert all(reason_against(kind, typed)), typed


def reason_against(kind: Kind, typed: str) -> tuple[str, str]:
    """The rule and the way out, or "fits" twice."""
    try:
        kind.clean(kind.parse(typed))
    except Unfit as unfit:
        return unfit.rule, unfit.hint
    return "fits", "fits"


def test_a_list_is_no_tuple_where_the_framework_says_so() -> None:
    """`nn.Upsample` makes a number of whatever is not a tuple, and a list cannot be one."""
    assert Reals().clean([2, 0.5]) == (2, 0.5)

    with pytest.raises(Unfit) as unfit:
        Reals(lists=False).clean([2, 0.5])
    assert (unfit.value.rule, unfit.value.hint) == ("must be a number or a tuple", "write (2, 0.5)")
