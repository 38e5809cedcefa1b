"""Powers of a recurrent weight, with and without the derivative of tanh, against PyTorch."""

from __future__ import annotations

from random import Random
from typing import Any

from calc.values import powers
from site_tests.values import Case


def _row(draw: Random, size: int, scale: float = 1.0) -> list[float]:
    return [round(draw.uniform(-scale, scale), 3) for _ in range(size)]


def _powers(draw: Random) -> dict[str, Any]:
    size = draw.randint(1, 2)
    return {"weight": [_row(draw, size, 1.5) for _ in range(size)], "steps": draw.randint(1, 12)}


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


TRUTH: dict[str, Any] = {}

CASES = {
    "sizes": Case(_powers, _sizes, _torch_sizes),
    "changes": Case(_changed, _lengths, _torch_lengths),
}
