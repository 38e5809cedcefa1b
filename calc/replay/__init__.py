"""A calculator's run as data, from which the page answers an edit before Python does.

A run on integers that remember is a trace: expressions over the fields, and the
decisions taken on the way (guards). Both are written down with the places in the
panels where each number stands; a small evaluator in the page works the numbers out
again for other fields, as long as every decision falls as it did, and leaves the rest
to Python. It knows the operations of `calc.expression` and how a number is written, nothing
of neural networks; no formula exists twice.

The numbers are found by printing each as a mark, which is again a number, so that it
goes through TeX, KaTeX and the highlighting of code as any other would.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping
from typing import Any

from calc.calculators import WIDGETS
from calc.layer_base import Layer
from calc.panels.table import Typeset
from calc.replay.compact import compact
from calc.replay.runs import DRAWN, Tracing, likely
from calc.spec import Spec

__all__ = ["DRAWN", "trace_of", "weight"]

DEAREST = 50
"""Bytes that a run may take for each panel that it answers for a likely edit."""

MOST = 600
"""Bytes that all runs but the first may take."""

LARGEST = 400
"""Expressions in a trace that has other runs."""


def trace_of(spec: Spec, baked: Mapping[str, str], typeset: Typeset) -> dict[str, Any] | None:
    """The trace of a calculator whose panels are `baked`, as data for JSON; None where it has none."""
    if not issubclass(WIDGETS[spec.layer], Layer):
        return None
    tracing = Tracing(spec, typeset)
    tracing.runs.append(tracing.trace(spec.fields, {name: html for name, html in baked.items() if name not in DRAWN}))
    made = compact(tracing)
    left = MOST
    too_dear: set[str] = set()
    # A deep network's other runs answer few edits more, and take the build seconds.
    edits = list(likely(spec)) if len(made["nodes"]) <= LARGEST else []
    for name, fields in edits:
        # Of thirty activation functions none costs less than the first.
        if name in too_dear or not (other := tracing.other(fields)):
            continue
        more = tracing.gained(other, [fields for _, fields in edits])
        tracing.runs.append(other)
        longer = compact(tracing)
        costs = weight(longer) - weight(made)
        if costs <= min(DEAREST * more, left):
            made, left = longer, left - costs
        else:
            tracing.runs.pop()
            too_dear.add(name)
    return made


def weight(trace: Mapping[str, Any]) -> int:
    """About how many bytes a trace takes in a compressed page."""
    return len(zlib.compress(json.dumps(trace, separators=(",", ":")).encode(), 9))
