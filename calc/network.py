"""A network as rows: layers one after another, each with its shape, parameters, cost and view.

A network is a layer too, so it is declared, drawn and compared in the same way.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, TypeAlias

from calc.errors import CalcError
from calc.knob import knobs
from calc.layer import Cost, Layer
from calc.layers.flatten import SYMBOLS
from calc.picture import bars
from calc.source import torch_call
from calc.tensor import Shape, Weight, present

View: TypeAlias = "tuple[int, ...] | None"


@dataclass(frozen=True)
class Row:
    """One layer of a network at work."""

    name: str
    layer: Layer
    inputs: tuple[Shape, ...]
    out: Shape
    params: int
    macs: int
    receptive_field: View
    """Cells of the network's input that one output place sees along each axis; None is all of them."""


@dataclass(frozen=True)
class Network(Layer, ABC):
    """Layers one after another, each with a name."""

    panels: ClassVar[tuple[str, ...]] = ("result", "rows", "picture", "memory", "torch", "keras")

    made_for: ClassVar[str]
    """Which inputs the network takes, as the way out of an error."""

    @abstractmethod
    def layers(self) -> Sequence[tuple[str, Layer]]:
        """The layers in order, under the names that PyTorch prefixes their weights with."""

    def check(self) -> None:
        self.require_bounds(*(each.name for each in knobs(self)))

    def rows(self, x: Any) -> Iterator[Row]:
        """Every layer with the shapes it meets on input shape `x`."""
        shape = x
        field: View = None
        step: tuple[int, ...] = ()
        for name, layer in self.layers():
            [out] = present(layer(shape))
            seen = layer.window(shape)
            if seen and not step:
                field, step = (1,) * len(seen), (1,) * len(seen)
            if seen is None:
                field = None
            elif field is not None and len(seen) == len(step):
                field = tuple(f + (reach - 1) * s for f, (reach, _), s in zip(field, seen, step, strict=True))
                step = tuple(s * moved for s, (_, moved) in zip(step, seen, strict=True))
            yield Row(name, layer, (shape,), out, layer.params, layer.macs(shape), field)
            shape = out

    def out(self, x: Shape) -> Shape:
        shape = x
        for name, layer in self.layers():
            try:
                [shape] = present(layer(shape))
            except CalcError as error:
                if any(error.knob == each.name for each in knobs(self)):
                    raise
                # The layer's own argument is no field of the network's form.
                rule = f"must fit every layer, and at {name} it does not: {error.rule}"
                raise self.fault("input", rule, self.made_for, value=x) from None
        return shape

    def learned(self) -> Iterator[Weight]:
        for name, layer in self.layers():
            for weight in layer.weights():
                yield Weight(f"{name}.{weight.name}", weight.shape)

    def costs(self, x: Shape) -> Iterator[Cost]:
        for name, layer in self.layers():
            for cost in layer.costs(x):
                yield Cost(f"{name}: {cost.what}", cost.amount, cost.unit)
            [x] = present(layer(x))

    def input_symbols(self, rank: int, name: str = "input") -> tuple[str, ...]:
        return SYMBOLS[rank]

    def torch_lines(self) -> list[str]:
        rows = [f'    ("{name}", {torch_call(layer)}),' for name, layer in self.layers()]
        return ["from collections import OrderedDict", "layer = nn.Sequential(OrderedDict([", *rows, "]))"]

    def keras(self, x: Shape) -> list[str]:
        calls = []
        for _, layer in self.layers():
            calls += layer.keras(x)
            [x] = present(layer(x))
        return calls

    def picture(self, x: Shape) -> str:
        rows = [row for row in self.rows(x) if row.params or row.macs]
        return bars(
            [(row.name, row.params, row.macs) for row in rows],
            ("parameters", "MACs"),
            "Where the parameters and the multiply-adds of the network are.",
        )
