"""What `model.summary()` prints on a line of 80 characters.

Keras draws the table with the library rich: cells are wrapped at spaces, and a word
that is longer than its column ends in an ellipsis.

Source: Keras 3, `keras/src/utils/summary_utils.py`.
"""

from __future__ import annotations

from math import prod
from typing import Any

from calc.keras_model.graph import Node
from calc.keras_model.model import Functional, Sequential

CHAIN = (31, 22, 13)
"""Widths of name, shape and count on 80 characters, where each layer reads the one before."""

WIRED = (19, 17, 10, 17)
"""Widths with a fourth column, which says what a layer reads."""

HEADS = ("Layer (type)", "Output Shape", "Param #", "Connected to")


def summary(model: Functional) -> str:
    """The table and the totals, as Keras prints them."""
    chained = _is_chain(model)
    widths = CHAIN if chained else WIRED
    rows = [_fields(layer, model, chained) for layer in model.layers]
    trained = sum(prod(shape) for _, shape, trainable in model.weights() if trainable)
    fixed = sum(prod(shape) for _, shape, trainable in model.weights() if not trainable)
    lines = [f'Model: "{model.name}"', *_table(rows, widths)]
    for name, count in (("Total", trained + fixed), ("Trainable", trained), ("Non-trainable", fixed)):
        lines.append(f" {name} params: {count:,} ({_bytes(4 * count)})")
    return "\n".join(lines)


def _is_chain(model: Functional) -> bool:
    if isinstance(model, Sequential):
        return True
    nodes = model.graph.by_depth.values()
    if any(len(each) > 1 or len(each[0].inputs) > 1 for each in nodes):
        return False
    layers = [each[0].layer for each in nodes]
    return len({id(layer) for layer in layers}) == len(layers)


def _fields(layer: Any, model: Functional, chained: bool) -> tuple[str, ...]:
    count = f"{layer.count_params():,}" if layer.built else "0 (unbuilt)"
    fields = (f"{layer.name} ({layer.kind})", _shape(layer), count)
    return fields if chained else (*fields, _connections(layer, model))


def _shape(layer: Any) -> str:
    if not layer.nodes:
        return "?"
    shapes = [f"({', '.join(map(str, tensor.shape))})" for tensor in layer.nodes[-1].outputs]
    return shapes[0] if len(shapes) == 1 else f"[{', '.join(shapes)}]"


def _connections(layer: Any, model: Functional) -> str:
    relevant = {id(node) for nodes in model.graph.by_depth.values() for node in nodes}
    sources = [tensor for node in layer.nodes if id(node) in relevant for tensor in node.inputs]
    named = (f"{_node(each).layer.name}[{_node(each).number}][{each.place}]" for each in sources)
    return ", ".join(named) or "-"


def _node(tensor: Any) -> Node:
    node: Node = tensor.node
    return node


def _table(rows: list[tuple[str, ...]], widths: tuple[int, ...]) -> list[str]:
    def rule(left: str, line: str, cross: str, right: str) -> str:
        return left + cross.join(line * (width + 2) for width in widths) + right

    def row(cells: tuple[str, ...], bar: str) -> list[str]:
        wrapped = [_wrapped(cell, width) for cell, width in zip(cells, widths, strict=True)]
        height = max(map(len, wrapped))
        lines = []
        for at in range(height):
            parts = [
                (cell[at] if at < len(cell) else "").rjust(width)
                if place == 2
                else (cell[at] if at < len(cell) else "").ljust(width)
                for place, (cell, width) in enumerate(zip(wrapped, widths, strict=True))
            ]
            lines.append(f"{bar} " + f" {bar} ".join(parts) + f" {bar}")
        return lines

    lines = [rule("┏", "━", "┳", "┓"), *row(HEADS[: len(widths)], "┃"), rule("┡", "━", "╇", "┩")]
    for number, cells in enumerate(rows):
        lines += [rule("├", "─", "┼", "┤")] if number else []
        lines += row(cells, "│")
    return [*lines, rule("└", "─", "┴", "┘")]


def _wrapped(text: str, width: int) -> list[str]:
    lines: list[str] = []
    for word in text.split(" "):
        if lines and len(lines[-1]) + 1 + len(word) <= width:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return [line if len(line) <= width else f"{line[: width - 1]}…" for line in lines]


def _bytes(size: float) -> str:
    for unit in ("B", "KB", "MB", "GB", "TB"):
        if size / 1024 < 1:
            return f"{size:.2f} {unit}"
        size /= 1024
    return f"{size:.2f} PB"
