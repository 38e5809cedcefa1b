"""A block beside other ways to do its work."""

from __future__ import annotations

from calc.blocks.block import Block
from calc.derive import Run
from calc.markup import plain
from calc.notation import grouped
from calc.panels.table import Typeset, both_counts, table


def beside(run: Run, typeset: Typeset) -> str:
    """Parameters and cost of the block and of each alternative on the same input, and how they compare."""
    assert isinstance(run.layer, Block)
    params, macs = run.layer.params, run.layer.macs(*run.inputs)
    rows = [("this block", f"<b>{grouped(params)}</b>", f"<b>{both_counts(macs)}</b>")]
    for words, other in run.layer.alternatives():
        theirs, their_macs = other.params, other.macs(*run.inputs)
        rows.append(
            (
                plain(words),
                f"{grouped(theirs)}<small>block: {share(params, theirs)}</small>",
                f"{both_counts(their_macs)}<small>block: {share(macs, their_macs)}</small>",
            )
        )
    return table(("What", "Parameters", "Cost"), rows)


def share(part: int, whole: int) -> str:
    """A ratio in percent, with one digit after the point."""
    if not whole:
        return "–"
    tenths = (2000 * part + whole) // (2 * whole)
    return f"{tenths // 10}.{tenths % 10}%"
