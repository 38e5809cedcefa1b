"""What blocks on images share."""

from __future__ import annotations

from abc import ABC
from dataclasses import dataclass
from typing import ClassVar

from calc.layer import Shape
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
    axis_letters: ClassVar[str] = "hw"
    made_for: ClassVar[str] = "give N, in_channels, H, W, and sides of at least a kernel"

    def picture(self, *inputs: Shape) -> str:
        from calc.network_picture import picture

        return picture(self, inputs, "Each box is a layer and what follows it at once; below, the map it puts out.")
