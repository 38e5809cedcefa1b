"""What a drawing shows, before anything has a place: boxes, and what flows between them."""

from __future__ import annotations

from dataclasses import dataclass, field

from calc.reported.drawing.call_tree import Calls, Part

Shape = tuple[int | None, ...]


@dataclass(eq=False)
class Box:
    """What is drawn as one: an input, a call, a module with its calls, or a run of equal boxes."""

    role: str
    """"input", "output", "call", "join" or "module"."""

    kind: str
    path: str = ""
    rows: list[int] = field(default_factory=list)
    parts: list[Part] = field(default_factory=list)
    """The modules that it stands for, one for each time."""

    opens: bool = False
    """Whether there is more to see inside."""

    more: list[str] = field(default_factory=list)
    """What else is done in it, after the first."""

    paths: list[str] = field(default_factory=list)
    """Of a run, the path of each."""

    outside: int | None = None
    """Of an input, the row outside of the drawing that it comes from, or the number of the model's input below 0."""

    count: int = 1
    beside: bool = False
    """Whether they stand side by side, and not one after the other."""

    params: int = 0
    shared: bool = False
    """Whether what it learns is counted in another box."""

    macs: int = 0
    line: int = 0
    last: int = 0
    """The row that makes what the first of its calls puts out."""


@dataclass
class Graph:
    """Boxes in an order in which each stands after those that it reads, and what flows between them."""

    boxes: list[Box]
    edges: dict[tuple[int, int], list[Shape]]
    """From which box to which, and the shapes that are delivered."""

    def sources(self, at: int) -> list[int]:
        """The boxes that a box reads."""
        return [source for source, target in self.edges if target == at]

    def readers(self, at: int) -> list[int]:
        """The boxes that read a box."""
        return [target for source, target in self.edges if source == at]


def name_of(kind: str) -> str:
    """A function's name without where it lives."""
    return kind.rpartition(".")[2]


def is_function(kind: str) -> bool:
    """Whether a row is the call of a function."""
    return "." in kind


Pair = tuple[int, int]


@dataclass(eq=False)
class Draft:
    """A graph while it is made: boxes keep their numbers when others are gone. The last is the output."""

    calls: Calls
    boxes: list[Box] = field(default_factory=list)
    edges: dict[Pair, list[Shape]] = field(default_factory=dict)
    gone: set[int] = field(default_factory=set)

    def wire(self, source: int, target: int, shape: Shape) -> None:
        """Something flows from one box to another."""
        if source != target:
            shapes = self.edges.setdefault((source, target), [])
            if shape not in shapes:
                shapes.append(shape)

    def neighbours(self) -> tuple[list[list[int]], list[list[int]]]:
        """For each box those that it reads, and those that read it."""
        sources: list[list[int]] = [[] for _ in self.boxes]
        readers: list[list[int]] = [[] for _ in self.boxes]
        for source, target in self.edges:
            sources[target].append(source)
            readers[source].append(target)
        return sources, readers

    def keeps_shape(self, box: Box) -> bool:
        """Whether what a box puts out has the shape of what it reads first."""
        read = [wire.shape for wire in self.calls.reads[box.rows[0]]]
        return bool(read) and self.calls.rows[box.last].output_shape == read[0]

    def graph(self) -> Graph:
        """Without what is gone, and without inputs that nobody reads."""
        used = {at for pair in self.edges for at in pair}
        stands = [
            at
            for at, box in enumerate(self.boxes)
            if at not in self.gone and (at in used or box.role not in ("input", "output"))
        ]
        place = {at: number for number, at in enumerate(stands)}
        edges = {(place[source], place[target]): shapes for (source, target), shapes in self.edges.items()}
        return Graph([self.boxes[at] for at in stands], edges)
