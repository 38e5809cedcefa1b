"""Questions about training a decoder and predicting with it."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from calc.exercise import Exercise, Posed
from calc.values.decoding import prediction, training


@dataclass(frozen=True)
class PassesOfBoth(Exercise):
    """Ask how often a decoder runs to write a sentence."""

    def pose(self, draw: Random) -> Posed:
        words = draw.randint(5, 60)
        passes = len(prediction(["word"] * words))
        return Posed(
            f"A decoder writes a sentence of {words} words and <eos>. How often does it run?",
            passes,
            f"Once for each word and once for <eos>: {words} + 1 = {passes}. In training it would run once.",
            {
                words: "The end has to be predicted as well.",
                1: "That is training, where all positions are computed at once.",
            },
        )


@dataclass(frozen=True)
class PositionsComputed(Exercise):
    """Ask how many positions are computed without a cache."""

    def pose(self, draw: Random) -> Posed:
        words = draw.randint(4, 40)
        n = training(["word"] * words).computed
        total = sum(each.computed for each in prediction(["word"] * words))
        return Posed(
            f"The same decoder has no cache and writes {words} words and <eos>. How many positions does it compute in "
            "all its passes together?",
            total,
            f"1 + 2 + … + {n} = {n} · {n + 1} / 2 = {total:,}; with a cache of keys and values {n}.",
            {
                n: "That is with a cache: one position in each pass.",
                n * n: "The first passes are shorter: pass t reads t positions.",
                words * (words + 1) // 2: "One pass is missing, the one that says <eos>.",
            },
        )


@dataclass(frozen=True)
class WordsSeen(Exercise):
    """Ask how many words of the target a position has read."""

    def pose(self, draw: Random) -> Posed:
        words = draw.randint(6, 30)
        place = draw.randint(3, words)
        # The first of what it reads is <bos>.
        seen = len(training(["word"] * words).read[:place]) - 1
        return Posed(
            f"In training the target has {words} words; position 1 reads <bos>. How many words of the target can "
            f"position {place} look at, with the causal mask?",
            seen,
            f"It sees {place} positions, and the first is <bos>: {place} − 1 = {seen} words. It says word {place}.",
            {
                place: "One of these positions is <bos>.",
                words: "That is without the mask: it would see the word it has to say.",
            },
        )
