"""What a calculator shows: each panel is a function from one run to HTML.

The same functions run at build time and in the browser; `typeset` turns TeX into
HTML there and here, so that what is baked and what is recomputed are one string.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from html import escape
from typing import TypeAlias

from calc import code
from calc.conventions import Conventions, Version, roles
from calc.derive import Run
from calc.derive import run as run_layer
from calc.layer import NoEquivalent
from calc.network import Network, Row
from calc.notation import TEX, TEXT, grouped, write, write_symbol
from calc.picture import sizes
from calc.sym import Step, node_of
from calc.tensor import Shape, Weight, tensors
from calc.units import BINARY, DECIMAL, DTYPES, bytes_of, fitting

Typeset: TypeAlias = Callable[[str], str]


def shape_text(shape: Shape) -> str:
    """A shape as Python prints a tuple: (1, 64, 112, 112)."""
    return str(tuple(int(size) for size in shape))


def both_counts(macs: int) -> str:
    """Multiply-adds, and the same as FLOPs; the page's switch shows one of them."""
    return (
        f'<span class="calc-macs">{grouped(macs)} MACs</span><span class="calc-flops">{grouped(2 * macs)} FLOPs</span>'
    )


def result(run: Run, typeset: Typeset) -> str:
    """The answer first: output shape, parameters, multiply-adds."""
    facts = [
        ("Output shape" if len(run.outputs) == 1 else "Output shapes", _outputs(run, typeset)),
        ("Parameters", f"<b>{grouped(int(run.params))}</b><small>{_params_line(run)}</small>"),
        ("Cost", f"<b>{grouped(int(run.macs))} MACs</b><small>{grouped(2 * int(run.macs))} FLOPs</small>"),
    ]
    listed = "".join(f"<div><dt>{name}</dt><dd>{value}</dd></div>" for name, value in facts)
    return f'<dl class="calc-facts">{listed}</dl>'


def _outputs(run: Run, typeset: Typeset) -> str:
    shapes = tensors(run.out)
    if len(shapes) == 1:
        return f"<b>{shape_text(run.outputs[0])}</b><small>{typeset(_symbols(run.outputs[0]))}</small>"
    return "".join(
        f'<span class="calc-output"><code>{name}</code> <b>{shape_text(shape) if shape is not None else None}</b>'
        f"<small>{typeset(_symbols(shape)) if shape else ''}</small></span>"
        for name, shape in zip(run.layer.outputs, shapes, strict=False)
    )


def _params_line(run: Run) -> str:
    fixed = int(run.params) - int(run.trainable)
    if fixed:
        return f"{grouped(int(run.trainable))} trainable, {grouped(fixed)} not"
    return _memory_line(run.params)


def _symbols(shape: Shape) -> str:
    return r"\left(" + r",\;".join(write(node_of(size), TEX) for size in shape) + r"\right)"


def _memory_line(params: int) -> str:
    if not params:
        return "nothing is learned"
    size = bytes_of(int(params))
    return f"{fitting(size, BINARY)} in float32" if size >= 1024 else f"{size} B in float32"


def derivation(run: Run, typeset: Typeset) -> str:
    """Each step as symbols = numbers = value."""
    rows = "".join(_step_row(step, typeset) for step in run.derivation())
    if not rows:
        return '<p class="calc-quiet">Every axis keeps its size, nothing is learned: there is nothing to work out.</p>'
    return f'<ol class="calc-steps">{rows}</ol>'


def _step_row(step: Step, typeset: Typeset) -> str:
    symbol = write_symbol(step, TEX)
    symbols, numbers = (write(step.definition, TEX, numbers=flag) for flag in (False, True))
    parts = [f"{symbol} = {symbols}", f"{{}} = {numbers}", f"{{}} = {TEX.number(step.value)}"]
    if numbers == TEX.number(step.value):
        parts.pop()
    return "<li>" + "".join(f"<span>{typeset(part)}</span>" for part in parts) + "</li>"


def weights(run: Run, typeset: Typeset) -> str:
    """Every tensor that is kept: name, shape in symbols and in numbers, how many numbers."""
    stored = run.remembered.buffers()
    if not run.weights and not stored:
        return '<p class="calc-quiet">Nothing is learned here: 0 parameters.</p>'
    mixed = any(not weight.trainable for weight in run.weights)
    head = ("Tensor", "Shape", "With your numbers", "Numbers", *(["Trained"] if mixed else []))
    rows = [
        (*_tensor_row(weight, typeset), *(["yes" if weight.trainable else "no"] if mixed else []))
        for weight in run.weights
    ]
    total = ("Parameters", "", "", grouped(int(run.params)), *([""] if mixed else []))
    listed = table(head, rows, total) if rows else '<p class="calc-quiet">Nothing is learned here: 0 parameters.</p>'
    return listed + (_stored(stored, typeset) if stored else "")


def _tensor_row(weight: Weight, typeset: Typeset) -> tuple[str, str, str, str]:
    return (
        f"<code>{escape(weight.name)}</code>",
        typeset(_symbols(weight.shape)),
        shape_text(weight.shape),
        grouped(int(weight.size)),
    )


def _stored(stored: Sequence[Weight], typeset: Typeset) -> str:
    total = sum(int(weight.size) for weight in stored)
    rows = [_tensor_row(weight, typeset) for weight in stored]
    return (
        '<p class="calc-quiet">Buffers: saved with the layer and not learned, so they are not among its parameters.</p>'
        + table(("Buffer", "Shape", "With your numbers", "Numbers"), rows, ("Buffers", "", "", grouped(total)))
    )


def conventions(run: Run, typeset: Typeset) -> str:
    """The same configuration under every framework: equal tensors in one row, and why they differ."""
    found = run.remembered.conventions(*run.remembered_inputs)
    if found is None:
        return '<p class="calc-quiet">No other framework keeps different tensors for this configuration.</p>'
    return conventions_table(found, typeset)


def memory(run: Run, typeset: Typeset) -> str:
    """The bytes of the parameters in each number format, in both families of units."""
    params = int(run.params)
    rows = [
        (names, f"{grouped(size)} B", fitting(size, BINARY), fitting(size, DECIMAL)) for names, size in _sizes(params)
    ]
    return table(("Number format", "Bytes", "Powers of 1024", "Powers of 1000"), rows)


def _sizes(params: int) -> list[tuple[str, int]]:
    widths: dict[int, list[str]] = {}
    for dtype, width in DTYPES.items():
        widths.setdefault(width, []).append(dtype)
    return [(", ".join(names), width * params) for width, names in sorted(widths.items(), reverse=True)]


def cost(run: Run, typeset: Typeset) -> str:
    """What one call costs, what is counted, and what is left out."""
    macs = int(run.macs)
    rows = [
        (
            escape(each.what),
            typeset(write(node_of(each.amount), TEX)),
            f"{grouped(int(each.amount))} {'MACs' if each.unit == 'MAC' else each.unit + 's'}",
        )
        for each in run.costs
    ]
    listed = table(("Work in one call", "Formula", "How often"), rows) if rows else ""
    return (
        f'{listed}<p class="calc-quiet">Counted: {grouped(macs)} multiply-adds (MACs), which is {grouped(2 * macs)} '
        "FLOPs. Adding a bias, comparing and functions of single numbers are listed, not counted.</p>"
    )


def rows(run: Run, typeset: Typeset) -> str:
    """A network layer by layer."""
    assert isinstance(run.layer, Network)
    lines = [
        (
            f"<code>{escape(row.name)}</code>",
            type(row.layer).__name__,
            shape_text(row.out),
            _worked(row),
            grouped(row.macs),
            _seen(row),
        )
        for row in run.layer.rows(*run.inputs)
    ]
    total = ("Total", "", "", f"<b>{grouped(int(run.params))}</b>", grouped(int(run.macs)), "")
    return table(("Layer", "Kind", "Output shape", "Parameters", "MACs", "Receptive field"), lines, total)


def _worked(row: Row) -> str:
    """A row's parameter count with the substitution that it comes from."""
    step = node_of(run_layer(row.layer, *row.inputs).params)
    if not isinstance(step, Step):
        return grouped(row.params)
    worked = re.sub(r"\^(\d+)", r"<sup>\1</sup>", write(step.definition, TEXT, numbers=True))
    return f"<small>{worked} =</small> {grouped(row.params)}"


def _seen(row: Row) -> str:
    if row.receptive_field is None:
        return "whole input"
    return sizes(row.receptive_field)


def conventions_table(found: Conventions, typeset: Typeset) -> str:
    """A column for each framework, a row for each thing that a tensor is for."""
    names = found.roles()
    columns = [_column(version, names, typeset) for version in found.versions]
    head = ("What it is for", *(version.framework for version in found.versions))
    rows = "".join(
        f'<tr><th scope="row">{escape(name)}</th>' + "".join(column[at] for column in columns) + "</tr>"
        for at, name in enumerate(names)
    )
    heads = "".join(f'<th scope="col">{escape(each)}</th>' for each in head)
    totals = "".join(f"<td>{_count(version)}</td>" for version in found.versions)
    calls = "".join(f"<td><code>{escape(version.call)}</code></td>" for version in found.versions)
    remarks = "".join(f"<li>{escape(remark)}</li>" for remark in found.remarks)
    return (
        '<div class="calc-scroll" tabindex="0"><table class="calc-table calc-conventions">'
        f"<thead><tr>{heads}</tr></thead>"
        f'<tbody><tr><th scope="row">written as</th>{calls}</tr>{rows}</tbody>'
        f'<tfoot><tr><th scope="row">parameters</th>{totals}</tr></tfoot></table></div>'
        + (f'<ul class="calc-remarks">{remarks}</ul>' if remarks else "")
    )


def _column(version: Version, names: Sequence[str], typeset: Typeset) -> list[str]:
    """The cells of one framework; a tensor that does the work of several rows spans them."""
    cells = ["<td>–</td>"] * len(names)
    taken: dict[int, list[Weight]] = {}
    for weight in version.weights:
        rows = sorted(names.index(role) for role in roles(weight))
        taken.setdefault(rows[0], []).append(weight)
        if rows != list(range(rows[0], rows[0] + len(rows))):
            raise ValueError(f"{weight.name}: the rows {rows} do not stand together")
    for first, found in taken.items():
        span = max(len(roles(weight)) for weight in found)
        inside = "".join(_tensor_cell(weight, typeset) for weight in found)
        cells[first] = f'<td rowspan="{span}">{inside}</td>' if span > 1 else f"<td>{inside}</td>"
        for covered in range(first + 1, first + span):
            cells[covered] = ""
    return cells


def _tensor_cell(weight: Weight, typeset: Typeset) -> str:
    fixed = "" if weight.trainable else ", not trained"
    return (
        f"<div><code>{escape(weight.name)}</code> {typeset(_symbols(weight.shape))}"
        f"<small>{shape_text(weight.shape)} = {grouped(int(weight.size))}{fixed}</small></div>"
    )


def _count(version: Version) -> str:
    trained = sum(int(weight.size) for weight in version.weights if weight.trainable)
    fixed = sum(int(weight.size) for weight in version.weights if not weight.trainable)
    return f"<b>{grouped(trained + fixed)}</b>" + (
        f"<small>{grouped(fixed)} of them not trained</small>" if fixed else ""
    )


def table(head: Sequence[str], rows: Sequence[Sequence[str]], foot: Sequence[str] = ()) -> str:
    """A table that scrolls inside its own box where the page is narrow."""
    heads = "".join(f'<th scope="col">{cell}</th>' for cell in head)
    body = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    last = "<tfoot><tr>" + "".join(f"<td>{cell}</td>" for cell in foot) + "</tr></tfoot>" if foot else ""
    return (
        f'<div class="calc-scroll" tabindex="0"><table class="calc-table"><thead><tr>{heads}</tr></thead>'
        f"<tbody>{body}</tbody>{last}</table></div>"
    )


def torch(run: Run, typeset: Typeset) -> str:
    """PyTorch source of this very configuration."""
    return _snippet(code.torch_code(run.layer, *run.inputs))


def keras(run: Run, typeset: Typeset) -> str:
    """Keras source of the same configuration, or why there is none."""
    try:
        return _snippet(code.keras_code(run.layer, *run.inputs))
    except NoEquivalent as reason:
        return f'<p class="calc-quiet">{escape(str(reason))}</p>'


def _snippet(source: str) -> str:
    # No <code> inside: the theme would add a button and an id of its own to it.
    return f'<div class="highlight"><pre class="calc-code" tabindex="0">{code.highlighted(source)}</pre></div>'


def picture(run: Run, typeset: Typeset) -> str:
    """The layer at work on this input, drawn."""
    return run.layer.picture(*run.inputs)


PANELS: Mapping[str, tuple[str, Callable[[Run, Typeset], str]]] = {
    "result": ("", result),
    "rows": ("Layer by layer", rows),
    "picture": ("Picture", picture),
    "derivation": ("Step by step", derivation),
    "weights": ("Parameters", weights),
    "conventions": ("One layer, every convention", conventions),
    "cost": ("Cost of one call", cost),
    "memory": ("Parameters in memory", memory),
    "torch": ("PyTorch", torch),
    "keras": ("Keras", keras),
}
"""Every panel under its name, with its title; `Layer.panels` says which a calculator has."""
