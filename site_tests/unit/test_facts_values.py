"""The rows of the source notes that have values, each by its number."""

from __future__ import annotations

from math import cos, isclose, sin, sqrt
from statistics import fmean

import pytest

from calc import masks
from calc.demos.dropout import DropoutByHand
from calc.demos.dropout_draws import ManyDraws
from calc.values import attention, convolve, decoding, descent, dropout, normalize, positions, powers

ROWS = ((1.0, 2.0, 3.0, 4.0), (2.0, 2.0, 2.0, 2.0), (-1.0, 0.0, 5.0, 10.0))


def test_a5_powers_of_one_matrix_fade_or_grow() -> None:
    """Below 1 they vanish, above 1 they explode, at 1 they stay."""
    for factor, after in ((0.5, 0.5**30), (1.0, 1.0), (1.5, 1.5**30)):
        weight = ((factor, 0.0), (0.0, factor))
        last = powers.repeated(weight, (3.0, 4.0), 30)[-1]
        assert powers.length(last) == pytest.approx(5 * after)


def test_a6_single_head_attention() -> None:
    """Scores, their scale, shares that add up to 1, and a mean of the values."""
    made = attention.attend(((1.0, 0.0),), ((1.0, 0.0), (0.0, 1.0)), ((10.0,), (20.0,)))

    assert made.scores == ((1.0, 0.0),)
    assert made.scaled[0][0] == pytest.approx(1 / sqrt(2))
    assert sum(made.weights[0]) == pytest.approx(1)
    assert made.output[0][0] == pytest.approx(10 * made.weights[0][0] + 20 * made.weights[0][1])


def test_a7_the_encoder_mask_is_batch_by_length() -> None:
    """Shorter sentences are padded with 0, longer ones cut."""
    tokens = masks.pad_sequences([[3, 4], [5, 6, 7, 8, 9], [1]], 4)

    assert tokens == [[3, 4, 0, 0], [5, 6, 7, 8], [1, 0, 0, 0]]
    assert [row for [row] in masks.padding_mask(tokens)] == [
        [True, True, False, False],
        [True, True, True, True],
        [True, False, False, False],
    ]


def test_a8_the_decoder_mask_is_a_lower_triangle() -> None:
    """Shape (1, size, size), True where a position may be seen."""
    mask = masks.subsequent_mask(5)

    assert mask.shape == (1, 5, 5)
    assert mask[0] == [[column <= row for column in range(5)] for row in range(5)]


def test_c1_the_loss_falls_step_by_step() -> None:
    """An edge kernel is found again by gradient descent; too large a rate runs away."""
    image = descent.edge_image()
    wanted = convolve.correlate(image, ((1.0, -1.0),))
    losses = [step.loss for step in descent.descend(image, wanted, ((0.1, -0.2),), 0.03, 30).steps]
    away = [step.loss for step in descent.descend(image, wanted, ((0.1, -0.2),), 0.04, 30).steps]

    assert all(later < earlier for earlier, later in zip(losses, losses[1:], strict=False))
    assert losses[-1] < 1e-3 * losses[0]
    assert away[-1] > away[0]


@pytest.mark.parametrize("d_model", [2, 5, 8])
def test_c14_the_table_of_positions(d_model: int) -> None:
    """P[i, 2j] = sin(i / 10000^(2j/d)), P[i, 2j+1] = cos of the same."""
    for i, row in enumerate(positions.interleaved(6, d_model)):
        for column, number in enumerate(row):
            angle = i / 10000 ** (2 * (column // 2) / d_model)
            assert isclose(number, cos(angle) if column % 2 else sin(angle), abs_tol=1e-12)


def test_c16_training_takes_one_pass_prediction_one_for_each_token() -> None:
    """Four words and the end: one pass of five positions, or five passes."""
    words = ["the", "cat", "sat", "down"]

    assert len(decoding.training(words).read) == 5
    assert len(decoding.prediction(words)) == 5


def test_c17_the_batch_matters_to_batch_norm_alone() -> None:
    """One row more changes batch norm's answers for the others, layer norm's not."""
    more = (*ROWS, (7.0, -3.0, 0.0, 1.0))

    assert normalize.layer_norm(ROWS) == normalize.layer_norm(more)[:3]
    assert normalize.batch_norm(ROWS)["output"] != normalize.batch_norm(more)["output"][:3]


def test_e2_the_kernel_moves_along_one_axis_of_a_text() -> None:
    """Over n words of any width a kernel of k words has n - k + 1 places."""
    words = tuple((float(number), 1.0, -1.0) for number in range(6))
    kernel = ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0))

    assert convolve.correlate(words, kernel) == tuple((float(number),) for number in range(4))
    assert convolve.correlate(((0.0, 1.0, 2.0), (3.0, 4.0, 5.0), (6.0, 7.0, 8.0)), ((0.0, 1.0), (2.0, 3.0))) == (
        (19.0, 25.0),
        (37.0, 43.0),
    )


def test_e3_mean_variance_normalised_scaled() -> None:
    """The four steps on one row."""
    row = ROWS[0]
    hat = tuple((number - 2.5) / sqrt(1.25 + 1e-5) for number in row)

    assert (normalize.mean(row), normalize.variance(row)) == (2.5, 1.25)
    assert normalize.layer_norm((row,))[0] == pytest.approx(hat)
    scaled = normalize.layer_norm((row,), 1, (2.0,) * 4, (1.0,) * 4)[0]
    assert scaled == pytest.approx(tuple(2 * number + 1 for number in hat))


def test_e4_dropout_of_the_notes() -> None:
    """[1, 2, 3, 4, 5, 6] with p = 0.5, the second and the last kept: [0, 4, 0, 0, 0, 12]; nothing at inference."""
    x = (1, 2, 3, 4, 5, 6)
    kept = (False, True, False, False, False, True)

    assert tuple(dropout.dropout(x, kept, 0.5)) == (0, 4, 0, 0, 0, 12)
    assert tuple(dropout.dropout(x, kept, 0.5, training=False)) == x
    assert DropoutByHand().x == x


def test_e5_the_mean_of_many_draws_is_the_input() -> None:
    """Each draw is another thinned network; their mean comes near the input, ever nearer."""
    demo = ManyDraws()
    far, near = (
        fmean(
            abs(mean - number) / number
            for mean, number in zip(
                dropout.mean_of_draws(demo.x, dropout.masks(len(demo.x), demo.p, draws, 7), demo.p), demo.x, strict=True
            )
        )
        for draws in (10, 4000)
    )

    assert near < 0.05 < far
    assert dropout.thinned_networks(4) == 16
