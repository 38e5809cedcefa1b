"""Recurrent layers and cells of all frameworks, and embeddings."""

from __future__ import annotations

from typing import Any

from site_tests.examples.example import Example

SIZES = {"input_size": 5, "hidden_size": 7}


def _layer(**more: Any) -> list[Example]:
    return [
        (dict(SIZES), (6, 2, 5)),
        ({**SIZES, "bias": False, "batch_first": True}, (2, 6, 5)),
        ({**SIZES, "bidirectional": True}, (6, 5)),
        ({**SIZES, "num_layers": 2, "dropout": 0.5}, (6, 2, 5)),
        ({**SIZES, "num_layers": 3, "bidirectional": True, "batch_first": True, **more}, (2, 6, 5)),
    ]


CELL: list[Example] = [(dict(SIZES), (2, 5)), ({**SIZES, "bias": False}, (5,))]


def _keras(**more: Any) -> list[Example]:
    return [
        ({"units": 7}, (2, 6, 5)),
        ({"units": 7, "return_sequences": True, "use_bias": False}, (2, 6, 5)),
        ({"units": 7, "return_state": True, **more}, (2, 6, 5)),
    ]


def _inner(name: str, **arguments: Any) -> dict[str, Any]:
    return {"class": name, **arguments}


EXAMPLES: dict[str, list[Example]] = {
    "RNN": _layer(nonlinearity="relu"),
    "LSTM": [*_layer(), ({**SIZES, "num_layers": 2, "proj_size": 3, "bidirectional": True}, (6, 2, 5))],
    "GRU": _layer(),
    "RNNCell": CELL,
    "LSTMCell": CELL,
    "GRUCell": CELL,
    "Embedding": [
        ({"num_embeddings": 11, "embedding_dim": 4}, (2, 6)),
        ({"num_embeddings": 11, "embedding_dim": 4, "padding_idx": 0, "max_norm": 1.0}, ()),
        ({"num_embeddings": 11, "embedding_dim": 4}, (2, 3, 6)),
    ],
    "EmbeddingBag": [
        ({"num_embeddings": 11, "embedding_dim": 4}, (2, 6)),
        ({"num_embeddings": 11, "embedding_dim": 4, "mode": "max"}, (2, 6)),
    ],
    "keras.SimpleRNN": _keras(activation="relu"),
    "keras.LSTM": _keras(return_sequences=True),
    "keras.GRU": [*_keras(), ({"units": 7, "reset_after": False}, (2, 6, 5))],
    "keras.Bidirectional": [
        ({"layer": _inner("LSTM", units=7)}, (2, 6, 5)),
        ({"layer": _inner("GRU", units=7, return_sequences=True), "merge_mode": "sum"}, (2, 6, 5)),
        ({"layer": _inner("LSTM", units=7, return_state=True), "merge_mode": None}, (2, 6, 5)),
    ],
    "keras.ConvLSTM2D": [
        ({"filters": 3, "kernel_size": 2}, (2, 4, 9, 8, 2)),
        ({"filters": 3, "kernel_size": (3, 2), "padding": "same", "strides": 2, "use_bias": False}, (2, 4, 9, 8, 2)),
        (
            {"filters": 3, "kernel_size": 2, "data_format": "channels_first", "return_sequences": True},
            (2, 4, 2, 9, 8),
        ),
        ({"filters": 3, "kernel_size": 2, "dilation_rate": 2, "return_state": True}, (2, 4, 9, 8, 2)),
    ],
    "keras.TimeDistributed": [
        ({"layer": _inner("Dense", units=3)}, (2, 6, 5)),
        ({"layer": _inner("Conv2D", filters=3, kernel_size=2)}, (2, 6, 9, 8, 2)),
        ({"layer": _inner("GRU", units=3)}, (2, 6, 4, 5)),
    ],
    "keras.Embedding": [
        ({"input_dim": 11, "output_dim": 4}, (2, 6)),
        ({"input_dim": 11, "output_dim": 4, "mask_zero": True}, (2,)),
    ],
    "tf1.BasicRNNCell": [({"num_units": 7}, (2, 5))],
    "tf1.BasicLSTMCell": [({"num_units": 7}, (2, 5))],
    "tf1.LSTMCell": [({"num_units": 7}, (2, 5)), ({"num_units": 7, "num_proj": 3, "use_peepholes": True}, (2, 5))],
    "tf1.GRUCell": [({"num_units": 7}, (2, 5))],
    "flax.SimpleCell": [({"features": 7}, (2, 5))],
    "flax.LSTMCell": [({"features": 7}, (2, 5))],
    "flax.OptimizedLSTMCell": [({"features": 7}, (2, 5))],
    "flax.GRUCell": [({"features": 7}, (2, 3, 5))],
}
