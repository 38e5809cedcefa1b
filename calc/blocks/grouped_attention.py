"""Grouped-query attention: several query heads share one head of keys and values.

Sources: N. Shazeer, "Fast Transformer Decoding: One Write-Head is All You Need", 2019
(multi-query attention); J. Ainslie et al., "GQA: Training Generalized Multi-Query
Transformer Models from Multi-Head Checkpoints", 2023.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from calc.blocks.grouped_picture import groups_picture
from calc.conventions import Conventions, Version
from calc.knob import Flag, Whole, knob
from calc.layer_base import Answer, Cost, Layer, NoEquivalent, Shape, Weight
from calc.layers.attention_rules import require_heads
from calc.layers.dense import Linear
from calc.source import arguments, call, keras_call, torch_call
from calc.sym import exact_div, let

SOURCE = """
class GroupedQueryAttention(nn.Module):
    def __init__(self, embed_dim, num_heads, num_kv_heads, bias=False):
        super().__init__()
        self.num_heads, self.num_kv_heads = num_heads, num_kv_heads
        kv_dim = embed_dim // num_heads * num_kv_heads
        self.q_proj = nn.Linear(embed_dim, embed_dim, bias=bias)
        self.k_proj = nn.Linear(embed_dim, kv_dim, bias=bias)
        self.v_proj = nn.Linear(embed_dim, kv_dim, bias=bias)
        self.out_proj = nn.Linear(embed_dim, embed_dim, bias=bias)

    def forward(self, x):
        q = self.q_proj(x).unflatten(-1, (self.num_heads, -1)).transpose(1, 2)
        k = self.k_proj(x).unflatten(-1, (self.num_kv_heads, -1)).transpose(1, 2)
        v = self.v_proj(x).unflatten(-1, (self.num_kv_heads, -1)).transpose(1, 2)
        y = F.scaled_dot_product_attention(q, k, v, enable_gqa=True)
        return self.out_proj(y.transpose(1, 2).flatten(-2)), k, v

"""
"""PyTorch has the operation, but no layer that projects into it."""


@dataclass(frozen=True)
class GroupedQueryAttention(Layer):
    """Self-attention whose query heads share keys and values in groups; with one group it is multi-query attention.

    Input (N, L, embed_dim). Outputs: output (N, L, embed_dim), and keys and values (N, num_kv_heads, L, d/h), which
    are what a decoder keeps for the next token: the KV cache.
    """

    outputs: ClassVar[tuple[str, ...]] = ("output", "keys", "values")
    keras_outputs: ClassVar[tuple[str, ...]] = ("y",)

    embed_dim: int = knob(symbol="d", positional=True, kind=Whole(), about="width of every position, in and out")
    num_heads: int = knob(symbol="h", positional=True, kind=Whole(), about="heads of queries, d/h wide each")
    num_kv_heads: int = knob(
        symbol="g", positional=True, kind=Whole(), about="heads of keys and values; 1 is multi-query attention"
    )
    bias: bool = knob(False, kind=Flag(), about="whether the four projections learn offsets")

    def check(self) -> None:
        self.require_bounds("embed_dim", "num_heads", "num_kv_heads")
        require_heads(self, "embed_dim", "num_heads")
        require_heads(self, "num_heads", "num_kv_heads", free=False)

    def head(self) -> int:
        """The width of one head."""
        return let("d_head", exact_div(self.embed_dim, self.num_heads))

    def projections(self) -> tuple[tuple[str, str, Linear], ...]:
        """What each projection is for, its name, and the layer."""
        d, bias = self.embed_dim, self.bias
        kept = let("d_kv", self.num_kv_heads * self.head())
        return (
            ("query", "q_proj", Linear(d, d, bias=bias)),
            ("key", "k_proj", Linear(d, kept, bias=bias)),
            ("value", "v_proj", Linear(d, kept, bias=bias)),
            ("output", "out_proj", Linear(d, d, bias=bias)),
        )

    def out(self, x: Shape) -> Answer:
        if len(x) != 3:
            raise self.fault("input", f"must have 3 axes, and has {len(x)}", "write it as (N, L, embed_dim)", value=x)
        if x[-1] != self.embed_dim:
            rule = f"must end in embed_dim (={int(self.embed_dim)}), and its last axis is {int(x[-1])}"
            raise self.fault("input", rule, f"make its last axis {int(self.embed_dim)}", value=x)
        kept = (x[0], self.num_kv_heads, x[1], self.head())
        return x, kept, kept

    def learned(self) -> Iterator[Weight]:
        for use, name, linear in self.projections():
            for weight in linear.weights():
                role = f"{use} bias" if weight.name == "bias" else f"{use} weights"
                yield Weight(f"{name}.{weight.name}", weight.shape, role=role)

    def costs(self, x: Shape) -> Iterator[Cost]:
        n, length, _ = x
        d, kept, head = self.embed_dim, let("d_kv", self.num_kv_heads * self.head()), self.head()
        pairs = n * self.num_heads * length * length
        yield Cost("project the queries", n * length * d * d)
        yield Cost("project the keys", n * length * d * kept)
        yield Cost("project the values", n * length * d * kept)
        yield Cost("compare each query with each key, in every query head", pairs * head)
        yield Cost("softmax of the scores", pairs, "exponential")
        yield Cost("weight the values and add up, in every query head", pairs * head)
        yield Cost("project the heads' results", n * length * d * d)
        yield Cost("keep keys and values for later tokens (KV cache)", 2 * n * length * kept, "number")

    def input_symbols(self, rank: int, name: str = "input") -> tuple[str, ...]:
        return ("N", "L", "d")

    def window(self, x: Shape) -> None:
        return None

    def torch_lines(self) -> list[str]:
        made = f"layer = GroupedQueryAttention({arguments(self, torch_call)})"
        return ["from torch.nn import functional as F", *SOURCE.splitlines(), "", made]

    def keras(self, x: Shape) -> list[str]:
        if 0 in x:
            raise NoEquivalent("Keras builds no attention over nothing.")
        head, bias = self.embed_dim // self.num_heads, (self.bias, True)
        return [f"{call('GroupQueryAttention', head, self.num_heads, self.num_kv_heads, use_bias=bias)}(x, x)"]

    def conventions(self, x: Shape) -> Conventions:
        from calc.keras.attention import GroupQueryAttention  # Keras's layers are compared with these

        head = exact_div(self.embed_dim, self.num_heads)
        keras = GroupQueryAttention(head, self.num_heads, self.num_kv_heads, use_bias=self.bias)
        every = GroupedQueryAttention(self.embed_dim, self.num_heads, self.num_heads, bias=self.bias)
        single = GroupedQueryAttention(self.embed_dim, self.num_heads, 1, bias=self.bias)
        return Conventions(
            versions=(
                Version("this layer", "y, k, v = layer(x)", self.weights()),
                Version("Keras", keras_call(keras), tuple(keras.build(x, x))),
                Version("multi-head: num_kv_heads = num_heads", "y, k, v = layer(x)", every.weights()),
                Version("multi-query: num_kv_heads = 1", "y, k, v = layer(x)", single.weights()),
            ),
            remarks=(
                "Only the projections of keys and values shrink, by the factor h/g, and with them the cache. Queries "
                "and output stay d × d, and every query head still meets every key: scores and sums cost the same.",
                "Keras gives the heads an axis of their own; the numbers are the same.",
            ),
        )

    def picture(self, x: Shape) -> str:
        return groups_picture(self.num_heads, self.num_kv_heads)
