"""PyTorch's Transformer layers as modules made of modules, so that a report shows what is inside."""

from __future__ import annotations

from abc import ABC, abstractmethod
from copy import deepcopy
from typing import Any

from calc.torch import methods, pointwise, tape
from calc.torch.containers import ModuleList
from calc.torch.layers import LayerModule, layer_module
from calc.torch.modules import Module
from calc.torch.tensor import Tensor

plus = methods.recorded("Tensor.add", methods.SHARED["add"])
"""The way round a part."""

ACTIVATIONS = {name: methods.recorded(f"F.{name}", pointwise.same) for name in ("relu", "gelu")}
"""What stands between the two matrices of the feed-forward network."""


class _Made(Module, ABC):
    """Checked as the whole layer is; run part by part."""

    kind_name: str

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__()
        whole: LayerModule = layer_module(self.kind_name)(*args, **kwargs)
        self.__dict__["whole"] = whole
        self.__dict__["layer"] = whole.layer
        self.build(whole.layer)

    @abstractmethod
    def build(self, layer: Any) -> None:
        """The parts."""

    def checked(self, *args: Any, **kwargs: Any) -> None:
        """Refuse what the whole layer refuses, with its own words."""
        with tape.current.hushed():
            self.whole.run(*args, **{name: each for name, each in kwargs.items() if each is not None})


def _norm(layer: Any) -> Module:
    return layer_module("LayerNorm")(layer.d_model, eps=layer.layer_norm_eps, bias=layer.bias)


def _attention(layer: Any) -> Module:
    return layer_module("MultiheadAttention")(
        layer.d_model, layer.nhead, dropout=layer.dropout, bias=layer.bias, batch_first=layer.batch_first
    )


def _linear(layer: Any, inner: int, outer: int) -> Module:
    return layer_module("Linear")(inner, outer, bias=layer.bias)


def _dropout(layer: Any) -> Module:
    return layer_module("Dropout")(layer.dropout)


class TransformerEncoderLayer(_Made):
    """Self-attention and a feed-forward network, each with its norm and the way round it."""

    kind_name = "TransformerEncoderLayer"

    def build(self, layer: Any) -> None:
        self.self_attn = _attention(layer)
        self.linear1 = _linear(layer, layer.d_model, layer.dim_feedforward)
        self.dropout = _dropout(layer)
        self.linear2 = _linear(layer, layer.dim_feedforward, layer.d_model)
        self.norm1, self.norm2 = _norm(layer), _norm(layer)
        self.dropout1, self.dropout2 = _dropout(layer), _dropout(layer)

    def forward(
        self, src: Tensor, src_mask: Any = None, src_key_padding_mask: Any = None, is_causal: Any = None
    ) -> Tensor:
        self.checked(src, src_mask=src_mask, src_key_padding_mask=src_key_padding_mask)

        def attend(x: Tensor) -> Any:
            masks = {"attn_mask": src_mask, "key_padding_mask": src_key_padding_mask}
            return self.dropout1(self.self_attn(x, x, x, need_weights=False, **masks)[0])

        def feed(x: Tensor) -> Any:
            return self.dropout2(self.linear2(self.dropout(ACTIVATIONS[self.layer.activation](self.linear1(x)))))

        for around, norm in ((attend, self.norm1), (feed, self.norm2)):
            src = plus(src, around(norm(src))) if self.layer.norm_first else norm(plus(src, around(src)))
        return src


class TransformerDecoderLayer(_Made):
    """Self-attention, attention to the encoder's output, and a feed-forward network."""

    kind_name = "TransformerDecoderLayer"

    def build(self, layer: Any) -> None:
        self.self_attn = _attention(layer)
        self.multihead_attn = _attention(layer)
        self.linear1 = _linear(layer, layer.d_model, layer.dim_feedforward)
        self.dropout = _dropout(layer)
        self.linear2 = _linear(layer, layer.dim_feedforward, layer.d_model)
        self.norm1, self.norm2, self.norm3 = _norm(layer), _norm(layer), _norm(layer)
        self.dropout1, self.dropout2, self.dropout3 = _dropout(layer), _dropout(layer), _dropout(layer)

    def forward(
        self,
        tgt: Tensor,
        memory: Tensor,
        tgt_mask: Any = None,
        memory_mask: Any = None,
        tgt_key_padding_mask: Any = None,
        memory_key_padding_mask: Any = None,
        tgt_is_causal: Any = None,
        memory_is_causal: Any = None,
    ) -> Tensor:
        own = {"tgt_mask": tgt_mask, "tgt_key_padding_mask": tgt_key_padding_mask}
        others = {"memory_mask": memory_mask, "memory_key_padding_mask": memory_key_padding_mask}
        self.checked(tgt, memory, **own, **others)

        def attend(x: Tensor) -> Any:
            masks = {"attn_mask": tgt_mask, "key_padding_mask": tgt_key_padding_mask}
            return self.dropout1(self.self_attn(x, x, x, need_weights=False, **masks)[0])

        def look(x: Tensor) -> Any:
            masks = {"attn_mask": memory_mask, "key_padding_mask": memory_key_padding_mask}
            return self.dropout2(self.multihead_attn(x, memory, memory, need_weights=False, **masks)[0])

        def feed(x: Tensor) -> Any:
            return self.dropout3(self.linear2(self.dropout(ACTIVATIONS[self.layer.activation](self.linear1(x)))))

        for around, norm in ((attend, self.norm1), (look, self.norm2), (feed, self.norm3)):
            tgt = plus(tgt, around(norm(tgt))) if self.layer.norm_first else norm(plus(tgt, around(tgt)))
        return tgt


class _Stack(Module):
    def __init__(self, layer: Module, num_layers: int, norm: Module | None = None, **options: Any) -> None:
        super().__init__()
        self.layers = ModuleList([deepcopy(layer) for _ in range(num_layers)])
        self.num_layers = num_layers
        self.norm = norm


class TransformerEncoder(_Stack):
    """Encoder layers, and a norm behind them where one is given."""

    def __init__(
        self, encoder_layer: Module, num_layers: int, norm: Module | None = None, *args: Any, **options: Any
    ) -> None:
        super().__init__(encoder_layer, num_layers, norm)

    def forward(self, src: Tensor, mask: Any = None, src_key_padding_mask: Any = None, is_causal: Any = None) -> Tensor:
        for layer in self.layers:
            src = layer(src, src_mask=mask, src_key_padding_mask=src_key_padding_mask)
        return self.norm(src) if self.norm is not None else src


class TransformerDecoder(_Stack):
    """Decoder layers, and a norm behind them where one is given."""

    def __init__(self, decoder_layer: Module, num_layers: int, norm: Module | None = None) -> None:
        super().__init__(decoder_layer, num_layers, norm)

    def forward(self, tgt: Tensor, memory: Tensor, **masks: Any) -> Tensor:
        for layer in self.layers:
            tgt = layer(tgt, memory, **masks)
        return self.norm(tgt) if self.norm is not None else tgt


class Transformer(_Made):
    """Encoder and decoder with a final norm each."""

    kind_name = "Transformer"

    def build(self, layer: Any) -> None:
        shared = {
            name: getattr(layer, name)
            for name in (
                "d_model", "nhead", "dim_feedforward", "dropout", "activation", "layer_norm_eps", "batch_first",
                "norm_first", "bias",
            )
        }  # fmt: skip
        self.encoder = TransformerEncoder(TransformerEncoderLayer(**shared), layer.num_encoder_layers, _norm(layer))
        self.decoder = TransformerDecoder(TransformerDecoderLayer(**shared), layer.num_decoder_layers, _norm(layer))

    @staticmethod
    def generate_square_subsequent_mask(sz: int, **options: Any) -> Tensor:
        """0 where a position may be attended, -inf where not."""
        values = [0.0 if key <= query else float("-inf") for query in range(sz) for key in range(sz)]
        return Tensor((sz, sz), values=values)

    def forward(
        self,
        src: Tensor,
        tgt: Tensor,
        src_mask: Any = None,
        tgt_mask: Any = None,
        memory_mask: Any = None,
        src_key_padding_mask: Any = None,
        tgt_key_padding_mask: Any = None,
        memory_key_padding_mask: Any = None,
        **causal: Any,
    ) -> Any:
        memory = self.encoder(src, mask=src_mask, src_key_padding_mask=src_key_padding_mask)
        return self.decoder(
            tgt,
            memory,
            tgt_mask=tgt_mask,
            memory_mask=memory_mask,
            tgt_key_padding_mask=tgt_key_padding_mask,
            memory_key_padding_mask=memory_key_padding_mask,
        )
