"""What a Transformer does with its table of embeddings, beside looking rows up.

Source: A. Vaswani et al., "Attention is all you need", 2017, section 3.4.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import prod
from typing import ClassVar

from calc.blocks.transformer import sequence
from calc.layer_base import Cost, Layer, Shape, Weight


@dataclass(frozen=True)
class OnSequences(Layer):
    """A function on (N, L, d) without weights of its own; in PyTorch it is no module."""

    panels: ClassVar[tuple[str, ...]] = ()

    def out(self, x: Shape) -> Shape:
        return x

    def learned(self) -> Iterator[Weight]:
        return iter(())

    def costs(self, x: Shape) -> Iterator[Cost]:
        return iter(())

    def window(self, x: Shape) -> tuple[tuple[int, int], ...]:
        return ((1, 1),) * (len(x) - 2)

    def input_symbols(self, rank: int, name: str = "input") -> tuple[str, ...]:
        return sequence(rank)


@dataclass(frozen=True)
class TimesRootWidth(OnSequences):
    """Multiply embeddings by the square root of their width, so that positions added to them do not drown them."""

    def costs(self, x: Shape) -> Iterator[Cost]:
        yield Cost("multiply each number by √d", prod(x), "multiplication")

    def expression(self, variables: Sequence[str]) -> str:
        """The PyTorch expression for these variables."""
        [x] = variables
        return f"{x} * {x}.size(-1) ** 0.5"


@dataclass(frozen=True)
class TiedLinear(OnSequences):
    """A score for each token: the dot product with that token's row in the table of embeddings."""

    tokens: int = 1
    table: str = "embedding"

    def out(self, x: Shape) -> Shape:
        return (*x[:-1], self.tokens)

    def costs(self, x: Shape) -> Iterator[Cost]:
        yield Cost("multiply with each token's embedding and add up", prod(x[:-1]) * self.tokens * x[-1])

    def expression(self, variables: Sequence[str]) -> str:
        """The PyTorch expression for these variables."""
        return f"nn.functional.linear({variables[0]}, self.{self.table}.weight)"
