"""Blocks that networks are built from. A new block is one class in its family's file and one line here."""

from __future__ import annotations

from calc.blocks.convolutional import Inception, NiNBlock, VGGBlock
from calc.layer import Layer

BLOCKS: dict[str, type[Layer]] = {kind.title(): kind for kind in (VGGBlock, NiNBlock, Inception)}
"""Every block under its name."""
