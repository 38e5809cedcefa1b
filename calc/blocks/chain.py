"""Layers one after another that need no class of their own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar, Self

from calc.layer_base import Layer, Weight
from calc.network import Sequential


@dataclass(frozen=True)
class Chain(Sequential):
    """Layers one after another, called 0, 1, 2 as in `nn.Sequential`."""

    made_for: ClassVar[str] = "give what its first layer takes"

    members: tuple[Layer, ...] = ()

    def layers(self) -> Sequence[tuple[str, Layer]]:
        return tuple((str(number), member) for number, member in enumerate(self.members))

    def learned(self) -> Iterator[Weight]:
        for weight in super().learned():
            number = weight.name.partition(".")[0]
            yield Weight(weight.name, weight.shape, trainable=weight.trainable, part=f"layer#{number}")

    def symbolic(self) -> Self:
        return replace(self, members=tuple(member.symbolic() for member in self.members))
