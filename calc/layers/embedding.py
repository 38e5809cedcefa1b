"""Embeddings: a learned table whose rows are looked up by number.

Source: PyTorch documentation, `torch.nn.Embedding`, `EmbeddingBag`.
"""

from __future__ import annotations

from abc import ABC
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from math import prod
from typing import ClassVar

from calc.knob import Choice, Flag, Real, Whole, knob
from calc.layer_base import Cost, Layer, NoEquivalent, Port, Shape, Weight
from calc.picture import Line, Spans, figure, grid
from calc.source import call

INDICES = "indices from 0 to num_embeddings − 1"


@dataclass(frozen=True)
class Table(Layer, ABC):
    """What both layers share: a table of num_embeddings rows of embedding_dim numbers."""

    panels: ClassVar[tuple[str, ...]] = (
        "result",
        "derivation",
        "picture",
        "weights",
        "cost",
        "memory",
        "torch",
        "keras",
    )

    num_embeddings: int = knob(
        symbol="V", positional=True, kind=Whole(0), about="rows of the table, one for each index"
    )
    embedding_dim: int = knob(symbol="d", positional=True, kind=Whole(0), about="numbers in a row of the table")

    def check(self) -> None:
        self.require_bounds("num_embeddings", "embedding_dim")
        padding, rows = self.argument("padding_idx"), self.num_embeddings
        if padding is not None and not -rows <= padding < rows:
            raise self.fault(
                "padding_idx",
                f"must be from {-int(rows)} to {int(rows) - 1}, the rows of the table",
                "leave it out" if rows < 1 else "try 0",
            )
        if self.argument("max_norm") is not None and self.argument("norm_type") < 0:
            raise self.fault("norm_type", "must be at least 0", "try 2.0")

    def require_rows(self, x: Shape) -> None:
        """Refuse indices into a table without rows."""
        if self.num_embeddings < 1 and prod(x) > 0:
            raise self.fault("num_embeddings", "must be at least 1 to look up an index", "try 1")

    def learned(self) -> Iterator[Weight]:
        yield Weight("weight", (self.num_embeddings, self.embedding_dim))

    def window(self, x: Shape) -> tuple[tuple[int, int], ...] | None:
        return ((1, 1),) * max(len(x) - 1, 0)

    def lines(self, first: Collection[int], second: Collection[int]) -> str:
        """The table with two sets of its rows marked."""
        rows, columns = (Spans(("data", size)) for size in (self.num_embeddings, self.embedding_dim))
        whole = range(self.embedding_dim)
        label = f"Table of {self.num_embeddings:,} rows of {self.embedding_dim:,} numbers."
        return grid(Line(rows, first, second), Line(columns, whole, whole), label)

    def answer(self, count: int) -> str:
        """The rows that come out; the first two are marked."""
        rows, columns = Spans(("data", count)), Spans(("data", self.embedding_dim))
        whole = range(self.embedding_dim)
        label = f"Output of {count:,} rows of {self.embedding_dim:,} numbers."
        return grid(Line(rows, (0,), (1,)), Line(columns, whole, whole), label)


@dataclass(frozen=True)
class Embedding(Table):
    """Replace each index by its row of a learned table.

    Input of any shape, of whole numbers; output the same with one more axis, of
    embedding_dim numbers. A lookup multiplies nothing.
    """

    inputs: ClassVar[tuple[Port, ...]] = (Port("input", about=f"{INDICES}, of any shape", dtype="int"),)

    padding_idx: int | None = knob(
        None, kind=Whole(None, empty="none"), about="row that starts as zeros and is not trained; below 0 from the end"
    )
    max_norm: float | None = knob(
        None, kind=Real(empty="none"), about="longest that a row may be; longer ones are shortened when looked up"
    )
    norm_type: float = knob(2.0, kind=Real(0), about="p of the norm that max_norm speaks of")
    scale_grad_by_freq: bool = knob(False, kind=Flag(), about="whether gradients are divided by how often a row occurs")
    sparse: bool = knob(False, kind=Flag(), about="whether the gradient holds only the rows looked up")

    def out(self, x: Shape) -> Shape:
        self.require_rows(x)
        return (*x, self.embedding_dim)

    def costs(self, x: Shape) -> Iterator[Cost]:
        yield Cost("copy a row of the table for each index", prod(x), "lookup")

    def input_symbols(self, rank: int, name: str = "input") -> tuple[str, ...]:
        return ("N", "T")[:rank] if rank <= 2 else tuple(f"n_{i}" for i in range(1, rank + 1))

    def picture(self, x: Shape) -> str:
        count = prod(x)
        parts = [
            (self.lines((2,), (4,)), f"the table: {self.num_embeddings:,} × {self.embedding_dim:,}"),
            (self.answer(count), f"a row for each of {count:,} indices" if count != 1 else "the row of the index"),
        ]
        caption = "Here the indices begin with 2 and 4: each is replaced by its row, and nothing is computed."
        return figure(parts, caption, [("first", "row 2"), ("second", "row 4")])

    def keras_shape(self, shape: Shape) -> Shape:
        return shape

    def keras(self, x: Shape) -> list[str]:
        if not x:
            raise NoEquivalent("Keras always has a batch axis: it takes no single index.")
        if not self.num_embeddings or not self.embedding_dim:
            raise NoEquivalent("Keras refuses a table without rows or columns.")
        return [call("Embedding", self.num_embeddings, self.embedding_dim)]


@dataclass(frozen=True)
class EmbeddingBag(Table):
    """Look up several rows and put them together to one, without keeping them.

    Input (B, n): B bags of n indices each; or (n,) with offsets (B,), where each bag
    begins. Output (B, embedding_dim). With mode "sum" per_sample_weights, shaped like
    the input, weigh the rows.
    """

    panels: ClassVar[tuple[str, ...]] = ("result", "derivation", "picture", "weights", "cost", "memory", "torch")
    inputs: ClassVar[tuple[Port, ...]] = (
        Port("input", about=f"{INDICES}: (bags, indices in each), or all in one row with offsets", dtype="int"),
        Port("offsets", about="where each bag begins in a row of indices", optional=True, dtype="int"),
        Port("per_sample_weights", about="a factor for each index, with mode sum", optional=True),
    )

    max_norm: float | None = knob(
        None, kind=Real(empty="none"), about="longest that a row may be; longer ones are shortened when looked up"
    )
    norm_type: float = knob(2.0, kind=Real(0), about="p of the norm that max_norm speaks of")
    scale_grad_by_freq: bool = knob(False, kind=Flag(), about="whether gradients are divided by how often a row occurs")
    mode: str = knob("mean", kind=Choice(("mean", "sum", "max")), about="how the rows of a bag become one")
    sparse: bool = knob(False, kind=Flag(), about="whether the gradient holds only the rows looked up")
    include_last_offset: bool = knob(False, kind=Flag(), about="whether offsets ends with the number of indices")
    padding_idx: int | None = knob(
        None, kind=Whole(None, empty="none"), about="row that is left out of every bag; below 0 from the end"
    )

    def out(self, x: Shape, *, offsets: Shape | None = None, per_sample_weights: Shape | None = None) -> Shape:
        self._require_weights(x, per_sample_weights)
        bags = self._bags(x, offsets)
        if self.mode not in ("mean", "sum", "max"):
            raise self.fault("mode", "must be 'mean', 'sum' or 'max'", "try 'mean'")
        for name in ("scale_grad_by_freq", "sparse"):
            if self.mode == "max" and getattr(self, name):
                raise self.fault(name, "must be False with mode 'max'", f"leave out {name}")
        self.require_rows(x)
        if self.embedding_dim < 1:
            raise self.fault("embedding_dim", "must be at least 1 to put rows together", "try 1")
        if bags < 1 and prod(x) > 0:
            name, shape = ("offsets", offsets) if offsets is not None else ("input", x)
            raise self.fault(name, "must make at least one bag for the indices", "let a bag begin at 0", value=shape)
        return (bags, self.embedding_dim)

    def _require_weights(self, x: Shape, factors: Shape | None) -> None:
        if factors is not None and factors != x:
            raise self.fault(
                "per_sample_weights", f"must have the input's shape {x}", "give one for each index", value=factors
            )
        if factors is not None and self.mode != "sum":
            raise self.fault(
                "per_sample_weights", "needs mode 'sum'", "set mode='sum' or leave them out", value=factors
            )

    def _bags(self, x: Shape, offsets: Shape | None) -> int:
        """How many bags there are."""
        if len(x) == 2:
            if offsets is not None:
                raise self.fault("offsets", "must be left out for an input with 2 axes", "leave it out", value=offsets)
            if x[1] == 0:
                raise self.fault("input", "must have at least one index in a bag", f"write ({x[0]}, 1)", value=x)
            return x[0]
        if len(x) != 1:
            raise self.fault("input", f"must have 1 or 2 axes, and has {len(x)}", "write (2, 4)", value=x)
        if offsets is None:
            raise self.fault(
                "input", "needs offsets where it has 1 axis", f"give offsets, or write (1, {int(x[0])})", value=x
            )
        if len(offsets) != 1:
            raise self.fault("offsets", f"must have 1 axis, and has {len(offsets)}", "write (2,)", value=offsets)
        if not self.include_last_offset:
            return offsets[0]
        if offsets[0] < 1:
            raise self.fault(
                "offsets", "must have at least one number with include_last_offset", "write (2,)", value=offsets
            )
        return offsets[0] - 1

    def costs(self, x: Shape) -> Iterator[Cost]:
        yield Cost("look up a row for each index", prod(x), "lookup")
        unit = "comparison" if self.mode == "max" else "addition"
        yield Cost("put the numbers of the rows together", prod(x) * self.embedding_dim, unit)

    def input_symbols(self, rank: int, name: str = "input") -> tuple[str, ...]:
        return ("B", "n") if rank == 2 else tuple(f"n_{i}" for i in range(1, rank + 1)) if rank != 1 else ("n",)

    def picture(self, x: Shape) -> str:
        bags = x[0] if len(x) == 2 else 1
        parts = [
            (self.lines((0, 2), (4, 5)), f"the table: {self.num_embeddings:,} × {self.embedding_dim:,}"),
            (self.answer(bags), f"one row for each of {bags:,} bags" if bags != 1 else "one row for the bag"),
        ]
        words = {"mean": "the mean of its rows", "sum": "the sum of its rows", "max": "the largest of each column"}
        caption = f"Here the first bag holds 0 and 2, the second 4 and 5. A bag becomes {words[self.mode]}."
        return figure(parts, caption, [("first", "first bag"), ("second", "second bag")])
