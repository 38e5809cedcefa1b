"""Snippets as books print them run unchanged, and have the totals of the notes' facts."""

from __future__ import annotations

from math import prod
from typing import Any

import pytest

from calc.tracing import trace
from site_tests.unit import book_attention, book_convolutions

TOTALS: list[tuple[str, int, Any]] = [
    # (snippet, parameters, output)
    (book_convolutions.LENET, 61_706, (1, 10)),
    (book_convolutions.LENET_CLASS, 61_706, (1, 10)),
    (book_convolutions.LENET_LAZY, 61_706, (1, 10)),
    (book_convolutions.ALEXNET, 29_983_434, (1, 10)),
    (book_convolutions.NIN, 1_992_166, (1, 10)),
    (book_convolutions.GOOGLENET, 5_977_530, (1, 10)),
    (book_convolutions.INCEPTION, 163_696, (1, 256, 224, 224)),
    (book_attention.ATTENTION, 4 * 100 * 100, (2, 4, 100)),
    (book_attention.HEADS_OF_FULL_WIDTH, 4 * 8 * 64**2, (2, 10, 64)),
    (book_attention.POSITIONS, 0, (1, 60, 32)),
    (book_attention.ENCODER_BLOCK, 4 * 24**2 + (24 * 48 + 48) + (48 * 24 + 24) + 2 * 2 * 24, (2, 100, 24)),
    (book_attention.ENCODER, 200 * 24 + 2 * 4776, (2, 100, 24)),
]


@pytest.mark.parametrize(("source", "params", "output"), TOTALS)
def test_a_snippet_of_a_book(source: str, params: int, output: Any) -> None:
    """The model, its input and its totals are found as the snippet stands."""
    report = trace(source)

    assert (report.params, report.output_shape) == (params, output)


def test_lenet_layer_by_layer() -> None:
    """Fact C7: the maps, and nine tenths of the parameters in the dense block."""
    report = trace(book_convolutions.LENET)
    shapes = [row.output_shape[1:] for row in report.rows if row.kind in ("Conv2d", "AvgPool2d", "Flatten", "Linear")]
    dense = sum(row.params for row in report.rows if row.kind == "Linear")

    assert shapes == [(6, 28, 28), (6, 14, 14), (16, 10, 10), (16, 5, 5), (400,), (120,), (84,), (10,)]
    assert dense / report.params > 0.9


def test_alexnet_layer_by_layer() -> None:
    """Fact C8: the sides of the maps, and the parameters of each layer."""
    report = trace(book_convolutions.ALEXNET)
    sides = [row.output_shape[-1] for row in report.rows if row.kind in ("Conv2d", "MaxPool2d")]
    params = [row.params for row in report.rows if row.params]

    assert sides == [54, 26, 26, 12, 12, 12, 12, 5]
    assert params == [11_712, 614_656, 885_120, 1_327_488, 884_992, 26_218_496, 40_970]


def test_vgg_blocks() -> None:
    """Fact C9: a block keeps the size, then halves it; a function that makes the network may be called twice."""
    report = trace(book_convolutions.VGG)
    sides = [row.output_shape[-1] for row in report.rows if row.kind == "MaxPool2d"]

    assert sides == [112, 56, 28, 14, 7]
    assert report.rows[0].output_shape == (1, 16, 224, 224)


def test_first_inception_block() -> None:
    """Fact C11: four branches give 64 + 128 + 32 + 32 channels."""
    report = trace(book_convolutions.INCEPTION, (1, 192, 28, 28))

    assert report.output_shape == (1, 256, 28, 28)
    assert sum(row.params for row in report.rows) == report.params


def test_sub_layers_keep_the_shape() -> None:
    """Facts C12 and C15: in an encoder block every sub-layer gives back the shape that it takes."""
    report = trace(book_attention.ENCODER_BLOCK)
    norms = [row.output_shape for row in report.rows if row.kind == "LayerNorm"]

    assert norms == [(2, 100, 24)] * 2
    assert prod(norms[0]) == 2 * 100 * 24


def test_a_decoder_attends_to_the_encoder() -> None:
    """Fact C15: the input is a tensor and a list with a tensor in it; both are told."""
    report = trace(book_attention.DECODER_BLOCK)

    assert report.inputs == ("2, 100, 24", "2, 100, 24", "int64[2]")
    assert report.params == 2 * 4 * 24**2 + (24 * 48 + 48) + (48 * 24 + 24) + 3 * 2 * 24
    assert report.output_shape[0] == (2, 100, 24)


def test_training_is_left_out_and_said() -> None:
    """What needs the book's helper package is named with its lines."""
    assert trace(book_convolutions.LENET).notes == (
        "Input found: 1, 1, 28, 28, from line 18.",
        "Lines 22 and 52 are left out: d2l is not at hand here.",
    )
