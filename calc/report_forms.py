"""A report as text, JSON, CSV, Markdown and LaTeX: the same table each time."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from calc.report import Report, TraceRow

COLUMNS = ("Module", "Kind", "Input", "Output", "Parameters", "MACs", "Receptive field", "Bytes")
NUMBERS = {"Parameters", "MACs", "Bytes"}


def shape_text(shape: Any) -> str:
    """A shape, or several, as Python prints them."""
    if shape is None:
        return "None"
    if isinstance(shape, dict):
        return "{" + ", ".join(f"{name}: {shape_text(each)}" for name, each in shape.items()) + "}"
    if isinstance(shape, tuple) and any(not isinstance(each, int) for each in shape):
        return "(" + ", ".join(shape_text(each) for each in shape) + ")"
    return str(shape)


def cells(row: TraceRow) -> tuple[str, ...]:
    """A row's entries, numbers without separators."""
    seen = " × ".join(map(str, row.receptive_field)) if row.receptive_field else ""
    inputs = ", ".join(shape_text(shape) for shape in row.input_shapes)
    counts = (str(row.params), str(row.macs))
    return (row.path, row.kind, inputs, shape_text(row.output_shape), *counts, seen, str(row.activation_bytes))


def totals(report: Report) -> tuple[str, ...]:
    """The last line of every table."""
    total = sum(row.activation_bytes for row in report.rows)
    return ("total", "", "", shape_text(report.output_shape), str(report.params), str(report.macs), "", str(total))


def _grouped(table: list[tuple[str, ...]]) -> list[tuple[str, ...]]:
    return [
        tuple(f"{int(cell):,}" if name in NUMBERS else cell for name, cell in zip(COLUMNS, row, strict=True))
        for row in table
    ]


def as_text(report: Report) -> str:
    """Columns for a terminal."""
    table = _grouped([*map(cells, report.rows), totals(report)])
    widths = [max(map(len, column)) for column in zip(COLUMNS, *table, strict=True)]

    def line(row: tuple[str, ...]) -> str:
        padded = (
            cell.rjust(width) if name in NUMBERS else cell.ljust(width)
            for name, cell, width in zip(COLUMNS, row, widths, strict=True)
        )
        return "  ".join(padded).rstrip()

    rule = "-" * len(line(tuple("x" * width for width in widths)))
    return "\n".join([line(COLUMNS), rule, *map(line, table[:-1]), rule, line(table[-1])])


def as_json(report: Report) -> str:
    """Everything that is known, for a program."""
    rows = [
        {
            "path": row.path,
            "kind": row.kind,
            "input_shapes": row.input_shapes,
            "output_shape": row.output_shape,
            "params": row.params,
            "macs": row.macs,
            "receptive_field": row.receptive_field,
            "activation_bytes": row.activation_bytes,
            "line": row.line,
        }
        for row in report.rows
    ]
    whole = {
        "params": report.params,
        "trainable": report.trainable,
        "macs": report.macs,
        "output_shape": report.output_shape,
        "parameters": dict(report.parameters),
        "buffers": dict(report.buffers),
        "rows": rows,
    }
    return json.dumps(whole, indent=1)


def as_csv(report: Report) -> str:
    """For a spreadsheet."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows([COLUMNS, *map(cells, report.rows)])
    return out.getvalue()


def as_markdown(report: Report) -> str:
    """A table for a README."""

    def line(row: tuple[str, ...]) -> str:
        return "| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |"

    rule = "|" + "|".join("--:" if name in NUMBERS else ":--" for name in COLUMNS) + "|"
    return "\n".join([line(COLUMNS), rule, *map(line, _grouped([*map(cells, report.rows), totals(report)]))])


def as_latex(report: Report) -> str:
    """A table for a paper, with booktabs."""
    escapes = {"_": r"\_", "%": r"\%", "&": r"\&", "#": r"\#", "×": r"$\times$", "{": r"\{", "}": r"\}"}

    def line(row: tuple[str, ...]) -> str:
        return " & ".join("".join(escapes.get(each, each) for each in cell) for cell in row) + r" \\"

    *rows, last = map(line, _grouped([*map(cells, report.rows), totals(report)]))
    columns = "".join("r" if name in NUMBERS else "l" for name in COLUMNS)
    return "\n".join(
        [rf"\begin{{tabular}}{{{columns}}}", r"\toprule", line(COLUMNS), r"\midrule", *rows, r"\midrule", last]
        + [r"\bottomrule", r"\end{tabular}"]
    )


FORMS: Mapping[str, Callable[[Report], str]] = {
    "text": as_text,
    "json": as_json,
    "csv": as_csv,
    "markdown": as_markdown,
    "latex": as_latex,
}
"""Every form under its name."""
