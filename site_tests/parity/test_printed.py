"""Tensors as `print` shows them, against PyTorch."""

from __future__ import annotations

from random import Random
from typing import Any

import torch

from calc.panels.printed import literal, printed, tensor


def _drawn(draw: Random) -> Any:
    entry: Any = draw.choice(
        (
            lambda: draw.randint(-9, 99),
            lambda: round(draw.uniform(-2, 2), 2),
            lambda: draw.uniform(-300, 300),
            lambda: draw.choice((0, 1e-5, 3, -12345.678)),
            lambda: 0,
        )
    )
    shape = [draw.randint(1, 12 if axis == 0 else 3) for axis in range(draw.randint(1, 4))]

    def nested(sizes: list[int]) -> Any:
        return tuple(nested(sizes[:-1]) for _ in range(sizes[-1])) if sizes else entry()

    return nested(shape)


def test_a_tensor_is_printed_as_pytorch_prints_it() -> None:
    """Whole numbers, fractions, powers of ten, long rows, up to four axes."""
    for seed in range(1000):
        drawn = _drawn(Random(seed))
        assert printed(drawn) == repr(torch.tensor(drawn, dtype=torch.float64)), seed


def test_a_literal_is_read_back() -> None:
    """Python source of nested numbers gives them again, to twelve digits, with or without the call around it."""
    for seed in range(200):
        drawn = _drawn(Random(seed))
        there = torch.tensor(drawn, dtype=torch.float64)
        read = eval(tensor(drawn), {"torch": torch})

        assert read.dtype == torch.float64
        assert read.shape == there.shape
        assert torch.allclose(read, there, rtol=1e-11, atol=0)
        assert read.tolist() == torch.tensor(eval(literal(drawn)), dtype=torch.float64).tolist()
