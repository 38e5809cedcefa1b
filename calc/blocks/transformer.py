"""The two small blocks of every Transformer layer: the feed-forward net, and "add & norm".

Source: A. Vaswani et al., "Attention Is All You Need", 2017, sections 3.1 and 3.3.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from calc.blocks.join import Sum
from calc.knob import Flag, Whole, knob
from calc.layer_base import Layer, Port
from calc.layers.activation import ReLU
from calc.layers.dense import Linear
from calc.layers.layer_norm import LayerNorm
from calc.network import Network, Sequential, Value, Wires

PANELS = ("result", "rows", "derivation", "picture", "weights", "cost", "memory", "torch", "keras")


@dataclass(frozen=True)
class PositionwiseFFN(Sequential):
    """Two dense layers with ReLU between, the same at every position: a 1×1 convolution over positions.

    Input (N, L, d_model), or with other axes before the last; output the same shape.
    """

    panels: ClassVar[tuple[str, ...]] = PANELS
    made_for: ClassVar[str] = "give N, L, d_model"

    d_model: int = knob(symbol="d", positional=True, kind=Whole(), about="width of every position, in and out")
    d_ff: int = knob(symbol="d_ff", positional=True, kind=Whole(), about="width between the two dense layers")
    bias: bool = knob(True, kind=Flag(), about="whether the dense layers learn offsets")

    def layers(self) -> Sequence[tuple[str, Layer]]:
        return (
            ("linear1", Linear(self.d_model, self.d_ff, bias=self.bias)),
            ("relu", ReLU()),
            ("linear2", Linear(self.d_ff, self.d_model, bias=self.bias)),
        )

    def input_symbols(self, rank: int, name: str = "input") -> tuple[str, ...]:
        return sequence(rank)


@dataclass(frozen=True)
class AddNorm(Network):
    """Add a sub-layer's output to its input, then normalize every position: "add & norm".

    Inputs x and sublayer, both (N, L, d_model); output the same shape.
    """

    inputs: ClassVar[tuple[Port, ...]] = (
        Port("x", "what went into the sub-layer"),
        Port("sublayer", "what came out of it"),
    )
    panels: ClassVar[tuple[str, ...]] = PANELS
    made_for: ClassVar[str] = "give two of N, L, d_model"

    d_model: int = knob(symbol="d", positional=True, kind=Whole(), about="width of every position, in and out")

    def wire(self, wires: Wires, *inputs: Value) -> Value:
        return wires("norm", LayerNorm(self.d_model), wires("add", Sum(), *inputs))

    def input_symbols(self, rank: int, name: str = "input") -> tuple[str, ...]:
        return sequence(rank)


def sequence(rank: int) -> tuple[str, ...]:
    """The axes of a sequence: samples, positions, width."""
    return (*(("N", "L") if rank == 3 else ("L",) if rank == 2 else tuple(f"d_{i}" for i in range(1, rank))), "d")[
        :rank
    ]
