"""Normalisation by hand: which cells share a mean, the four steps, and the result."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from math import prod, sqrt
from typing import Any, ClassVar

from calc.demo import Demo
from calc.demos.normalization_code import torch_code
from calc.demos.normalization_text import abbreviated, shared_by
from calc.demos.normalization_told import first_group, notes, stops
from calc.knob import Choice, Real, Table, Whole, knob
from calc.panels.snippet import snippet
from calc.panels.table import Typeset
from calc.picture import figure, sizes
from calc.scene import Grid, at, digits
from calc.stage import stage
from calc.values.matrix import Vector
from calc.values.nested import Cell, Nested, at_cell, cells, filled, shape_of
from calc.values.normalize import Normalized, Sharing, normalized, sharing
from calc.worked import facts, steps

BATCH, LAYER, GROUP, INSTANCE, RMS = "batch", "layer", "group", "instance", "RMS"
HUES = 5
"""So many colours tell groups apart; then they begin again."""


@dataclass(frozen=True)
class NormalizationByHand(Demo):
    """Show which numbers share a mean, and the four steps from them to the result."""

    heading: ClassVar[str] = "Normalization"
    titles: ClassVar[Mapping[str, str]] = {
        "answer": "",
        "picture": "Who shares a mean",
        "steps": "Step by step",
        "torch": "PyTorch",
    }
    stages: ClassVar[tuple[str, ...]] = ("picture",)

    x: Nested = knob(
        (((1, 2, 3, 4), (3, 2, 5, 8), (5, 8, 7, 0)),),
        kind=Table(axes=3, rows=4, columns=5, blocks=3),
        about="a matrix: a line for each sample, a column for each feature; or, with empty lines between, a matrix for "
        "each sample: a line for each channel, a column for each position",
    )
    kind: str = knob(BATCH, kind=Choice((BATCH, LAYER, GROUP, INSTANCE, RMS)), about="which cells share a mean")
    num_groups: int = knob(2, symbol="G", kind=Whole(most=4), about="how many groups of channels, for kind group")
    weight: Vector | None = knob(
        None,
        symbol="γ",
        kind=Table(axes=1, columns=20, empty="1 everywhere"),
        about="the scale that is learned: one number for all, or one for each channel or feature",
    )
    bias: Vector | None = knob(
        None,
        symbol="β",
        kind=Table(axes=1, columns=20, empty="0 everywhere"),
        about="the shift that is learned, likewise; RMS norm has none",
    )
    eps: float = knob(1e-5, symbol="ε", kind=Real(1e-12, 100), about="what is added to the variance, within the root")

    def check(self) -> None:
        super().check()
        channels = self.shape[1]
        single = prod(self.shape) == channels and self.kind in (BATCH, GROUP)
        if single and (self.kind == BATCH or self.num_groups == channels):
            rule = "has one number for each mean: every result would be β, and PyTorch refuses that in training"
            raise self.fault("x", rule, "type a second sample")
        if self.kind == INSTANCE and prod(self.shape[2:]) == 1:
            hint = "type a matrix for each sample, with an empty line between"
            raise self.fault("kind", "needs several positions in each channel", hint)
        if self.kind == GROUP and channels % self.num_groups:
            hint = f"try {max(n for n in range(1, self.num_groups) if channels % n == 0)}"
            raise self.fault("num_groups", f"must divide the {channels} channels", hint)
        if self.kind == RMS and self.bias is not None:
            raise self.fault("bias", "is not part of RMS norm", "leave it blank")
        count = prod(self.learned_shape)
        for name in ("weight", "bias"):
            given = getattr(self, name)
            if given is not None and len(given) not in (1, count):
                rule = f"must be 1 number or {count}, and has {len(given)}"
                raise self.fault(name, rule, "type one number, which is taken for all")

    @cached_property
    def tensor(self) -> Nested:
        """(samples, features), or (samples, channels, positions)."""
        return self.x[0] if len(self.x) == 1 else self.x

    @property
    def shape(self) -> tuple[int, ...]:
        """Its shape."""
        return shape_of(self.tensor)

    @property
    def by_element(self) -> bool:
        """Whether gamma and beta belong to the elements of a sample, not to its channels."""
        return self.kind in (LAYER, RMS)

    @property
    def learned_shape(self) -> tuple[int, ...]:
        """The shape of gamma and beta."""
        return self.shape[1:] if self.by_element else self.shape[1:2]

    @property
    def sharing(self) -> Sharing:
        """For each cell its group."""
        return sharing(self.kind, self.shape, self.num_groups, len(self.shape) - 1)

    def spread_out(self, name: str) -> Nested:
        """Gamma or beta in full, where one number was given for all."""
        given = getattr(self, name)
        if given is None:
            return None
        every = cells(self.learned_shape)
        return filled(self.learned_shape, lambda cell: given[every.index(cell) if len(given) > 1 else 0])

    def learned_at(self, cell: Cell) -> Cell:
        """Where a cell's gamma and beta stand."""
        return cell[1:] if self.by_element else cell[1:2]

    @property
    def centred(self) -> bool:
        """Whether a mean is taken off."""
        return self.kind != RMS

    @property
    def shared(self) -> str:
        """What the cells of a group have in common."""
        return "a mean and a variance" if self.centred else "a mean square"

    def affine(self, cell: Cell) -> tuple[float, float]:
        """A cell's gamma and beta."""
        weight, bias = self.spread_out("weight"), self.spread_out("bias")
        where = self.learned_at(cell)
        return (1 if weight is None else at_cell(weight, where), 0 if bias is None else at_cell(bias, where))

    @cached_property
    def done(self) -> Normalized:
        """The four steps."""
        weight, bias = self.spread_out("weight"), self.spread_out("bias")
        return normalized(self.tensor, self.sharing, self.learned_at, weight, bias, self.eps, centred=self.centred)

    @cached_property
    def groups(self) -> list[Cell]:
        """The groups in the order of their first cells."""
        return list(self.done.members)

    def group_name(self, group: Cell) -> str:
        """A group in words."""
        return shared_by(self.kind, self.shape, group, self.num_groups)

    def answer(self, typeset: Typeset) -> str:
        """How many groups of how many cells, and what is learned."""
        each = len(self.done.members[self.groups[0]])
        learned = prod(self.learned_shape)
        remark = "of sample, channel and position" if len(self.shape) == 3 else "of sample and feature"
        both = ("γ", 1) if self.kind == RMS else ("γ and β", 2)
        members = f"{each} cells share {self.shared}" if each > 1 else "of one cell each"
        return facts(
            [
                ("Shape", sizes(self.shape), remark),
                ("Groups", str(len(self.groups)), members),
                ("Learned", str(both[1] * learned), f"{both[0]}: {learned}{' each' if both[1] > 1 else ''}"),
            ]
        )

    def picture(self, typeset: Typeset) -> str:
        """The tensor in the colours of its groups, their statistics, and the two results."""
        given = figure(
            [*self._drawn("x", self.tensor, "x"), (self._statistics(), "one row for each group")],
            f"Cells of one colour share {self.shared}. Point at a cell to see which they are.",
            arrows=False,
        )
        rms = self.kind == RMS
        hats = "Normalized: x divided by √(mean of x² + ε)." if rms else "Normalized: (x − mean) / √(variance + ε)."
        after = "Scaled by γ." if rms else "Scaled by γ and shifted by β."
        drawn = [self._drawn("h", self.done.scaled, "x̂"), self._drawn("y", self.done.output, "y")]
        if len(self.shape) == 2:
            made = figure(drawn[0] + drawn[1], f"{hats} Then {after[0].lower()}{after[1:]}")
        else:
            made = figure(drawn[0], hats, arrows=False) + figure(drawn[1], after, arrows=False)
        label = "Normalization; arrow keys go from cell to cell"
        return stage(given + made, stops(self), notes=notes(self), label=label)

    def _hue(self, cell: Cell) -> str:
        return f"share-{self.groups.index(self.sharing(cell)) % HUES}"

    def _drawn(self, name: str, tensor: Nested, symbol: str) -> list[tuple[str, str]]:
        """One grid, or one for each sample."""
        if len(self.shape) == 2:
            return [(self._grid(name, tensor, (), "sample", f"{symbol}: samples down, features to the right"), symbol)]
        return [
            (
                self._grid(at(name, sample), matrix, (sample,), "channel", f"{symbol} of sample {sample + 1}"),
                f"{symbol}, sample {sample + 1}",
            )
            for sample, matrix in enumerate(tensor)
        ]

    def _grid(self, name: str, matrix: Any, before: Cell, row: str, label: str) -> str:
        texts = [[digits(number) for number in line] for line in matrix]
        named = f"{row} " if name.startswith("x") else ""
        rows = [f"{named}{number}" for number in range(1, len(texts) + 1)]
        said = f"{label}: {'; '.join(' '.join(line) for line in texts)}."
        return Grid(name, texts, lambda r, c: self._hue((*before, r, c)), rows=rows).svg(said)

    def _statistics(self) -> str:
        texts = [[digits(number) for number in self.numbers(group)] for group in self.groups]
        names = [abbreviated(self.group_name(group)) for group in self.groups]
        said = "; ".join(f"{name}: {', '.join(row)}" for name, row in zip(names, texts, strict=True))
        middle = "mean" if self.kind != RMS else "taken off"
        spread = "variance" if self.kind != RMS else "mean of x²"
        heads = [middle, spread, "√(…+ε)"]
        hues = [f"share-{index % HUES}" for index in range(len(names))]
        # A column is as wide as its widest number, so a longer heading would lean.
        wide = max(len(head) for head in heads)
        padded = [[text.center(wide) for text in row] for row in texts]
        return Grid("s", padded, lambda r, c: hues[r], rows=names, columns=heads).svg(
            f"Mean, variance and root of each group. {said}."
        )

    def numbers(self, group: Cell) -> tuple[float, float, float]:
        """Mean, variance and the root that is divided by."""
        variance = self.done.variances[group]
        return self.done.means[group], variance, sqrt(variance + self.eps)

    def steps(self, typeset: Typeset) -> str:
        """The first group, and its first cell."""
        return steps(first_group(self), typeset)

    def torch(self, typeset: Typeset) -> str:
        """The same in PyTorch."""
        learned = {name: self.spread_out(name) for name in ("weight", "bias")}
        return snippet(torch_code(self.kind, self.tensor, self.done.output, learned, self.num_groups, self.eps))
