"""Receptive fields: the recurrence, the drawing and the networks give one number."""

from __future__ import annotations

import re
from pathlib import Path
from random import Random
from typing import Any

import pytest

from calc.calculators import CALCULATORS
from calc.demos.field import ReceptiveField
from calc.errors import CalcError
from calc.network import Network
from calc.sight import Reading, Sight
from calc.values.field import Layer, fields, seen, widths
from site_tests.test_every_demo import untypeset

PAGE = (Path(__file__).parents[2] / "docs" / "en" / "receptive-field.md").read_text(encoding="utf-8")


def test_it_agrees_with_what_networks_use() -> None:
    """For random stacks: `calc.sight`, the recurrence and the cells that are read, counted one by one."""
    draw = Random(1)
    for _ in range(200):
        layers = [Layer(draw.randint(1, 5), draw.randint(1, 3), draw.randint(1, 3)) for _ in range(draw.randint(1, 5))]
        sight = Sight()
        for k, s, d in layers:
            sight = sight.through(Reading(s, 1, 0, (k - 1) * d))
        last = fields(layers)[-1]
        read = seen(layers)[-1]

        assert last.size == sight.width
        assert last.jump == sight.step
        assert last.size == widths(layers)[0] == read[-1] - read[0] + 1
        assert seen(layers, 3)[-1][0] == 3 * last.jump


NETWORKS: list[tuple[str, dict[str, Any], tuple[int, ...], str, str, int]] = [
    # (network, arguments, input, its last row with a map, how the page calls it, what a place sees)
    ("LeNet5", {}, (1, 1, 28, 28), "pool2", "[LeNet-5](lenet.md#receptive-field)", 16),
    ("AlexNet", {}, (1, 3, 227, 227), "pool5", "[AlexNet](alexnet.md)", 195),
    ("VGG", {}, (1, 3, 224, 224), "block5", "[VGG-16](vgg.md#receptive-field)", 212),
    ("ResNet", {"depth": 18}, (1, 3, 224, 224), "layer4", "[ResNet-18](resnet.md)", 435),
    ("ResNet", {"depth": 34}, (1, 3, 224, 224), "layer4", "[ResNet-34](resnet.md)", 899),
    ("ResNet", {}, (1, 3, 224, 224), "layer4", "[ResNet-50, stride in the 3×3](resnet.md)", 427),
    ("ResNet", {"stride_first": True}, (1, 3, 224, 224), "layer4", "[ResNet-50, stride in the 1×1](resnet.md)", 483),
]


@pytest.mark.parametrize(("name", "arguments", "shape", "row", "called", "size"), NETWORKS)
def test_the_networks_of_the_page(
    name: str, arguments: dict[str, Any], shape: Any, row: str, called: str, size: int
) -> None:
    """The field as the networks' own tables have it; the jump is counted below."""
    network = CALCULATORS[name](**arguments)
    assert isinstance(network, Network)
    rows = {each.name: each for each in network.rows(shape)}

    assert rows[row].receptive_field == (size, size)
    assert f"| {called} | {size} | {4 if name == 'LeNet5' else 32} |" in PAGE


STACKS = [
    # (network, the layers of its path with the most windows, field, jump)
    ("LeNet-5", [Layer(5), Layer(2, 2), Layer(5), Layer(2, 2)], 16, 4),
    (
        "AlexNet",
        [Layer(11, 4), Layer(3, 2), Layer(5), Layer(3, 2), Layer(3), Layer(3), Layer(3), Layer(3, 2)],
        195,
        32,
    ),
    ("VGG-16", [Layer(3), Layer(3), Layer(2, 2)] * 2 + [Layer(3), Layer(3), Layer(3), Layer(2, 2)] * 3, 212, 32),
    ("ResNet-18", [Layer(7, 2), Layer(3, 2), *[Layer(3)] * 4, *[Layer(3, 2), *[Layer(3)] * 3] * 3], 435, 32),
    (
        "ResNet-34",
        [
            Layer(7, 2),
            Layer(3, 2),
            *[Layer(3)] * 6,
            *(layer for blocks in (4, 6, 3) for layer in (Layer(3, 2), *[Layer(3)] * (2 * blocks - 1))),
        ],
        899,
        32,
    ),
    (
        "ResNet-50",
        [
            Layer(7, 2),
            Layer(3, 2),
            *[Layer(3)] * 3,
            *(layer for blocks in (4, 6, 3) for layer in (Layer(3, 2), *[Layer(3)] * (blocks - 1))),
        ],
        427,
        32,
    ),
    (
        "ResNet-50, stride first",
        [
            Layer(7, 2),
            Layer(3, 2),
            *[Layer(3)] * 3,
            *(layer for blocks in (4, 6, 3) for layer in (Layer(1, 2), *[Layer(3)] * blocks)),
        ],
        483,
        32,
    ),
]


@pytest.mark.parametrize(("name", "layers", "size", "jump"), STACKS)
def test_the_recurrence_gives_the_same(name: str, layers: list[Layer], size: int, jump: int) -> None:
    """Pitfall 21's figures, from the kernels and strides alone."""
    assert fields(layers)[-1] == (size, jump), name


def test_the_worked_examples_of_the_page() -> None:
    """Two and three layers of 3 × 3, a stride before, dilations with and without holes."""
    assert [fields([Layer(3)] * count)[-1].size for count in (1, 2, 3)] == [3, 5, 7]
    assert fields([Layer(5)])[-1].size == 5
    assert fields([Layer(3, 2), Layer(3)])[-1].size == 7
    assert len(seen([Layer(3, 1, 2)] * 3)[-1]) == 7 < fields([Layer(3, 1, 2)] * 3)[-1].size == 13
    mixed = [Layer(3, 1, each) for each in (1, 2, 5)]
    assert len(seen(mixed)[-1]) == fields(mixed)[-1].size == 17
    assert "With 1, 2, 5 in place of 2, 2, 2 the field is 17 and has no holes" in PAGE


def test_each_layer_is_worked_out() -> None:
    """The sentences of the steps and of the cells."""
    picture = ReceptiveField().picture(untypeset)

    assert "A cell of the input sees itself: r = 1, and its neighbour is j = 1 cell further." in picture
    assert "Layer 3, kernel 5, stride 1: r = 6 + (5 − 1)·2 = 14, j = 2·1 = 2." in picture
    assert "Layer 4, kernel 2, stride 2: r = 14 + (2 − 1)·2 = 16, j = 2·2 = 4." in picture
    assert "Map 3: sees input 3 to 16, 14 cells." in picture
    assert "Input 1: 1 path leads from it to the top." in picture
    dilated = ReceptiveField(layers=((3, 1, 2), (3, 2, 1)))
    assert "Layer 1, kernel 3, stride 1: r = 1 + (3 − 1)·2·1 = 5, j = 1·1 = 1." in dilated.picture(untypeset)
    assert "6 of 13" in re.sub("<[^>]*>", " ", ReceptiveField(layers=((3, 1, 2),) * 3).answer(untypeset))


def test_paths_add_up_to_the_product_of_the_kernels() -> None:
    """Every way through the windows starts at one cell of the input."""
    picture = ReceptiveField().picture(untypeset)
    paths = [int(count) for count in re.findall(r"Input \d+: (\d+) paths? lead", picture)]

    assert len(paths) == 16
    assert sum(paths) == 5 * 2 * 5 * 2
    assert paths == paths[::-1]


def test_stride_and_dilation_may_be_left_out() -> None:
    """They are 1 then."""
    assert ReceptiveField(layers=((3,), (3,))).fields == ReceptiveField(layers=((3, 1, 1), (3, 1, 1))).fields


def test_a_field_may_be_larger_than_the_image() -> None:
    """All of the image, and padding."""
    answer = re.sub("<[^>]*>", " ", ReceptiveField(image_size=10).answer(untypeset))

    assert "all of it" in answer
    assert "and 6 cells of padding" in answer
    assert "32.7%" in ReceptiveField().answer(untypeset)


REFUSED = [
    (
        {"layers": ((3, 1.5, 1),)},
        "ReceptiveField: layers (=((3, 1.5, 1),)) must have whole numbers from 1 to 99, and stride is 1.5 in row 1; "
        "write for example 3 1 1.",
    ),
    (
        {"layers": ((3,), (0,))},
        "ReceptiveField: layers (=((3,), (0,))) must have whole numbers from 1 to 99, and kernel is 0 in row 2; "
        "write for example 3 1 1.",
    ),
    (
        {"layers": ((99, 99, 99), (99, 99, 99))},
        "ReceptiveField: layers (=((99, 99, 99), (99, 99, 99))) need 970,201 cells to be drawn, and 200 can be told "
        "apart; use smaller kernels or leave layers out.",
    ),
]


@pytest.mark.parametrize(("arguments", "sentence"), REFUSED)
def test_what_cannot_be_drawn_is_refused(arguments: dict[str, Any], sentence: str) -> None:
    """Word for word, and at once."""
    with pytest.raises(CalcError) as caught:
        ReceptiveField(**arguments)

    assert str(caught.value) == sentence
