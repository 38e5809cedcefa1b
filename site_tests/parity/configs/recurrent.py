"""Recurrent layers and cells, and embeddings."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from site_tests.parity.configs.case import Case, anything, some


def sequence(rng: random.Random, layer: str, spatial: int) -> Case:
    """A recurrent layer, now and then with the states to begin with."""
    arguments: dict[str, Any] = {"input_size": rng.randint(1, 4), "hidden_size": rng.randint(1, 5)}
    optional: dict[str, Any] = {
        "num_layers": rng.randint(1, 3),
        "bias": rng.random() < 0.5,
        "batch_first": rng.random() < 0.5,
        "dropout": rng.choice([0, 0.0, 0.3, 1]),
        "bidirectional": rng.random() < 0.5,
    }
    if layer == "RNN":
        optional["nonlinearity"] = rng.choice(["tanh", "relu"])
    if layer == "LSTM" and arguments["hidden_size"] > 1:
        optional["proj_size"] = rng.randint(0, arguments["hidden_size"] - 1)
    arguments |= some(rng, optional, 0.5)
    steps, features = rng.randint(1, 4), arguments["input_size"]
    batch = rng.choice([(), (0,), (1,), (2,), (3,)])
    front = (*batch, steps) if arguments.get("batch_first") else (steps, *batch)
    shape = (*front, features)
    if rng.random() < 0.5:
        return Case(layer, arguments, shape)
    return Case(layer, arguments, {"input": shape, "hx": _states(layer, arguments, batch)})


def _states(layer: str, arguments: dict[str, Any], batch: tuple[int, ...]) -> Any:
    count = arguments.get("num_layers", 1) * (2 if arguments.get("bidirectional") else 1)
    kept = arguments["hidden_size"]
    if layer != "LSTM":
        return (count, *batch, kept)
    return ((count, *batch, arguments.get("proj_size") or kept), (count, *batch, kept))


def cell(rng: random.Random, layer: str, spatial: int) -> Case:
    """One step, now and then with the state before."""
    arguments: dict[str, Any] = {"input_size": rng.randint(0, 4), "hidden_size": rng.randint(0, 5)}
    optional: dict[str, Any] = {"bias": rng.random() < 0.5}
    if layer == "RNNCell":
        optional["nonlinearity"] = rng.choice(["tanh", "relu"])
    arguments |= some(rng, optional)
    batch = rng.choice([(), (0,), (1,), (2,), (3,)])
    shape, state = (*batch, arguments["input_size"]), (*batch, arguments["hidden_size"])
    if rng.random() < 0.5:
        return Case(layer, arguments, shape)
    return Case(layer, arguments, {"input": shape, "hx": (state, state) if layer == "LSTMCell" else state})


def table(rng: random.Random, layer: str, spatial: int) -> Case:
    """An embedding; of bags one row with offsets or as many indices in each."""
    rows = rng.randint(1, 5)
    arguments: dict[str, Any] = {"num_embeddings": rows, "embedding_dim": rng.randint(layer != "Embedding", 4)}
    optional: dict[str, Any] = {
        "padding_idx": rng.choice([None, rng.randint(-rows, rows - 1)]),
        "max_norm": rng.choice([None, 1.0, 0, -1.5]),
        "norm_type": rng.choice([2.0, 1, 0, 3.5]),
        "scale_grad_by_freq": rng.random() < 0.3,
        "sparse": rng.random() < 0.3,
    }
    if layer == "Embedding":
        return Case(layer, arguments | some(rng, optional, 0.4), anything(rng, 4))
    optional |= {"mode": rng.choice(["mean", "sum", "max"]), "include_last_offset": rng.random() < 0.5}
    arguments |= some(rng, optional, 0.4)
    count = rng.randint(1, 4)
    shape: Any = rng.choice([(count, rng.randint(1, 3)), (count,), (0, 2)])
    given: dict[str, Any] = {"input": shape}
    if len(shape) == 1:
        # Two at least, so that one bag is left whatever becomes of include_last_offset.
        given["offsets"] = (rng.randint(2, 4),)
    if rng.random() < 0.2:
        given["per_sample_weights"] = shape
    return Case(layer, arguments, given)


WORDS = {
    "nonlinearity": ["tanh", "relu", "sigmoid", ""],
    "mode": ["mean", "sum", "max", "min", ""],
    "norm_type": [2.0, 1, 0, -1],
    "dropout": [0.5, 1, 1.01, -0.1, 2],
    "max_norm": [None, 1.0, 0],
}
SIZES = ("input_size", "hidden_size", "num_layers", "proj_size", "num_embeddings", "embedding_dim", "padding_idx")


def spoilt(rng: random.Random, case: Case) -> Case:
    """The same configuration with one or two things odd, its states included."""
    arguments = dict(case.arguments)
    given = dict(case.input) if isinstance(case.input, dict) else {"input": case.input}
    for _ in range(rng.choice([1, 1, 1, 2])):
        # Any shape of indices is looked up, so what is odd about an Embedding is in its arguments.
        shapes = [] if case.layer == "Embedding" else ["input", "input", *given]
        target = rng.choice([*sorted(arguments), *shapes])
        if target in given:
            given[target] = _odd_shapes(rng, given[target])
        elif target in WORDS:
            arguments[target] = rng.choice(WORDS[target])
        elif target in SIZES:
            arguments[target] = rng.choice([-2, -1, 0, 0, 1, 2, 3, 5])
        else:
            arguments[target] = not arguments[target]
    if rng.random() < 0.05 and case.layer in ("RNN", "GRU"):
        arguments["proj_size"] = rng.choice([0, 1])
    if rng.random() < 0.05 and "Bag" in case.layer:
        given.pop("offsets", None)
    spoiled = replace(case, arguments=arguments, input=given)
    return case if _crashes(spoiled) else spoiled


def _odd_shapes(rng: random.Random, shape: Any) -> Any:
    """A shape with an axis more or less, or of another length; of several shapes one."""
    if any(isinstance(each, tuple) for each in shape):
        if rng.random() < 0.15:
            return shape[:1] if rng.random() < 0.5 else (*shape, shape[0])
        place = rng.randrange(len(shape))
        return (*shape[:place], _odd_shapes(rng, shape[place]), *shape[place + 1 :])
    kind = rng.randrange(4)
    if kind == 0 and shape:
        return shape[1:]
    if kind == 1 and len(shape) < 5:
        return (rng.randint(0, 2), *shape)
    if not shape:
        return (rng.randint(0, 3),)
    axis = rng.randrange(len(shape))
    return (*shape[:axis], rng.choice([0, 1, 2, 3, 7]), *shape[axis + 1 :])


def _crashes(case: Case) -> bool:
    """What ends PyTorch 2.13 with a segmentation fault, so that nothing can be compared."""
    given = case.input
    assert isinstance(given, dict)
    if case.layer == "LSTMCell":  # one input, and states of a batch of one
        return len(given["input"]) == 1 and any(len(each) == 2 for each in given.get("hx", ()))
    if case.layer == "GRUCell":
        return len(given["input"]) == 1 and len(given.get("hx", ())) == 2
    if case.layer != "EmbeddingBag" or 0 in given["input"]:
        return False
    # Indices without a bag, or without a table to look them up in.
    bags, ends = given.get("offsets", (9,)), bool(case.arguments.get("include_last_offset"))
    return case.arguments["num_embeddings"] < 1 or (len(bags) == 1 and bags[0] - ends < 1)


DRAW: dict[str, Callable[[random.Random, str, int], Case]] = {
    "RNN": sequence,
    "LSTM": sequence,
    "GRU": sequence,
    "RNNCell": cell,
    "LSTMCell": cell,
    "GRUCell": cell,
    "Embedding": table,
    "EmbeddingBag": table,
}

SPOIL: dict[str, Callable[[random.Random, Case], Case]] = dict.fromkeys(DRAW, spoilt)
