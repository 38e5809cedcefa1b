"""The snippets that pages print, run as they stand on the real PyTorch and the real Keras.

The Keras snippet must give the same shape and the same number of weights, and with
PyTorch's weights put in the same numbers: same size, same pixels.
"""

from __future__ import annotations

import os
import warnings
from collections.abc import Iterator
from functools import cache
from math import prod
from typing import Any

import numpy as np
import pytest
import torch

import calc
from calc.calculators import CALCULATORS
from calc.code import channels_last, keras_code, torch_code
from calc.derive import tensors
from calc.layer import Layer, NoEquivalent, Shape
from calc.network import Network
from site_tests.examples import EXAMPLES
from site_tests.parity.agreement import calc_answer
from site_tests.parity.configs import cases

os.environ["KERAS_BACKEND"] = "torch"

TORCH_COUNT, KERAS_COUNT, SEED = 200, 120, 11


@cache
def configurations(name: str, count: int) -> tuple[tuple[Layer, Shape], ...]:
    """Valid configurations: the layer's examples, then random ones."""
    return tuple(_configurations(name, count))


def _configurations(name: str, count: int) -> Iterator[tuple[Layer, Shape]]:
    for arguments, shape in EXAMPLES[name]:
        yield CALCULATORS[name](**arguments), shape
    drawn = cases(name, 3 * count, SEED, odd=0.1) if name in calc.LAYERS else ()
    valid = [case for case in drawn if not case.call and not calc_answer(case).refused]
    for case in valid[:count]:
        yield CALCULATORS[name](**case.arguments), case.input


def run(source: str, device: str = "cpu") -> dict[str, Any]:
    """The names that a snippet leaves behind; what it prints is kept under "printed"."""
    space: dict[str, Any] = {"printed": []}
    space["print"] = lambda *what: space["printed"].append(" ".join(map(str, what)))
    with warnings.catch_warnings(), torch.no_grad(), torch.device(device):
        warnings.simplefilter("ignore")  # of empty tensors, and of uneven 'same' padding
        exec(compile(source, "snippet", "exec"), space)
    return space


def promised(source: str) -> list[str]:
    """What the comments of a snippet say it prints."""
    return [line.partition("  # ")[2] for line in source.splitlines() if line.startswith("print(")]


@pytest.mark.parametrize("name", CALCULATORS)
def test_torch_snippets_print_what_they_promise(name: str) -> None:
    """PyTorch runs the printed source, prints the shape in its comment and has as many parameters."""
    for layer, shape in configurations(name, TORCH_COUNT):
        source = torch_code(layer, shape)
        small = prod(shape) + layer.macs(shape) < 100_000
        space = run(source, "cpu" if small else "meta")

        assert promised(source) == space["printed"]
        assert layer.params == sum(each.numel() for each in space["layer"].parameters())


@pytest.mark.parametrize("name", CALCULATORS)
def test_keras_snippets_print_what_they_promise(name: str) -> None:
    """Keras builds the printed source, with the output shape in its comment and as many weights."""
    import keras

    shown = 0
    for layer, shape in configurations(name, KERAS_COUNT):
        try:
            source = keras_code(layer, shape)
        except NoEquivalent:
            continue
        shown += 1
        space = run(source)
        [out] = tensors(layer(shape))

        assert promised(source) == space["printed"], source
        assert channels_last(layer, out) == tuple(space["y"].shape), source
        assert layer.params == keras.Model(space["x"], space["y"]).count_params(), source
    assert shown >= len(configurations(name, KERAS_COUNT)) // 4, "most configurations have no Keras snippet"


@pytest.mark.parametrize("name", CALCULATORS)
def test_keras_snippets_compute_the_same_numbers(name: str) -> None:
    """With PyTorch's weights the Keras snippet gives PyTorch's output, element by element."""
    import keras

    for layer, shape in configurations(name, KERAS_COUNT)[:60]:
        if 0 in shape or prod(shape) + layer.macs(shape) > 5_000_000:
            continue
        try:
            space = run(keras_code(layer, shape))
        except NoEquivalent:
            continue
        torch.manual_seed(0)
        ours = run(torch_code(layer, shape))
        if 0 in ours["y"].shape:
            continue
        model = keras.Model(space["x"], space["y"])
        copy_weights(ours["layer"], flattened(layer, shape), model)

        expected = to_channels_last(layer, ours["y"])
        actual = model(to_channels_last(layer, ours["x"])).detach().numpy()
        assert expected.shape == actual.shape, keras_code(layer, shape)
        assert np.allclose(expected, actual, atol=1e-4), keras_code(layer, shape)


def flattened(layer: Layer, shape: Shape) -> Shape:
    """The (C, H, W) that a network flattens; Keras flattens it as (H, W, C)."""
    rows = layer.rows(shape) if isinstance(layer, Network) else ()
    return next((row.x[1:] for row in rows if row.name == "flatten"), ())


def copy_weights(module: torch.nn.Module, flat: Shape, model: Any) -> None:
    """PyTorch keeps output channels first in a kernel, Keras last; and a flattened map in another order."""
    values = [each.detach().numpy() for each in module.parameters()]
    for index, value in enumerate(values):
        if flat and value.ndim == 2 and value.shape[1] == prod(flat):
            values[index] = np.moveaxis(value.reshape(-1, *flat), 1, -1).reshape(value.shape)
            flat = ()
    model.set_weights(
        [np.transpose(value, (*range(2, value.ndim), 1, 0)) if value.ndim > 1 else value for value in values]
    )


def to_channels_last(layer: Layer, value: torch.Tensor) -> np.ndarray[Any, Any]:
    """A tensor in Keras's order of axes, with its batch axis."""
    spatial = len(layer.axis_letters)
    array = value.detach().numpy()
    if spatial and array.ndim == spatial + 1 or array.ndim < 2:
        array = array[None]
    return np.moveaxis(array, 1, -1) if spatial and array.ndim == spatial + 2 else array
