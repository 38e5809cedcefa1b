"""Keras's dense layer, which acts on the last axis whatever the others are.

Source: Keras documentation, `keras.layers.Dense`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import prod

from calc.keras.layer import KerasLayer, activation_knob
from calc.knob import Flag, Whole, knob
from calc.layer import Cost, Shape, Weight


@dataclass(frozen=True)
class Dense(KerasLayer):
    """Weighted sums of the last axis, y = x W + b, the same at every place of the other axes.

    Input (N, *, n_in), output (N, *, units).
    """

    units: int = knob(symbol="u", positional=True, kind=Whole(), about="length of the output's last axis")
    activation: str | None = activation_knob()
    use_bias: bool = knob(True, kind=Flag(), about="whether each output learns an offset")

    def check(self) -> None:
        self.require_bounds("units")
        self.require_words("activation")

    def out(self, x: Shape) -> Shape:
        if len(x) < 2:
            raise self.fault("input", "must have a batch axis and features", "write (1, 784)", value=x)
        return (*x[:-1], self.units)

    def build(self, x: Shape) -> Iterator[Weight]:
        yield Weight("kernel", (x[-1], self.units))
        if self.use_bias:
            yield Weight("bias", (self.units,))

    def costs(self, x: Shape) -> Iterator[Cost]:
        yield Cost("multiply each input with its weight and add up", prod(x[:-1]) * self.units * x[-1])
        if self.use_bias:
            yield Cost("add the bias", prod(x[:-1]) * self.units, "addition")
        yield from self.activated(prod(x[:-1]) * self.units)

    def input_symbols(self, rank: int, name: str = "input") -> tuple[str, ...]:
        return ("N", *(f"d_{i}" for i in range(1, rank - 1)), "n_in")[:rank]
