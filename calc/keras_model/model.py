"""`keras.Sequential` and the functional `keras.Model`."""

from __future__ import annotations

from typing import Any

from calc.absent import Absent
from calc.errors import CalcError
from calc.keras_model.graph import BaseLayer, Graph, KerasTensor, Node, graph, names
from calc.keras_model.operations import InputLayer, make_input
from calc.tensor import Shape


class Functional(BaseLayer):
    """A model from its inputs to its outputs; it is a layer itself."""

    def __init__(self, inputs: Any = None, outputs: Any = None, name: str | None = None, **options: Any) -> None:
        if inputs is None or outputs is None:
            raise CalcError(
                "Model takes inputs and outputs; classes made of keras.Model are not known to this calculator yet",
                hint="write keras.Model(inputs, outputs)",
            )
        super().__init__("Functional", name)
        self.several = isinstance(outputs, (list, tuple, dict))
        self.inputs, self.outputs = _listed(inputs), _listed(outputs)
        self.trainable = True

    @property
    def graph(self) -> Graph:
        """Its calls and layers."""
        return graph(self.inputs, self.outputs)

    @property
    def layers(self) -> tuple[Any, ...]:
        """Its layers in Keras's order."""
        return self.graph.layers

    def weights(self) -> tuple[tuple[str, Shape, bool], ...]:
        return tuple(
            (f"{layer.name}/{name}", shape, trained and self.trainable)
            for layer in self.layers
            for name, shape, trained in layer.weights()
        )

    def macs(self, node: Node) -> int:
        return sum(each.layer.macs(each) for nodes in self.graph.by_depth.values() for each in nodes)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self.called(_listed(args[0]))

    def answer(self, inputs: list[KerasTensor]) -> Any:
        wanted = [each.rest for each in self.inputs]
        if [each.rest for each in inputs] != wanted:
            raise CalcError(f"{self.name} takes inputs of {wanted}, and got {[each.rest for each in inputs]}")
        shapes = tuple((1, *each.rest) for each in self.outputs)
        return shapes if self.several else shapes[0]

    def compile(self, *args: Any, **kwargs: Any) -> None:
        """Nothing to do: training is not run here."""

    build = load_weights = save = save_weights = export = compile

    def fit(self, *args: Any, **kwargs: Any) -> Absent:
        """Training is not run here: what it would answer has no value."""
        return Absent("history", "training is not run here", "training is not run here")

    evaluate = predict = fit_generator = train_on_batch = fit

    def summary(self, *args: Any, **kwargs: Any) -> None:
        """Print what Keras prints."""
        from calc.keras_model.summary import summary

        print(summary(self))

    def get_layer(self, name: str | None = None, index: int | None = None) -> Any:
        """A layer by its name or place."""
        return self.layers[index] if index is not None else next(each for each in self.layers if each.name == name)


def _listed(given: Any) -> list[KerasTensor]:
    if isinstance(given, dict):
        given = list(given.values())
    return list(given) if isinstance(given, (list, tuple)) else [given]


class Sequential(Functional):
    """Layers one after the other; they are called as soon as the input's shape is known."""

    def __init__(self, layers: Any = None, name: str | None = None, **options: Any) -> None:
        BaseLayer.__init__(self, "Sequential", name)
        self.several = False
        self.parts: list[Any] = []
        self.inputs: list[KerasTensor] = []
        self.outputs: list[KerasTensor] = []
        for layer in layers or ():
            self._append(layer)
        self._wired()

    def add(self, layer: Any) -> None:
        """One more layer."""
        self._append(layer)
        self._wired()

    def _wired(self) -> None:
        """Keras makes a functional model of the layers whenever they change, which takes a name."""
        if self.parts and self.outputs:
            names.of("Functional")

    def _append(self, layer: Any) -> None:
        if isinstance(layer, KerasTensor):
            layer = layer.node.layer if layer.node else layer
        if isinstance(layer, InputLayer):
            if self.parts or self.inputs:
                raise CalcError("Sequential: an Input must come first", hint="move it to the front")
            self.inputs = self.outputs = [layer.tensor]
            return
        if not isinstance(layer, BaseLayer):
            raise CalcError(f"Sequential takes layers, and got {type(layer).__name__} {layer!r:.40}")
        first = getattr(layer, "input_shape", None)
        if not self.parts and not self.inputs and first is not None:
            self.inputs = self.outputs = [make_input(first)]
        self.parts.append(layer)
        if self.outputs:
            self.outputs = _listed(layer(self.outputs[0] if len(self.outputs) == 1 else self.outputs))

    @property
    def layers(self) -> tuple[Any, ...]:
        return tuple(self.parts)

    @property
    def graph(self) -> Graph:
        return graph(self.inputs, self.outputs) if self.inputs else Graph((), {})

    def built_on(self, shape: Shape) -> None:
        """Call the layers for an input of this shape, where none was given before."""
        self.inputs = self.outputs = [make_input(shape[1:])]
        parts, self.parts = self.parts, []
        for layer in parts:
            self._append(layer)
        self._wired()

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        [given] = _listed(args[0])
        if not self.inputs:
            self.built_on((1, *given.rest))
        return self.called([given])

    def weights(self) -> tuple[tuple[str, Shape, bool], ...]:
        return tuple(
            (f"{layer.name}/{name}", shape, trained) for layer in self.parts for name, shape, trained in layer.weights()
        )
