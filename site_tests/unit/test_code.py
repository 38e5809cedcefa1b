"""Snippets: how they are written. That the frameworks run them is shown in `parity`."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest

import calc
from calc.calculators import CALCULATORS
from calc.code import highlighted, keras_code, torch_code
from calc.layer_base import Layer, NoEquivalent
from site_tests.examples import EXAMPLES
from site_tests.examples.example import made

CONV: dict[str, Any] = {"in_channels": 3, "out_channels": 8, "kernel_size": 3}


def layer_line(layer: Layer, shape: tuple[int, ...]) -> str:
    """The line of the PyTorch snippet that builds the layer."""
    return next(line for line in torch_code(layer, shape).splitlines() if line.startswith("layer = "))


TORCH = [
    # (layer, arguments, input, line): defaults are left out, channels are positional
    ("Conv2d", CONV, (1, 3, 8, 8), "layer = nn.Conv2d(3, 8, kernel_size=3)"),
    (
        "Conv2d",
        {**CONV, "kernel_size": (3, 5), "padding": "same", "bias": False},
        (3, 8, 8),
        "layer = nn.Conv2d(3, 8, kernel_size=(3, 5), padding='same', bias=False)",
    ),
    ("MaxPool2d", {"kernel_size": 2, "stride": None}, (1, 3, 8, 8), "layer = nn.MaxPool2d(kernel_size=2)"),
    ("Linear", {"in_features": 4, "out_features": 2}, (4,), "layer = nn.Linear(4, 2)"),
    ("AdaptiveAvgPool2d", {"output_size": (None, 3)}, (1, 2, 8, 8), "layer = nn.AdaptiveAvgPool2d((None, 3))"),
    ("ReLU", {}, (), "layer = nn.ReLU()"),
]


@pytest.mark.parametrize(("layer", "arguments", "shape", "line"), TORCH)
def test_torch_calls_are_written_as_people_write_them(layer: str, arguments: Any, shape: Any, line: str) -> None:
    """What has its default value is left out."""
    assert line == layer_line(calc.layer(layer, **arguments), shape)


def test_a_torch_snippet_is_complete() -> None:
    """From the import to the printed shape, nothing is missing."""
    expected = """\
import torch
from torch import nn

layer = nn.Conv2d(3, 8, kernel_size=3)
x = torch.randn(1, 3, 8, 8)
y = layer(x)
print(y.shape)  # torch.Size([1, 8, 6, 6])
"""

    assert expected == torch_code(calc.layer("Conv2d", **CONV), (1, 3, 8, 8))


def test_a_keras_snippet_is_complete() -> None:
    """Channels last, with the batch axis that Keras always has."""
    expected = """\
import keras
from keras import layers

x = keras.Input(batch_shape=(1, 8, 8, 3))
y = layers.Conv2D(8, 3)(x)
print(y.shape)  # (1, 6, 6, 8)
"""

    assert expected == keras_code(calc.layer("Conv2d", **CONV), (3, 8, 8))


def keras_lines(name: str, arguments: Any, shape: Any) -> list[str]:
    """The layers of a Keras snippet."""
    lines = keras_code(calc.layer(name, **arguments), shape).splitlines()
    return [line.removeprefix("y = layers.") for line in lines if line.startswith("y = ")]


KERAS = [
    # (layer, arguments, input, lines)
    # Keras's own 'same' with a stride pads (0, 1), PyTorch's padding=1 pads (1, 1): so the padding is a layer
    (
        "Conv2d",
        {**CONV, "stride": 2, "padding": 1},
        (1, 3, 8, 8),
        ["ZeroPadding2D(1)(x)", "Conv2D(8, 3, strides=2)(y)"],
    ),
    ("Conv2d", {**CONV, "padding": 1}, (1, 3, 8, 8), ["Conv2D(8, 3, padding='same')(x)"]),
    (
        "Conv2d",
        {**CONV, "padding": "same", "dilation": 2},
        (1, 3, 8, 8),
        ["Conv2D(8, 3, padding='same', dilation_rate=2)(x)"],
    ),
    ("MaxPool2d", {"kernel_size": 2}, (1, 3, 8, 8), ["MaxPooling2D(2)(x)"]),
    # one stride for all axes is not the default where the kernel's sides differ
    ("MaxPool2d", {"kernel_size": (2, 3), "stride": 2}, (1, 3, 8, 8), ["MaxPooling2D((2, 3), strides=2)(x)"]),
    ("AvgPool2d", {"kernel_size": (1, 4), "stride": 1}, (1, 3, 8, 8), ["AveragePooling2D((1, 4), strides=1)(x)"]),
    ("AvgPool2d", {"kernel_size": (2, 3)}, (1, 3, 8, 8), ["AveragePooling2D((2, 3))(x)"]),
    ("AdaptiveAvgPool2d", {"output_size": 1}, (1, 3, 8, 8), ["GlobalAveragePooling2D(keepdims=True)(x)"]),
    # output_padding=None would mean something else in Keras, so 0 is printed
    (
        "ConvTranspose2d",
        {**CONV, "stride": 2, "padding": 1},
        (1, 3, 8, 8),
        ["Conv2DTranspose(8, 3, strides=2, output_padding=0)(x)", "Cropping2D(1)(y)"],
    ),
    ("Flatten", {}, (1, 3, 8), ["Flatten()(x)"]),
    ("Flatten", {"start_dim": 2}, (1, 3, 8, 4), ["Reshape((3, 32))(x)"]),
]


@pytest.mark.parametrize(("layer", "arguments", "shape", "lines"), KERAS)
def test_keras_layers_do_the_same(layer: str, arguments: Any, shape: Any, lines: list[str]) -> None:
    """The same size from the same pixels, in Keras's own layers."""
    assert lines == keras_lines(layer, arguments, shape)


VARIABLES = [
    # (layer, arguments, inputs, variables in the order in which they are first written, after the inputs)
    ("LeNet5", {}, [(1, 1, 28, 28)], ["y"]),
    (
        "UNet",
        {"base_channels": 4, "batch_norm": True},
        [(1, 1, 32, 32)],
        ["enc1", "enc2", "enc3", "enc4", "bottom", "up4", "up3", "up2", "y"],
    ),
    ("UpBlock", {"in_channels": 8, "out_channels": 4}, [(1, 8, 4, 4), (1, 4, 8, 8)], ["y"]),
    (
        "Inception",
        {"in_channels": 6, "c1": 4, "c2": (3, 5), "c3": (2, 3), "c4": 2},
        [(1, 6, 9, 8)],
        ["b1", "b2", "b3", "b4", "y"],
    ),
    # the input is read again at the end, and where the number of channels changes a convolution reads it
    ("BasicBlock", {"in_channels": 8, "out_channels": 8}, [(1, 8, 5, 5)], ["y"]),
    ("BasicBlock", {"in_channels": 8, "out_channels": 16, "stride": 2}, [(1, 8, 5, 5)], ["y", "downsample"]),
    (
        "ResNet",
        {"depth": 18},
        [(1, 3, 64, 64)],
        ["y", "layer1_0", "layer1", "layer2_0", "downsample", "layer2", "layer3_0", "layer3", "layer4_0"],
    ),
]


@pytest.mark.parametrize(("name", "arguments", "shapes", "names"), VARIABLES)
def test_variables_have_the_names_of_what_they_hold(name: str, arguments: Any, shapes: Any, names: list[str]) -> None:
    """What is read later has a variable of its own, named after the row or the branch that it comes out of."""
    source = keras_code(calc.layer(name, **arguments), *shapes)
    written = re.findall(r"^(\w+) = layers", source, re.MULTILINE)

    assert names == list(dict.fromkeys(written))


def test_a_fork_keeps_what_it_reads() -> None:
    """The sum of a residual block reads what its first convolution read."""
    lines = keras_code(calc.layer("ResNet", depth=18), (1, 3, 64, 64)).splitlines()
    sums = [line for line in lines if "Add()" in line]

    assert sums[:3] == [
        "layer1_0 = layers.Add()([layer1_0, y])",
        "layer1 = layers.Add()([layer1, layer1_0])",
        "layer2_0 = layers.Add()([layer2_0, downsample])",
    ]
    assert sums[-1] == "y = layers.Add()([y, layer4_0])"


WITHOUT = [
    # (layer, arguments, input, what the reason names)
    ("Conv2d", {**CONV, "stride": 2, "dilation": 2}, (1, 3, 8, 8), "dilation_rate"),
    ("Conv2d", {**CONV, "padding": 1, "padding_mode": "circular"}, (1, 3, 8, 8), "circular"),
    ("Conv3d", {**CONV, "padding": 1, "padding_mode": "reflect"}, (1, 3, 8, 8, 8), "reflect"),
    ("ConvTranspose2d", {"in_channels": 2, "out_channels": 2, "kernel_size": 3, "groups": 2}, (1, 2, 8, 8), "grouped"),
    ("MaxPool2d", {"kernel_size": 2, "dilation": 2}, (1, 3, 8, 8), "dilation"),
    ("MaxPool2d", {"kernel_size": 2, "return_indices": True}, (1, 3, 8, 8), "indices"),
    ("AvgPool2d", {"kernel_size": 2, "stride": 2, "ceil_mode": True}, (1, 3, 7, 7), "ceil_mode"),
    ("AvgPool2d", {"kernel_size": 2, "divisor_override": 3}, (1, 3, 8, 8), "divisor_override"),
    ("AvgPool2d", {"kernel_size": 2, "padding": 1, "count_include_pad": False}, (1, 3, 8, 8), "uncounted"),
    ("AdaptiveAvgPool2d", {"output_size": 1}, (1, 2, 3, 8, 8), "2 axes"),
    ("Flatten", {"start_dim": 0}, (3, 8), "batch axis"),
    ("Linear", {"in_features": 0, "out_features": 2}, (1, 0), "without inputs"),
]


@pytest.mark.parametrize(("layer", "arguments", "shape", "word"), WITHOUT)
def test_where_keras_has_no_such_layer_it_is_said(layer: str, arguments: Any, shape: Any, word: str) -> None:
    """The reason is a sentence that names what is missing."""
    with pytest.raises(NoEquivalent) as caught:
        keras_code(calc.layer(layer, **arguments), shape)

    assert word in str(caught.value)
    assert str(caught.value).endswith(".")


@pytest.mark.parametrize("name", [name for name, kind in CALCULATORS.items() if kind.dialect in ("", "keras")])
def test_highlighting_changes_no_character(name: str) -> None:
    """Without its tags the highlighted snippet is the snippet, so what is copied runs."""
    for example in EXAMPLES[name]:
        layer, inputs = made(CALCULATORS[name], example)
        source = keras_code(layer, *inputs) if layer.dialect == "keras" else torch_code(layer, *inputs)

        assert source == unescape(without_tags(highlighted(source)))


def without_tags(html: str) -> str:
    kept, inside = "", False
    for character in html:
        inside = character == "<" or (inside and character != ">")
        kept += character if not inside and character != ">" else ""
    return kept


def test_an_f_string_is_one_string() -> None:
    """Python takes it apart from version 3.12 on; build and browser need not run the same version."""
    assert highlighted('print(f"{a} of {b:.2f}")\n') == (
        '<span class="nb">print</span><span class="o">(</span><span class="s2">f"{a} of {b:.2f}"</span>'
        '<span class="o">)</span>\n'
    )
    assert without_tags(highlighted('t = f"""a\n{b}""" + c\n')) == 't = f"""a\n{b}""" + c\n'


@pytest.mark.parametrize(
    "source",
    [
        'f(")",\n  1)\nx = 2\n',
        "x = 1  # don't\ny = [\n    2,\n]\n",
        "def f():\n        x = '''a\n  b'''\n    # what's more\n        return x\n",
        "if x:\n        y = \"it's\"\n\nz = 'a'\n",
    ],
)
def test_statements_that_end_later_than_they_seem_to(source: str) -> None:
    """A bracket in a string, an apostrophe in a comment: read line by line, nothing changes and all has its colour."""
    html = highlighted(source)

    assert unescape(without_tags(html)) == source
    for word, name in {"'a'": "s2", "2": "mi", "return": "k", "if": "k"}.items():
        if f"{word}\n" in source or source.endswith(word):
            assert f'<span class="{name}">{word}</span>' in html
