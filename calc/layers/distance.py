"""How alike two vectors are: the cosine of their angle, or the length of their difference.

Nothing is learned. Source: PyTorch documentation, `torch.nn.CosineSimilarity`,
`torch.nn.PairwiseDistance`.
"""

from __future__ import annotations

from abc import ABC
from collections.abc import Iterator
from dataclasses import dataclass
from math import prod
from typing import ClassVar

from calc.knob import Flag, Real, Whole, knob
from calc.layer_base import UNLEARNED, Cost, Layer, NoEquivalent, Port, Shape, Weight
from calc.picture import chips, figure

SYMBOLS = {0: (), 1: ("D",), 2: ("N", "D"), 3: ("N", "L", "D")}


@dataclass(frozen=True)
class Comparison(Layer, ABC):
    """What the two share: vectors are compared in pairs, axes of length 1 are repeated."""

    panels: ClassVar[tuple[str, ...]] = UNLEARNED
    inputs: ClassVar[tuple[Port, ...]] = (
        Port("x1", "shape of the first tensor"),
        Port("x2", "shape of the second tensor; where an axis is 1 or missing it is repeated"),
    )

    def together(self, x1: Shape, x2: Shape) -> Shape:
        """The shape that both have once axes of length 1 are repeated."""
        rank = max(len(x1), len(x2))
        first, second = ((1,) * (rank - len(x)) + tuple(x) for x in (x1, x2))
        shape = []
        for axis, (one, other) in enumerate(zip(first, second, strict=True)):
            # Guards in this order: which of the two sizes counts depends on who is 1.
            if other != one and one != 1 and other != 1:
                raise self.fault(
                    "x2",
                    f"must have the {int(one)} of x1 along axis {axis}, or 1, and has {int(other)}",
                    "make the axes equal",
                    value=x2,
                )
            shape.append(other if one == 1 else one)
        return tuple(shape)

    def learned(self) -> Iterator[Weight]:
        return iter(())

    def input_symbols(self, rank: int, name: str = "input") -> tuple[str, ...]:
        # Sizes of the two inputs may differ, so the second's have a prime.
        named = SYMBOLS.get(rank) or tuple(f"d_{i}" for i in range(1, rank + 1))
        return named if name == "x1" else tuple(_primed(symbol) for symbol in named)

    def window(self, x1: Shape, x2: Shape) -> tuple[tuple[int, int], ...] | None:
        return None

    def drawn(self, x1: Shape, x2: Shape, out: Shape, caption: str) -> str:
        """The axes of both inputs and of the output."""
        names = (self.input_symbols(len(x1), "x1"), self.input_symbols(len(x2), "x2"))
        parts = [
            (
                chips(
                    [(symbol, f"{int(size):,}") for symbol, size in zip(symbols, shape, strict=True)],
                    f"Input {name} of shape {shape}.",
                ),
                name,
            )
            for name, symbols, shape in (("x1", names[0], x1), ("x2", names[1], x2))
            if shape
        ]
        if out:
            parts.append((chips([("", f"{int(size):,}") for size in out], f"Output of shape {out}."), "output"))
        return figure(parts, caption) if parts else ""


def _primed(symbol: str) -> str:
    name, _, index = symbol.partition("_")
    return f"{name}'_{index}" if index else f"{name}'"


@dataclass(frozen=True)
class CosineSimilarity(Comparison):
    """The cosine of the angle between two vectors, 1 for the same direction, 0 for a right angle.

    Inputs of the same shape, or one that can be repeated to it; output without axis `dim`.
    """

    dim: int = knob(1, kind=Whole(None), about="axis along which the vectors lie, counted from 0 or from the end")
    eps: float = knob(
        1e-8, kind=Real(), about="least product of lengths to divide by, so that a zero vector does no harm"
    )

    def out(self, x1: Shape, x2: Shape) -> Shape:
        if self.eps < 0:
            raise self.fault("eps", "must not be negative", "try 1e-8")
        shape = self.together(x1, x2)
        axis = self._axis(shape)
        return (*shape[:axis], *shape[axis + 1 :])

    def _axis(self, shape: Shape) -> int:
        rank = max(len(shape), 1)
        if not -rank <= self.dim < rank:
            rule = f"must be from {-rank} to {rank - 1} for tensors with {len(shape)} axes"
            raise self.fault("dim", rule, "try -1")
        return self.dim % rank

    def costs(self, x1: Shape, x2: Shape) -> Iterator[Cost]:
        shape = self.together(x1, x2)
        yield Cost("multiply for the dot product and for both lengths, and add up", 3 * prod(shape), "product")
        yield Cost("divide by the lengths", prod(self.out(x1, x2)), "division")

    def keras(self, x1: Shape, x2: Shape) -> list[str]:
        raise NoEquivalent(
            "Keras's Dot(axes=1, normalize=True) does the same for two axes, and keeps an axis of length 1."
        )

    def picture(self, x1: Shape, x2: Shape) -> str:
        return self.drawn(x1, x2, self.out(x1, x2), "One number for each pair of vectors.")


@dataclass(frozen=True)
class PairwiseDistance(Comparison):
    """The length of the difference of two vectors, as a p-norm along the last axis.

    Inputs of the same shape, or one that can be repeated to it; output without the last axis.
    """

    p: float = knob(2.0, kind=Real(infinite=True), about="power of the norm: 1 sums up, 2 is Euclid's, inf the largest")
    eps: float = knob(1e-6, kind=Real(), about="number added to each difference, so that the norm has a slope at 0")
    keepdim: bool = knob(False, kind=Flag(), about="whether the last axis stays, with length 1")

    def out(self, x1: Shape, x2: Shape) -> Shape:
        shape = self.together(x1, x2)
        if not shape:
            return ()
        if (self.p < 0 or self.p == float("inf")) and shape[-1] == 0:
            raise self.fault("p", "must be finite and not negative for vectors without numbers", "use p=2")
        return (*shape[:-1], 1) if self.keepdim else shape[:-1]

    def costs(self, x1: Shape, x2: Shape) -> Iterator[Cost]:
        shape = self.together(x1, x2)
        yield Cost("subtract, and add eps", 2 * prod(shape), "addition")
        yield Cost("raise to the power and add up", prod(shape), "power")
        yield Cost("take the root", prod(shape[:-1]), "root")

    def keras(self, x1: Shape, x2: Shape) -> list[str]:
        raise NoEquivalent("Keras has no layer for distances; keras.ops.norm does the same.")

    def picture(self, x1: Shape, x2: Shape) -> str:
        return self.drawn(x1, x2, self.out(x1, x2), "One number for each pair of vectors.")
