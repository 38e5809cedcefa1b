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
from calc.layer_base import Layer, NoEquivalent, Shapes
from calc.network import Network
from calc.tensor import present
from site_tests.examples import EXAMPLES
from site_tests.examples.example import made
from site_tests.parity.agreement import calc_answer, inputs_of
from site_tests.parity.configs import cases

os.environ["KERAS_BACKEND"] = "torch"

TORCH_COUNT, KERAS_COUNT, SEED = 200, 120, 11


PYTORCH = [name for name, kind in CALCULATORS.items() if not kind.dialect]
LAYERS_ALONE = [name for name in PYTORCH if not issubclass(CALCULATORS[name], Network)]
KERAS = [name for name, kind in CALCULATORS.items() if kind.dialect in ("", "keras") and "keras" in kind.panels]

OTHER_WEIGHTS: tuple[str, ...] = (
    *("BatchNorm1d", "BatchNorm2d", "BatchNorm3d", "LayerNorm", "RMSNorm", "GroupNorm", "PReLU"),
    *("InstanceNorm1d", "InstanceNorm2d", "InstanceNorm3d"),
    *("RNN", "LSTM", "GRU", "Embedding"),
    *("MultiheadAttention", "TransformerEncoderLayer", "TransformerDecoderLayer", "GroupedQueryAttention"),
    *("PositionwiseFFN", "AddNorm"),
)
"""Layers whose weights Keras keeps in other tensors, so that copying them is tested with their family."""


@cache
def configurations(name: str, count: int) -> tuple[tuple[Layer, tuple[Shapes, ...]], ...]:
    """Valid configurations: the layer's examples, then random ones."""
    return tuple(_configurations(name, count))


def _configurations(name: str, count: int) -> Iterator[tuple[Layer, tuple[Shapes, ...]]]:
    for example in EXAMPLES[name]:
        yield made(CALCULATORS[name], example)
    drawn = cases(name, 3 * count, SEED, odd=0.1) if name in calc.LAYERS else ()
    valid = [case for case in drawn if not case.call and case.training and not calc_answer(case).refused]
    for case in valid[:count]:
        layer = CALCULATORS[name](**case.arguments)
        shapes, optional = layer.bind(**inputs_of(case))
        if not optional:
            yield layer, shapes


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


@pytest.mark.parametrize("name", PYTORCH)
def test_torch_snippets_print_what_they_promise(name: str) -> None:
    """PyTorch runs the printed source, prints the shape in its comment and has as many parameters."""
    for layer, shapes in configurations(name, TORCH_COUNT):
        source = torch_code(layer, *shapes)
        small = layer.params + layer.macs(*shapes) + cells(shapes) < 100_000
        space = run(source, "cpu" if small else "meta")

        assert promised(source) == space["printed"]
        assert layer.params == sum(each.numel() for each in space["layer"].parameters())


def cells(shapes: object) -> int:
    """How many numbers the inputs hold."""
    if isinstance(shapes, tuple) and any(isinstance(each, tuple) for each in shapes):
        return sum(map(cells, shapes))
    return prod(shapes) if isinstance(shapes, tuple) else 0


@pytest.mark.parametrize("name", KERAS)
def test_keras_snippets_print_what_they_promise(name: str) -> None:
    """Keras builds the printed source, with the output shape in its comment and as many weights."""
    import keras

    shown = 0
    for layer, shapes in configurations(name, KERAS_COUNT):
        try:
            source = keras_code(layer, *shapes)
        except NoEquivalent:
            continue
        shown += 1
        space = run(source)
        ports = layer.required_inputs()
        given = [space["x" if len(ports) == 1 else port.name] for port in ports]
        answers = [space[name] for name in layer.keras_outputs or ("y",) if name in space] or [space["y"]]

        assert promised(source) == space["printed"], source
        assert channels_last(layer, present(layer(*shapes))[0]) == tuple(answers[0].shape), source
        assert keras_count(layer, shapes) == keras.Model(given, answers).count_params(), source
    assert shown >= len(configurations(name, KERAS_COUNT)) // 4 or name in RARELY_IN_KERAS


RARELY_IN_KERAS: tuple[str, ...] = (
    *("MultiheadAttention", "TransformerEncoderLayer", "TransformerDecoderLayer"),  # the batch is not first
    "LocalResponseNorm",
    *(
        f"{kind}{axes}d"
        for kind in ("ReplicationPad", "CircularPad", "LPPool", "FractionalMaxPool")
        for axes in (1, 2, 3)
    ),
    *("ReflectionPad3d", "Upsample", "UpsamplingNearest2d", "UpsamplingBilinear2d", "Unfold", "Fold"),
    *("Bilinear", "CosineSimilarity", "PairwiseDistance"),
)
"""Layers that Keras has nothing like, for most configurations."""


def keras_count(layer: Layer, shapes: tuple[Shapes, ...]) -> int:
    """How many numbers Keras keeps: what the table of conventions says, else as many as PyTorch."""
    if isinstance(layer, Network) and not layer.dialect:
        return sum(keras_count(row.layer, row.inputs) for row in layer.rows(*shapes))
    found = layer.conventions(*shapes)
    versions = [version for version in found.versions if version.framework == "Keras"] if found else []
    weights = versions[0].weights if versions else layer.weights_on(*shapes)
    return sum(weight.size for weight in weights)


@pytest.mark.filterwarnings("ignore")  # of a softmax of one number, and of inputs that PyTorch will not take for ever
@pytest.mark.parametrize("name", [name for name in LAYERS_ALONE if name in KERAS and name not in OTHER_WEIGHTS])
def test_keras_snippets_compute_the_same_numbers(name: str) -> None:
    """With PyTorch's weights the Keras snippet gives PyTorch's output in eval mode, element by element."""
    import keras

    for layer, shapes in configurations(name, KERAS_COUNT)[:60]:
        if len(shapes) > 1 or 0 in shapes[0] or cells(shapes) + layer.macs(*shapes) > 5_000_000:
            continue
        [shape] = shapes
        try:
            space = run(keras_code(layer, shape))
        except NoEquivalent:
            continue
        torch.manual_seed(0)
        ours = run(torch_code(layer, shape))
        if 0 in ours["y"].shape:
            continue
        module, x = ours["layer"].eval(), torch.randn(shape)
        model = keras.Model(space["x"], space["y"])
        copy_weights(module, model)

        expected = to_channels_last(layer, module(x.clone()))  # it may overwrite its input
        actual = model(to_channels_last(layer, x)).detach().numpy()
        assert expected.shape == actual.shape, keras_code(layer, shape)
        assert np.allclose(expected, actual, atol=1e-4), keras_code(layer, shape)


def copy_weights(module: torch.nn.Module, model: Any) -> None:
    """PyTorch keeps output channels first in a kernel, Keras last."""
    values = [each.detach().numpy() for each in module.parameters()]
    model.set_weights(
        [np.transpose(value, (*range(2, value.ndim), 1, 0)) if value.ndim > 1 else value for value in values]
    )


def to_channels_last(layer: Layer, value: torch.Tensor) -> np.ndarray[Any, Any]:
    """A tensor in Keras's order of axes, with its batch axis."""
    array = value.detach().numpy()
    spatial = layer.spatial_axes(array.ndim)
    if spatial and array.ndim == spatial + 1 or array.ndim < 2:
        array = array[None]
    return np.moveaxis(array, 1, -1) if spatial and array.ndim == spatial + 2 else array
