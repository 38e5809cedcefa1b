"""How a layer's output sizes come about: the lines of its own derivation, for the demos that show its values."""

from __future__ import annotations

from typing import Any

from calc.derive import run
from calc.expression import steps
from calc.layer_base import Layer
from calc.notation import TEX, write, write_symbol
from calc.sym import node_of


def size_steps(layer: Layer, shape: Any) -> list[tuple[str, ...]]:
    """For each size the parts of an equation as TeX: symbol, formula, numbers, value."""
    found: dict[str, tuple[str, ...]] = {}
    for size in run(layer, shape).outputs[0]:
        for step in steps(node_of(size)):
            symbol, value = write_symbol(step, TEX), TEX.number(step.value)
            formula, numbers = (write(step.definition, TEX, numbers=flag) for flag in (False, True))
            found.setdefault(symbol, (symbol, formula, numbers) + ((value,) if numbers != value else ()))
    return list(found.values())
