"""A report as the tree of its modules: each with the calls that were made in it, and what they come to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from math import prod
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from calc.report import Report, TraceRow


@dataclass
class Call:
    """A row of the report that stands for itself."""

    row: TraceRow
    again: bool = False
    """Whether the module has been called before."""

    @property
    def params(self) -> int:
        """The learned numbers that no call before it has."""
        return self.row.params

    @property
    def macs(self) -> int:
        """The multiply-adds."""
        return self.row.macs

    @property
    def bytes(self) -> int:
        """The memory that the output newly takes."""
        return self.row.new_bytes


@dataclass
class Own:
    """Parameters that no call has: those that a module with parts holds itself, or of a part that is not called."""

    name: str
    kind: str
    params: int
    macs: int = 0
    bytes: int = 0


@dataclass
class Node:
    """A module with calls in it, in the order in which they were first made."""

    path: str
    kind: str
    items: list[Node | Call | Own] = field(default_factory=list)
    whole: list[TraceRow] = field(default_factory=list)
    """The rows that sum the module up: its parameters, and its output."""

    @cached_property
    def params(self) -> int:
        """The learned numbers, shared ones once."""
        return sum(each.params for each in self.items) + sum(row.params for row in self.whole)

    @cached_property
    def macs(self) -> int:
        """The multiply-adds."""
        return sum(each.macs for each in self.items) + sum(row.macs for row in self.whole)

    @cached_property
    def bytes(self) -> int:
        """The memory that its calls newly take."""
        return sum(each.bytes for each in self.items) + sum(row.new_bytes for row in self.whole)

    @property
    def parts(self) -> list[Node]:
        """The modules right below that have calls in them."""
        return [each for each in self.items if isinstance(each, Node)]

    @property
    def last(self) -> TraceRow | None:
        """The row whose output is the module's, as far as can be told: the last one in it."""
        if self.whole:
            return self.whole[-1]
        for each in reversed(self.items):
            found = each.last if isinstance(each, Node) else each.row if isinstance(each, Call) else None
            if found:
                return found
        return None

    def calls(self) -> Iterator[Call]:
        """Every call in it and below."""
        for each in self.items:
            if isinstance(each, Node):
                yield from each.calls()
            elif isinstance(each, Call):
                yield each


def tree_of(report: Report) -> Node:
    """The model itself, with everything in it; its totals are the report's."""
    kinds = dict(report.modules)
    loose = set(_loose(report, kinds))
    kinds = {path: kind for path, kind in kinds.items() if path not in loose}
    root = Node("", kinds.get("", ""))
    nodes = {"": root}
    called: set[str] = set()

    def node(path: str) -> Node:
        if path not in nodes:
            nodes[path] = Node(path, kinds[path])
            node(_above(path, kinds)).items.append(nodes[path])
        return nodes[path]

    for row in report.rows:
        if row.sums_up and row.path in nodes:
            nodes[row.path].whole.append(row)
            continue
        own = is_module(row, kinds)
        within = _above(row.path, kinds) if own else row.path if row.path in kinds else ""
        node(within).items.append(Call(row, own and row.path in called))
        if own:
            called.add(row.path)
    for name, kind, params, path in _uncalled(report, kinds, nodes):
        nodes[path].items.insert(0 if not kind else len(nodes[path].items), Own(name, kind, params))
    return root


def is_module(row: TraceRow, kinds: dict[str, str]) -> bool:
    """Whether a row is the call of a module, not of a function."""
    return not row.kind.startswith(("torch.", "F.", "Tensor.")) and bool(row.path)


def relative(path: str, within: str) -> str:
    """A path as it is called within a module.

    Examples:
        >>> relative("layer1.0.conv1", "layer1.0"), relative("fc", "")
        ('conv1', 'fc')
    """
    return path[len(within) + 1 :] if within and path.startswith(f"{within}.") else path


HOLDERS = ("ModuleList", "ModuleDict")
"""Modules that are never called themselves."""


def _loose(report: Report, kinds: dict[str, str]) -> Iterator[str]:
    """Lists of modules with other calls between theirs: the order of the calls says more than the list."""
    spans: dict[str, list[int]] = {path: [] for path, kind in kinds.items() if kind in HOLDERS}
    for at, row in enumerate(report.rows):
        path = row.path
        while path:
            if path in spans:
                spans[path].append(at)
            path = _above(path, kinds)
    yield from (path for path, span in spans.items() if span and span[-1] - span[0] + 1 != len(span))


def _above(path: str, kinds: dict[str, str]) -> str:
    while path:
        path = path.rpartition(".")[0]
        if path in kinds:
            return path
    return ""


def _uncalled(report: Report, kinds: dict[str, str], nodes: dict[str, Any]) -> Iterator[tuple[str, str, int, str]]:
    """Parameters that no row counts: name, class where it is a part that is not called, how many, and in which node."""
    if sum(row.params for row in report.rows) == report.params:
        return
    counted = {name for row in report.rows for name in row.learned}
    sums: dict[tuple[str, str, str], int] = {}
    for name, shape in report.parameters:
        if name in counted:
            continue
        within = name.rpartition(".")[0]
        part = ""
        while within not in nodes:
            part, within = within, _above(within, kinds)
        key = (relative(part or name, within), kinds.get(part, "") if part else "", within)
        sums[key] = sums.get(key, 0) + prod(shape)
    for (name, kind, within), params in sums.items():
        yield name, kind, params, within
