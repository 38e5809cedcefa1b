"""Norms by hand: the notes' own rows, which cells share a mean, running statistics, what the demos say."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest

from calc.demos.normalization import NormalizationByHand
from calc.demos.normalization_batch import SameMatrix
from calc.demos.normalization_modes import BatchNormModes
from calc.errors import CalcError
from calc.exercises.normalization import OneNormalized, RunningVariance
from calc.values.normalize import annotated_layer_norm, batch_norm, keras_batch_norm, layer_norm, variance
from site_tests.test_every_demo import untypeset
from site_tests.unit.test_page_numbers import page

MATRIX = ((1, 2, 3, 4), (3, 2, 5, 8), (5, 8, 7, 0))
IMAGES = (((1, 3), (4, 0)), ((2, 2), (6, 1)), ((0, 3), (7, 4)))


def said(demo: Any) -> str:
    """The sentences of a picture."""
    return unescape(demo.picture(untypeset))


def rounded(row: Any) -> list[float]:
    return [round(number, 4) for number in row]


def test_the_annotated_transformer_divides_by_another_deviation() -> None:
    """−1.1619 against −1.3416 on 0, 1, 2, 3: unbiased, with eps outside of the root."""
    ones, zeros = (1.0,) * 4, (0.0,) * 4

    assert rounded(layer_norm((0, 1, 2, 3))) == [-1.3416, -0.4472, 0.4472, 1.3416]
    assert rounded(annotated_layer_norm((0, 1, 2, 3), ones, zeros)) == [-1.1619, -0.3873, 0.3873, 1.1619]
    # A large eps tells where it stands: within the root, or beside it.
    assert layer_norm((0, 1, 2, 3), eps=0.75)[0] == pytest.approx(-1.5 / 2**0.5)
    assert annotated_layer_norm((0, 1, 2, 3), ones, zeros, eps=1)[0] == pytest.approx(-1.5 / ((5 / 3) ** 0.5 + 1))


def test_batch_norm_goes_down_and_layer_norm_along() -> None:
    """The same matrix: features over the batch, samples over their features."""
    down, along = batch_norm(MATRIX)["output"], layer_norm(MATRIX)

    assert rounded(row[0] for row in down) == [-1.2247, 0, 1.2247]
    assert rounded(along[0]) == [-1.3416, -0.4472, 0.4472, 1.3416]
    assert rounded(layer_norm(MATRIX[:1])[0]) == rounded(along[0])


def test_a_sample_that_joins_changes_batch_norm_only() -> None:
    """All twelve results of the others against none; the same when one leaves."""
    assert SameMatrix().counts() == {"b": 12, "l": 0}
    assert SameMatrix(joining=None).counts() == {"b": 8, "l": 0}
    assert "Batch norm of sample 1, feature 1: −1.2247 became −1.3416." in said(SameMatrix())
    assert "Layer norm of sample 1, feature 1: −1.3416 before and after." in said(SameMatrix())
    words = "Batch norm, feature 1: the mean was (1 + 3 + 5) / 3 = 3 and is (1 + 3 + 5 + 7) / 4 = 4."
    assert words in said(SameMatrix())


SHARED = [
    # (kind, how many groups, the cells that the first one shares its mean with)
    ("batch", 2, ["x-0-0-1", "x-1-0-0", "x-1-0-1", "x-2-0-0", "x-2-0-1"]),
    ("layer", 3, ["x-0-0-1", "x-0-1-0", "x-0-1-1"]),
    ("RMS", 3, ["x-0-0-1", "x-0-1-0", "x-0-1-1"]),
    ("group", 6, ["x-0-0-1"]),
    ("instance", 6, ["x-0-0-1"]),
]


@pytest.mark.parametrize(("kind", "groups", "lit"), SHARED)
def test_pointing_lights_those_that_share_a_mean(kind: str, groups: int, lit: list[str]) -> None:
    """Of three samples of two channels with two positions."""
    demo = NormalizationByHand(x=IMAGES, kind=kind)

    assert len(demo.groups) == groups
    column = int(kind == "RMS")
    assert f'<li data-note="x-0-0-0" data-lights="{" ".join(lit)} s-0-{column}">' in demo.picture(untypeset)


def test_the_four_steps_are_said() -> None:
    """Mean, variance, normalized, scaled and shifted, with the numbers."""
    words = said(NormalizationByHand(weight=(2,), bias=(-1,)))

    assert "Feature 1: the mean is (1 + 3 + 5) / 3 = 3." in words
    assert "Feature 1: the variance is ((1 − 3)² + (3 − 3)² + (5 − 3)²) / 3 = 2.6667." in words
    assert "Feature 1: its numbers are divided by √(2.6667 + 1e-05) = 1.633." in words
    assert "Sample 1, feature 1: (1 − 3) / 1.633 = −1.2247." in words
    assert "Sample 1, feature 1: γ·x̂ + β = 2·(−1.2247) + (−1) = −3.4495." in words
    assert "Sample 1, feature 1 shares its mean with 2 other cells, feature 1: 3." in words
    assert "Sample 1: RMS norm takes no mean off, so 0 stands here." in said(NormalizationByHand(kind="RMS"))
    assert "Sample 1: the mean square is (1² + 2² + 3² + 4²) / 4 = 7.5." in said(NormalizationByHand(kind="RMS"))


def test_long_sums_are_cut_in_the_middle() -> None:
    """So that a sentence stays two lines long."""
    matrix = ((1, 2, 3, 4, 5), (6, 7, 8, 9, 0))

    assert "Sample 1: the mean is (1 + 2 + 3 + … + 0) / 10 = 4.5." in said(
        NormalizationByHand(x=(matrix, matrix), kind="layer")
    )
    assert r"\cdots" in NormalizationByHand(x=(matrix, matrix), kind="layer").steps(untypeset)


def test_learned_numbers_belong_to_channels_or_to_elements() -> None:
    """One for all will do; a layer norm has one for each element of a sample."""
    assert NormalizationByHand(x=IMAGES, weight=(1, 3)).done.output[0][1][0] == pytest.approx(
        3 * NormalizationByHand(x=IMAGES).done.output[0][1][0]
    )
    assert NormalizationByHand(x=IMAGES, kind="layer", weight=(1, 2, 3, 4)).done.output[2][1][1] == pytest.approx(
        4 * NormalizationByHand(x=IMAGES, kind="layer").done.output[2][1][1]
    )


def test_running_statistics_move_by_momentum() -> None:
    """PyTorch's is the new batch's share and its variance divides by n − 1; Keras has both the other way."""
    first = BatchNormModes().seen[0]
    keras = BatchNormModes(framework="Keras", momentum=0.9).seen[0]

    assert rounded(first.running_mean) == rounded(keras.running_mean) == [0.3, 0.4]
    assert rounded(first.running_var) == [1.3, 2.1]
    assert rounded(keras.running_var) == [1.1667, 1.7]
    assert "Batch 2, feature 1: the running mean becomes 0.9·0.3 + 0.1·4 = 0.67." in said(BatchNormModes())
    words = (
        "Batch 1, feature 1: for the running variance PyTorch divides by 2: ((1 − 3)² + (3 − 3)² + (5 − 3)²) / 2 = 4."
    )
    assert words in said(BatchNormModes())


def test_a_batch_of_one_is_refused_as_pytorch_does() -> None:
    """Its own words; every result is β, and the running statistics stay. Keras goes on."""
    alone = BatchNormModes(batches=(((1, 2, 3),), ((4, 5, 6),)), bias=(7, 8, 9))
    message = "Expected more than 1 value per channel when training, got input size torch.Size([1, 3])"

    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        batch_norm(((1, 2, 3),))
    assert f"ValueError: {message}" in alone.answer(untypeset)
    assert f"ValueError: {message}" in page("normalization-by-hand")
    assert list(alone.outputs()[0][0]) == [7, 8, 9]
    assert list(alone.seen[-1].running_var) == [1, 1, 1]
    assert "PyTorch has refused the batch, so the running variance stays 1." in said(alone)
    keras = BatchNormModes(batches=(((1, 2, 3),), ((4, 5, 6),)), framework="Keras", momentum=0.9)
    assert "refuse" not in keras.answer(untypeset)
    assert rounded(keras.seen[-1].running_var) == [0.81] * 3


REFUSED = [
    (
        NormalizationByHand,
        {"kind": "instance"},
        "NormalizationByHand: kind (='instance') needs several positions in each channel; type a matrix for each "
        "sample, with an empty line between.",
    ),
    (
        NormalizationByHand,
        {"kind": "group", "num_groups": 3},
        "NormalizationByHand: num_groups (=3) must divide the 4 channels; try 2.",
    ),
    (
        NormalizationByHand,
        {"kind": "RMS", "bias": (1,)},
        "NormalizationByHand: bias (=(1,)) is not part of RMS norm; leave it blank.",
    ),
    (
        NormalizationByHand,
        {"weight": (1, 2)},
        "NormalizationByHand: weight (=(1, 2)) must be 1 number or 4, and has 2; type one number, which "
        "is taken for all.",
    ),
    (
        NormalizationByHand,
        {"x": (((1, 2),),)},
        "NormalizationByHand: x (=(((1, 2),),)) has one number for each mean: every result would be β, and PyTorch "
        "refuses that in training; type a second sample.",
    ),
    (
        BatchNormModes,
        {"bias": (1,)},
        "BatchNormModes: bias (=(1,)) must have 2 numbers, one for each feature, and has 1; leave it blank.",
    ),
    (
        SameMatrix,
        {"joining": (1,)},
        "SameMatrix: joining (=(1,)) must have 4 numbers like the samples of x, and has 1; leave it blank to take the "
        "last sample away.",
    ),
    (
        SameMatrix,
        {"x": ((1, 2), (3, 5)), "joining": None},
        "SameMatrix: x (='1 2; 3 5') must have at least 3 samples, so that two are left to average; type another line.",
    ),
]


@pytest.mark.parametrize(("kind", "arguments", "sentence"), REFUSED)
def test_what_cannot_be_is_refused(kind: type, arguments: dict[str, Any], sentence: str) -> None:
    """Word for word."""
    with pytest.raises(CalcError) as caught:
        kind(**arguments)

    assert str(caught.value) == sentence


@pytest.mark.parametrize("kind", ["batch", "layer", "group", "instance", "RMS"])
@pytest.mark.parametrize("samples", [2, 3])
def test_every_kind_can_be_drawn(kind: str, samples: int) -> None:
    """The largest tensor that may be typed, in less than a page can bear."""
    matrix = tuple(tuple(row * 7 % 5 + column * 3 % 4 for column in range(5)) for row in range(4))
    demo = NormalizationByHand(x=(matrix,) * samples, kind=kind, num_groups=4)

    assert len(demo.picture(untypeset)) < 120_000
    assert len(demo.groups) == {"batch": 4, "layer": samples, "RMS": samples}.get(kind, 4 * samples)


def test_exercises_know_the_usual_slips() -> None:
    """The other axis, the other divisor, momentum turned around."""
    assert any("That is the other norm" in words for words in OneNormalized(variant=4).posed.slips.values())
    running = RunningVariance(variant=2).posed
    assert any("PyTorch's running variance divides by n − 1" in words for words in running.slips.values())
    assert all(not running.meets(wrong) for wrong in running.slips)


def test_the_pages_numbers() -> None:
    """The worked example, the deviations, what is left of the start."""
    text = page("normalization-by-hand")
    made = layer_norm((0, 1, 2, 3), 1, (2,) * 4, (1,) * 4)
    for number in (*layer_norm((0, 1, 2, 3)), *made):
        assert f"{number:.4f}".rstrip("0").replace("-", "−") in text
    assert f"{0.9**3:.1%} of the start is left" in text
    assert 0.9**22 < 0.1 < 0.9**21
    assert f"{(4 / 3) ** 0.5:.4f} for four features, {(512 / 511) ** 0.5:.3f} for 512" in text
    assert f"{variance((0, 1, 2, 3)) ** 0.5:.3f}" in text
    assert f"{variance((0, 1, 2, 3), unbiased=True) ** 0.5:.3f}" in text


def test_keras_takes_the_batch_as_it_is() -> None:
    """Momentum is the old value's share, the variance is that of the batch."""
    found = keras_batch_norm(MATRIX, (0.0,) * 4, (1.0,) * 4, training=True, momentum=0.9)

    assert rounded(found["moving_variance"]) == [1.1667, 1.7, 1.1667, 1.9667]
