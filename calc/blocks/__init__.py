"""Blocks that networks are built from. A new block is one class in its family's file and its name here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from calc.registry import Families, Registry

if TYPE_CHECKING:
    from calc.layer_base import Layer

FAMILIES: Families = {
    "convolutional": {"convolutional": "VGGBlock NiNBlock Inception"},
    "residual": {"residual": "BasicBlock Bottleneck"},
    "separable": {"separable": "DepthwiseSeparable"},
    "excitation": {"excitation": "SqueezeExcitation"},
    "unet": {"unet": "DoubleConv UpBlock"},
    "attention": {"grouped_attention": "GroupedQueryAttention"},
    "transformer": {"transformer": "PositionwiseFFN AddNorm"},
    "positions": {"positions": "SinusoidalPositions LearnedPositions"},
}
"""The blocks, family by family: modules, and the names of their classes."""

BLOCKS: Registry[Layer] = Registry("calc.blocks", FAMILIES)
"""Every block under its name."""
