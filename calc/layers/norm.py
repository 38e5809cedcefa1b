"""What normalizations share: a mean and a variance for each group of numbers, then a learned scale and shift."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

from calc.conventions import Conventions, Version
from calc.layer_base import Cost, Layer, NoEquivalent, Shape, Weight
from calc.source import keras_call


def scale_and_shift(shape: tuple[int, ...], *, scale: bool, shift: bool) -> Iterator[Weight]:
    """The two learned tensors, which start as ones and zeros."""
    if scale:
        yield Weight("weight", shape, role="scale")
        if shift:
            yield Weight("bias", shape, role="shift")


def normalizing(numbers: int, groups: int, *, scale: bool, shift: bool = True, centred: bool = True) -> Iterator[Cost]:
    """What it costs to normalize so many numbers in so many groups; nothing of it is a multiply-add."""
    if centred:
        yield Cost("add up each group for its mean", numbers, "addition")
    yield Cost("square the deviations and add up" if centred else "square and add up", numbers, "square")
    yield Cost("mean and variance of each group" if centred else "mean square of each group", groups, "root")
    yield Cost("subtract the mean, divide by the deviation" if centred else "divide by the root", numbers, "division")
    if scale:
        words = "multiply with the scale, add the shift" if shift else "multiply with the scale"
        yield Cost(words, numbers, "scaling")


@dataclass(frozen=True)
class Normalization(Layer, ABC):
    """What all of them share towards Keras: one layer that does the same, with other defaults."""

    remarks: ClassVar[tuple[str, ...]]
    """What differs between the two, a sentence each."""

    @abstractmethod
    def twin(self, x: Shape) -> tuple[Any, Shape]:
        """The Keras layer and the input that it takes, or `NoEquivalent`."""

    def keras(self, x: Shape) -> list[str]:
        return [keras_call(self.twin(x)[0])]

    def conventions(self, x: Shape) -> Conventions | None:
        try:
            other, shape = self.twin(x)
        except NoEquivalent:
            return None
        return Conventions((Version.of("PyTorch", self, x), Version.of("Keras", other, shape)), self.remarks)
