"""What a Keras model is made of: tensors that know the call that made them, layers, and the graph between.

The batch axis is None, as Keras shows it; all others must be numbers.

Source: Keras 3, `keras/src/ops/function.py`, for the order of a functional model's layers.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections import defaultdict
from dataclasses import dataclass, field
from math import prod
from typing import Any

from calc.errors import CalcError
from calc.tensor import Shape, tensors
from calc.torch import tape


@dataclass(eq=False)
class KerasTensor:
    """A symbolic tensor: its shape without the batch, and the call that made it."""

    rest: Shape
    dtype: str = "float32"
    batch: int | None = None
    node: Node | None = None
    place: int = 0

    @property
    def shape(self) -> tuple[int | None, ...]:
        """The shape with the batch axis in front."""
        return (self.batch, *self.rest)

    def __add__(self, other: Any) -> Any:
        return self._operated("Add", other)

    def __mul__(self, other: Any) -> Any:
        return self._operated("Multiply", other)

    __radd__, __rmul__ = __add__, __mul__

    def __sub__(self, other: Any) -> Any:
        return self._operated("Subtract", other)

    def __truediv__(self, other: Any) -> Any:
        return self._operated("TrueDivide", other)

    def _operated(self, name: str, other: Any) -> Any:
        from calc.keras_model.operations import Operation

        return Operation(name)([self, other] if isinstance(other, KerasTensor) else [self])


@dataclass(eq=False)
class Node:
    """One call of a layer."""

    layer: Any
    inputs: list[KerasTensor]
    outputs: list[KerasTensor] = field(default_factory=list)
    several: bool = False

    @property
    def number(self) -> int:
        """Which call of its layer it is."""
        return int(self.layer.nodes.index(self))


class Names:
    """The names that Keras makes up: conv2d, conv2d_1, conv2d_2."""

    def __init__(self) -> None:
        self.used: dict[str, int] = defaultdict(int)

    def of(self, kind: str) -> str:
        """The next name for a class."""
        name = re.sub("(.)([A-Z][a-z]+)", r"\1_\2", kind)
        name = re.sub("([a-z])([A-Z])", r"\1_\2", name).lower()
        count = self.used[name]
        self.used[name] += 1
        return f"{name}_{count}" if count else name


names = Names()


def restart() -> None:
    """Names from the start, as in a fresh interpreter."""
    names.used.clear()


class BaseLayer(ABC):
    """What layers, operations and models share: a name, calls, weights."""

    def __init__(self, kind: str, name: str | None = None, *, trainable: bool = True) -> None:
        self.kind = kind
        self.name = name or names.of(kind)
        self.trainable = trainable
        self.nodes: list[Node] = []
        self._made_line = tape.line_of_maker(self)

    @property
    def built(self) -> bool:
        """Whether its weights are known."""
        return bool(self.nodes)

    def weights(self) -> tuple[tuple[str, Shape, bool], ...]:
        """Name, shape, and whether training changes it."""
        return ()

    def macs(self, node: Node) -> int:
        """Multiply-adds of one call."""
        return 0

    def count_params(self) -> int:
        """All numbers, trained or not."""
        return sum(prod(shape) for _, shape, _ in self.weights())

    @abstractmethod
    def answer(self, inputs: list[KerasTensor]) -> Any:
        """Shapes with batch for these inputs."""

    @abstractmethod
    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """A call on symbolic tensors."""

    def called(self, inputs: list[KerasTensor]) -> Any:
        """A call, noted in the graph."""
        for each in inputs:
            if not isinstance(each, KerasTensor):
                raise CalcError(
                    f"{self.kind} takes Keras tensors, and got {type(each).__name__} {each!r:.40}",
                    hint="start from keras.Input",
                )
        out = self.answer(inputs)
        node = Node(self, inputs, several=bool(out) and isinstance(out[0], tuple))
        batch = inputs[0].batch if inputs else None
        for place, shape in enumerate(tensors(out)):
            assert shape is not None
            node.outputs.append(KerasTensor(tuple(shape[1:]), "float32", batch, node, place))
        self.nodes.append(node)
        return list(node.outputs) if node.several else node.outputs[0]


def with_batch(tensor: KerasTensor) -> Shape:
    """The shape for the arithmetic, where the batch has to be a number."""
    return (tensor.batch or 1, *tensor.rest)


@dataclass(frozen=True)
class Graph:
    """The calls between inputs and outputs by depth, and the layers in Keras's order."""

    layers: tuple[Any, ...]
    by_depth: dict[int, list[Node]]


def graph(inputs: list[KerasTensor], outputs: list[KerasTensor]) -> Graph:
    """Every call that leads from the inputs to the outputs; `CalcError` where an output hangs in the air."""
    order: list[Node] = []
    seen: dict[int, int] = {}
    finished: set[int] = set()

    def visit(tensor: KerasTensor) -> None:
        node = tensor.node
        if node is None or id(node) in finished:
            return
        seen.setdefault(id(node.layer), len(seen))
        finished.add(id(node))
        for each in node.inputs:
            visit(each)
        order.append(node)

    for output in outputs:
        visit(output)
    depths: dict[int, int] = {}
    layer_depths: dict[int, int] = {}
    kept = {id(node) for node in order}
    for node in reversed(order):
        depth = max(depths.setdefault(id(node), 0), layer_depths.get(id(node.layer), 0))
        layer_depths[id(node.layer)] = depths[id(node)] = depth
        for source in (each.node for each in node.inputs if each.node is not None and id(each.node) in kept):
            depths[id(source)] = max(depth + 1, depths.get(id(source), 0))
    for tensor in inputs:
        if tensor.node is not None and id(tensor.node) not in kept:
            order.append(tensor.node)
            depths[id(tensor.node)] = layer_depths[id(tensor.node.layer)] = 0
            seen[id(tensor.node.layer)] = -1
    started = {id(tensor.node) for tensor in inputs}
    for node in order:
        if not node.inputs and id(node) not in started:
            raise CalcError(
                f"the model's outputs depend on {node.layer.name}, which is not among its inputs",
                hint=f"add it to inputs, or do not use {node.layer.name}",
            )
    by_depth: dict[int, list[Node]] = defaultdict(list)
    for node in order:
        by_depth[depths[id(node)]].append(node)
    layers = {id(node.layer): node.layer for node in order}
    ranked = sorted(layers.values(), key=lambda layer: (-layer_depths[id(layer)], seen[id(layer)]))
    return Graph(tuple(ranked), dict(sorted(by_depth.items(), reverse=True)))
