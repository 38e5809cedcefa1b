"""Flatten: several axes become one; no number changes.

Source: PyTorch documentation, `torch.nn.Flatten`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import prod
from typing import ClassVar

from calc.knob import Whole, knob
from calc.layer import Cost, Layer, NoEquivalent, Shape, Weight
from calc.picture import chips, figure
from calc.sym import let

SYMBOLS = {0: (), 1: ("n",), 2: ("N", "C"), 3: ("N", "C", "L"), 4: ("N", "C", "H", "W"), 5: ("N", "C", "D", "H", "W")}


@dataclass(frozen=True)
class Flatten(Layer):
    """Join the axes from start_dim to end_dim into one, in the order they stand in memory.

    Input of any rank; with the defaults (N, *) becomes (N, product of the rest).
    """

    panels: ClassVar[tuple[str, ...]] = ("result", "derivation", "picture", "torch", "keras")

    start_dim: int = knob(1, kind=Whole(None), about="first axis to join, counted from 0 or from the end")
    end_dim: int = knob(-1, kind=Whole(None), about="last axis to join, counted from 0 or from the end")

    def out(self, x: Shape) -> Shape:
        start, end = self._span(x)
        if not x:
            return (1,)
        return (*x[:start], let("features", prod(x[start : end + 1])), *x[end + 1 :])

    def _span(self, x: Shape) -> tuple[int, int]:
        rank = max(len(x), 1)
        for name in ("start_dim", "end_dim"):
            if not -rank <= getattr(self, name) < rank:
                raise self.fault(
                    name,
                    f"must be from {-rank} to {rank - 1} for an input with {len(x)} axes",
                    "give the input a batch axis" if len(x) == 1 else f"try {rank - 1}",
                )
        start, end = self.start_dim % rank, self.end_dim % rank
        if start > end:
            raise self.fault("start_dim", f"must not come after end_dim (={self.end_dim})", f"set start_dim={end}")
        return start, end

    def learned(self) -> Iterator[Weight]:
        return iter(())

    def costs(self, x: Shape) -> Iterator[Cost]:
        return iter(())

    def input_symbols(self, rank: int, name: str = "input") -> tuple[str, ...]:
        return SYMBOLS.get(rank) or tuple(f"d_{i}" for i in range(rank))

    def keras(self, x: Shape) -> list[str]:
        start, end = self._span(x)
        if start == 0:
            raise NoEquivalent("Keras layers keep the batch axis apart: axis 0 cannot be joined.")
        if (start, end) == (1, len(x) - 1) and len(x) > 1:
            return ["Flatten()"]
        return [f"Reshape({tuple(int(size) for size in self.out(x)[1:])})"]

    def picture(self, x: Shape) -> str:
        start, end = self._span(x)
        symbols = self.input_symbols(len(x))
        before = [(symbol, f"{size:,}") for symbol, size in zip(symbols, x, strict=True)]
        joined = "·".join(symbols[start : end + 1]) or "1"
        out = self.out(x)
        after = [*before[:start], (joined, f"{out[start]:,}"), *before[end + 1 :]]
        return figure(
            [
                (chips(before, f"Input shape {x}."), "axes of the input"),
                (chips(after, f"Output shape {out}."), "axes of the output"),
            ],
            "The joined axes are laid out one after the other; no number moves in memory.",
        )
