"""Numbers on the page of convolution by hand."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

import calc
from calc.demos.convolution import ConvolutionByHand
from calc.scene import digits, matrix_text
from calc.values.convolve import axes, convolve, correlate, terms
from calc.worked import dot_text, products

PAGE = Path(__file__).parents[2] / "docs" / "en" / "convolution-by-hand.md"
IMAGE, KERNEL = ((0, 1, 2), (3, 4, 5), (6, 7, 8)), ((0, 1), (2, 3))


def page() -> str:
    return PAGE.read_text(encoding="utf-8")


SETTINGS: list[tuple[str, dict[str, Any]]] = [
    ("as above", {}),
    ("`padding=1`", {"padding": 1}),
    ("`padding=1, stride=(3, 2)`", {"padding": 1, "stride": (3, 2)}),
    ("`dilation=2`", {"dilation": 2}),
    ("`flip=True`", {"flip": True}),
]


@pytest.mark.parametrize(("setting", "fields"), SETTINGS)
def test_the_worked_example(setting: str, fields: dict[str, Any]) -> None:
    """The table of outputs, which are those of the first demo with these fields."""
    output = ConvolutionByHand(**fields).output
    assert f"| {setting} | {matrix_text(output)} |" in page()


def test_the_sums() -> None:
    """Each of the four, as it is typeset."""
    on = axes((3, 3), (2, 2))
    for row, line in enumerate(correlate(IMAGE, KERNEL)):
        for column, result in enumerate(line):
            pairs = terms(IMAGE, KERNEL, on, (row, column))
            assert f"{products(pairs)} &= {digits(result)}" in page(), dot_text(pairs)


def test_both_notations_give_the_same_size() -> None:
    """Each row of the table: Conv1d's own answer, and the formula with all of the padding."""
    rows = re.findall(r"^\| (\d+) \| (\d+) \| (\d+) \| (\d+) \| (\d+) \| (\d+) \|$", page(), re.M)
    assert len(rows) == 6
    for n, k, s, p, total, out in (map(int, row) for row in rows):
        layer = calc.layer("Conv1d", in_channels=1, out_channels=1, kernel_size=k, stride=s, padding=p)
        assert layer((1, 1, n)) == (1, 1, out)
        assert total == 2 * p
        assert (n + total - k + s) // s == out


def test_the_second_channel() -> None:
    """Its sums, and those of both channels."""
    second = tuple(tuple(number + 1 for number in row) for row in IMAGE)
    kernel = tuple(tuple(number + 1 for number in row) for row in KERNEL)
    alone = correlate(second, kernel)
    [both] = convolve((IMAGE, second), ((KERNEL, kernel),))

    assert f"the second channel gives {', '.join(digits(number) for row in alone for number in row)}." in page()
    assert f"The sums are {', '.join(digits(number) for row in both for number in row)} (" in page()


def test_how_often_a_pixel_is_read() -> None:
    """With padding 1 a corner goes into four outputs instead of one; three weights with dilation 2 span five cells."""
    for padding, times in ((0, 1), (1, 4)):
        rows, columns = axes((3, 3), (2, 2), padding=padding)
        assert len(rows.read_by(0)) * len(columns.read_by(0)) == times
    [axis] = axes((9,), (3,), dilation=2)
    assert axis.span == 5
    assert axes((9,), (3,), padding="causal", dilation=2)[0].before == 2 * (3 - 1)
