"""Questions about transposed convolution and upsampling."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from calc.exercise import Exercise, Posed
from calc.exercises.pooling_by_hand import drawn
from calc.layers.window import places, spread
from calc.scene import digits, matrix_text
from calc.values import resample, transposed
from calc.values.nested import at_cell
from calc.worked import dot_text


@dataclass(frozen=True)
class StampedSize(Exercise):
    """Ask how long an axis is after a transposed convolution."""

    def pose(self, draw: Random) -> Posed:
        n, k, s = draw.randint(3, 16), draw.randint(2, 5), draw.randint(2, 4)
        p, op = draw.randint(0, k // 2), draw.randint(0, s - 1)
        solution = spread(n, k, s, p, 1, op)
        slips = {
            float(n * s): f"That is {n}·{s}; it is right only where kernel, padding and output_padding happen to fit.",
            float(spread(n, k, s, p, 1, 0)): "That leaves out output_padding.",
            float(solution + 2 * p): "Padding cuts cells off here, on both sides.",
            float(places(n, k, s, p, None)): "That is the size of a convolution with these numbers.",
        }
        return Posed(
            f"A transposed convolution with kernel {k}, stride {s}, padding {p} and output_padding {op} is given {n} "
            "cells along an axis. How many come out?",
            solution,
            f"({n} − 1)·{s} − 2·{p} + {k} + {op} = {solution}.",
            slips,
        )


@dataclass(frozen=True)
class StampedCell(Exercise):
    """Ask for one number of a transposed convolution."""

    def pose(self, draw: Random) -> Posed:
        image, kernel, s = drawn(draw, 2, 2), drawn(draw, 3, 3), draw.randint(1, 2)
        on = transposed.stamp_axes((2, 2), (3, 3), s)
        place = (s, s)
        pairs = [
            (int(at_cell(image, cell)), int(at_cell(kernel, tap))) for cell, tap in transposed.parts((2, 2), on, place)
        ]
        solution = sum(one * other for one, other in pairs)
        assert solution == transposed.conv_transpose((image,), ((kernel,),), stride=s)[0][s][s]
        side = on[0].cells
        return Posed(
            f"The input {matrix_text(image)} and the kernel {matrix_text(kernel)} give {side} × {side} cells in a "
            f"transposed convolution with stride {s} and no padding. Which number stands in row {s + 1}, "
            f"column {s + 1}?",
            solution,
            f"Four stamps reach this cell, the last with its corner: {dot_text(pairs)} = {solution}.",
            {
                float(
                    pairs[-1][0] * pairs[-1][1]
                ): "That is the last stamp alone; three others reach the cell as well.",
                float(pairs[0][0] * pairs[0][1]): "That is the first stamp alone; three others reach the cell as well.",
            },
        )


@dataclass(frozen=True)
class BilinearCell(Exercise):
    """Ask for one number of a row that is interpolated."""

    def pose(self, draw: Random) -> Posed:
        row = (draw.randint(0, 20), draw.randint(0, 20))
        align, place = draw.random() < 0.5, draw.randint(1, 2)
        made = resample.shares((2,), (4,), (place,), "linear", align_corners=align)
        total = dot_text((weight, at_cell(row, cell)) for cell, weight in made)
        solution, other = (
            resample.interpolate(row, 4, "linear", align_corners=flag)[place] for flag in (align, not align)
        )
        where = digits(resample.point(2, 4, place, align_corners=align))
        return Posed(
            f"The two cells {row[0]}, {row[1]} become four by linear interpolation with align_corners={align}. Which "
            f"number stands in cell {place + 1}?",
            solution,
            f"Its middle lies {where} cells behind the first one's: {total} = {digits(solution)}.",
            {
                other: f"That is with align_corners={not align}.",
                float(row[place // 2]): "That is the nearest cell, copied.",
            },
        )
