"""A network as rows: layers wired together, each with its shape, parameters, cost and view.

A network is a layer too, so it is declared, drawn and compared in the same way, and
may be a part of another one. It says once how its layers are wired; rows, weights,
costs and the source for PyTorch and Keras all follow from that.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, reduce
from typing import Any, ClassVar, TypeAlias

from calc.errors import CalcError
from calc.expression import Leaf, Node, Step, rewritten, steps
from calc.knob import knobs
from calc.layer_base import Cost, Layer, Windows
from calc.layers.flatten import SYMBOLS
from calc.picture import bars
from calc.sight import Sight, reading
from calc.sym import Sym, node_of, plain_number
from calc.tensor import Shape, Weight, present

View: TypeAlias = "tuple[int, ...] | None"

UNCOSTED = ("result", "rows", "picture", "memory", "torch", "keras")
"""The panels of deep networks: item by item their cost fills pages."""


class Misfit(CalcError):
    """What a layer of a network refuses, and the path to that layer; `told` is what the network says of it."""

    def __init__(self, cause: CalcError, path: tuple[str, ...], told: CalcError | None = None) -> None:
        self.cause = cause
        self.path = path
        said = told or cause
        super().__init__(said.rule, knob=said.knob, hint=said.hint)


@dataclass(frozen=True)
class Value:
    """A tensor on its way through a network.

    `origin` is the row that it came out of, or the input's name; `sights` what its
    places see of the network's input along each axis, None for all of it.
    """

    origin: str
    shape: Shape
    sights: tuple[Sight, ...] | None = ()


@dataclass(frozen=True)
class Row:
    """One layer of a network at work."""

    name: str
    layer: Layer
    sources: tuple[str, ...]
    """The rows, or the network's inputs, that it reads."""
    inputs: tuple[Any, ...]
    out: Shape
    receptive_field: View
    """Cells of the network's input that one output place sees along each axis; None is all of them."""
    again: str = ""
    """The row whose layer is called here a second time, with the same weights."""
    options: str = ""
    """What else PyTorch's call is given, as source; `{0}` is the first variable."""
    inner: tuple[Row, ...] = ()
    """The rows of a layer that is a network itself."""

    @property
    def params(self) -> int:
        """How many numbers the layer learns that no row before it has."""
        return 0 if self.again else self.layer.params

    @cached_property
    def macs(self) -> int:
        """Multiply-adds of its one call."""
        return sum(cost.amount for cost in self.costs() if cost.unit == "MAC")

    def costs(self) -> Iterable[Cost]:
        """What its one call costs, item by item."""
        return _costs(self.inner) if self.inner else self.layer.costs(*self.inputs)


class Wires:
    """What a network is wired with: call it with a row's name, its layer and what that reads.

    Without `measure` no shape is worked out, because weights do not depend on them.
    """

    def __init__(self, *, measure: bool = True) -> None:
        self.measure = measure
        self.rows: list[Row] = []

    def __call__(self, name: str, layer: Layer, *values: Value, again: str = "", options: str = "") -> Value:
        """The layer's output for these inputs.

        `again` names the row that called this very layer before; `options` are what
        else its call is given in PyTorch.
        """
        many = layer.required_inputs()[0].many
        shapes = tuple(value.shape for value in values)
        inputs: tuple[Any, ...] = (shapes,) if many else shapes
        shape, sights, inner = self._called(name, layer, inputs, values) if self.measure else ((), (), ())
        before = _nodes(inputs)
        out = tuple(_renamed(size, name, before) for size in shape)
        field = None if sights is None else tuple(sight.width for sight in sights)
        sources = tuple(value.origin for value in values)
        self.rows.append(Row(name, layer, sources, inputs, out, field, again, options, inner))
        return Value(name, out, sights)

    def _called(
        self, name: str, layer: Layer, inputs: tuple[Any, ...], values: tuple[Value, ...]
    ) -> tuple[Shape, tuple[Sight, ...] | None, tuple[Row, ...]]:
        """The output shape, what its places see, and the rows of a network within."""
        try:
            if not isinstance(layer, Network):
                return present(layer(*inputs))[0], _seen(layer, inputs, values), ()
            within = Wires()
            ports = layer.required_inputs()
            given = (replace(value, origin=port.name) for port, value in zip(ports, values, strict=True))
            last = layer.wire(within, *given)
        except Misfit as inner:
            raise Misfit(inner.cause, (name, *inner.path)) from None
        except CalcError as error:
            raise Misfit(error, (name,)) from None
        return last.shape, last.sights, tuple(within.rows)


def _renamed(size: int, row: str, before: Collection[int]) -> int:
    """A number in which what a layer calls H_out goes by the layer's own name: every layer has an H_out.

    So does what a layer within this one is called. An axis that keeps its size keeps
    its name, and so does what was named before this layer's inputs.
    """
    if not isinstance(size, Sym):
        return size

    def change(step: Step) -> Node:
        axis, _, inner = step.symbol.rpartition("_")
        if not axis:
            return step
        if inner == "out" and isinstance(step.definition, (Leaf, Step)):
            return step.definition
        name = f"{axis.partition('_')[0]}_{row}"
        taken = any(earlier.symbol == name for earlier in steps(step.definition))
        return replace(step, symbol=f"{name}.{inner}" if taken else name)

    return Sym(plain_number(size), rewritten(size.node, change, before))


def _nodes(inputs: tuple[Any, ...]) -> set[int]:
    """The identities of the expressions that a layer's input sizes came from."""
    found: set[int] = set()
    for each in inputs:
        found |= _nodes(each) if isinstance(each, tuple) else {id(node_of(each))}
    return found


def _seen(layer: Layer, inputs: tuple[Any, ...], values: tuple[Value, ...]) -> tuple[Sight, ...] | None:
    """How far the output sees: what goes in sees, and the layer's own window."""
    if any(value.sights is None for value in values):
        return None
    window = layer.window(*inputs)
    if window is None:
        return None
    given = [value.sights for value in values if value.sights] or [(Sight(),) * len(window)]
    sights = tuple(reduce(Sight.beside, along) for along in zip(*given, strict=True))
    if len(window) != len(sights):
        return sights
    return tuple(sight.through(reading(layer, axis, *window[axis])) for axis, sight in enumerate(sights))


def _same(one: Any, other: Any) -> bool:
    """Whether shapes are equal and have the same history."""
    if isinstance(one, tuple) and isinstance(other, tuple):
        return len(one) == len(other) and all(map(_same, one, other))
    return one is other or (type(one) is type(other) is int and one == other)


def _leaves(rows: Iterable[Row]) -> Iterator[Row]:
    for row in rows:
        if row.inner:
            yield from (replace(each, name=f"{row.name}.{each.name}") for each in _leaves(row.inner))
        else:
            yield row


def _costs(rows: Iterable[Row]) -> Iterator[Cost]:
    """What rows cost, each under its name."""
    for row in rows:
        before = _nodes(row.inputs)
        for cost in row.costs():
            amount = _renamed(cost.amount, row.name, before)
            yield Cost(f"{row.name}: {cost.what}", amount, cost.unit, row.name)


@dataclass(frozen=True)
class Network(Layer, ABC):
    """Layers wired together, each with a name."""

    panels: ClassVar[tuple[str, ...]] = ("result", "rows", "picture", "cost", "memory", "torch", "keras")

    made_for: ClassVar[str]
    """Which inputs the network takes, as the way out of an error."""

    _traced: ClassVar[tuple[tuple[Shape, ...] | None, tuple[Row, ...]]] = (None, ())
    """Of each network the last trace, with the input shapes that it is of."""

    @abstractmethod
    def wire(self, wires: Wires, *inputs: Value) -> Value:
        """Pass the inputs through the layers and return what comes out.

        Layers go by the names that PyTorch prefixes their weights with. No shape may
        decide what is done.
        """

    def check(self) -> None:
        self.require_bounds(*(each.name for each in knobs(self)))

    def trace(self, *inputs: Shape) -> tuple[Row, ...]:
        """Every layer with the shapes it meets on these input shapes, in the order of the call.

        Raises `CalcError` with the name of the layer that does not fit.
        """
        # Rows, costs, picture and source of one answer all ask for the same trace.
        before, rows = self._traced
        if before is None or not _same(before, inputs):
            rows = self._trace(inputs)
            object.__setattr__(self, "_traced", (inputs, rows))
        return rows

    def _trace(self, inputs: tuple[Shape, ...]) -> tuple[Row, ...]:
        wires = Wires()
        try:
            self.wire(wires, *self._values(inputs))
        except Misfit as misfit:
            # An argument of the network itself is its own field in a form.
            if len(misfit.path) == 1 and any(misfit.cause.knob == each.name for each in knobs(self)):
                raise misfit.cause from None
            rule = f"must fit every layer, and at {'.'.join(misfit.path)} it does not: {misfit.cause.rule}"
            shown = inputs[0] if len(inputs) == 1 else inputs
            told = self.fault(self.required_inputs()[0].name, rule, self.made_for, value=shown)
            raise Misfit(misfit.cause, misfit.path, told) from None
        return tuple(wires.rows)

    def rows(self, *inputs: Any) -> tuple[Row, ...]:
        """`trace` for shapes that are still to be checked."""
        return self.trace(*self.bind(*inputs)[0])  # type: ignore[arg-type]

    def leaves(self, *inputs: Any) -> Iterator[Row]:
        """The layers that are no networks themselves, those of networks within by their paths."""
        return _leaves(self.trace(*inputs))

    def parts(self) -> tuple[Row, ...]:
        """Every layer without its shapes."""
        return self._parts

    @cached_property
    def _parts(self) -> tuple[Row, ...]:
        wires = Wires(measure=False)
        self.wire(wires, *self._values(((),) * len(self.required_inputs())))
        return tuple(wires.rows)

    def _values(self, inputs: Sequence[Shape]) -> list[Value]:
        names = [port.name for port in self.required_inputs()]
        return [Value(name, shape) for name, shape in zip(names, inputs, strict=True)]

    def out(self, *inputs: Shape) -> Shape:
        return self.trace(*inputs)[-1].out

    def learned(self) -> Iterable[Weight]:
        for row in self.parts():
            if not row.again:
                yield from (weight.within(row.name, row.name) for weight in row.layer.weights())

    def stored(self) -> Iterator[Weight]:
        for row in self.parts():
            if not row.again:
                yield from (weight.within(row.name, row.name) for weight in row.layer.buffers())

    def costs(self, *inputs: Shape) -> Iterator[Cost]:
        yield from _costs(self.trace(*inputs))

    def window(self, *inputs: Shape) -> Windows | None:
        seen = self.wire(Wires(), *self._values(inputs)).sights
        return None if seen is None else tuple((sight.width, sight.step) for sight in seen)

    def input_symbols(self, rank: int, name: str = "input") -> tuple[str, ...]:
        return SYMBOLS.get(rank) or tuple(f"d_{i}" for i in range(rank))

    def torch_lines(self) -> list[str]:
        from calc.module_source import torch_module

        return torch_module(self)

    def picture(self, *inputs: Shape) -> str:
        rows = [row for row in self.trace(*inputs) if row.params or row.macs]
        return bars(
            [(row.name, row.params, row.macs) for row in rows],
            ("parameters", "MACs"),
            "Where the parameters and the multiply-adds of the network are.",
        )


@dataclass(frozen=True)
class Sequential(Network, ABC):
    """Layers one after another."""

    @abstractmethod
    def layers(self) -> Sequence[tuple[str, Layer]]:
        """The layers in order, with their names."""

    def wire(self, wires: Wires, *inputs: Value) -> Value:
        [value] = inputs
        for name, layer in self.layers():
            value = wires(name, layer, value)
        return value
