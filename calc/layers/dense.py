"""The dense layer: every output is a weighted sum of every input.

Source: PyTorch documentation, `torch.nn.Linear`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import prod

from calc.conventions import Conventions, Version
from calc.knob import Flag, Whole, knob
from calc.layer_base import Cost, Layer, NoEquivalent, Shape, Weight
from calc.picture import block, figure
from calc.source import call


@dataclass(frozen=True)
class Linear(Layer):
    """Weighted sums of the last axis, y = x Wᵀ + b, the same at every place of the other axes.

    Input (*, in_features) of any rank, output (*, out_features).
    """

    in_features: int = knob(symbol="n_in", positional=True, kind=Whole(0), about="length of the input's last axis")
    out_features: int = knob(symbol="n_out", positional=True, kind=Whole(0), about="length of the output's last axis")
    bias: bool = knob(True, kind=Flag(), about="whether each output learns an offset")

    def check(self) -> None:
        self.require_bounds("in_features", "out_features")

    def out(self, x: Shape) -> Shape:
        if not x:
            raise self.fault("input", "must have at least one axis", f"write ({int(self.in_features)},)", value=x)
        if x[-1] != self.in_features:
            raise self.fault(
                "input",
                f"must end in in_features (={int(self.in_features)}), and its last axis is {int(x[-1])}",
                self._way_out(x),
                value=x,
            )
        return (*x[:-1], self.out_features)

    def _way_out(self, x: Shape) -> str:
        if len(x) > 2 and prod(x[1:]) == self.in_features:
            return "put a Flatten before it"
        return f"set in_features={int(x[-1])}"

    def learned(self) -> Iterator[Weight]:
        yield Weight("weight", (self.out_features, self.in_features))
        if self.bias:
            yield Weight("bias", (self.out_features,))

    def costs(self, x: Shape) -> Iterator[Cost]:
        yield Cost(
            "multiply each input with its weight and add up", prod(x[:-1]) * self.out_features * self.in_features
        )
        if self.bias:
            yield Cost("add the bias", prod(x[:-1]) * self.out_features, "addition")

    def input_symbols(self, rank: int, name: str = "input") -> tuple[str, ...]:
        leading = ("N",) if rank == 2 else ("N", "L") if rank == 3 else tuple(f"d_{i}" for i in range(1, rank))
        return (*leading, "n_in")

    def window(self, x: Shape) -> tuple[tuple[int, int], ...] | None:
        # With axes between batch and features, each place is computed from itself alone.
        return None if len(x) < 3 else ((1, 1),) * (len(x) - 2)

    def keras(self, x: Shape) -> list[str]:
        if not self.in_features or not self.out_features:
            raise NoEquivalent("Keras refuses a Dense layer without inputs or outputs.")
        return [call("Dense", self.out_features, use_bias=(self.bias, True))]

    def conventions(self, x: Shape) -> Conventions:
        from calc.keras import keras_layer  # its dense layer draws the same picture

        other = keras_layer("Dense", units=self.out_features, use_bias=self.bias)
        return Conventions(
            (Version.of("PyTorch", self, x), Version.of("Keras, TensorFlow, Flax", other, (1, self.in_features))),
            (
                "The same numbers, transposed: PyTorch multiplies by Wᵀ, the others by W.",
                "PyTorch is told the length of the last axis and refuses another one; the others take it from their "
                "first input.",
            ),
        )

    def picture(self, x: Shape) -> str:
        return product_picture(prod(x[:-1]), self.in_features, self.out_features, "Wᵀ")


def product_picture(rows: int, n_in: int, n_out: int, weights: str) -> str:
    """Rows of numbers, the weights they are multiplied by, and what comes out."""
    largest = max(rows, n_in, n_out, 1)
    parts = [
        (block(rows, n_in, "data", f"Input of {rows} rows of {n_in} numbers.", largest), f"x: {rows} × {n_in}"),
        (block(n_in, n_out, "first", f"Weights, {n_in} by {n_out}.", largest), f"{weights}: {n_in} × {n_out}"),
        (block(rows, n_out, "second", f"Output of {rows} rows of {n_out} numbers.", largest), f"y: {rows} × {n_out}"),
    ]
    words = "row of the input is" if rows == 1 else f"of the {rows:,} rows of the input is"
    return figure(parts, f"Each {words} multiplied by the same weights. Sides grow with the square root of the size.")
