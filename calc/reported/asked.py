"""What a reader asks of a model: its source, inputs, entry and the rest, made into a report."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from calc.errors import CalcError
from calc.model_catalogue import models

if TYPE_CHECKING:
    from calc.report import Report

FRAMEWORKS = ("torch", "keras")

FOUND = "found from the source"
AS_IN_INPUT = "as in input"

ABOUT_SOURCE = "the code that defines the model"
ABOUT_INPUT = "shape of each input with its batch; several with semicolons between, whole numbers as int64[1, 12]"
ABOUT_ENTRY = "the expression that makes the model, such as Net(10)"
ABOUT_FRAMEWORK = "what the source is written for"
ABOUT_BATCH = "size of the first axis of every input, in place of its own"
ABOUT_DTYPE = "format of the parameters and of what flows between them"
ABOUT_OPTIMIZER = "whose state is kept while the model is trained"


def report_for(
    source: str, input: str | None, entry: str | None, framework: str, batch_size: int | None, dtype: str
) -> Report:
    """The run that a form asks for; `CalcError` blames `source`, `input` or `entry`."""
    # Most pages have no model to run, and do without what stands in for PyTorch.
    from calc.tracing import trace
    from calc.tracing.located import TraceError

    run = partial(trace, source, entry=entry, framework=framework, dtype=dtype)
    try:
        given = shapes_in(input or "")
        if batch_size is None:
            return run(*given)
        found = None if given else run()
        made = run(*(with_batch(each, batch_size) for each in (found.inputs if found else given)))
        return replace(made, notes=found.notes) if found else made
    except CalcError as error:
        error.knob = _blamed(error)
        if isinstance(error, TraceError) and error.knob == "source":
            # A layer of a list runs in no line of the reader's: the one where it is made is shown.
            error.line = error.line or error.made_line
        raise


def _blamed(error: CalcError) -> str:
    """The field at fault. What a layer within the model calls its own argument is a fault of the source."""
    within = getattr(error, "line", 0) or getattr(error, "made_line", 0)
    return error.knob if error.knob == "entry" or (error.knob == "input" and not within) else "source"


def listed(declared: Mapping[str, Any], suffix: str = "") -> dict[str, Any]:
    """`model = "ResNet-18"` in a fence stands for a network of the catalogue: its source, entry and inputs.

    With a suffix the same for `model_b`, `source_b` and so on.
    """
    name = f"model{suffix}"
    if name not in declared:
        return dict(declared)
    wanted = models().get(declared[name])
    if wanted is None:
        raise CalcError(f"{name} (={declared[name]!r}) must be one of {', '.join(models())}", knob=name)
    known = {"source": wanted.source, "entry": wanted.entry, "input": "; ".join(wanted.inputs)}
    return {f"{key}{suffix}": value for key, value in known.items()} | {
        key: value for key, value in declared.items() if key != name
    }


def shapes_in(text: str) -> list[str]:
    """The inputs that a reader typed: separated by semicolons or line ends."""
    return [each.strip() for each in re.split(r"[;\n]", text) if each.strip()]


def with_batch(described: str, batch_size: int) -> str:
    """An input with another size of its first axis.

    Examples:
        >>> with_batch("1, 3, 224, 224", 8), with_batch("int64[1, 12]", 8)
        ('8, 3, 224, 224', 'int64[8, 12]')
    """
    return re.sub(r"(^|\[)\s*(\d+|None)", rf"\g<1>{batch_size}", described, count=1)


def batch_of(described: str) -> int | None:
    """The size of the first axis of an input as it is described; None where there is none.

    Examples:
        >>> batch_of("8, 3, 224, 224"), batch_of("int64[4, 12]"), batch_of("int64[]")
        (8, 4, None)
    """
    found = re.search(r"(?:^|\[)\s*(\d+)", described)
    return int(found[1]) if found else None
