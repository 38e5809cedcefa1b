"""Recurrent cells and whole sequences, against PyTorch; Keras's by the truth."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from random import Random
from typing import Any

from calc.values.cells import Weights, from_keras, gru_cell, lstm_cell, rnn_cell
from calc.values.recurrent import keras_bidirectional, keras_layer, recurrent
from site_tests.values import Case

GATES = {"RNN": 1, "GRU": 3, "LSTM": 4}
KINDS = {count: kind for kind, count in GATES.items()}
CELLS: dict[str, Callable[..., Any]] = {"RNN": rnn_cell, "GRU": gru_cell, "LSTM": lstm_cell}


def _row(draw: Random, size: int, scale: float = 1.0) -> list[float]:
    return [round(draw.uniform(-scale, scale), 3) for _ in range(size)]


def _table(draw: Random, rows: int, columns: int, scale: float = 1.0) -> list[list[float]]:
    return [_row(draw, columns, scale) for _ in range(rows)]


def _cell(draw: Random, kind: str, suffix: str, inside: int, units: int, shown: int, bias: bool) -> dict[str, Any]:
    rows = GATES[kind] * units
    tensors: dict[str, Any] = {
        "weight_ih": _table(draw, rows, inside, 2),
        "weight_hh": _table(draw, rows, shown, 2),
    }
    if bias:
        tensors |= {"bias_ih": _row(draw, rows), "bias_hh": _row(draw, rows)}
    if shown != units:
        tensors["weight_hr"] = _table(draw, shown, units)
    return {name + suffix: tensor for name, tensor in tensors.items()}


# One step


def _step(draw: Random, kind: str) -> dict[str, Any]:
    inside, units = draw.randint(1, 4), draw.randint(1, 4)
    given: dict[str, Any] = {
        "x": _row(draw, inside, 3),
        "h": _row(draw, units),
        "weights": Weights(**_cell(draw, kind, "", inside, units, units, draw.random() < 0.7)),
    }
    if kind == "LSTM":
        given["c"] = _row(draw, units, 2)
    if kind == "RNN":
        given["nonlinearity"] = draw.choice(["tanh", "relu"])
    return given


def _torch_step(kind: str, x: Any, weights: Weights, h: Any, c: Any = None, **more: Any) -> list[Any]:
    """The sums, the gates, and the new states, which `torch.nn`'s own cell makes."""
    import torch
    from torch import nn
    from torch.nn.functional import linear

    held = {name: torch.tensor(each, dtype=torch.float64) for name, each in vars(weights).items() if each}
    read, *state = (torch.tensor(each, dtype=torch.float64) for each in (x, h, c) if each is not None)
    cell = getattr(nn, f"{kind}Cell")(len(x), len(h), bias="bias_ih" in held, dtype=torch.float64, **more)
    cell.load_state_dict(held)
    from_x = linear(read, held["weight_ih"], held.get("bias_ih"))
    from_h = linear(state[0], held["weight_hh"], held.get("bias_hh"))
    with torch.no_grad():
        new = cell(read, state[0] if c is None else tuple(state))
    if kind == "RNN":
        return [from_x, from_h, new]
    if kind == "GRU":
        r, z = torch.sigmoid(from_x + from_h)[: 2 * len(h)].chunk(2)
        n = torch.tanh(from_x[2 * len(h) :] + r * from_h[2 * len(h) :])
        return [from_x, from_h, r, z, n, new]
    i, f, g, o = (from_x + from_h).chunk(4)
    return [from_x, from_h, *map(torch.sigmoid, (i, f)), torch.tanh(g), torch.sigmoid(o), new[1], new[0]]


def _truth_steps(
    x: list[Any], weights: dict[str, Any], h: Any = None, c: Any = None, nonlinearity: str = "tanh", bias: bool = True
) -> dict[str, Any]:
    """A batch through one cell; which one follows from the rows of its weights."""
    assert bias or "bias_ih" not in weights
    held = Weights(**weights)
    units = len(held.weight_hh[0])
    zeros = [[0.0] * units] * len(x)
    kind = KINDS[len(held.weight_hh) // units]
    if kind == "LSTM":
        pairs = [lstm_cell(*each, held) for each in zip(x, h or zeros, c or zeros, strict=True)]
        return {"h": [each.h for each in pairs], "c": [each.c for each in pairs]}
    if kind == "GRU":
        return {"h": [gru_cell(*each, held).h for each in zip(x, h or zeros, strict=True)]}
    return {"h": [rnn_cell(*each, held, nonlinearity).h for each in zip(x, h or zeros, strict=True)]}


# Whole sequences


def _sequence(draw: Random, kind: str) -> dict[str, Any]:
    inside, units, layers = draw.randint(1, 3), draw.randint(2, 3), draw.randint(1, 3)
    both, bias = draw.random() < 0.5, draw.random() < 0.7
    shown = draw.randint(1, units - 1) if kind == "LSTM" and draw.random() < 0.4 else units
    weights: dict[str, Any] = {}
    for layer in range(layers):
        reads = inside if layer == 0 else shown * (1 + both)
        for suffix in ("", "_reverse")[: 1 + both]:
            weights |= _cell(draw, kind, f"_l{layer}{suffix}", reads, units, shown, bias)
    given = {
        "kind": kind,
        "x": [_table(draw, draw_count, inside, 2) for draw_count in [draw.randint(1, 3)] * draw.randint(1, 4)],
        "weights": weights,
        "num_layers": layers,
        "bidirectional": both,
        "batch_first": draw.random() < 0.5,
    }
    return given | ({"nonlinearity": draw.choice(["tanh", "relu"])} if kind == "RNN" else {})


def _torch_sequence(kind: str, x: Any, weights: dict[str, Any], **more: Any) -> dict[str, Any]:
    import torch
    from torch import nn

    first = weights["weight_ih_l0"]
    projection = {"proj_size": len(weights["weight_hr_l0"])} if "weight_hr_l0" in weights else {}
    units = len(first) // GATES[kind]
    layer = getattr(nn, kind)(len(first[0]), units, bias="bias_ih_l0" in weights, **projection, **more).double()
    layer.load_state_dict({name: torch.tensor(tensor, dtype=torch.float64) for name, tensor in weights.items()})
    with torch.no_grad():
        output, state = layer(torch.tensor(x, dtype=torch.float64))
    return {"output": output} | (dict(zip(("h_n", "c_n"), state, strict=True)) if kind == "LSTM" else {"h_n": state})


def _truth_sequence(given: dict[str, Any]) -> dict[str, Any]:
    rows = len(given["weights"]["weight_hh_l0"])
    named = {name: given[name] for name in ("num_layers", "bidirectional", "batch_first") if name in given}
    units = len(given["weights"].get("weight_hr_l0", given["weights"]["weight_hh_l0"])[0])
    return recurrent(KINDS[rows // units], given["x"], given["weights"], **named)


# Keras


def _keras_weights(kind: str, named: dict[str, Any], prefix: str = "") -> Weights:
    own = {name.rpartition("/")[2]: tensor for name, tensor in named.items() if name.startswith(prefix)}
    return from_keras(kind, own["kernel"], own["recurrent_kernel"], own.get("bias", ()))


def _truth_keras(kind: str, given: dict[str, Any]) -> Any:
    options = {name: given[name] for name in ("return_sequences", "return_state", "reset_after") if name in given}
    return keras_layer(kind, given["x"], _keras_weights(kind, given["weights"]), **options)


def _truth_bidirectional(given: dict[str, Any]) -> Any:
    forward, backward = (_keras_weights("LSTM", given["weights"], prefix) for prefix in ("forward", "backward"))
    return keras_bidirectional("LSTM", given["x"], forward, backward, given["merge_mode"])


TRUTH = {
    "rnn_cells": lambda given: _truth_steps(**given),
    "rnn_sequences": _truth_sequence,
    "keras_simple_rnn": lambda given: _truth_keras("RNN", given),
    "keras_lstm": lambda given: _truth_keras("LSTM", given),
    "keras_gru": lambda given: _truth_keras("GRU", given),
    "keras_bidirectional": _truth_bidirectional,
}

CASES = {
    **{
        f"{kind.lower()}_cell": Case(partial(_step, kind=kind), cell, partial(_torch_step, kind))
        for kind, cell in CELLS.items()
    },
    **{kind.lower(): Case(partial(_sequence, kind=kind), recurrent, _torch_sequence) for kind in GATES},
}
