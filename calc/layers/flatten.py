"""Flatten: several axes become one; Unflatten: one becomes several. No number changes.

Source: PyTorch documentation, `torch.nn.Flatten`, `torch.nn.Unflatten`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import prod
from typing import ClassVar

from calc.knob import Extents, Whole, knob
from calc.layer_base import Cost, Layer, NoEquivalent, Shape, Weight
from calc.picture import chips, figure
from calc.sym import exact_div, let

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
        return [f"Reshape({tuple(self.out(x)[1:])})"]

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


@dataclass(frozen=True)
class Unflatten(Layer):
    """Split one axis into several, the opposite of Flatten.

    Input of any rank; axis `dim` becomes the axes of unflattened_size.
    """

    panels: ClassVar[tuple[str, ...]] = ("result", "derivation", "picture", "torch", "keras")

    dim: int = knob(positional=True, kind=Whole(None), about="axis to split, counted from 0 or from the end")
    unflattened_size: tuple[int, ...] = knob(
        symbol="d",
        positional=True,
        kind=Extents(open=True),
        about="sizes of the new axes; one of them may be -1 and follows from the others",
    )

    def out(self, x: Shape) -> Shape:
        if not self.unflattened_size:
            raise self.fault("unflattened_size", "must have at least one size", "write (2, -1)")
        if not x:
            raise self.fault("input", "must have at least one axis", "write (16,)", value=x)
        rank = len(x)
        if not -rank <= self.dim < rank:
            rule = f"must be from {-rank} to {rank - 1} for an input with {rank} axes"
            raise self.fault("dim", rule, f"try {rank - 1}")
        axis = self.dim % rank
        return (*x[:axis], *self._parts(x[axis]), *x[axis + 1 :])

    def _parts(self, n: int) -> tuple[int, ...]:
        """The new axes of an axis of length n."""
        sizes = self.unflattened_size
        if any(size < -1 for size in sizes) or sizes.count(-1) > 1:
            raise self.fault("unflattened_size", "must have sizes of 0 or more, and at most one -1", "write (2, -1)")
        known = prod(size for size in sizes if size != -1)
        if -1 not in sizes:
            if known != n:
                raise self.fault(
                    "unflattened_size",
                    f"must multiply to the {int(n)} of axis {self.dim}, and gives {int(known)}",
                    f"try (1, {int(n)})",
                )
            return sizes
        if known == 0 or n % known:
            rule = (
                f"must have known sizes whose product divides the {int(n)} of axis {self.dim}, and it is {int(known)}"
            )
            raise self.fault("unflattened_size", rule, f"try (1, {int(n)})")
        rest = let("rest", exact_div(n, known))
        return tuple(rest if size == -1 else size for size in sizes)

    def learned(self) -> Iterator[Weight]:
        return iter(())

    def costs(self, x: Shape) -> Iterator[Cost]:
        return iter(())

    def input_symbols(self, rank: int, name: str = "input") -> tuple[str, ...]:
        # The new axes are d_1, d_2, …, so those of the input need another letter.
        return SYMBOLS.get(rank) or tuple(f"n_{i}" for i in range(rank))

    def keras(self, x: Shape) -> list[str]:
        if self.dim % len(x) == 0:
            raise NoEquivalent("Keras layers keep the batch axis apart: axis 0 cannot be split.")
        if 0 in x:
            raise NoEquivalent("Keras reshapes no empty input.")
        return [f"Reshape({tuple(self.out(x)[1:])})"]

    def picture(self, x: Shape) -> str:
        axis, out = self.dim % len(x), self.out(x)
        symbols = self.input_symbols(len(x))
        before = [(symbol, f"{int(size):,}") for symbol, size in zip(symbols, x, strict=True)]
        count = len(self.unflattened_size)
        split = [(f"d_{i + 1}" if count > 1 else "d", f"{int(out[axis + i]):,}") for i in range(count)]
        after = [*before[:axis], *split, *before[axis + 1 :]]
        return figure(
            [
                (chips(before, f"Input shape {x}."), "axes of the input"),
                (chips(after, f"Output shape {out}."), "axes of the output"),
            ],
            f"{symbols[axis]} is split; no number moves in memory.",
        )
