"""Sizes as Keras has them, against windows that are counted one by one, and there and back again."""

from __future__ import annotations

from itertools import product

import pytest

from calc.layers import window

AXES = list(product(range(1, 13), range(1, 6), range(1, 5), range(1, 4)))
"""Cells, kernel, stride, dilation."""


def test_same_has_a_place_for_every_stride() -> None:
    """Windows that start at each s-th cell of the padded input, counted."""
    for n, k, s, d in AXES:
        before, after = window.margins_covering(n, k, s, d)
        starts = range(0, before + n + after - d * (k - 1), s)

        assert window.places_covering(n, s) == len(starts), (n, k, s, d)


def test_same_pads_as_little_as_it_can() -> None:
    """One cell of padding less, and a place is lost; the odd cell comes after."""
    for n, k, s, d in AXES:
        before, after = window.margins_covering(n, k, s, d)

        assert after - before in (0, 1)
        if after:
            assert len(range(0, before + n + after - 1 - d * (k - 1), s)) == window.places_covering(n, s) - 1


@pytest.mark.parametrize("op", [None, 0, 1])
def test_a_valid_convolution_leads_back(op: int | None) -> None:
    """What a transposed convolution makes of n cells a convolution with the same arguments makes n cells again."""
    for n, k, s, d in AXES:
        if op is None or op < s:
            assert window.places(window.spread_valid(n, k, s, d, op), k, s, 0, d) == n, (n, k, s, d)


def test_same_leads_back_where_nothing_is_said() -> None:
    """With None the output is a whole stride for each cell, and covering it takes n places."""
    for n, k, s, d in AXES:
        assert window.places_covering(window.spread_same(n, k, s, d, None), s) == n


def test_same_with_0_does_not_lead_back_from_an_even_kernel() -> None:
    """That is why TensorFlow refuses it: the convolution that leads back has a place too few."""
    for n, k, s, d in AXES:
        found = window.places_covering(window.spread_same(n, k, s, d, 0), s)

        assert found == (n if (d * (k - 1) + 1) % 2 else n - 1), (n, k, s, d)


def test_none_fills_up_to_a_stride() -> None:
    """'valid' and None give s for each cell where stamps are shorter than s, and what is stamped elsewhere."""
    assert [window.spread_valid(5, k, 3, 1, None) for k in (1, 2, 3, 4)] == [15, 15, 15, 16]
    assert [window.spread_valid(5, k, 3, 1, 0) for k in (1, 2, 3, 4)] == [13, 14, 15, 16]
