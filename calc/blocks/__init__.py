"""Blocks that networks are built from. A new block is one class in its family's file and one line here."""

from __future__ import annotations

from calc.blocks.convolutional import Inception, NiNBlock, VGGBlock
from calc.blocks.grouped_attention import GroupedQueryAttention
from calc.blocks.positions import LearnedPositions, SinusoidalPositions
from calc.blocks.transformer import AddNorm, PositionwiseFFN
from calc.layer import Layer

FAMILIES: dict[str, tuple[type[Layer], ...]] = {
    "convolutional": (VGGBlock, NiNBlock, Inception),
    "attention": (GroupedQueryAttention,),
    "transformer": (PositionwiseFFN, AddNorm),
    "positions": (SinusoidalPositions, LearnedPositions),
}
"""The blocks, family by family."""

BLOCKS: dict[str, type[Layer]] = {kind.title(): kind for family in FAMILIES.values() for kind in family}
"""Every block under its name."""
