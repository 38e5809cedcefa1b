"""Keras's attention layers, where the width of a head is an argument of its own.

Source: Keras documentation, `keras.layers.MultiHeadAttention`, `GroupQueryAttention`.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import prod
from typing import ClassVar, NamedTuple

from calc.keras.layer import KerasLayer
from calc.knob import Flag, PerAxis, Real, Whole, knob
from calc.layer_base import Answer, Cost, Port, Shape, Weight


class Heads(NamedTuple):
    """How many heads ask, how many keep keys and values, and how wide keys and values are in one head."""

    asking: int
    kept: int
    key: int
    value: int


@dataclass(frozen=True)
class KerasAttention(KerasLayer, ABC):
    """What both layers share: four projections whose matrices have an axis for the heads.

    Inputs query (N, T, d_query), value (N, S, d_value) and, if it is not the value, key (N, S, d_key).
    Outputs: shaped like the query, and with `return_attention_scores` the weights (N, heads, T, S).
    """

    inputs: ClassVar[tuple[Port, ...]] = (
        Port("query", "what asks: one row for each place of the output"),
        Port("value", "what is averaged"),
        Port("key", "what the queries are compared with; the value if left out", optional=True),
    )
    outputs: ClassVar[tuple[str, ...]] = ("attention_output", "attention_scores")
    sized_by: ClassVar[tuple[str, ...]] = ("key",)

    @abstractmethod
    def heads(self) -> Heads:
        """The heads and their widths."""

    @abstractmethod
    def answer(self, query: Shape) -> Shape:
        """The axes that the output projection gives, after those of the queries."""

    def out(
        self,
        query: Shape,
        value: Shape,
        *,
        key: Shape | None = None,
        return_attention_scores: bool = False,
        use_causal_mask: bool = False,
    ) -> Answer:
        key = value if key is None else key
        self.require_ranks(query, value, key)
        if key[:-1] != value[:-1]:
            rule = f"must have the key's other axes {tuple(map(int, key[:-1]))}"
            raise self.fault("value", rule, "there is one value for each key", value=value)
        if query[0] != value[0]:
            rule = f"must have the query's batch of {int(query[0])}, and has {int(value[0])}"
            raise self.fault("value", rule, "give both the same batch", value=value)
        if len(query) != 3 and (use_causal_mask or self.argument("sliding_window") is not None):
            name = "use_causal_mask" if use_causal_mask else "sliding_window"
            raise self.fault(name, "needs inputs with 3 axes, one to mask along", "write them as (N, T, d)", value=True)
        if not 0 <= self.argument("dropout") <= 1:
            raise self.fault("dropout", "must be between 0 and 1", "try 0.1")
        answer = (*query[:-1], *self.answer(query))
        if not return_attention_scores:
            return answer
        return answer, (query[0], self.heads().asking, *query[1:-1], *value[1:-1])

    def require_ranks(self, query: Shape, value: Shape, key: Shape) -> None:
        """Refuse inputs without a batch, places and features."""
        if len(query) < 3:
            raise self.fault("query", f"must have 3 axes, and has {len(query)}", "write it as (N, T, d)", value=query)
        for name, shape in (("value", value), ("key", key)):
            if len(shape) != len(query):
                rule = f"must have {len(query)} axes like the query, and has {len(shape)}"
                raise self.fault(name, rule, "give all the same axes", value=shape)

    def build(self, query: Shape, value: Shape, *, key: Shape | None = None) -> Iterator[Weight]:
        heads, key = self.heads(), value if key is None else key
        yield from self._projection("query", (query[-1], heads.asking, heads.key))
        yield from self._projection("key", (key[-1], heads.kept, heads.key))
        if self.argument("use_gate"):
            yield from self._projection("gate", (query[-1], heads.asking, heads.value))
        yield from self._projection("value", (value[-1], heads.kept, heads.value))
        answer = self.answer(query)
        yield Weight("attention_output/kernel", (heads.asking, heads.value, *answer), role="output weights")
        if self.argument("use_bias"):
            yield Weight("attention_output/bias", answer, role="output bias")

    def _projection(self, name: str, shape: Shape) -> Iterator[Weight]:
        yield Weight(f"{name}/kernel", shape, role=f"{name} weights")
        if self.argument("use_bias"):
            yield Weight(f"{name}/bias", shape[1:], role=f"{name} bias")

    def costs(self, query: Shape, value: Shape, *, key: Shape | None = None) -> Iterator[Cost]:
        heads, key = self.heads(), value if key is None else key
        places, kept = prod(query[:-1]), prod(value[:-1])
        pairs = heads.asking * places * prod(value[1:-1])
        yield Cost("project the queries", places * query[-1] * heads.asking * heads.key)
        yield Cost("project the keys", kept * key[-1] * heads.kept * heads.key)
        yield Cost("project the values", kept * value[-1] * heads.kept * heads.value)
        yield Cost("compare each query with each key, in every head", pairs * heads.key)
        yield Cost("softmax of the scores", pairs, "exponential")
        yield Cost("weight the values and add up, in every head", pairs * heads.value)
        if self.argument("use_gate"):
            yield Cost("project the queries to the gate", places * query[-1] * heads.asking * heads.value)
        yield Cost("project the heads' results", places * heads.asking * heads.value * prod(self.answer(query)))

    def input_symbols(self, rank: int, name: str = "input") -> tuple[str, ...]:
        letter = "T" if name == "query" else "S"
        inner = (letter,) if rank == 3 else tuple(f"{letter}_{i}" for i in range(1, rank - 1))
        return ("N", *inner, f"d_{name}")

    def window(self, *inputs: Shape) -> None:
        return None


@dataclass(frozen=True)
class MultiHeadAttention(KerasAttention):
    """Attention whose heads have a width of their own: num_heads heads of key_dim each.

    Inputs query (N, T, d_query), value (N, S, d_value) and, if it is not the value, key (N, S, d_key);
    output (N, T, d_query), or `output_shape` in place of the last axis.
    """

    num_heads: int = knob(symbol="h", positional=True, kind=Whole(), about="heads that work side by side")
    key_dim: int = knob(symbol="k", positional=True, kind=Whole(), about="width of queries and keys in ONE head")
    value_dim: int | None = knob(
        None, symbol="v", kind=Whole(1, empty="key_dim"), about="width of the values in one head"
    )
    dropout: float = knob(0.0, kind=Real(0, 1), about="share of the attention weights that training sets to 0")
    use_bias: bool = knob(True, kind=Flag(), about="whether the projections learn offsets")
    output_shape: int | tuple[int, ...] | None = knob(
        None, symbol="o", kind=PerAxis(0, empty="width of the query"), about="last axes of the output; 0 is None"
    )
    sliding_window: int | None = knob(
        None, kind=Whole(1, empty="all keys"), about="keys on each side that a query may see, itself counted"
    )
    use_gate: bool = knob(False, kind=Flag(), about="whether a gate learned from the queries scales the result")

    def check(self) -> None:
        self.require_bounds("num_heads", "key_dim", "value_dim", "sliding_window")

    def heads(self) -> Heads:
        value = self.key_dim if self.value_dim is None else self.value_dim
        return Heads(self.num_heads, self.num_heads, self.key_dim, value)

    def answer(self, query: Shape) -> Shape:
        self.require_bounds("output_shape")
        given = self.output_shape
        if given is None or given == () or given == 0:
            return query[-1:]
        return given if isinstance(given, tuple) else (given,)

    def subscripts(self, name: str, value: tuple[int | None, ...]) -> Sequence[str]:
        return [str(at) if len(value) > 1 else "" for at in range(1, len(value) + 1)]


@dataclass(frozen=True)
class GroupQueryAttention(KerasAttention):
    """Attention whose query heads share keys and values in groups.

    Inputs query (N, T, d), value (N, S, d) and, if it is not the value, key (N, S, d_key); output (N, T, d).
    """

    head_dim: int = knob(symbol="k", positional=True, kind=Whole(), about="width of ONE head")
    num_query_heads: int = knob(symbol="h", positional=True, kind=Whole(), about="heads of queries, which ask")
    num_key_value_heads: int = knob(
        symbol="g", positional=True, kind=Whole(), about="heads that keep keys and values, one for each group"
    )
    dropout: float = knob(0.0, kind=Real(0, 1), about="share of the attention weights that training sets to 0")
    use_bias: bool = knob(True, kind=Flag(), about="whether the projections learn offsets")
    sliding_window: int | None = knob(
        None, kind=Whole(1, empty="all keys"), about="keys on each side that a query may see, itself counted"
    )
    use_gate: bool = knob(False, kind=Flag(), about="whether a gate learned from the queries scales the result")

    def check(self) -> None:
        self.require_bounds("head_dim", "num_query_heads", "num_key_value_heads", "sliding_window")
        if self.num_query_heads % self.num_key_value_heads != 0:
            rule = f"must be divisible by num_key_value_heads (={int(self.num_key_value_heads)})"
            above = -(-int(self.num_query_heads) // int(self.num_key_value_heads)) * int(self.num_key_value_heads)
            raise self.fault("num_query_heads", rule, f"set num_query_heads={above} or num_key_value_heads=1")

    def heads(self) -> Heads:
        return Heads(self.num_query_heads, self.num_key_value_heads, self.head_dim, self.head_dim)

    def answer(self, query: Shape) -> Shape:
        return query[-1:]

    def require_ranks(self, query: Shape, value: Shape, key: Shape) -> None:
        super().require_ranks(query, value, key)
        if len(query) != 3:
            raise self.fault("query", f"must have 3 axes, and has {len(query)}", "write it as (N, T, d)", value=query)
        if query[-1] != value[-1]:
            rule = f"must end in the query's width (={int(query[-1])}), and its last axis is {int(value[-1])}"
            raise self.fault("value", rule, f"make its last axis {int(query[-1])}", value=value)
