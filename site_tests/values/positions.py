"""Tables of positions and embeddings, against PyTorch."""

from __future__ import annotations

from random import Random
from typing import Any

from calc.blocks.positions import SinusoidalPositions
from calc.values import positions
from site_tests.values import Case


def _sizes(draw: Random) -> dict[str, Any]:
    return {"length": draw.randint(1, 30), "d_model": draw.randint(1, 17)}


def _torch_interleaved(length: int, d_model: int) -> Any:
    """The module that the calculator prints, as it stands there, in double precision."""
    import torch
    from torch import nn

    made: dict[str, Any] = {"torch": torch, "nn": nn}
    torch.set_default_dtype(torch.float64)
    try:
        exec(SinusoidalPositions.source, made)
        return made["SinusoidalPositions"](d_model, length).pe
    finally:
        torch.set_default_dtype(torch.float32)


def _torch_concatenated(length: int, d_model: int) -> Any:
    """`get_timing_signal_1d` of tensor2tensor, line for line."""
    import math

    import torch
    import torch.nn.functional as F

    position = torch.arange(length, dtype=torch.float64)
    num_timescales = d_model // 2
    log_timescale_increment = math.log(1.0e4 / 1.0) / max(num_timescales - 1, 1)
    inv_timescales = 1.0 * torch.exp(torch.arange(num_timescales, dtype=torch.float64) * -log_timescale_increment)
    scaled_time = position.unsqueeze(1) * inv_timescales.unsqueeze(0)
    signal = torch.cat([torch.sin(scaled_time), torch.cos(scaled_time)], dim=1)
    return F.pad(signal, (0, d_model % 2))


def _dots(draw: Random) -> dict[str, Any]:
    rows = draw.randint(1, 9)
    table = [[round(draw.uniform(-1, 1), 3) for _ in range(draw_width)] for draw_width in [draw.randint(1, 6)] * rows]
    return {"rows": table, "position": draw.randrange(rows)}


def _torch_dots(rows: Any, position: int) -> Any:
    import torch

    table = torch.tensor(rows, dtype=torch.float64)
    return (table @ table.T)[position]


def _sentence(draw: Random) -> dict[str, Any]:
    tokens, width = draw.randint(1, 6), draw.randint(1, 6)
    weight = [[round(draw.uniform(-2, 2), 3) for _ in range(width)] for _ in range(tokens)]
    return {"weight": weight, "ids": [draw.randrange(tokens) for _ in range(draw.randint(1, 8))]}


def _ours(weight: Any, ids: list[int]) -> Any:
    rows = positions.embedded(weight, ids)
    return positions.added(rows, positions.interleaved(len(rows), len(weight[0])))


def _torch_sentence(weight: Any, ids: list[int]) -> Any:
    import torch
    import torch.nn.functional as F

    rows = F.embedding(torch.tensor(ids), torch.tensor(weight, dtype=torch.float64))
    width = len(weight[0])
    return rows * width**0.5 + _torch_interleaved(len(ids), width)


TRUTH = {
    "sinusoidal_positional_encoding": lambda given: positions.interleaved(**given),
    "sinusoidal_positional_encoding_odd_truncated": lambda given: positions.interleaved(**given),
    "embedding": lambda given: positions.embedding(given["weight"], given["ids"]),
}

CASES = {
    "interleaved": Case(_sizes, positions.interleaved, _torch_interleaved),
    "concatenated": Case(_sizes, positions.concatenated, _torch_concatenated),
    "products": Case(_dots, positions.products, _torch_dots),
    "embedding": Case(_sentence, _ours, _torch_sentence),
}
