"""The network as a drawing: at first what can be seen at a glance, then the inside of each kind of module."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from calc.markup import plain, quoted
from calc.picture import legend_of, svg
from calc.reported.drawing.call_tree import Calls, Part
from calc.reported.drawing.graph import Box, Graph
from calc.reported.drawing.layout import placed
from calc.reported.drawing.lettering import CHARACTER, LINE, PAD, Lettering, in_words
from calc.reported.drawing.level import drawing
from calc.reported.drawing.places import Drawing, Point, Size

if TYPE_CHECKING:
    from calc.report import Report

LEGEND = (("second", "learns"), ("data", "learns nothing"), ("first", "joins paths"))
ROOM, INNER_ROOM = (520.0, 720.0), (800.0, 720.0)
"""A drawing that would be higher goes on in a second column, if it does not get wider than a page."""

BEHIND = 4.0
"""How far a second box looks out behind the first."""

CROWD = 120
"""A drawing of more boxes says nothing to anybody."""

LONGEST = 120_000
"""After so many characters no more insides are drawn."""


def diagram(report: Report) -> str:
    """A figure of the network, and one of the inside of each kind of module in it, to be opened by the reader."""
    if not report.wires:
        return (
            "<p>There is no diagram of this model: which call reads what is known only where a model runs from its "
            "source.</p>"
        )
    return "".join(_Sheet(report).drawn())


class _Sheet:
    """All drawings of one report."""

    def __init__(self, report: Report) -> None:
        self.report = report
        self.calls = Calls(report)
        self.weights = dict(report.parameters)
        self.alike: dict[object, list[Part]] = {}
        self.seen: set[object] = set()
        self.colours: set[str] = set()
        self.length = 0
        self._gather(self.calls.root)

    def _gather(self, part: Part) -> None:
        for each in part.parts:
            if each.parts:
                self.alike.setdefault(self.calls.form(each, sizes=False), []).append(each)
                self._gather(each)

    def drawn(self) -> Iterator[str]:
        """The overview, and the insides."""
        root = self.calls.root
        graph = drawing(self.calls, root)
        if len(graph.boxes) > CROWD:
            yield (
                f"<p>There is no diagram of this model: with all its modules closed it still has {len(graph.boxes):,} "
                "boxes, wired in more ways than a drawing shows. The rows of the table have every call.</p>"
            )
            return
        letters = self._letters(graph, root)
        self.said = _about_shapes(letters)
        insides = "".join(self._insides(graph))
        legend = legend_of((colour, text) for colour, text in LEGEND if colour in self.colours)
        yield self._figure(graph, letters, root.kind or "The model", legend, self._caption(insides))
        yield insides

    def _insides(self, graph: Graph) -> Iterator[str]:
        for box in graph.boxes:
            for part in box.parts:
                form = self.calls.form(part, sizes=False)
                if form in self.seen or not self.calls.can_open(part):
                    continue
                self.seen.add(form)
                inner = drawing(self.calls, part)
                if self.length > LONGEST or len(inner.boxes) > CROWD:
                    continue
                letters = self._letters(inner, part)
                said = _about_shapes(letters)
                figure = self._figure(
                    inner, letters, f"{part.path}, {part.kind}", "", said if said != self.said else ""
                )
                deeper = "".join(self._insides(inner))
                yield (
                    f'<details class="calc-inside"><summary>Inside {plain(part.path)} · <b>{plain(part.kind)}</b>'
                    f"{self._others(part)}</summary>{figure}{deeper}</details>"
                )

    def _others(self, part: Part) -> str:
        same = self.alike.get(self.calls.form(part, sizes=False), [])
        paths = [path for path in dict.fromkeys(each.path for each in same) if path != part.path]
        if not paths:
            return ""
        listed = ", ".join(paths[:4]) + (f" and {len(paths) - 4} more" if len(paths) > 4 else "")
        sizes = self.calls.form(part, sizes=True)
        differ = any(self.calls.form(each, sizes=True) != sizes for each in same)
        return f" <small>also {plain(listed)}{' (sizes differ)' if differ else ''}</small>"

    def _letters(self, graph: Graph, part: Part) -> Lettering:
        self.colours |= {_colour(box) for box in graph.boxes}
        return Lettering(graph, self.weights, part.path)

    def _caption(self, insides: str) -> str:
        """What a reader should know of all the drawings."""
        said = [self.said]
        if insides:
            said.append("A thick edge marks a module whose inside is drawn below.")
        used = {wire.source for wire in self.report.wires}
        if not any(row.kind == "InputLayer" for row in self.calls.rows):
            for number, shape in enumerate(self.report.inputs, 1):
                if -number not in used:
                    said.append(f"Nothing reads input {number} ({shape}).")
        return " ".join(said)

    def _figure(self, graph: Graph, letters: Lettering, name: str, legend: str, caption: str) -> str:
        told = f"<figcaption>{plain(caption)}</figcaption>" if caption else ""
        figure = (
            f'<figure class="calc-figure calc-diagram"><div class="calc-scroll" tabindex="0">'
            f"{network_svg(graph, letters, in_words(graph, letters, name))}</div>{legend}{told}</figure>"
        )
        self.length += len(figure)
        return figure


def _about_shapes(letters: Lettering) -> str:
    batch = "the batch" if letters.batch is None else f"the batch of {letters.batch:,}"
    without = f", without {batch}" if letters.batch is not False else ""
    return f"Beside a wire stands the shape of what flows{without}, wherever it changes."


def _colour(box: Box) -> str:
    if box.role in ("input", "output"):
        return "end"
    return "first" if box.role == "join" else "second" if box.params or box.shared else "data"


def network_svg(graph: Graph, letters: Lettering, label: str) -> str:
    """The boxes of a graph at their places, with their wires."""
    made = layout_of(graph, letters, INNER_ROOM if letters.within else ROOM)
    body = "".join(_behind(made, at, box) for at, box in enumerate(graph.boxes) if box.count > 1)
    body += "".join(_wire(points) for points in made.wires.values())
    for at, (x, y) in made.labels.items():
        if text := letters.label(at):
            body += f'<text class="wire-shape" x="{x:g}" y="{y:g}">{plain(text)}</text>'
    for pair, (x, y) in made.notes.items():
        text = letters.shapes(graph.edges[pair])
        body += f'<text class="box-shape" x="{x:g}" y="{y:g}">{plain(text)}</text>'
    body += "".join(_box(graph, letters, made, at) for at in range(len(graph.boxes)))
    return svg(made.width, made.height, label, body)


def layout_of(graph: Graph, letters: Lettering, room: tuple[float, float] = ROOM) -> Drawing:
    """Where the boxes and wires of a graph stand."""
    sizes = []
    for at, box in enumerate(graph.boxes):
        lines = letters.lines(box)
        width = round(2 * PAD + CHARACTER * max(len(text) for _, text in lines))
        small = box.role in ("join", "input", "output")
        height = len(lines) * LINE + (8 if small else 2 * PAD - 2)
        behind = BEHIND if box.count > 1 else 0
        sizes.append(Size(max(width, 34), height, round(CHARACTER * len(letters.label(at))), behind))
    inputs = {at: box.role == "input" for at, box in enumerate(graph.boxes)}
    # Skips of maps are told apart by their last axis.
    return placed(sizes, list(graph.edges), inputs, room, lambda pair: graph.edges[pair][0][-1:])


def _box(graph: Graph, letters: Lettering, made: Drawing, at: int) -> str:
    box, (x, y) = graph.boxes[at], made.spots[at]
    lines = letters.lines(box)
    width, height = made.sizes[at].width, made.sizes[at].height
    # What can be seen from inside further down has a thick edge.
    drawn = f"{_colour(box)} module" if box.opens else _colour(box)
    round_ = height / 2 if box.role in ("join", "input", "output") and len(lines) == 1 else 6
    path = f' data-path="{quoted(box.path)}"' if box.path else ""
    body = f'<g class="box"{path}><title>{plain(letters.title(at))}</title>'
    body += _rect(drawn, x, y, width, height, round_)
    top = y + (height - len(lines) * LINE) / 2
    for number, (kind, text) in enumerate(lines):
        down = top + number * LINE + LINE - 4
        body += f'<text class="{kind}" x="{x + width / 2:g}" y="{down:g}">{plain(text)}</text>'
    return f"{body}</g>"


def _behind(made: Drawing, at: int, box: Box) -> str:
    """The edge of a second box, which says that there are several."""
    (x, y), size = made.spots[at], made.sizes[at]
    return _rect(_colour(box), x + BEHIND, y + BEHIND, size.width, size.height, 6)


def _rect(colour: str, x: float, y: float, width: float, height: float, corner: float) -> str:
    return (
        f'<rect class="cell {colour}" x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}" rx="{corner:g}"></rect>'
    )


def _wire(points: list[Point]) -> str:
    """A wire with round corners, and its tip."""
    points = _straightened(points)
    path = f"M{points[0][0]:g} {points[0][1]:g}"
    for before, (x, y), after in zip(points, points[1:], points[2:], strict=False):
        reach = min(7.0, _distance(before, (x, y)) / 2, _distance((x, y), after) / 2)
        near, far = _towards((x, y), before, reach), _towards((x, y), after, reach)
        path += f"L{near[0]:g} {near[1]:g}Q{x:g} {y:g} {far[0]:g} {far[1]:g}"
    (x, y), (from_x, from_y) = points[-1], points[-2]
    end = _towards((x, y), (from_x, from_y), 5)
    path += f"L{end[0]:g} {end[1]:g}"
    back = _towards((x, y), (from_x, from_y), 7)
    across, along = (4, 0) if from_x == x else (0, 4)
    tip = f"M{back[0] - across:g} {back[1] - along:g}L{back[0] + across:g} {back[1] + along:g}L{x:g} {y:g}Z"
    return f'<path class="wire" d="{path}"></path><path class="tip" d="{tip}"></path>'


def _straightened(points: list[Point]) -> list[Point]:
    """Without the points at which nothing turns."""
    kept: list[Point] = []
    for point in points:
        if kept and _distance(kept[-1], point) < 0.05:
            continue
        if len(kept) > 1 and any(
            abs(kept[-2][axis] - point[axis]) < 0.05 > abs(kept[-1][axis] - point[axis]) for axis in (0, 1)
        ):
            kept[-1] = point
        else:
            kept.append(point)
    return kept


def _distance(one: Point, other: Point) -> float:
    return abs(one[0] - other[0]) + abs(one[1] - other[1])


def _towards(point: Point, goal: Point, reach: float) -> Point:
    length = _distance(point, goal) or 1
    return (
        round(point[0] + (goal[0] - point[0]) * reach / length, 1),
        round(point[1] + (goal[1] - point[1]) * reach / length, 1),
    )
