"""Attention, the layers of a Transformer and their blocks."""

from __future__ import annotations

from typing import Any

from site_tests.examples.example import Example


def _qkv(query: tuple[int, ...], key: tuple[int, ...], value: tuple[int, ...] | None = None) -> dict[str, Any]:
    return {"query": query, "key": key, "value": key if value is None else value}


TWO_SEQUENCES = {"tgt": (2, 5, 8), "memory": (2, 7, 8)}

EXAMPLES: dict[str, list[Example]] = {
    "MultiheadAttention": [
        ({"embed_dim": 8, "num_heads": 2, "batch_first": True}, _qkv((2, 5, 8), (2, 7, 8))),
        ({"embed_dim": 6, "num_heads": 3, "bias": False}, _qkv((5, 2, 6), (7, 2, 6))),
        ({"embed_dim": 6, "num_heads": 3, "add_bias_kv": True, "add_zero_attn": True}, _qkv((5, 6), (7, 6))),
        (
            {"embed_dim": 8, "num_heads": 4, "kdim": 5, "vdim": 3, "batch_first": True},
            _qkv((2, 4, 8), (2, 6, 5), (2, 6, 3)),
        ),
        ({"embed_dim": 4, "num_heads": 1, "vdim": 3}, _qkv((4, 4), (6, 4), (6, 3))),
    ],
    "TransformerEncoderLayer": [
        ({"d_model": 8, "nhead": 2, "dim_feedforward": 16, "batch_first": True}, {"src": (2, 5, 8)}),
        ({"d_model": 6, "nhead": 3, "dim_feedforward": 5, "bias": False, "activation": "gelu"}, {"src": (5, 6)}),
        (
            {"d_model": 6, "nhead": 3, "dim_feedforward": 9, "norm_first": True, "batch_first": True},
            {"src": (1, 4, 6)},
        ),
    ],
    "TransformerDecoderLayer": [
        ({"d_model": 8, "nhead": 2, "dim_feedforward": 16, "batch_first": True}, TWO_SEQUENCES),
        ({"d_model": 6, "nhead": 3, "dim_feedforward": 5, "bias": False}, {"tgt": (5, 6), "memory": (4, 6)}),
        (
            {"d_model": 8, "nhead": 2, "dim_feedforward": 6, "norm_first": True, "batch_first": True},
            TWO_SEQUENCES,
        ),
    ],
    "TransformerEncoder": [
        ({"encoder_layer": {"d_model": 8, "nhead": 2, "dim_feedforward": 16}, "num_layers": 3}, {"src": (5, 2, 8)}),
        (
            {
                "encoder_layer": {"d_model": 6, "nhead": 3, "dim_feedforward": 5, "bias": False},
                "num_layers": 1,
                "norm": {"normalized_shape": 6},
            },
            {"src": (5, 6)},
        ),
        (
            {
                "encoder_layer": {"d_model": 6, "nhead": 3, "dim_feedforward": 5, "batch_first": True},
                "num_layers": 2,
                "norm": {"normalized_shape": 6, "bias": False},
            },
            {"src": (2, 5, 6)},
        ),
    ],
    "TransformerDecoder": [
        (
            {
                "decoder_layer": {"d_model": 8, "nhead": 2, "dim_feedforward": 16, "batch_first": True},
                "num_layers": 3,
                "norm": {"normalized_shape": 8},
            },
            TWO_SEQUENCES,
        ),
        (
            {"decoder_layer": {"d_model": 6, "nhead": 3, "dim_feedforward": 5, "bias": False}, "num_layers": 2},
            {"tgt": (5, 6), "memory": (4, 6)},
        ),
    ],
    "Transformer": [
        (
            {
                "d_model": 8,
                "nhead": 2,
                "num_encoder_layers": 2,
                "num_decoder_layers": 3,
                "dim_feedforward": 16,
                "batch_first": True,
            },
            {"src": (2, 7, 8), "tgt": (2, 5, 8)},
        ),
        (
            {
                "d_model": 6,
                "nhead": 3,
                "num_encoder_layers": 1,
                "num_decoder_layers": 1,
                "dim_feedforward": 5,
                "bias": False,
            },
            {"src": (7, 6), "tgt": (5, 6)},
        ),
    ],
    "GroupedQueryAttention": [
        ({"embed_dim": 16, "num_heads": 4, "num_kv_heads": 2}, (2, 5, 16)),
        ({"embed_dim": 12, "num_heads": 4, "num_kv_heads": 1, "bias": True}, (1, 7, 12)),
        ({"embed_dim": 12, "num_heads": 3, "num_kv_heads": 3}, (2, 4, 12)),
    ],
    "PositionwiseFFN": [
        ({"d_model": 8, "d_ff": 16}, (2, 5, 8)),
        ({"d_model": 6, "d_ff": 5, "bias": False}, (7, 6)),
    ],
    "AddNorm": [
        ({"d_model": 8}, {"x": (2, 5, 8), "sublayer": (2, 5, 8)}),
        ({"d_model": 6}, {"x": (4, 6), "sublayer": (4, 6)}),
    ],
    "SinusoidalPositions": [({"d_model": 8, "max_len": 20}, (2, 5, 8)), ({"d_model": 7, "max_len": 5}, (5, 7))],
    "LearnedPositions": [({"d_model": 8, "max_len": 20}, (2, 5, 8)), ({"d_model": 7, "max_len": 5}, (5, 7))],
    "keras.MultiHeadAttention": [
        ({"num_heads": 2, "key_dim": 4}, {"query": (2, 5, 8), "value": (2, 7, 8)}),
        (
            {"num_heads": 3, "key_dim": 2, "value_dim": 5, "use_bias": False, "output_shape": 4},
            {"query": (2, 5, 8), "value": (2, 7, 6)},
        ),
        ({"num_heads": 2, "key_dim": 3, "use_gate": True}, {"query": (1, 2, 3, 4), "value": (1, 5, 4, 6)}),
        ({"num_heads": 2, "key_dim": 3, "output_shape": (2, 5)}, {"query": (2, 3, 4), "value": (2, 5, 6)}),
    ],
    "keras.GroupQueryAttention": [
        (
            {"head_dim": 4, "num_query_heads": 4, "num_key_value_heads": 2},
            {"query": (2, 5, 8), "value": (2, 7, 8)},
        ),
        (
            {"head_dim": 3, "num_query_heads": 4, "num_key_value_heads": 1, "use_bias": False, "use_gate": True},
            {"query": (2, 5, 8), "value": (2, 7, 8)},
        ),
    ],
}
