"""VGG: nothing but 3×3 convolutions and 2×2 pools, then dense layers.

Source: K. Simonyan, A. Zisserman, "Very deep convolutional networks for large-scale
image recognition", ICLR 2015, arXiv:1409.1556, table 1; with batch norm as in torchvision.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from calc.blocks.convolutional import VGGBlock
from calc.knob import Flag, Whole, knob
from calc.layer_base import Layer
from calc.layers.activation import ReLU
from calc.layers.dense import Linear
from calc.layers.dropout import Dropout
from calc.layers.flatten import Flatten
from calc.network import UNCOSTED, Sequential
from calc.sym import exactly

REPEATS: Mapping[int, tuple[int, ...]] = {
    11: (1, 1, 2, 2, 2),
    13: (2, 2, 2, 2, 2),
    16: (2, 2, 3, 3, 3),
    19: (2, 2, 4, 4, 4),
}
"""Convolutions in each block; with three dense layers they make the depth. The paper calls them A, B, D, E."""

WIDTHS = (64, 128, 256, 512, 512)


@dataclass(frozen=True)
class VGG(Sequential):
    """VGG-11, 13, 16 or 19: five blocks of 3×3 convolutions, then dense layers of 4096, 4096 and num_classes.

    Input (N, in_channels, image_size, image_size), output (N, num_classes).
    """

    panels: ClassVar[tuple[str, ...]] = UNCOSTED
    axis_letters: ClassVar[str] = "hw"
    made_for: ClassVar[str] = "give N, in_channels, image_size, image_size"

    depth: int = knob(16, symbol="d", kind=Whole(), about="layers with weights: 11, 13, 16 or 19")
    in_channels: int = knob(3, symbol="C_in", kind=Whole(), about="channels of the image")
    num_classes: int = knob(1000, symbol="K", kind=Whole(), about="classes to tell apart")
    image_size: int = knob(
        224, symbol="n", kind=Whole(32), about="side of the image that the first dense layer is made for"
    )
    batch_norm: bool = knob(False, kind=Flag(), about="whether a batch norm follows each convolution")

    def check(self) -> None:
        super().check()
        if self.depth not in REPEATS:
            nearest = min(REPEATS, key=lambda depth: abs(depth - int(self.depth)))
            raise self.fault("depth", "must be 11, 13, 16 or 19", f"try {nearest}")

    def layers(self) -> Sequence[tuple[str, Layer]]:
        found: list[tuple[str, Layer]] = []
        channels = self.in_channels
        for number, (repeats, width) in enumerate(zip(REPEATS[exactly(self.depth)], WIDTHS, strict=True), start=1):
            found.append((f"block{number}", VGGBlock(repeats, channels, width, self.batch_norm)))
            channels = width
        side = self.image_size // 2 ** len(WIDTHS)
        return (
            *found,
            ("flatten", Flatten()),
            ("fc1", Linear(512 * side * side, 4096)),
            ("relu1", ReLU()),
            ("dropout1", Dropout(0.5)),
            ("fc2", Linear(4096, 4096)),
            ("relu2", ReLU()),
            ("dropout2", Dropout(0.5)),
            ("fc3", Linear(4096, self.num_classes)),
        )
