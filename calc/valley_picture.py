"""A network that goes down to a small map and up again, drawn as a U: a level for each size of the map.

What goes down stands on the left, what comes up on the right; paths across a level are
what is kept for the way back.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from calc.network import Network
from calc.network_picture import LEGEND, Box, boxes_of, drawn, in_words
from calc.picture import figure, svg

CROSS, DOWN, STACK = 76, 34, 22
"""Room for the paths across, between levels, and between boxes of one level."""


def valley(network: Network, inputs: Sequence[Any], caption: str) -> str:
    """The network on these input shapes as a U."""
    boxes = boxes_of(network, inputs)
    steps = [box for box in boxes if box.colour == "data" and box.sources]
    solid = [box for box in boxes if box not in steps]
    width, height = max(box.width for box in solid), max(box.height for box in solid)
    place = _places(solid, width, height)
    across = 2 * width + CROSS + 2
    body = ""
    for box in solid:
        for source in box.sources:
            through = next((step for step in steps if step.name == source), None)
            start = through.sources[0] if through else source
            body += _wire(place[start], place[box.name], (width, height), through.name if through else "")
    for box in solid:
        body += drawn(box, *place[box.name], width, height)
    deepest = max(y for _, y in place.values())
    drawing = svg(across, deepest + height + 1, in_words(boxes), body)
    used = {box.colour for box in solid}
    return figure([(drawing, "")], caption, [(colour, text) for colour, text in LEGEND if colour in used])


def _places(boxes: Sequence[Box], width: float, height: float) -> dict[str, tuple[float, float]]:
    """The upper left corner of each box: levels by the height of the map, the lowest one in the middle."""
    sizes = sorted({box.shape[-2] for box in boxes}, reverse=True)
    turn = next(number for number, box in enumerate(boxes) if box.shape[-2] == sizes[-1])
    place: dict[str, tuple[float, float]] = {}
    top = 1.0
    for size in sizes[:-1]:
        down = [box for box in boxes[:turn] if box.shape[-2] == size]
        up = [box for box in boxes[turn:] if box.shape[-2] == size][::-1]
        rows = max(len(down), len(up))
        for side, stack in ((1.0, down), (1 + width + CROSS, up)):
            for row, box in enumerate(stack, start=rows - len(stack)):
                place[box.name] = side, top + row * (height + STACK)
        top += rows * (height + STACK) - STACK + DOWN
    for box in boxes:
        if box.shape[-2] == sizes[-1]:
            place[box.name] = 1 + (width + CROSS) / 2, top
            top += height + STACK
    return place


def _wire(start: tuple[float, float], end: tuple[float, float], size: tuple[float, float], label: str) -> str:
    """A path from box to box: across a level, down or up a side, or round the bottom."""
    (x, y), (to_x, to_y), (width, height) = start, end, size
    middle = to_x + width / 2
    if to_y == y:
        path, tip = f"M{x + width:g} {y + height / 2:g}H{to_x - 5:g}", _tip(to_x, y + height / 2, 1, 0)
    elif to_y > y and x == to_x:
        path, tip = f"M{middle:g} {y + height:g}V{to_y - 5:g}", _tip(middle, to_y, 0, 1)
    elif to_y > y:
        from_x, level = x + width / 2, to_y + height / 2
        path = f"M{from_x:g} {y + height:g}V{level - 12:g}Q{from_x:g} {level:g} {from_x + 12:g} {level:g}H{to_x - 5:g}"
        tip = _tip(to_x, level, 1, 0)
    elif x == to_x:
        path, tip = f"M{middle:g} {y:g}V{to_y + height + 5:g}", _tip(middle, to_y + height, 0, -1)
    else:
        level = y + height / 2
        path = f"M{x + width:g} {level:g}H{middle - 12:g}Q{middle:g} {level:g} {middle:g} {level - 12:g}"
        path += f"V{to_y + height + 5:g}"
        tip = _tip(middle, to_y + height, 0, -1)
    said = f'<text class="box-name side" x="{x + width / 2 + 8:g}" y="{y + height + DOWN / 2 + 4:g}">{label}</text>'
    return f'<path class="wire" d="{path}"></path><path class="tip" d="{tip}"></path>{said if label else ""}'


def _tip(x: float, y: float, right: int, down: int) -> str:
    """A small triangle that points at a place."""
    back_x, back_y = x - 7 * right, y - 7 * down
    return f"M{back_x - 4 * down:g} {back_y - 4 * right:g}L{back_x + 4 * down:g} {back_y + 4 * right:g}L{x:g} {y:g}Z"
