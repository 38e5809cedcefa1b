"""Cells on the two sides of each axis: what may be typed, and what formulas make of it."""

from __future__ import annotations

from typing import Any

import pytest

import calc
from calc.knob import Margins, Unfit, written

TYPED = [
    # (text, value)
    ("1", 1),
    ("(1)", (1,)),
    ("1, 2", (1, 2)),
    ("(1, 2)", (1, 2)),
    ("[1 2]", (1, 2)),
    ("(1, 2), (3, 4)", ((1, 2), (3, 4))),
    ("((1, 2), (3, 4))", ((1, 2), (3, 4))),
    ("1, (2, 3)", (1, (2, 3))),
    ("-1", -1),
]


@pytest.mark.parametrize(("text", "value"), TYPED)
def test_margins_are_read(text: str, value: Any) -> None:
    """One number, one for each axis or two, with brackets or without."""
    assert Margins().clean(Margins().parse(text)) == value


@pytest.mark.parametrize("value", [0, 3, (1, 2), ((1, 2), (3, 4)), (1, (2, 3)), ((0, 1), (0, 1), (2, 2))])
def test_what_is_written_is_read_back(value: Any) -> None:
    """A form's text stands for the value that it was written from."""
    assert Margins().parse(written(value)) == value


WRONG = [
    # (text, rule)
    ("", "is empty"),
    ("(1, 2", "has a bracket that is not closed"),
    ("1)", "has a bracket too many"),
    ("1.5", "must be a whole number"),
    ("same", "must be a whole number"),
]


@pytest.mark.parametrize(("text", "rule"), WRONG)
def test_other_text_is_explained(text: str, rule: str) -> None:
    """What cannot be read has a reason."""
    with pytest.raises(Unfit) as unfit:
        Margins().parse(text)

    assert unfit.value.rule == rule


@pytest.mark.parametrize("value", [1.5, "1", None, (1, None), ((1, (2, 3)), 1)])
def test_other_values_are_refused(value: Any) -> None:
    """Fractions, words and deeper nesting are no margins."""
    with pytest.raises(Unfit):
        Margins().clean(value)


FORMULAS = [
    # (padding, formulas of height and width): sides have names only where they may differ
    (1, ("H + 2p", "W + 2p")),
    ((1, 1), ("H + 2p", "W + 2p")),
    ((1, 2), ("H + 2p_h", "W + 2p_w")),
    (((0, 1), (2, 3)), ("H + p_top + p_bottom", "W + p_left + p_right")),
    ((1, (2, 3)), ("H + 2p_h", "W + p_left + p_right")),
]


@pytest.mark.parametrize(("padding", "formulas"), FORMULAS)
def test_formulas_name_the_sides(padding: Any, formulas: tuple[str, str]) -> None:
    """One symbol for all sides, one for each axis, or one for each side, as the argument has it."""
    layer = calc.layer("keras.ZeroPadding2D", padding=padding)
    lines = calc.derivation_text(layer, (1, 6, 6, 3)).splitlines()

    assert tuple(line.split(" = ")[1] for line in lines) == formulas
