"""Questions about convolution with values."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import Any

import calc
from calc.exercise import Exercise, Posed
from calc.scene import digits
from calc.values.convolve import axes, correlate, terms, turned
from calc.values.matrix import Matrix, transposed
from calc.worked import dot_text


def rows_text(matrix: Matrix) -> str:
    """A matrix in a sentence: its rows in brackets."""
    return ", ".join(f"({', '.join(digits(number) for number in row)})" for row in matrix)


def drawn(draw: Random, rows: int, columns: int, least: int, most: int) -> Matrix:
    """Whole numbers from `least` to `most`."""
    return tuple(tuple(draw.randint(least, most) for _ in range(columns)) for _ in range(rows))


@dataclass(frozen=True)
class ConvolvedCell(Exercise):
    """Ask for one number of a convolution's output."""

    def pose(self, draw: Random) -> Posed:
        image, kernel = drawn(draw, 3, 3, 0, 9), drawn(draw, 2, 2, -3, 3)
        row, column = draw.choice([(0, 1), (1, 0), (1, 1)])
        output = correlate(image, kernel)
        pairs = terms(image, kernel, axes((3, 3), (2, 2)), (row, column))
        solution = output[row][column]
        return Posed(
            f"An image has the rows {rows_text(image)}, a kernel the rows {rows_text(kernel)}. Stride 1, no padding. "
            f"What is the output of a framework's convolution in row {row + 1}, column {column + 1}?",
            solution,
            f"The kernel is laid on as it is: {dot_text(pairs)} = {digits(solution)}.",
            {
                output[0][0]: "That is the output in row 1, column 1: move the kernel.",
                correlate(image, transposed(kernel))[row][column]: "You read the kernel by columns.",
                correlate(image, turned(kernel))[row][
                    column
                ]: "You turned the kernel by 180°, which no framework does.",
            },
        )


@dataclass(frozen=True)
class ConvolvedSize(Exercise):
    """Ask for a convolution's output size along one axis."""

    def pose(self, draw: Random) -> Posed:
        k, s, p, d = draw.choice((2, 3, 5)), draw.choice((1, 2, 3)), draw.randint(1, 3), draw.choice((1, 2))
        n = draw.randint(12, 60)

        def size(**changed: int) -> int:
            given = {"kernel_size": k, "stride": s, "padding": p, "dilation": d} | changed
            shape: Any = calc.layer("Conv1d", in_channels=1, out_channels=1, **given)((1, 1, n))
            return int(shape[2])

        reach = d * (k - 1) + 1
        return Posed(
            f"{n} cells, a kernel of {k}, stride {s}, dilation {d}, and p = {p} zeros on each side. How many places "
            "does the kernel have?",
            size(),
            f"The kernel spans {d} · ({k} − 1) + 1 = {reach} of {n} + 2 · {p} = {n + 2 * p} cells: "
            f"⌊({n + 2 * p} − {reach}) / {s}⌋ + 1 = {size()}.",
            {
                size() - 1: "The place where the kernel starts counts as well: add 1.",
                size(dilation=1): "Dilation makes the kernel span more cells.",
                size(padding=0): "You left the padding out.",
                (n + p - reach) // s + 1: "p is per side here: in all 2p zeros are added.",
            },
        )


@dataclass(frozen=True)
class CausalZeros(Exercise):
    """Ask how many zeros make a convolution causal."""

    def pose(self, draw: Random) -> Posed:
        k, d = draw.randint(2, 9), draw.choice((1, 2, 4, 8, 16))
        [axis] = axes((32,), (k,), padding="causal", dilation=d)
        return Posed(
            f"A convolution over text has a kernel of {k} words with dilation {d}. How many zero vectors stand before "
            "the first word, so that there is an output for each word, and none sees a later one?",
            axis.before,
            f"The kernel spans {axis.span} words and must end at the output's own: {axis.span} − 1 = {axis.before} "
            "before it.",
            {
                k - 1: "With dilation the kernel spans more words than it has rows.",
                axis.span: "The output's own word is under the kernel, too.",
                axis.before // 2: "Half of it on each side is padding='same', which sees later words.",
            },
        )
