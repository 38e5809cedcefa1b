"""The tensors that a layer keeps, and what other frameworks keep instead."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import groupby

from calc.conventions import Conventions, Version, roles
from calc.derive import Run
from calc.errors import CalcError
from calc.markup import breakable, plain
from calc.notation import grouped
from calc.panels.table import Typeset, shape_symbols, shape_text, table
from calc.tensor import Weight

LONG = 24
"""A list of more tensors than this names those of equal layers once."""


def weights(run: Run, typeset: Typeset) -> str:
    """Every tensor that is kept: name, shape in symbols and in numbers, how many numbers."""
    stored = run.remembered.buffers()
    if not run.weights and not stored:
        return '<p class="calc-quiet">Nothing is learned here: 0 parameters.</p>'
    mixed = any(not weight.trainable for weight in run.weights)
    head = ("Tensor", "Shape", "With your numbers", "Numbers", *(["Trained"] if mixed else []))
    listed = folded(run.weights)
    rows = [
        (*_tensor_row(weight, typeset, times), *(["yes" if weight.trainable else "no"] if mixed else []))
        for weight, times in listed
    ]
    total = ("Parameters", "", "", grouped(run.params), *([""] if mixed else []))
    shown = table(head, rows, total) if rows else '<p class="calc-quiet">Nothing is learned here: 0 parameters.</p>'
    if len(listed) < len(run.weights):
        shown += f'<p class="calc-quiet">{len(run.weights)} tensors; of equal layers the first is listed.</p>'
    return shown + (_stored(stored, typeset) if stored else "")


def folded(weights: Sequence[Weight]) -> list[tuple[Weight, int]]:
    """Each tensor and how often it is there: in long lists, of parts `layer#0`, `layer#1` that are equal the first."""
    kinds: dict[str, dict[str, list[object]]] = {}
    for weight in weights:
        kind, number, rest = _numbered(weight)
        kinds.setdefault(kind, {}).setdefault(number, []).append((rest, weight.shape))
    found = []
    for weight in weights:
        kind, number, _ = _numbered(weight)
        same = kinds[kind]
        first = next(iter(same))
        if len(weights) <= LONG or not number or any(each != same[first] for each in same.values()):
            found.append((weight, 1))
        elif number == first:
            found.append((weight, len(same)))
    return found


def _numbered(weight: Weight) -> tuple[str, str, str]:
    """The part that a tensor belongs to as what comes before its number, the number, and what comes after."""
    part = re.fullmatch(r"([^#]*)#(\d+)(.*)", weight.part)
    return (part[1], part[2], part[3]) if part else (weight.part, "", "")


def _tensor_row(weight: Weight, typeset: Typeset, times: int = 1) -> tuple[str, str, str, str]:
    return (
        f"<code>{plain(weight.name)}</code>",
        typeset(shape_symbols(weight.shape)),
        shape_text(weight.shape),
        f"{times} × {grouped(weight.size)}" if times > 1 else grouped(weight.size),
    )


def _stored(stored: Sequence[Weight], typeset: Typeset) -> str:
    total = sum(weight.size for weight in stored)
    rows = [_tensor_row(weight, typeset) for weight in stored]
    return (
        '<p class="calc-quiet">Buffers: saved with the layer and not learned, so they are not among its parameters.</p>'
        + table(("Buffer", "Shape", "With your numbers", "Numbers"), rows, ("Buffers", "", "", grouped(total)))
    )


def conventions(run: Run, typeset: Typeset) -> str:
    """The same configuration under every framework: equal tensors in one row, and why they differ."""
    try:
        found = run.remembered.conventions(*run.remembered_inputs)
    except CalcError as refused:
        return f'<p class="calc-quiet">Another framework refuses this configuration: {plain(refused)}</p>'
    if found is None:
        return '<p class="calc-quiet">The other frameworks have no layer of this kind.</p>'
    return conventions_table(found, typeset)


def conventions_table(found: Conventions, typeset: Typeset) -> str:
    """A column for each framework, a row for each thing that a tensor is for."""
    names = found.roles()
    columns = [_column(version, names, typeset) for version in found.versions]
    head = ("What it is for", *(version.framework for version in found.versions))
    rows = "".join(
        f'<tr><th scope="row">{plain(name)}</th>' + "".join(column[at] for column in columns) + "</tr>"
        for at, name in enumerate(names)
    )
    heads = "".join(f'<th scope="col">{plain(each)}</th>' for each in head)
    totals = "".join(f"<td>{_count(version)}</td>" for version in found.versions)
    calls = "".join(f"<td><code>{breakable(version.call)}</code></td>" for version in found.versions)
    remarks = "".join(f"<li>{plain(remark)}</li>" for remark in found.remarks)
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
        alike = groupby(found, key=lambda weight: (shape_symbols(weight.shape), weight.trainable))
        inside = "".join(_tensor_cell(list(group), typeset) for _, group in alike)
        cells[first] = f'<td rowspan="{span}">{inside}</td>' if span > 1 else f"<td>{inside}</td>"
        for covered in range(first + 1, first + span):
            cells[covered] = ""
    return cells


def _tensor_cell(alike: Sequence[Weight], typeset: Typeset) -> str:
    """Tensors of one shape: their names, the shape once, how many numbers they hold together."""
    first, count = alike[0], len(alike)
    names = " ".join(f"<code>{breakable(weight.name)}</code>" for weight in alike)
    times, each = (f"{count} × ", " each") if count > 1 else ("", "")
    fixed = "" if first.trainable else ", not trained"
    return (
        f"<div>{names} <span>{typeset(shape_symbols(first.shape))}{each}</span>"
        f"<small>{times}{shape_text(first.shape)} = {grouped(count * first.size)}{fixed}</small></div>"
    )


def _count(version: Version) -> str:
    trained = sum(weight.size for weight in version.weights if weight.trainable)
    fixed = sum(weight.size for weight in version.weights if not weight.trainable)
    return f"<b>{grouped(trained + fixed)}</b>" + (
        f"<small>{grouped(fixed)} of them not trained</small>" if fixed else ""
    )
