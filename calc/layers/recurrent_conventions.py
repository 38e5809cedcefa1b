"""One recurrent layer as PyTorch, Keras, TensorFlow 1 and Flax keep it, tensor by tensor.

Sources: `torch/nn/modules/rnn.py`, `keras/src/layers/rnn`, TensorFlow 1.15's
`rnn_cell_impl.py`, `flax/linen/recurrent.py`; gate orders as in their documentation.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from calc import flax, keras, tf1
from calc.conventions import Conventions, Version
from calc.layer_base import Layer
from calc.tensor import Shape, Weight


@dataclass(frozen=True)
class Place:
    """One cell of a stack: its layer out of so many, its direction, and the length of what it reads."""

    layer: int
    layers: int
    backward: bool
    two_ways: bool
    inside: int

    def reading(self, inside: int) -> Place:
        """The same cell on an input of another length."""
        return replace(self, inside=inside)

    @property
    def part(self) -> str:
        """The cells that have the same formula, for the derivation."""
        number = f"#{self.layer}{'b' if self.backward else 'f'}"
        if self.layers > 1:
            return f"{'deeper' if self.layer else 'first'}{number}"
        return f"direction{number}" if self.two_ways else ""

    def role(self, role: str) -> str:
        """What one of its tensors is for, told apart from those of other cells."""
        where = [f"layer {self.layer}"] if self.layers > 1 else []
        where += [("backward" if self.backward else "forward")] if self.two_ways else []
        return " + ".join(f"{', '.join(where)}: {each}" if where else each for each in role.split(" + "))


ALONE = Place(0, 1, False, False, 0)


@dataclass(frozen=True)
class Names:
    """What one kind of cell is called in the other frameworks."""

    keras: str
    scope: str
    tf1: str
    flax: str


NAMES = {
    1: Names("SimpleRNN", "simple_rnn", "BasicRNNCell", "SimpleCell"),
    4: Names("LSTM", "lstm", "LSTMCell", "LSTMCell"),
    3: Names("GRU", "gru", "GRUCell", "GRUCell"),
}
"""By the number of gates."""


def side_by_side(layer: Any, gates: int, places: Sequence[Place], projection: Sequence[Shape] = ()) -> Conventions:
    """The versions of a PyTorch recurrent layer or cell, and why they differ."""
    names, sequence = NAMES[gates], hasattr(layer, "num_layers")
    versions = [Version.of("PyTorch", layer)]
    if not projection:
        versions.append(_keras(layer, names, places, sequence))
    extra = {"num_proj": projection[0][0]} if projection else {}
    cell = _made(tf1.LAYERS[f"tf1.{names.tf1}"], num_units=layer.hidden_size, **extra)
    versions.append(_cells("TensorFlow 1", cell, places, _tf1_scope))
    if not projection:
        cell = _made(flax.LAYERS[f"flax.{names.flax}"], features=layer.hidden_size)
        versions.append(_cells("Flax", cell, places, _flax_scope))
    return Conventions(tuple(versions), tuple(_remarks(gates, layer.argument("bias"), bool(projection))))


def _made(kind: Any, **arguments: Any) -> Layer:
    made: Layer = kind(**arguments)
    return made


def _keras(layer: Any, names: Names, places: Sequence[Place], sequence: bool) -> Version:
    made = _made(
        keras.LAYERS[f"keras.{names.keras}"],
        units=layer.hidden_size,
        use_bias=layer.argument("bias"),
        return_sequences=sequence,
    )
    weights = []
    for place in places:
        scope = f"{'backward' if place.backward else 'forward'}_{names.scope}/" if place.two_ways else ""
        scope = f"layer {place.layer}: {scope}" if place.layers > 1 else scope
        for weight in made.weights_on((1, 1, place.inside)):
            name = weight.name if sequence else weight.name.rpartition("/")[2]
            weights.append(Weight(scope + name, weight.shape, role=place.role(weight.role)))
    call = made.call_text() if sequence else made.call_text().replace("(", "Cell(", 1)
    return Version("Keras", _stacked(call, places, "Bidirectional({})"), weights)


def _cells(framework: str, cell: Layer, places: Sequence[Place], scope: Any) -> Version:
    """The version of a framework that has cells only: one for each layer and direction."""
    weights = [
        Weight(scope(place) + weight.name, weight.shape, role=place.role(weight.role))
        for place in places
        for weight in cell.weights_on((1, place.inside))
    ]
    return Version(framework, _stacked(cell.call_text(), places, "{}, forward and backward"), weights)


def _stacked(call: str, places: Sequence[Place], both: str) -> str:
    """A call once for each layer, in words."""
    made = both.format(call) if places[0].two_ways else call
    return f"{places[0].layers} × {made}" if places[0].layers > 1 else made


def _tf1_scope(place: Place) -> str:
    direction = ("bw/" if place.backward else "fw/") if place.two_ways else ""
    return direction + (f"cell_{place.layer}/" if place.layers > 1 else "")


def _flax_scope(place: Place) -> str:
    direction = ("backward: " if place.backward else "forward: ") if place.two_ways else ""
    return (f"layer {place.layer}: " if place.layers > 1 else "") + direction


def _remarks(gates: int, bias: bool, projected: bool) -> Iterator[str]:
    if projected:
        yield "Keras and Flax have no projection; TensorFlow 1 calls it num_proj."
    if bias:
        yield from BIASES[gates]
    else:
        yield "The cells of TensorFlow 1 and Flax have no switch for the bias: they keep it."
    yield (
        "PyTorch stores a matrix as (out, in), the others as (in, out): the same numbers, transposed. TensorFlow 1 "
        "joins input and state, so its kernel has n + m rows."
    )
    yield from ORDERS.get(gates, ())


ONE_IS_ENOUGH = (
    "PyTorch keeps two bias vectors, as cuDNN does. They are only ever added, so one does the same, and the others "
    "keep one."
)

BIASES = {
    1: (ONE_IS_ENOUGH,),
    4: (
        ONE_IS_ENOUGH,
        "Flax puts it beside the weights of the state, and has a small dense layer for each gate. TensorFlow 1 adds 1 "
        "to the forget gate when it runs; Keras starts that part of the bias at 1.",
    ),
    3: (
        "PyTorch and Keras (reset_after=True, the default) keep two bias vectors, 6m numbers. Only the candidate needs "
        "the second: there it is multiplied by the reset gate.",
        "So Flax keeps 4m: one for each gate, and the second of the candidate.",
        "TensorFlow 1 and Keras with reset_after=False keep 3m: they reset the state before the product with its "
        "weights, which is another function, not only another count.",
    ),
}

ORDERS = {
    4: ("The gates stand in the order i, f, g, o in PyTorch and Keras, and i, g, f, o in TensorFlow 1.",),
    3: ("The gates stand in the order r, z, n in PyTorch, z, r, n in Keras, and r, z in TensorFlow 1's gates/kernel.",),
}
