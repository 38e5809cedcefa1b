"""The rows of a report as a tree: which calls were made in which call of a module."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from calc.report import Report, TraceRow, Wire

HOLDERS = ("ModuleList", "ModuleDict", "ParameterList", "ParameterDict")
"""Modules that hold others and are never called."""


LEARNS = re.compile(r"(Conv|Linear|Embedding|LSTM|GRU|RNN|Bilinear|MultiheadAttention|Dense)")
"""Modules that learn. Their numbers may be those of another, which has them in its row."""


@dataclass(frozen=True, eq=False)
class Part:
    """A call of a module with the calls in it, or (with no `parts`) a single row.

    It covers the rows from `start` to before `stop`.
    """

    path: str
    kind: str
    start: int
    stop: int
    parts: tuple[Part, ...] = ()

    @property
    def size(self) -> int:
        """How many rows it covers."""
        return self.stop - self.start


@dataclass(eq=False)
class Calls:
    """A report with what is looked up again and again: who is read by a row, and the tree."""

    report: Report
    reads: list[list[Wire]] = field(init=False)
    """The wires into each row; the last are those of what the model returns."""

    readers: list[list[int]] = field(init=False)
    """The rows that read each row."""

    def __post_init__(self) -> None:
        rows = self.report.rows
        self.reads = [[] for _ in range(len(rows) + 1)]
        self.readers = [[] for _ in rows]
        for wire in self.report.wires:
            # A tensor that was made before the run is a constant to it.
            if wire.source < wire.target:
                self.reads[wire.target].append(wire)
                if wire.source >= 0:
                    self.readers[wire.source].append(wire.target)

    @property
    def rows(self) -> tuple[TraceRow, ...]:
        """All rows."""
        return self.report.rows

    @cached_property
    def root(self) -> Part:
        """The whole run."""
        kinds = dict(self.report.modules)
        chains = [_chain(row, kinds) for row in self.rows]
        loose = _loose(self.rows, chains)
        chains = [[path for path in chain if path not in loose] for chain in chains]
        return Part(
            "",
            kinds.get("", ""),
            0,
            len(self.rows),
            tuple(_parts(self.rows, chains, kinds, 0, len(self.rows), 0)),
        )

    @cached_property
    def constant(self) -> list[bool]:
        """Of each row, whether it is the same whatever the inputs are: a mask, positions, a slice of a parameter."""
        found: list[bool] = []
        for at, row in enumerate(self.rows):
            sources = [wire.source for wire in self.reads[at]]
            found.append(
                not row.sums_up
                and row.kind != "InputLayer"
                and not LEARNS.match(row.kind)
                and not row.params
                and all(source >= 0 and found[source] for source in sources)
            )
        for part in self._every(self.root):
            if self.is_whole(part):
                found[part.start : part.stop] = [False] * part.size
        return found

    def _every(self, part: Part) -> Iterator[Part]:
        for each in part.parts:
            yield each
            yield from self._every(each)

    @cached_property
    def slight(self) -> set[int]:
        """The ids of modules that are one call with others that leave its shape alone, such as a convolution with its
        norm and activation."""
        return {id(part) for part in self._every(self.root) if part.parts and self._is_slight(part)}

    def _is_slight(self, part: Part) -> bool:
        first, *others = self.rows[part.start : part.stop]
        return (
            first.macs > 0
            and not any(each.parts for each in part.parts)
            and not any(row.macs or row.sums_up or row.output_shape != first.output_shape for row in others)
        )

    def is_whole(self, part: Part) -> bool:
        """Whether it is a layer of PyTorch's that a class of the reader's calls, with nothing but functions around."""
        last = self.rows[part.stop - 1]
        return (
            bool(part.parts)
            and last.sums_up
            and last.path == part.path
            and not any(each.parts or "." not in each.kind for each in part.parts)
        )

    def can_open(self, part: Part) -> bool:
        """Whether there is more to see inside."""
        if not part.parts or self.is_whole(part):
            return False
        return len(part.parts) > 1 or self.can_open(part.parts[0]) or "." not in part.parts[0].kind

    def learns(self, part: Part) -> bool:
        """Whether any of its modules has learned numbers, though they may be counted elsewhere."""
        rows = self.rows[part.start : part.stop]
        return any(row.path in self._learned or LEARNS.match(row.kind) for row in rows)

    @cached_property
    def _learned(self) -> set[str]:
        return {row.path for row in self.rows if row.params and "." not in row.kind}

    def form(self, part: Part, *, sizes: bool) -> Any:
        """What two parts share that are drawn alike: their calls and wires and, with `sizes`, their shapes."""
        cache: dict[tuple[int, bool], Any] = self.__dict__.setdefault("_forms", {})
        key = (id(part), sizes)
        if key not in cache:
            cache[key] = self._form(part, sizes)
        return cache[key]

    def _form(self, part: Part, sizes: bool) -> Any:
        outside: dict[int, int] = {}
        cut = len(part.path) if part.parts else len(self.rows[part.start].path)
        said = []
        for at in range(part.start, part.stop):
            row = self.rows[at]
            sources = []
            for wire in self.reads[at]:
                inner = wire.source >= part.start
                sources.append(
                    wire.source - part.start if inner else -1 - outside.setdefault(wire.source, len(outside))
                )
            shape = str(row.output_shape) if sizes else ""
            said.append((row.path[cut:], row.kind, tuple(sources), shape))
        return (part.kind, tuple(said))


def _chain(row: TraceRow, kinds: dict[str, str]) -> list[str]:
    """The modules in whose calls a row was made, outermost first; a module's own row is not within itself."""
    names = row.path.split(".") if row.path else []
    paths = [".".join(names[:depth]) for depth in range(1, len(names) + 1)]
    if paths and kinds.get(row.path) == row.kind and not row.sums_up:
        paths.pop()
    return [path for path in paths if path in kinds and kinds[path] not in HOLDERS]


def _loose(rows: Sequence[TraceRow], chains: Sequence[list[str]]) -> set[str]:
    """Modules whose parts are called from outside, one here and one there: they hold, and are not called."""
    said: dict[str, set[Any]] = {}
    open_since: dict[str, int] = {}
    for at in range(len(rows) + 1):
        now = chains[at] if at < len(rows) else []
        for path in [path for path in open_since if path not in now]:
            start = open_since.pop(path)
            words = [(rows[each].path, rows[each].kind) for each in range(start, at)]
            said.setdefault(path, set()).add(tuple(words[: period(words)]))
        for path in now:
            open_since.setdefault(path, at)
    return {path for path, spans in said.items() if len(spans) > 1}


def period(words: Sequence[Any]) -> int:
    """The length of what is repeated."""
    count = len(words)
    for length in range(1, count // 2 + 1):
        if count % length == 0 and all(words[at] == words[at - length] for at in range(length, count)):
            return length
    return count


def _parts(
    rows: Sequence[TraceRow], chains: Sequence[list[str]], kinds: dict[str, str], start: int, stop: int, depth: int
) -> list[Part]:
    parts: list[Part] = []
    at = start
    while at < stop:
        if len(chains[at]) <= depth:
            if not rows[at].sums_up:
                parts.append(Part(rows[at].path, rows[at].kind, at, at + 1))
            at += 1
            continue
        path, end = chains[at][depth], at + 1
        while end < stop and len(chains[end]) > depth and chains[end][depth] == path:
            end += 1
        # A module that is called again at once says the same once more.
        length = period([(rows[each].path, rows[each].kind) for each in range(at, end)])
        for begin in range(at, end, length):
            inner = _parts(rows, chains, kinds, begin, begin + length, depth + 1)
            parts.append(Part(path, kinds[path], begin, begin + length, tuple(inner)))
        at = end
    return parts
