"""The text of every refusal of recurrent layers and embeddings, in every framework."""

from __future__ import annotations

import re
from typing import Any

import pytest

import calc

SIZES: dict[str, Any] = {"input_size": 3, "hidden_size": 4}
BAG: dict[str, Any] = {"num_embeddings": 5, "embedding_dim": 2}

BUILDING = [
    ("RNN", {**SIZES, "hidden_size": 0}, "hidden_size (=0) must be at least 1; try 1."),
    ("RNN", {**SIZES, "nonlinearity": "sin"}, "nonlinearity (='sin') must be 'tanh' or 'relu'; try 'tanh'."),
    ("GRU", {**SIZES, "dropout": 1.5}, "dropout (=1.5) must be from 0 to 1; try 0.5."),
    ("LSTM", {**SIZES, "proj_size": 4}, "proj_size (=4) must be less than hidden_size (=4); try 3."),
    ("LSTM", {**SIZES, "proj_size": -1}, "proj_size (=-1) must be at least 0; try 0."),
    ("LSTMCell", {**SIZES, "input_size": -1}, "input_size (=-1) must be at least 0; try 0."),
    ("Embedding", {**BAG, "padding_idx": 5}, "padding_idx (=5) must be from -5 to 4, the rows of the table; try 0."),
    ("Embedding", {**BAG, "max_norm": 1.0, "norm_type": -1}, "norm_type (=-1) must be at least 0; try 2.0."),
    ("keras.LSTM", {"units": 0}, "units (=0) must be at least 1; try 1."),
    (
        "keras.Bidirectional",
        {"layer": {"class": "LSTM", "units": 3, "go_backwards": True}},
        "layer (='LSTM(3, go_backwards=True)') must read forward; leave out go_backwards.",
    ),
    (
        "keras.ConvLSTM2D",
        {"filters": 1, "kernel_size": 2, "strides": (1, 2), "dilation_rate": (2, 1)},
        "dilation_rate (=(2, 1)) must be 1 where strides (=(1, 2)) are above 1; set strides=1 or dilation_rate=1.",
    ),
    ("tf1.GRUCell", {"num_units": 0}, "num_units (=0) must be at least 1; try 1."),
    ("flax.GRUCell", {"features": -2}, "features (=-2) must be at least 1; try 1."),
]


@pytest.mark.parametrize(("name", "arguments", "text"), BUILDING)
def test_refused_when_built(name: str, arguments: dict[str, Any], text: str) -> None:
    """The argument, its value, the rule, the way out."""
    with pytest.raises(calc.CalcError, match=f"^{re.escape(f'{name}: {text}')}$"):
        calc.layer(name, **arguments)


CALLING = [
    # (layer, arguments, call, text)
    ("RNN", SIZES, {"input": (3,)}, "input (=(3,)) must have 3 axes, or 2 without a batch, and has 1; write (5, 3) "
     "for 5 steps."),
    ("RNN", SIZES, {"input": (5, 2)}, "input (=(5, 2)) must end in input_size (=3), and its last axis is 2; set "
     "input_size=2."),
    ("GRU", SIZES, {"input": (0, 2, 3)}, "input (=(0, 2, 3)) must have at least one step; give it a sequence of 1 step "
     "or more."),
    ("GRU", SIZES, {"input": (5, 2, 3), "hx": (2, 1, 4)}, "hx (=(2, 1, 4)) must have the shape (1, 2, 4); leave it out "
     "for zeros."),
    ("LSTM", SIZES, {"input": (5, 3), "hx": ((1, 4),)}, "hx (=((1, 4),)) must be the shapes of h and c, ((1, 4), "
     "(1, 4)); leave it out for zeros."),
    ("RNNCell", SIZES, {"input": (2, 3, 3)}, "input (=(2, 3, 3)) must have 2 axes, or 1 without a batch, and has 3; "
     "write (1, 3)."),
    ("RNNCell", {**SIZES, "nonlinearity": "sin"}, {"input": (3,)}, "nonlinearity (='sin') must be 'tanh' or 'relu'; "
     "try 'tanh'."),
    ("LSTMCell", SIZES, {"input": (2, 3), "hx": ((2, 4), (4,))}, "hx (=((2, 4), (4,))) must be the shapes of h and c, "
     "((2, 4), (2, 4)); leave it out for zeros."),
    ("Embedding", {**BAG, "num_embeddings": 0}, {"input": (1,)}, "num_embeddings (=0) must be at least 1 to look up an "
     "index; try 1."),
    ("Embedding", BAG, {"input": "float32[2, 3]"}, "input (='float32[2, 3]') must hold whole numbers, and is float32; "
     "make it int64."),
    ("EmbeddingBag", BAG, {"input": (4,)}, "input (=(4,)) needs offsets where it has 1 axis; give offsets, or write "
     "(1, 4)."),
    ("EmbeddingBag", BAG, {"input": (4,), "offsets": (0,)}, "offsets (=(0,)) must make at least one bag for the "
     "indices; let a bag begin at 0."),
    ("EmbeddingBag", {**BAG, "mode": "max", "sparse": True}, {"input": (2, 4)}, "sparse (=True) must be False with "
     "mode 'max'; leave out sparse."),
    ("EmbeddingBag", BAG, {"input": (2, 4), "per_sample_weights": (2, 4)}, "per_sample_weights (=(2, 4)) needs mode "
     "'sum'; set mode='sum' or leave them out."),
    ("keras.GRU", {"units": 3}, {"input": (2, 3)}, "input (=(2, 3)) must have 3 axes, and has 2; write (1, 10, 32)."),
    ("keras.ConvLSTM2D", {"filters": 0, "kernel_size": 1}, {"input": (1, 2, 3, 3, 1)}, "filters (=0) must be at least "
     "1; try 1."),
    ("keras.TimeDistributed", {"layer": {"class": "Dense", "units": 3}}, {"input": (4, 5)}, "input (=(4, 5)) must have "
     "at least 3 axes, and has 2; write (1, 10, 32)."),
    ("tf1.LSTMCell", {"num_units": 3}, {"inputs": (2, 4), "state": ((2, 3),)}, "state (=((2, 3),)) must have the shape "
     "((2, 3), (2, 3)); leave it out."),
    ("flax.GRUCell", {"features": 3}, {"inputs": (2, 4), "carry": (3,)}, "carry (=(3,)) must have the shape (2, 3); "
     "leave it out."),
]  # fmt: skip


@pytest.mark.parametrize(("name", "arguments", "call", "text"), CALLING)
def test_refused_when_called(name: str, arguments: dict[str, Any], call: dict[str, Any], text: str) -> None:
    """The layer can be built, and its weights be asked for."""
    layer = calc.layer(name, **arguments)

    with pytest.raises(calc.CalcError, match=f"^{re.escape(f'{name}: {text}')}$"):
        layer(**call)
