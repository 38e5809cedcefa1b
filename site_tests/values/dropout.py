"""Dropout with values, against PyTorch for coins that have fallen."""

from __future__ import annotations

from random import Random
from typing import Any

from calc.values import dropout
from site_tests.values import Case


def _fallen(draw: Random) -> dict[str, Any]:
    rows, columns = draw.randint(1, 4), draw.randint(1, 8)
    p = draw.choice([0.0, 0.1, 0.25, 0.5, 0.75, 0.9, 1.0])
    return {
        "x": [[draw.randint(-40, 40) / 4 for _ in range(columns)] for _ in range(rows)],
        "keep_mask": dropout.masks(columns, p, rows, draw.randint(0, 9)),
        "p": p,
        "training": draw.random() < 0.8,
    }


def _torch_dropout(x: Any, keep_mask: Any, p: float, training: bool) -> Any:
    """A call throws coins of its own; so the factor is taken from a call, and the mask says where it stands."""
    import torch
    from torch.nn import functional

    values = torch.tensor(x, dtype=torch.float64)
    if not training:
        return functional.dropout(values, p, training=False)
    # A kept number grows by the factor that a call multiplies with: its largest over many ones.
    torch.manual_seed(0)
    grown = functional.dropout(torch.ones(1000, dtype=torch.float64), p).max()
    return torch.where(torch.tensor(keep_mask), values * grown, 0.0)


def _draws(draw: Random) -> dict[str, Any]:
    p = draw.choice([0.1, 0.25, 0.5, 0.9])
    count = draw.randint(1, 6)
    return {
        "x": [draw.randint(-40, 40) / 4 for _ in range(count)],
        "drawn": dropout.masks(count, p, draw.randint(1, 50), draw.randint(0, 9)),
        "p": p,
    }


def _torch_mean(x: Any, drawn: Any, p: float) -> Any:
    import torch

    return torch.stack([_torch_dropout(x, mask, p, True) for mask in drawn]).mean(0)


CASES = {
    "dropout": Case(_fallen, dropout.dropout, _torch_dropout),
    "mean_of_draws": Case(_draws, dropout.mean_of_draws, _torch_mean),
}

TRUTH = {"dropout": lambda given: dropout.dropout(given["x"], given["keep_mask"], given["p"])}
