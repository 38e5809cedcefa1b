"""One configuration under every framework, so that differences can be seen tensor by tensor."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from calc.tensor import Shapes, Weight

if TYPE_CHECKING:  # a layer has conventions, and these are made of layers
    from calc.layer_base import Layer


@dataclass(frozen=True)
class Version:
    """What one framework makes of the configuration: its call, and the tensors that it keeps."""

    framework: str
    call: str
    weights: Sequence[Weight]

    @classmethod
    def of(cls, framework: str, layer: Layer, *inputs: Shapes) -> Version:
        """A layer's own version, on its own input shapes."""
        return cls(framework, layer.call_text(), layer.weights_on(*inputs))


@dataclass(frozen=True)
class Conventions:
    """The versions side by side, and a sentence for each difference between them."""

    versions: Sequence[Version]
    remarks: Sequence[str]

    def roles(self) -> tuple[str, ...]:
        """What tensors are for, in the order of the first version that has them."""
        found: dict[str, None] = {}
        for version in self.versions:
            for weight in version.weights:
                for role in roles(weight):
                    found.setdefault(role)
        return tuple(found)


def roles(weight: Weight) -> tuple[str, ...]:
    """What a tensor is for; its own name where nothing else is said."""
    return tuple((weight.role or weight.name).split(" + "))
