"""The real Keras's answer to a configuration, on the PyTorch back end.

A configuration counts as accepted if Keras takes it both ways: symbolically, with
the batch left open as in a model, and on real arrays. The shape is that of the arrays.
Where PyTorch alone cannot do what the other back ends can, the symbolic answer stands.
"""

from __future__ import annotations

import os
import warnings
from collections.abc import Iterator
from typing import Any
from unittest.mock import patch

os.environ["KERAS_BACKEND"] = "torch"

import keras
import torch
from keras.src.ops import nn as keras_nn
from torch.utils.flop_counter import FlopCounterMode

from calc.keras import LAYERS
from calc.tensor import Port
from site_tests.parity.agreement import Answer, inputs_of
from site_tests.parity.configs import Case

torch.set_num_threads(1)

COUNTED = (
    "keras.Dense",
    "keras.Dot",
    "keras.Conv1D",
    "keras.Conv2D",
    "keras.Conv3D",
    "keras.DepthwiseConv",
    "keras.SeparableConv",
)
"""How the names of layers begin whose products PyTorch's counter counts, all of them."""

LIMITS = {
    "PyTorch's AvgPool3d compares its window with the input before Keras's padding": "smaller than kernel size",
    "PyTorch has no Lanczos kernel to resize with": "Lanczos interpolation is not supported",
}
"""What PyTorch cannot do and TensorFlow can, each with a part of the message."""


def keras_answer(case: Case) -> Answer:
    """What Keras makes of a configuration; its kinds of exceptions are of no concern here."""
    with warnings.catch_warnings(), torch.no_grad(), patch.object(keras_nn, "is_continuous_axis", lambda axis: False):
        # On PyTorch, normalization of axes that lie together takes a kernel for the last axes, whichever they are.
        # Without it Keras runs the formula that it runs on every other back end.
        warnings.simplefilter("ignore")  # of deprecated arguments, of empty tensors
        try:
            made(case.layer, case.arguments)
        except Exception as error:
            return Answer("construct", message=str(error))
        try:
            if all(shape != () for shape in shapes_of(case)):
                layer = made(case.layer, case.arguments)
                layer(*given(case, symbolic), **call_of(case, symbolic))
            keras.utils.clear_session(free_memory=False)  # names count from one again: dense, not dense_7
            layer = made(case.layer, case.arguments)
            with FlopCounterMode(display=False) as counter:
                out = layer(*given(case, zeros), **call_of(case, zeros))
        except Exception as error:
            if not any(part in str(error) for part in LIMITS.values()):
                return Answer("forward", message=str(error))
            layer = made(case.layer, case.arguments)
            out = layer(*given(case, sized), **call_of(case, sized))
    kept = [weight for weight in layer.weights if "seed_generator" not in weight.path]
    return Answer(
        "",
        tuple((weight.path.partition("/")[2], tuple(weight.shape)) for weight in kept),
        tuple(None if each is None else tuple(each.shape) for each in flat(out)),
        counter.get_total_flops() // 2 if case.layer.startswith(COUNTED) else None,
        None,
        tuple(bool(weight.trainable) for weight in kept),
    )


def made(name: str, arguments: dict[str, Any]) -> Any:
    """The Keras layer; an argument that is a dictionary with a class is a layer, too."""
    values = {key: nested(value) for key, value in arguments.items()}
    return getattr(keras.layers, name.removeprefix("keras."))(**values)


def nested(value: Any) -> Any:
    """A layer within a layer, made from its arguments."""
    if not isinstance(value, dict) or "class" not in value:
        return value
    arguments = {key: inner for key, inner in value.items() if key != "class"}
    return made(value["class"], {"name": value["class"].lower(), **arguments})


def shapes_of(case: Case) -> Iterator[Any]:
    """Every input's shape."""
    for shape in inputs_of(case).values():
        if isinstance(shape, tuple) and any(isinstance(each, tuple) for each in shape):
            yield from shape
        else:
            yield shape


def given(case: Case, tensor: Any) -> list[Any]:
    """The required inputs, in the order of the call."""
    shapes = inputs_of(case)
    return [whole(port, shapes[port.name], tensor) for port in LAYERS[case.layer].required_inputs()]


def call_of(case: Case, tensor: Any) -> dict[str, Any]:
    """The call's other arguments; what is a tensor's shape becomes a tensor."""
    ports = {port.name: port for port in LAYERS[case.layer].inputs if port.optional}
    shapes = {name: value for name, value in inputs_of(case).items() if name in ports} | case.call
    mode = {"training": case.training} if LAYERS[case.layer].has_mode else {}
    return mode | {
        name: whole(ports[name], value, tensor) if name in ports and value is not None else value
        for name, value in shapes.items()
    }


def whole(port: Port, shape: Any, tensor: Any) -> Any:
    """A tensor, or a list of tensors where the call takes one."""
    return [tensor(port, each) for each in shape] if port.many else tensor(port, shape)


DTYPES = {"int": "int32", "bool": "bool", "float": "float32"}


def symbolic(port: Port, shape: tuple[int, ...]) -> Any:
    """A tensor of a model: the batch is left open."""
    return keras.Input(shape=shape[1:], dtype=DTYPES[port.dtype])


def sized(port: Port, shape: tuple[int, ...]) -> Any:
    """A tensor of a model whose batch is known."""
    return keras.Input(batch_shape=shape, dtype=DTYPES[port.dtype])


def zeros(port: Port, shape: tuple[int, ...]) -> Any:
    """Real numbers, all of them 0."""
    return keras.ops.zeros(shape, dtype=DTYPES[port.dtype])


def flat(out: Any) -> Iterator[Any]:
    """The tensors of an answer in order, those of an inner list included."""
    for each in out if isinstance(out, (tuple, list)) else (out,):
        if isinstance(each, (tuple, list)):
            yield from flat(each)
        else:
            yield each
