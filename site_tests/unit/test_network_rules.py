"""Networks as such: what they refuse and how they say so, how they are written and how their sides are named."""

from __future__ import annotations

from math import prod
from typing import Any

import pytest

import calc
from calc import derive
from calc.calculators import CALCULATORS
from calc.expression import steps
from calc.layer_base import Shape
from calc.sym import node_of
from site_tests.unit.wired import network

REFUSED = [
    # (network, arguments, input, knob, text): names the layer that does not fit, and the way out
    (
        "UNet",
        {},
        (1, 1, 100, 100),
        "input",
        "UNet: input (=(1, 1, 100, 100)) must fit every layer, and at up3.joined it does not: Concat: inputs "
        "(=((1, 256, 25, 25), (1, 256, 24, 24))) must agree in every axis but 1; "
        "give N, in_channels, and sides that 16 divides.",
    ),
    (
        "VGG",
        {},
        (1, 3, 200, 200),
        "input",
        "VGG: input (=(1, 3, 200, 200)) must fit every layer, and at fc1 it does not: Linear: input (=(1, 18432)) "
        "must end in in_features (=25088), and its last axis is 18432; give N, in_channels, image_size, image_size.",
    ),
    (
        "Bottleneck",
        {"in_channels": 8, "width": 2},
        (1, 7, 5, 5),
        "input",
        "Bottleneck: input (=(1, 7, 5, 5)) must fit every layer, and at conv1 it does not: Conv2d: input "
        "(=(1, 7, 5, 5)) must have in_channels (=8) channels, and axis 1 is 7; "
        "give N, in_channels, H, W, and sides of at least a kernel.",
    ),
]


@pytest.mark.parametrize(("name", "arguments", "shape", "knob", "text"), REFUSED)
def test_an_input_that_does_not_fit_is_explained(
    name: str, arguments: dict[str, Any], shape: Shape, knob: str, text: str
) -> None:
    """The path to the layer, what that layer says, and what the network takes."""
    with pytest.raises(calc.CalcError) as caught:
        network(name, **arguments)(shape)

    assert (text, knob) == (str(caught.value), caught.value.knob)


BUILDING = [
    # (network, arguments, knob, text)
    ("VGG", {"depth": 12}, "depth", "VGG: depth (=12) must be 11, 13, 16 or 19; try 11."),
    ("AlexNet", {"groups": 3}, "groups", "AlexNet: groups (=3) must be 1 or 2; the paper has 2, for its two GPUs."),
    (
        "AlexNet",
        {"hidden_layers": 10**9},
        "hidden_layers",
        "AlexNet: hidden_layers (=1000000000) must be at most 100; try 2, as in the paper.",
    ),
    (
        "AlexNet",
        {"image_size": 66},
        "image_size",
        "AlexNet: image_size (=66) must leave a map for the dense layers; use at least 67.",
    ),
    ("UNet", {"base_channels": 0}, "base_channels", "UNet: base_channels (=0) must be at least 1; try 1."),
    (
        "Inception",
        {"in_channels": 6, "c1": 4, "c2": 3, "c3": (2, 3), "c4": 2},
        "c2",
        "Inception: c2 (=3) must be two numbers, before and after the wide kernel; write (96, 128).",
    ),
]


@pytest.mark.parametrize(("name", "arguments", "knob", "text"), BUILDING)
def test_what_cannot_be_built_is_explained(name: str, arguments: dict[str, Any], knob: str, text: str) -> None:
    """The sentence is exact, and the way out works."""
    with pytest.raises(calc.CalcError) as caught:
        CALCULATORS[name](**arguments)

    assert (text, knob) == (str(caught.value), caught.value.knob)


def test_the_way_out_of_a_small_image_works() -> None:
    """67 cells are enough for AlexNet, with padding fewer."""
    assert network("AlexNet", image_size=67)((1, 3, 67, 67)) == (1, 1000)
    assert network("AlexNet", image_size=63, padding=2)((1, 3, 63, 63)) == (1, 1000)


def test_activations_are_those_of_the_innermost_layers() -> None:
    """VGG-16 puts out 28,676,072 numbers, its flattened map included."""
    leaves = list(network("VGG").leaves((1, 3, 224, 224)))

    assert len(leaves) == 13 * 2 + 5 + 1 + 7
    assert sum(prod(row.out) for row in leaves) == 28_676_072
    assert [row.name for row in leaves][:3] == ["block1.conv1", "block1.relu1", "block1.conv2"]


def test_sides_within_blocks_are_named_after_the_block() -> None:
    """In a network's formulas the side after block 1 is H_block1, whatever its layers are called."""
    run = derive.run(network("NiN"), (1, 1, 224, 224))
    symbols = {step.symbol for cost in run.costs for step in steps(node_of(cost.amount)) if step.symbol[0] == "H"}

    assert symbols == {"H_block1", "H_pool1", "H_pool2", "H_pool3"}


def test_a_class_takes_what_its_layers_need() -> None:
    """What is settled when a class is written is no argument of it, and equal classes are written once."""
    source = network("VGG", num_classes=10).torch_lines()

    assert [line for line in source if line.startswith("class")] == [
        "class VGGBlock2(nn.Module):",
        "class VGGBlock3(nn.Module):",
        "class VGG(nn.Module):",
    ]
    assert "    def __init__(self, in_channels, out_channels):" in source
    assert "    def __init__(self, in_channels=3, num_classes=1000, image_size=224):" in source
    assert source[-1] == "layer = VGG(num_classes=10)"


def test_a_tuple_is_handed_on_as_it_is() -> None:
    """Equal numbers of one argument are not mistaken for the argument."""
    block = network("Inception", in_channels=3, c1=1, c2=(2, 2), c3=(2, 2), c4=1).torch_lines()

    assert "        self.b2_2 = nn.Conv2d(c2[0], c2[1], kernel_size=3, padding=1)" in block
