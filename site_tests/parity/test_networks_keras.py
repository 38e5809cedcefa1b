"""Blocks and networks in Keras: the printed source computes what PyTorch computes."""

from __future__ import annotations

import os
from math import prod
from typing import Any

os.environ["KERAS_BACKEND"] = "torch"

import keras
import numpy as np
import pytest
import torch
from torch import nn

from calc.calculators import CALCULATORS
from calc.code import keras_code
from calc.layer_base import Layer, Shape
from calc.network import Network
from site_tests.examples import EXAMPLES
from site_tests.examples.example import made
from site_tests.parity.test_networks import WIRED, module_of
from site_tests.parity.test_snippets import to_channels_last


@pytest.mark.parametrize("name", [name for name in WIRED if "keras" in CALCULATORS[name].panels])
def test_keras_source_computes_the_same_numbers(name: str) -> None:
    """With PyTorch's weights put in layer by layer, in eval mode, on examples small enough."""
    compared = 0
    for example in EXAMPLES[name]:
        layer, shapes = made(CALCULATORS[name], example)
        if layer.params + layer.macs(*shapes) > 600_000_000 or not isinstance(layer, Network):
            continue
        compared += 1
        torch.manual_seed(0)
        module = randomised(module_of(layer).eval())
        given = [torch.randn(shape) for shape in shapes]
        model, layers = keras_model(layer, shapes)
        for theirs, inner in zip(layers, with_weights(module), strict=True):
            theirs.set_weights(keras_weights(inner, flattened(layer, shapes)))
        with torch.no_grad():
            expected = to_channels_last(layer, module(*given))
            actual = model([to_channels_last(layer, each) for each in given]).numpy(force=True)

        assert np.allclose(expected, actual, atol=1e-3 * max(1, np.abs(expected).max())), layer
    assert compared


def randomised(module: nn.Module) -> nn.Module:
    """The same with statistics and scales that are not all 0 or 1."""
    for each in module.modules():
        if isinstance(each, nn.BatchNorm2d):
            for tensor in (each.weight, each.bias, each.running_mean, each.running_var):
                nn.init.uniform_(tensor, 0.5, 1.5)  # type: ignore[arg-type]
    return module


def with_weights(module: nn.Module) -> list[nn.Module]:
    """The modules that hold parameters themselves, in the order of their names."""
    return [each for each in module.modules() if any(True for _ in each.parameters(recurse=False))]


def keras_model(layer: Layer, shapes: Any) -> tuple[Any, list[Any]]:
    """The model that the printed source makes, and its layers with weights in the order of the lines."""
    created: list[Any] = []

    class Recording:
        """keras.layers, with a list of what was made."""

        def __getattr__(self, name: str) -> Any:
            def make(*args: Any, **kwargs: Any) -> Any:
                created.append(getattr(keras.layers, name)(*args, **kwargs))
                return created[-1]

            return make

    source = keras_code(layer, *shapes).replace("from keras import layers\n", "")
    space: dict[str, Any] = {"layers": Recording(), "print": lambda *what: None}
    exec(source, space)
    ports = layer.required_inputs()
    inputs = [space["x" if len(ports) == 1 else port.name] for port in ports]
    return keras.Model(inputs, space["y"]), [each for each in created if each.weights]


def keras_weights(module: nn.Module, flat: Shape) -> list[np.ndarray[Any, Any]]:
    """A module's tensors as Keras keeps them."""
    if isinstance(module, nn.BatchNorm2d):
        kept = (module.weight, module.bias, module.running_mean, module.running_var)
        return [tensor.numpy(force=True) for tensor in kept if tensor is not None]
    values = [tensor.numpy(force=True) for tensor in module.parameters(recurse=False)]
    if flat and values[0].ndim == 2 and values[0].shape[1] == prod(flat):
        values[0] = np.moveaxis(values[0].reshape(-1, *flat), 1, -1).reshape(values[0].shape)
    return [np.transpose(each, (*range(2, each.ndim), 1, 0)) if each.ndim > 1 else each for each in values]


def flattened(layer: Network, shapes: Any) -> Shape:
    """The (C, H, W) that a network flattens; Keras flattens it as (H, W, C)."""
    rows = [row for row in layer.rows(*shapes) if row.name == "flatten"]
    return rows[0].inputs[0][1:] if rows else ()
