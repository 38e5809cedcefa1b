"""Recurrent cells with values: the notes' examples, what the demos say, and what they refuse."""

from __future__ import annotations

import re
from random import Random
from typing import Any

import pytest

import calc
from calc.demos.growth_picture import short
from calc.demos.gru_step import AFTER, BEFORE, GRUStep
from calc.demos.lstm_step import LSTMStep
from calc.demos.repeated import RepeatedProduct
from calc.demos.rnn_step import RNNStep
from calc.demos.unrolled import UnrolledSentence
from calc.errors import CalcError
from calc.exercises.recurrent_by_hand import ForgetGate, SharedWeights, StepsToFade, UpdatedState
from calc.values.cells import Weights, gru_cell, lstm_cell, rnn_cell
from calc.values.recurrent import step_of, unroll, zero_state
from site_tests.test_every_demo import untypeset
from site_tests.unit.test_recurrent import keras_params

SQUARE = Weights(((1, 0), (0, 1)), ((0.5, -0.5), (0.5, 0.5)))
"""U and W of the notes' sentence: PyTorch multiplies from the left, so W is transposed."""


def test_a_sentence_is_fed_token_by_token() -> None:
    """The page about recurrent layers works it out: three tokens, and the state after each."""
    states = unroll(step_of("RNN", SQUARE), [(1, 0), (0, 1), (1, 1)], zero_state("RNN", SQUARE))

    assert [tuple(round(number, 4) for number in h) for (h,) in states] == [
        (0.7616, 0.0),
        (0.3634, 0.8811),
        (0.6298, 0.925),
    ]


def test_a_saturated_gate_keeps_or_forgets() -> None:
    """f near 1 and i near 0 pass c on; the other way round leaves the candidate."""
    kept, forgotten = (LSTMStep(bias_ih=(-change, -change, change, change, 0, 0, 0, 0)).done for change in (20, -20))

    assert kept.c == pytest.approx((1, -1), abs=1e-6)
    assert forgotten.c == pytest.approx(forgotten.g, abs=1e-6)


def test_two_biases_are_one_where_they_are_only_added() -> None:
    """In an RNN and an LSTM a number may move from one to the other; in a GRU's candidate it may not."""
    lstm, rnn, gru = LSTMStep(), RNNStep(), GRUStep()

    assert LSTMStep(bias_ih=None, bias_hh=lstm.bias_ih).done.h == pytest.approx(lstm.done.h, abs=1e-12)
    assert RNNStep(bias_ih=None, bias_hh=rnn.bias_ih).done.h == pytest.approx(rnn.done.h, abs=1e-12)
    assert GRUStep(bias_ih=gru.bias_hh, bias_hh=None).done.h != pytest.approx(gru.done.h, abs=1e-3)


def test_where_the_reset_gate_stands_changes_the_numbers() -> None:
    """Not only the count of biases; with the reset gate wide open both are the same."""
    after, before = GRUStep(reset=AFTER), GRUStep(reset=BEFORE)

    assert after.done.h != pytest.approx(before.done.h, abs=1e-3)
    assert (after.done.r, after.done.z) == (before.done.r, before.done.z)
    assert f"({', '.join(short(number) for number in before.done.h)})" in after.answer(untypeset)
    assert [re.findall(r"<b>(\d+)</b>", demo.answer(untypeset)) for demo in (after, before)] == [["36"], ["30"]]
    assert keras_params("GRU", 2, units=2, reset_after=False) == 30
    wide_open = (40, 40, 0, 0, 0, 0)
    opened = [GRUStep(bias_ih=wide_open, reset=reset).done.h for reset in (AFTER, BEFORE)]
    assert opened[0] == pytest.approx(opened[1], abs=1e-9)


def test_extreme_numbers_do_not_overflow() -> None:
    """A gate of a sum of ten thousand is 1, of minus ten thousand 0."""
    weights = Weights(((10_000,),) * 4, ((0,),) * 4)

    for x, gate in ((1, 1.0), (-1, 0.0)):
        assert lstm_cell((x,), (0,), (0,), weights).f == (gate,)
        assert gru_cell((x,), (0,), Weights(weights.weight_ih[:3], weights.weight_hh[:3])).z == (gate,)
        assert rnn_cell((x,), (0,), Weights(((10_000,),), ((0,),))).h == (float(x),)


def test_a_step_is_said_with_its_numbers() -> None:
    """Gate by gate: products, sum, result."""
    lstm = LSTMStep().cell(untypeset)
    assert "Forget gate, unit 1: σ(1·1 + 0.4·0.5 + 1 + 0.5·0.5 + 0.1·(−0.5)) = σ(2.4) = 0.9168." in lstm
    assert (
        "New c, unit 2: 0.7211·(−1) + 0.6106·0.8178 = −0.2218: 72% of the old number is kept, "
        "61% of the candidate is added." in lstm
    )
    assert "New h, unit 1: 0.5622·tanh(1.0976) = 0.5622·0.7996 = 0.4495." in lstm
    assert "x₂ = 0.5 is multiplied with column 2 of weight_ih." in lstm
    assert "Forget gate: how much of each number of c is kept, (0.9168, 0.7211)." in lstm

    assert "Candidate, unit 1: tanh(0.7 + r·0.03) = tanh(0.7 + 0.5523·0.03) = tanh(0.7166) = 0.6148." in (
        GRUStep().cell(untypeset)
    )
    reset_first = GRUStep(reset=BEFORE).cell(untypeset)
    assert "The candidate sees 0.5523·0.8 = 0.4418 in place of h, unit 1." in reset_first
    assert "r·h₁" in reset_first

    assert (
        "New state, unit 1: relu(0.5·1 + (−0.3)·(−1) + 0.2·0.5 + 0.1 + 0.6·0.5 + 0.3·(−0.2)) = relu(1.24) = 1.24."
        in (RNNStep(nonlinearity="relu").cell(untypeset))
    )


def test_gates_come_in_the_order_in_which_they_are_needed() -> None:
    """Forget, input, candidate, output, then the states; the matrices stay in PyTorch's order."""
    cell = LSTMStep().cell(untypeset)

    assert re.findall('data-step="([^"]*)-0"', cell) == ["f", "i", "g", "o", "newc", "new"]
    assert re.findall(">([ifgo]₁)<", cell) == ["i₁", "f₁", "g₁", "o₁"]


def test_what_is_left_blank_is_drawn_to_fit() -> None:
    """Weights of the right size from the seed, biases of zeros."""
    drawn = LSTMStep(x=(1, 2, 3), h=(0, 0, 0), c=(0, 0, 0), weight_ih=None, weight_hh=None, bias_ih=None)

    assert [len(drawn.weights().weight_ih), len(drawn.weights().weight_ih[0])] == [12, 3]
    assert all(-1 <= number <= 1 for row in drawn.weights().weight_hh for number in row)
    assert drawn.weights().bias_ih == (0.0,) * 12
    other = LSTMStep(x=(1, 2, 3), h=(0, 0, 0), c=(0, 0, 0), weight_ih=None, weight_hh=None, bias_ih=None, seed=2)
    assert other.weights() != drawn.weights()


@pytest.mark.parametrize(("kind", "gates"), [("RNN", 1), ("GRU", 3), ("LSTM", 4)])
def test_a_longer_sentence_has_no_more_parameters(kind: str, gates: int) -> None:
    """The count is the layer's, whatever is typed; equal words are equal inputs and make different states."""
    short_, long = (UnrolledSentence(cell=kind, sentence=words) for words in ("the", "the dog saw the cat"))
    params = calc.layer(kind, input_size=3, hidden_size=3).params

    assert params == gates * (9 + 9 + 6)
    for demo in (short_, long):
        assert f"<b>{params}</b>" in demo.answer(untypeset)
    vectors = long.vectors()
    assert vectors[0] == vectors[3] != vectors[1]
    states = long.states(vectors)
    assert states[1] != states[4]
    assert short_.states(short_.vectors())[1] == states[1]


def test_a_sentence_is_gone_through_word_by_word() -> None:
    """What the cell reads, what it makes, and that it waits."""
    loop = UnrolledSentence(sentence="so it goes", cell="LSTM").loop(untypeset)

    assert "Before the first word the state is all zeros." in loop
    assert re.search("Step 1, “so”: the cell reads x = .* and a state of zeros, and makes h = .* and c = .*[.]", loop)
    assert re.search("Step 3, “goes”: the cell reads x = .* and the state of step 2, h = ", loop)
    assert "took 3 steps with the same weights; every word has left its mark." in loop
    assert "took 1 step with" in UnrolledSentence(sentence="so").loop(untypeset)
    assert "h and c" in loop


def test_powers_grow_or_fade() -> None:
    """By the eigenvalue's size; with tanh's derivative never more than without it, for one number."""
    for size, said in ((0.9, "below 1 the powers fade"), (1, "at 1 nothing"), (1.5, "above 1 the powers grow")):
        demo = RepeatedProduct(weight=((size,),), times=10)

        assert said in demo.answer(untypeset)
        assert demo.alone()[-1] == pytest.approx(size**10)
        assert all(bent <= alone for bent, alone in zip(demo.bent(), demo.alone(), strict=True))
    assert "Step 2: W²v = (1.93, 0.17), of length 1.9375" in RepeatedProduct().curve(untypeset)
    assert "bent" not in RepeatedProduct(tanh=False).curve(untypeset)


@pytest.mark.parametrize("weight", [((0, 1), (0, 0)), ((10, 10), (10, 10)), ((0.001,),), ((0,),)])
def test_lengths_of_any_size_are_drawn(weight: tuple[tuple[float, ...], ...]) -> None:
    """Zero, 10⁷⁸ and 10⁻¹⁸⁰ stay within the picture."""
    drawn = RepeatedProduct(weight=weight, times=60).curve(untypeset)
    heights = [float(y) for y in re.findall('cy="([^"]*)"', drawn)]

    assert len(heights) == 2 * 61
    assert all(0 <= y <= 300 for y in heights)


@pytest.mark.parametrize("seed", range(12))
def test_every_step_of_any_cell_has_its_cells(seed: int) -> None:
    """For one to three inputs and units, drawn weights, any numbers: what lights up is drawn."""
    draw = Random(seed)

    def some(count: int) -> tuple[float, ...]:
        return tuple(round(draw.uniform(-3, 3), draw.randint(0, 5)) for _ in range(count))

    units = draw.randint(1, 3)
    blank: dict[str, Any] = dict.fromkeys(("weight_ih", "weight_hh", "bias_ih", "bias_hh"))
    given = blank | {"x": some(draw.randint(1, 3)), "h": some(units), "seed": seed}
    for demo in (
        RNNStep(**given, nonlinearity=draw.choice(["tanh", "relu"])),
        *(GRUStep(**given, reset=reset) for reset in (AFTER, BEFORE)),
        LSTMStep(**given, c=some(units)),
        LSTMStep(**(given | {"bias_hh": some(4 * units)}), c=(10**6,) * units),
    ):
        scene = demo.cell(untypeset)
        names = set(re.findall('data-cell="([^"]*)"', scene))
        said = re.findall('<li data-(?:step|note)="([^"]*)" data-lights="([^"]*)">([^<]{10,}[.])</li>', scene)
        assert len(said) == scene.count("<li data-")
        assert {name for cell, lights, _ in said for name in (cell, *lights.split())} <= names


ORDER = "a row for each gate and unit and a column for each number in x"

REFUSED = [
    # (demo, arguments, sentence)
    (
        RNNStep,
        {"h": (1,)},
        "must be 1 × 3, a row for each unit and a column for each number in x, and is 2 × 3; leave it",
    ),
    (LSTMStep, {"x": (1, 2, 3)}, f"must be 8 × 3, {ORDER}, and is 8 × 2; leave it blank to have it drawn."),
    (LSTMStep, {"c": (1,)}, "c (=(1,)) must have as many numbers as h, 2, and has 1; give both as many."),
    (
        GRUStep,
        {"bias_hh": (1, 2)},
        "GRUStep: bias_hh (=(1, 2)) must have one number for each gate and unit, 6 in all, and has 2; "
        "leave it blank for zeros.",
    ),
    (RepeatedProduct, {"weight": ((1, 2),)}, "must be square, and is 1 × 2; give it as many rows as columns."),
    (RepeatedProduct, {"weight": ((11,),)}, "must hold numbers from −10 to 10; make the largest smaller."),
    (
        RepeatedProduct,
        {"state": (1,)},
        "state (=(1,)) must have one number for each row of the weight, 2 in all, and has 1; leave it blank.",
    ),
    (RepeatedProduct, {"vector": (0, 0)}, "must not be all zeros, which stay zeros; leave it blank."),
    (UnrolledSentence, {"sentence": "a b c d e f g h i"}, "must have at most 8 words, and has 9; leave some out."),
]


@pytest.mark.parametrize(("kind", "arguments", "sentence"), REFUSED)
def test_what_does_not_fit_is_refused(kind: type, arguments: dict[str, object], sentence: str) -> None:
    """With the sizes that would fit, and a way out that works."""
    with pytest.raises(CalcError) as caught:
        kind(**arguments)

    assert sentence in str(caught.value)
    if "leave it" in sentence and kind is not RNNStep:
        kind(**{**arguments, str(caught.value.knob): None})


def test_exercises_know_the_usual_slips() -> None:
    """The sum for the gate, z the other way round, one bias, one set of weights for each word."""
    gate = ForgetGate(variant=1).posed
    assert "That is the sum; the gate is its σ." in gate.slips.values()
    assert 0 < gate.solution < 1

    blend = UpdatedState(variant=1).posed
    assert blend.remark(next(iter(blend.slips))).startswith("You have z the other way round")

    fade = StepsToFade(variant=1).posed
    weight, bound = (float(found) for found in re.findall(r"w = ([0-9.]+)\..* than ([0-9.]+) of", fade.question)[0])
    assert weight**fade.solution < bound <= weight ** (fade.solution - 1)

    shared = SharedWeights(variant=1).posed
    words = int(re.findall(r"of (\d+) words", shared.question)[0])
    assert shared.remark(shared.solution * words).startswith("The weights are shared")
