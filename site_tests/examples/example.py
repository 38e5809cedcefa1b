"""What an example is, and how it is called."""

from __future__ import annotations

from typing import Any, TypeAlias

from calc.layer_base import Layer
from calc.tensor import Shapes

Example: TypeAlias = "tuple[dict[str, Any], tuple[int, ...] | dict[str, Any]]"


def made(kind: type[Layer], example: Example) -> tuple[Layer, tuple[Shapes, ...]]:
    """The layer of an example, and the shapes of its required inputs."""
    arguments, given = example
    layer = kind(**arguments)
    return layer, layer.bind(**given)[0] if isinstance(given, dict) else layer.bind(given)[0]
