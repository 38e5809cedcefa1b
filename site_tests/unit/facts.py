"""What the tests of the notes' figures read off a layer or a network.

Five sets of widely used study notes on neural networks, A to E, are followed row by row in `test_facts_*.py`: parameter
counts and attention, a memo on TensorFlow 1, a course on convolutional networks and the Transformer, counting in Keras
and U-Net, and network components. Where the notes err, the right figure stands there.
"""

from __future__ import annotations

from typing import Any

import calc
from calc.layer_base import Layer, Shape, Weight
from calc.network import Network, Row


def called(name: str, *shapes: Any, **arguments: Any) -> Layer:
    """A layer that was called on these shapes, so that it knows its weights."""
    layer = calc.layer(name, **arguments)
    layer(*shapes)
    return layer


def shapes_of(layer: Layer) -> dict[str, Shape]:
    """The shape of each weight by its name."""
    return dict(layer.weights())


def rows(name: str, shape: Shape, **arguments: Any) -> dict[str, Row]:
    """The rows of a network by their names."""
    network = calc.layer(name, **arguments)
    assert isinstance(network, Network)
    return {row.name: row for row in network.rows(shape)}


def sizes(weights: tuple[Weight, ...], ending: str) -> list[int]:
    """How many numbers each of the weights holds whose name ends so."""
    return [weight.size for weight in weights if weight.name.endswith(ending)]


def transposed(a: list[list[float]]) -> list[list[float]]:
    """Rows for columns."""
    return [list(column) for column in zip(*a, strict=True)]
