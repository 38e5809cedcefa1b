"""What tells a Transformer where a token stands: a table that is computed, or one that is learned.

Sources: A. Vaswani et al., "Attention Is All You Need", 2017, section 3.5; J. Devlin
et al., "BERT", 2018, for learned positions.
"""

from __future__ import annotations

from abc import ABC
from collections.abc import Iterator
from dataclasses import dataclass
from math import prod
from typing import ClassVar

from calc.blocks.transformer import sequence
from calc.knob import Whole, knob
from calc.layer_base import Cost, Layer, Shape, Weight
from calc.picture import Line, Spans, figure, grid
from calc.source import arguments, torch_call


@dataclass(frozen=True)
class Positions(Layer, ABC):
    """A table with a row for each position, added to the embeddings."""

    d_model: int = knob(symbol="d", positional=True, kind=Whole(), about="width of every position's embedding")
    max_len: int = knob(symbol="L_max", positional=True, kind=Whole(), about="positions that the table has a row for")

    source: ClassVar[str]
    """The block in PyTorch, which has no such layer."""

    def check(self) -> None:
        self.require_bounds("d_model", "max_len")

    def out(self, x: Shape) -> Shape:
        if len(x) not in (2, 3):
            rule = f"must have 2 or 3 axes, and has {len(x)}"
            raise self.fault("input", rule, "write it as (L, d_model) or (N, L, d_model)", value=x)
        if x[-1] != self.d_model:
            rule = f"must end in d_model (={int(self.d_model)}), and its last axis is {int(x[-1])}"
            raise self.fault("input", rule, f"make its last axis {int(self.d_model)}", value=x)
        if x[-2] > self.max_len:
            rule = f"must have at most max_len (={int(self.max_len)}) positions, and has {int(x[-2])}"
            raise self.fault("input", rule, f"set max_len={int(x[-2])} or cut the sequence", value=x)
        return x

    def table(self, name: str) -> Weight:
        """The table under its name in PyTorch."""
        return Weight(name, (self.max_len, self.d_model))

    def costs(self, x: Shape) -> Iterator[Cost]:
        yield Cost("add each position's row of the table", prod(x), "addition")

    def input_symbols(self, rank: int, name: str = "input") -> tuple[str, ...]:
        return sequence(rank)

    def torch_lines(self) -> list[str]:
        return [*self.source.splitlines(), "", f"layer = {type(self).__name__}({arguments(self, torch_call)})"]

    def picture(self, x: Shape) -> str:
        read, unread = int(x[-2]), int(self.max_len - x[-2])
        label = f"A table of {int(self.max_len):,} rows and {int(self.d_model):,} columns; {read:,} rows are read."
        rows = Line(Spans(("data", read), ("pad", unread)))
        drawing = grid(rows, Line(Spans(("data", int(self.d_model)))), label)
        legend = [("data", "read, one row for each position"), *([("pad", "not read")] if unread else [])]
        return figure([(drawing, f"table: {int(self.max_len):,} × {int(self.d_model):,}")], label, legend)


@dataclass(frozen=True)
class SinusoidalPositions(Positions):
    """Add waves of different lengths to the embeddings, so that every position differs; nothing is learned.

    Input (N, L, d_model) or (L, d_model), output the same. P[i, 2j] = sin(i / 10000^(2j/d)) and
    P[i, 2j+1] = cos of the same angle; an odd d_model ends with a sine.
    """

    panels: ClassVar[tuple[str, ...]] = ("result", "picture", "weights", "cost", "memory", "torch")
    source: ClassVar[str] = """
class SinusoidalPositions(nn.Module):
    def __init__(self, d_model, max_len):
        super().__init__()
        rates = 10000 ** (-torch.arange(0, d_model, 2) / d_model)
        angles = torch.arange(max_len).unsqueeze(1) * rates
        pe = torch.zeros(max_len, d_model)
        pe[:, 0::2] = torch.sin(angles)
        pe[:, 1::2] = torch.cos(angles)[:, : d_model // 2]
        self.register_buffer("pe", pe)

    def forward(self, x):
        return x + self.pe[: x.size(-2)]

"""

    def learned(self) -> Iterator[Weight]:
        return iter(())

    def stored(self) -> Iterator[Weight]:
        yield self.table("pe")


@dataclass(frozen=True)
class LearnedPositions(Positions):
    """Add a learned vector for each position to the embeddings, as BERT and GPT-2 do.

    Input (N, L, d_model) or (L, d_model) with L up to max_len, output the same.
    """

    panels: ClassVar[tuple[str, ...]] = ("result", "derivation", "picture", "weights", "cost", "memory", "torch")
    source: ClassVar[str] = """
class LearnedPositions(nn.Module):
    def __init__(self, d_model, max_len):
        super().__init__()
        self.embedding = nn.Embedding(max_len, d_model)

    def forward(self, x):
        return x + self.embedding.weight[: x.size(-2)]

"""

    def learned(self) -> Iterator[Weight]:
        yield self.table("embedding.weight")
