"""Timing functions by turns, so that a busy moment of the machine falls on all of them."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Sequence
from statistics import median


def by_turns(functions: Sequence[Callable[[], object]], runs: int) -> list[float]:
    """The median seconds of each function; each is run once before it counts."""
    times: list[list[float]] = [[] for _ in functions]
    for turn in range(runs + 1):
        for function, taken in zip(functions, times, strict=True):
            gc.collect()
            start = time.perf_counter()
            function()
            if turn:
                taken.append(time.perf_counter() - start)
    return [median(taken) for taken in times]
