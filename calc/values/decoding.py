"""A decoder that learns a sentence in one pass and writes it word by word.

Source: A. Vaswani et al., Attention Is All You Need, 2017, section 3.1; what a cache of keys and values
keeps: N. Shazeer, Fast Transformer Decoding, 2019, section 2.3.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from calc.values.attention import attend
from calc.values.matrix import Matrix, Rows

BEGIN, END = "<bos>", "<eos>"


class Pass(NamedTuple):
    """One run of the decoder: the words it reads, those it has to say, and how many positions it computes."""

    read: tuple[str, ...]
    said: tuple[str, ...]
    computed: int


def training(words: Sequence[str]) -> Pass:
    """All positions at once: the sentence, moved by one place, goes in, and the sentence comes out.

    Examples:
        >>> training(["it", "slept"])
        Pass(read=('<bos>', 'it', 'slept'), said=('it', 'slept', '<eos>'), computed=3)
    """
    return Pass((BEGIN, *words), (*words, END), len(words) + 1)


def prediction(words: Sequence[str], *, cache: bool = False) -> tuple[Pass, ...]:
    """A pass for each word and one for the end: all that has been said goes in, one word comes out.

    With a `cache` of keys and values only the newest position is computed.

    Examples:
        >>> [each.computed for each in prediction(["it", "slept"])]
        [1, 2, 3]
    """
    read, said, _ = training(words)
    return tuple(Pass(read[:length], (said[length - 1],), 1 if cache else length) for length in range(1, len(read) + 1))


def word_by_word(query: Rows, key: Rows, value: Rows) -> Matrix:
    """Causal self-attention with a cache: the newest query against all keys and values so far, for each position."""
    return tuple(attend([query[last]], key[: last + 1], value[: last + 1]).output[0] for last in range(len(query)))
