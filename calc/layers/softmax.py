"""Softmax and its kin: the numbers along one axis become shares of 1; and GLU, which halves an axis.

Source: PyTorch documentation, `torch.nn.Softmax`, `Softmin`, `LogSoftmax`, `Softmax2d`,
`GLU`; the axis that `dim=None` stands for is in `torch/nn/functional.py`.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from math import prod
from typing import ClassVar

from calc.knob import Whole, knob
from calc.layer_base import Cost, Layer, NoEquivalent, Shape, Weight
from calc.layers.flatten import SYMBOLS
from calc.layers.sample_picture import Layout, together
from calc.picture import chips, figure
from calc.sym import exact_div, let


@dataclass(frozen=True)
class AlongAxis(Layer, ABC):
    """What layers share that work along one axis and learn nothing."""

    def learned(self) -> Iterator[Weight]:
        return iter(())

    def input_symbols(self, rank: int, name: str = "input") -> tuple[str, ...]:
        return SYMBOLS.get(rank) or tuple(f"d_{i}" for i in range(rank))

    def axis(self, dim: int, x: Shape) -> int:
        """An axis counted from 0, or `CalcError` where the input has none such."""
        rank = max(len(x), 1)
        if not -rank <= dim < rank:
            raise self.fault(
                "dim", f"must be from {-rank} to {rank - 1} for an input with {len(x)} axes", "try -1", value=dim
            )
        return dim % rank


@dataclass(frozen=True)
class Shares(AlongAxis, ABC):
    """What the softmax functions share: numbers along an axis depend on one another, other lines do not.

    Input of any rank, output the same.
    """

    panels: ClassVar[tuple[str, ...]] = ("result", "picture", "cost", "torch", "keras")
    function: ClassVar[str]
    """The Keras expression for it."""

    @abstractmethod
    def along(self, x: Shape) -> int:
        """The axis whose numbers become shares."""

    def out(self, x: Shape) -> Shape:
        self.along(x)
        return x

    def costs(self, x: Shape) -> Iterator[Cost]:
        yield Cost("take the exponential of each number", prod(x), "evaluation")
        yield Cost("add up along the axis", prod(x), "addition")
        yield Cost("divide by the sum", prod(x), "division")

    def picture(self, x: Shape) -> str:
        axis = self.along(x)
        before, count, after = prod(x[:axis]), prod(x[axis : axis + 1]), prod(x[axis + 1 :])
        if after == 1:  # one line for each row reads better than one for each grid
            layout = Layout(1, before, count, "input", "lines", "numbers")
            first, second = ((range(1), range(at, at + 1), range(count)) for at in (0, 1))
        else:
            layout = Layout(before, count, after, "block", "numbers", "lines")
            first = (range(1), range(count), range(1))
            second = (range(1), range(count), range(1, 2))
        caption = f"{before * after:,} lines of {count:,} numbers along axis {axis}; {self.adds_up}."
        return together(layout, first, second, caption, "sum")

    adds_up: ClassVar[str] = "each adds up to 1"

    def keras(self, x: Shape) -> list[str]:
        if prod(x) == 0:
            raise NoEquivalent("Keras does not take shares of an input without numbers.")
        axis = self.along(x)
        last = axis == max(len(x), 1) - 1
        return [self.keras_call("" if last else f"axis={axis}")]

    def keras_call(self, axis: str) -> str:
        """The Keras layer, for the last axis or for the one that is named."""
        return f"Lambda(lambda x: {self.function}{f', {axis}' if axis else ''}))"


@dataclass(frozen=True)
class ByDim(Shares, ABC):
    """The softmax functions with an argument for the axis."""

    dim: int | None = knob(
        None,
        kind=Whole(None, empty="by rank"),
        about="axis whose numbers become shares; left out, PyTorch takes 0 for 0, 1 or 3 axes, else 1, and warns",
    )

    def along(self, x: Shape) -> int:
        implied = 0 if len(x) in (0, 1, 3) else 1
        return self.axis(implied if self.dim is None else self.dim, x)


@dataclass(frozen=True)
class Softmax(ByDim):
    """Turn the numbers along one axis into shares that add up to 1: exp(x) / Σ exp(x)."""

    def keras_call(self, axis: str) -> str:
        return f"Softmax({axis})"


@dataclass(frozen=True)
class Softmin(ByDim):
    """Softmax of the negative numbers: the smallest gets the largest share."""

    function: ClassVar[str] = "keras.activations.softmax(-x"


@dataclass(frozen=True)
class LogSoftmax(ByDim):
    """The logarithm of softmax, without taking the detour: x − log Σ exp(x)."""

    function: ClassVar[str] = "keras.activations.log_softmax(x"
    adds_up: ClassVar[str] = "the exponentials of each add up to 1"

    def costs(self, x: Shape) -> Iterator[Cost]:
        yield Cost("take the exponential of each number", prod(x), "evaluation")
        yield Cost("add up along the axis", prod(x), "addition")
        yield Cost("subtract the logarithm of the sum", prod(x), "addition")


@dataclass(frozen=True)
class Softmax2d(Shares):
    """Softmax over the channels at each place of a map: (N, C, H, W) or (C, H, W)."""

    axis_letters: ClassVar[str] = "hw"

    def along(self, x: Shape) -> int:
        if len(x) not in (3, 4):
            raise self.fault(
                "input", f"must have 3 or 4 axes, and has {len(x)}", "write it as (C, H, W) or (N, C, H, W)", value=x
            )
        return len(x) - 3

    def input_symbols(self, rank: int, name: str = "input") -> tuple[str, ...]:
        return ("N", "C", "H", "W")[-rank:]

    def keras_call(self, axis: str) -> str:
        return "Softmax()"


@dataclass(frozen=True)
class GLU(AlongAxis):
    """Gated linear unit: one half of an axis, each number times the sigmoid of its partner in the other half.

    Input of any rank but 0, output the same with axis dim half as long.
    """

    panels: ClassVar[tuple[str, ...]] = ("result", "derivation", "picture", "cost", "torch", "keras")

    dim: int = knob(-1, kind=Whole(None), about="axis that is cut into two halves, counted from 0 or from the end")

    def out(self, x: Shape) -> Shape:
        axis = self._cut(x)
        return (*x[:axis], let("half", exact_div(x[axis], 2)), *x[axis + 1 :])

    def input_symbols(self, rank: int, name: str = "input") -> tuple[str, ...]:
        if rank in (2, 3) and self.dim in (-1, rank - 1):  # rows of features, not channels of places
            return (*("N", "L")[: rank - 1], "n")
        return super().input_symbols(rank, name)

    def _cut(self, x: Shape) -> int:
        if not x:
            raise self.fault("input", "must have at least one axis to cut", "write (2,)", value=x)
        axis = self.axis(self.dim, x)
        if x[axis] % 2 != 0:
            even = (*map(int, x[:axis]), int(x[axis]) + 1, *map(int, x[axis + 1 :]))
            raise self.fault(
                "input", f"must be even along axis {axis}, and is {int(x[axis])}", f"write {even}", value=x
            )
        return axis

    def costs(self, x: Shape) -> Iterator[Cost]:
        half = exact_div(prod(x), 2)
        yield Cost("take the sigmoid of one half", half, "evaluation")
        yield Cost("multiply the other half with it", half, "multiplication")

    def picture(self, x: Shape) -> str:
        axis, symbols = self._cut(x), self.input_symbols(len(x))
        before = [(symbol, f"{size:,}") for symbol, size in zip(symbols, x, strict=True)]
        after = [(symbol, f"{size:,}") for symbol, size in zip(symbols, self.out(x), strict=True)]
        return figure(
            [
                (chips(before, f"Input shape {x}."), f"axis {axis} holds the numbers a, then the gates b"),
                (chips(after, f"Output shape {self.out(x)}."), "a · σ(b)"),
            ],
            "The sigmoid of the second half says how much of the first half passes.",
        )

    def keras(self, x: Shape) -> list[str]:
        axis = self._cut(x)
        if axis == 0 and len(x) > 1:
            raise NoEquivalent("Keras layers keep the batch axis apart: it cannot be cut.")
        if prod(x) == 0:
            raise NoEquivalent("Keras does not cut an input without numbers.")
        return [f"Lambda(lambda x: keras.activations.glu(x, axis={-1 if axis == len(x) - 1 else axis}))"]
