"""The modules of two models side by side: one order for both, and one cut through both trees."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from math import prod
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from calc.report import Report, TraceRow
    from calc.tensor import Shape


@dataclass
class ModuleOf:
    """A module of a model: its class, its own tensors, and the rows that it or functions in it made."""

    path: str
    kind: str
    tensors: dict[str, Shape] = field(default_factory=dict)
    rows: list[TraceRow] = field(default_factory=list)

    @cached_property
    def params(self) -> int:
        """How many numbers it learns itself, its parts apart."""
        return sum(map(prod, self.tensors.values()))

    @cached_property
    def macs(self) -> int:
        """The multiply-adds of its own calls and functions."""
        return sum(row.macs for row in self.rows)

    @property
    def functions(self) -> list[str]:
        """The functions that it calls itself, in their order."""
        return [row.kind for row in self.rows if row.kind != self.kind]

    @property
    def calls(self) -> list[TraceRow]:
        """The rows of the module as one call."""
        return [row for row in self.rows if row.kind == self.kind]


def modules_of(report: Report) -> dict[str, ModuleOf]:
    """Every module under its path; the model itself is ""."""
    found = {path: ModuleOf(path, kind) for path, kind in report.modules}
    for name, shape in report.parameters:
        # Keras writes dense/kernel, PyTorch body.0.weight.
        path, _, own = name.rpartition("/" if "/" in name else ".")
        found.setdefault(path, ModuleOf(path, "")).tensors[own] = shape
    for row in report.rows:
        found.setdefault(row.path, ModuleOf(row.path, row.kind)).rows.append(row)
    return found


def merged(one: Iterable[str], other: Iterable[str]) -> list[str]:
    """Both orders in one: what is only in the other stands behind what it follows there.

    Examples:
        >>> merged(["a", "b", "d"], ["a", "c", "d", "e"])
        ['a', 'b', 'c', 'd', 'e']
    """
    first, second = list(one), list(other)
    place, shared = {name: at for at, name in enumerate(first)}, set(second)
    out, at = [], 0
    for each in second:
        if each not in place:
            while at < len(first) and first[at] not in shared:
                out.append(first[at])
                at += 1
            out.append(each)
        elif place[each] >= at:
            out += first[at : place[each] + 1]
            at = place[each] + 1
    return out + first[at:]


Sums = tuple[int, int, int, int]
"""Parameters of A and of B, multiply-adds of A and of B."""

MOST_PARTS = 16
"""So many parts of two models can be taken in at a glance."""


def parts_of(a: Report, b: Report) -> tuple[str, list[tuple[str, Sums]]]:
    """What the parts are, and their sums under one cut through both trees.

    A part that holds nearly everything is opened. Where a model has too many parts, its modules
    are put together by their class.
    """
    both = (modules_of(a), modules_of(b))
    paths = merged(*both)
    own = {path: _sums(both, path) for path in paths}
    whole: dict[str, list[int]] = {}
    below: dict[str, list[str]] = {}
    for path in paths:
        for above in _upwards(path):
            if above not in whole and above:
                below.setdefault(above.rpartition(".")[0], []).append(above)
            held = whole.setdefault(above, [0, 0, 0, 0])
            whole[above] = [one + other for one, other in zip(held, own[path], strict=True)]
    cut = [""]
    while (opened := next((path for path in cut if _to_open(path, whole, below, len(cut))), None)) is not None:
        at = cut.index(opened)
        itself = [f"{opened}."] if any(own.get(opened, ())) else []
        cut[at : at + 1] = itself + [path for path in below.pop(opened) if any(whole[path])]
    if len(cut) > MOST_PARTS:
        return "Class", _by_class(both)
    named = [(_name(path), own[path[:-1]] if path.endswith(".") else tuple(whole[path])) for path in cut]
    return "Part", [(name, sums) for name, sums in named if any(sums)]  # type: ignore[misc]


def _sums(both: Sequence[dict[str, ModuleOf]], path: str) -> Sums:
    one, other = (each.get(path) for each in both)
    return (
        one.params if one else 0,
        other.params if other else 0,
        one.macs if one else 0,
        other.macs if other else 0,
    )


def _upwards(path: str) -> list[str]:
    """A path and all above it."""
    names = path.split(".") if path else []
    return ["", *(".".join(names[:depth]) for depth in range(1, len(names) + 1))]


def _to_open(path: str, whole: dict[str, list[int]], below: dict[str, list[str]], shown: int) -> bool:
    if path not in below:
        return False
    inner = sum(any(whole[each]) for each in below[path])
    shares = (each / total for each, total in zip(whole[path], whole[""], strict=True) if total)
    return path == "" or (inner > 0 and shown + inner <= MOST_PARTS and max(shares, default=0) > 0.9)


def _name(path: str) -> str:
    return (
        f"{path[:-1]} itself" if len(path) > 1 and path.endswith(".") else "outside of modules" if path == "." else path
    )


def _by_class(both: Sequence[dict[str, ModuleOf]]) -> list[tuple[str, Sums]]:
    found: dict[str, list[int]] = {}
    for at, modules in enumerate(both):
        for module in modules.values():
            found.setdefault(module.kind, [0, 0, 0, 0])[at] += module.params
            for row in module.rows:
                found.setdefault(row.kind, [0, 0, 0, 0])[2 + at] += row.macs
    return [
        (name, (one, two, three, four)) for name, (one, two, three, four) in found.items() if one + two + three + four
    ]
