"""What Keras layers share: they learn their input's size from their first call.

Names, defaults and the order of weights are Keras's. Weights exist once the input
shape is known, so `weights()` answers after a call, as in Keras; `weights_on` takes
the shape along.

Source: Keras documentation, https://keras.io/api/layers/base_layer/.
"""

from __future__ import annotations

from abc import ABC
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

from calc.built import BuiltLayer
from calc.knob import Choice, Unfit, knob, knobs
from calc.layer_base import Cost
from calc.source import keras_call

SYMBOLS = {
    0: (),
    1: ("N",),
    2: ("N", "C"),
    3: ("N", "L", "C"),
    4: ("N", "H", "W", "C"),
    5: ("N", "D", "H", "W", "C"),
}
"""What the axes of an input are called: batch first, channels last."""

UNLEARNED = ("result", "derivation", "cost", "keras")
"""The panels of Keras layers that learn nothing."""

ACTIVATIONS = (
    "relu",
    "sigmoid",
    "tanh",
    "softmax",
    "gelu",
    "silu",
    "swish",
    "elu",
    "selu",
    "celu",
    "leaky_relu",
    "relu6",
    "softplus",
    "softsign",
    "mish",
    "squareplus",
    "exponential",
    "hard_sigmoid",
    "hard_silu",
    "hard_swish",
    "hard_tanh",
    "hard_shrink",
    "soft_shrink",
    "tanh_shrink",
    "log_sigmoid",
    "log_softmax",
    "sparse_plus",
    "sparse_sigmoid",
    "sparsemax",
    "linear",
)
"""The functions that Keras knows by name and that keep a shape. Of the others, `glu` halves the last axis, which
Keras's own symbolic shape leaves out, and `threshold` never runs: it needs numbers that a name cannot give."""


def activation_knob(default: str | None = None) -> Any:
    """The argument `activation` of a layer."""
    return knob(default, kind=Choice(ACTIVATIONS, empty="none"), about="function applied to each number of the output")


def data_format_knob() -> Any:
    """The argument `data_format` of a layer."""
    return knob(
        None,
        kind=Choice(("channels_last", "channels_first"), empty="channels_last"),
        about="whether channels are the last axis or the one after the batch",
    )


@dataclass(frozen=True)
class KerasLayer(BuiltLayer, ABC):
    """A layer under Keras's name, with Keras's arguments and defaults; the batch axis is always there."""

    dialect: ClassVar[str] = "keras"

    panels: ClassVar[tuple[str, ...]] = ("result", "derivation", "weights", "cost", "memory", "keras")

    def input_symbols(self, rank: int, name: str = "input") -> tuple[str, ...]:
        return SYMBOLS[rank] if rank in SYMBOLS else ("N", *(f"d_{i}" for i in range(1, rank - 1)), "C")

    def require_words(self, *names: str) -> None:
        """Refuse a word that the argument does not know; None is what it is left out for."""
        for each in knobs(self):
            value = getattr(self, each.name)
            if each.name in names and isinstance(each.kind, Choice) and value is not None:
                try:
                    each.kind.parse(repr(value))  # '' and 'None' are words here, and none of these
                except Unfit as unfit:
                    many = f"must be one of the {len(each.kind.words)} functions that keep a shape, by its Keras name"
                    rule = many if each.kind.words is ACTIVATIONS else unfit.rule
                    raise self.fault(each.name, rule, unfit.hint) from None

    def activated(self, amount: int) -> Iterator[Cost]:
        """What the activation costs on so many numbers, for layers that have one."""
        function = self.argument("activation")
        if function not in (None, "linear"):
            yield Cost(f"apply {function} to each number", amount, "evaluation")

    def call_text(self) -> str:
        return keras_call(self)

    def keras(self, *inputs: Any) -> list[str]:
        return [keras_call(self)]
