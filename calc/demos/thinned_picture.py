"""A small dense network with some of its hidden units dropped."""

from __future__ import annotations

from collections.abc import Sequence

from calc.picture import svg
from calc.scene import at

APART, ACROSS, RADIUS = 34.0, 78.0, 11.0


def unit(draw: int, layer: int, index: int) -> str:
    """The name of a unit's cell."""
    return at("u", draw, layer, index)


def network(draw: int, layers: Sequence[int], mask: Sequence[bool], label: str) -> str:
    """Three layers of circles with their wires; what is dropped is dashed and has none."""
    height = max(layers) * APART + 8

    def place(layer: int, index: int) -> tuple[float, float]:
        return 22 + layer * ACROSS, height / 2 + (index - (layers[layer] - 1) / 2) * APART

    def stays(layer: int, index: int) -> bool:
        return layer != 1 or mask[index]

    wires = "".join(
        _wire(place(layer, start), place(layer + 1, end))
        for layer in (0, 1)
        for start in range(layers[layer])
        for end in range(layers[layer + 1])
        if stays(layer, start) and stays(layer + 1, end)
    )
    width = 44 + 2 * ACROSS
    frame = f'<rect class="cell frame-box" x="1.5" y="1.5" width="{width - 3:g}" height="{height - 3:g}" rx="4"></rect>'
    body = f'<g data-cell="{at("net", draw)}">{frame}{wires}</g>'
    for layer, count in enumerate(layers):
        for index in range(count):
            x, y = place(layer, index)
            kind = "data" if layer != 1 else "allowed" if mask[index] else "blocked"
            circle = f'<circle class="cell {kind}" cx="{x:g}" cy="{y:g}" r="{RADIUS:g}"></circle>'
            words = f'<text x="{x:g}" y="{y + 4.5:g}">{index + 1}</text>'
            # Only hidden units have something to say.
            body += f'<g data-cell="{unit(draw, layer, index)}">{circle}{words}</g>'
    return svg(width, height, label, body)


def _wire(start: tuple[float, float], end: tuple[float, float]) -> str:
    points = [start[0] + RADIUS, start[1], end[0] - RADIUS, end[1]]
    return f'<path class="wire thin" d="M{points[0]:g} {points[1]:g}L{points[2]:g} {points[3]:g}"></path>'
