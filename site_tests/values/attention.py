"""Attention with one head and many, and decoding with a cache, against PyTorch and Keras."""

from __future__ import annotations

from random import Random
from typing import Any

from calc.values import attention, decoding
from calc.values.matrix import Rows
from site_tests.values import Case


def _table(draw: Random, rows: int, columns: int) -> list[list[float]]:
    return [[round(draw.uniform(-2, 2), 2) for _ in range(columns)] for _ in range(rows)]


def _mask(draw: Random, queries: int, keys: int) -> list[list[Any]] | None:
    """None, True and False, or numbers; whole rows are blocked now and then."""
    kind = draw.choice(["none", "bool", "added"])
    if kind == "none":
        return None
    seen = [[draw.random() < share for _ in range(keys)] for share in draw.choices([0, 0.5, 0.9, 1], k=queries)]
    if kind == "bool":
        return [list(row) for row in seen]
    return [[round(draw.uniform(-1, 1), 2) if each else float("-inf") for each in row] for row in seen]


def _attend(draw: Random) -> dict[str, Any]:
    queries, keys, d = (draw.randint(1, 5) for _ in range(3))
    return {
        "query": _table(draw, queries, d),
        "key": _table(draw, keys, d),
        "value": _table(draw, keys, draw.randint(1, 4)),
        "mask": _mask(draw, queries, keys),
        "scale": draw.choice([None, 0.5, 1.0]),
        "whole": draw.choice([attention.NAN, attention.ZERO, attention.FILL]),
    }


def _ours(query: Rows, key: Rows, value: Rows, mask: Any, scale: float | None, whole: str) -> dict[str, Any]:
    made = attention.attend(query, key, value, mask, scale=scale, whole=whole)
    return {"weights": made.weights, "output": made.output}


def _torch(query: Rows, key: Rows, value: Rows, mask: Any, scale: float | None, whole: str) -> dict[str, Any]:
    """The function itself for 0; written out for the two others, as the code of those that do it is."""
    import torch
    import torch.nn.functional as F

    q, k, v = (torch.tensor(each, dtype=torch.float64) for each in (query, key, value))
    allowed = None if mask is None else torch.tensor(mask)
    if allowed is not None and allowed.dtype != torch.bool:
        allowed = allowed.double()
    if whole == attention.ZERO:
        identity = torch.eye(len(k), dtype=torch.float64)
        return {
            "weights": F.scaled_dot_product_attention(q, k, identity, allowed, scale=scale),
            "output": F.scaled_dot_product_attention(q, k, v, allowed, scale=scale),
        }
    scores = q @ k.T * (q.shape[1] ** -0.5 if scale is None else scale)
    if allowed is not None and allowed.dtype == torch.bool:
        scores = scores.masked_fill(~allowed, -1e9 if whole == attention.FILL else float("-inf"))
    elif allowed is not None:
        scores = scores + allowed
    weights = scores.softmax(-1)
    return {"weights": weights, "output": weights @ v}


def _causal(draw: Random) -> dict[str, Any]:
    return {"queries": draw.randint(1, 6), "keys": draw.randint(1, 6), "lower_right": draw.random() < 0.5}


def _torch_causal(queries: int, keys: int, lower_right: bool) -> Any:
    """What `is_causal=True` lets through; for the other corner what `torch.nn.attention.bias` makes of it."""
    import torch
    from torch.nn.functional import scaled_dot_product_attention

    q, k, v = torch.zeros(queries, 1), torch.zeros(keys, 1), torch.eye(keys)
    if lower_right:
        return torch.ones(queries, keys, dtype=torch.bool).tril(diagonal=keys - queries)
    return scaled_dot_product_attention(q, k, v, is_causal=True) > 0


def _heads(draw: Random) -> dict[str, Any]:
    num_heads, width = draw.randint(1, 3), draw.randint(1, 3)
    d, queries = num_heads * width, draw.randint(1, 4)
    crossing = draw.random() < 0.5
    keys = draw.randint(1, 4) if crossing else queries
    biased = draw.random() < 0.7
    mask = _mask(draw, queries, keys)
    query = _table(draw, queries, d)
    return {
        "query": query,
        "key": _table(draw, keys, d) if crossing else query,
        "value": _table(draw, keys, d) if crossing else query,
        "num_heads": num_heads,
        "in_proj_weight": _table(draw, 3 * d, d),
        "in_proj_bias": _table(draw, 1, 3 * d)[0] if biased else [],
        "out_proj_weight": _table(draw, d, d),
        "out_proj_bias": _table(draw, 1, d)[0] if biased else [],
        "mask": mask,
    }


def _our_heads(query: Rows, key: Rows, value: Rows, num_heads: int, mask: Any, **weights: Any) -> dict[str, Any]:
    made = attention.multihead(query, key, value, attention.from_torch(**weights), num_heads, mask)
    return {"weights": [head.weights for head in made.heads], "output": made.output}


def _torch_heads(query: Rows, key: Rows, value: Rows, num_heads: int, mask: Any, **weights: Any) -> dict[str, Any]:
    import torch
    from torch import nn

    biased = bool(weights["in_proj_bias"])
    layer = nn.MultiheadAttention(len(query[0]), num_heads, bias=biased, dtype=torch.float64)
    state = {
        name: torch.tensor(weights[own], dtype=torch.float64)
        for name, own in (
            ("in_proj_weight", "in_proj_weight"),
            ("in_proj_bias", "in_proj_bias"),
            ("out_proj.weight", "out_proj_weight"),
            ("out_proj.bias", "out_proj_bias"),
        )
        if weights[own]
    }
    layer.load_state_dict(state)
    q, k, v = (torch.tensor(each, dtype=torch.float64) for each in (query, key, value))
    given = None if mask is None else torch.tensor(mask)
    if given is not None:
        # True is the opposite there.
        given = ~given if given.dtype == torch.bool else given.double()
    with torch.no_grad():
        output, made = layer(q, k, v, attn_mask=given, average_attn_weights=False)
    return {"weights": made, "output": output}


def _cached(draw: Random) -> dict[str, Any]:
    length, d = draw.randint(1, 6), draw.randint(1, 4)
    return {name: _table(draw, length, d) for name in ("query", "key", "value")}


def _torch_at_once(query: Rows, key: Rows, value: Rows) -> Any:
    import torch
    import torch.nn.functional as F

    q, k, v = (torch.tensor(each, dtype=torch.float64) for each in (query, key, value))
    return F.scaled_dot_product_attention(q, k, v, is_causal=True)


def _sdpa_truth(given: dict[str, Any]) -> dict[str, Any]:
    """Leading axes are worked through one by one."""
    query, key, value, mask = (given.get(name) for name in ("query", "key", "value", "mask"))
    if isinstance(query[0][0], list):
        parts = [
            _sdpa_truth(
                {**given, "query": q, "key": k, "value": v, "mask": m},
            )
            for q, k, v, m in zip(query, key, value, mask or [None] * len(query), strict=True)
        ]
        return {name: [part[name] for part in parts] for name in parts[0]}
    if given.get("is_causal"):
        mask = attention.causal(len(query), len(key))
    if mask is not None:
        mask = [[float(each) if isinstance(each, str) else each for each in row] for row in mask]
    scale = given.get("scale")
    found: dict[str, Any] = {"output": attention.attend(query, key, value, mask, scale=scale).output}
    if "mask_dtype" in given:
        filled = attention.attend(query, key, value, mask, scale=scale, whole=attention.FILL)
        found |= {
            "output_manual_fill_minus_1e9": filled.output,
            "weights": filled.weights,
            "scores": filled.masked,
        }
    return found


def _heads_truth(given: dict[str, Any]) -> dict[str, Any]:
    held = given["weights"]
    learned = attention.from_torch(
        held["in_proj_weight"],
        held["out_proj.weight"],
        held.get("in_proj_bias", ()),
        held.get("out_proj.bias", ()),
    )
    blocked = given.get("attn_mask")
    mask = None if blocked is None else [[not each for each in row] for row in blocked]
    made = [attention.multihead(x, x, x, learned, given["num_heads"], mask) for x in given["x"]]
    weights = [[head.weights for head in each.heads] for each in made]
    if blocked is not None:
        # The file has the mean over the heads where a mask was given.
        weights = [
            [[sum(cell) / len(cell) for cell in zip(*rows, strict=True)] for rows in zip(*heads, strict=True)]
            for heads in weights
        ]
    return {"output": [each.output for each in made], "attn": weights}


def _keras_truth(given: dict[str, Any]) -> Any:
    """The call has the query first, then the value, which is the key as well."""
    learned = attention.from_keras(given["weights"])
    call = given["call"]
    made = []
    for query, value in zip(*given["x"], strict=True):
        mask = attention.causal(len(query), len(value)) if call.get("use_causal_mask") else None
        made.append(
            attention.multihead(query, value, value, learned, given["num_heads"], mask, whole=attention.FILL),
        )
    output = [each.output for each in made]
    if call.get("return_attention_scores"):
        return [output, [[head.weights for head in each.heads] for each in made]]
    return output


TRUTH = {
    "scaled_dot_product_attention": _sdpa_truth,
    "multihead_attention": _heads_truth,
    "keras_multi_head_attention": _keras_truth,
}

CASES = {
    "attend": Case(_attend, _ours, _torch),
    "causal": Case(_causal, attention.causal, _torch_causal),
    "multihead": Case(_heads, _our_heads, _torch_heads),
    "word_by_word": Case(_cached, decoding.word_by_word, _torch_at_once),
}
