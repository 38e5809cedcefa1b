"""The snippets: the same layer as PyTorch and Keras source, ready to run.

The parity tests execute exactly these strings, so the page cannot show code that
the framework refuses or answers differently.
"""

from __future__ import annotations

import builtins
import io
import keyword
import re
import tokenize
from collections.abc import Collection, Iterator, Sequence
from functools import lru_cache
from typing import Any

from calc.layer_base import Layer, NoEquivalent, Port, Shape, Shapes
from calc.markup import plain
from calc.network import Network, Row
from calc.network_code import variables
from calc.tensor import present, tensors


def torch_code(layer: Layer, *inputs: Shapes) -> str:
    """PyTorch source that builds the layer, calls it and prints the output shape."""
    outputs = tensors(layer(*inputs))
    made = layer.torch_lines()
    imports = [line for line in made if line.startswith("from ")]
    lines = [*imports, "import torch", "from torch import nn", "", *(line for line in made if line not in imports)]
    ports = layer.required_inputs()
    names = ["x"] if len(ports) == 1 else [port.name for port in ports]
    for port, name, shape in zip(ports, names, inputs, strict=True):
        lines.append(f"{name} = {_torch_tensor(port, shape)}")
    lines.append(f"{_torch_targets(layer, len(outputs))} = layer({', '.join(names)})")
    shown = "y" if len(outputs) == 1 else layer.outputs[0]
    lines.append(f"print({shown}.shape)  # torch.Size({list(outputs[0] or ())})")
    return "\n".join(lines) + "\n"


def _torch_tensor(port: Port, shape: Any) -> str:
    size = ", ".join(map(str, shape)) if shape else "()"
    if port.dtype == "int":
        return f"torch.zeros({size}, dtype=torch.long)"
    return f"torch.randn({size})"


def _torch_targets(layer: Layer, count: int) -> str:
    """The names on the left: PyTorch gives the two states of an LSTM as a pair of their own."""
    if count == 1:
        return "y"
    first, *states = layer.outputs[:count]
    return f"{first}, ({', '.join(states)})" if layer.pairs_states else ", ".join((first, *states))


def keras_code(layer: Layer, *inputs: Shapes) -> str:
    """Keras source with the same output and the same number of weights.

    Raises `NoEquivalent` where Keras has no such layer, or none on this input.
    """
    outputs = present(layer(*inputs))
    if len(outputs) > 1 and not layer.keras_outputs:
        raise NoEquivalent("Keras pooling layers do not return indices.")
    lines = ["import keras", "from keras import layers", ""]
    ports = layer.required_inputs()
    names = ["x"] if len(ports) == 1 else [port.name for port in ports]
    for port, name, shape in zip(ports, names, inputs, strict=True):
        lines.append(f"{name} = {_keras_input(layer, port, shape)}")
    lines += keras_steps(layer, inputs, names, "y" if len(outputs) == 1 else ", ".join(layer.keras_outputs))
    shown = "y" if len(outputs) == 1 else layer.keras_outputs[0]
    lines.append(f"print({shown}.shape)  # {channels_last(layer, outputs[0])}")
    return "\n".join(lines) + "\n"


def keras_steps(layer: Layer, inputs: Sequence[Any], names: Sequence[str], target: str) -> list[str]:
    """Lines that take the variables `names` through the layer into the variable `target`."""
    if isinstance(layer, Network):
        ports = [port.name for port in layer.required_inputs()]
        return _keras_rows(layer.trace(*inputs), dict(zip(ports, names, strict=True)), target)
    many = layer.required_inputs()[0].many and not layer.dialect
    source = f"[{', '.join(names)}]" if many else ", ".join(names)
    lines = []
    for each in layer.keras(*inputs):
        lines.append(f"{target} = layers.{each if ')(' in each else f'{each}({source})'}")
        source = target
    return lines


def _keras_rows(
    rows: Sequence[Row], held: dict[str, str], target: str, label: str = "block", kept: Collection[str] = ()
) -> list[str]:
    """The same for a network, whose inputs are `held` in variables; those `kept` are read after it."""
    names = variables(rows, target, label, {*kept, *held.values()})
    lines: list[str] = []
    for at, (row, name) in enumerate(zip(rows, names, strict=True)):
        read = [held[source] for source in row.sources]
        if row.inner:
            later = {held[source] for each in rows[at + 1 :] for source in each.sources if source in held}
            ports = (port.name for port in row.layer.required_inputs())
            lines += _keras_rows(row.inner, dict(zip(ports, read, strict=True)), name, row.name, {*kept, *later})
        else:
            lines += keras_steps(row.layer, row.inputs, read, name)
        held[row.name] = name
    return lines


def _keras_input(layer: Layer, port: Port, shape: Any) -> str:
    if port.many:
        return "[" + ", ".join(f"keras.Input(batch_shape={tuple(each)})" for each in shape) + "]"
    dtype = ', dtype="int32"' if port.dtype == "int" else ""
    return f"keras.Input(batch_shape={channels_last(layer, shape)}{dtype})"


def channels_last(layer: Layer, shape: Shape) -> Shape:
    """A shape in Keras's default order, with the batch axis that Keras always has."""
    if layer.dialect == "keras":
        return shape
    if (told := layer.keras_shape(shape)) is not None:
        return told
    spatial = layer.spatial_axes(len(shape))
    if not spatial or len(shape) not in (spatial + 1, spatial + 2):
        return shape if len(shape) > 1 else (1, *shape)
    batch, channels, *rest = shape if len(shape) == spatial + 2 else (1, *shape)
    return (batch, *rest, channels)


_CLASSES = {tokenize.NUMBER: "mi", tokenize.STRING: "s2", tokenize.COMMENT: "c1", tokenize.OP: "o"}


def highlighted(source: str) -> str:
    """Python source as HTML, with the class names that Pygments gives its tokens."""
    html, held = [], ""
    for line in source.splitlines(keepends=True):
        held += line
        if _may_end(held) and (statement := _statement(held)) is not None:
            html.append(statement)
            held = ""
    return _of_tokens(source) if held else "".join(html)


def _may_end(lines: str) -> bool:
    """Whether these lines leave no bracket and no string open, as far as can be seen without reading them."""
    code = re.sub(r"#.*", "", lines)
    opened, closed = (sum(map(code.count, signs)) for signs in ("([{", ")]}"))
    return opened == closed and not any(code.count(quote) % 2 for quote in "'\"")


@lru_cache(2000)  # an edit changes few lines of a snippet, and reading them is a good part of an answer
def _statement(lines: str) -> str | None:
    """Lines that are a statement by themselves; None where they are not."""
    try:
        return _of_tokens(lines)
    except (tokenize.TokenError, IndentationError):
        return None


def _of_tokens(source: str) -> str:
    html, row, column = [], 1, 0
    lines = source.splitlines(keepends=True)
    for token in _tokens(source, lines):
        (start_row, start_column), (end_row, end_column) = token.start, token.end
        if token.type in (tokenize.NEWLINE, tokenize.NL):
            html.append("\n")
            row, column = start_row + 1, 0
            continue
        if token.type == tokenize.ENDMARKER or start_row > len(lines):
            break
        html.append(lines[row - 1][column:start_column] if row == start_row else "")
        text = plain(token.string)
        name = _class_of(token)
        html.append(f'<span class="{name}">{text}</span>' if name else text)
        row, column = end_row, end_column
    return "".join(html)


def _tokens(source: str, lines: list[str]) -> Iterator[tokenize.TokenInfo]:
    """The tokens of a source, an f-string as one, which Python takes apart from version 3.12 on."""
    opened: list[tokenize.TokenInfo] = []
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if tokenize.tok_name[token.type] == "FSTRING_START":
            opened.append(token)
        elif tokenize.tok_name[token.type] == "FSTRING_END":
            first = opened.pop()
            if not opened:
                (row, column), (last, end) = first.start, token.end
                text = "".join(lines[row - 1 : last])[column : end - len(lines[last - 1]) or None]
                yield tokenize.TokenInfo(tokenize.STRING, text, first.start, token.end, first.line)
        elif not opened:
            yield token


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
