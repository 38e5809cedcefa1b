"""Stacks of Transformer layers: an encoder, a decoder, and both with PyTorch's two norms at the end.

Sources: A. Vaswani et al., "Attention Is All You Need", 2017, figure 1; PyTorch
documentation, `torch.nn.TransformerEncoder`, `TransformerDecoder`, `Transformer`.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

from calc.errors import CalcError
from calc.knob import Choice, Flag, Nested, Real, Whole, knob
from calc.layer_base import Cost, Layer, Port, Shape, Weight
from calc.layers.layer_norm import LayerNorm
from calc.layers.transformer import (
    DECODER_INPUTS,
    Share,
    TransformerDecoderLayer,
    TransformerEncoderLayer,
    TransformerLayer,
    mask_ports,
    multiplied,
    require_same_batch,
    require_transformer,
    sequence_symbols,
    shares_picture,
)
from calc.sym import exactly, let

PANELS = ("result", "derivation", "picture", "weights", "cost", "memory", "torch")
"""Keras has no such stack: there one repeats the lines of the layer."""


@dataclass(frozen=True)
class TransformerStack(Layer, ABC):
    """The same layer several times, each time with weights of its own, and a norm at the end if one is given."""

    panels: ClassVar[tuple[str, ...]] = PANELS

    @property
    @abstractmethod
    def layer(self) -> TransformerLayer:
        """The layer that is repeated."""

    def final(self) -> LayerNorm | None:
        """The norm at the end."""
        norm: LayerNorm | None = self.argument("norm")
        return norm

    def through(self, x: Shape, *others: Shape, **call: Any) -> Shape:
        """The output shape; every layer is given the same masks."""
        count = self.argument("num_layers")
        if count < 1:
            raise self.fault("num_layers", "must be at least 1 to be called", "try 1")
        shape = self.layer.out(x, *others, **call)
        final = self.final()
        if final is not None:
            try:
                final.out(shape)
            except CalcError:
                rule = f"must normalize the last axes of the layers' output {tuple(map(int, shape))}"
                hint = f"set normalized_shape={int(shape[-1])}"
                raise self.fault("norm", rule, hint, value=final.normalized_shape) from None
        return shape

    def learned(self) -> Iterator[Weight]:
        for number in range(exactly(self.argument("num_layers"))):
            for weight in self.layer.weights():
                yield weight.within(f"layers.{number}", f"layer#{number}/{weight.part}")
        final = self.final()
        if final is not None:
            yield from (weight.within("norm", "final") for weight in final.weights())

    def costs(self, *inputs: Shape) -> Iterator[Cost]:
        yield from self.repeated(*inputs)

    def repeated(self, *inputs: Shape, of: str = "") -> Iterator[Cost]:
        """Each sub-layer's cost as often as there are layers; `of` tells encoder and decoder apart in formulas."""
        count = self.argument("num_layers")
        for part, words, costs in self.layer.sublayers(*inputs):
            once = let(f"MACs_{of}{part}", multiplied(costs))
            yield Cost(f"{words}, in every layer", count * once)
        for cost in self.layer.norm_costs(inputs[0]):
            yield Cost(f"{cost.what}, in every layer", count * cost.amount, cost.unit)
        final = self.final()
        if final is not None:
            yield from (Cost(f"final norm: {cost.what}", cost.amount, cost.unit) for cost in final.costs(inputs[0]))

    def shares(self, *inputs: Shape) -> list[Share]:
        """Where parameters and multiply-adds are."""
        count, final = self.argument("num_layers"), self.final()
        rows = [(name, count * params, count * macs) for name, params, macs in self.layer.shares(*inputs)]
        return rows if final is None else [*rows, ("final", final.params, 0)]

    def picture(self, *inputs: Shape) -> str:
        return shares_picture(self.shares(*inputs), "the stack")

    def input_symbols(self, rank: int, name: str = "input") -> tuple[str, ...]:
        return self.layer.input_symbols(rank, name)

    def window(self, *inputs: Shape) -> None:
        return None


@dataclass(frozen=True)
class TransformerEncoder(TransformerStack):
    """Encoder layers one after another, each with weights of its own, and a norm at the end if one is given.

    Input src (S, N, d_model), with the layer's `batch_first` (N, S, d_model), or without N; the output has the same
    shape. Boolean masks are True where a position may NOT be seen.
    """

    inputs: ClassVar[tuple[Port, ...]] = (
        Port("src", "the positions to encode"),
        *mask_ports("mask", "src_key_padding_mask", "a position may not see another, (S, S)"),
    )

    encoder_layer: TransformerEncoderLayer = knob(
        positional=True, kind=Nested((TransformerEncoderLayer,)), about="the layer that is repeated"
    )
    num_layers: int = knob(symbol="n_layers", kind=Whole(), about="how many layers, each with its own weights")
    norm: LayerNorm | None = knob(
        None, kind=Nested((LayerNorm,), empty="no norm"), about="layer norm after the last layer"
    )
    enable_nested_tensor: bool = knob(
        True, kind=Flag(), about="whether padding may be left out of the work in inference"
    )
    mask_check: bool = knob(True, kind=Flag(), about="whether to check first that padding is at the end")

    @property
    def layer(self) -> TransformerLayer:
        return self.encoder_layer

    def out(
        self,
        src: Shape,
        *,
        mask: Shape | None = None,
        src_key_padding_mask: Shape | None = None,
        is_causal: bool | None = None,
    ) -> Shape:
        masks = {"src_mask": mask, "src_key_padding_mask": src_key_padding_mask}
        return self.through(src, **masks, is_causal=is_causal)


@dataclass(frozen=True)
class TransformerDecoder(TransformerStack):
    """Decoder layers one after another, all looking at the same memory, and a norm at the end if one is given.

    Inputs tgt (T, N, d_model) and memory (S, N, d_model), with the layer's `batch_first` (N, T, d_model) and
    (N, S, d_model), or without N; the output is shaped like tgt. Boolean masks are True where a position may NOT be
    seen.
    """

    inputs: ClassVar[tuple[Port, ...]] = DECODER_INPUTS

    decoder_layer: TransformerDecoderLayer = knob(
        positional=True, kind=Nested((TransformerDecoderLayer,)), about="the layer that is repeated"
    )
    num_layers: int = knob(symbol="n_layers", kind=Whole(), about="how many layers, each with its own weights")
    norm: LayerNorm | None = knob(
        None, kind=Nested((LayerNorm,), empty="no norm"), about="layer norm after the last layer"
    )

    @property
    def layer(self) -> TransformerLayer:
        return self.decoder_layer

    def out(self, tgt: Shape, memory: Shape, **call: Any) -> Shape:
        return self.through(tgt, memory, **call)


@dataclass(frozen=True)
class Transformer(Layer):
    """Encoder and decoder of the original Transformer, without embeddings and without an output layer.

    Inputs src (S, N, d_model) and tgt (T, N, d_model), with `batch_first` (N, S, d_model) and (N, T, d_model), or
    without N; the output is shaped like tgt. Boolean masks are True where a position may NOT be seen.
    """

    panels: ClassVar[tuple[str, ...]] = PANELS
    inputs: ClassVar[tuple[Port, ...]] = (
        Port("src", "the positions to encode"),
        Port("tgt", "the positions to decode"),
        *mask_ports("src_mask", "src_key_padding_mask", "a source position may not see another, (S, S)"),
        *DECODER_INPUTS[2:],
    )

    d_model: int = knob(512, symbol="d", kind=Whole(), about="width of every position, in and out")
    nhead: int = knob(8, symbol="h", kind=Whole(), about="heads that share the width, d/h each")
    num_encoder_layers: int = knob(6, symbol="n_enc", kind=Whole(), about="how many encoder layers there are")
    num_decoder_layers: int = knob(6, symbol="n_dec", kind=Whole(), about="how many decoder layers there are")
    dim_feedforward: int = knob(2048, symbol="d_ff", kind=Whole(0), about="width inside the feed-forward nets")
    dropout: float = knob(0.1, kind=Real(0, 1), about="share of numbers that training sets to 0")
    activation: str = knob("relu", kind=Choice(("relu", "gelu")), about="function inside the feed-forward nets")
    layer_norm_eps: float = knob(1e-5, kind=Real(), about="small number added to the variance in layer norms")
    batch_first: bool = knob(False, kind=Flag(), about="whether the batch axis is the first instead of the second")
    norm_first: bool = knob(False, kind=Flag(), about="whether layer norms stand before the sub-layers, not after")
    bias: bool = knob(True, kind=Flag(), about="whether projections and layer norms learn offsets")

    def check(self) -> None:
        require_transformer(self)

    def encoder(self) -> TransformerEncoder:
        """The encoder, with the norm that PyTorch adds."""
        layer = TransformerEncoderLayer(**self._shared())
        return TransformerEncoder(layer, self.num_encoder_layers, self._norm())

    def decoder(self) -> TransformerDecoder:
        """The decoder, with the norm that PyTorch adds."""
        layer = TransformerDecoderLayer(**self._shared())
        return TransformerDecoder(layer, self.num_decoder_layers, self._norm())

    def _shared(self) -> dict[str, Any]:
        names = ("d_model", "nhead", "dim_feedforward", "dropout", "activation", "layer_norm_eps", "batch_first")
        return {name: self.argument(name) for name in (*names, "norm_first", "bias")}

    def _norm(self) -> LayerNorm:
        return LayerNorm(self.d_model, eps=self.layer_norm_eps, bias=self.bias)

    def out(
        self,
        src: Shape,
        tgt: Shape,
        *,
        src_mask: Shape | None = None,
        tgt_mask: Shape | None = None,
        memory_mask: Shape | None = None,
        src_key_padding_mask: Shape | None = None,
        tgt_key_padding_mask: Shape | None = None,
        memory_key_padding_mask: Shape | None = None,
        src_is_causal: bool | None = None,
        tgt_is_causal: bool | None = None,
        memory_is_causal: bool = False,
    ) -> Shape:
        for name in ("num_encoder_layers", "num_decoder_layers"):
            if self.argument(name) < 1:
                raise self.fault(name, "must be at least 1 to be called", "try 1")
        require_same_batch(self, "src", src, "tgt", tgt, batch_first=self.batch_first)
        memory = self.encoder().out(
            src, mask=src_mask, src_key_padding_mask=src_key_padding_mask, is_causal=src_is_causal
        )
        return self.decoder().out(
            tgt,
            memory,
            tgt_mask=tgt_mask,
            memory_mask=memory_mask,
            tgt_key_padding_mask=tgt_key_padding_mask,
            memory_key_padding_mask=memory_key_padding_mask,
            tgt_is_causal=tgt_is_causal,
            memory_is_causal=memory_is_causal,
        )

    def learned(self) -> Iterator[Weight]:
        for name, stack in (("encoder", self.encoder()), ("decoder", self.decoder())):
            for weight in stack.weights():
                # The two kinds of layers are told apart in formulas.
                part = weight.part.replace("layer#", f"layer_{name[:3]}#")
                yield weight.within(name, f"{name}/{part}")

    def costs(self, src: Shape, tgt: Shape) -> Iterator[Cost]:
        for cost in self.encoder().repeated(src, of="enc_"):
            yield Cost(f"encoder: {cost.what}", cost.amount, cost.unit)
        for cost in self.decoder().repeated(tgt, src, of="dec_"):
            yield Cost(f"decoder: {cost.what}", cost.amount, cost.unit)

    def picture(self, src: Shape, tgt: Shape) -> str:
        rows = [(f"enc {name}", params, macs) for name, params, macs in self.encoder().shares(src)]
        rows += [(f"dec {name}", params, macs) for name, params, macs in self.decoder().shares(tgt, src)]
        return shares_picture(rows, "the network")

    def input_symbols(self, rank: int, name: str = "input") -> tuple[str, ...]:
        return sequence_symbols(rank, self.batch_first, "T" if name == "tgt" else "S")

    def window(self, *inputs: Shape) -> None:
        return None
