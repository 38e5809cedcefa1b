"""Masks: which positions a position may attend to, as nested lists of True and False.

`subsequent_mask` and `padding_mask` are True where a position MAY be attended, as in
The Annotated Transformer, `F.scaled_dot_product_attention` and Keras; PyTorch's
`nn.MultiheadAttention` and `nn.Transformer` take the opposite, which `blocked` gives.

Sources: The Annotated Transformer, https://nlp.seas.harvard.edu/annotated-transformer/;
https://docs.pytorch.org/docs/stable/generated/torch.nn.Transformer.html.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

__all__ = [
    "Mask",
    "additive",
    "blocked",
    "decoder_mask",
    "pad_sequences",
    "padding_mask",
    "square_subsequent_mask",
    "subsequent_mask",
]


class Mask(list[Any]):
    """Nested lists that know their shape and print as PyTorch prints a tensor."""

    @property
    def shape(self) -> tuple[int, ...]:
        """The number of entries along each axis."""
        return _shape(self)

    def __repr__(self) -> str:
        width = max((len(_entry(each)) for each in _flat(self)), default=0)
        return f"tensor({_printed(self, width, len('tensor('))})"


def subsequent_mask(size: int) -> Mask:
    """True where a position may be attended: itself and those before it; shape (1, size, size).

    The mask of a decoder in training, for one sequence of `size` tokens; the first axis
    stands for every sentence of a batch. Raises `ValueError` for a negative size.

    Examples:
        >>> subsequent_mask(3)
        tensor([[[ True, False, False],
                 [ True,  True, False],
                 [ True,  True,  True]]])
    """
    _require_size(size)
    return Mask([[[key <= query for key in range(size)] for query in range(size)]])


def padding_mask(tokens: Sequence[Sequence[int]], pad: int = 0) -> Mask:
    """True where a token is no padding: shape (batch, 1, length), the middle axis for every query.

    Examples:
        >>> padding_mask([[7, 4, 0]])
        tensor([[[ True,  True, False]]])
    """
    return Mask([[[token != pad for token in sentence]] for sentence in tokens])


def decoder_mask(tokens: Sequence[Sequence[int]], pad: int = 0) -> Mask:
    """True where a token is no padding AND does not come later: shape (batch, length, length).

    Examples:
        >>> decoder_mask([[7, 4, 0]])
        tensor([[[ True, False, False],
                 [ True,  True, False],
                 [ True,  True, False]]])
    """
    masks = []
    for [keys] in padding_mask(tokens, pad):
        [causal] = subsequent_mask(len(keys))
        masks.append([[seen and real for seen, real in zip(row, keys, strict=True)] for row in causal])
    return Mask(masks)


def square_subsequent_mask(size: int) -> Mask:
    """The same as `subsequent_mask` as numbers to be added to the scores: 0 where allowed, -inf where not.

    Shape (size, size); `nn.Transformer.generate_square_subsequent_mask`.

    Examples:
        >>> square_subsequent_mask(3)
        tensor([[  0., -inf, -inf],
                [  0.,   0., -inf],
                [  0.,   0.,   0.]])
    """
    return additive(Mask(subsequent_mask(size)[0]))


def additive(mask: Sequence[Any]) -> Mask:
    """A mask that is True where allowed, as numbers to be added to the scores: 0 there, -inf elsewhere."""
    return Mask(_mapped(mask, lambda allowed: 0.0 if allowed else float("-inf")))


def blocked(mask: Sequence[Any]) -> Mask:
    """The opposite: True where a position must NOT be attended, as `nn.MultiheadAttention` has it.

    Examples:
        >>> blocked([[True, False]])
        tensor([[False,  True]])
    """
    return Mask(_mapped(mask, lambda allowed: not allowed))


def pad_sequences(sentences: Sequence[Sequence[int]], length: int | None = None, pad: int = 0) -> list[list[int]]:
    """Sentences of token numbers, all of one length: shorter ones end in `pad`, longer ones are cut off.

    Without a `length`, that of the longest.

    Examples:
        >>> pad_sequences([[5, 8], [3, 9, 4, 6]], 3)
        [[5, 8, 0], [3, 9, 4]]
    """
    longest = max(map(len, sentences), default=0) if length is None else length
    _require_size(longest)
    return [[*sentence[:longest], *[pad] * (longest - len(sentence))] for sentence in sentences]


def _require_size(size: int) -> None:
    if size < 0:
        raise ValueError(f"size (={size}) must not be negative; give the number of tokens.")


def _mapped(mask: Sequence[Any], function: Callable[[bool], Any]) -> list[Any]:
    return [_mapped(each, function) if isinstance(each, Sequence) else function(each) for each in mask]


def _shape(mask: Sequence[Any]) -> tuple[int, ...]:
    inner = _shape(mask[0]) if mask and isinstance(mask[0], Sequence) else ()
    return (len(mask), *inner)


def _flat(mask: Sequence[Any]) -> list[Any]:
    return [leaf for each in mask for leaf in (_flat(each) if isinstance(each, Sequence) else [each])]


def _entry(value: object) -> str:
    return "0." if isinstance(value, float) and not value else str(value)


def _printed(mask: Sequence[Any], width: int, indent: int) -> str:
    if not mask or not isinstance(mask[0], Sequence):
        return f"[{', '.join(_entry(each).rjust(width) for each in mask)}]"
    depth = len(_shape(mask))
    inner = (_printed(each, width, indent + 1) for each in mask)
    return f"[{(',' + chr(10) * (depth - 1) + ' ' * (indent + 1)).join(inner)}]"
