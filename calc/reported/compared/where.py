"""Where two models keep their parameters and do their work: bars of both on one scale."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from calc.markup import plain
from calc.notation import grouped
from calc.panels.table import table
from calc.reported.compared.parts import parts_of

if TYPE_CHECKING:
    from calc.report import Report

WIDTH, HEIGHT = 120, 8
"""Of the longest bar, in pixels."""


def where(a: Report, b: Report) -> str:
    """A row for each part, in it both models' parameters and multiply-adds."""
    word, parts = parts_of(a, b)
    if not parts:
        return '<p class="calc-quiet">Neither of them has parameters or multiply-adds.</p>'
    most = [max(1, *(max(sums[at], sums[at + 1]) for _, sums in parts)) for at in (0, 2)]
    totals = ((a.params, b.params), (a.macs, b.macs))
    rows = []
    for name, sums in parts:
        # A part that only one of the two has is a line, not two.
        there = [at for at in (0, 1) if sums[at] or sums[at + 2]]
        cells = (_pair(there, sums[at : at + 2], most[at // 2], totals[at // 2]) for at in (0, 2))
        rows.append((plain(name), *cells))
    key = (
        f'<p class="calc-quiet"><span class="calc-key">{_bar("a", 12, 12)} A</span> '
        f'<span class="calc-key">{_bar("b", 12, 12)} B</span> All bars of a column have one scale.</p>'
    )
    return f'<div class="calc-beside">{table((word, "Parameters", "MACs"), rows)}</div>{key}'


def _pair(there: Sequence[int], numbers: Sequence[int], most: int, totals: Sequence[int]) -> str:
    return "".join(_line("ab"[at], numbers[at], most, totals[at]) for at in there)


def _line(which: str, number: int, most: int, total: int) -> str:
    said = f"<span>{grouped(number)}</span><small>{_share(number, total)}</small>" if number else "<span>–</span>"
    return f'<div class="calc-pair">{_bar(which, WIDTH * number / most)}{said}</div>'


def _bar(which: str, length: float, wide: int = WIDTH) -> str:
    # What is there is seen, however small it is.
    drawn = f"{max(length, 1):.1f}" if length else "0"
    return (
        f'<svg class="calc-bar-{which}" width="{wide}" height="{HEIGHT}" viewBox="0 0 {wide} {HEIGHT}" '
        f'aria-hidden="true"><rect width="{drawn}" height="{HEIGHT}"></rect></svg>'
    )


def _share(number: int, total: int) -> str:
    if not total:
        return ""
    tenths = (2000 * number + total) // (2 * total)
    return f"{tenths // 10}.{tenths % 10} %"
