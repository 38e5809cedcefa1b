"""Values on the pages of padding, upsampling, patches, pooling and dense, asked of the live frameworks."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

os.environ["KERAS_BACKEND"] = "torch"

import keras
import numpy as np
import pytest
import torch
from torch import nn

PAGES = Path(__file__).parents[2] / "docs" / "en"


def page(name: str) -> str:
    return (PAGES / f"{name}.md").read_text(encoding="utf-8")


def shown(values: Any) -> list[float]:
    return [round(value, 3) for value in torch.as_tensor(values).flatten().tolist()]


def row(*values: float) -> torch.Tensor:
    return torch.tensor([[values]])


BORDERS = [
    ("ZeroPad1d(3)", nn.ZeroPad1d(3)),
    ("ConstantPad1d(3, 9)", nn.ConstantPad1d(3, 9)),
    ("ReflectionPad1d(3)", nn.ReflectionPad1d(3)),
    ("ReplicationPad1d(3)", nn.ReplicationPad1d(3)),
    ("CircularPad1d(3)", nn.CircularPad1d(3)),
]


@pytest.mark.parametrize(("name", "layer"), BORDERS)
def test_what_stands_in_the_border(name: str, layer: nn.Module) -> None:
    """The row 1, 2, 3, 4 with three cells on each side."""
    cells = " ".join(f"{value:g}" for value in layer(row(1.0, 2, 3, 4)).flatten().tolist())

    assert f"| `{name}` | `{cells[:5]}` | `1 2 3 4` | `{cells[-5:]}` |" in page("padding")


def test_a_border_mirrored_on_three_sides() -> None:
    """The worked example of padding."""
    padded = nn.ReflectionPad2d((1, 1, 1, 0))(torch.tensor([[[1.0, 2, 3], [4, 5, 6]]]))
    written = r" \\ ".join(" & ".join(f"{value:g}" for value in line) for line in padded[0].tolist())

    assert written in page("padding")


def test_padding_before_a_layer_and_within() -> None:
    """Mirrored borders and borders of minus infinity are those of the next layer."""
    x = torch.randn(1, 3, 6, 6)
    within, after = nn.Conv2d(3, 4, 3, padding=1, padding_mode="reflect"), nn.Conv2d(3, 4, 3)
    after.load_state_dict(within.state_dict())

    assert torch.allclose(within(x), after(nn.ReflectionPad2d(1)(x)), atol=1e-6)
    assert torch.equal(nn.MaxPool2d(3, 2, 1)(x), nn.MaxPool2d(3, 2)(nn.ConstantPad2d(1, float("-inf"))(x)))
    assert nn.ZeroPad1d((2, -1))(row(1.0, 2, 3, 4)).flatten().tolist() == [0, 0, 1, 2, 3]


def test_symmetric_is_another_border() -> None:
    """NumPy doubles the edge; Keras on PyTorch repeats it."""
    cells = np.array([[1.0, 2, 3, 4]], dtype="float32")
    width = ((0, 0), (0, 3))

    assert np.pad(cells, width, mode="symmetric")[0, 4:].tolist() == [4, 3, 2]
    assert keras.ops.pad(cells, width, mode="symmetric")[0, 4:].tolist() == [4, 4, 4]


MODES: list[tuple[dict[str, Any], tuple[float, ...], list[float]]] = [
    ({"scale_factor": 2}, (1, 3), [1, 1, 3, 3]),
    ({"scale_factor": 2, "mode": "linear"}, (1, 3), [1, 1.5, 2.5, 3]),
    ({"scale_factor": 2, "mode": "linear", "align_corners": True}, (1, 3), [1, 1.667, 2.333, 3]),
    ({"scale_factor": 0.5}, (1, 2, 3, 4), [1, 3]),
    ({"scale_factor": 0.5, "mode": "nearest-exact"}, (1, 2, 3, 4), [2, 4]),
    ({"scale_factor": 0.5, "mode": "linear"}, (1, 2, 3, 4), [1.5, 3.5]),
    ({"scale_factor": 0.5, "mode": "area"}, (1, 2, 3, 4), [1.5, 3.5]),
    ({"scale_factor": 1.5, "mode": "linear"}, (0, 1, 2, 3, 4), [0, 0.5, 1.167, 1.833, 2.5, 3.167, 3.833]),
    ({"size": 7, "mode": "linear"}, (0, 1, 2, 3, 4), [0, 0.571, 1.286, 2, 2.714, 3.429, 4]),
    (
        {"scale_factor": 1.5, "mode": "linear", "recompute_scale_factor": True},
        (0, 1, 2, 3, 4),
        [0, 0.571, 1.286, 2, 2.714, 3.429, 4],
    ),
]


@pytest.mark.parametrize(("arguments", "cells", "expected"), MODES)
def test_what_upsampling_computes(arguments: dict[str, Any], cells: tuple[float, ...], expected: list[float]) -> None:
    """The rows of the worked example and of the pitfalls."""
    assert shown(nn.Upsample(**arguments)(row(*map(float, cells)))) == expected
    if len(expected) > 2:
        assert ", ".join(f"{value:g}" for value in expected) in page("upsampling")


def test_what_shuffles_move() -> None:
    """Channels of one place become a block row by row; an empty batch is handed back."""
    blocks = nn.PixelShuffle(2)(torch.arange(8.0).reshape(1, 8, 1, 1))

    assert blocks[0].tolist() == [[[0, 1], [2, 3]], [[4, 5], [6, 7]]]
    assert nn.PixelUnshuffle(2)(torch.ones(0, 3, 4, 4)).shape == (0, 3, 4, 4)
    assert nn.Upsample(scale_factor=2)(torch.ones(3, 8, 8)).shape == (3, 8, 16)
    # PyTorch's own exception for a number of axes that the mode is not made for
    with pytest.raises(NotImplementedError, match="Got 3D input, but bilinear mode needs 4D input"):
        nn.Upsample(scale_factor=2, mode="bilinear")(torch.ones(3, 8, 8))


def test_unfolding_and_folding() -> None:
    """The worked example, its way back, and the counts to divide by."""
    image, unfold, fold = torch.arange(9.0).reshape(1, 1, 3, 3), nn.Unfold(2), nn.Fold((3, 3), 2)
    matrix = unfold(image)

    for values in (matrix[0], fold(matrix)[0, 0], fold(unfold(torch.ones(1, 1, 3, 3)))[0, 0]):
        assert r" \\ ".join(" & ".join(f"{value:g}" for value in line) for line in values.tolist()) in page("patches")
    assert (torch.tensor([[1.0, 0, 0, -1]]) @ matrix).flatten().tolist() == [-4] * 4
    assert nn.Unfold(2)(torch.arange(8.0).reshape(1, 2, 2, 2)).flatten().tolist() == list(range(8))


def test_a_convolution_is_a_matrix_product() -> None:
    """The lines of code on the page give the convolution's output."""
    [code] = page("patches").split("```python\n")[1:]
    space: dict[str, Any] = {"nn": nn, "x": torch.randn(1, 2, 6, 7), "conv": nn.Conv2d(2, 3, 3)}
    exec(code.partition("```")[0], space)

    assert torch.allclose(space["y"], space["conv"](space["x"]), atol=1e-5)


def test_patches_are_a_convolution() -> None:
    """A dense layer on every patch, with the convolution's weights."""
    image, conv, dense = torch.randn(1, 3, 32, 32), nn.Conv2d(3, 8, 16, stride=16), nn.Linear(768, 8)
    dense.load_state_dict({"weight": conv.weight.reshape(8, -1), "bias": conv.bias})
    patches = nn.Unfold(16, stride=16)(image).transpose(1, 2)

    assert torch.allclose(dense(patches), conv(image).flatten(2).transpose(1, 2), atol=1e-5)


def test_what_power_pools_compute() -> None:
    """Norms of two windows; signs that cancel or have no root; a window that hangs over."""
    for norm, text in ((1, "1"), (2, "2"), (3, "3"), (float("inf"), "inf")):
        first, second = shown(nn.LPPool1d(norm, 2)(row(3.0, 4, 0, 2)))
        assert f"| {text} | {first:g} | {second:g} |" in page("pooling")
    assert shown(nn.LPPool1d(2, 2)(row(3.0, -4))) == [5]
    assert shown(nn.LPPool1d(1, 2)(row(3.0, -4))) == [-1]
    assert nn.LPPool1d(3, 2)(row(1.0, -2)).isnan().all()
    assert shown(nn.LPPool1d(1, 2, ceil_mode=True)(row(1.0, 1, 1))) == [2, 2]


def test_fractional_pools_are_random_at_inference() -> None:
    """Two calls on one map differ in eval mode, too."""
    torch.manual_seed(0)
    layer, x = nn.FractionalMaxPool2d(2, output_ratio=0.7).eval(), torch.randn(1, 1, 13, 13)

    assert layer(x).shape == (1, 1, 9, 9)
    assert not torch.equal(layer(x), layer(x))


def test_layers_on_pairs() -> None:
    """The examples by hand, and which axis is compared."""
    layer = nn.Bilinear(2, 3, 1)
    layer.load_state_dict({"weight": torch.tensor([[[1.0, 0, 2], [0, 1, -1]]]), "bias": torch.tensor([0.5])})
    maps = torch.ones(2, 3, 4, 4)

    assert shown(layer(torch.tensor([[1.0, 2]]), torch.tensor([[3.0, 4, 5]]))) == [11.5]
    assert shown(nn.CosineSimilarity(dim=0)(torch.tensor([3.0, 4]), torch.tensor([4.0, 3]))) == [0.96]
    assert shown(nn.PairwiseDistance()(torch.tensor([[3.0, 4]]), torch.zeros(1, 2))) == [5]
    assert nn.PairwiseDistance()(torch.ones(1, 4), torch.ones(1, 4)).item() == pytest.approx(2e-6)
    assert (nn.CosineSimilarity()(maps, maps).shape, nn.PairwiseDistance()(maps, maps).shape) == ((2, 4, 4), (2, 3, 4))
    with pytest.raises(IndexError):
        nn.CosineSimilarity()(torch.ones(3), torch.ones(3))
