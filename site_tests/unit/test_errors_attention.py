"""The text of every refusal of attention, Transformer layers and their blocks; see `test_errors`."""

from __future__ import annotations

from typing import Any

import pytest

import calc

MHA: dict[str, Any] = {"embed_dim": 8, "num_heads": 2}
LAYER: dict[str, Any] = {"d_model": 8, "nhead": 2}
QKV: dict[str, Any] = {"query": (5, 2, 8), "key": (7, 2, 8), "value": (7, 2, 8)}
GROUPED: dict[str, Any] = {"embed_dim": 16, "num_heads": 4, "num_kv_heads": 2}
KERAS: dict[str, Any] = {"num_heads": 2, "key_dim": 3}
SHARED: dict[str, Any] = {"head_dim": 2, "num_query_heads": 4, "num_key_value_heads": 2}

BUILDING: list[tuple[str, dict[str, Any], str, str]] = [
    # (layer, arguments, knob, text): refused when the layer is built
    (
        "MultiheadAttention",
        {"embed_dim": 100, "num_heads": 3},
        "embed_dim",
        "embed_dim (=100) must be divisible by num_heads (=3); set num_heads=2 or embed_dim=102.",
    ),
    ("MultiheadAttention", {**MHA, "num_heads": 0}, "num_heads", "num_heads (=0) must be at least 1; try 1."),
    ("MultiheadAttention", {**MHA, "kdim": -1}, "kdim", "kdim (=-1) must be at least 0; try 0."),
    ("MultiheadAttention", {**MHA, "dropout": 2}, "dropout", "dropout (=2) must be between 0 and 1; try 0.1."),
    (
        "TransformerEncoderLayer",
        {**LAYER, "activation": "tanh"},
        "activation",
        "activation (='tanh') must be 'relu' or 'gelu'; try 'relu'.",
    ),
    (
        "TransformerDecoderLayer",
        {**LAYER, "nhead": 3},
        "d_model",
        "d_model (=8) must be divisible by nhead (=3); set nhead=2 or d_model=9.",
    ),
    (
        "Transformer",
        {"dim_feedforward": -1},
        "dim_feedforward",
        "dim_feedforward (=-1) must be at least 0; try 0.",
    ),
    (
        "TransformerEncoder",
        {"encoder_layer": {"d_model": 8}, "num_layers": 1},
        "encoder_layer",
        "encoder_layer (={'d_model': 8}) needs nhead for TransformerEncoderLayer; give nhead.",
    ),
    (
        "GroupedQueryAttention",
        {**GROUPED, "num_kv_heads": 3},  # 6 query heads would not divide the width of 16
        "num_heads",
        "num_heads (=4) must be divisible by num_kv_heads (=3); set num_kv_heads=2.",
    ),
    ("LearnedPositions", {"d_model": 8, "max_len": 0}, "max_len", "max_len (=0) must be at least 1; try 1."),
    ("keras.MultiHeadAttention", {**KERAS, "key_dim": 0}, "key_dim", "key_dim (=0) must be at least 1; try 1."),
    (
        "keras.GroupQueryAttention",
        {**SHARED, "num_query_heads": 5},
        "num_query_heads",
        "num_query_heads (=5) must be divisible by num_key_value_heads (=2); "
        "set num_query_heads=6 or num_key_value_heads=1.",
    ),
]


@pytest.mark.parametrize(("layer", "arguments", "knob", "text"), BUILDING)
def test_what_cannot_be_built_is_explained(layer: str, arguments: dict[str, Any], knob: str, text: str) -> None:
    """The sentence is exact, and `knob` names the argument for the form."""
    with pytest.raises(calc.CalcError) as caught:
        calc.layer(layer, **arguments)

    assert (f"{layer}: {text}", knob) == (str(caught.value), caught.value.knob)


CALLING: list[tuple[str, dict[str, Any], dict[str, Any], str, str]] = [
    # (layer, arguments, call, knob, text): refused when the layer is called
    (
        "MultiheadAttention",
        MHA,
        {**QKV, "query": (5,)},
        "query",
        "query (=(5,)) must have 2 or 3 axes, and has 1; write it as (L, d) or (L, N, d).",
    ),
    (
        "MultiheadAttention",
        MHA,
        {**QKV, "key": (7, 8)},
        "key",
        "key (=(7, 8)) must have 3 axes like the query, and has 2; give all three a batch axis, or none.",
    ),
    (
        "MultiheadAttention",
        MHA,
        {**QKV, "query": (5, 2, 6)},
        "query",
        "query (=(5, 2, 6)) must end in embed_dim (=8), and its last axis is 6; make its last axis 8.",
    ),
    (
        "MultiheadAttention",
        {**MHA, "vdim": 3},
        QKV,
        "value",
        "value (=(7, 2, 8)) must end in vdim (=3), and its last axis is 8; make its last axis 3.",
    ),
    (
        "MultiheadAttention",
        MHA,
        {**QKV, "value": (6, 2, 8)},
        "value",
        "value (=(6, 2, 8)) must have the key's other axes (7, 2); there is one value for each key.",
    ),
    (
        "MultiheadAttention",
        MHA,
        {"query": (2, 5, 8), "key": (2, 7, 8), "value": (2, 7, 8)},  # the usual slip: the batch stands first
        "key",
        "key (=(2, 7, 8)) must have the query's batch of 5 on axis 1, and has 7; set batch_first=True.",
    ),
    (
        "MultiheadAttention",
        MHA,
        {**QKV, "key": (7, 3, 8), "value": (7, 3, 8)},
        "key",
        "key (=(7, 3, 8)) must have the query's batch of 2 on axis 1, and has 3; give both the same batch.",
    ),
    (
        "MultiheadAttention",
        MHA,
        {**QKV, "attn_mask": (5, 5)},
        "attn_mask",
        "attn_mask (=(5, 5)) must be (5, 7), or (4, 5, 7) with a mask for each head; give (5, 7).",
    ),
    (
        "MultiheadAttention",
        MHA,
        {**QKV, "key_padding_mask": (7, 2)},
        "key_padding_mask",
        "key_padding_mask (=(7, 2)) must have one entry for each key, (2, 7); give (2, 7).",
    ),
    (
        "MultiheadAttention",
        MHA,
        {**QKV, "is_causal": True},
        "is_causal",
        "is_causal (=True) needs attn_mask: it is no mask but a hint that the mask is causal; give attn_mask, (5, 7).",
    ),
    (
        "MultiheadAttention",
        MHA,
        {
            **{"query": (5, 0, 8), "key": (7, 0, 8), "value": (7, 0, 8)},
            **{"key_padding_mask": (0, 7), "need_weights": False},
        },
        "key_padding_mask",
        "key_padding_mask (=(0, 7)) must not be given for an empty batch or without keys when the weights are not "
        "returned; leave it out.",
    ),
    (
        "MultiheadAttention",
        MHA,
        {**QKV, "attn_mask": {"shape": [5, 7], "dtype": "int64"}},
        "attn_mask",
        "attn_mask (={'shape': [5, 7], 'dtype': 'int64'}) must hold True and False or be added, and is int64; "
        "make it bool.",
    ),
    (
        "TransformerEncoderLayer",
        LAYER,
        {"src": (5, 2, 6)},
        "src",
        "src (=(5, 2, 6)) must end in d_model (=8), and its last axis is 6; make its last axis 8.",
    ),
    (
        "TransformerEncoderLayer",
        LAYER,
        {"src": (5, 2, 8), "src_mask": (4, 4)},
        "src_mask",
        "src_mask (=(4, 4)) must be (5, 5), or (4, 5, 5) with a mask for each head; give (5, 5).",
    ),
    (
        "Transformer",
        LAYER,
        {"src": (8,), "tgt": (7, 2, 8)},
        "src",
        "src (=(8,)) must have 2 or 3 axes, and has 1; write it as (L, d_model) or (L, N, d_model).",
    ),
    (
        "TransformerDecoderLayer",
        LAYER,
        {"tgt": (5, 2, 8), "memory": (7, 8)},
        "memory",
        "memory (=(7, 8)) must have 3 axes like tgt, and has 2; give both a batch axis, or neither.",
    ),
    (
        "TransformerDecoderLayer",
        LAYER,
        {"tgt": (2, 5, 8), "memory": (2, 7, 8)},
        "memory",
        "memory (=(2, 7, 8)) must have the batch of tgt, 5 on axis 1, and has 7; set batch_first=True.",
    ),
    (
        "TransformerEncoder",
        {"encoder_layer": LAYER, "num_layers": 0},
        {"src": (5, 8)},
        "num_layers",
        "num_layers (=0) must be at least 1 to be called; try 1.",
    ),
    (
        "TransformerEncoder",
        {"encoder_layer": LAYER, "num_layers": 1, "norm": {"normalized_shape": 6}},
        {"src": (5, 8)},
        "norm",
        "norm (=6) must normalize the last axes of the layers' output (5, 8); set normalized_shape=8.",
    ),
    (
        "Transformer",
        {"num_encoder_layers": 0},
        {"src": (5, 512), "tgt": (4, 512)},
        "num_encoder_layers",
        "num_encoder_layers (=0) must be at least 1 to be called; try 1.",
    ),
    (
        "GroupedQueryAttention",
        GROUPED,
        {"input": (5, 16)},
        "input",
        "input (=(5, 16)) must have 3 axes, and has 2; write it as (N, L, embed_dim).",
    ),
    (
        "SinusoidalPositions",
        {"d_model": 8, "max_len": 4},
        {"input": (5, 8)},
        "input",
        "input (=(5, 8)) must have at most max_len (=4) positions, and has 5; set max_len=5 or cut the sequence.",
    ),
    (
        "LearnedPositions",
        {"d_model": 8, "max_len": 4},
        {"input": (4, 6)},
        "input",
        "input (=(4, 6)) must end in d_model (=8), and its last axis is 6; make its last axis 8.",
    ),
    (
        "keras.MultiHeadAttention",
        KERAS,
        {"query": (5, 8), "value": (5, 8)},
        "query",
        "query (=(5, 8)) must have 3 axes, and has 2; write it as (N, T, d).",
    ),
    (
        "keras.MultiHeadAttention",
        KERAS,
        {"query": (1, 5, 8), "value": (2, 5, 8)},
        "value",
        "value (=(2, 5, 8)) must have the query's batch of 1, and has 2; give both the same batch.",
    ),
    (
        "keras.MultiHeadAttention",
        KERAS,
        {"query": (1, 2, 5, 8), "value": (1, 2, 5, 8), "use_causal_mask": True},
        "use_causal_mask",
        "use_causal_mask (=True) needs inputs with 3 axes, one to mask along; write them as (N, T, d).",
    ),
    (
        "keras.GroupQueryAttention",
        SHARED,
        {"query": (1, 5, 8), "value": (1, 5, 6)},
        "value",
        "value (=(1, 5, 6)) must end in the query's width (=8), and its last axis is 6; make its last axis 8.",
    ),
]


@pytest.mark.parametrize(("layer", "arguments", "call", "knob", "text"), CALLING)
def test_what_cannot_run_is_explained(
    layer: str, arguments: dict[str, Any], call: dict[str, Any], knob: str, text: str
) -> None:
    """The layer can be built; the call is refused, and so is counting its MACs."""
    built = calc.layer(layer, **arguments)
    for asked in (built, built.macs):
        with pytest.raises(calc.CalcError) as caught:
            asked(**call)

        assert (f"{layer}: {text}", knob) == (str(caught.value), caught.value.knob)


def test_the_way_out_of_heads_leads_out() -> None:
    """Whatever the width and the heads, both numbers that the hint names make a layer."""
    for width in range(1, 20):
        for heads in range(1, 12):
            try:
                calc.layer("MultiheadAttention", embed_dim=width, num_heads=heads)
            except calc.CalcError as error:
                for change in error.hint.removeprefix("set ").split(" or "):
                    name, _, number = change.partition("=")
                    arguments = {"embed_dim": width, "num_heads": heads, name: int(number)}

                    assert calc.layer("MultiheadAttention", **arguments).params


def test_an_inner_layer_speaks_for_itself() -> None:
    """What a layer within a stack refuses, it refuses under its own name."""
    with pytest.raises(calc.CalcError, match=r"^TransformerEncoderLayer: d_model \(=8\) must be divisible"):
        calc.layer("TransformerEncoder", encoder_layer={"d_model": 8, "nhead": 3}, num_layers=2)
