"""What every layer is: knobs in, shapes, named weights and costs out.

A layer is a frozen dataclass. Its methods are ordinary integer arithmetic; run
on the integers of `calc.sym` they also yield their own formulas (`derive.py`).

Classes are abstract or final: a family's abstract core holds the fields and the
arithmetic, its final faces (`Conv1d`, `Conv2d`) only say how many axes there are.

PyTorch refuses some configurations when a layer is built and others only when it
is called. Layers here do it at the same moment, so that the weights of a layer
that cannot run can still be asked for: `check` holds the rules of construction,
`out` those of the call. Methods that say "hook" have a default and may be
overridden; no other concrete method is.

Most layers take one tensor. Those that take several name them in `inputs`; `out`,
`costs`, `keras` and `picture` then get one shape for each that is not optional.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any, ClassVar, Self, TypeAlias

from calc.calculator import Calculator
from calc.conventions import Conventions
from calc.knob import Extents, Knob, Margins, PerAxis, Unfit, Whole, knobs
from calc.source import torch_call
from calc.sym import Sym
from calc.tensor import Answer, Port, Shape, Shapes, Weight

__all__ = ["UNLEARNED", "Answer", "Cost", "Layer", "NoEquivalent", "Port", "Shape", "Shapes", "Weight"]


@dataclass(frozen=True)
class Cost:
    """Work done by one call.

    `unit` is "MAC" for multiply-adds, which are what `macs` counts; anything else
    ("addition", "comparison") is named on the page and left out of the sum.
    `part` names the sub-layer that does it, in layers made of layers.
    """

    what: str
    amount: int
    unit: str = "MAC"
    part: str = ""


Windows: TypeAlias = "tuple[tuple[int, int | Fraction], ...]"
"""For each axis the cells that one output place sees, and how far the next place is from it."""

UNLEARNED = ("result", "derivation", "picture", "cost", "memory", "torch", "keras")
"""The panels of layers that learn nothing."""


class NoEquivalent(Exception):
    """The other framework has no layer for this; the text says why."""


@dataclass(frozen=True)
class Layer(Calculator, ABC):
    """A layer under PyTorch's name, with PyTorch's arguments and defaults."""

    panels: ClassVar[tuple[str, ...]] = (
        "result",
        "derivation",
        "picture",
        "weights",
        "conventions",
        "cost",
        "memory",
        "torch",
        "keras",
    )
    """What a calculator of this layer shows, in page order; the names are those of `calc.panels`.

    Layers that learn nothing leave out the tables of parameters.
    """

    inputs: ClassVar[tuple[Port, ...]] = (Port("input"),)
    """The tensors that a call takes, under the framework's argument names."""

    sized_by: ClassVar[tuple[str, ...]] = ()
    """Optional inputs whose shapes decide about weights or costs too; `costs` and `weights_on` get them by name."""

    outputs: ClassVar[tuple[str, ...]] = ("output",)
    """What the tensors that come out are called, in the framework's order."""

    has_mode: ClassVar[bool] = False
    """Whether training and inference differ in what is refused; `out` then takes `training=True`."""

    pairs_states: ClassVar[bool] = False
    """Whether all outputs but the first come as a tuple of their own, as an LSTM's states do."""

    keras_outputs: ClassVar[tuple[str, ...]] = ()
    """What the Keras layer's outputs are called where it gives several, too."""

    axis_letters: ClassVar[str] = ""
    """One letter for each axis that a tuple argument speaks of: `hw` for 2-D layers."""

    @abstractmethod
    def out(self, *inputs: Any, **call: Any) -> Answer:
        """The output shape for the input shapes, or `CalcError` where the framework raises.

        `call` holds what else the framework's call takes: optional inputs (their
        shapes), and options such as `output_size`.
        """

    @abstractmethod
    def learned(self) -> Iterable[Weight]:
        """The learned tensors, in the framework's order and under its names."""

    @abstractmethod
    def costs(self, *inputs: Any, **sizing: Any) -> Iterable[Cost]:
        """What one call on these input shapes costs, item by item."""

    @abstractmethod
    def input_symbols(self, rank: int, name: str = "input") -> tuple[str, ...]:
        """The symbols of the axes of an input with `rank` axes, as formulas show them."""

    def keras(self, *inputs: Any) -> list[str]:
        """Hook: Keras layers that do the same on a channels-last input, in order.

        Each is a call such as `Conv2D(64, 7, strides=2)`; raises `NoEquivalent`.
        """
        raise NoEquivalent("Keras has no layer that does the same.")

    def picture(self, *inputs: Any) -> str:
        """Hook: what the layer does to these input shapes, drawn as SVG."""
        return ""

    def stored(self) -> Iterable[Weight]:
        """Hook: tensors that are saved with the layer but not learned: PyTorch's buffers."""
        return ()

    def conventions(self, *inputs: Any) -> Conventions | None:
        """Hook: this configuration under every framework, tensor by tensor."""
        return None

    def __call__(self, *inputs: Any, **named: Any) -> Answer:
        """The output shape for an input shape, batch axis first or left out as in PyTorch.

        Layers that take several tensors are called with a shape under each argument's
        name. Several outputs come as a tuple of shapes in the framework's order, None
        where it gives None.

        Examples:
            >>> from calc import layer
            >>> layer("Conv2d", in_channels=3, out_channels=16, kernel_size=3)((1, 3, 32, 32))
            (1, 16, 30, 30)
        """
        shapes, call = self.bind(*inputs, **named)
        return self.out(*shapes, **call)

    def bind(self, *inputs: Any, **named: Any) -> tuple[tuple[Shapes, ...], dict[str, Any]]:
        """A call's arguments as the shapes of the required inputs, and the rest by name.

        Shapes are checked to be shapes; `CalcError` names an input that is missing or unknown.
        """
        if len(inputs) > len(self.inputs):
            raise self.fault("input", f"takes {len(self.inputs)} shapes", "give one for each tensor", value=inputs)
        given = dict(named)
        for port, value in zip(self.inputs, inputs, strict=False):
            if port.name in given:
                raise self.fault(port.name, "is given twice", "give it once", value=value)
            given[port.name] = value
        shapes, call = [], {}
        for port in self.inputs:
            value = given.pop(port.name, None)
            if value is None and port.optional:
                continue
            if value is None:
                needed = ", ".join(each.name for each in self.required_inputs())
                raise self.fault(port.name, "is missing", f"give a shape for each of: {needed}", value=None)
            try:
                shape = port.clean(value)
            except Unfit as unfit:
                raise self.fault(port.name, unfit.rule, unfit.hint, value=value) from None
            if port.optional:
                call[port.name] = shape
            else:
                shapes.append(shape)
        return tuple(shapes), {**call, **given}

    def argument(self, name: str) -> Any:
        """An argument by name, for code shared by layers that declare it in different places."""
        return getattr(self, name)

    def weights(self) -> tuple[Weight, ...]:
        """The learned tensors as (name, shape), in the framework's order and under its names."""
        return tuple(self.learned())

    def sizing(self, call: Mapping[str, Any]) -> dict[str, Any]:
        """Of a call's arguments the shapes that decide about weights or costs."""
        return {name: call[name] for name in self.sized_by if name in call}

    def weights_on(self, *inputs: Any, **sizing: Any) -> tuple[Weight, ...]:
        """Hook: the weights for these input shapes; in PyTorch they do not depend on them."""
        return self.weights()

    def buffers(self) -> tuple[Weight, ...]:
        """The tensors that are saved with the layer but not learned, as (name, shape)."""
        return tuple(self.stored())

    @property
    def params(self) -> int:
        """How many numbers the weights hold: the sizes of `weights()` added up."""
        return sum(weight.size for weight in self.weights())

    @property
    def trainable(self) -> int:
        """How many of the `params` training changes."""
        return sum(weight.size for weight in self.weights() if weight.trainable)

    def macs(self, *inputs: Any, **named: Any) -> int:
        """Multiply-adds of one call on an input shape; 1 MAC is 2 FLOPs.

        Counted are products that are added up (convolution, matrix product). Bias
        additions, comparisons and element-wise functions are not.
        """
        shapes, call = self.bind(*inputs, **named)
        self.out(*shapes, **call)
        return sum(cost.amount for cost in self.costs(*shapes, **self.sizing(call)) if cost.unit == "MAC")

    def call_text(self) -> str:
        """Hook: the constructor call as people write it in the layer's own framework."""
        return torch_call(self)

    def torch_lines(self) -> list[str]:
        """Hook: PyTorch source that makes this layer and calls it `layer`."""
        return [f"layer = {torch_call(self)}"]

    def window(self, *inputs: Any) -> Windows | None:
        """Hook: how far one output place sees, (reach, step) in input cells for each axis.

        A layer that makes the map larger moves by a fraction of a cell. None means that
        every output place sees the whole input.
        """
        return ((1, 1),) * len(self.axis_letters)

    def symbolic(self) -> Self:
        """This layer with every number replaced by one that remembers its symbol."""
        return replace(self, **{each.name: self._remembered(each) for each in knobs(self)})

    def symbolic_inputs(self, *inputs: Shapes) -> tuple[Shapes, ...]:
        """Hook: input shapes whose axes remember their symbols."""
        remembered: list[Shapes] = []
        for port, given in zip(self.required_inputs(), inputs, strict=True):
            if port.many:
                each = (self._remembered_shape(f"{port.name}{i}", shape) for i, shape in enumerate(given))
                remembered.append(tuple(each))
            else:
                remembered.append(self._remembered_shape(port.name, given))
        return tuple(remembered)

    def symbolic_call(self, call: Mapping[str, Any]) -> dict[str, Any]:
        """A call's arguments with the shapes that decide about weights or costs remembering their symbols."""
        return {**call, **{name: self._remembered_shape(name, shape) for name, shape in self.sizing(call).items()}}

    def _remembered_shape(self, name: str, shape: Any) -> Shape:
        symbols = self.input_symbols(len(shape), name)
        return tuple(Sym.leaf(symbol, size) for symbol, size in zip(symbols, shape, strict=True))

    def _remembered(self, each: Knob) -> Any:
        value = getattr(self, each.name)
        if isinstance(value, Layer):
            return value.symbolic()
        if not each.symbol or not isinstance(each.kind, (Whole, PerAxis, Extents, Margins)):
            return value
        if isinstance(value, int):
            return Sym.leaf(each.symbol, value)
        if not isinstance(value, tuple):
            return value
        letters = self.axis_letters if len(value) == len(self.axis_letters) else ""
        if isinstance(each.kind, Extents):
            # The axes of a shape are told apart even where they are equal: they are different axes.
            letters = letters if len(value) == len(letters) else "".join(map(str, range(1, len(value) + 1)))
            return tuple(
                # -1 is no size but asks for one.
                item if item < 0 else Sym.leaf(each.symbol, item, letters[axis] if len(value) > 1 else "")
                for axis, item in enumerate(value)
            )
        subscripts = self.subscripts(each.name, value)
        return tuple(
            None if item is None else _leaves(each.symbol, item, subscript)
            for item, subscript in zip(value, subscripts, strict=True)
        )

    def subscripts(self, name: str, value: tuple[int | None, ...]) -> Sequence[str]:
        """Hook: what tells the numbers of a tuple argument apart in formulas; nothing where they are equal."""
        letters = self.axis_letters
        if len(set(value)) == 1 or len(value) != len(letters):
            return ("",) * len(value)
        return letters

    def spatial_axes(self, rank: int) -> int:
        """Hook: how many axes of a tensor with `rank` axes come after the channels."""
        return len(self.axis_letters)

    def keras_shape(self, shape: Shape) -> Shape | None:
        """Hook: a tensor's shape as Keras has it; None where channels last says it."""
        return None


def _leaves(symbol: str, item: int | tuple[int, ...], subscript: str) -> Any:
    """A number that remembers its symbol; of an axis with two numbers each has a subscript of its own."""
    if not isinstance(item, tuple):
        return Sym.leaf(symbol, item, subscript)
    names = subscript.split(",")
    return tuple(Sym.leaf(symbol, side, name) for side, name in zip(item, names, strict=True))
