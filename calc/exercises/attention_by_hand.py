"""Questions about attention with values."""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, sqrt
from random import Random

import calc
from calc.exercise import Exercise, Posed
from calc.scene import digits
from calc.values.attention import FILL, attend
from calc.worked import dot_text


@dataclass(frozen=True)
class ScaledScore(Exercise):
    """Ask for the scaled score of a query and a key."""

    def pose(self, draw: Random) -> Posed:
        d = draw.choice([2, 3, 4])
        query, key = ([draw.choice([-3, -2, -1, 1, 2, 3]) for _ in range(d)] for _ in range(2))
        made = attend([query], [key], [[0]])
        score, scaled = made.scores[0][0], made.scaled[0][0]
        return Posed(
            f"The query ({_listed(query)}) meets the key ({_listed(key)}). What is the scaled score?",
            scaled,
            f"{dot_text(zip(query, key, strict=True))} = {digits(score)}, divided by √{d}: {digits(scaled)}.",
            {
                float(score): f"That is the product; it is still to be divided by √{d}.",
                float(score / d): f"Divided by {d}; it is divided by the square root.",
                score * sqrt(d): f"Multiplied by √{d}; it is divided by it.",
            },
        )


@dataclass(frozen=True)
class MaskedWeight(Exercise):
    """Ask for a weight beside keys that are masked."""

    def pose(self, draw: Random) -> Posed:
        scores = draw.sample([-1, 0, 0.5, 1, 1.5, 2, 3], 4)
        seen = draw.choice([2, 3])
        mask = [[key < seen for key in range(4)]]
        # One query of width 1 makes the keys themselves the scores.
        masked, whole = (attend([[1]], [[score] for score in scores], [[0]] * 4, m) for m in (mask, None))
        powers = " + ".join(f"e^({digits(score)})" for score in scores[:seen])
        total = sum(exp(score) for score in scores[:seen])
        return Posed(
            f"A query has the scaled scores {_listed(scores)}. A causal mask lets it attend to the first {seen} keys "
            "only. What is the weight of key 1?",
            masked.weights[0][0],
            f"e^({digits(scores[0])}) / ({powers}) = {digits(exp(scores[0]))} / {digits(total)} = "
            f"{digits(masked.weights[0][0])}: a masked key is in no sum.",
            {
                whole.weights[0][0]: "That is without the mask: masked keys do not count in the sum below either.",
                scores[0]
                / (sum(scores[:seen]) or 1): "Those are shares of the scores; softmax takes powers of e first.",
            },
        )


@dataclass(frozen=True)
class WholeRow(Exercise):
    """Ask what a query puts out that may attend to nothing."""

    def pose(self, draw: Random) -> Posed:
        values = draw.sample(range(-6, 13), draw.choice([3, 4, 5]))
        count = len(values)
        rows, blocked = [[value] for value in values], [[False] * count]
        solution = attend([[1]], [[draw.randint(-3, 3)] for _ in values], rows, blocked, whole=FILL).output[0][0]
        return Posed(
            f"A query's row of the mask is False everywhere, and the code fills with −1e9, as The Annotated "
            f"Transformer does. The values are {_listed(values)}. What comes out?",
            solution,
            f"All scores are the same, so each of the {count} weights is 1/{count}: the mean of all values, "
            f"{digits(solution)}, though every one of them is masked.",
            {0.0: "F.scaled_dot_product_attention gives 0; a fill of −1e9 does not."},
        )


@dataclass(frozen=True)
class WidthOfHeads(Exercise):
    """Ask how many parameters a layer has with twice the heads."""

    def pose(self, draw: Random) -> Posed:
        heads, width = draw.choice([2, 3, 4, 6, 8]), draw.choice([8, 16, 32, 64])
        d = heads * width
        params = calc.layer("MultiheadAttention", embed_dim=d, num_heads=2 * heads).params
        return Posed(
            f"MultiheadAttention({d}, {heads}) gets twice as many heads: MultiheadAttention({d}, {2 * heads}). "
            "How many parameters does it have now?",
            int(params),
            f"4 · {d}² + 4 · {d} = {params:,}, as before: each head is {width // 2} wide instead of {width}.",
            {
                2 * int(params): "Twice the heads, each half as wide: as many as before, not twice.",
                4 * d * d: "That is without the biases, 4 · d.",
            },
        )


def _listed(numbers: list[int] | list[float]) -> str:
    return ", ".join(map(digits, numbers))
