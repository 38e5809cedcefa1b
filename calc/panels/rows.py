"""A network layer by layer."""

from __future__ import annotations

import re
from itertools import groupby

from calc.blocks.chain import Chain
from calc.derive import Run, counted
from calc.expression import Step
from calc.layer_base import Layer
from calc.markup import plain
from calc.network import Network, Row
from calc.notation import TEXT, grouped, write
from calc.panels.table import Typeset, both_counts, shape_text, table
from calc.picture import sizes
from calc.sym import node_of


def rows(run: Run, typeset: Typeset) -> str:
    """A network layer by layer."""
    assert isinstance(run.layer, Network)
    lines = [
        (
            f"<code>{plain(row.name)}</code><small>{_kind(row.layer)}</small>",
            shape_text(row.out),
            _worked(row),
            both_counts(row.macs),
            _seen(row),
        )
        for row in run.layer.rows(*run.inputs)
    ]
    total = ("Total", "", f"<b>{grouped(run.params)}</b>", both_counts(run.macs), "")
    return table(("Layer", "Output shape", "Parameters", "Cost", "Receptive field"), lines, total)


def _kind(layer: Layer) -> str:
    """A layer's class; of a chain those of its members, equal ones counted."""
    if not isinstance(layer, Chain):
        return type(layer).__name__
    groups = [(name, len(list(same))) for name, same in groupby(type(member).__name__ for member in layer.members)]
    return ", ".join(f"{count} × {name}" if count > 1 else name for name, count in groups)


def _worked(row: Row) -> str:
    """A row's parameter count with the substitution that it comes from."""
    if row.again and row.layer.params:
        return f"0<small>those of {plain(row.again)}</small>"
    remembered = row.layer.symbolic()
    step = node_of(counted(remembered.weights_on(*remembered.symbolic_inputs(*row.inputs))))
    if not isinstance(step, Step):
        return grouped(row.params)
    worked = re.sub(r"\^(\d+)", r"<sup>\1</sup>", write(step.definition, TEXT, numbers=True))
    return f"{grouped(row.params)}<small>= {worked}</small>"


def _seen(row: Row) -> str:
    if row.receptive_field is None:
        return "whole input"
    return sizes(row.receptive_field)
