"""Recurrent cells, whole sequences, and powers of a recurrent weight, against PyTorch; Keras's by the truth."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from random import Random
from typing import Any

from calc.values import powers
from calc.values.cells import Weights, from_keras, gru_cell, lstm_cell, rnn_cell
from calc.values.recurrent import keras_bidirectional, keras_layer, recurrent
from site_tests.values import Case

GATES = {"RNN": 1, "GRU": 3, "LSTM": 4}


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
    inside, units, count = draw.randint(1, 4), draw.randint(1, 4), draw.randint(1, 3)
    given: dict[str, Any] = {
        "x": _table(draw, count, inside, 3),
        "h": _table(draw, count, units),
        "weights": _cell(draw, kind, "", inside, units, units, draw.random() < 0.7),
    }
    if kind == "LSTM":
        given["c"] = _table(draw, count, units, 2)
    if kind == "RNN":
        given["nonlinearity"] = draw.choice(["tanh", "relu"])
    return given


def _steps(
    x: list[Any], weights: dict[str, Any], h: Any = None, c: Any = None, nonlinearity: str = "tanh", bias: bool = True
) -> dict[str, Any]:
    """A batch through one cell; which one follows from the rows of its weights."""
    assert bias or "bias_ih" not in weights
    held = Weights(**weights)
    units = len(held.weight_hh[0])
    rows = len(held.weight_hh) // units
    zeros = [[0.0] * units] * len(x)
    if rows == 4:
        pairs = [lstm_cell(*each, held) for each in zip(x, h or zeros, c or zeros, strict=True)]
        return {"h": [each.h for each in pairs], "c": [each.c for each in pairs]}
    if rows == 3:
        return {"h": [gru_cell(*each, held).h for each in zip(x, h or zeros, strict=True)]}
    return {"h": [rnn_cell(*each, held, nonlinearity).h for each in zip(x, h or zeros, strict=True)]}


def _torch_step(kind: str, x: Any, weights: dict[str, Any], h: Any, c: Any = None, **more: Any) -> dict[str, Any]:
    import torch
    from torch import nn

    units = len(h[0])
    cell = getattr(nn, f"{kind}Cell")(len(x[0]), units, bias="bias_ih" in weights, **more).double()
    cell.load_state_dict({name: torch.tensor(tensor, dtype=torch.float64) for name, tensor in weights.items()})
    read, *state = (torch.tensor(each, dtype=torch.float64) for each in (x, h, c) if each is not None)
    with torch.no_grad():
        answer = cell(read, state[0] if c is None else tuple(state))
    return {"h": answer} if c is None else dict(zip("hc", answer, strict=True))


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
        "x": [_table(draw, draw_count, inside, 2) for draw_count in [draw.randint(1, 3)] * draw.randint(1, 4)],
        "weights": weights,
        "num_layers": layers,
        "bidirectional": both,
        "batch_first": draw.random() < 0.5,
    }
    return given | ({"nonlinearity": draw.choice(["tanh", "relu"])} if kind == "RNN" else {})


def _ours(kind: str) -> Callable[..., Any]:
    def ask(**given: Any) -> Any:
        return recurrent(kind, **given)

    return ask


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
    kind = {1: "RNN", 3: "GRU", 4: "LSTM"}[rows // units]
    return recurrent(kind, given["x"], given["weights"], **named)


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


# Powers of the recurrent weight


def _powers(draw: Random) -> dict[str, Any]:
    size = draw.randint(1, 2)
    return {"weight": _table(draw, size, size, 1.5), "steps": draw.randint(1, 12)}


def _changed(draw: Random) -> dict[str, Any]:
    given = _powers(draw)
    size = len(given["weight"])
    return given | {"state": _row(draw, size), "vector": _row(draw, size)}


def _sizes(weight: Any, steps: int) -> dict[str, Any]:
    return {
        "power": powers.power(weight, steps),
        "radius": powers.spectral_radius(weight),
        "singular": powers.largest_singular_value(weight),
    }


def _torch_sizes(weight: Any, steps: int) -> dict[str, Any]:
    import torch

    matrix = torch.tensor(weight, dtype=torch.float64)
    return {
        "power": torch.linalg.matrix_power(matrix, steps),
        "radius": torch.linalg.eigvals(matrix).abs().max(),
        "singular": torch.linalg.matrix_norm(matrix, ord=2),
    }


def _lengths(weight: Any, steps: int, state: Any, vector: Any) -> dict[str, Any]:
    linear, bent = (
        powers.repeated(weight, vector, steps)[-1],
        powers.through_tanh(weight, state, vector, steps)[-1],
    )
    return {"linear": linear, "length": powers.length(linear), "tanh": bent}


def _torch_lengths(weight: Any, steps: int, state: Any, vector: Any) -> dict[str, Any]:
    """The change of the last state by autograd, backwards through every step."""
    import torch

    matrix, start, change = (torch.tensor(each, dtype=torch.float64) for each in (weight, state, vector))
    h = start.requires_grad_()
    for _ in range(steps):
        h = torch.tanh(matrix @ h)
    rows = [torch.autograd.grad(each, start, retain_graph=True)[0] for each in h]
    linear = torch.linalg.matrix_power(matrix, steps) @ change
    return {"linear": linear, "length": torch.linalg.vector_norm(linear), "tanh": torch.stack(rows) @ change}


TRUTH = {
    "rnn_cells": lambda given: _steps(**given),
    "rnn_sequences": _truth_sequence,
    "keras_simple_rnn": lambda given: _truth_keras("RNN", given),
    "keras_lstm": lambda given: _truth_keras("LSTM", given),
    "keras_gru": lambda given: _truth_keras("GRU", given),
    "keras_bidirectional": _truth_bidirectional,
}

CASES = {
    **{
        f"{kind.lower()}_cell": Case(partial(_step, kind=kind), _steps, partial(_torch_step, kind=kind))
        for kind in GATES
    },
    **{
        kind.lower(): Case(partial(_sequence, kind=kind), _ours(kind), partial(_torch_sequence, kind=kind))
        for kind in GATES
    },
    "powers": Case(_powers, _sizes, _torch_sizes),
    "changes": Case(_changed, _lengths, _torch_lengths),
}
