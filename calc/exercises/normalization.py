"""Questions about normalisation."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from random import Random

from calc.exercise import Exercise, Posed
from calc.scene import digits
from calc.values.normalize import batch_norm, keras_batch_norm, layer_norm, mean, variance
from calc.worked import dot_text

EPS = 1e-5


@dataclass(frozen=True)
class OneNormalized(Exercise):
    """Ask for one number of a matrix after batch norm or layer norm."""

    def pose(self, draw: Random) -> Posed:
        matrix = tuple(tuple(draw.sample(range(10), 4)) for _ in range(3))
        by_column, by_row = batch_norm(matrix)["output"], layer_norm(matrix)
        batch = draw.random() < 0.5
        row, column = draw.randrange(3), draw.randrange(4)
        shared = [line[column] for line in matrix] if batch else list(matrix[row])
        solution, slip = (by_column, by_row) if batch else (by_row, by_column)
        name, axis = ("batch norm, in training,", "column") if batch else ("layer norm", "row")
        middle, spread = mean(shared), variance(shared)
        unbiased = (matrix[row][column] - middle) / sqrt(variance(shared, unbiased=True) + EPS)
        rows = "; ".join(" ".join(map(str, line)) for line in matrix)
        return Posed(
            f"Three samples of four features: {rows}. What does {name} make of the {matrix[row][column]} in row "
            f"{row + 1}, column {column + 1}? γ = 1, β = 0, four decimals.",
            solution[row][column],
            f"Its {axis} has the mean {digits(middle)} and the variance {digits(spread)}: "
            f"({matrix[row][column]} − {digits(middle)}) / √{digits(spread)} = {digits(solution[row][column])}.",
            {
                slip[row][column]: f"That is the other norm: here the numbers of a {axis} share a mean.",
                unbiased: "Almost: the variance divides by the number of cells, not by one less.",
            },
        )


@dataclass(frozen=True)
class RunningVariance(Exercise):
    """Ask for the running variance after one batch in PyTorch."""

    def pose(self, draw: Random) -> Posed:
        own = tuple(draw.sample(range(12), draw.randint(3, 4)))
        momentum = draw.choice([0.1, 0.2, 0.5])
        old = draw.randint(1, 5)
        column = tuple((number,) for number in own)
        [solution] = batch_norm(column, (0.0,), (float(old),), momentum=momentum)["running_var"]
        [biased] = keras_batch_norm(column, (0.0,), (float(old),), training=True, momentum=1 - momentum)[
            "moving_variance"
        ]
        new = variance(own, unbiased=True)
        turned = momentum * old + (1 - momentum) * new
        return Posed(
            f"A feature has the values {', '.join(map(str, own))} in a batch, and nn.BatchNorm1d with momentum="
            f"{digits(momentum)} is in training. Its running variance was {old}. What is it now, to four decimals?",
            solution,
            f"Around the mean {digits(mean(own))} the squares add up to {digits(new * (len(own) - 1))}; divided by "
            f"{len(own)} − 1 that is {digits(new)}. {dot_text([(1 - momentum, old), (momentum, new)])} = "
            f"{digits(solution)}.",
            {
                biased: "That divides by n, as Keras does: PyTorch's running variance divides by n − 1.",
                turned: "PyTorch's momentum is the share of the new batch, not of the old value.",
            },
        )


@dataclass(frozen=True)
class SharedMean(Exercise):
    """Ask how many numbers share a mean in a norm of images."""

    def pose(self, draw: Random) -> Posed:
        samples, groups = draw.choice([2, 4, 8, 16]), draw.choice([2, 4])
        channels, side = groups * draw.choice([2, 3, 8]), draw.randint(3, 9)
        counts = {
            "batch norm": (samples * side**2, f"{samples} · {side} · {side}: one channel, all samples and places"),
            "instance norm": (side**2, f"{side} · {side}: one channel of one sample"),
            f"group norm with {groups} groups": (
                channels // groups * side**2,
                f"{channels // groups} · {side} · {side}: the channels of one group, in one sample",
            ),
            "layer norm over all but the batch axis": (
                channels * side**2,
                f"{channels} · {side} · {side}: everything in one sample",
            ),
        }
        name = draw.choice(sorted(counts))
        solution, why = counts[name]
        slips: dict[float, str] = {
            count: f"That many share a mean in {other}." for other, (count, _) in counts.items() if count != solution
        }
        return Posed(
            f"Images as a tensor of shape ({samples}, {channels}, {side}, {side}). How many numbers share a mean in "
            f"{name}?",
            solution,
            f"{why}, {solution} numbers.",
            slips,
        )
