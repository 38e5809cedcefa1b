"""Normalizations, dropouts and PReLU: the values of PyTorch and of the Keras source on the pages."""

from __future__ import annotations

import os
from typing import Any

os.environ["KERAS_BACKEND"] = "torch"

import numpy as np
import pytest
import torch
from torch.utils.flop_counter import FlopCounterMode

from calc.calculators import CALCULATORS
from calc.code import keras_code, torch_code
from calc.layer_base import NoEquivalent
from calc.layers import FAMILIES
from calc.registry import names_of
from site_tests.examples import EXAMPLES
from site_tests.examples.example import made
from site_tests.parity.test_snippets import configurations, run, to_channels_last

pytestmark = pytest.mark.filterwarnings("ignore")  # of what PyTorch takes for now only, such as an axis left out

NORMS = [name for name in names_of(FAMILIES["normalization"]) if name != "LocalResponseNorm"]
FAMILY_NAMES = ("normalization", "dropout", "activation", "softmax")
MINE = [name for family in FAMILY_NAMES for name in names_of(FAMILIES[family])]


@pytest.mark.parametrize("name", [*NORMS, "PReLU"])
def test_keras_snippets_normalize_alike(name: str) -> None:
    """With PyTorch's scale, shift and slopes the Keras snippet gives PyTorch's output, in training too."""
    import keras

    compared = 0
    for layer, [shape] in configurations(name, 60):
        eps = getattr(layer, "eps", None)
        if 0 in shape or (eps is not None and eps < 1e-6):  # the smaller, the more a rounding is blown up
            continue
        try:
            space = run(keras_code(layer, shape))
        except NoEquivalent:
            continue
        torch.manual_seed(0)
        module: Any = run(torch_code(layer, shape))["layer"]
        with torch.no_grad():
            for parameter in module.parameters():
                parameter.normal_()
        model = keras.Model(space["x"], space["y"])
        for ours, theirs in zip(module.parameters(), model.trainable_weights, strict=True):
            theirs.assign(ours.detach().numpy().reshape(theirs.shape))
        x = torch.randn(shape)

        expected = to_channels_last(layer, module(x))
        actual = model(to_channels_last(layer, x), training=True).detach().numpy()
        assert np.allclose(expected, actual, atol=1e-3), keras_code(layer, shape)
        compared += 1
    assert compared >= 5


@pytest.mark.parametrize("name", ["BatchNorm1d", "BatchNorm2d", "BatchNorm3d"])
def test_running_statistics_move_alike(name: str) -> None:
    """PyTorch's momentum 0.1 is Keras's 0.9; the running means then agree, and the variances to N / (N - 1)."""
    import keras

    layer, [shape] = made(CALCULATORS[name], ({"num_features": 3}, (4, 3, *(5,) * int(name[-2]))))
    module: Any = run(torch_code(layer, shape))["layer"]
    space = run(keras_code(layer, shape))
    model = keras.Model(space["x"], space["y"])
    x = torch.randn(shape)
    numbers = x.numel() // 3

    module.reset_running_stats()
    module(x)
    model(to_channels_last(layer, x), training=True)
    mean, variance = (weight.numpy() for weight in model.non_trainable_weights)

    assert np.allclose(module.running_mean.numpy(), mean, atol=1e-5)
    unbiased = (variance - 0.9) * numbers / (numbers - 1) + 0.9
    assert np.allclose(module.running_var.numpy(), unbiased, atol=1e-5)
    assert not np.allclose(module.running_var.numpy(), variance, atol=1e-5)


@pytest.mark.parametrize(("name", "shape"), [("Dropout1d", (2, 9, 7)), ("Dropout2d", (2, 9, 3, 4))])
def test_channels_fall_together(name: str, shape: tuple[int, ...]) -> None:
    """In both frameworks a channel is all 0 or all 1 / (1 - p) times what it was, and some are of each kind."""
    import keras

    layer, _ = made(CALCULATORS[name], ({"p": 0.4}, shape))
    keras.utils.set_random_seed(0)
    ours = run(torch_code(layer, shape))["layer"](torch.ones(shape))
    space = run(keras_code(layer, shape))
    theirs = keras.Model(space["x"], space["y"])(to_channels_last(layer, torch.ones(shape)), training=True)

    for channels in (to_channels_last(layer, ours), theirs.detach().numpy()):
        rows = np.moveaxis(channels, -1, 1).reshape(shape[0] * shape[1], -1)
        assert {tuple(np.unique(row.astype(float).round(4))) for row in rows} == {(0.0,), (1.6667,)}


@pytest.mark.parametrize("name", MINE)
def test_none_of_it_is_counted(name: str) -> None:
    """PyTorch's own counter finds no multiply-add in these layers, and neither do we."""
    for example in EXAMPLES[name]:
        layer, [shape] = made(CALCULATORS[name], example)
        space = run(torch_code(layer, shape).replace("print", "# print"))
        with torch.no_grad(), FlopCounterMode(display=False) as counter:
            space["layer"](torch.randn(shape))

        assert (counter.get_total_flops(), layer.macs(shape)) == (0, 0)
