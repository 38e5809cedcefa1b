"""Keras's embedding: a table of rows, looked up by number.

Source: Keras documentation, `keras.layers.Embedding`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import prod
from typing import ClassVar

from calc.keras.layer import KerasLayer
from calc.knob import Flag, Whole, knob
from calc.layer_base import Cost, Port, Shape, Weight


@dataclass(frozen=True)
class Embedding(KerasLayer):
    """Replace each index by its row of a learned table.

    Input of any rank, output the same with one more axis, of output_dim numbers.
    """

    inputs: ClassVar[tuple[Port, ...]] = (Port("input", about="indices from 0 to input_dim − 1, of any shape"),)

    input_dim: int = knob(symbol="V", positional=True, kind=Whole(), about="rows of the table, one for each index")
    output_dim: int = knob(symbol="d", positional=True, kind=Whole(), about="numbers in a row of the table")
    mask_zero: bool = knob(False, kind=Flag(), about="whether index 0 is padding that later layers skip")

    def check(self) -> None:
        self.require_bounds("input_dim", "output_dim")

    def out(self, x: Shape) -> Shape:
        if not x:
            raise self.fault("input", "must have a batch axis", "write (1, 10)", value=x)
        return (*x, self.output_dim)

    def build(self, x: Shape) -> Iterator[Weight]:
        yield Weight("embeddings", (self.input_dim, self.output_dim))

    def costs(self, x: Shape) -> Iterator[Cost]:
        yield Cost("copy a row of the table for each index", prod(x), "lookup")

    def input_symbols(self, rank: int, name: str = "input") -> tuple[str, ...]:
        return ("N", "T")[:rank] if rank <= 2 else ("N", *(f"d_{i}" for i in range(1, rank)))
