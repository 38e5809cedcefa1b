"""One run of a layer on remembering integers: every formula, step and value on its page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from calc.layer import Answer, Cost, Layer, Shape, Weight
from calc.notation import TEXT, write, write_symbol
from calc.sym import Guard, Step, Sym, let, node_of, steps, watching


@dataclass(frozen=True)
class Run:
    """A layer applied to an input shape, with the history of every number."""

    layer: Layer
    x: Shape
    remembered: Layer
    remembered_x: Shape
    out: Answer
    weights: tuple[Weight, ...]
    costs: tuple[Cost, ...]
    guards: tuple[Guard, ...]

    @property
    def outputs(self) -> tuple[Shape, ...]:
        """The output shapes, one tensor or several."""
        return tensors(self.out)

    @property
    def params(self) -> int:
        """The parameter count, as a named step where something is learned."""
        return let("params", sum(weight.size for weight in self.weights))

    @property
    def macs(self) -> int:
        """The multiply-adds, as a named step where there are any."""
        return let("MACs", sum(cost.amount for cost in self.costs if cost.unit == "MAC"))

    def derivation(self) -> tuple[Step, ...]:
        """The named steps in reading order: output axes, parameters, multiply-adds."""
        results = [size for shape in self.outputs for size in shape] + [self.params, self.macs]
        found: dict[str, Step] = {}
        for result in results:
            for step in steps(node_of(result)):
                found.setdefault(write_symbol(step, TEXT), step)
        return tuple(found.values())


def run(layer: Layer, x: Any) -> Run:
    """Apply `layer` to input shape `x`, remembering how each number comes about.

    Raises `CalcError` as `layer(x)` does.
    """
    shape = layer.shape_of(x)
    layer.out(shape)
    with watching() as guards:
        remembered, remembered_x = layer.symbolic(), layer.symbolic_input(shape)
        out = remembered.out(remembered_x)
        weights = remembered.weights()
        costs = tuple(remembered.costs(remembered_x))
    return Run(layer, shape, remembered, remembered_x, out, weights, costs, tuple(guards))


def derivation_text(layer: Layer, x: Any) -> str:
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
        for step in run(layer, x).derivation()
    )


def tensors(answer: Answer) -> tuple[Shape, ...]:
    """The shapes in an answer, whether it is one shape or a tuple of shapes."""
    if answer and isinstance(answer[0], tuple):
        return answer
    return (answer,)  # type: ignore[return-value]


def plain(value: Any) -> Any:
    """Integers without their history, inside tuples too."""
    if isinstance(value, tuple):
        return tuple(plain(item) for item in value)
    return int(value) if isinstance(value, Sym) else value
