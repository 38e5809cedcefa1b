"""Figures of widely used study notes: normalization (C17), a recurrent layer and dropout (E)."""

from __future__ import annotations

import pytest

import calc
from site_tests.unit.facts import called, shapes_of, transposed

MATRIX: list[list[float]] = [[1, 2, 3, 4], [3, 2, 5, 8], [5, 8, 7, 0]]


def normalized(group: list[float], eps: float = 1e-5) -> list[float]:
    """Mean, variance, normalize: a group before its scale and shift."""
    mean = sum(group) / len(group)
    variance = sum((x - mean) ** 2 for x in group) / len(group)
    return [(x - mean) / (variance + eps) ** 0.5 for x in group]


def test_c17_layer_norm_does_not_depend_on_the_batch() -> None:
    """C17: a mean for each sample or for each feature of one matrix; a batch of one is refused by batch norm only."""
    batch, layer = calc.layer("BatchNorm1d", num_features=4), calc.layer("LayerNorm", normalized_shape=4)
    groups = [[cost.amount for cost in norm.costs((3, 4)) if cost.unit == "root"] for norm in (batch, layer)]
    lone = [normalized(column)[0] for column in transposed(MATRIX[:1])]

    assert groups == [[4], [3]]
    assert [-1.3416, -0.4472, 0.4472, 1.3416] == [round(x, 4) for x in normalized(MATRIX[0])]
    assert [-1.2247, 0, 1.2247] == [round(x, 4) for x in normalized(transposed(MATRIX)[0])]
    assert lone == [0] * 4
    assert layer((1, 4)) == (1, 4)
    with pytest.raises(calc.CalcError, match="more than 1 number in each channel"):
        batch((1, 4))


def test_e1_a_recurrent_layer_of_128_units() -> None:
    """E1: x 1×256, U 256×128, W 128×128, b 1×128: 49,280 parameters, shared by all tokens of a sentence."""
    for tokens in (1, 7, 100):
        layer = called("keras.SimpleRNN", (1, tokens, 256), units=128)

        assert [(256, 128), (128, 128), (128,)] == list(shapes_of(layer).values())
        assert layer.params == 49_280
    assert sum(each.size for each in calc.layer("tf1.BasicRNNCell", num_units=128).weights_on((1, 256))) == 49_280


def test_e3_four_steps_of_a_normalization() -> None:
    """E3: the column 1, 3, 5: mean 3, variance 8/3, normalized, then scaled by 2 and shifted by 10."""
    column = transposed(MATRIX)[0]
    scaled = [round(2 * x + 10, 4) for x in normalized(column)]

    assert (column, sum(column) / 3, sum((x - 3) ** 2 for x in column) / 3) == ([1, 3, 5], 3, 8 / 3)
    assert [7.5505, 10, 12.4495] == scaled
    for name, arguments in (("BatchNorm2d", {"num_features": 4}), ("LayerNorm", {"normalized_shape": 4})):
        assert [("weight", (4,)), ("bias", (4,))] == list(calc.layer(name, **arguments).weights()), name


def test_e4_dropout_keeps_the_shape_and_learns_nothing() -> None:
    """E4: in training as at inference."""
    for training in (True, False):
        assert calc.layer("keras.Dropout", rate=0.5)((1, 6), training=training) == (1, 6)
    assert called("keras.Dropout", (1, 6), rate=0.5).params == calc.layer("Dropout").params == 0
