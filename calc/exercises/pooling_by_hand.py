"""Questions about pools."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from calc.exercise import Exercise, Posed
from calc.layers.window import places, places_ceil
from calc.scene import digits, matrix_text
from calc.values import pool
from calc.values.convolve import flat
from calc.values.nested import at_cell


def drawn(draw: Random, rows: int, columns: int) -> tuple[tuple[int, ...], ...]:
    """A matrix of small whole numbers."""
    return tuple(tuple(draw.randint(0, 9) for _ in range(columns)) for _ in range(rows))


@dataclass(frozen=True)
class PooledCell(Exercise):
    """Ask for one number of a max pool or an average pool."""

    def pose(self, draw: Random) -> Posed:
        image = drawn(draw, 4, 4)
        place = (draw.randint(0, 1), draw.randint(0, 1))
        on = pool.pool_axes((4, 4), 2)
        cells = pool.covered(on, place)
        window = [int(at_cell(image, cell)) for cell in cells]
        largest, mean = max(window), sum(window) / 4
        is_max = draw.random() < 0.5
        shown, pooled = ", ".join(map(str, window)), "max" if is_max else "average"
        return Posed(
            f"A 4 × 4 image holds {matrix_text(image)}. What does a 2 × 2 {pooled} pool, stride left out, "
            f"give in row {place[0] + 1}, column {place[1] + 1}?",
            largest if is_max else mean,
            f"Stride left out is 2, so this window reads {shown}: "
            + (f"the largest is {largest}." if is_max else f"their mean is {sum(window)} / 4 = {digits(mean)}."),
            {
                float(mean if is_max else largest): f"That is the {'mean' if is_max else 'largest'} of the window.",
                float(sum(window)): "That is the sum of the window.",
                float(max(flat(image))): "That is the largest of the whole image.",
            },
        )


@dataclass(frozen=True)
class CeilModeSize(Exercise):
    """Ask how long an axis is after a pool that rounds up."""

    def pose(self, draw: Random) -> Posed:
        k = draw.randint(2, 3)
        n, s, p = draw.randint(5, 12), draw.randint(2, 3), draw.randint(0, k // 2)
        rounded, solution = -(-(n + 2 * p - k) // s) + 1, places_ceil(n, k, s, p, None)
        start = (rounded - 1) * s
        dropped = f"it would start at {start}, not before {n} + {p} = {n + p}, so it is dropped: {solution}."
        kept = f"it starts at {start}, before {n} + {p} = {n + p}, so it stays: {solution}."
        return Posed(
            f"{n} cells are pooled with kernel {k}, stride {s}, padding {p} on each side and ceil_mode=True. How many "
            "cells come out?",
            solution,
            f"⌈({n} + 2·{p} − {k}) / {s}⌉ + 1 = {rounded}. The last window, counted with the padding: "
            + (dropped if rounded != solution else kept),
            {
                float(rounded): "The last window would start in the right padding, so it is dropped.",
                float(places(n, k, s, p, None)): "That is rounded down, as without ceil_mode.",
            },
        )


@dataclass(frozen=True)
class PaddedCorner(Exercise):
    """Ask for the corner of an average pool with padding."""

    def pose(self, draw: Random) -> Posed:
        image = tuple(tuple(number + 1 for number in row) for row in drawn(draw, 3, 3))
        k, counts = draw.randint(2, 3), draw.random() < 0.5
        on = pool.pool_axes((3, 3), k, k, 1)
        window = [int(at_cell(image, cell)) for cell in pool.covered(on, (0, 0))]
        both = [sum(window) / pool.divisor(on, (0, 0), count_include_pad=flag) for flag in (True, False)]
        solution = pool.avg_pool(image, k, padding=1, count_include_pad=counts)[0][0]
        divisor = pool.divisor(on, (0, 0), count_include_pad=counts)
        total = f"{' + '.join(map(str, window))} = {sum(window)}" if len(window) > 1 else f"{window[0]}"
        return Posed(
            f"A 3 × 3 image holds {matrix_text(image)}. It is padded by 1 and average pooled with kernel {k} and "
            f"count_include_pad={counts}. What stands in the upper left corner?",
            solution,
            f"The window covers {k * k} cells, {len(window)} of the image: {total}, divided by {divisor}, is "
            f"{digits(solution)}.",
            {both[1] if counts else both[0]: f"That is with count_include_pad={not counts}."},
        )
