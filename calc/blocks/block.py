"""What blocks on images share."""

from __future__ import annotations

from abc import ABC
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from calc.layer_base import Layer, Shape
from calc.network import Network


@dataclass(frozen=True)
class Block(Network, ABC):
    """A small network on (N, C, H, W) that larger ones repeat; small enough to be worked out step by step."""

    panels: ClassVar[tuple[str, ...]] = (
        "result",
        "rows",
        "derivation",
        "picture",
        "weights",
        "cost",
        "memory",
        "torch",
        "keras",
    )

    compared: ClassVar[tuple[str, ...]] = ("result", "rows", "beside", *panels[2:])
    """The panels of a block that has `alternatives`."""

    axis_letters: ClassVar[str] = "hw"
    made_for: ClassVar[str] = "give N, in_channels, H, W, and sides of at least a kernel"

    def alternatives(self) -> Sequence[tuple[str, Layer]]:
        """Hook: other ways to do the same work on the same input, each in words; shown by the panel "beside"."""
        return ()

    def picture(self, *inputs: Shape) -> str:
        from calc.network_picture import picture

        return picture(self, inputs, "Each box is a layer and what follows it at once; below, the map it puts out.")
