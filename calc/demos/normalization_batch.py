"""Batch norm and layer norm on one matrix, with a sample more or less."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

from calc.demo import Demo
from calc.demos.normalization_code import rounded
from calc.demos.normalization_text import numbers_text
from calc.knob import Real, Table, knob
from calc.markup import plain
from calc.panels.printed import prints, tensor
from calc.panels.snippet import snippet
from calc.panels.table import Typeset
from calc.picture import figure
from calc.scene import Grid, at, digits, matrix_text, numbers
from calc.stage import Stop, stage
from calc.values.matrix import Matrix, Rows, Vector
from calc.values.normalize import layer_norm, mean, normalized, sharing
from calc.worked import facts

EQUAL = 1e-9
NORMS = {"b": "batch norm", "l": "layer norm"}


def both(x: Rows, eps: float) -> dict[str, Matrix]:
    """Batch norm in training and layer norm of one matrix."""
    group = sharing("batch", (len(x), len(x[0])))
    return {"b": normalized(x, group, group, eps=eps).output, "l": layer_norm(x, eps=eps)}


@dataclass(frozen=True)
class SameMatrix(Demo):
    """Show batch norm and layer norm of the same samples, before and after one joins or leaves the batch."""

    heading: ClassVar[str] = "The same matrix, one sample more or less"
    titles: ClassVar[Mapping[str, str]] = {"answer": "", "picture": "What changes", "torch": "PyTorch"}
    stages: ClassVar[tuple[str, ...]] = ("picture",)

    x: Matrix = knob(
        ((1, 2, 3, 4), (3, 2, 5, 8), (5, 8, 7, 0)),
        kind=Table(rows=4, columns=5),
        about="the batch: a line for each sample, a column for each feature",
    )
    joining: Vector | None = knob(
        (7, 0, 1, 8),
        kind=Table(axes=1, columns=5, empty="the last one leaves"),
        about="a sample that joins the batch; left blank, the last one leaves it instead",
    )
    eps: float = knob(1e-5, symbol="ε", kind=Real(1e-12, 100), about="what is added to the variance, within the root")

    def check(self) -> None:
        super().check()
        wide = len(self.x[0])
        if self.joining is not None and len(self.joining) != wide:
            rule = f"must have {wide} numbers like the samples of x, and has {len(self.joining)}"
            raise self.fault("joining", rule, "leave it blank to take the last sample away")
        least = 2 if self.joining is not None else 3
        if len(self.x) < least:
            rule = f"must have at least {least} samples, so that two are left to average"
            raise self.fault("x", rule, "type another line", value=matrix_text(self.x))

    @property
    def changed(self) -> Matrix:
        """The batch afterwards."""
        return (*self.x, self.joining) if self.joining is not None else self.x[:-1]

    @property
    def staying(self) -> int:
        """How many samples are in both batches."""
        return min(len(self.x), len(self.changed))

    @cached_property
    def results(self) -> tuple[dict[str, Matrix], dict[str, Matrix]]:
        """Before and after."""
        return both(self.x, self.eps), both(self.changed, self.eps)

    def differs(self, norm: str, row: int, column: int) -> bool:
        """Whether a number that is in both batches has got another result."""
        before, after = self.results
        return abs(before[norm][row][column] - after[norm][row][column]) > EQUAL

    def counts(self) -> dict[str, int]:
        """How many results of the samples that stay are others."""
        places = [(row, column) for row in range(self.staying) for column in range(len(self.x[0]))]
        return {norm: sum(self.differs(norm, *place) for place in places) for norm in NORMS}

    def answer(self, typeset: Typeset) -> str:
        """How many results change."""
        every = self.staying * len(self.x[0])
        counted = self.counts()
        event = "when a sample joins" if self.joining is not None else "when the last one leaves"
        return facts(
            [
                ("Batch norm", f"{counted['b']} of {every} change", event),
                ("Layer norm", f"{counted['l']} of {every} change", event),
            ]
        )

    def picture(self, typeset: Typeset) -> str:
        """The batch, then each norm before and after."""
        event = "a sample has joined" if self.joining is not None else "the last one has left"
        given = [
            (numbers("x", self.x, f"x: {matrix_text(self.x)}.", rows=self._names(len(self.x))), "the batch"),
            (self._after("z", self.changed, ""), event),
        ]
        drawn = [figure(given, "Each row is a sample, each column a feature.")]
        before, after = self.results
        for norm, name in NORMS.items():
            said = f"{name.capitalize()} before: {matrix_text(before[norm])}."
            grid = numbers(at(norm, 0), before[norm], said, rows=self._names(len(self.x)))
            axis = "down the columns" if norm == "b" else "along the rows"
            parts = [(grid, f"{name}, {axis}"), (self._after(norm, after[norm], norm), event)]
            count = self.counts()[norm]
            caption = f"{name.capitalize()}: {count or 'none'} of the {self.staying * len(self.x[0])} results changed."
            legend = [("overlap", "changed")] * bool(count) + [("state", "joined")] * bool(self.joining)
            drawn.append(figure(parts, caption, legend))
        label = "Both norms, before and after; arrow keys go from cell to cell"
        return stage("".join(drawn), self._stops(), notes=self._notes(), label=label)

    def _names(self, count: int) -> list[str]:
        return [str(number) for number in range(1, count + 1)]

    def _after(self, name: str, matrix: Matrix, norm: str) -> str:
        """A matrix of the changed batch; of a norm's results those that are others stand out."""

        def kind(row: int, column: int) -> str:
            if row >= self.staying:
                return "state"
            return "overlap" if norm and self.differs(norm, row, column) else "data"

        texts = [[digits(number) for number in row] for row in matrix]
        called = at(name, 1) if norm else name
        what = f"{NORMS[norm]} afterwards" if norm else "The batch afterwards"
        return Grid(called, texts, kind, rows=self._names(len(matrix))).svg(f"{what}: {matrix_text(matrix)}.")

    def _stops(self) -> Iterator[Stop]:
        wide = len(self.x[0])
        for column in range(wide):
            old, new = ([row[column] for row in batch] for batch in (self.x, self.changed))
            lights = [at("x", row, column) for row in range(len(old))] + [
                at("z", row, column) for row in range(len(new))
            ]
            said = f"Batch norm, feature {column + 1}: the mean was ({numbers_text(old, ' + ')}) / {len(old)} = "
            said += f"{digits(mean(old))} and is ({numbers_text(new, ' + ')}) / {len(new)} = {digits(mean(new))}."
            yield Stop(at("z", len(new) - 1, column), lights, said)
            yield from (self._compared("b", row, column) for row in range(self.staying))
        for row in range(self.staying):
            own = self.x[row]
            lights = [at(name, row, column) for name in ("x", "z") for column in range(wide)]
            said = f"Layer norm, sample {row + 1}: the mean is ({numbers_text(own, ' + ')}) / {wide} = "
            yield Stop(at("x", row, 0), lights, f"{said}{digits(mean(own))}, before and after.")
            yield from (self._compared("l", row, column) for column in range(wide))

    def _compared(self, norm: str, row: int, column: int) -> Stop:
        """One result before and after."""
        before, after = (found[norm][row][column] for found in self.results)
        lights = [at(norm, 0, row, column), at("x", row, column), at("z", row, column)]
        start = f"{NORMS[norm].capitalize()} of sample {row + 1}, feature {column + 1}"
        said = f"{start}: {digits(before)} became {digits(after)}."
        if not self.differs(norm, row, column):
            said = f"{start}: {digits(before)} before and after."
        return Stop(at(norm, 1, row, column), lights, said)

    def _notes(self) -> Iterator[Stop]:
        for norm, name in NORMS.items():
            for row in range(self.staying):
                for column in range(len(self.x[0])):
                    wide = [(row, other) for other in range(len(self.x[0]))]
                    high = [(other, column) for other in range(len(self.x))]
                    lights = [at("x", *place) for place in (high if norm == "b" else wide)]
                    with_whom = "its column" if norm == "b" else "its row"
                    said = (
                        f"{name.capitalize()} makes it from {with_whom}: {digits(self.results[0][norm][row][column])}."
                    )
                    yield Stop(at(norm, 0, row, column), lights, said)

    def torch(self, typeset: Typeset) -> str:
        """Both layers before and after, and whether they agree."""
        words = {norm: str(not count) for norm, count in self.counts().items()}
        eps = f"eps={self.eps:g}"
        return snippet(
            "import torch\nfrom torch.nn import functional as F\n\n\ndef batch_norm(x):\n"
            f"    return F.batch_norm(x, None, None, training=True, {eps})\n\n\ndef layer_norm(x):\n"
            f"    return F.layer_norm(x, ({len(self.x[0])},), {eps})\n\n\n"
            f"x = {tensor(self.x, 4)}\nz = {tensor(self.changed, 4)}\nn = {self.staying}  # samples in both\n\n"
            f"print(torch.allclose(batch_norm(x)[:n], batch_norm(z)[:n]))  # {plain(words['b'])}\n"
            f"print(torch.allclose(layer_norm(x)[:n], layer_norm(z)[:n]))  # {plain(words['l'])}\n\n"
            f"{prints('layer_norm(z).round(decimals=4) + 0', rounded(self.results[1]['l']))}\n"
        )
