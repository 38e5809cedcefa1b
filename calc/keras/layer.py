"""What Keras layers share: they learn their input's size from their first call.

Names, defaults and the order of weights are Keras's. Weights exist once the input
shape is known, so `weights()` answers after a call, as in Keras; `weights_on` takes
the shape along.

Source: Keras documentation, https://keras.io/api/layers/base_layer/.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, ClassVar

from calc.layer import Layer
from calc.source import keras_call
from calc.tensor import Answer, Weight


@dataclass(frozen=True)
class KerasLayer(Layer, ABC):
    """A layer under Keras's name, with Keras's arguments and defaults; the batch axis is always there."""

    dialect: ClassVar[str] = "keras"

    panels: ClassVar[tuple[str, ...]] = ("result", "derivation", "weights", "cost", "memory", "keras")

    @abstractmethod
    def build(self, *inputs: Any) -> Iterable[Weight]:
        """The tensors for these input shapes, trainable or not, in Keras's order and under its names."""

    def __call__(self, *inputs: Any, **named: Any) -> Answer:
        """The output shape for an input shape; from then on `weights()` knows the weights."""
        shapes, call = self.bind(*inputs, **named)
        answer = self.out(*shapes, **call)
        object.__setattr__(self, "_built", shapes)
        return answer

    def learned(self) -> Iterable[Weight]:
        built = getattr(self, "_built", None)
        if built is None:
            raise self.fault(
                "input", "is not known yet", "call the layer on a shape first, or ask weights_on(shape)", value=None
            )
        return self.build(*built)

    def weights_on(self, *inputs: Any) -> tuple[Weight, ...]:
        """The tensors for these input shapes, trainable or not."""
        return tuple(self.build(*inputs))

    def call_text(self) -> str:
        return keras_call(self)

    def keras(self, *inputs: Any) -> list[str]:
        return [keras_call(self)]
