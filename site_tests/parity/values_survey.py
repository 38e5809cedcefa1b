"""Compare the values behind every demo with the live PyTorch, and count."""

from __future__ import annotations

from functools import cache
from importlib.metadata import version
from random import Random
from typing import Any

from calc.calculators import DEMOS
from calc.exercises import EXERCISES
from site_tests.evidence import values_behind, values_digest
from site_tests.values import cases, difference, plain

SEEDS = range(1000, 1200)


def compared() -> list[str]:
    """The demos whose values some case is about."""
    return [name for name in DEMOS if name not in EXERCISES and cases_of(name)]


def cases_of(demo: str) -> list[str]:
    """The cases that compare what a demo computes with."""
    behind = values_behind(DEMOS[demo].__module__)
    return [
        name
        for name, case in cases().items()
        # What a case asks is one of these functions, or is wrapped beside the case.
        if case.ours.__module__ in behind
        or (not case.ours.__module__.startswith("calc.") and behind & values_behind(case.ours.__module__))
    ]


@cache
def disagreements(name: str) -> tuple[str, ...]:
    """Where a case's answers differ from PyTorch's by more than the tolerance."""
    case = cases()[name]
    found = []
    for seed in SEEDS:
        ours, theirs = (plain(ask(**case.draw(Random(seed)))) for ask in (case.ours, case.theirs))
        if text := difference(ours, theirs):
            found.append(f"{name}, seed {seed}: {text}")
    return tuple(found)


def survey(demo: str) -> tuple[dict[str, Any], list[str]]:
    """A demo's line, and what disagreed."""
    texts = [text for name in cases_of(demo) for text in disagreements(name)]
    return {
        "framework": "PyTorch",
        "version": version("torch").partition("+")[0],
        "agreed": len(cases_of(demo)) * len(SEEDS) - len(texts),
        "disagreed": len(texts),
        "source": values_digest(DEMOS[demo].__module__),
    }, texts
