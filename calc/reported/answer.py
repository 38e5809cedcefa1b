"""The answer first: what comes out, and the totals."""

from __future__ import annotations

from collections.abc import Iterator
from math import prod
from typing import TYPE_CHECKING, Any

from calc.markup import plain
from calc.notation import grouped
from calc.panels.table import both_sizes
from calc.report_forms import input_text, shape_text
from calc.units import bytes_of

if TYPE_CHECKING:
    from calc.report import Report


def answer(report: Report) -> str:
    """Output shape, parameters, cost, memory, as a list of facts; then how this came about."""
    listed = "".join(f"<div><dt>{name}</dt><dd>{value}</dd></div>" for name, value in _facts(report))
    notes = "".join(f"<li>{plain(each)}</li>" for each in report.notes)
    summary = (
        '<details class="calc-summary"><summary>What model.summary() prints</summary>'
        f'<pre class="calc-code" tabindex="0">{plain(report.summary)}</pre></details>'
        if report.summary
        else ""
    )
    return (
        f'<dl class="calc-facts">{listed}</dl>{f"<ul class={chr(34)}calc-notes{chr(34)}>{notes}</ul>" if notes else ""}'
        f"{summary}"
    )


def _facts(report: Report) -> Iterator[tuple[str, str]]:
    if report.inputs:
        yield _several("Input", report.inputs), "".join(_line(input_text(each)) for each in report.inputs)
    outputs = list(_outputs(report.output_shape))
    yield _several("Output shape", outputs), "".join(_line(shape, name) for name, shape in outputs)
    yield "Parameters", f"<b>{grouped(report.params)}</b>" + "".join(f"<small>{each}</small>" for each in _held(report))
    yield "Cost of one call", f"<b>{grouped(report.macs)} MACs</b><small>{grouped(2 * report.macs)} FLOPs</small>"
    yield (
        "Memory of the parameters",
        f"{both_sizes(bytes_of(report.params, report.dtype))}<small>{report.dtype}</small>",
    )
    fields = [row.receptive_field for row in report.rows if row.receptive_field]
    # Of a model that is soon done with places, as a vision transformer is, it would say little.
    if 3 * len(fields) >= len(report.rows) and (largest := max(fields, key=prod, default=())) and prod(largest) > 1:
        yield "Largest receptive field", " × ".join(map(grouped, largest))


def _held(report: Report) -> Iterator[str]:
    """What the parameters' total leaves open."""
    if report.trainable != report.params:
        yield f"{grouped(report.trainable)} trained, {grouped(report.params - report.trainable)} not"
    # Keras counts what is not trained among its parameters.
    if report.buffers and not report.summary:
        counters = sum(name.endswith("num_batches_tracked") for name, _ in report.buffers)
        numbers = sum(prod(shape) for _, shape in report.buffers) - counters
        yield f"besides {_counted(numbers, 'buffer number')}" + (
            f", {_counted(counters, 'counter')}" if counters else ""
        )


def _counted(number: int, word: str) -> str:
    return f"{grouped(number)} {word}{'s' if number != 1 else ''}"


def _outputs(shape: Any) -> Iterator[tuple[str, str]]:
    """The shapes of what comes out, those of a dictionary under their names."""
    if isinstance(shape, dict):
        yield from ((name, shape_text(each)) for name, each in shape.items())
    elif isinstance(shape, tuple) and shape and not any(isinstance(each, int) for each in shape) and _batched(shape):
        yield from (("", shape_text(each)) for each in shape)
    else:
        yield "", shape_text(shape)


def _batched(shape: tuple[Any, ...]) -> bool:
    """Whether these are several shapes, and not one whose sizes are unknown."""
    return any(each is not None for each in shape)


def _line(shape: str, name: str = "") -> str:
    said = f"<code>{plain(name)}</code> " if name else ""
    return f'<span class="calc-output">{said}<b>{plain(shape)}</b></span>'


def _several(word: str, things: Any) -> str:
    return f"{word}s" if len(things) > 1 else word
