"""A network drawn as boxes and wires: what each layer puts out, and who reads it.

Layers that leave a map's shape alone and have no products (activations, batch norm,
dropout) are written into the box of the layer before them. A chain is a row of boxes
that wraps; where paths part, boxes stand in levels, each below all that it reads.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from calc.blocks.chain import Chain
from calc.blocks.join import Join
from calc.layer_base import Layer
from calc.markup import plain
from calc.network import Network, Row
from calc.picture import figure, sizes, svg
from calc.tensor import Shape

LINE, PAD, CHARACTER = 15, 7, 6.7
GAP_X, GAP_Y = 12, 26

LEGEND = (("second", "learns"), ("data", "learns nothing"), ("first", "joins paths"))


@dataclass
class Box:
    """A layer, with what follows it at once, or an input."""

    name: str
    kind: str
    sources: tuple[str, ...]
    shape: Shape
    colour: str
    lines: list[tuple[str, str]] = field(default_factory=list)
    """What is written in it: (class name of the text, text)."""

    def words(self) -> str:
        """The box in words, without its sources."""
        said = ", ".join(text.removeprefix("+ ") for _, text in self.lines[1:-1])
        return f"{self.name} ({said})" if said else self.name

    @property
    def width(self) -> float:
        """As wide as its longest line."""
        return round(2 * PAD + CHARACTER * max(len(text) for _, text in self.lines))

    @property
    def height(self) -> float:
        """As high as its lines."""
        return len(self.lines) * LINE + 2 * PAD - 2


def picture(network: Network, inputs: Sequence[Any], caption: str) -> str:
    """The network on these input shapes: a row of boxes, or boxes in levels where paths part."""
    boxes = boxes_of(network, inputs)
    if all(len(box.sources) < 2 for box in boxes) and len({box.sources for box in boxes}) == len(boxes):
        parts = [(alone(box), "") for box in boxes]
    else:
        parts = [(flow(boxes), "")]
    used = {box.colour for box in boxes}
    return figure(parts, caption, [(colour, text) for colour, text in LEGEND if colour in used])


def boxes_of(network: Network, inputs: Sequence[Any]) -> list[Box]:
    """The boxes of a network, each after those that it reads."""
    found: dict[str, Box] = {}
    holder: dict[str, Box] = {}
    for port, shape in zip(network.required_inputs(), inputs, strict=True):
        box = Box(port.name, "", (), shape, "data", [("box-kind", port.name)])
        found[port.name] = holder[port.name] = box
    rows = network.trace(*inputs)
    readers = [source for row in rows for source in row.sources]
    for row in rows:
        before = holder[row.sources[0]]
        if _is_quiet(row) and before.sources and readers.count(row.sources[0]) == 1:
            before.lines.append(("box-more", f"+ {type(row.layer).__name__}"))
            holder[row.name] = before
            continue
        sources = tuple(holder[source].name for source in row.sources)
        holder[row.name] = found[row.name] = _box(row, sources)
    for box in found.values():
        box.lines.append(("box-shape", sizes(box.shape[1:] if len(box.shape) > 1 else box.shape)))
    return list(found.values())


def _is_quiet(row: Row) -> bool:
    one_cell = row.layer.window(*row.inputs) is not None and all(
        reach == 1 for reach, _ in row.layer.window(*row.inputs) or ()
    )
    return one_cell and len(row.sources) == 1 and row.out == row.inputs[0] and not row.macs


def _box(row: Row, sources: tuple[str, ...]) -> Box:
    joins = isinstance(row.layer, Join)
    members: Iterable[Layer] = row.layer.members if isinstance(row.layer, Chain) else (row.layer,)
    first, *others = members
    # What joins paths is a function: it has no name in PyTorch.
    lines = [] if joins else [("box-name", row.name)]
    lines.append(("box-kind", type(first).__name__))
    lines += [("box-more", text) for text in _details(first)]
    lines += [("box-more", f"+ {type(other).__name__}") for other in others]
    colour = "first" if joins else "second" if row.params else "data"
    return Box(row.name, type(first).__name__, sources, row.out, colour, lines)


def _details(layer: Layer) -> Iterable[str]:
    kernel, stride, groups = (getattr(layer, name, None) for name in ("kernel_size", "stride", "groups"))
    if kernel is not None and not isinstance(layer, Network):
        each = kernel if isinstance(kernel, tuple) else (kernel,) * len(layer.axis_letters)
        yield sizes(each)
        if stride not in (None, 1):
            yield f"stride {sizes(stride) if isinstance(stride, tuple) else stride}"
    if groups not in (None, 1):
        yield f"{groups} groups"


def alone(box: Box) -> str:
    """One box as a drawing of its own."""
    said = f"{box.words()} puts out {_said(box.shape)}."
    return svg(box.width + 2, box.height + 2, said[0].upper() + said[1:], drawn(box, 1, 1, box.width, box.height))


def drawn(box: Box, x: float, y: float, width: float, height: float) -> str:
    """A box with its lines, at a place."""
    body = f'<rect class="cell {box.colour}" x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}" rx="6"></rect>'
    top = y + (height - len(box.lines) * LINE) / 2
    for number, (kind, text) in enumerate(box.lines):
        down = top + number * LINE + LINE - 4
        body += f'<text class="{kind}" x="{x + width / 2:g}" y="{down:g}">{plain(text)}</text>'
    return body


def _said(shape: Shape) -> str:
    return sizes(shape[1:] if len(shape) > 1 else shape)


def in_words(boxes: Sequence[Box]) -> str:
    """The drawing in words, box by box."""
    said = []
    for box in boxes:
        read = " and ".join(box.sources)
        said.append(
            f"{box.words()} reads {read} and puts out {_said(box.shape)}"
            if read
            else f"{box.name} is {_said(box.shape)}"
        )
    text = "; ".join(said)
    return f"{text[0].upper()}{text[1:]}."


def flow(boxes: Sequence[Box]) -> str:
    """Boxes in levels from top to bottom; a wire that passes a level keeps a lane free there."""
    level = levels(boxes)
    lanes = _lanes(boxes, level)
    width = max(box.width for box in boxes)
    pitch = width + GAP_X
    across = max(map(len, lanes)) * pitch - GAP_X + 2
    heights = [max(box.height for box in boxes if level[box.name] == at) for at in range(len(lanes))]
    tops = [1 + sum(heights[:at]) + at * GAP_Y for at in range(len(lanes))]
    place = {
        (item, at): (across / 2 + (lane - (len(items) - 1) / 2) * pitch)
        for at, items in enumerate(lanes)
        for lane, item in enumerate(items)
    }
    by_name = {box.name: box for box in boxes}
    body = ""
    for box in boxes:
        for source in box.sources:
            wire = [(place[source, level[source]], tops[level[source]] + by_name[source].height)]
            for at in range(level[source] + 1, level[box.name]):
                x = place[f"{source} {box.name}", at]
                wire += [(x, tops[at]), (x, tops[at] + heights[at])]
            wire.append((place[box.name, level[box.name]], tops[level[box.name]]))
            body += arrow(wire)
    for box in boxes:
        x, at = place[box.name, level[box.name]], level[box.name]
        body += drawn(box, x - width / 2, tops[at], width, box.height)
    return svg(across, tops[-1] + heights[-1] + 1, in_words(boxes), body)


def levels(boxes: Sequence[Box]) -> dict[str, int]:
    """How many boxes lie at most between the inputs and each."""
    level: dict[str, int] = {}
    for box in boxes:
        level[box.name] = max((level[source] + 1 for source in box.sources), default=0)
    return level


def _lanes(boxes: Sequence[Box], level: Mapping[str, int]) -> list[list[str]]:
    """What stands in each level from left to right: boxes, and wires that pass, below what they read."""
    lanes: list[list[str]] = [[] for _ in range(max(level.values()) + 1)]
    lanes[0] = [box.name for box in boxes if not level[box.name]]
    for at in range(1, len(lanes)):
        above = {item: number for number, item in enumerate(lanes[at - 1])}
        items: list[tuple[float, bool, str]] = []
        for box in boxes:
            for source in box.sources:
                passing = f"{source} {box.name}"
                if level[source] < at < level[box.name]:
                    items.append((float(above.get(passing, above.get(source, 0))), True, passing))
            if level[box.name] == at:
                read = [above.get(f"{source} {box.name}", above.get(source, 0)) for source in box.sources]
                items.append((sum(read) / len(read), False, box.name))
        lanes[at] = [name for _, _, name in sorted(items, key=lambda item: item[:2])]
    return lanes


def arrow(wire: Sequence[tuple[float, float]]) -> str:
    """A wire through these points, bending between levels, with its tip at the last."""
    (x, y), *others = wire
    path = f"M{x:g} {y:g}"
    for number, (to_x, to_y) in enumerate(others):
        end = to_y - 5 if number == len(others) - 1 else to_y
        middle = (y + end) / 2
        path += f"V{end:g}" if to_x == x else f"C{x:g} {middle:g} {to_x:g} {middle:g} {to_x:g} {end:g}"
        x, y = to_x, to_y
    tip = f"M{x - 4:g} {y - 7:g}H{x + 4:g}L{x:g} {y:g}Z"
    return f'<path class="wire" d="{path}"></path><path class="tip" d="{tip}"></path>'
