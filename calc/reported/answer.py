"""The answer first: what comes out, and the totals."""

from __future__ import annotations

from typing import TYPE_CHECKING

from calc.markup import plain
from calc.notation import grouped
from calc.report_forms import shape_text

if TYPE_CHECKING:
    from calc.report import Report


def answer(report: Report) -> str:
    """Output shape, parameters, multiply-adds, as a list of facts."""
    facts = [
        ("Output shape", f"<b>{plain(shape_text(report.output_shape))}</b>"),
        ("Parameters", f"<b>{grouped(report.params)}</b>"),
        ("Cost", f"<b>{grouped(report.macs)} MACs</b><small>{grouped(2 * report.macs)} FLOPs</small>"),
    ]
    listed = "".join(f"<div><dt>{name}</dt><dd>{value}</dd></div>" for name, value in facts)
    return f'<dl class="calc-facts">{listed}</dl>'
