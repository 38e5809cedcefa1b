"""Values that a demo computes, beside the same from PyTorch: one module a family, each with `CASES` and `TRUTH`.

A case draws its inputs from a seed, computes them with `calc.values`, and knows how to
ask PyTorch. `make record` writes PyTorch's answers down, so that the unit tests hold them
without PyTorch; the parity level asks it anew.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from random import Random
from typing import Any

TOLERANCE = 1e-6


@dataclass(frozen=True)
class Case:
    """One function of `calc`: inputs by name from a seed, our answer, and the framework's (imported within)."""

    draw: Callable[[Random], dict[str, Any]]
    ours: Callable[..., Any]
    theirs: Callable[..., Any]


def cases() -> dict[str, Case]:
    """Every case under its name, such as `masks.subsequent_mask`."""
    found: dict[str, Case] = {}
    for module in iter_modules([str(Path(__file__).parent)]):
        family = import_module(f"{__name__}.{module.name}").CASES
        found |= {f"{module.name}.{name}": case for name, case in family.items()}
    return found


def truth() -> dict[str, Callable[[dict[str, Any]], Any]]:
    """For each group of answers in `../shared/truth`: ours to the same inputs."""
    found: dict[str, Callable[[dict[str, Any]], Any]] = {}
    for module in iter_modules([str(Path(__file__).parent)]):
        found |= import_module(f"{__name__}.{module.name}").TRUTH
    return found


def difference(one: Any, other: Any) -> str | None:
    """Where two nested answers differ by more than the tolerance; nothing where they agree."""
    if isinstance(one, dict) or isinstance(other, dict):
        if sorted(one) != sorted(other):
            return f"{sorted(one)} against {sorted(other)}"
        return next((f"{key}: {found}" for key in one if (found := difference(one[key], other[key]))), None)
    if isinstance(one, (list, tuple)) or isinstance(other, (list, tuple)):
        if not isinstance(one, (list, tuple)) or not isinstance(other, (list, tuple)) or len(one) != len(other):
            return f"{one!r:.60} against {other!r:.60}"
        pairs = enumerate(zip(one, other, strict=True))
        return next((f"[{at}] {found}" for at, pair in pairs if (found := difference(*pair))), None)
    if isinstance(one, bool) or isinstance(other, bool) or one is None or other is None:
        return None if one is other or one == other else f"{one!r} against {other!r}"
    one, other = float(one), float(other)
    if one == other or (one != one and other != other):
        return None
    return None if abs(one - other) <= TOLERANCE * max(1.0, abs(other)) else f"{one!r} against {other!r}"


def plain(answer: Any) -> Any:
    """Tensors as nested lists, so that an answer can be compared and written down."""
    if hasattr(answer, "tolist"):
        return answer.tolist()
    if isinstance(answer, dict):
        return {key: plain(value) for key, value in answer.items()}
    if isinstance(answer, (list, tuple)):
        return [plain(each) for each in answer]
    return answer
