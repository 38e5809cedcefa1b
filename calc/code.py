"""The snippets: the same layer as PyTorch and Keras source, ready to run.

The parity tests execute exactly these strings, so the page cannot show code that
the framework refuses or answers differently.
"""

from __future__ import annotations

import builtins
import io
import keyword
import tokenize
from html import escape

from calc.derive import tensors
from calc.layer import Layer, NoEquivalent, Shape


def torch_code(layer: Layer, x: Shape) -> str:
    """PyTorch source that builds the layer, calls it and prints the output shape."""
    outputs = tensors(layer(x))
    made = layer.torch_lines()
    imports = [line for line in made if line.startswith("from ")]
    lines = [*imports, "import torch", "from torch import nn", "", *(line for line in made if line not in imports)]
    lines.append(f"x = torch.randn({_inside(x)})")
    if len(outputs) == 1:
        lines += ["y = layer(x)", f"print(y.shape)  # torch.Size({list(outputs[0])})"]
    else:
        lines += ["y, indices = layer(x)", f"print(y.shape)  # torch.Size({list(outputs[0])})"]
    return "\n".join(lines) + "\n"


def keras_code(layer: Layer, x: Shape) -> str:
    """Keras source with the same output and the same number of weights.

    Raises `NoEquivalent` where Keras has no such layer, or none on this input.
    """
    calls = layer.keras(x)
    outputs = tensors(layer(x))
    if len(outputs) > 1:
        raise NoEquivalent("Keras pooling layers do not return indices.")
    lines = ["import keras", "from keras import layers", ""]
    lines.append(f"x = keras.Input(batch_shape={channels_last(layer, x)})")
    source = "x"
    for call in calls:
        lines.append(f"y = layers.{call}({source})")
        source = "y"
    lines.append(f"print(y.shape)  # {channels_last(layer, outputs[0])}")
    return "\n".join(lines) + "\n"


def channels_last(layer: Layer, shape: Shape) -> Shape:
    """A shape in Keras's default order, with the batch axis that Keras always has."""
    spatial = len(layer.axis_letters)
    if not spatial or len(shape) not in (spatial + 1, spatial + 2):
        return shape if len(shape) > 1 else (1, *shape)
    batch, channels, *rest = shape if len(shape) == spatial + 2 else (1, *shape)
    return (batch, *rest, channels)


def _inside(shape: Shape) -> str:
    return ", ".join(map(str, shape)) if shape else "()"


_CLASSES = {tokenize.NUMBER: "mi", tokenize.STRING: "s2", tokenize.COMMENT: "c1", tokenize.OP: "o"}


def highlighted(source: str) -> str:
    """Python source as HTML, with the class names that Pygments gives its tokens."""
    html, row, column = [], 1, 0
    lines = source.splitlines(keepends=True)
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        (start_row, start_column), (end_row, end_column) = token.start, token.end
        if token.type in (tokenize.NEWLINE, tokenize.NL):
            html.append("\n")
            row, column = start_row + 1, 0
            continue
        if token.type == tokenize.ENDMARKER or start_row > len(lines):
            break
        html.append(lines[row - 1][column:start_column] if row == start_row else "")
        text = escape(token.string, quote=False)
        name = _class_of(token)
        html.append(f'<span class="{name}">{text}</span>' if name else text)
        row, column = end_row, end_column
    return "".join(html)


def _class_of(token: tokenize.TokenInfo) -> str:
    if token.type == tokenize.NAME:
        if token.string in ("import", "from"):
            return "kn"
        if token.string in ("True", "False", "None"):
            return "kc"
        if keyword.iskeyword(token.string):
            return "k"
        return "nb" if hasattr(builtins, token.string) else "n"
    return _CLASSES.get(token.type, "")
