"""One layer of a Transformer's encoder and one of its decoder.

Sources: A. Vaswani et al., "Attention Is All You Need", 2017, section 3.1; R. Xiong et
al., "On Layer Normalization in the Transformer Architecture", 2020, for `norm_first`;
PyTorch documentation, `torch.nn.TransformerEncoderLayer`, `TransformerDecoderLayer`.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from math import prod
from typing import Any, ClassVar, TypeAlias

from calc.knob import Choice, Flag, Real, Whole, knob
from calc.layer_base import Cost, Layer, NoEquivalent, Port, Shape, Weight
from calc.layers.attention import MultiheadAttention
from calc.layers.attention_rules import Masks, require_heads, require_masks, require_probability
from calc.layers.dense import Linear
from calc.picture import bars
from calc.source import call
from calc.sym import tally


def mask_ports(attn: str, padding: str, sees: str) -> tuple[Port, Port]:
    """A mask of pairs and a mask of keys."""
    return (
        Port(attn, f"True where {sees}", optional=True, dtype="bool"),
        Port(padding, f"True for padding in the {padding.split('_')[0]}", optional=True, dtype="bool"),
    )


DECODER_INPUTS = (
    Port("tgt", "the positions to decode"),
    Port("memory", "what the encoder gave"),
    *mask_ports("tgt_mask", "tgt_key_padding_mask", "a position may not see another, (T, T)"),
    *mask_ports("memory_mask", "memory_key_padding_mask", "a position may not see one of memory, (T, S)"),
)

Share: TypeAlias = tuple[str, int, int]
"""A part's name, its parameters, its multiply-adds."""


def shares_picture(rows: Sequence[Share], what: str) -> str:
    """Parameters and multiply-adds of each part as bars."""
    plain = [(name, int(params), int(macs)) for name, params, macs in rows]
    return bars(plain, ("parameters", "MACs"), f"Where the parameters and the multiply-adds of {what} are.")


def multiplied(costs: Iterable[Cost]) -> int:
    """The multiply-adds among these costs."""
    return tally(cost.amount for cost in costs if cost.unit == "MAC")


def require_transformer(layer: Layer) -> None:
    """Refuse what PyTorch refuses when it builds a layer of an encoder or a decoder."""
    layer.require_bounds("d_model", "nhead", "dim_feedforward")
    require_heads(layer, "d_model", "nhead")
    require_probability(layer)
    if layer.argument("activation") not in ("relu", "gelu"):
        raise layer.fault("activation", "must be 'relu' or 'gelu'", "try 'relu'")


@dataclass(frozen=True)
class TransformerLayer(Layer, ABC):
    """What both layers share: attention and a feed-forward net, each with a residual connection and a layer norm."""

    panels: ClassVar[tuple[str, ...]] = (
        "result",
        "derivation",
        "picture",
        "weights",
        "cost",
        "memory",
        "torch",
        "keras",
    )
    attentions: ClassVar[Mapping[str, str]]
    """The names of the attention sub-layers in PyTorch, and what formulas call them."""

    d_model: int = knob(symbol="d", positional=True, kind=Whole(), about="width of every position, in and out")
    nhead: int = knob(symbol="h", positional=True, kind=Whole(), about="heads that share the width, d/h each")
    dim_feedforward: int = knob(2048, symbol="d_ff", kind=Whole(0), about="width inside the feed-forward net")
    dropout: float = knob(0.1, kind=Real(0, 1), about="share of numbers that training sets to 0")
    activation: str = knob("relu", kind=Choice(("relu", "gelu")), about="function inside the feed-forward net")
    layer_norm_eps: float = knob(1e-5, kind=Real(), about="small number added to the variance in layer norms")
    batch_first: bool = knob(False, kind=Flag(), about="whether the batch axis is the first instead of the second")
    norm_first: bool = knob(False, kind=Flag(), about="whether layer norms stand before the sub-layers, not after")
    bias: bool = knob(True, kind=Flag(), about="whether projections and layer norms learn offsets")

    def check(self) -> None:
        require_transformer(self)

    def attention(self) -> MultiheadAttention:
        """Each of the attention sub-layers; they differ only in what they are given."""
        return MultiheadAttention(self.d_model, self.nhead, bias=self.bias, batch_first=self.batch_first)

    def linears(self) -> tuple[Linear, Linear]:
        """The two dense layers of the feed-forward net."""
        return (
            Linear(self.d_model, self.dim_feedforward, bias=self.bias),
            Linear(self.dim_feedforward, self.d_model, bias=self.bias),
        )

    def learned(self) -> Iterator[Weight]:
        for name in self.attentions:
            part = "attn" if len(self.attentions) == 1 else f"attn#{name}"
            yield from (weight.within(name, part) for weight in self.attention().weights())
        for number, linear in enumerate(self.linears(), 1):
            yield from (weight.within(f"linear{number}", "ffn") for weight in linear.weights())
        for number in range(1, len(self.attentions) + 2):
            yield Weight(f"norm{number}.weight", (self.d_model,), part=f"norm#{number}")
            if self.bias:
                yield Weight(f"norm{number}.bias", (self.d_model,), part=f"norm#{number}")

    def feed_forward(self, x: Shape) -> tuple[str, str, Sequence[Cost]]:
        """The feed-forward net as one of the sub-layers."""
        first, second = self.linears()
        inside = (*x[:-1], self.dim_feedforward)
        apply = Cost(f"apply {self.activation}", prod(inside), "evaluation")
        return "ffn", "feed-forward net", [*first.costs(x), apply, *second.costs(inside)]

    def norm_costs(self, x: Shape) -> Iterator[Cost]:
        """Residual connections and layer norms: one of each for every sub-layer."""
        count = len(self.attentions) + 1
        yield Cost("add the sub-layers' inputs to their outputs", count * prod(x), "addition")
        yield Cost("normalize", count * prod(x), "number")

    def require_width(self, name: str, shape: Shape) -> None:
        """Refuse an input that is not a sequence of the layer's width."""
        layout = "(N, L, d_model)" if self.batch_first else "(L, N, d_model)"
        if len(shape) not in (2, 3):
            rule = f"must have 2 or 3 axes, and has {len(shape)}"
            raise self.fault(name, rule, f"write it as (L, d_model) or {layout}", value=shape)
        if shape[-1] != self.d_model:
            rule = f"must end in d_model (={self.d_model}), and its last axis is {int(shape[-1])}"
            raise self.fault(name, rule, f"make its last axis {self.d_model}", value=shape)

    def require_masks(self, masks: Masks, x: Shape, keys: Shape) -> None:
        """Refuse masks that do not fit positions `x` looking at positions `keys`."""
        n, length, count = self.attention().sizes(x, keys)
        sizes = (n, length, count)
        require_masks(self, replace(masks, need_weights=False), self.nhead, sizes, count, batched=len(x) == 3)

    def window(self, *inputs: Shape) -> None:
        return None

    @abstractmethod
    def out(self, *inputs: Any, **call: Any) -> Shape:
        """The output shape, that of the first input."""

    @abstractmethod
    def sublayers(self, *inputs: Shape) -> Iterator[tuple[str, str, Sequence[Cost]]]:
        """The sub-layers that multiply: what formulas call them, what readers call them, their costs."""

    def costs(self, *inputs: Shape) -> Iterator[Cost]:
        for part, words, costs in self.sublayers(*inputs):
            yield from (replace(cost, what=f"{words}: {cost.what}", part=part) for cost in costs)
        yield from self.norm_costs(inputs[0])

    def shares(self, *inputs: Shape) -> list[Share]:
        """Where parameters and multiply-adds are."""
        parts = {**self.attentions, "linear1": "ffn", "linear2": "ffn"}
        held: dict[str, int] = {}
        for weight in self.weights():
            part = parts.get(weight.name.partition(".")[0], "norms")
            held[part] = held.get(part, 0) + weight.size
        macs = {part: multiplied(costs) for part, _, costs in self.sublayers(*inputs)}
        return [(part, params, macs.get(part, 0)) for part, params in held.items()]

    def picture(self, *inputs: Shape) -> str:
        return shares_picture(self.shares(*inputs), "the layer")

    def keras_attention(self, query: str, memory: str) -> str:
        """Keras's attention on these variables."""
        made = call("layers.MultiHeadAttention", self.nhead, self.d_model // self.nhead, use_bias=(self.bias, True))
        return f"{made}({query}, {memory})"

    def keras_norm(self, x: str) -> str:
        """Keras's layer norm on a variable."""
        made = call("LayerNormalization", epsilon=(self.layer_norm_eps, 1e-3), center=(self.bias, True))
        return f"{made}({x})"

    def keras_feed_forward(self, x: str) -> str:
        """Keras's feed-forward net on a variable."""
        bias = (self.bias, True)
        inner = call("layers.Dense", self.dim_feedforward, activation=(self.activation, None), use_bias=bias)
        outer = call("layers.Dense", self.d_model, use_bias=bias)
        return f"{outer}({inner}({x}))"

    def require_keras(self, *inputs: Shape) -> None:
        """Say where Keras has nothing like it."""
        if len(inputs[0]) == 2:
            raise NoEquivalent("Keras's attention always has a batch axis.")
        if not self.batch_first:
            raise NoEquivalent("Keras puts the batch axis first: compare with batch_first=True.")
        if not self.dim_feedforward or any(0 in shape for shape in inputs):
            raise NoEquivalent("Keras builds no layer of width 0.")

    def sublayer_calls(self, x: str, expressions: Iterable[Callable[[str], str]]) -> Iterator[str]:
        """Keras calls for sub-layers, each with its residual connection and its norm.

        Each sub-layer is given as what it makes of a variable. The result is `y`.
        """
        for expression in expressions:
            if self.norm_first:
                yield f"Add()([{x}, {expression('layers.' + self.keras_norm(x))}])"
            else:
                yield f"Add()([{x}, {expression(x)}])"
                yield self.keras_norm("y")
            x = "y"


@dataclass(frozen=True)
class TransformerEncoderLayer(TransformerLayer):
    """Self-attention, then a feed-forward net on each position, as in every layer of BERT.

    Input src (S, N, d_model), with `batch_first` (N, S, d_model), or without N; the output has the same shape.
    Boolean masks are True where a position may NOT be seen.
    """

    inputs: ClassVar[tuple[Port, ...]] = (
        Port("src", "the positions to encode"),
        *mask_ports("src_mask", "src_key_padding_mask", "a position may not see another, (S, S)"),
    )
    attentions: ClassVar[Mapping[str, str]] = {"self_attn": "attn"}

    def out(
        self,
        src: Shape,
        *,
        src_mask: Shape | None = None,
        src_key_padding_mask: Shape | None = None,
        is_causal: bool = False,
    ) -> Shape:
        self.require_width("src", src)
        names = ("src_mask", "src_key_padding_mask", "is_causal")
        self.require_masks(Masks(src_mask, src_key_padding_mask, is_causal, names=names), src, src)
        return src

    def sublayers(self, *inputs: Shape) -> Iterator[tuple[str, str, Sequence[Cost]]]:
        [src] = inputs
        yield "attn", "self-attention", list(self.attention().costs(src, src, src))
        yield self.feed_forward(src)

    def input_symbols(self, rank: int, name: str = "input") -> tuple[str, ...]:
        return sequence_symbols(rank, self.batch_first, "S")

    def keras(self, src: Shape) -> list[str]:
        self.require_keras(src)
        if self.norm_first:
            attention = f"Add()([x, {self.keras_attention('y', 'y')}])"
            return [self.keras_norm("x"), attention, *self.sublayer_calls("y", [self.keras_feed_forward])]
        return list(self.sublayer_calls("x", [lambda x: self.keras_attention(x, x), self.keras_feed_forward]))


@dataclass(frozen=True)
class TransformerDecoderLayer(TransformerLayer):
    """Self-attention, attention to what the encoder found, then a feed-forward net on each position.

    Inputs tgt (T, N, d_model) and memory (S, N, d_model), with `batch_first` (N, T, d_model) and (N, S, d_model),
    or without N; the output is shaped like tgt. Queries come from tgt, in the second attention keys and values from
    memory. Boolean masks are True where a position may NOT be seen.
    """

    inputs: ClassVar[tuple[Port, ...]] = DECODER_INPUTS
    attentions: ClassVar[Mapping[str, str]] = {"self_attn": "self", "multihead_attn": "cross"}

    def out(
        self,
        tgt: Shape,
        memory: Shape,
        *,
        tgt_mask: Shape | None = None,
        memory_mask: Shape | None = None,
        tgt_key_padding_mask: Shape | None = None,
        memory_key_padding_mask: Shape | None = None,
        tgt_is_causal: bool = False,
        memory_is_causal: bool = False,
    ) -> Shape:
        self.require_width("tgt", tgt)
        self.require_width("memory", memory)
        require_same_batch(self, "tgt", tgt, "memory", memory, batch_first=self.batch_first)
        own = ("tgt_mask", "tgt_key_padding_mask", "tgt_is_causal")
        self.require_masks(Masks(tgt_mask, tgt_key_padding_mask, tgt_is_causal, names=own), tgt, tgt)
        other = ("memory_mask", "memory_key_padding_mask", "memory_is_causal")
        self.require_masks(Masks(memory_mask, memory_key_padding_mask, memory_is_causal, names=other), tgt, memory)
        return tgt

    def sublayers(self, *inputs: Shape) -> Iterator[tuple[str, str, Sequence[Cost]]]:
        tgt, memory = inputs
        yield "self", "self-attention", list(self.attention().costs(tgt, tgt, tgt))
        yield "cross", "attention to memory", list(self.attention().costs(tgt, memory, memory))
        yield self.feed_forward(tgt)

    def input_symbols(self, rank: int, name: str = "input") -> tuple[str, ...]:
        return sequence_symbols(rank, self.batch_first, "T" if name == "tgt" else "S")

    def keras(self, tgt: Shape, memory: Shape) -> list[str]:
        self.require_keras(tgt, memory)
        rest = [lambda x: self.keras_attention(x, "memory"), self.keras_feed_forward]
        if self.norm_first:
            attention = f"Add()([tgt, {self.keras_attention('y', 'y')}])"
            return [self.keras_norm("tgt"), attention, *self.sublayer_calls("y", rest)]
        return list(self.sublayer_calls("tgt", [lambda x: self.keras_attention(x, x), *rest]))


def sequence_symbols(rank: int, batch_first: bool, letter: str) -> tuple[str, ...]:
    """The axes of a sequence whose length has this letter."""
    if rank == 2:
        return (letter, "d")
    return ("N", letter, "d") if batch_first else (letter, "N", "d")


def require_same_batch(layer: Layer, first: str, a: Shape, second: str, b: Shape, *, batch_first: bool) -> None:
    """Refuse two sequences of which one has a batch and the other none, or another; or the first is no sequence."""
    if len(a) not in (2, 3):
        hint = f"write it as (L, d_model) or {'(N, L, d_model)' if batch_first else '(L, N, d_model)'}"
        raise layer.fault(first, f"must have 2 or 3 axes, and has {len(a)}", hint, value=a)
    if len(a) != len(b):
        rule = f"must have {len(a)} axes like {first}, and has {len(b)}"
        raise layer.fault(second, rule, "give both a batch axis, or neither", value=b)
    axis = 0 if batch_first else 1
    if len(a) == 3 and a[axis] != b[axis]:
        rule = f"must have the batch of {first}, {int(a[axis])} on axis {axis}, and has {int(b[axis])}"
        swapped = a[1 - axis] == b[1 - axis]
        raise layer.fault(
            second, rule, f"set batch_first={not batch_first}" if swapped else "give both the same batch", value=b
        )
