"""Keras's layers as a model's source calls them, answered by `calc.keras`; and operators between tensors."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

from calc.errors import CalcError
from calc.keras import LAYERS
from calc.keras_model.graph import BaseLayer, KerasTensor, Node, with_batch
from calc.knob import Nested, knobs
from calc.layer_base import Layer
from calc.tensor import Shape
from calc.torch import words

BESIDES = ("initializer", "regularizer", "constraint")
"""Endings of arguments that decide about values alone."""

COMMON = words("dtype autocast seed stateful unroll use_cudnn flash_attention implementation synchronized")
"""Arguments that decide about nothing that is worked out here."""


class KerasLayer(BaseLayer):
    """A layer of `calc.keras` in a model."""

    made: type[Layer]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kind = self.made.__name__
        super().__init__(kind, kwargs.pop("name", None), trainable=kwargs.pop("trainable", True))
        shape = kwargs.pop("input_shape", kwargs.pop("batch_input_shape", None))
        length = kwargs.pop("input_dim", None) if kind != "Embedding" else None
        self.input_shape = tuple(shape) if shape is not None else (length,) if length is not None else None
        known = {each.name: each for each in knobs(self.made)}
        if len(args) > len(known):
            raise CalcError(f"{kind} takes {len(known)} arguments, and got {len(args)}")
        given = {**dict(zip(known, args, strict=False)), **kwargs}
        for name in list(given):
            if name not in known and (name in COMMON or name.endswith(BESIDES)):
                del given[name]
            elif name not in known:
                raise CalcError(
                    f"{kind}: {name} (={given[name]!r:.40}) is not an argument of {kind}",
                    knob=name,
                    hint=f"known are {', '.join(known)}",
                )
        self.inner = {name: given[name] for name in given if isinstance(given[name], KerasLayer)}
        missing = [each.name for each in known.values() if each.required and each.name not in given]
        if missing:
            raise CalcError(f"{kind}: {missing[0]} is missing", knob=missing[0], hint=f"give {missing[0]}")
        self.layer = self.made(**{name: _plain(value, known[name].kind) for name, value in given.items()})

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        given = list(args) + [value for name, value in kwargs.items() if isinstance(value, KerasTensor)]
        flat = [each for value in given for each in (value if isinstance(value, (list, tuple)) else [value])]
        return self.called(flat)

    def answer(self, inputs: list[KerasTensor]) -> Any:
        return self.layer(*self._shapes(inputs))

    def _shapes(self, inputs: list[KerasTensor]) -> list[Any]:
        shapes = [with_batch(each) for each in inputs]
        return [tuple(shapes)] if self.layer.required_inputs()[0].many else shapes

    def weights(self) -> tuple[tuple[str, Shape, bool], ...]:
        if not self.nodes:
            return ()
        found = self.layer.weights_on(*self._shapes(self.nodes[0].inputs))
        return tuple((each.name, each.shape, each.trainable and self.trainable) for each in found)

    def macs(self, node: Node) -> int:
        return self.layer.macs(*self._shapes(node.inputs))


def _plain(value: Any, kind: Any) -> Any:
    """A layer within a layer by its arguments, a function by its name."""
    if isinstance(value, KerasLayer):
        return value.layer if isinstance(kind, Nested) else value.made.__name__.lower()
    if callable(value) and hasattr(value, "__name__"):
        return value.__name__
    return tuple(value) if isinstance(value, list) else value


class InputLayer(BaseLayer):
    """Where a tensor comes in."""

    def __init__(self, shape: Shape, batch: int | None, dtype: str, name: str | None) -> None:
        super().__init__("InputLayer", name)
        node = Node(self, [])
        self.tensor = KerasTensor(shape, dtype, batch, node)
        node.outputs.append(self.tensor)
        self.nodes.append(node)

    def answer(self, inputs: list[KerasTensor]) -> Any:
        return with_batch(self.tensor)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        raise CalcError("an Input cannot be called", hint="call a layer on it: layers.Dense(8)(inputs)")


def make_input(
    shape: Sequence[int | None] | None = None,
    batch_size: int | None = None,
    dtype: str | None = None,
    name: str | None = None,
    batch_shape: Sequence[int | None] | None = None,
    **options: Any,
) -> KerasTensor:
    """`keras.Input`: a shape without its batch axis."""
    if batch_shape is not None:
        batch_size, *rest = batch_shape
        shape = rest
    if shape is None:
        raise CalcError("Input: shape is missing", knob="shape", hint="write Input(shape=(28, 28, 1))")
    if isinstance(shape, int):
        raise CalcError(f"Input: shape (={shape}) must be a tuple", knob="shape", hint=f"write ({shape},)")
    if any(size is None for size in shape):
        raise CalcError(
            f"Input: shape (={tuple(shape)!r}) must have numbers, without which nothing can be worked out",
            knob="shape",
            hint="give a length such as 100",
        )
    return InputLayer(tuple(size for size in shape if size is not None), batch_size, dtype or "float32", name).tensor


class Operation(BaseLayer):
    """An operator between tensors, as `keras.ops` has it: it learns nothing and keeps the broadcast shape."""

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self.called(args[0])

    def answer(self, inputs: list[KerasTensor]) -> Any:
        from calc.torch.extents import broadcast

        return broadcast(*(with_batch(each) for each in inputs))


@cache
def layer_class(name: str) -> type[KerasLayer]:
    """The class of a layer by its name in Keras."""
    made = LAYERS[f"keras.{name}"]
    return type(name, (KerasLayer,), {"made": made, "__doc__": made.__doc__})
