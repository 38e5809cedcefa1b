"""U-Net: down four levels and up again, with each level's map kept for the way back.

Source: O. Ronneberger, P. Fischer, T. Brox, "U-Net: convolutional networks for
biomedical image segmentation", MICCAI 2015, arXiv:1505.04597; with convolutions that
keep the size, as in most code since.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from calc.blocks.unet import DoubleConv, UpBlock, norm_knob, offset_knob
from calc.knob import Whole, knob
from calc.layer_base import Shape
from calc.layers.conv import Conv2d
from calc.layers.pool import MaxPool2d
from calc.network import UNCOSTED, Network, Value, Wires

LEVELS = 4
"""How often the map is halved."""


@dataclass(frozen=True)
class UNet(Network):
    """U-Net: two convolutions on each of five levels down, four levels up beside what was kept.

    Input (N, in_channels, H, W) with sides that 16 divides, output (N, num_classes, H, W):
    a score of each class for each cell.
    """

    panels: ClassVar[tuple[str, ...]] = UNCOSTED
    axis_letters: ClassVar[str] = "hw"
    made_for: ClassVar[str] = "give N, in_channels, and sides that 16 divides"

    in_channels: int = knob(1, symbol="C_in", kind=Whole(), about="channels of the image")
    num_classes: int = knob(2, symbol="K", kind=Whole(), about="classes to tell apart")
    base_channels: int = knob(
        64, symbol="c", kind=Whole(), about="channels of the first level; each level below has twice as many"
    )
    batch_norm: bool = norm_knob()
    bias: bool = offset_knob()

    def wire(self, wires: Wires, *inputs: Value) -> Value:
        [x] = inputs
        kept: list[Value] = []
        given, width = self.in_channels, self.base_channels
        for level in range(1, LEVELS + 1):
            x = wires(f"enc{level}", DoubleConv(given, width, self.batch_norm, self.bias), x)
            kept.append(x)
            x = wires(f"pool{level}", MaxPool2d(kernel_size=2), x)
            given, width = width, 2 * width
        x = wires("bottom", DoubleConv(given, width, self.batch_norm, self.bias), x)
        for level in range(LEVELS, 0, -1):
            narrow = self.base_channels * 2 ** (level - 1)
            x = wires(f"up{level}", UpBlock(2 * narrow, narrow, self.batch_norm, self.bias), x, kept.pop())
        return wires("head", Conv2d(self.base_channels, self.num_classes, kernel_size=1), x)

    def picture(self, *inputs: Shape) -> str:
        from calc.valley_picture import valley

        shown = valley(self, inputs, "Down on the left, up on the right; across goes the map kept on each level.")
        return shown + super().picture(*inputs)
