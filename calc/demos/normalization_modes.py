"""Batch norm in training and at inference: the running statistics, batch after batch."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

from calc.demo import Demo
from calc.demos.growth_picture import short
from calc.demos.normalization_code import module, refused_code, trained_code
from calc.demos.normalization_text import bracketed, numbers_text
from calc.knob import Choice, Real, Table, knob
from calc.markup import plain
from calc.panels.snippet import snippet
from calc.panels.table import Typeset
from calc.picture import figure
from calc.scene import Grid, at, digits, matrix_text, numbers
from calc.stage import Stop, stage
from calc.values.matrix import Matrix, Vector
from calc.values.normalize import by_statistics, mean, moved, normalized, refusal, sharing, variance
from calc.worked import factor, facts, products, steps, tex

PYTORCH, KERAS = "PyTorch", "Keras"


@dataclass(frozen=True)
class Seen:
    """What a batch gives, feature by feature, and the running statistics after it."""

    means: Vector
    variances: Vector
    taken: Vector
    """The variances as they enter the running ones."""
    running_mean: Vector
    running_var: Vector


@dataclass(frozen=True)
class BatchNormModes(Demo):
    """Show batch norm's running mean and variance after each batch, and what inference makes of them."""

    heading: ClassVar[str] = "Training and inference"
    titles: ClassVar[Mapping[str, str]] = {
        "answer": "",
        "picture": "Batch after batch",
        "modes": "The last batch, in both modes",
        "steps": "Step by step",
        "torch": "PyTorch",
    }
    stages: ClassVar[tuple[str, ...]] = ("picture",)

    batches: tuple[Matrix, ...] = knob(
        (((1, 2), (3, 2), (5, 8)), ((2, 4), (4, 0), (6, 2)), ((3, 3), (1, 9), (5, 6))),
        kind=Table(axes=3, rows=5, columns=4, blocks=4),
        about="a matrix for each batch, with an empty line between: a line for each sample, a column for each feature",
    )
    framework: str = knob(
        PYTORCH, kind=Choice((PYTORCH, KERAS)), about="whose momentum and whose running variance: they differ"
    )
    momentum: float = knob(
        0.1, kind=Real(0, 1), about="the share of the new batch in PyTorch; the share of what was there in Keras"
    )
    weight: Vector | None = knob(
        None, symbol="γ", kind=Table(axes=1, columns=4, empty="1 everywhere"), about="one for each feature"
    )
    bias: Vector | None = knob(
        None, symbol="β", kind=Table(axes=1, columns=4, empty="0 everywhere"), about="one for each feature"
    )
    eps: float = knob(1e-5, symbol="ε", kind=Real(1e-12, 100), about="what is added to the variance, within the root")

    def check(self) -> None:
        super().check()
        for name in ("weight", "bias"):
            given = getattr(self, name)
            if given is not None and len(given) != self.features:
                rule = f"must have {self.features} numbers, one for each feature, and has {len(given)}"
                raise self.fault(name, rule, "leave it blank")

    @property
    def features(self) -> int:
        """How many columns."""
        return len(self.batches[0][0])

    @property
    def single(self) -> bool:
        """Whether a batch is one sample, so that a feature has one number to average."""
        return len(self.batches[0]) == 1

    @property
    def share(self) -> float:
        """How much of a new batch enters the running statistics."""
        return self.momentum if self.framework == PYTORCH else 1 - self.momentum

    @cached_property
    def seen(self) -> list[Seen]:
        """All batches in their order."""
        found: list[Seen] = []
        running = ((0.0,) * self.features, (1.0,) * self.features)
        for batch in self.batches:
            columns = list(zip(*batch, strict=True))
            means, variances = tuple(map(mean, columns)), tuple(map(variance, columns))
            unbiased = self.framework == PYTORCH
            taken = tuple(variance(column, unbiased=unbiased) for column in columns)
            if not self.refused:
                running = (moved(running[0], means, self.share), moved(running[1], taken, self.share))
            found.append(Seen(means, variances, taken, *running))
        return found

    @property
    def refused(self) -> bool:
        """Whether PyTorch does not train on this."""
        return self.single and self.framework == PYTORCH

    def outputs(self) -> tuple[Matrix, Matrix]:
        """The last batch in training and at inference."""
        batch, last = self.batches[-1], self._kept()
        group = sharing("batch", (len(batch), self.features))
        trained: Matrix = normalized(batch, group, group, self.weight, self.bias, self.eps).output
        inferred: Matrix = by_statistics(batch, *last, self.weight, self.bias, self.eps)
        return trained, inferred

    def _kept(self) -> tuple[Vector, Vector]:
        """The running statistics that inference uses."""
        return self.seen[-1].running_mean, self.seen[-1].running_var

    def answer(self, typeset: Typeset) -> str:
        """The running statistics at the end."""
        means, variances = self._kept()
        after = "as at the start" if self.refused else f"after {len(self.batches)} batches"
        entries = [
            ("Running mean", ", ".join(map(digits, means)), after),
            ("Running variance", ", ".join(map(digits, variances)), after),
            (
                "Of each new batch",
                f"{digits(100 * self.share)}%",
                f"momentum {digits(self.momentum)} in {self.framework}",
            ),
        ]
        said = ""
        if self.single:
            said = "A batch of one sample: its mean is the sample itself and its variance 0, so every result is β."
        if self.refused:
            shape = (1, self.features)
            said += f" PyTorch refuses it in training. ValueError: {refusal(shape)}"
        return facts(entries) + (f'<p class="calc-wrong">{plain(said)}</p>' if said else "")

    def picture(self, typeset: Typeset) -> str:
        """Each batch with its statistics and the running ones after it."""
        drawn = []
        for number, (batch, seen) in enumerate(zip(self.batches, self.seen, strict=True)):
            count = number + 1
            given = numbers(
                at("x", number),
                batch,
                f"Batch {count}: {matrix_text(batch)}.",
                rows=[f"sample {row}" for row in range(1, len(batch) + 1)],
                columns=self._columns(),
            )
            rows = self._rows(seen)
            texts = [list(map(digits, values)) for values in rows.values()]
            said = "; ".join(f"{name} {', '.join(line)}" for name, line in zip(rows, texts, strict=True))
            after = Grid(at("s", number), texts, _kind(len(rows)), rows=list(rows), columns=self._columns())
            parts = [(given, f"batch {count}"), (after.svg(f"After batch {count}: {said}."), f"after batch {count}")]
            drawn.append(figure(parts, f"Batch {count} of {len(self.batches)}; the columns are features."))
        label = "Running statistics; arrow keys go from cell to cell"
        return stage("".join(drawn), self._stops(), notes=self._notes(), label=label)

    def _columns(self) -> list[str]:
        return [str(column) for column in range(1, self.features + 1)]

    def _rows(self, seen: Seen) -> dict[str, Vector]:
        rows = {"mean": seen.means, "variance, / n": seen.variances}
        if self.framework == PYTORCH and not self.refused:
            rows["variance, / (n − 1)"] = seen.taken
        shown = (seen.running_mean, seen.running_var)
        return rows | {"running mean": shown[0], "running variance": shown[1]}

    def _stops(self) -> Iterator[Stop]:
        names = list(self._rows(self.seen[0]))
        old = ((0.0,) * self.features, (1.0,) * self.features)
        for number, (batch, seen) in enumerate(zip(self.batches, self.seen, strict=True)):
            for column in range(self.features):
                values = [row[column] for row in batch]
                lights = [at("x", number, row, column) for row in range(len(batch))]
                start = f"Batch {number + 1}, feature {column + 1}"
                count = len(values)
                middle = seen.means[column]
                squares = " + ".join(f"({digits(value)} − {bracketed(middle)})²" for value in values)
                said = [
                    f"the mean is ({numbers_text(values, ' + ')}) / {count} = {digits(middle)}.",
                    f"the variance is ({squares}) / {count} = {digits(seen.variances[column])}; in training its "
                    "root is divided by.",
                ]
                if self.framework == PYTORCH and not self.refused:
                    over = f"({squares}) / {count - 1} = {digits(seen.taken[column])}"
                    said.append(f"for the running variance PyTorch divides by {count - 1}: {over}.")
                for which, new in enumerate((seen.means, seen.taken)):
                    made = (seen.running_mean, seen.running_var)[which][column]
                    what = ("mean", "variance")[which]
                    if self.refused:
                        said.append(f"PyTorch has refused the batch, so the running {what} stays {digits(made)}.")
                    else:
                        said.append(f"the running {what} becomes {self._mixed(old[which][column], new[column], made)}.")
                for row, words in enumerate(said):
                    lit = lights if row < len(names) - 2 else self._sources(number, column, row)
                    yield Stop(at("s", number, row, column), lit, f"{start}: {words}")
            old = (seen.running_mean, seen.running_var)

    def _mixed(self, old: float, new: float, made: float) -> str:
        parts = f"{digits(1 - self.share)}·{bracketed(old)} + {digits(self.share)}·{bracketed(new)}"
        return f"{parts} = {digits(made)}"

    def _sources(self, number: int, column: int, row: int) -> list[str]:
        """Of a running statistic: the one before, and the batch's."""
        last = len(self._rows(self.seen[0])) - 1
        batch = 0 if row == last - 1 else last - 2
        before = [at("s", number - 1, row, column)] if number else []
        return [*before, at("s", number, batch, column)]

    def _notes(self) -> Iterator[Stop]:
        last = 2 if self.refused else len(self._rows(self.seen[0]))
        for number, batch in enumerate(self.batches):
            for row, sample in enumerate(batch):
                for column, value in enumerate(sample):
                    said = f"{digits(value)} goes into the statistics of feature {column + 1}, and of no other."
                    yield Stop(at("x", number, row, column), [at("s", number, r, column) for r in range(last)], said)

    def modes(self, typeset: Typeset) -> str:
        """The last batch with its own statistics, and with the running ones."""
        trained, inferred = self.outputs()
        drawn = [
            (numbers("t", trained, f"In training: {matrix_text(trained)}."), "training: the batch's own statistics"),
            (numbers("i", inferred, f"At inference: {matrix_text(inferred)}."), "inference: the running statistics"),
        ]
        caption = "At inference a sample's result no longer depends on what else is in the batch."
        return figure(drawn, caption, arrows=False)

    def steps(self, typeset: Typeset) -> str:
        """The first feature through all batches, then its first number at inference."""
        lines = []
        old = (0.0, 1.0)
        for number, seen in enumerate([] if self.refused else self.seen, 1):
            new = (seen.running_mean[0], seen.running_var[0])
            given = (seen.means[0], seen.taken[0])
            for which, symbol in enumerate((r"\mu", r"\sigma^2")):
                before, after = (
                    f"{symbol}_{{\\text{{running}},{number - 1}}}",
                    f"{symbol}_{{\\text{{running}},{number}}}",
                )
                formula = rf"{tex(1 - self.share)} \cdot {before} + {tex(self.share)} \cdot {symbol}_{{{number}}}"
                put = products([(1 - self.share, old[which]), (self.share, given[which])])
                lines.append((after, formula, put, tex(new[which])))
            old = new
        means, variances = self._kept()
        first, inferred = self.batches[-1][0][0], self.outputs()[1][0][0]
        gamma, beta = (self.weight or (1.0,))[0], (self.bias or (0.0,))[0]
        root = rf"\sqrt{{{tex(variances[0])} + {short(self.eps, tex=True)}}}"
        put = rf"{tex(gamma)} \cdot \frac{{{tex(first)} - {factor(means[0])}}}{{{root}}} + {factor(beta)}"
        formula = r"\gamma \, \frac{x - \mu_{\text{running}}}{\sqrt{\sigma^2_{\text{running}} + \varepsilon}} + \beta"
        lines.append((r"y_{\text{inference}}", formula, put, tex(inferred)))
        return steps(lines, typeset)

    def torch(self, typeset: Typeset) -> str:
        """The same in PyTorch, in either convention."""
        learned = {"weight": self.weight, "bias": self.bias}
        start = module(self.features, learned, self.eps, self.share)
        if self.refused:
            return snippet(start + refused_code(self.batches[0]))
        kept = self._kept()
        inferred = self.outputs()[1]
        return snippet(start + trained_code(self.batches, kept, inferred, biased=self.framework == KERAS))


def _kind(rows: int) -> Callable[[int, int], str]:
    """The last two rows are what is kept."""
    return lambda row, column: "state" if row >= rows - 2 else "data"
