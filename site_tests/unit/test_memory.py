"""What memory holds: parameters, buffers, gradients, the optimizer's state, activations."""

from __future__ import annotations

import re
from typing import Any

import pytest

import calc
from calc.derive import run
from calc.panels.cost import holdings, memory


def held(name: str, shape: tuple[int, ...], **arguments: Any) -> dict[str, int]:
    """The float32 bytes of everything that a layer holds."""
    return {
        each.what.partition(":")[0]: each.bytes("float32")
        for each in holdings(run(calc.layer(name, **arguments), shape))
    }


def test_training_holds_gradients_and_the_state_of_the_optimizer() -> None:
    """One gradient for each parameter, one running mean with momentum, two with Adam."""
    found = held("Linear", (1, 400), in_features=400, out_features=120)
    params = 4 * (400 * 120 + 120)

    assert found == {
        "Parameters": params,
        "Gradients, one for each trained parameter": params,
        "SGD with momentum": params,
        "Adam": 2 * params,
        "Activations": 4 * 120,
    }


def test_buffers_are_held_and_their_counter_is_a_whole_number() -> None:
    """Two running statistics for each channel in the format chosen, and a counter of 8 bytes in any."""
    found = held("BatchNorm2d", (2, 16, 8, 8), num_features=16)

    assert found["Buffers"] == 4 * 2 * 16 + 8
    assert found["Parameters"] == found["Gradients, one for each trained parameter"] == 4 * 2 * 16


def test_what_is_not_trained_has_no_gradient() -> None:
    """Keras counts the moving statistics as parameters, but no optimizer keeps a state for them."""
    found = held("keras.BatchNormalization", (2, 8, 8, 16))

    assert found["Parameters"] == 4 * 4 * 16
    assert found["Gradients, one for each trained parameter"] == 4 * 2 * 16


@pytest.mark.parametrize(("optimizer", "each"), [("plain SGD", 8), ("SGD with momentum", 12), ("Adam", 16)])
def test_the_total_of_training_is_the_sum(optimizer: str, each: int) -> None:
    """8, 12 and 16 bytes for each parameter in float32, and the output."""
    html = memory(run(calc.layer("Linear", in_features=1000, out_features=1000, bias=False), (1, 1000)), str)
    row = next(row for row in html.split("<tr>") if f"Trained with {optimizer}<" in row)

    assert re.findall(r"<small>([\d,]+) B</small>", row)[0] == f"{each * 1_000_000 + 4000:,}"
    assert row.rstrip("</tbody>").count("–") == 1, "nothing is trained in int8"


def test_a_network_keeps_the_output_of_every_layer() -> None:
    """LeNet's activations are all its maps, not its ten outputs."""
    found = held("LeNet5", (1, 1, 28, 28))
    maps = 2 * 6 * 28 * 28 + 6 * 14 * 14 + 2 * 16 * 10 * 10 + 16 * 5 * 5 + 400 + 2 * 120 + 2 * 84 + 10

    assert found["Activations"] == 4 * maps
