"""Attention and the layers of a Transformer, in PyTorch and in Keras."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from site_tests.parity.configs.case import Case, Input, some

Shape = tuple[int, ...]


def attention(rng: random.Random, layer: str, spatial: int) -> Case:
    """Multi-head attention, with masks in every other case."""
    heads = rng.choice([1, 1, 2, 2, 3, 4])
    width = heads * rng.randint(1, 3)
    arguments: dict[str, Any] = {"embed_dim": width, "num_heads": heads}
    arguments |= some(
        rng,
        {
            "dropout": rng.choice([0.0, 0.1, 1.0, 1]),
            "bias": rng.random() < 0.5,
            "add_bias_kv": rng.random() < 0.4,
            "add_zero_attn": rng.random() < 0.4,
            "batch_first": rng.random() < 0.7,
        },
    )
    widths = {name: rng.choice([None, width, rng.randint(0, 5)]) for name in ("kdim", "vdim")}
    arguments |= some(rng, widths, 0.3)
    n, length, keys = _sizes(rng)
    if rng.random() < 0.4:
        keys = length

    def of(places: int, name: str = "") -> Shape:
        chosen = arguments.get(name)
        return _sequence(n, places, width if chosen is None else chosen, arguments)

    shapes: Input = {"query": of(length), "key": of(keys, "kdim"), "value": of(keys, "vdim")}
    call: dict[str, Any] = {}
    if rng.random() < 0.5:
        call = some(rng, {"need_weights": rng.random() < 0.5, "average_attn_weights": rng.random() < 0.5})
        call |= masks(rng, ("attn_mask", "key_padding_mask", "is_causal"), n, heads, length, keys)
    return Case(layer, arguments, shapes, call, training=rng.random() < 0.7)


def _sizes(rng: random.Random) -> tuple[int | None, int, int]:
    """Samples (None for inputs without a batch), queries and keys."""
    n = rng.choice([None, None, 0, 1, 1, 2, 2, 3])
    return n, rng.choice([0, 1, 1, 2, 3, 4]), rng.choice([0, 1, 1, 2, 3, 4, 5])


def _sequence(n: int | None, places: int, width: int, arguments: dict[str, Any]) -> Shape:
    if n is None:
        return (places, width)
    return (n, places, width) if arguments.get("batch_first") else (places, n, width)


def masks(
    rng: random.Random, names: tuple[str, str, str], n: int | None, heads: int, length: int, keys: int
) -> dict[str, Any]:
    """Some of the masks of one use of attention."""
    attn, padding, causal = names
    each = ((n if n is not None else 1) * heads, length, keys)
    found = some(
        rng,
        {
            attn: rng.choice([(length, keys), (length, keys), each]),
            padding: (keys,) if n is None else (n, keys),
        },
        0.4,
    )
    if causal and rng.random() < 0.3:
        found[causal] = rng.random() < 0.7
    return found


def transformer_arguments(rng: random.Random) -> dict[str, Any]:
    """What the encoder layer, the decoder layer and the whole Transformer have in common."""
    heads = rng.choice([1, 2, 2, 3])
    return {
        "d_model": heads * rng.randint(1, 3),
        "nhead": heads,
        "dim_feedforward": rng.randint(0, 6),
        **some(
            rng,
            {
                "dropout": rng.choice([0.0, 0.2, 1]),
                "activation": rng.choice(["relu", "gelu"]),
                "layer_norm_eps": rng.choice([1e-5, 0.1]),
                "norm_first": rng.random() < 0.5,
                "bias": rng.random() < 0.5,
            },
            0.5,
        ),
        **some(rng, {"batch_first": rng.random() < 0.8}, 0.7),
    }


def encoder_layer(rng: random.Random, layer: str, spatial: int) -> Case:
    """One layer of an encoder."""
    arguments = transformer_arguments(rng)
    shape, call = _encoded(rng, arguments, ("src_mask", "src_key_padding_mask", "is_causal"))
    return Case(layer, arguments, shape, call, training=rng.random() < 0.7)


def encoder(rng: random.Random, layer: str, spatial: int) -> Case:
    """A stack of encoder layers, with a norm at the end or without."""
    inner = transformer_arguments(rng)
    shape, call = _encoded(rng, inner, ("mask", "src_key_padding_mask", "is_causal"))
    arguments = {"encoder_layer": inner, "num_layers": rng.choice([1, 1, 2, 3]), **_norm(rng, inner)}
    arguments |= some(rng, {"enable_nested_tensor": rng.random() < 0.5, "mask_check": rng.random() < 0.5}, 0.3)
    return Case(layer, arguments, shape, call, training=rng.random() < 0.7)


def _encoded(
    rng: random.Random, arguments: dict[str, Any], names: tuple[str, str, str]
) -> tuple[Input, dict[str, Any]]:
    n, length, _ = _sizes(rng)
    call = masks(rng, names, n, arguments["nhead"], length, length) if rng.random() < 0.4 else {}
    return {"src": _sequence(n, length, arguments["d_model"], arguments)}, call


def _norm(rng: random.Random, inner: dict[str, Any]) -> dict[str, Any]:
    if rng.random() < 0.5:
        return some(rng, {"norm": None}, 0.2)
    norm = {"normalized_shape": inner["d_model"], **some(rng, {"bias": False, "elementwise_affine": False}, 0.2)}
    return {"norm": norm}


def decoder_layer(rng: random.Random, layer: str, spatial: int) -> Case:
    """One layer of a decoder."""
    arguments = transformer_arguments(rng)
    shapes, call = _decoded(rng, arguments)
    return Case(layer, arguments, shapes, call, training=rng.random() < 0.7)


def decoder(rng: random.Random, layer: str, spatial: int) -> Case:
    """A stack of decoder layers, with a norm at the end or without."""
    inner = transformer_arguments(rng)
    shapes, call = _decoded(rng, inner)
    arguments = {"decoder_layer": inner, "num_layers": rng.choice([1, 1, 2, 3]), **_norm(rng, inner)}
    return Case(layer, arguments, shapes, call, training=rng.random() < 0.7)


def _decoded(rng: random.Random, arguments: dict[str, Any]) -> tuple[Input, dict[str, Any]]:
    n, length, keys = _sizes(rng)
    shapes: Input = {
        name: _sequence(n, each, arguments["d_model"], arguments) for name, each in (("tgt", length), ("memory", keys))
    }
    return shapes, _decoder_masks(rng, arguments, n, length, keys)


def _decoder_masks(
    rng: random.Random, arguments: dict[str, Any], n: int | None, length: int, keys: int
) -> dict[str, Any]:
    if rng.random() < 0.6:
        return {}
    own = masks(rng, ("tgt_mask", "tgt_key_padding_mask", "tgt_is_causal"), n, arguments["nhead"], length, length)
    names = ("memory_mask", "memory_key_padding_mask", "memory_is_causal")
    return own | masks(rng, names, n, arguments["nhead"], length, keys)


def transformer(rng: random.Random, layer: str, spatial: int) -> Case:
    """Encoder and decoder together."""
    arguments = transformer_arguments(rng)
    counts = {name: rng.choice([1, 1, 2]) for name in ("num_encoder_layers", "num_decoder_layers")}
    n, length, keys = _sizes(rng)
    shapes: Input = {
        "src": _sequence(n, keys, arguments["d_model"], arguments),
        "tgt": _sequence(n, length, arguments["d_model"], arguments),
    }
    call = _decoder_masks(rng, arguments, n, length, keys)
    if call:
        call |= masks(rng, ("src_mask", "src_key_padding_mask", "src_is_causal"), n, arguments["nhead"], keys, keys)
    return Case(layer, arguments | counts, shapes, call, training=rng.random() < 0.7)


SMALL = [-2, -1, 0, 0, 1, 2, 3, 5]

FLAGS = ("bias", "add_bias_kv", "add_zero_attn", "batch_first", "norm_first", "use_bias", "use_gate")


def spoilt(rng: random.Random, case: Case) -> Case:
    """The same configuration with one or two things odd: an argument, an axis, a mask."""
    for _ in range(rng.choice([1, 1, 1, 2])):
        kind = rng.choice(["argument", "input", "input", "call" if case.call else "input"])
        if kind == "argument":
            case = replace(case, arguments=_odd_argument(rng, case.arguments))
        elif kind == "input":
            assert isinstance(case.input, dict)
            name = rng.choice(sorted(case.input))
            case = replace(case, input={**case.input, name: _odd_shape(rng, case.input[name])})
        else:
            case = replace(case, call=_odd_call(rng, case.call))
    return case


def _odd_argument(rng: random.Random, arguments: dict[str, Any]) -> dict[str, Any]:
    name = rng.choice(sorted(arguments))
    value = arguments[name]
    if isinstance(value, dict):
        return {**arguments, name: _odd_argument(rng, value)}
    return {**arguments, name: _odd_value(rng, name, value)}


def _odd_value(rng: random.Random, name: str, value: Any) -> Any:
    if isinstance(value, bool):
        return not value
    if name == "dropout":
        return rng.choice([-0.5, 1.5, 0.5, 2])
    if name == "layer_norm_eps":
        return rng.choice([-1.0, 0])
    if name == "activation":
        return rng.choice(["tanh", "ReLU", ""])
    if name.startswith("num_") and name.endswith("layers"):
        return rng.choice([-1, 0, 0, 4])
    if name == "output_shape":
        return rng.choice([-1, 0, (), (0,), (2, -1), (2, 3), [4]])
    return rng.choice(SMALL)


def _odd_shape(rng: random.Random, shape: Shape) -> Shape:
    kind = rng.randrange(5)
    if kind == 0 and shape:
        return shape[rng.randint(1, len(shape)) :]
    if kind == 1:
        return (rng.randint(0, 2), *shape)
    if kind == 2 and len(shape) > 1:
        return (shape[1], shape[0], *shape[2:])
    if not shape:
        return (rng.randint(0, 3),)
    axis = rng.randrange(len(shape))
    return (*shape[:axis], rng.choice([0, 1, 2, 4]), *shape[axis + 1 :])


def _odd_call(rng: random.Random, call: dict[str, Any]) -> dict[str, Any]:
    name = rng.choice(sorted(call))
    value = call[name]
    return {**call, name: _odd_shape(rng, value) if isinstance(value, tuple) else not value}


def keras_attention(rng: random.Random, layer: str, spatial: int) -> Case:
    """Keras's attention; the key is left out as a rule."""
    arguments: dict[str, Any] = {"num_heads": rng.randint(1, 3), "key_dim": rng.randint(1, 4)}
    arguments |= some(
        rng,
        {
            "value_dim": rng.choice([None, rng.randint(1, 4)]),
            "output_shape": rng.choice([None, rng.randint(1, 4), (2, 3)]),
            **_keras_options(rng),
        },
        0.4,
    )
    rank = rng.choice([3, 3, 3, 4])
    return _keras_call(rng, layer, arguments, rank, rng.randint(1, 4))


def keras_grouped(rng: random.Random, layer: str, spatial: int) -> Case:
    """Keras's attention with shared keys and values."""
    groups = rng.randint(1, 3)
    arguments: dict[str, Any] = {
        "head_dim": rng.randint(1, 4),
        "num_query_heads": groups * rng.randint(1, 3),
        "num_key_value_heads": groups,
    }
    arguments |= some(rng, _keras_options(rng), 0.4)
    return _keras_call(rng, layer, arguments, 3, None)


def _keras_options(rng: random.Random) -> dict[str, Any]:
    return {
        "dropout": rng.choice([0.0, 0.5, 1]),
        "use_bias": rng.random() < 0.5,
        "sliding_window": rng.choice([None, rng.randint(1, 3)]),
        "use_gate": rng.random() < 0.5,
    }


def _keras_call(rng: random.Random, layer: str, arguments: dict[str, Any], rank: int, width: int | None) -> Case:
    n = rng.choice([0, 1, 2, 3])
    query = (n, *(rng.randint(1, 4) for _ in range(rank - 2)), rng.randint(1, 4))
    inner = tuple(rng.randint(1, 5) for _ in range(rank - 2))
    shapes: Input = {"query": query, "value": (n, *inner, query[-1] if width is None else width)}
    if rng.random() < 0.3:
        shapes["key"] = (n, *inner, rng.randint(1, 4))
    call = some(rng, {"return_attention_scores": rng.random() < 0.5, "use_causal_mask": rng.random() < 0.5}, 0.3)
    return Case(layer, arguments, shapes, call)


DRAW: dict[str, Callable[[random.Random, str, int], Case]] = {
    "MultiheadAttention": attention,
    "TransformerEncoderLayer": encoder_layer,
    "TransformerDecoderLayer": decoder_layer,
    "TransformerEncoder": encoder,
    "TransformerDecoder": decoder,
    "Transformer": transformer,
    "keras.MultiHeadAttention": keras_attention,
    "keras.GroupQueryAttention": keras_grouped,
}

SPOIL: dict[str, Callable[[random.Random, Case], Case]] = dict.fromkeys(DRAW, spoilt)
