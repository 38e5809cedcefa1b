"""Questions about masks."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from calc import masks
from calc.exercise import Exercise, Posed


@dataclass(frozen=True)
class CausalPairs(Exercise):
    """Ask how many pairs a causal mask leaves."""

    def pose(self, draw: Random) -> Posed:
        size = draw.randint(6, 40)
        [mask] = masks.subsequent_mask(size)
        pairs = sum(sum(row) for row in mask)
        return Posed(
            f"A decoder is trained on a sentence of {size} tokens. How many of the {size} · {size} pairs (query, key) "
            "does the causal mask leave?",
            pairs,
            f"Position i looks at i positions, itself among them: 1 + 2 + … + {size} = {size} · {size + 1} / 2.",
            {
                pairs - size: "That is how many are blocked: a position may look at itself, so the diagonal is left.",
                size**2: "That is all of them: what comes later is hidden.",
            },
        )


@dataclass(frozen=True)
class PaddedKeys(Exercise):
    """Ask how many entries of a batch's padding mask are False."""

    def pose(self, draw: Random) -> Posed:
        lengths = [draw.randint(2, 9) for _ in range(3)]
        longest = draw.randint(5, 8)
        tokens = masks.pad_sequences([[1] * length for length in lengths], longest)
        hidden = sum(row.count(False) for [row] in masks.padding_mask(tokens))
        listed = ", ".join(map(str, lengths))
        return Posed(
            f"Three sentences of {listed} tokens are padded or cut to {longest}. How many entries of the mask, of "
            f"shape (3, 1, {longest}), are False?",
            hidden,
            " + ".join(f"max(0, {longest} − {length})" for length in lengths) + f" = {hidden}: a sentence that is cut "
            "has no padding.",
            {3 * longest - hidden: "Those are True: they stand for real tokens."},
        )
