"""The examples on the page about pooling, asked of the live frameworks and looked for on the page."""

from __future__ import annotations

import os
from pathlib import Path

os.environ["KERAS_BACKEND"] = "torch"

import keras
import numpy as np
import pytest
import torch
from torch import nn

PAGE = (Path(__file__).parents[2] / "docs" / "en" / "pooling.md").read_text(encoding="utf-8")

MAP = torch.tensor([[[1.0, 3, 2, 0], [4, 2, 1, 5], [0, 1, 7, 2], [2, 6, 3, 4]]])


def rows(first: str) -> list[list[str]]:
    """The rows of the table whose head begins like that."""
    lines = PAGE[PAGE.index(f"| {first}") :].split("\n\n")[0].splitlines()[2:]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def test_the_worked_example_is_what_pytorch_computes() -> None:
    """Four windows of a 4×4 map; one of 3×3, and four of them with ceil_mode."""
    largest = nn.MaxPool2d(2)(MAP).flatten().tolist()
    mean = nn.AvgPool2d(2)(MAP).flatten().tolist()

    for line in MAP[0].tolist():
        assert " & ".join(f"{cell:g}" for cell in line) in PAGE
    assert [[f"{top:g}" for top in largest], [f"{each:g}" for each in mean]] == [
        [row[2] for row in rows("window")],
        [row[3].rpartition("= ")[2] for row in rows("window")],
    ]
    assert nn.MaxPool2d(3, 2)(MAP).tolist() == [[[7]]]
    assert nn.MaxPool2d(3, 2, ceil_mode=True)(MAP).tolist() == [[[7, 7], [7, 7]]]


def test_adaptive_windows_overlap() -> None:
    """Five cells in three places: their means, and the cells that each place reads."""
    cells = torch.arange(1.0, 6, requires_grad=True)
    means = nn.AdaptiveAvgPool1d(3)(cells[None])[0]

    for mean, (_, _, _, read, written) in zip(means, rows("place"), strict=True):
        [gradient] = torch.autograd.grad(mean, cells, retain_graph=True)
        assert ", ".join(str(int(cell) + 1) for cell in gradient.nonzero()) == read
        assert f"{mean.item():g}" == written


CEIL = [row[:4] + row[-1:] for row in rows("cells $`H`$")]


@pytest.mark.parametrize("row", CEIL)
def test_every_row_of_the_ceil_mode_table(row: list[str]) -> None:
    """The size that PyTorch has, for the cells, kernel, stride and padding of the row."""
    n, k, s, p, size = map(int, row)

    assert nn.MaxPool1d(k, s, p, ceil_mode=True)(torch.zeros(1, n)).shape == (1, size)


def test_what_an_average_pool_divides_by() -> None:
    """Corner, edge and inside of a map of ones; a window that hangs over; Keras."""
    for include, row in zip((True, False), rows("setting"), strict=True):
        out = nn.AvgPool2d(2, padding=1, count_include_pad=include)(torch.ones(1, 4, 4))[0]
        assert [f"{out[place].item():g}" for place in ((0, 0), (0, 1), (1, 1))] == row[1:]
    assert nn.AvgPool1d(2, ceil_mode=True)(torch.ones(1, 3)).tolist() == [[1, 1]]
    same = keras.layers.AveragePooling2D(2, padding="same")(np.ones((1, 3, 3, 1), "float32"))
    assert same.flatten().tolist() == [1] * 4


def test_strides_and_margins() -> None:
    """The stride is the window unless it is given; more than half of the window is refused, spread or not."""
    x = torch.full((1, 1, 7, 7), -5.0)

    assert (nn.MaxPool2d(3)(x).shape[-1], nn.MaxPool2d(3, stride=1)(x).shape[-1]) == (2, 5)
    assert set(nn.MaxPool2d(3, padding=1)(x).flatten().tolist()) == {-5}
    with pytest.raises(RuntimeError, match="pad should be at most half of effective kernel size"):
        nn.MaxPool2d(2, padding=2)(x)
    with pytest.raises(RuntimeError, match="pad should be smaller than or equal to half of kernel size"):
        nn.MaxPool2d(2, padding=2, dilation=3)(x)


NAMES = [
    (nn.MaxPool2d(2), keras.layers.MaxPooling2D(2)),
    (nn.AdaptiveAvgPool2d(1), keras.layers.GlobalAveragePooling2D()),
    (nn.AdaptiveMaxPool2d(1), keras.layers.GlobalMaxPooling2D()),
    (nn.AdaptiveAvgPool2d(3), keras.layers.AdaptiveAveragePooling2D(3)),
]


@pytest.mark.parametrize(("module", "layer"), NAMES)
def test_names_in_keras_with_their_outputs(module: nn.Module, layer: keras.layers.Layer) -> None:
    """512 channels of 7×7 through both; Keras's global pools drop the axes of the map."""
    shapes = (module(torch.zeros(1, 512, 7, 7)).shape, layer(np.zeros((1, 7, 7, 512), "float32")).shape)
    written = " and ".join(f'<span class="sw-sig">(N, {", ".join(map(str, shape[1:]))})</span>' for shape in shapes)

    assert any(type(module).__name__ in line and written in line for line in PAGE.splitlines())
