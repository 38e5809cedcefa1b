"""Multi-head attention: each query gathers a weighted mean of the values.

Sources: A. Vaswani et al., "Attention Is All You Need", 2017, section 3.2; PyTorch
documentation, `torch.nn.MultiheadAttention`, and `multi_head_attention_forward` in
its source, for the order in which shapes are compared.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from calc.conventions import Conventions, Version
from calc.knob import Flag, Real, Whole, knob
from calc.layer_base import Answer, Cost, Layer, NoEquivalent, Port, Shape, Weight
from calc.layers.attention_picture import heads_picture
from calc.layers.attention_rules import Masks, require_heads, require_masks, require_probability
from calc.source import call, keras_call
from calc.sym import exact_div, let

QUERY_KEY_VALUE = ("query", "key", "value")


@dataclass(frozen=True)
class MultiheadAttention(Layer):
    """Let every query gather a weighted mean of the values, h times side by side.

    Inputs query (L, N, embed_dim), key (S, N, kdim), value (S, N, vdim), with `batch_first`
    (N, L, embed_dim) and so on, or without N. Outputs attn_output, shaped like the query, and
    attn_output_weights (N, L, S), (N, h, L, S) with `average_attn_weights=False`, None with
    `need_weights=False`. Boolean masks are True where a key may NOT be attended.
    """

    inputs: ClassVar[tuple[Port, ...]] = (
        Port("query", "what asks: one row for each place of the output"),
        Port("key", "what the queries are compared with"),
        Port("value", "what is averaged, one row for each key"),
        Port("key_padding_mask", "True for keys that are padding, (N, S)", optional=True, dtype="bool"),
        Port("attn_mask", "True where a query may not see a key, (L, S) or (N·h, L, S)", optional=True, dtype="bool"),
    )
    outputs: ClassVar[tuple[str, ...]] = ("attn_output", "attn_output_weights")
    keras_outputs: ClassVar[tuple[str, ...]] = ("attn_output", "attn_scores")

    embed_dim: int = knob(symbol="d", positional=True, kind=Whole(), about="width of the queries and of the output")
    num_heads: int = knob(symbol="h", positional=True, kind=Whole(), about="heads that share the width, d/h each")
    dropout: float = knob(0.0, kind=Real(), about="share of the attention weights that training sets to 0")
    bias: bool = knob(True, kind=Flag(), about="whether the four projections learn offsets")
    add_bias_kv: bool = knob(False, kind=Flag(), about="whether one learned key and value are added to the others")
    add_zero_attn: bool = knob(False, kind=Flag(), about="whether a key and a value of zeros are added")
    kdim: int | None = knob(None, symbol="d_key", kind=Whole(0, empty="embed_dim"), about="width of the keys given")
    vdim: int | None = knob(None, symbol="d_value", kind=Whole(0, empty="embed_dim"), about="width of the values given")
    batch_first: bool = knob(False, kind=Flag(), about="whether the batch axis is the first instead of the second")

    def check(self) -> None:
        self.require_bounds("embed_dim", "num_heads", "kdim", "vdim")
        require_heads(self, "embed_dim", "num_heads")
        require_probability(self)

    def widths(self) -> tuple[int, int]:
        """The widths of keys and values."""
        return tuple(self.embed_dim if each is None else each for each in (self.kdim, self.vdim))  # type: ignore[return-value]

    def packed(self) -> bool:
        """Whether one matrix projects queries, keys and values, as in PyTorch where their widths are equal."""
        return all(each == self.embed_dim for each in self.widths())

    def out(
        self,
        query: Shape,
        key: Shape,
        value: Shape,
        *,
        key_padding_mask: Shape | None = None,
        attn_mask: Shape | None = None,
        need_weights: bool = True,
        average_attn_weights: bool = True,
        is_causal: bool = False,
    ) -> Answer:
        self._require_shapes(query, key, value)
        n, length, keys = self.sizes(query, key)
        masks = Masks(attn_mask, key_padding_mask, is_causal, need_weights)
        require_masks(self, masks, self.num_heads, (n, length, self.attended(keys)), keys, batched=len(query) == 3)
        if not need_weights:
            return query, None
        heads = () if average_attn_weights else (self.num_heads,)
        weights = (*heads, length, self.attended(keys))
        return query, (n, *weights) if len(query) == 3 else weights

    def sizes(self, query: Shape, key: Shape) -> tuple[int, int, int]:
        """How many samples, queries and keys there are."""
        if len(query) == 2:
            return 1, query[0], key[0]
        return (query[0], query[1], key[1]) if self.batch_first else (query[1], query[0], key[0])

    def attended(self, keys: int) -> int:
        """How many keys a query is compared with, those included that the layer adds."""
        added = self.add_bias_kv + self.add_zero_attn
        return let("S'", keys + added) if added else keys

    def _require_shapes(self, query: Shape, key: Shape, value: Shape) -> None:
        layout = "(N, L, d)" if self.batch_first else "(L, N, d)"
        if len(query) not in (2, 3):
            rule = f"must have 2 or 3 axes, and has {len(query)}"
            raise self.fault("query", rule, f"write it as (L, d) or {layout}", value=query)
        for name, shape in (("key", key), ("value", value)):
            if len(shape) != len(query):
                rule = f"must have {len(query)} axes like the query, and has {len(shape)}"
                raise self.fault(name, rule, "give all three a batch axis, or none", value=shape)
        named = zip(QUERY_KEY_VALUE, (query, key, value), (self.embed_dim, *self.widths()), strict=True)
        for (name, shape, width), knob_ in zip(named, ("embed_dim", "kdim", "vdim"), strict=True):
            if shape[-1] != width:
                rule = f"must end in {knob_} (={int(width)}), and its last axis is {int(shape[-1])}"
                raise self.fault(name, rule, f"make its last axis {int(width)}", value=shape)
        if key[:-1] != value[:-1]:
            rule = f"must have the key's other axes {tuple(map(int, key[:-1]))}"
            raise self.fault("value", rule, "there is one value for each key", value=value)
        self._require_batch(query, key)

    def _require_batch(self, query: Shape, key: Shape) -> None:
        axis = 0 if self.batch_first else 1
        if len(query) == 3 and key[axis] != query[axis]:
            rule = f"must have the query's batch of {int(query[axis])} on axis {axis}, and has {int(key[axis])}"
            swapped = key[1 - axis] == query[1 - axis]
            hint = f"set batch_first={not self.batch_first}" if swapped else "give both the same batch"
            raise self.fault("key", rule, hint, value=key)

    def learned(self) -> Iterator[Weight]:
        d = self.embed_dim
        if self.packed():
            yield Weight("in_proj_weight", (3 * d, d), role="query weights + key weights + value weights")
        else:
            for letter, name, width in zip("qkv", QUERY_KEY_VALUE, (d, *self.widths()), strict=True):
                yield Weight(f"{letter}_proj_weight", (d, width), role=f"{name} weights")
        if self.bias:
            yield Weight("in_proj_bias", (3 * d,), role="query bias + key bias + value bias")
        if self.add_bias_kv:
            yield Weight("bias_k", (1, 1, d), role="added key")
            yield Weight("bias_v", (1, 1, d), role="added value")
        yield Weight("out_proj.weight", (d, d), role="output weights")
        if self.bias:
            yield Weight("out_proj.bias", (d,), role="output bias")

    def costs(self, query: Shape, key: Shape, value: Shape) -> Iterator[Cost]:
        n, length, keys = self.sizes(query, key)
        d, (kdim, vdim) = self.embed_dim, self.widths()
        width = let("d_head", exact_div(d, self.num_heads))
        pairs = n * self.num_heads * length * self.attended(keys)
        yield Cost("project the queries", n * length * d * d)
        yield Cost("project the keys", n * keys * d * kdim)
        yield Cost("project the values", n * keys * d * vdim)
        yield Cost("compare each query with each key, in every head", pairs * width)
        yield Cost("softmax of the scores", pairs, "exponential")
        yield Cost("weight the values and add up, in every head", pairs * width)
        yield Cost("project the heads' results", n * length * d * d)

    def input_symbols(self, rank: int, name: str = "input") -> tuple[str, ...]:
        length = "L" if name == "query" else "S"
        own = {"key": self.kdim, "value": self.vdim}.get(name)
        width = "d" if own is None else f"d_{name}"
        if rank == 2:
            return (length, width)
        return ("N", length, width) if self.batch_first else (length, "N", width)

    def window(self, *inputs: Shape) -> None:
        return None

    def keras(self, query: Shape, key: Shape, value: Shape) -> list[str]:
        if self.add_bias_kv or self.add_zero_attn:
            raise NoEquivalent("Keras has no keys that the layer itself adds.")
        if len(query) == 2:
            raise NoEquivalent("Keras's attention always has a batch axis.")
        if not self.batch_first:
            raise NoEquivalent("Keras puts the batch axis first: compare with batch_first=True.")
        if 0 in (*query, *key, *value):
            raise NoEquivalent("Keras builds no attention over nothing.")
        head = self.embed_dim // self.num_heads
        made = call("MultiHeadAttention", self.num_heads, head, use_bias=(self.bias, True))
        return [f"{made}(query, value, key, return_attention_scores=True)"]

    def conventions(self, query: Shape, key: Shape, value: Shape) -> Conventions:
        from calc.keras.attention import MultiHeadAttention  # Keras's layers are compared with these

        d, h = self.embed_dim, self.num_heads
        split = MultiHeadAttention(num_heads=h, key_dim=exact_div(d, h), use_bias=self.bias)
        whole = MultiHeadAttention(num_heads=h, key_dim=d, use_bias=self.bias)
        return Conventions(
            versions=(
                Version.of("PyTorch", self, query, key, value),
                Version("Keras", keras_call(split), tuple(split.build(query, value, key=key))),
                Version("Keras, key_dim = d", keras_call(whole), tuple(whole.build(query, value, key=key))),
                Version("textbook, h heads d → d", "4·h·d²", tuple(self._textbook())),
            ),
            remarks=(
                "PyTorch and the original paper cut the width d into h heads of d/h each: the number of heads cancels "
                "out, and the four matrices hold 4·d² weights, with offsets 4·d² + 4·d.",
                "Keras's key_dim is the width of one head. key_dim = d/h gives PyTorch's layer; with key_dim = d every "
                "head is as wide as the whole model, and the layer has h times the weights.",
                "Texts that count 4·h·d² let each head map d to d, and the output layer h·d back to d. The formula is "
                "right for that layer only: where heads share d, multiplying by h counts everything h times.",
            ),
        )

    def _textbook(self) -> Iterator[Weight]:
        d, h, (kdim, vdim) = self.embed_dim, self.num_heads, self.widths()
        for name, width in zip(QUERY_KEY_VALUE, (d, kdim, vdim), strict=True):
            yield Weight(f"W_{name[0]}", (h, width, d), role=f"{name} weights")
        yield Weight("W_o", (h * d, d), role="output weights")

    def picture(self, query: Shape, key: Shape, value: Shape) -> str:
        _, length, keys = self.sizes(query, key)
        return heads_picture(length, self.attended(keys), self.embed_dim, self.num_heads)
