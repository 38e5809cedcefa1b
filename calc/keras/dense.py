"""Keras's dense layer, which acts on the last axis whatever the others are.

Source: Keras documentation, `keras.layers.Dense`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import prod
from typing import ClassVar

from calc.keras.layer import KerasLayer, activation_knob
from calc.knob import Flag, Whole, knob
from calc.layer_base import Cost, Shape, Weight
from calc.layers.dense import product_picture


@dataclass(frozen=True)
class Dense(KerasLayer):
    """Weighted sums of the last axis, y = x W + b, the same at every place of the other axes.

    Input (N, *, n_in), output (N, *, units).
    """

    panels: ClassVar[tuple[str, ...]] = ("result", "derivation", "picture", "weights", "cost", "memory", "keras")

    units: int = knob(symbol="u", positional=True, kind=Whole(), about="length of the output's last axis")
    activation: str | None = activation_knob()
    use_bias: bool = knob(True, kind=Flag(), about="whether each output learns an offset")
    lora_rank: int | None = knob(
        None,
        symbol="r",
        kind=Whole(0, empty="no adapter"),
        about="rank of a small trained product added to the kernel, which is then frozen (LoRA)",
    )

    def check(self) -> None:
        self.require_bounds("units")
        self.require_words("activation")

    def out(self, x: Shape) -> Shape:
        if len(x) < 2:
            raise self.fault("input", "must have a batch axis and features", "write (1, 784)", value=x)
        self.require_bounds("lora_rank")
        return (*x[:-1], self.units)

    def build(self, x: Shape) -> Iterator[Weight]:
        frozen, trained = ("frozen", "trained") if self.lora_rank else ("", "")
        yield Weight("kernel", (x[-1], self.units), trainable=not self.lora_rank, part=frozen, role="weight")
        if self.use_bias:
            yield Weight("bias", (self.units,), part=trained)
        if self.lora_rank:
            yield Weight("lora_kernel_a", (x[-1], self.lora_rank), part=trained)
            yield Weight("lora_kernel_b", (self.lora_rank, self.units), part=trained)

    def costs(self, x: Shape) -> Iterator[Cost]:
        rows = prod(x[:-1])
        if self.lora_rank:
            yield Cost("multiply the two factors of the adapter", x[-1] * self.lora_rank * self.units)
            yield Cost("add them to the kernel", x[-1] * self.units, "addition")
        yield Cost("multiply each input with its weight and add up", rows * self.units * x[-1])
        if self.use_bias:
            yield Cost("add the bias", rows * self.units, "addition")
        yield from self.activated(rows * self.units)

    def input_symbols(self, rank: int, name: str = "input") -> tuple[str, ...]:
        return ("N", *(f"d_{i}" for i in range(1, rank - 1)), "n_in")[:rank]

    def window(self, x: Shape) -> tuple[tuple[int, int], ...] | None:
        # With axes between batch and features, each place is computed from itself alone.
        return None if len(x) < 3 else ((1, 1),) * (len(x) - 2)

    def picture(self, x: Shape) -> str:
        return product_picture(prod(x[:-1]), x[-1], self.units, "W")
