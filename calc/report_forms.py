"""A report as text, JSON, CSV, Markdown and LaTeX: the same table each time."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from calc.report import Report, TraceRow


def input_text(described: str) -> str:
    """An input as a shape, with its kind of numbers where it is not a float: `(1, 3, 8, 8)`, `int64 (1, 12)`."""
    name, bracket, rest = described.partition("[")
    sizes = rest.rstrip("]") if bracket else name
    shape = f"({sizes},)" if sizes and "," not in sizes else f"({sizes})"
    return f"{name} {shape}" if bracket else shape


COLUMNS = ("Module", "Kind", "Input", "Output", "Parameters", "MACs", "Receptive field", "Bytes")
NUMBERS = {"Parameters", "MACs", "Bytes"}


def shape_text(shape: Any) -> str:
    """A shape, or several, as Python prints them."""
    if shape is None:
        return "None"
    if isinstance(shape, dict):
        return "{" + ", ".join(f"{name}: {shape_text(each)}" for name, each in shape.items()) + "}"
    if isinstance(shape, tuple) and any(not isinstance(each, int) for each in shape):
        return "(" + ", ".join(shape_text(each) for each in shape) + (",)" if len(shape) == 1 else ")")
    return str(shape)


def cells(row: TraceRow) -> tuple[str, ...]:
    """A row's entries, numbers without separators; the bytes are those that its output newly takes."""
    seen = " × ".join(map(str, row.receptive_field)) if row.receptive_field else ""
    inputs = ", ".join(shape_text(shape) for shape in row.input_shapes)
    counts = (str(row.params), str(row.macs))
    return (row.path, row.kind, inputs, shape_text(row.output_shape), *counts, seen, str(row.new_bytes))


def totals(report: Report) -> tuple[str, ...]:
    """The last line of every table: parameters of the whole model, and each storage once."""
    counts = (str(report.params), str(report.macs))
    given = ", ".join(map(input_text, report.inputs))
    return ("total", "", given, shape_text(report.output_shape), *counts, "", str(report.new_bytes))


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
            "output_shape": _named(row.output_shape),
            "params": row.params,
            "macs": row.macs,
            "receptive_field": row.receptive_field,
            "activation_bytes": row.activation_bytes,
            "new_bytes": row.new_bytes,
            "new_bytes_in_training": row.new_bytes_in_training,
            "line": row.line,
            "sums_up": row.sums_up,
        }
        for row in report.rows
    ]
    whole = {
        "inputs": report.inputs,
        "dtype": report.dtype,
        "output_shape": _named(report.output_shape),
        "params": report.params,
        "trainable": report.trainable,
        "macs": report.macs,
        "new_bytes": report.new_bytes,
        "new_bytes_in_training": report.new_bytes_in_training,
        "input_bytes": report.input_bytes,
        "fullest": report.fullest,
        "notes": report.notes,
        "modules": dict(report.modules),
        "parameters": dict(report.parameters),
        "buffers": dict(report.buffers),
        "rows": rows,
        "wires": [{"source": each.source, "target": each.target, "shape": each.shape} for each in report.wires],
        "summary": report.summary,
    }
    return json.dumps(whole, indent=1)


def _named(shape: Any) -> Any:
    """Shapes whose names are words, as JSON wants them."""
    if isinstance(shape, dict):
        return {str(name): _named(each) for name, each in shape.items()}
    return [_named(each) for each in shape] if isinstance(shape, tuple) else shape


def as_csv(report: Report) -> str:
    """For a spreadsheet."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows([COLUMNS, *map(cells, report.rows)])
    return out.getvalue()


def as_markdown(report: Report) -> str:
    """A table for a README."""

    def line(row: tuple[str, ...]) -> str:
        return "| " + " | ".join(re.sub(r"__|[|*<`\\]", _escaped, cell) for cell in row) + " |"

    rule = "|" + "|".join("--:" if name in NUMBERS else ":--" for name in COLUMNS) + "|"
    return "\n".join([line(COLUMNS), rule, *map(line, _grouped([*map(cells, report.rows), totals(report)]))])


def _escaped(found: re.Match[str]) -> str:
    return "".join(f"\\{each}" for each in found[0])


LATEX = {
    "\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}", "<": r"\textless{}",
    ">": r"\textgreater{}", "×": r"$\times$", **{each: f"\\{each}" for each in "_%&#${}"},
}  # fmt: skip
"""Characters that LaTeX does not print as they are."""


def as_latex(report: Report) -> str:
    """A table for a paper, with booktabs."""

    def line(row: tuple[str, ...]) -> str:
        return " & ".join("".join(LATEX.get(each, each) for each in cell) for cell in row) + r" \\"

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
