"""Layers under PyTorch's names. A new layer is one class in its family's file and one line here."""

from __future__ import annotations

from calc.layer import Layer
from calc.layers.activation import ReLU, Sigmoid, Tanh
from calc.layers.adaptive_pool import (
    AdaptiveAvgPool1d,
    AdaptiveAvgPool2d,
    AdaptiveAvgPool3d,
    AdaptiveMaxPool1d,
    AdaptiveMaxPool2d,
    AdaptiveMaxPool3d,
)
from calc.layers.conv import Conv1d, Conv2d, Conv3d
from calc.layers.conv_transpose import ConvTranspose1d, ConvTranspose2d, ConvTranspose3d
from calc.layers.dense import Linear
from calc.layers.flatten import Flatten
from calc.layers.pool import AvgPool1d, AvgPool2d, AvgPool3d, MaxPool1d, MaxPool2d, MaxPool3d

FAMILIES: dict[str, tuple[type[Layer], ...]] = {
    "convolution": (Conv1d, Conv2d, Conv3d),
    "transposed convolution": (ConvTranspose1d, ConvTranspose2d, ConvTranspose3d),
    "pooling": (MaxPool1d, MaxPool2d, MaxPool3d, AvgPool1d, AvgPool2d, AvgPool3d),
    "adaptive pooling": (
        AdaptiveAvgPool1d,
        AdaptiveAvgPool2d,
        AdaptiveAvgPool3d,
        AdaptiveMaxPool1d,
        AdaptiveMaxPool2d,
        AdaptiveMaxPool3d,
    ),
    "dense": (Linear, Flatten, ReLU, Sigmoid, Tanh),
}
"""The layers, family by family."""

LAYERS: dict[str, type[Layer]] = {kind.title(): kind for family in FAMILIES.values() for kind in family}
"""Every PyTorch layer under its name, in the order of the families."""
