"""ResNet: stages of residual blocks, each stage with half the sides and twice the channels.

Source: K. He, X. Zhang, S. Ren, J. Sun, "Deep residual learning for image
recognition", CVPR 2016, arXiv:1512.03385, table 1. Layers are called as in torchvision.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from calc.blocks.chain import Chain
from calc.blocks.residual import BasicBlock, Bottleneck
from calc.knob import Flag, Whole, knob
from calc.layer_base import Layer
from calc.layers.activation import ReLU
from calc.layers.adaptive_pool import AdaptiveAvgPool2d
from calc.layers.batch_norm import BatchNorm2d
from calc.layers.conv import Conv2d
from calc.layers.dense import Linear
from calc.layers.flatten import Flatten
from calc.layers.pool import MaxPool2d
from calc.network import UNCOSTED, Sequential
from calc.sym import exactly

REPEATS: Mapping[int, tuple[int, ...]] = {
    18: (2, 2, 2, 2),
    34: (3, 4, 6, 3),
    50: (3, 4, 6, 3),
    101: (3, 4, 23, 3),
    152: (3, 8, 36, 3),
}
"""Blocks of each stage; from depth 50 on they are bottlenecks."""


@dataclass(frozen=True)
class ResNet(Sequential):
    """ResNet-18 to ResNet-152: a 7×7 convolution, four stages of residual blocks, the mean of each map, a dense layer.

    Input (N, in_channels, H, W), output (N, num_classes).
    """

    panels: ClassVar[tuple[str, ...]] = UNCOSTED
    axis_letters: ClassVar[str] = "hw"
    made_for: ClassVar[str] = "give N, in_channels, H, W, and a map of more than one cell at the end if N is 1"

    depth: int = knob(50, symbol="D", kind=Whole(), about="layers with weights: 18, 34, 50, 101 or 152")
    in_channels: int = knob(3, symbol="C_in", kind=Whole(), about="channels of the image")
    num_classes: int = knob(1000, symbol="K", kind=Whole(), about="classes to tell apart")
    stride_first: bool = knob(
        False, kind=Flag(), about="whether the first convolution of a bottleneck has its stride, as in the paper"
    )

    def check(self) -> None:
        super().check()
        if self.depth not in REPEATS:
            nearest = min(REPEATS, key=lambda depth: abs(depth - int(self.depth)))
            raise self.fault("depth", "must be 18, 34, 50, 101 or 152", f"try {nearest}")

    def layers(self) -> Sequence[tuple[str, Layer]]:
        stages = list(self.stages())
        return (
            ("conv1", Conv2d(self.in_channels, 64, kernel_size=7, stride=2, padding=3, bias=False)),
            ("bn1", BatchNorm2d(64)),
            ("relu", ReLU()),
            ("maxpool", MaxPool2d(kernel_size=3, stride=2, padding=1)),
            *((f"layer{number}", Chain(tuple(blocks))) for number, blocks in enumerate(stages, start=1)),
            ("avgpool", AdaptiveAvgPool2d(1)),
            ("flatten", Flatten()),
            ("fc", Linear(512 if self.depth < 50 else 2048, self.num_classes)),
        )

    def stages(self) -> Iterator[list[BasicBlock | Bottleneck]]:
        """The residual blocks, stage by stage."""
        channels = 64
        for number, repeats in enumerate(REPEATS[exactly(self.depth)]):
            blocks: list[BasicBlock | Bottleneck] = []
            for place in range(repeats):
                width, stride = 64 * 2**number, 2 if number and not place else 1
                if self.depth < 50:
                    blocks.append(BasicBlock(channels, width, stride))
                    channels = width
                else:
                    blocks.append(Bottleneck(channels, width, stride, self.stride_first))
                    channels = Bottleneck.expansion * width
            yield blocks
