"""Numbers in rows and columns, typed as people write matrices."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from calc.knob.declare import Kind, Unfit
from calc.knob.real import Real

LARGEST_ENTRY = 10**6
"""Beyond it a number no longer fits its cell."""


@dataclass(frozen=True)
class Table(Kind):
    """A matrix of numbers as a tuple of rows; with 1 axis a single row, with 3 a tuple of matrices.

    `rows`, `columns` and `blocks` are the most there may be, so that all can be drawn.
    Typed are numbers with spaces or commas between, a line for each row, an empty line
    between matrices; `[[1, 2], [3, 4]]` as in Python does as well. `empty` as in `Whole`.
    """

    axes: int = 2
    rows: int = 10
    columns: int = 10
    blocks: int = 4
    empty: str = ""

    def clean(self, value: object) -> Any:
        if value is None and self.empty:
            return None
        table = _tuples(value, self.axes)
        matrices = table if self.axes == 3 else ((table,) if self.axes == 1 else table,)
        self._bound(len(matrices), self.blocks, "matrices")
        shapes = {tuple(len(row) for row in matrix) for matrix in matrices}
        for lengths in shapes:
            self._bound(len(lengths), self.rows, "rows")
            for number, length in enumerate(lengths, 1):
                self._bound(length, self.columns, "columns")
                if length != lengths[0]:
                    raise Unfit(
                        f"has {length} numbers in row {number} and {lengths[0]} in row 1", "give every row as many"
                    )
        if len(shapes) > 1:
            raise Unfit("has matrices of different shapes", "give all of them as many rows and columns")
        return table

    def parse(self, text: str) -> Any:
        blocks = [[row.strip() for row in block if row.strip()] for block in _split(text, self.axes)]
        blocks = [rows for rows in blocks if rows]
        if not blocks and self.empty:
            return None
        if not blocks:
            raise Unfit("is empty", f"type {self._example()}")
        if len(blocks) > 1 and self.axes < 3 or self.axes == 1 and len(blocks[0]) > 1:
            raise Unfit(f"must be one {'row' if self.axes == 1 else 'matrix'}", f"type {self._example()}")
        table = tuple(tuple(self._row(row, number) for number, row in enumerate(rows, 1)) for rows in blocks)
        return self.clean(table if self.axes == 3 else table[0] if self.axes == 2 else table[0][0])

    def write(self, value: Any) -> str:
        if value is None:
            return ""
        if self.axes == 1:
            return " ".join(f"{number:.12g}" for number in value)
        inner = Table(self.axes - 1)
        return ("\n\n" if self.axes == 3 else "\n").join(inner.write(each) for each in value)

    def _row(self, row: str, number: int) -> tuple[float, ...]:
        entries = []
        for token in re.split(r"[\s,]+", row.strip(", ")):
            try:
                entry = Real().parse(token)
            except Unfit:
                where = f" in row {number}" if self.axes > 1 else ""
                raise Unfit(f"has {token[:20]!r}{where}, which is not a number", f"type {self._example()}") from None
            assert entry is not None
            entries.append(entry)
        return tuple(entries)

    def _example(self) -> str:
        return ("1 2 3", "numbers with spaces between, a line for each row", "an empty line between the matrices")[
            self.axes - 1
        ]

    def _bound(self, count: int, most: int, what: str) -> None:
        if not count:
            raise Unfit(f"has no {what}", f"type {self._example()}")
        if count > most:
            raise Unfit(f"must have at most {most} {what}, and has {count}", "leave some out")


def _split(text: str, axes: int) -> list[list[str]]:
    """The rows of each matrix, as text."""
    if "[" in text or "(" in text:
        marked = text.replace("(", "[").replace(")", "]")
        blocks = re.split(r"\]\s*,?\s*\]", marked) if axes == 3 else [marked]
        return [re.findall(r"\[([^\[\]]*)(?:\]|$)", block) for block in blocks]
    return [re.split(r"[\n;]", block) for block in re.split(r"\n[ \t]*\n", text.replace("\r\n", "\n"))]


def _tuples(value: object, axes: int, depth: int = 0) -> Any:
    if axes == depth:
        number = Real().clean(value)
        assert number is not None
        if abs(number) > LARGEST_ENTRY:
            raise Unfit(f"must hold numbers of at most {LARGEST_ENTRY:,}", "check the digits")
        return number
    if isinstance(value, (str, bytes, Mapping)) or not isinstance(value, Iterable):
        raise Unfit(
            "must be numbers in rows" if axes > 1 else "must be a row of numbers",
            f"write {('[1, 2]', '[[1, 2], [3, 4]]', '[[[1, 2], [3, 4]]]')[axes - 1]}",
        )
    return tuple(_tuples(each, axes, depth + 1) for each in value)
