"""Attention and decoding with values: what the demos say, what they refuse, what stands on their pages."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

import calc
from calc.demo import Demo
from calc.demos.attention import WHOLE, AttentionByHand
from calc.demos.attention_code import CAUSAL, LOWER, TYPED
from calc.demos.many_heads import ManyHeads
from calc.demos.three_projections import ThreeProjections
from calc.demos.training import TrainingAndPrediction
from calc.errors import CalcError
from calc.scene import digits
from calc.values.attention import FILL, NAN, ZERO, attend, causal
from calc.values.decoding import prediction, training
from site_tests.test_every_demo import untypeset

PAGES = Path(__file__).parents[2] / "docs" / "en"
IDENTITY = ((1, 0), (0, 1))
MEANS = {kind: name for name, kind in WHOLE.items()}


def page(name: str) -> str:
    return (PAGES / f"{name}.md").read_text(encoding="utf-8")


def shown(html: str) -> str:
    return re.sub("<[^>]*>", " ", html)


def test_attention_says_score_weight_and_output() -> None:
    """The example of the page about attention, cell by cell."""
    picture = AttentionByHand().picture(untypeset)

    assert "Query 1 · key 2 = 1·2 + 0·0 = 2." in picture
    assert "Query 1 gives key 1 the weight e^0 / (e^0 + e^1.4142 + e^1.4142) = 1 / 9.2265 = 0.1084." in picture
    assert "Output of query 1, column 1: 0.1084·1 + 0.4458·0 + 0.4458·1 = 0.5542." in picture


@pytest.mark.parametrize(
    ("kind", "weight", "output"),
    [
        (NAN, "Query 2 may attend to nothing: key 1 has e^(−∞) / Σ = 0 / 0, which is nan.", "(nan, nan)"),
        (ZERO, "Query 2 may attend to nothing: the weight of key 1 is set to 0.", "(0, 0)"),
        (
            FILL,
            "Query 2 may attend to nothing, yet all its scores are −10⁹: key 1 has 1/3 = 0.3333.",
            "(0.6667, 2)",
        ),
    ],
)
def test_a_row_that_is_masked_whole(kind: str, weight: str, output: str) -> None:
    """Three answers, in words, as the output, and in the page's table."""
    demo = AttentionByHand(mask=TYPED, whole=MEANS[kind], row=2)

    assert weight in demo.picture(untypeset)
    assert output in shown(demo.answer(untypeset))
    assert "no key for query 2" in shown(demo.answer(untypeset))
    assert f"| {output} |" in page("attention-by-hand")


def test_a_triangle_lies_in_one_corner_or_the_other() -> None:
    """One query and three keys: the first key alone, or all."""
    upper, lower = (AttentionByHand(query=((1, 0),), mask=mask) for mask in (CAUSAL, LOWER))

    assert upper.made.weights == ((1, 0, 0),)
    assert all(weight > 0 for weight in lower.made.weights[0])
    assert causal(2, 4, lower_right=True)[0] == (True, True, True, False)


def test_large_scores_are_written_without_overflow() -> None:
    """The largest is taken off before the powers are shown."""
    demo = AttentionByHand(query=((100, 0),), key=((1, 0), (2, 0)), value=((1,), (2,)))

    assert "e^(70.7107 − 141.4214) / (e^(70.7107 − 141.4214) + e^(141.4214 − 141.4214)) = 0 / 1 = 0." in (
        demo.picture(untypeset)
    )


def test_without_projections_scores_are_symmetric() -> None:
    """Tokens of one length score themselves highest; two matrices of ones on the diagonal are none."""
    demo, none = ThreeProjections(), ThreeProjections(w_query=IDENTITY, w_key=IDENTITY)

    assert "0 of 3" in shown(demo.answer(untypeset))
    assert "3 of 3" in shown(demo.answer(untypeset))
    assert "3 pairs score differently the other way" in shown(demo.answer(untypeset))
    assert none.made == none.bare
    assert "0 of 3" not in shown(none.answer(untypeset))
    assert (
        "Tokens 1 and 2: without projections 1·0 + 0·1 = 0 both ways; with them token 1 scores token 2 with 4, "
        "and token 2 token 1 with 1."
    ) in demo.without(untypeset)


def test_parameters_do_not_depend_on_the_heads() -> None:
    """For every number of heads that divides the width, as the layer counts them."""
    for heads in (1, 2, 4):
        demo = ManyHeads(num_heads=heads)
        assert "80" in shown(demo.answer(untypeset)).split()
        assert len(demo.made.heads) == heads
        assert calc.layer("MultiheadAttention", embed_dim=4, num_heads=heads).params == 80
    assert len({ManyHeads(num_heads=heads).made.output for heads in (1, 2, 4)}) == 3


def test_sub_layers_keep_the_shape() -> None:
    """What the page says of attention, feed-forward net and the layer of both."""
    shape = (2, 10, 16)
    attention = calc.layer("MultiheadAttention", embed_dim=16, num_heads=4, batch_first=True)

    assert attention(shape, shape, shape)[0] == shape
    for name, given in (
        ("TransformerEncoderLayer", {"d_model": 16, "nhead": 4, "batch_first": True}),
        ("Linear", {"in_features": 16, "out_features": 16}),
        ("LayerNorm", {"normalized_shape": 16}),
    ):
        assert calc.layer(name, **given)(shape) == shape


def test_a_decoder_reads_and_says() -> None:
    """One pass with everything, and a pass for each word."""
    demo = TrainingAndPrediction()

    assert "Position 3 of the one pass sees &lt;bos&gt; the cat and has to say sat." in demo.learning(untypeset)
    assert "Pass 3 reads &lt;bos&gt; the cat and says sat: 3 positions are computed." in demo.writing(untypeset)
    assert "says &lt;eos&gt;; that ends it: 5 positions are computed." in demo.writing(untypeset)
    cached = TrainingAndPrediction(cache=True).writing(untypeset)
    assert "says sat: 1 position is computed, keys and values of 2 come from the cache." in cached


@pytest.mark.parametrize(
    ("demo", "given", "message"),
    [
        (
            AttentionByHand,
            {"key": ((1,), (2,), (3,))},
            "AttentionByHand: key (='3 × 1') must have as many columns as query, 2, and has 1",
        ),
        (
            AttentionByHand,
            {"value": ((1,), (2,))},
            "AttentionByHand: value (='2 × 1') must have as many rows as key, 3, and has 2",
        ),
        (
            AttentionByHand,
            {"mask": TYPED, "allowed": ((1, 1),)},
            "AttentionByHand: allowed (='1 × 2') must be 3 × 3, a row for each query and a column for each key",
        ),
        (
            AttentionByHand,
            {"mask": TYPED, "allowed": ((1, 1, 2),) * 3},
            "AttentionByHand: allowed (='3 × 3') must hold 0 and 1 only",
        ),
        (AttentionByHand, {"row": 4}, "AttentionByHand: row (=4) must be at most the number of queries, 3"),
        (
            ThreeProjections,
            {"w_key": ((1, 2),)},
            "ThreeProjections: w_key (='1 × 2') must have a row for each column of x, 2, and has 1",
        ),
        (
            ManyHeads,
            {"num_heads": 3},
            "ManyHeads: num_heads (=3) must divide the width, 4, so that every head is as wide as the others",
        ),
        (
            TrainingAndPrediction,
            {"sentence": "a b c d e f g h i"},
            "TrainingAndPrediction: sentence (='a b c d e f g h i') must have at most 8 words, and has 9",
        ),
    ],
)
def test_what_does_not_fit_is_refused(demo: type[Demo], given: dict[str, Any], message: str) -> None:
    """In one sentence that names the knob."""
    with pytest.raises(CalcError) as caught:
        demo(**given)
    assert str(caught.value).startswith(message)


def test_the_worked_example_of_attention() -> None:
    """Each number of the table, the sum, the outputs, and the row with a causal mask."""
    demo, text = AttentionByHand(), page("attention-by-hand")
    made = demo.made

    for name, row in (("score", made.scores[0]), ("divided by √2", made.scaled[0]), ("weight", made.weights[0])):
        assert f"| {name} | {' | '.join(map(digits, row))} |" in text
    assert "1 / 9.2265" in demo.picture(untypeset)
    for said in ("0.1084·1 + 0.4458·0 + 0.4458·1 = 0.5542", "0.1084·2 + 0.4458·1 + 0.4458·3 = 2"):
        assert said in demo.picture(untypeset)
        assert said in text
    assert AttentionByHand(mask=CAUSAL).made.output[0] == (1, 2)
    hot = attend([[10 * q for q in row] for row in demo.query], demo.key, demo.value).weights[0]
    assert [digits(weight) for weight in hot] == ["0", "0.5", "0.5"]


def test_the_worked_example_of_both_passes() -> None:
    """The table's rows are the passes, the sums theirs."""
    words, text = ["the", "cat", "sat", "down"], page("training-and-prediction")
    passes = prediction(words)

    def written(parts: tuple[str, ...]) -> str:
        return " ".join(f"`{part}`" if part.startswith("<") else part for part in parts)

    for name, each in [("training", training(words)), *((f"pass {n}", each) for n, each in enumerate(passes, 1))]:
        assert f"| {name} | {written(each.read)} | {written(each.said)} | {each.computed} |" in text
    assert sum(each.computed for each in passes) == 15
    assert sum(each.computed for each in prediction(words, cache=True)) == 5
    assert sum(each.computed for each in prediction(["word"] * 99)) == 5_050
    assert "For 100 positions it is 5,050 against 100." in text
