"""The bilinear layer: every pair of numbers from two inputs has a weight for each output.

Source: PyTorch documentation, `torch.nn.Bilinear`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import prod
from typing import ClassVar

from calc.knob import Flag, Whole, knob
from calc.layer_base import Cost, Layer, NoEquivalent, Port, Shape, Weight
from calc.picture import block, figure


@dataclass(frozen=True)
class Bilinear(Layer):
    """Weigh every product of a number of one input with a number of another, y_k = x₁ᵀ W_k x₂ + b_k.

    Inputs (*, in1_features) and (*, in2_features) with the same leading axes, output (*, out_features).
    """

    panels: ClassVar[tuple[str, ...]] = (
        *("result", "derivation", "picture", "weights", "cost", "memory", "torch", "keras"),
    )
    inputs: ClassVar[tuple[Port, ...]] = (
        Port("input1", "shape of the first input; its last axis is in1_features"),
        Port("input2", "shape of the second input; its last axis is in2_features, the others as in the first"),
    )

    in1_features: int = knob(
        symbol="n_1", positional=True, kind=Whole(1), about="length of the first input's last axis"
    )
    in2_features: int = knob(
        symbol="n_2", positional=True, kind=Whole(0), about="length of the second input's last axis"
    )
    out_features: int = knob(symbol="n_out", positional=True, kind=Whole(0), about="length of the output's last axis")
    bias: bool = knob(True, kind=Flag(), about="whether each output learns an offset")

    def check(self) -> None:
        self.require_bounds("in1_features", "in2_features", "out_features")

    def out(self, input1: Shape, input2: Shape) -> Shape:
        if self.in2_features == 0:
            raise self.fault("in2_features", "must be at least 1 when the layer is called", "try 1")
        if len(input1) != len(input2):
            raise self.fault(
                "input2",
                f"must have the {len(input1)} axes of input1, and has {len(input2)}",
                "give both the same leading axes",
                value=input2,
            )
        if not input1:
            raise self.fault(
                "input1", "must have at least one axis", f"write ({int(self.in1_features)},)", value=input1
            )
        for axis, (first, second) in enumerate(zip(input1[:-1], input2[:-1], strict=True)):
            if first != second:
                raise self.fault(
                    "input2",
                    f"must have the {int(first)} of input1 along axis {axis}, and has {int(second)}",
                    "pair every row of one input with a row of the other",
                    value=input2,
                )
        for port, shape, name in (("input1", input1, "in1_features"), ("input2", input2, "in2_features")):
            if shape[-1] != self.argument(name):
                raise self.fault(
                    port,
                    f"must end in {name} (={int(self.argument(name))}), and its last axis is {int(shape[-1])}",
                    f"set {name}={int(shape[-1])}",
                    value=shape,
                )
        return (*input1[:-1], self.out_features)

    def learned(self) -> Iterator[Weight]:
        yield Weight("weight", (self.out_features, self.in1_features, self.in2_features))
        if self.bias:
            yield Weight("bias", (self.out_features,))

    def costs(self, input1: Shape, input2: Shape) -> Iterator[Cost]:
        rows = prod(input1[:-1])
        each = rows * self.out_features * self.in1_features * self.in2_features
        yield Cost("multiply both numbers of each pair with its weight and add up", each, "triple product")
        if self.bias:
            yield Cost("add the bias", rows * self.out_features, "addition")

    def input_symbols(self, rank: int, name: str = "input") -> tuple[str, ...]:
        leading = ("N",) if rank == 2 else ("N", "L") if rank == 3 else tuple(f"d_{i}" for i in range(1, rank))
        return (*leading, "n_1" if name == "input1" else "n_2") if rank else ()

    def window(self, input1: Shape, input2: Shape) -> tuple[tuple[int, int], ...] | None:
        return None

    def keras(self, input1: Shape, input2: Shape) -> list[str]:
        raise NoEquivalent("Keras has no bilinear layer; keras.ops.einsum does the same with weights of your own.")

    def picture(self, input1: Shape, input2: Shape) -> str:
        first, second, out = int(self.in1_features), int(self.in2_features), int(self.out_features)
        largest = max(first, second, out, 1)
        parts = [
            (block(first, 1, "data", f"First input, {first} numbers.", largest), f"x₁: {first}"),
            (
                block(first, second, "first", f"One matrix of weights, {first} by {second}.", largest),
                f"W_k: {first} × {second}",
            ),
            (block(second, 1, "data", f"Second input, {second} numbers.", largest), f"x₂: {second}"),
            (block(out, 1, "second", f"Output, {out} numbers.", largest), f"y: {out}"),
        ]
        return figure(
            parts,
            f"Each of the {out:,} outputs has a matrix of its own, with a weight for each of the {first * second:,} "
            "pairs. Sides grow with the square root of the size.",
        )
