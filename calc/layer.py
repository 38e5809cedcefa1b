"""What every layer is: knobs in, shapes, named weights and costs out.

A layer is a frozen dataclass. Its methods are ordinary integer arithmetic; run
on the integers of `calc.sym` they also yield their own formulas (`derive.py`).

Classes are abstract or final: a family's abstract core holds the fields and the
arithmetic, its final faces (`Conv1d`, `Conv2d`) only say how many axes there are.

PyTorch refuses some configurations when a layer is built and others only when it
is called. Layers here do it at the same moment, so that the weights of a layer
that cannot run can still be asked for: `check` holds the rules of construction,
`out` those of the call. `check`, `window` and `torch_lines` are hooks with a default; no other
concrete method is overridden.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable
from dataclasses import dataclass, replace
from math import prod
from typing import Any, ClassVar, NamedTuple, Self, TypeAlias

from calc.errors import CalcError
from calc.knob import Extents, Knob, PerAxis, Unfit, Whole, knobs
from calc.source import torch_call
from calc.sym import Sym

Shape: TypeAlias = tuple[int, ...]
Answer: TypeAlias = "Shape | tuple[Shape, ...]"


class Weight(NamedTuple):
    """A learned tensor under the framework's own name; a pair, so `dict(layer.weights())` works."""

    name: str
    shape: Shape

    @property
    def size(self) -> int:
        """How many numbers it holds."""
        return prod(self.shape)


@dataclass(frozen=True)
class Cost:
    """Work done by one call.

    `unit` is "MAC" for multiply-adds, which are what `macs` counts; anything else
    ("addition", "comparison") is named on the page and left out of the sum.
    """

    what: str
    amount: int
    unit: str = "MAC"


UNLEARNED = ("result", "derivation", "picture", "cost", "torch", "keras")
"""The panels of layers that learn nothing."""


class NoEquivalent(Exception):
    """The other framework has no layer for this; the text says why."""


@dataclass(frozen=True)
class Layer(ABC):
    """A layer under PyTorch's name, with PyTorch's arguments and defaults."""

    panels: ClassVar[tuple[str, ...]] = (
        "result",
        "derivation",
        "picture",
        "weights",
        "cost",
        "memory",
        "torch",
        "keras",
    )
    """What a calculator of this layer shows, in page order; the names are those of `calc.panels`.

    Layers that learn nothing leave out the tables of parameters.
    """

    axis_letters: ClassVar[str] = ""
    """One letter for each axis that a tuple argument speaks of: `hw` for 2-D layers."""

    def __post_init__(self) -> None:
        for each in knobs(self):
            value = getattr(self, each.name)
            try:
                cleaned = each.kind.clean(value)
            except Unfit as unfit:
                raise self.fault(each.name, unfit.rule, unfit.hint) from None
            object.__setattr__(self, each.name, cleaned)
        self.check()

    def check(self) -> None:  # noqa: B027 - most layers have nothing to check when built
        """Refuse what the framework refuses when the layer is built."""

    @abstractmethod
    def out(self, x: Shape) -> Answer:
        """The output shape for input shape `x`, or `CalcError` where the framework raises."""

    @abstractmethod
    def learned(self) -> Iterable[Weight]:
        """The learned tensors, in the framework's order and under its names."""

    @abstractmethod
    def costs(self, x: Shape) -> Iterable[Cost]:
        """What one call on input shape `x` costs, item by item."""

    @abstractmethod
    def input_symbols(self, rank: int) -> tuple[str, ...]:
        """The symbols of the axes of an input with `rank` axes, as formulas show them."""

    @abstractmethod
    def keras(self, x: Shape) -> list[str]:
        """Keras layers that do the same on a channels-last input, in order.

        Each is a call such as `Conv2D(64, 7, strides=2)`; raises `NoEquivalent`.
        """

    @abstractmethod
    def picture(self, x: Shape) -> str:
        """What the layer does to input shape `x`, drawn as SVG."""

    def __call__(self, input: Iterable[int], **call: Any) -> Answer:
        """The output shape for an input shape, batch axis first or left out as in PyTorch.

        Examples:
            >>> from calc import layer
            >>> layer("Conv2d", in_channels=3, out_channels=16, kernel_size=3)((1, 3, 32, 32))
            (1, 16, 30, 30)
        """
        return self.out(self.shape_of(input), **call)

    def argument(self, name: str) -> Any:
        """An argument by name, for code shared by layers that declare it in different places."""
        return getattr(self, name)

    def shape_of(self, input: object) -> Shape:
        """An input shape as a tuple of plain checks passed, or `CalcError`."""
        try:
            shape: Shape = Extents().clean(input)
        except Unfit as unfit:
            raise self.fault("input", unfit.rule, unfit.hint, value=input) from None
        return shape

    def weights(self) -> tuple[Weight, ...]:
        """The learned tensors as (name, shape), in the framework's order and under its names."""
        return tuple(self.learned())

    @property
    def params(self) -> int:
        """How many numbers are learned: the sizes of `weights()` added up."""
        return sum(weight.size for weight in self.weights())

    def macs(self, input: Iterable[int]) -> int:
        """Multiply-adds of one call on an input shape; 1 MAC is 2 FLOPs.

        Counted are products that are added up (convolution, matrix product). Bias
        additions, comparisons and element-wise functions are not.
        """
        shape = self.shape_of(input)
        self.out(shape)
        return sum(cost.amount for cost in self.costs(shape) if cost.unit == "MAC")

    def torch_lines(self) -> list[str]:
        """PyTorch source that makes this layer and calls it `layer`."""
        return [f"layer = {torch_call(self)}"]

    def window(self, x: Shape) -> tuple[tuple[int, int], ...] | None:
        """How far one output place sees: (reach, step) in input cells for each axis.

        None means that every output place sees the whole input.
        """
        return ((1, 1),) * len(self.axis_letters)

    def fault(self, knob: str, rule: str, hint: str, *, value: object = ...) -> CalcError:
        """The error for a knob: `Conv2d: stride (=0) must be at least 1; …`."""
        shown = getattr(self, knob, None) if value is ... else value
        return CalcError(f"{type(self).__name__}: {knob} (={shown!r}) {rule}", knob=knob, hint=hint)

    def require_bounds(self, *names: str) -> None:
        """Refuse a number below the least that its knob allows."""
        for each in knobs(self):
            least = each.kind.low()
            if each.name not in names or least is None:
                continue
            value = getattr(self, each.name)
            for number in value if isinstance(value, tuple) else (value,):
                if isinstance(number, int) and number < least:
                    raise self.fault(each.name, f"must be at least {least}", f"try {least}")

    def symbolic(self) -> Self:
        """This layer with every number replaced by one that remembers its symbol."""
        return replace(self, **{each.name: self._remembered(each) for each in knobs(self)})

    def symbolic_input(self, x: Shape) -> Shape:
        """An input shape whose axes remember their symbols."""
        symbols = self.input_symbols(len(x))
        return tuple(Sym.leaf(symbol, size) for symbol, size in zip(symbols, x, strict=True))

    def _remembered(self, each: Knob) -> Any:
        value = getattr(self, each.name)
        if not each.symbol or not isinstance(each.kind, (Whole, PerAxis)):
            return value
        if isinstance(value, int):
            return Sym.leaf(each.symbol, value)
        if not isinstance(value, tuple):
            return value
        letters = self.axis_letters if len(value) == len(self.axis_letters) else ""
        same = len(set(value)) == 1 or not letters
        return tuple(
            None if item is None else Sym.leaf(each.symbol, item, "" if same else letters[axis])
            for axis, item in enumerate(value)
        )
