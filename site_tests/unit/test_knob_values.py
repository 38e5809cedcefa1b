"""What readers type into the fields of demos: matrices, text, answers."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest

from calc.knob import Answer, Kind, Table, Text, Unfit

MATRIX = Table()
ROW = Table(axes=1)
CUBE = Table(axes=3)
SMALL = Table(rows=2, columns=3)
SQUARE = ((1, 2), (3, 4))

READ = [
    # (kind, typed, value)
    (MATRIX, "1 2\n3 4", SQUARE),
    (MATRIX, "1, 2\n3, 4\n", SQUARE),
    (MATRIX, "1, 2; 3, 4", SQUARE),
    (MATRIX, " 1\t2 \r\n 3\t4", SQUARE),  # copied from a spreadsheet
    (MATRIX, "[[1, 2], [3, 4]]", SQUARE),
    (MATRIX, "[[1., 2.],\n [3., 4.]]", SQUARE),  # printed by NumPy
    (MATRIX, "((1, 2), (3, 4))", SQUARE),
    (MATRIX, "-0.5 1e-3", ((-0.5, 0.001),)),
    (MATRIX, "7", ((7,),)),
    (ROW, "1 2 3", (1, 2, 3)),
    (ROW, "[1, 2, 3]", (1, 2, 3)),
    (CUBE, "1 2\n3 4\n\n5 6\n7 8", (SQUARE, ((5, 6), (7, 8)))),
    (CUBE, "[[[1, 2], [3, 4]], [[5, 6], [7, 8]]]", (SQUARE, ((5, 6), (7, 8)))),
    (CUBE, "1 2\n3 4", (SQUARE,)),
    (Table(empty="drawn"), " \n", None),
    (Table(axes=1, empty="zeros"), "", None),
    (Table(empty="drawn"), "1 2\n3 4", SQUARE),
    (Text(), "two words", "two words"),
    (Text(lines=True), "one\ntwo", "one\ntwo"),
    (Answer(), "61706", 61706),
    (Answer(), "61,706", 61706),
    (Answer(), "61 706", 61706),
    (Answer(), "1/4", 0.25),
    (Answer(), "-2.5", -2.5),
    (Answer(), "", None),
]


@pytest.mark.parametrize(("kind", "typed", "value"), READ)
def test_what_is_typed_is_read(kind: Kind, typed: str, value: Any) -> None:
    """However people write matrices and numbers."""
    assert kind.clean(kind.parse(typed)) == value


LINES = "type numbers with spaces between, a line for each row"

UNREADABLE = [
    # (kind, typed, sentence)
    (MATRIX, "", f"is empty; {LINES}"),
    (MATRIX, "[]", f"is empty; {LINES}"),
    (MATRIX, "1 2\n3", "has 1 numbers in row 2 and 2 in row 1; give every row as many"),
    (MATRIX, "1 two", f"has 'two' in row 1, which is not a number; {LINES}"),
    (MATRIX, "1 2\n\n3 4", f"must be one matrix; {LINES}"),
    (MATRIX, "1e999", f"has '1e999' in row 1, which is not a number; {LINES}"),
    (MATRIX, "10000000", "must hold numbers of at most 1,000,000; check the digits"),
    (ROW, "1 2\n3 4", "must be one row; type 1 2 3"),
    (ROW, "<b>", "has '<b>', which is not a number; type 1 2 3"),
    (SMALL, "1\n2\n3", "must have at most 2 rows, and has 3; leave some out"),
    (SMALL, "1 2 3 4", "must have at most 3 columns, and has 4; leave some out"),
    (CUBE, "1 2\n\n3", "has matrices of different shapes; give all of them as many rows and columns"),
    (Text(), "  ", "is empty; type a word or two"),
    (Text(most=3), "four", "must have at most 3 characters, and has 4; leave some out"),
    (Text(), "a\x00b", "must have no control characters; delete what cannot be seen, or type it anew"),
    (Text(), "a\nb", "must have no control characters; delete what cannot be seen, or type it anew"),
    (Answer(), "many", "must be a number; type a number such as 0.5"),
    (Answer(), "1/0", "must not divide by 0; type a number such as 0.5"),
    (Answer(), "1/", "is empty; type a number such as 0.5"),
]


@pytest.mark.parametrize(("kind", "typed", "sentence"), UNREADABLE)
def test_what_cannot_be_read_is_explained(kind: Kind, typed: str, sentence: str) -> None:
    """The reason and the way out, word for word."""
    with pytest.raises(Unfit) as caught:
        kind.clean(kind.parse(typed))

    assert sentence == f"{caught.value.rule}; {caught.value.hint}"


CODE = [
    # (kind, value, sentence): what Python code can pass and a form cannot
    (MATRIX, "1 2", "must be numbers in rows; write [[1, 2], [3, 4]]"),
    (MATRIX, [1, 2], "must be numbers in rows; write [[1, 2], [3, 4]]"),
    (ROW, 1, "must be a row of numbers; write [1, 2]"),
    (ROW, [float("nan")], "must be a finite number; write a number such as 0.5"),
    (ROW, [True], "must be a number; write a number such as 0.5"),
    (Text(), 3, "must be text; write it in quotes"),
]


@pytest.mark.parametrize(("kind", "value", "sentence"), CODE)
def test_values_of_another_type_are_explained(kind: Kind, value: object, sentence: str) -> None:
    """A constructor's argument is checked like a field."""
    with pytest.raises(Unfit) as caught:
        kind.clean(value)

    assert sentence == f"{caught.value.rule}; {caught.value.hint}"


@pytest.mark.parametrize("axes", [1, 2, 3])
def test_a_table_is_written_as_it_is_read(axes: int) -> None:
    """What stands in the form gives back the numbers."""
    draw = Random(axes)

    def table(axes: int, sizes: list[int]) -> Any:
        if not axes:
            return draw.choice([draw.randint(-9, 9), round(draw.uniform(-9, 9), draw.randint(1, 9))])
        return tuple(table(axes - 1, sizes[1:]) for _ in range(sizes[0]))

    for _ in range(100):
        value = table(axes, [draw.randint(1, 4) for _ in range(axes)])
        kind = Table(axes=axes)
        assert kind.clean(kind.parse(kind.write(value))) == value


def test_a_table_that_may_be_left_out_is_written_blank() -> None:
    """None is a field with nothing in it."""
    assert Table(empty="drawn").write(None) == Table(axes=1, empty="zeros").write(None) == ""
    assert Table(empty="drawn").clean(None) is None
