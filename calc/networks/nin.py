"""Network in Network: 1×1 convolutions in place of dense layers.

Source: M. Lin, Q. Chen, S. Yan, "Network in network", ICLR 2014, arXiv:1312.4400; for
images of ImageNet's size as in A. Zhang and others, "Dive into Deep Learning".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from calc.blocks.convolutional import NiNBlock
from calc.knob import Whole, knob
from calc.layer_base import Layer
from calc.layers.adaptive_pool import AdaptiveAvgPool2d
from calc.layers.dropout import Dropout
from calc.layers.flatten import Flatten
from calc.layers.pool import MaxPool2d
from calc.network import UNCOSTED, Sequential


@dataclass(frozen=True)
class NiN(Sequential):
    """Network in Network: four blocks, and the mean of each of the last maps is the score of a class.

    Input (N, in_channels, H, W), output (N, num_classes).
    """

    panels: ClassVar[tuple[str, ...]] = UNCOSTED
    axis_letters: ClassVar[str] = "hw"
    made_for: ClassVar[str] = "give N, in_channels, and sides of at least 67"

    in_channels: int = knob(1, symbol="C_in", kind=Whole(), about="channels of the image")
    num_classes: int = knob(10, symbol="K", kind=Whole(), about="classes to tell apart")

    def layers(self) -> Sequence[tuple[str, Layer]]:
        return (
            ("block1", NiNBlock(self.in_channels, 96, kernel_size=11, stride=4)),
            ("pool1", MaxPool2d(kernel_size=3, stride=2)),
            ("block2", NiNBlock(96, 256, kernel_size=5, padding=2)),
            ("pool2", MaxPool2d(kernel_size=3, stride=2)),
            ("block3", NiNBlock(256, 384, kernel_size=3, padding=1)),
            ("pool3", MaxPool2d(kernel_size=3, stride=2)),
            ("dropout", Dropout(0.5)),
            ("block4", NiNBlock(384, self.num_classes, kernel_size=3, padding=1)),
            ("avgpool", AdaptiveAvgPool2d(1)),
            ("flatten", Flatten()),
        )
