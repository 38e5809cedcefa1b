"""Layers that learn their input's size from their first call, as in Keras, Flax and TensorFlow 1."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from calc.layer_base import Layer
from calc.tensor import Answer, Weight


@dataclass(frozen=True)
class BuiltLayer(Layer, ABC):
    """A layer whose weights exist once an input shape is known: `weights()` answers after a call."""

    @abstractmethod
    def build(self, *inputs: Any, **sizing: Any) -> Iterable[Weight]:
        """The tensors for these input shapes, trainable or not, in the framework's order and under its names."""

    def __call__(self, *inputs: Any, **named: Any) -> Answer:
        """The output shape for an input shape; from then on `weights()` knows the weights."""
        shapes, call = self.bind(*inputs, **named)
        answer = self.out(*shapes, **call)
        object.__setattr__(self, "_built", (shapes, self.sizing(call)))
        return answer

    def learned(self) -> Iterable[Weight]:
        built = getattr(self, "_built", None)
        if built is None:
            raise self.fault(
                "input", "is not known yet", "call the layer on a shape first, or ask weights_on(shape)", value=None
            )
        shapes, sizing = built
        return self.build(*shapes, **sizing)

    def weights_on(self, *inputs: Any, **sizing: Any) -> tuple[Weight, ...]:
        """The tensors for these input shapes, trainable or not."""
        return tuple(self.build(*inputs, **sizing))
