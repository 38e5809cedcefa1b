"""Pictures: each has a text equivalent, says what happens, and stays small for any size."""

from __future__ import annotations

import re
from html import unescape
from typing import Any
from xml.etree import ElementTree

import pytest

import calc
from calc.calculators import CALCULATORS
from site_tests.examples import EXAMPLES
from site_tests.examples.example import made

DRAWN = [name for name, kind in CALCULATORS.items() if "picture" in kind.panels]
"""Every calculator with a picture."""


def labels(html: str) -> list[str]:
    """The text equivalents of the drawings."""
    return [unescape(label) for label in re.findall(r'aria-label="([^"]*)"', html)]


@pytest.mark.parametrize("name", DRAWN)
def test_every_drawing_has_words(name: str) -> None:
    """Each drawing is an image with a sentence for those who do not see it, and the figure has a caption."""
    for example in EXAMPLES[name]:
        layer, inputs = made(CALCULATORS[name], example)
        html = layer.picture(*inputs)
        drawings = [svg for svg in re.findall(r"<svg[^>]*>", html) if "aria-hidden" not in svg]

        assert drawings
        assert all('role="img"' in svg for svg in drawings)
        assert len(drawings) == len(labels(html))
        assert all(re.fullmatch(r"[A-Z].*\.", label) for label in labels(html)), labels(html)
        assert re.search(r"<figcaption>.+</figcaption>", html)


@pytest.mark.parametrize("name", DRAWN)
def test_pictures_are_well_formed(name: str) -> None:
    """Every tag is closed, so the page around it stays whole."""
    for example in EXAMPLES[name]:
        layer, inputs = made(CALCULATORS[name], example)
        html = layer.picture(*inputs)

        ElementTree.fromstring(f"<div>{html}</div>")
        assert "style=" not in html, "colours live in the style sheet"


SAID = [
    # (layer, arguments, input, what the picture says)
    ("Conv2d", {"in_channels": 1, "out_channels": 1, "kernel_size": 3, "padding": 1}, (1, 5, 5), "padded to 7 × 7"),
    (
        "Conv2d",
        {"in_channels": 1, "out_channels": 1, "kernel_size": 3, "stride": 2},
        (1, 8, 7),
        "never read",
    ),
    ("MaxPool2d", {"kernel_size": 2, "ceil_mode": True}, (1, 5, 4), "hangs over the end by 1"),
    (
        "ConvTranspose2d",
        {"in_channels": 1, "out_channels": 1, "kernel_size": 1, "stride": 2},
        (1, 3, 3),
        "The stamps do not touch",
    ),
    ("AdaptiveAvgPool2d", {"output_size": 3}, (1, 7, 7), "neighbours overlap"),
    ("BatchNorm2d", {"num_features": 6}, (3, 6, 3, 3), "over 27 numbers: 3 samples × 9 places"),
    ("LayerNorm", {"normalized_shape": 8}, (2, 5, 8), "for each of 10 places, over 8 numbers"),
    ("GroupNorm", {"num_groups": 2, "num_channels": 6}, (3, 6, 3, 3), "3 channels × 9 places"),
    ("InstanceNorm2d", {"num_features": 6}, (3, 6, 3, 3), "3 samples × 6 channels, over 9 places"),
    ("Softmax", {"dim": 1}, (4, 10), "4 lines of 10 numbers along axis 1; each adds up to 1"),
    ("Dropout", {"p": 0.1}, (4, 10), "multiplied by 1 / (1 − p) = 1.111"),
    ("Dropout", {"p": 1}, (4, 10), "becomes 0 with probability 1. In eval mode"),
    ("LocalResponseNorm", {"size": 4}, (1, 9, 2), "2 channels before it, 1 after it"),
]


@pytest.mark.parametrize(("layer", "arguments", "shape", "words"), SAID)
def test_captions_say_what_happens(layer: str, arguments: Any, shape: Any, words: str) -> None:
    """What a reader could miss in the drawing stands below it."""
    assert words in calc.layer(layer, **arguments).picture(shape)


HUGE = [
    ("Conv2d", {"in_channels": 1, "out_channels": 1, "kernel_size": 3}, (1, 10**9, 10**9)),
    ("Conv2d", {"in_channels": 1, "out_channels": 1, "kernel_size": 10**8, "padding": 10**8}, (1, 10**9, 10**9)),
    (
        "ConvTranspose2d",
        {"in_channels": 1, "out_channels": 1, "kernel_size": 10**6, "stride": 9, "padding": 10**5},
        (1, 10**6, 10**6),
    ),
    ("MaxPool2d", {"kernel_size": 10**6}, (1, 10**9, 10**9)),
    ("AdaptiveAvgPool2d", {"output_size": 10**9}, (1, 10**9, 5)),
    ("Linear", {"in_features": 10**9, "out_features": 10**9}, (10**9, 10**9)),
    ("Flatten", {}, (10**9,) * 6),
    ("BatchNorm3d", {"num_features": 10**9}, (10**9,) * 5),
    ("InstanceNorm3d", {"num_features": 10**9}, (10**9,) * 5),
    ("LayerNorm", {"normalized_shape": (10**9,) * 3}, (10**9,) * 6),
    ("GroupNorm", {"num_groups": 10, "num_channels": 10**9}, (10**9,) * 6),
    ("LocalResponseNorm", {"size": 10**9}, (10**9,) * 6),
    ("Softmax", {"dim": 2}, (10**9,) * 6),
    ("Dropout2d", {}, (10**9,) * 6),
    ("GLU", {}, (10**9,) * 6),
]


def test_what_shares_a_mean_is_marked() -> None:
    """Of three samples of six channels: a channel of all, one sample, half a sample, a channel of one."""
    marked = {}
    for name, arguments in (
        ("BatchNorm2d", {"num_features": 6}),
        ("LayerNorm", {"normalized_shape": (6, 3, 3)}),
        ("GroupNorm", {"num_groups": 2, "num_channels": 6}),
        ("InstanceNorm2d", {"num_features": 6}),
    ):
        html = calc.layer(name, **arguments).picture((3, 6, 3, 3))
        marked[name] = [[part.count(f'"cell data {kind}"') for part in html.split("</svg>")[:3]] for kind in MARKS]

    assert marked == {
        "BatchNorm2d": [[9, 9, 9], [9, 9, 9]],
        "LayerNorm": [[54, 0, 0], [0, 54, 0]],
        "GroupNorm": [[27, 0, 0], [27, 0, 0]],
        "InstanceNorm2d": [[9, 0, 0], [9, 0, 0]],
    }


MARKS = ("first", "second")


@pytest.mark.parametrize(("layer", "arguments", "shape"), HUGE)
def test_pictures_of_huge_sizes_stay_small(layer: str, arguments: Any, shape: Any) -> None:
    """A slip of the keyboard neither hangs the page nor fills it."""
    assert len(calc.layer(layer, **arguments).picture(shape)) < 100_000


def test_a_stack_of_cells_says_what_it_shows() -> None:
    """Cells in both directions, and the words for those who cannot see it."""
    layer = calc.layer("LSTM", input_size=3, hidden_size=4, num_layers=2, bidirectional=True)
    picture = layer.picture((9, 1, 3))

    for kind in ("first", "second"):  # two layers at four steps, and the key
        assert picture.count(f'<rect class="cell {kind}"') == 2 * 4 + 1
    assert "at each of 9 steps" in picture
    assert "4 sets of weights" in picture


@pytest.mark.parametrize("layers", [1, 3, 4, 90])
def test_a_tall_stack_keeps_its_picture_small(layers: int) -> None:
    """Of many layers the first and the last are drawn."""
    picture = calc.layer("RNN", input_size=3, hidden_size=4, num_layers=layers).picture((2, 1, 3))

    assert f">layer {layers - 1}</text>" in picture
    assert picture.count('<rect class="cell first"') == 2 * min(layers, 3 if layers == 3 else 2) + 1


def test_the_picture_of_a_table_marks_the_rows_that_are_copied() -> None:
    """Two rows of the table and two of the output, and none where there are none."""
    whole = calc.layer("Embedding", num_embeddings=9, embedding_dim=3).picture((2, 2))
    empty = calc.layer("Embedding", num_embeddings=1, embedding_dim=3).picture((0,))

    assert whole.count("data first") == whole.count("data second") == 2 * 3
    assert "data first" not in empty
