"""Masks, against PyTorch."""

from __future__ import annotations

from random import Random
from typing import Any

from calc import masks
from site_tests.values import Case


def _size(draw: Random) -> dict[str, Any]:
    return {"size": draw.randint(1, 12)}


def _batch(draw: Random) -> dict[str, Any]:
    length = draw.randint(1, 8)
    real = [draw.randint(0, length) for _ in range(draw.randint(1, 4))]
    return {"tokens": [[draw.randint(1, 99) if at < end else 0 for at in range(length)] for end in real]}


def _torch_triangle(size: int) -> Any:
    import torch

    return torch.ones(1, size, size).tril() == 1


def _torch_padding(tokens: list[list[int]]) -> Any:
    import torch

    return (torch.tensor(tokens) != 0).unsqueeze(-2)


def _torch_both(tokens: list[list[int]]) -> Any:
    return _torch_padding(tokens) & _torch_triangle(len(tokens[0]))


def _torch_additive(size: int) -> Any:
    from torch import nn

    return nn.Transformer.generate_square_subsequent_mask(size)


def _additive(given: dict[str, Any]) -> masks.Mask:
    """Padding as `nn.MultiheadAttention` has it, True is ignored, with the causal mask."""
    tokens = [[0 if ignored else 1 for ignored in row] for row in given["key_padding_mask"]]
    return masks.additive(masks.decoder_mask(tokens))


TRUTH = {
    "subsequent_mask": lambda given: masks.subsequent_mask(given["size"]),
    "generate_square_subsequent_mask": lambda given: masks.square_subsequent_mask(given["sz"]),
    "tril": lambda given: [[float(seen) for seen in row] for row in masks.subsequent_mask(given["n"])[0]],
    "padding_mask": lambda given: masks.padding_mask(given["tokens"], given["pad"]),
    "padding_and_causal_mask": lambda given: masks.decoder_mask(given["tokens"], given["pad"]),
    "padding_and_causal_additive": _additive,
}

CASES = {
    "subsequent_mask": Case(_size, masks.subsequent_mask, _torch_triangle),
    "square_subsequent_mask": Case(_size, masks.square_subsequent_mask, _torch_additive),
    "padding_mask": Case(_batch, masks.padding_mask, _torch_padding),
    "decoder_mask": Case(_batch, masks.decoder_mask, _torch_both),
}
