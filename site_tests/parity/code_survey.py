"""Run the source that blocks and networks print, and compare what it makes.

No framework has a class for them, so what is compared is the printed code: shapes of
the output, names and shapes of the parameters.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from typing import Any

from calc.blocks import BLOCKS
from calc.calculators import CALCULATORS
from calc.code import keras_code
from calc.errors import CalcError
from calc.layer_base import Layer
from calc.networks import NETWORKS
from calc.tensor import Shapes, present
from site_tests.examples import EXAMPLES
from site_tests.examples.example import made
from site_tests.parity import real_keras, real_torch
from site_tests.parity.configs.blocks import block_cases

COUNT, SEED = 60, 5


def wired() -> list[str]:
    """Everything that the frameworks have no class for."""
    return [*BLOCKS, *NETWORKS]


def configurations(name: str) -> Iterator[tuple[Layer, tuple[Shapes, ...]]]:
    """The examples of a block, and random ones where there are any; those that are refused are left out."""
    for example in EXAMPLES[name]:
        yield made(CALCULATORS[name], example)
    for case in block_cases(COUNT, SEED):
        if case.layer == name:
            layer = CALCULATORS[name](**case.arguments)
            try:
                shapes = layer.bind(**case.input)[0] if isinstance(case.input, dict) else layer.bind(case.input)[0]
                layer(*shapes)
            except CalcError:
                continue
            yield layer, shapes


def agreements(name: str) -> tuple[str, str, int, list[str]]:
    """The framework that ran the code, its version, how often all agreed, and what did not."""
    keras = CALCULATORS[name].dialect == "keras"
    agreed, differing = 0, []
    for layer, shapes in configurations(name):
        same = keras_agrees(layer, shapes) if keras else torch_agrees(layer, shapes)
        agreed += same
        differing += [] if same else [f"{layer} on {shapes}"]
    version = real_keras.keras.__version__ if keras else real_torch.torch.__version__.partition("+")[0]
    return "Keras" if keras else "PyTorch", version, agreed, differing


def torch_agrees(layer: Layer, shapes: tuple[Shapes, ...]) -> bool:
    """Whether PyTorch makes the same of the printed source; on the meta device, which needs no memory."""
    torch = real_torch.torch
    space: dict[str, Any] = {}
    with warnings.catch_warnings(), torch.no_grad(), torch.device("meta"):
        warnings.simplefilter("ignore")
        exec("\n".join(["import torch", "from torch import nn", *layer.torch_lines()]), space)
        module = space["layer"]
        out = module(*map(real_torch.tensor, layer.required_inputs(), shapes))
    found = [tuple(each.shape) for each in real_torch.flat(out) if each is not None]
    weights = [(name, tuple(each.shape)) for name, each in module.named_parameters()]
    return found == list(present(layer(*shapes))) and weights == [(each.name, each.shape) for each in layer.weights()]


def keras_agrees(layer: Layer, shapes: tuple[Shapes, ...]) -> bool:
    """Whether Keras makes the same of the printed source."""
    space: dict[str, Any] = {"print": lambda *_: None}
    exec(keras_code(layer, *shapes), space)
    model = real_keras.keras.Model(space["x"], space["y"])
    weights = [tuple(each.shape) for each in model.weights]
    return tuple(space["y"].shape) == present(layer(*shapes))[0] and weights == [
        each.shape for each in layer.weights_on(*shapes)
    ]
