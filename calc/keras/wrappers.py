"""Keras's layers around a layer: both directions of a sequence, and every step by itself.

Source: Keras documentation, `keras.layers.Bidirectional`, `TimeDistributed`, and the
layers' code.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import ClassVar

from calc.keras.conv import Conv1D, Conv2D, Conv3D
from calc.keras.conv_lstm import ConvLSTM2D
from calc.keras.dense import Dense
from calc.keras.layer import KerasLayer
from calc.keras.recurrent import GRU, LSTM, SequenceLayer, SimpleRNN
from calc.keras.reshape import Flatten
from calc.knob import Choice, Nested, knob
from calc.layer_base import Answer, Cost, Layer, Port, Shape, Weight
from calc.sym import let
from calc.tensor import tensors


def scope(layer: Layer) -> str:
    """What a layer within a layer goes by: its class in lower case, `lstm`, `simplernn`.

    The name that Keras makes up ends in a number that depends on what was built before.
    """
    return type(layer).__name__.lower()


def below(path: str, weight: Weight, part: str = "") -> Weight:
    """The same tensor as an inner layer's, whose name Keras puts before it."""
    return Weight(
        f"{path}/{weight.name}", weight.shape, trainable=weight.trainable, part=part or weight.part, role=weight.role
    )


@dataclass(frozen=True)
class Bidirectional(KerasLayer):
    """Read a sequence forward with one layer and backward with another, and merge what they give.

    Input as the layer's. Output as the layer's, doubled along the last axis when
    concatenated; with merge_mode None two outputs. The states of both follow, if asked for.
    """

    inputs: ClassVar[tuple[Port, ...]] = (Port("input", about="sequences: (batch, steps, features)"),)

    layer: SequenceLayer = knob(
        positional=True, kind=Nested((LSTM, GRU, SimpleRNN, ConvLSTM2D)), about="the layer that reads forward"
    )
    merge_mode: str | None = knob(
        "concat",
        kind=Choice(("concat", "sum", "mul", "ave"), empty="none"),
        about="how both outputs become one; none leaves them two",
    )

    def check(self) -> None:
        self.require_words("merge_mode")
        if self.layer.argument("go_backwards"):
            raise self.fault("layer", "must read forward", "leave out go_backwards", value=self.layer.call_text())
        names = self._names()
        for attribute in ("outputs", "keras_outputs"):
            object.__setattr__(self, attribute, names)

    def _names(self) -> tuple[str, ...]:
        both = ("forward", "backward")
        first = both if self.merge_mode is None else ("output",)
        if not self.layer.argument("return_state"):
            return first
        return (*first, *(f"{side}_{name}" for side in both for name in self.layer.outputs[1:]))

    def out(self, x: Shape) -> Answer:
        output, *states = tensors(self.layer.out(x))
        assert output is not None
        if self.merge_mode is None:
            return (output, output, *states, *states)
        merged = (*output[:-1], let("out", 2 * output[-1])) if self.merge_mode == "concat" else output
        return (merged, *states, *states) if states else merged

    def build(self, x: Shape) -> Iterator[Weight]:
        for side in ("forward", "backward"):
            for weight in self.layer.build(x):
                yield below(f"{side}_{scope(self.layer)}", weight, f"direction#{side}")

    def costs(self, x: Shape) -> Iterator[Cost]:
        for side in ("forward", "backward"):
            for cost in self.layer.costs(x):
                yield replace(cost, what=f"{side}: {cost.what}", part=f"direction#{side}")

    def input_symbols(self, rank: int, name: str = "input") -> tuple[str, ...]:
        return self.layer.input_symbols(rank, name)


@dataclass(frozen=True)
class TimeDistributed(KerasLayer):
    """Call one layer on every step by itself, with the same weights.

    Input (N, T, …), output (N, T, …): the layer sees (N, …).
    """

    inputs: ClassVar[tuple[Port, ...]] = (Port("input", about="what the layer takes, with the steps after the batch"),)

    layer: KerasLayer = knob(
        positional=True,
        kind=Nested((Dense, Conv1D, Conv2D, Conv3D, Flatten, LSTM, GRU, SimpleRNN)),
        about="the layer that sees each step",
    )

    def out(self, x: Shape) -> Answer:
        if len(x) < 3:
            raise self.fault("input", f"must have at least 3 axes, and has {len(x)}", "write (1, 10, 32)", value=x)
        if x[1] < 1:
            raise self.fault("input", "must have at least one step", "give it a sequence of 1 step or more", value=x)
        shapes = tensors(self.layer.out(_step(x)))
        if len(shapes) != 1 or shapes[0] is None:
            raise self.fault(
                "layer", f"must give one tensor, and gives {len(shapes)}", "ask for no states", value=self.layer
            )
        return (shapes[0][0], x[1], *shapes[0][1:])

    def build(self, x: Shape) -> Iterator[Weight]:
        for weight in self.layer.build(_step(x)):
            yield below(scope(self.layer), weight)

    def costs(self, x: Shape) -> Iterator[Cost]:
        for cost in self.layer.costs(_step(x)):
            yield replace(cost, amount=x[1] * cost.amount)

    def input_symbols(self, rank: int, name: str = "input") -> tuple[str, ...]:
        batch, *rest = self.layer.input_symbols(rank - 1, name)
        return (batch, "T" if "T" not in rest else "T_1", *rest)


def _step(x: Shape) -> Shape:
    return (x[0], *x[2:])
