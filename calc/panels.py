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
from calc.derive import Run
from calc.derive import run as run_layer
from calc.layer import NoEquivalent, Shape
from calc.network import Network, Row
from calc.notation import TEX, TEXT, grouped, write, write_symbol
from calc.picture import sizes
from calc.sym import Step, node_of
from calc.units import BINARY, DECIMAL, DTYPES, bytes_of, fitting

Typeset: TypeAlias = Callable[[str], str]


def shape_text(shape: Shape) -> str:
    """A shape as Python prints a tuple: (1, 64, 112, 112)."""
    return str(tuple(int(size) for size in shape))


def result(run: Run, typeset: Typeset) -> str:
    """The answer first: output shape, parameters, multiply-adds."""
    shapes = "<br>".join(f"<b>{shape_text(shape)}</b>" for shape in run.outputs)
    names = typeset(_symbols(run.outputs[0]))
    facts = [
        ("Output shape", f"{shapes}<small>{names}</small>"),
        ("Parameters", f"<b>{grouped(int(run.params))}</b><small>{_memory_line(run.params)}</small>"),
        ("Cost", f"<b>{grouped(int(run.macs))} MACs</b><small>{grouped(2 * int(run.macs))} FLOPs</small>"),
    ]
    listed = "".join(f"<div><dt>{name}</dt><dd>{value}</dd></div>" for name, value in facts)
    return f'<dl class="calc-facts">{listed}</dl>'


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
    """Every learned tensor: name, shape in symbols and in numbers, how many numbers."""
    if not run.weights:
        return '<p class="calc-quiet">Nothing is learned here: 0 parameters.</p>'
    rows = [
        (
            f"<code>{escape(weight.name)}</code>",
            typeset(_symbols(weight.shape)),
            shape_text(weight.shape),
            grouped(int(weight.size)),
        )
        for weight in run.weights
    ]
    total = ("Parameters", "", "", grouped(int(run.params)))
    return table(("Tensor", "Shape", "With your numbers", "Numbers"), rows, total)


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
        for row in run.layer.rows(run.x)
    ]
    total = ("Total", "", "", f"<b>{grouped(int(run.params))}</b>", grouped(int(run.macs)), "")
    return table(("Layer", "Kind", "Output shape", "Parameters", "MACs", "Receptive field"), lines, total)


def _worked(row: Row) -> str:
    """A row's parameter count with the substitution that it comes from."""
    step = node_of(run_layer(row.layer, row.x).params)
    if not isinstance(step, Step):
        return grouped(row.params)
    worked = re.sub(r"\^(\d+)", r"<sup>\1</sup>", write(step.definition, TEXT, numbers=True))
    return f"<small>{worked} =</small> {grouped(row.params)}"


def _seen(row: Row) -> str:
    if row.receptive_field is None:
        return "whole input"
    return sizes(row.receptive_field)


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
    return _snippet(code.torch_code(run.layer, run.x))


def keras(run: Run, typeset: Typeset) -> str:
    """Keras source of the same configuration, or why there is none."""
    try:
        return _snippet(code.keras_code(run.layer, run.x))
    except NoEquivalent as reason:
        return f'<p class="calc-quiet">{escape(str(reason))}</p>'


def _snippet(source: str) -> str:
    # No <code> inside: the theme would add a button and an id of its own to it.
    return f'<div class="highlight"><pre class="calc-code" tabindex="0">{code.highlighted(source)}</pre></div>'


def picture(run: Run, typeset: Typeset) -> str:
    """The layer at work on this input, drawn."""
    return run.layer.picture(run.x)


PANELS: Mapping[str, tuple[str, Callable[[Run, Typeset], str]]] = {
    "result": ("", result),
    "rows": ("Layer by layer", rows),
    "picture": ("Picture", picture),
    "derivation": ("Step by step", derivation),
    "weights": ("Parameters", weights),
    "cost": ("Cost of one call", cost),
    "memory": ("Parameters in memory", memory),
    "torch": ("PyTorch", torch),
    "keras": ("Keras", keras),
}
"""Every panel under its name, with its title; `Layer.panels` says which a calculator has."""
