"""Recurrent layers and embeddings: the same numbers in PyTorch and in Keras, once the weights are put in order."""

from __future__ import annotations

import os
import warnings
from pathlib import Path
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
from calc.layer_base import NoEquivalent
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


def page(name: str) -> str:
    return (Path(__file__).parents[2] / "docs" / "en" / f"{name}.md").read_text(encoding="utf-8")


def test_the_worked_example_is_what_pytorch_computes() -> None:
    """Three tokens of 2 numbers, fed one by one."""
    cell = nn.RNNCell(2, 2)
    with torch.no_grad():
        cell.weight_ih.copy_(torch.eye(2))
        cell.weight_hh.copy_(torch.tensor([[0.5, 0.5], [-0.5, 0.5]]).T)
        cell.bias_ih.zero_()
        cell.bias_hh.zero_()
        state = torch.zeros(1, 2)
        printed = []
        for token in ((1.0, 0.0), (0.0, 1.0), (1.0, 1.0)):
            state = cell(torch.tensor([token]), state)
            printed.append([f"{number:.4f}" for number in state[0].tolist()])

    assert printed == [["0.7616", "0.0000"], ["0.3634", "0.8811"], ["0.6298", "0.9250"]]
    for row in ("| (0.7616, 0) |", "| (0.3634, 0.8811) |", "| (0.6298, 0.9250) |"):
        assert row in page("recurrent")


def test_a_batch_in_front_is_taken_for_steps() -> None:
    """Without batch_first nothing is refused, and every sequence of the batch has become a step."""
    layer = nn.LSTM(8, 4)
    x = torch.randn(32, 20, 8)
    output, (last, _) = layer(x)

    assert (output.shape, last.shape) == ((32, 20, 4), (1, 20, 4))
    changed = x.clone()
    changed[0] += 1
    assert not torch.allclose(layer(changed)[0][31], output[31])
    assert nn.LSTM(8, 4, batch_first=True)(x)[1][0].shape == (1, 32, 4)


def test_the_backward_half_ends_at_the_first_step() -> None:
    """In both directions the last output holds a state that has seen one step only."""
    layer = nn.LSTM(3, 4, bidirectional=True)
    output, (last, _) = layer(torch.randn(6, 2, 3))

    assert torch.equal(output[0, :, 4:], last[-1])
    assert torch.equal(output[-1, :, :4], last[0])
    assert not torch.allclose(output[-1, :, 4:], last[-1])


def test_dropout_needs_a_second_layer() -> None:
    """With one layer PyTorch warns, and training gives what inference gives."""
    with pytest.warns(UserWarning, match="dropout option adds dropout after all but last"):
        layer = nn.LSTM(3, 4, dropout=0.9)
    x = torch.randn(6, 2, 3)

    assert torch.equal(layer.train()(x)[0], layer.eval()(x)[0])


def test_pytorch_counts_an_lstm_on_the_meta_device_only() -> None:
    """On a CPU one fused kernel runs, which the counter does not know."""
    found = {}
    for device in ("meta", "cpu"):
        with warnings.catch_warnings(), torch.device(device), FlopCounterMode(display=False) as counter:
            warnings.simplefilter("ignore")
            nn.LSTM(128, 256)(torch.zeros(10, 1, 128))
        found[device] = counter.get_total_flops()

    assert found == {"meta": 2 * 3_932_160, "cpu": 0}


def test_where_a_gru_is_reset_makes_another_function() -> None:
    """The same kernels, no offsets: before or after the product with the weights of the state."""
    after, before = (keras.layers.GRU(4, use_bias=False, reset_after=late) for late in (True, False))
    x = np.random.default_rng(0).normal(size=(2, 5, 3)).astype("float32")
    for layer in (after, before):
        layer.build(x.shape)
    before.set_weights([weight.value.detach().numpy() for weight in after.weights])

    assert not np.allclose(after(x).detach().numpy(), before(x).detach().numpy(), atol=1e-3)


def test_only_the_rows_looked_up_are_trained() -> None:
    """Row 2 twice, row 0 once, the others not; the row of padding_idx never."""
    table = nn.Embedding(4, 2)
    table(torch.tensor([2, 0, 2])).sum().backward()
    padded = nn.Embedding(4, 2, padding_idx=0)
    padded(torch.tensor([2, 0, 2])).sum().backward()

    assert table.weight.grad is not None
    assert table.weight.grad[:, 0].tolist() == [1, 0, 2, 0]
    assert padded.weight.grad is not None
    assert padded.weight.grad[:, 0].tolist() == [0, 0, 2, 0]
    assert padded.weight[0].tolist() == [0, 0]


def test_an_index_too_large_is_refused() -> None:
    """V rows have indices up to V − 1."""
    with pytest.raises(IndexError, match="index out of range in self"):
        nn.Embedding(1000, 2)(torch.tensor([1000]))
    assert "`index out of range in self`" in page("embedding")
