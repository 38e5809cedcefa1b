"""The answer, and how it comes about."""

from __future__ import annotations

from calc.derive import Run
from calc.expression import Step
from calc.notation import TEX, grouped, write, write_symbol
from calc.panels.table import Typeset, shape_symbols, shape_text
from calc.sym import Sym
from calc.tensor import tensors
from calc.units import BINARY, bytes_of, fitting


def result(run: Run, typeset: Typeset) -> str:
    """The answer first: output shape, parameters, multiply-adds."""
    facts = [
        ("Output shape" if len(run.outputs) == 1 else "Output shapes", _outputs(run, typeset)),
        ("Parameters", f"<b>{grouped(run.params)}</b><small>{_params_line(run)}</small>"),
        ("Cost", f"<b>{grouped(run.macs)} MACs</b><small>{grouped(2 * run.macs)} FLOPs</small>"),
    ]
    listed = "".join(f"<div><dt>{name}</dt><dd>{value}</dd></div>" for name, value in facts)
    return f'<dl class="calc-facts">{listed}</dl>'


def _outputs(run: Run, typeset: Typeset) -> str:
    shapes = tensors(run.out)
    if len(shapes) == 1:
        return f"<b>{shape_text(run.outputs[0])}</b><small>{typeset(shape_symbols(run.outputs[0]))}</small>"
    return "".join(
        f'<span class="calc-output"><code>{name}</code> <b>{shape_text(shape) if shape is not None else None}</b>'
        f"<small>{typeset(shape_symbols(shape)) if shape else ''}</small></span>"
        for name, shape in zip(run.layer.outputs, shapes, strict=False)
    )


def _params_line(run: Run) -> str:
    fixed = run.params - run.trainable
    if fixed:
        return f"{grouped(run.trainable)} trainable, {grouped(fixed)} not"
    return _memory_line(run.params)


def _memory_line(params: int) -> str:
    if not params:
        return "nothing is learned"
    return f"{fitting(bytes_of(params), BINARY)} in float32"


def derivation(run: Run, typeset: Typeset) -> str:
    """Each step as symbols = numbers = value."""
    rows = "".join(_step_row(step, typeset) for step in run.derivation())
    if not rows:
        return '<p class="calc-quiet">Every axis keeps its size, nothing is learned: there is nothing to work out.</p>'
    return f'<ol class="calc-steps">{rows}</ol>'


def _step_row(step: Step, typeset: Typeset) -> str:
    symbol = write_symbol(step, TEX)
    symbols, numbers = (write(step.definition, TEX, numbers=flag) for flag in (False, True))
    parts = [f"{symbol} = {symbols}", f"{{}} = {numbers}", f"{{}} = {TEX.number(Sym(step.value, step))}"]
    if numbers == TEX.number(Sym(step.value, step)):
        parts.pop()
    return "<li>" + "".join(f"<span>{typeset(part)}</span>" for part in parts) + "</li>"
