"""Values on the page about Keras's convolutions and pools, asked of the live frameworks."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

os.environ["KERAS_BACKEND"] = "torch"

import keras
import pytest
import torch
from keras import layers
from torch import nn

PAGE = (Path(__file__).parents[2] / "docs" / "en" / "keras-convolution.md").read_text(encoding="utf-8")


def steps(*values: float) -> torch.Tensor:
    """One sequence with one feature."""
    return torch.tensor(values, dtype=torch.float32).reshape(1, -1, 1)


def of(*values: float) -> Any:
    """An initializer that gives these weights."""
    return lambda shape, dtype=None: torch.tensor(values, dtype=torch.float32).reshape(tuple(shape))


def numbers(layer: Any, x: torch.Tensor) -> list[float]:
    """What a layer makes of one sequence."""
    return [round(float(each), 3) for each in layer(x).detach().ravel()]


def conv(*kernel: float, **arguments: Any) -> Any:
    """A convolution along one axis with this kernel and no bias."""
    return layers.Conv1D(1, len(kernel), use_bias=False, kernel_initializer=of(*kernel), **arguments)


def listed(values: list[float]) -> str:
    """Numbers as the page has them."""
    return ", ".join(f"{value:g}" for value in values)


def test_the_example_reads_other_cells() -> None:
    """Three layers on 1 to 6 with stride 2: two sizes, and no equal number under padding=1."""
    six = steps(1, 2, 3, 4, 5, 6)
    same = numbers(conv(1, 10, 100, strides=2, padding="same"), six)
    valid = numbers(conv(1, 10, 100, strides=2), six)
    kernel = torch.tensor([[[1.0, 10.0, 100.0]]])
    torchs = nn.functional.conv1d(torch.arange(1.0, 7.0).reshape(1, 1, 6), kernel, stride=2, padding=1)
    theirs = torchs.ravel().tolist()

    assert f'| Keras `padding="same"` | 1 2 3 4 5 6 **0** | {listed(same)} |' in PAGE
    assert f"| PyTorch `padding=1` | **0** 1 2 3 4 5 6 **0** | {listed(theirs)} |" in PAGE
    assert f'| Keras `padding="valid"` | 1 2 3 4 5 6 | {listed(valid)} |' in PAGE
    assert not set(same) & set(theirs)


WITH_STRIDE_1 = [
    # (padding, kernel, padded input as the page shows it)
    ("same", (1, 10, 100), "**0** 1 2 3 4 **0**"),
    ("causal", (1, 10, 100), "**0 0** 1 2 3 4"),
    ("same", (1, 10), "1 2 3 4 **0**"),
]


@pytest.mark.parametrize(("padding", "kernel", "padded"), WITH_STRIDE_1)
def test_padding_with_stride_1(padding: str, kernel: tuple[float, ...], padded: str) -> None:
    """Where each word puts its zeros."""
    found = numbers(conv(*kernel, padding=padding), steps(1, 2, 3, 4))

    assert f'| `padding="{padding}"`, kernel {kernel} | {padded} | {listed(found)} |' in PAGE


def test_both_ways_of_padding_by_hand_agree() -> None:
    """The two lines of code that the page gives for carrying weights over."""
    image = torch.randn(1, 8, 8, 3, generator=torch.Generator().manual_seed(0))
    channels_first = image.permute(0, 3, 1, 2)
    same = layers.Conv2D(4, 3, strides=2, padding="same", use_bias=False)
    by_word = same(image).detach()
    kernel = same.kernel.value.detach()
    weight = kernel.permute(3, 2, 0, 1)
    as_keras = nn.functional.conv2d(nn.functional.pad(channels_first, (0, 1, 0, 1)), weight, stride=2)
    assert torch.allclose(by_word, as_keras.permute(0, 2, 3, 1), atol=1e-5)

    valid = layers.Conv2D(4, 3, strides=2, use_bias=False, kernel_initializer=of(*kernel.ravel().tolist()))
    as_torch = valid(layers.ZeroPadding2D(1)(image)).detach()
    padded = nn.functional.conv2d(channels_first, weight, stride=2, padding=1)
    assert torch.allclose(as_torch, padded.permute(0, 2, 3, 1), atol=1e-5)


def test_a_separable_layer_is_two_convolutions_of_pytorch() -> None:
    """A depthwise one without bias and a 1×1 one, with the channels in the same order."""
    image = torch.randn(1, 6, 6, 4, generator=torch.Generator().manual_seed(1))
    layer = layers.SeparableConv2D(8, 3, depth_multiplier=2)
    found = layer(image).detach()
    depthwise, pointwise, bias = (weight.value.detach() for weight in layer.weights)
    x = nn.functional.conv2d(image.permute(0, 3, 1, 2), depthwise.permute(2, 3, 0, 1).reshape(8, 1, 3, 3), groups=4)
    x = nn.functional.conv2d(x, pointwise.permute(3, 2, 0, 1), bias)

    assert torch.allclose(found, x.permute(0, 2, 3, 1), atol=1e-5)


@pytest.mark.parametrize("padding", ["same", "valid"])
@pytest.mark.parametrize("extra", [None, 0, 1])
def test_values_of_transposed_convolutions(padding: str, extra: int | None) -> None:
    """Five ones through (1, 10, 100), which shows what is cut off on which side."""
    layer = layers.Conv1DTranspose(
        1, 3, strides=2, padding=padding, output_padding=extra, use_bias=False, kernel_initializer=of(1, 10, 100)
    )
    found = numbers(layer, steps(1, 1, 1, 1, 1))
    shown = "`None`" if extra is None else extra

    assert f'| `"{padding}"` | {shown} | {len(found)} | {listed(found)} |' in PAGE


def test_average_pools_leave_padding_out() -> None:
    """1.5 and 3 of 1, 2, 3; and what this version counts on its PyTorch back end."""
    assert numbers(layers.AveragePooling1D(2, padding="same"), steps(1, 2, 3)) == [1.5, 3]
    assert "give 1.5 and 3, not 1.5 and 1.5" in PAGE

    *_, last = numbers(layers.AveragePooling1D(3, strides=2, padding="same"), steps(1, 2, 3, 4, 5, 6))
    assert f"and in {last} on PyTorch, the mean of 5, 6 and 6" in PAGE
    assert round((5 + 6 + 6) / 3, 3) == last
    assert keras.__version__ in PAGE


def test_max_pools_ignore_padding_but_not_zeros() -> None:
    """'same' leaves −5 alone; zeros added before the pool win."""
    low = steps(-5, -5, -5)

    assert set(numbers(layers.MaxPooling1D(2, padding="same"), low)) == {-5}
    assert 0 in numbers(layers.MaxPooling1D(2, strides=1), layers.ZeroPadding1D(1)(low))


MESSAGES = [
    # (what raises, the part of its message that the page quotes)
    (lambda: layers.Conv2D(4, 3, strides=2, dilation_rate=2), "`strides > 1` not supported in conjunction with"),
    (lambda: layers.Conv2D(4, 5)(keras.Input((3, 3, 1))), "Computed output size would be zero or negative"),
    (lambda: layers.MaxPooling2D(5)(keras.Input((3, 3, 1))), "Computed output size would be zero or negative"),
    (lambda: layers.Conv2D(4, 3)(torch.zeros(5, 5, 3)), "expected min_ndim=4, found ndim=3"),
]


@pytest.mark.parametrize(("raising", "quoted"), MESSAGES)
def test_messages_are_quoted_as_they_are(raising: Any, quoted: str) -> None:
    """The page's messages are Keras's own."""
    with pytest.raises(ValueError, match=re.escape(quoted)):
        raising()

    assert quoted in PAGE


def test_depthwise_layers_take_strides_and_dilation() -> None:
    """What the full convolution refuses."""
    assert layers.DepthwiseConv2D(3, strides=2, dilation_rate=2)(keras.Input((9, 9, 2))).shape == (None, 3, 3, 2)


def test_resnet50_pads_by_a_layer() -> None:
    """ZeroPadding2D(3) before the first convolution."""
    names = [layer.__class__.__name__ for layer in keras.applications.ResNet50(weights=None).layers[1:3]]

    assert names == ["ZeroPadding2D", "Conv2D"]
    assert "`ZeroPadding2D(3)` before its first layer" in PAGE
