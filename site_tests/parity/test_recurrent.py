"""Recurrent layers and embeddings: the same numbers in PyTorch and in Keras, once the weights are put in order."""

from __future__ import annotations

import os
from typing import Any

os.environ["KERAS_BACKEND"] = "torch"

import keras
import numpy as np
import pytest
import torch
from torch import nn
from torch.utils.flop_counter import FlopCounterMode

import calc
from calc.code import keras_code, torch_code
from calc.layer import NoEquivalent
from site_tests.parity.test_snippets import configurations, run

ORDER = {"RNN": (0,), "LSTM": (0, 1, 2, 3), "GRU": (1, 0, 2)}
"""Which of PyTorch's gates stand first, second, … in Keras: a GRU's first two are the other way round."""


def gates(name: str, value: torch.Tensor) -> np.ndarray[Any, Any]:
    """One of PyTorch's tensors with its gates in Keras's order, and transposed if it is a matrix."""
    parts = value.detach().chunk(len(ORDER[name]))
    return torch.cat([parts[gate] for gate in ORDER[name]]).numpy().T


def keras_weights(name: str, module: Any) -> list[np.ndarray[Any, Any]]:
    """PyTorch's weights as Keras keeps them: kernel, recurrent kernel, and one bias for two, or both of a GRU's."""
    found: list[np.ndarray[Any, Any]] = []
    for cell in module.all_weights:
        matrices, biases = cell[:2], [gates(name, bias) for bias in cell[2:]]
        found += [gates(name, matrix) for matrix in matrices]
        if biases:
            found.append(np.stack(biases) if name == "GRU" else biases[0] + biases[1])
    return found


@pytest.mark.parametrize("name", ["RNN", "LSTM", "GRU"])
def test_keras_snippets_of_recurrent_layers_compute_the_same_numbers(name: str) -> None:
    """With PyTorch's weights in Keras's order the output is the same, at every step, in both directions."""
    compared = 0
    for layer, shapes in configurations(name, 60):
        [shape] = shapes
        try:
            space = run(keras_code(layer, shape))
        except NoEquivalent:
            continue
        torch.manual_seed(0)
        ours = run(torch_code(layer, shape))
        output = ours["output"].numpy()
        if 0 in output.shape or layer.argument("dropout"):
            continue
        model = keras.Model(space["x"], space["output"])
        model.set_weights(keras_weights(name, ours["layer"]))
        x, expected = (batch_first(layer, value) for value in (ours["x"].numpy(), output))

        assert np.allclose(expected, model(x).detach().numpy(), atol=1e-5), keras_code(layer, shape)
        compared += 1
    assert compared > 12


def batch_first(layer: calc.Layer, value: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """A tensor as Keras takes it: samples, steps, features."""
    if value.ndim == 2:
        return value[None]
    return value if layer.argument("batch_first") else np.moveaxis(value, 1, 0)


def test_an_embedding_is_the_same_table_in_both() -> None:
    """Keras's table has a row for each index, as PyTorch's has: nothing is transposed."""
    module, layer = nn.Embedding(7, 3), keras.layers.Embedding(7, 3)
    indices = np.array([[0, 6, 2], [2, 2, 5]])
    layer.build()
    layer.set_weights([module.weight.detach().numpy()])

    assert np.allclose(module(torch.tensor(indices)).detach().numpy(), layer(indices).detach().numpy())


@pytest.mark.parametrize("name", ["LSTM", "GRU"])
@pytest.mark.parametrize("again", [0, 1])
def test_keras_loops_count_one_step_more(name: str, again: int) -> None:
    """Keras's general loop calls the cell once to learn its shape; LSTM and GRU use it with recurrent_dropout only."""
    layer = getattr(keras.layers, name)(6, recurrent_dropout=0.5 * again)
    with FlopCounterMode(display=False) as counter:
        layer(np.zeros((2, 5, 3), dtype="float32"))

    step = calc.layer(f"keras.{name}", units=6).macs((2, 1, 3))
    assert counter.get_total_flops() == 2 * step * (5 + again)


def test_a_stack_runs_without_dropout_as_one_layer_after_another() -> None:
    """What the parameters of a deeper layer are for: it reads the states of both directions of the one below."""
    both = nn.GRU(3, 4, num_layers=2, bidirectional=True)
    first, second = nn.GRU(3, 4, bidirectional=True), nn.GRU(8, 4, bidirectional=True)
    for index, single in enumerate((first, second)):
        own = dict(both.named_parameters())
        single.load_state_dict({key: own[key.replace("_l0", f"_l{index}")] for key in single.state_dict()})
    x = torch.randn(5, 2, 3)

    assert torch.allclose(both(x)[0], second(first(x)[0])[0], atol=1e-6)
