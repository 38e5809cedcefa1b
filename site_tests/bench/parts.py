"""What a part of the benchmark gives, and how parts share a server and a browser's program."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from site_tests.bench.figures import TARGET_HEAD, Target, table


@dataclass(frozen=True)
class Place:
    """What a part works with."""

    address: str
    """Where the competitors are served."""
    program: str
    """The browser."""
    flags: tuple[str, ...]
    runs: int


@dataclass
class Outcome:
    """Tables for people and data for programs."""

    title: str
    notes: list[str] = field(default_factory=list)
    tables: list[str] = field(default_factory=list)
    targets: list[Target] = field(default_factory=list)
    data: dict[str, Any] = field(default_factory=dict)

    def text(self) -> str:
        """As Markdown that reads as plain text."""
        pieces = [f"## {self.title}", *self.notes, *self.tables]
        if self.targets:
            pieces.append(table(TARGET_HEAD, [each.row() for each in self.targets]))
        return "\n\n".join(pieces) + "\n"
