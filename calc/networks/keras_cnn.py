"""Networks made of Keras layers, which learn their sizes from the input."""

from __future__ import annotations

from abc import ABC
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from calc.keras.conv import Conv2D
from calc.keras.dense import Dense
from calc.keras.layer import KerasLayer
from calc.keras.pool import MaxPooling2D
from calc.keras.reshape import Flatten
from calc.knob import Flag, PerAxis, Whole, knob
from calc.layer_base import Layer
from calc.network import Sequential
from calc.tensor import Weight


@dataclass(frozen=True)
class KerasSequential(KerasLayer, Sequential, ABC):
    """Keras layers one after another; weights are called as in Keras, `conv2d/kernel`."""

    panels: ClassVar[tuple[str, ...]] = ("result", "rows", "picture", "cost", "memory", "keras")

    def build(self, *inputs: Any, **sizing: Any) -> Iterator[Weight]:
        for row in self.trace(*inputs):
            for each in row.layer.weights_on(*row.inputs):
                name = f"{row.name}/{each.name}"
                yield Weight(name, each.shape, trainable=each.trainable, part=row.name, role=each.role)


@dataclass(frozen=True)
class SmallCNN(KerasSequential):
    """A convolution, a max pool and a dense layer, with or without a flatten between the last two.

    Input (N, H, W, C), output (N, H', W', units), or (N, units) with the flatten.
    """

    axis_letters: ClassVar[str] = "hw"
    made_for: ClassVar[str] = "give N, H, W, C, and sides of at least kernel_size + pool_size - 1"

    filters: int = knob(16, symbol="f", kind=Whole(), about="channels of the convolution's output")
    kernel_size: int | tuple[int, ...] = knob(
        2, symbol="k", kind=PerAxis(), about="side of the convolution's window, in cells"
    )
    pool_size: int | tuple[int, ...] = knob(2, symbol="m", kind=PerAxis(), about="side of the pool's window, in cells")
    units: int = knob(133, symbol="u", kind=Whole(), about="length of the dense layer's output")
    flatten: bool = knob(False, kind=Flag(), about="whether a flatten stands before the dense layer")

    def layers(self) -> Sequence[tuple[str, Layer]]:
        return (
            ("conv2d", Conv2D(self.filters, self.kernel_size)),
            ("max_pooling2d", MaxPooling2D(self.pool_size)),
            *([("flatten", Flatten())] if self.flatten else []),
            ("dense", Dense(self.units)),
        )
