"""Attention on values, as PyTorch and Keras compute it: scores, scale, mask, weights, output, one head or many.

Matrices are tuples of rows, a row for each position. A mask of True and False is True
where a query may attend, as in `F.scaled_dot_product_attention` and Keras;
`nn.MultiheadAttention` takes the opposite. A mask of numbers is added to the scores.

Sources: A. Vaswani et al., Attention Is All You Need, 2017, section 3.2;
https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.scaled_dot_product_attention.html;
`multi_head_attention_forward` in torch/nn/functional.py; keras/src/layers/attention/multi_head_attention.py.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import inf, sqrt
from typing import Any, NamedTuple

from calc.values.matrix import Matrix, Rows, Vector, dot, mapped, product, softmax, transposed

NAN = "nan"
"""Blocked scores are -inf: a row without any key is 0/0, as in `nn.MultiheadAttention`."""

ZERO = "zero"
"""The same, but a row without any key has no weights and puts out 0, as `F.scaled_dot_product_attention` does."""

FILL = "fill"
"""Blocked scores are -1e9, as in The Annotated Transformer: a row without any key has equal weights."""

FILLED = -1e9


class Attention(NamedTuple):
    """Every table on the way: the first four of shape (L, S), the output (L, d_v)."""

    scores: Matrix
    scaled: Matrix
    masked: Matrix
    weights: Matrix
    output: Matrix


def causal(queries: int, keys: int, *, lower_right: bool = False) -> tuple[tuple[bool, ...], ...]:
    """True where a query may attend: a triangle in the upper left corner, as `is_causal=True` has it.

    With `lower_right` the last query sees all keys, as decoding with a cache needs.

    Examples:
        >>> causal(2, 3)
        ((True, False, False), (True, True, False))
        >>> causal(2, 3, lower_right=True)
        ((True, True, False), (True, True, True))
    """
    ahead = keys - queries if lower_right else 0
    return tuple(tuple(key <= query + ahead for key in range(keys)) for query in range(queries))


def attend(
    query: Rows,
    key: Rows,
    value: Rows,
    mask: Sequence[Sequence[float]] | None = None,
    *,
    scale: float | None = None,
    whole: str = ZERO,
) -> Attention:
    """Scaled dot-product attention: `query` (L, d), `key` (S, d), `value` (S, d_v), `mask` (L, S).

    Without a `scale` scores are divided by √d. `whole` says what becomes of a query
    that may attend to nothing: `NAN`, `ZERO` or `FILL`.

    Examples:
        >>> attend([[2]], [[1], [1]], [[4], [6]]).output
        ((5.0,),)
        >>> attend([[2]], [[1], [1]], [[4], [6]], [[True, False]]).weights
        ((1.0, 0.0),)
    """
    scores = product(query, transposed(key))
    factor = 1 / sqrt(len(query[0])) if scale is None else scale
    scaled = mapped(lambda score: score * factor, scores)
    masked = scaled if mask is None else mapped(lambda score, seen: _masked(score, seen, whole), scaled, mask)
    weights = tuple(_weights(row, whole) for row in masked)
    return Attention(scores, scaled, masked, weights, product(weights, value))


def _masked(score: float, seen: float, whole: str) -> float:
    if isinstance(seen, bool):
        return score if seen else FILLED if whole == FILL else -inf
    return score + seen


def _weights(row: Vector, whole: str) -> Vector:
    if whole == ZERO and all(score == -inf for score in row):
        return (0.0,) * len(row)
    return softmax(row)


@dataclass(frozen=True)
class Projections:
    """What a layer with heads has learned, the heads one after the other; a bias that is empty counts as zeros.

    Shapes: `query` and `key` (h·d_k, width of the input), `value` (h·d_v, width of the
    input), `output` (width of the output, h·d_v), each bias a number for each row.
    """

    query: Rows
    key: Rows
    value: Rows
    output: Rows
    query_bias: Sequence[float] = ()
    key_bias: Sequence[float] = ()
    value_bias: Sequence[float] = ()
    output_bias: Sequence[float] = ()


class MultiHead(NamedTuple):
    """The projected tables, each head's own attention, the heads side by side, and the output."""

    query: Matrix
    key: Matrix
    value: Matrix
    heads: tuple[Attention, ...]
    joined: Matrix
    output: Matrix


def from_torch(
    in_proj_weight: Rows,
    out_proj_weight: Rows,
    in_proj_bias: Sequence[float] = (),
    out_proj_bias: Sequence[float] = (),
) -> Projections:
    """The weights of `nn.MultiheadAttention`: `in_proj_weight` (3·d, d) is query, key and value under each other."""
    d = len(in_proj_weight) // 3
    query, key, value = (in_proj_weight[start : start + d] for start in (0, d, 2 * d))
    query_bias, key_bias, value_bias = (in_proj_bias[start : start + d] for start in (0, d, 2 * d))
    return Projections(query, key, value, out_proj_weight, query_bias, key_bias, value_bias, out_proj_bias)


def from_keras(weights: Mapping[str, Any]) -> Projections:
    """The weights of Keras's `MultiHeadAttention` under their names there.

    A kernel is (width of the input, h, width of a head), a bias (h, width of a head);
    `attention_output/kernel` is (h, d_v, width of the output).
    """

    def side(name: str) -> Matrix:
        flat = [[number for head in row for number in head] for row in weights[f"{name}/kernel"]]
        return transposed(flat)

    def bias(name: str) -> Vector:
        return tuple(number for head in weights.get(f"{name}/bias", ()) for number in head)

    output = [row for head in weights["attention_output/kernel"] for row in head]
    return Projections(
        side("query"),
        side("key"),
        side("value"),
        transposed(output),
        bias("query"),
        bias("key"),
        bias("value"),
        tuple(weights.get("attention_output/bias", ())),
    )


def multihead(
    query: Rows,
    key: Rows,
    value: Rows,
    learned: Projections,
    num_heads: int,
    mask: Sequence[Sequence[float]] | None = None,
    *,
    whole: str = NAN,
) -> MultiHead:
    """Attention with several heads: `query` (L, d), `key` and `value` (S, d); `mask` (L, S) holds for every head."""
    q, k, v = (
        project(rows, weight, bias)
        for rows, weight, bias in (
            (query, learned.query, learned.query_bias),
            (key, learned.key, learned.key_bias),
            (value, learned.value, learned.value_bias),
        )
    )
    slices = zip(split(q, num_heads), split(k, num_heads), split(v, num_heads), strict=True)
    heads = tuple(attend(one, other, handed, mask, whole=whole) for one, other, handed in slices)
    joined = tuple(
        tuple(number for row in rows for number in row) for rows in zip(*(head.output for head in heads), strict=True)
    )
    return MultiHead(q, k, v, heads, joined, project(joined, learned.output, learned.output_bias))


def project(rows: Rows, weight: Rows, bias: Sequence[float] = ()) -> Matrix:
    """A linear layer: `rows` (L, d_in), `weight` (d_out, d_in) as PyTorch has it, `bias` (d_out,)."""
    added = tuple(bias) or (0.0,) * len(weight)
    return tuple(tuple(dot(row, each) + b for each, b in zip(weight, added, strict=True)) for row in rows)


def split(matrix: Rows, parts: int) -> tuple[Matrix, ...]:
    """Columns cut into slices of equal width, one for each head.

    Examples:
        >>> split(((1, 2, 3, 4),), 2)
        (((1, 2),), ((3, 4),))
    """
    width = len(matrix[0]) // parts
    return tuple(tuple(tuple(row[start : start + width]) for row in matrix) for start in range(0, parts * width, width))
