"""One run of a layer on remembering integers: every formula, step and value on its page."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from calc.expression import Guard, Step, steps
from calc.layer_base import Cost, Layer
from calc.notation import TEXT, write, write_symbol
from calc.sym import Sym, let, node_of, tally, watching
from calc.tensor import Answer, Shape, Shapes, Weight, present


@dataclass(frozen=True)
class Run:
    """A layer applied to input shapes, with the history of every number."""

    layer: Layer
    inputs: tuple[Shapes, ...]
    remembered: Layer
    remembered_inputs: tuple[Shapes, ...]
    out: Answer
    weights: tuple[Weight, ...]
    costs: tuple[Cost, ...]
    params: int
    """The parameter count, as a named step where something is learned."""
    trainable: int
    """How many of the parameters training changes."""
    macs: int
    """The multiply-adds, as a named step where there are any."""
    guards: tuple[Guard, ...]

    @property
    def outputs(self) -> tuple[Shape, ...]:
        """The output shapes, one tensor or several."""
        return present(self.out)

    def derivation(self) -> tuple[Step, ...]:
        """The named steps in reading order: output axes, parameters, multiply-adds."""
        results = [size for shape in self.outputs for size in shape] + [self.params, self.macs]
        found: dict[str, Step] = {}
        for result in results:
            for step in steps(node_of(result)):
                found.setdefault(write_symbol(step, TEXT), step)
        return tuple(found.values())


def counted(weights: Iterable[Weight]) -> int:
    """How many numbers tensors hold, as a named step where there are any."""
    return let("params", by_part("params", ((weight.part, weight.size) for weight in weights)))


def multiplied(costs: Iterable[Cost]) -> int:
    """How many multiply-adds costs come to, as a named step where there are any."""
    return let("MACs", by_part("MACs", ((cost.part, cost.amount) for cost in costs if cost.unit == "MAC")))


def by_part(symbol: str, amounts: Iterable[tuple[str, int]]) -> int:
    """A sum; amounts that belong to a part are added up under the part's name first.

    A layer made of layers would have a formula too long to read otherwise. Parts
    `layer#0`, `layer#1` are repetitions: as many as have the same formula are counted.
    A part's own parts come after a slash: `layer#0/attn`.
    """
    items: dict[str, list[tuple[str, int]]] = {}
    for part, amount in amounts:
        outer, _, inner = part.partition("/")
        items.setdefault(outer, []).append((inner, amount))
    parts = {
        part: by_part(symbol, each) if any(inner for inner, _ in each) else tally(amount for _, amount in each)
        for part, each in items.items()
    }
    if len(parts) == 1:  # the sum itself needs no second name
        return sum(parts.values())
    total = 0
    for (name, _), group in groupby(parts.items(), key=lambda item: (item[0].partition("#")[0], node_of(item[1]))):
        sums = [amount for _, amount in group]
        total += len(sums) * (let(f"{symbol}_{name}", sums[0]) if name else sums[0])
    return total


def run(layer: Layer, *inputs: Any, **named: Any) -> Run:
    """Apply `layer` to input shapes, remembering how each number comes about.

    Raises `CalcError` as `layer(...)` does.
    """
    shapes, call = layer.bind(*inputs, **named)
    layer.out(*shapes, **call)
    with watching() as guards:
        remembered, remembered_inputs = layer.symbolic(), layer.symbolic_inputs(*shapes)
        call = layer.symbolic_call(call)
        sizing = layer.sizing(call)
        out = remembered.out(*remembered_inputs, **call)
        weights = remembered.weights_on(*remembered_inputs, **sizing)
        costs = tuple(remembered.costs(*remembered_inputs, **sizing))
        params, macs = counted(weights), multiplied(costs)
        trainable = sum(weight.size for weight in weights if weight.trainable)
    return Run(
        layer,
        shapes,
        remembered,
        remembered_inputs,
        out,
        weights,
        costs,
        params=params,
        trainable=trainable,
        macs=macs,
        guards=tuple(guards),
    )


def derivation_text(layer: Layer, *inputs: Any, **named: Any) -> str:
    """The derivation as plain text, a line for each step.

    Examples:
        >>> from calc import layer
        >>> print(derivation_text(layer("Linear", in_features=400, out_features=120), (400,)))
        params = n_out n_in + n_out = 120·400 + 120 = 48,120
        MACs = n_out n_in = 120·400 = 48,000
    """
    return "\n".join(
        " = ".join(
            (
                write_symbol(step, TEXT),
                write(step.definition, TEXT),
                write(step.definition, TEXT, numbers=True),
                TEXT.number(step.value),
            )
        )
        for step in run(layer, *inputs, **named).derivation()
    )


def plain(value: Any) -> Any:
    """Integers without their history, inside tuples too."""
    if isinstance(value, tuple):
        return tuple(plain(item) for item in value)
    return int(value) if isinstance(value, Sym) else value
