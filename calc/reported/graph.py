"""From the calls of a model to boxes and the wires between them, at a level of detail.

Calls that leave a shape alone (activations, norms, dropout) are written into the box of the call before them; views
are no boxes: the wire delivers what they make of a shape. What depends on no input and learns nothing is left out.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import Any

from calc.reported.parts import Calls, Part

JOINS = {
    "add": "+", "sub": "−", "mul": "×", "div": "÷", "cat": "cat", "concat": "cat", "concatenate": "cat",
    "stack": "stack", "hstack": "cat", "vstack": "cat", "matmul": "matmul", "bmm": "matmul",
    "Add": "+", "Subtract": "−", "Multiply": "×", "Concatenate": "cat",
}  # fmt: skip
"""Functions that join paths, as they are written in a small box."""

VIEWS = {
    "view", "reshape", "permute", "transpose", "contiguous", "unsqueeze", "squeeze", "expand", "expand_as",
    "__getitem__", "chunk", "split", "unbind", "tensor_split", "clone", "detach", "movedim", "swapaxes", "unflatten",
    "Unflatten", "view_as", "reshape_as", "narrow", "select", "flatten", "Flatten", "Reshape", "Permute", "repeat",
    "to", "float", "long", "type_as", "t", "swapdims", "moveaxis", "index_select", "masked_fill",
}  # fmt: skip
NAMED_VIEWS = ("flatten", "Flatten", "Unflatten", "unflatten", "Reshape")
"""Views that a reader looks for in a drawing."""

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


def leaves(part: Part, opened: Collection[int]) -> Iterator[Part]:
    """The parts of a part, those that are opened (by their id) replaced by their own."""
    for each in part.parts:
        if each.parts and id(each) in opened:
            yield from leaves(each, opened)
        else:
            yield each


class Builder:
    """The boxes of one drawing: `part` with its parts, some of them opened."""

    def __init__(self, calls: Calls, part: Part, opened: Collection[int]) -> None:
        self.calls, self.part = calls, part
        self.boxes: list[Box] = []
        self.edges: dict[tuple[int, int], list[Shape]] = {}
        self.parts = list(leaves(part, opened))

    def graph(self, fold: int = 1) -> Graph:
        """The drawing; `fold` says how eagerly equal boxes are drawn as one, from 1 to 3."""
        self._collect()
        self._drop_constants()
        self._merge(self._is_view)
        self._merge(self._is_quiet_call)
        self._fold_beside()
        self._fold(fold)
        self._merge(self._is_quiet_module)
        self._name_joins()
        return self._packed()

    # ------------------------------------------------------------ boxes --

    def _collect(self) -> None:
        calls, part = self.calls, self.part
        holder: dict[int, int] = {}
        sources = {wire.source: wire for at in range(part.start, part.stop) for wire in calls.reads[at]}
        if part is calls.root:
            sources |= {wire.source: wire for wire in calls.reads[-1]}
        outside = sorted(
            (source for source in sources if source < part.start and not (source >= 0 and calls.constant[source])),
            key=lambda source: (source >= 0, abs(source)),
        )
        for source in outside:
            holder[source] = len(self.boxes)
            self.boxes.append(self._input(source, len(outside)))
        for each in self.parts:
            for row in range(each.start, each.stop):
                holder[row] = len(self.boxes)
            self.boxes.append(self._box(each))
        for each in self.parts:
            for at in range(each.start, each.stop):
                for wire in calls.reads[at]:
                    if wire.source in holder:
                        self._wire(holder[wire.source], holder[at], wire.shape)
        end = len(self.boxes)
        self.boxes.append(Box("output", "output"))
        if part is calls.root:
            for wire in calls.reads[-1]:
                self._wire(holder[wire.source], end, wire.shape)
            return
        for at in range(part.start, part.stop):
            for reader in calls.readers[at]:
                if reader >= part.stop:
                    for wire in calls.reads[reader]:
                        if wire.source == at:
                            self._wire(holder[at], end, wire.shape)

    def _input(self, source: int, count: int) -> Box:
        """What comes from outside the drawing, named after its source where there are several."""
        if source < 0:
            several = len(self.calls.report.inputs) > 1
            named = several and self.part is self.calls.root
            return Box("input", f"input {-source}" if named else "input", outside=source)
        row = self.calls.rows[source]
        origin = _origin(row.path, self.part.path) if count > 1 and not is_function(row.kind) else ""
        return Box("input", f"from {origin}" if origin else "input", row.path, outside=source)

    def _box(self, part: Part) -> Box:
        rows = self.calls.rows[part.start : part.stop]
        first = rows[0]
        if not part.parts and first.kind == "InputLayer":
            several = sum(row.kind == "InputLayer" for row in self.calls.rows) > 1
            return Box("input", first.path if several else "input", first.path, [part.start])
        params = sum(row.params for row in rows)
        return Box(
            "module" if part.parts else "call",
            part.kind,
            part.path if part.parts or not is_function(part.kind) else "",
            list(range(part.start, part.stop)),
            [part] if part.parts else [],
            self.calls.can_open(part),
            params=params,
            shared=not params and self.calls.learns(part),
            macs=sum(row.macs for row in rows),
            line=first.line,
            last=part.stop - 1,
        )

    def _wire(self, source: int, target: int, shape: Shape) -> None:
        if source != target:
            shapes = self.edges.setdefault((source, target), [])
            if shape not in shapes:
                shapes.append(shape)

    # ---------------------------------------------------------- merging --

    def _neighbours(self) -> tuple[list[list[int]], list[list[int]]]:
        sources: list[list[int]] = [[] for _ in self.boxes]
        readers: list[list[int]] = [[] for _ in self.boxes]
        for source, target in self.edges:
            sources[target].append(source)
            readers[source].append(target)
        return sources, readers

    def _drop_constants(self) -> None:
        read_at_end = {source for source, target in self.edges if target == len(self.boxes) - 1}
        constant = self.calls.constant
        self._gone = {
            at
            for at, box in enumerate(self.boxes[:-1])
            if at not in read_at_end and box.rows and all(constant[row] for row in box.rows)
        }
        self.edges = {pair: shapes for pair, shapes in self.edges.items() if pair[0] not in self._gone}

    def _merge(self, wanted: Any) -> None:
        """Write each box that is `wanted` into the one that it reads."""
        sources, readers = self._neighbours()
        into = list(range(len(self.boxes)))

        def end_of(at: int) -> int:
            while into[at] != at:
                at = into[at]
            return at

        for at, box in enumerate(self.boxes[:-1]):
            if at in self._gone or len(sources[at]) != 1:
                continue
            before = end_of(sources[at][0])
            if not wanted(box, self.boxes[before], alone=len(readers[sources[at][0]]) == 1):
                continue
            into[at] = before
            into_box = self.boxes[before]
            into_box.rows += box.rows
            into_box.params += box.params
            into_box.macs += box.macs
            if not self._is_silent(box, into_box):
                into_box.more += [name_of(box.kind), *box.more]
            # What is read of the two is now read of one.
            readers[before] = readers[at]
        self._gone |= {at for at, goal in enumerate(into) if goal != at}
        edges: dict[tuple[int, int], list[Shape]] = {}
        for (source, target), shapes in self.edges.items():
            if into[target] != target:
                continue
            kept = edges.setdefault((end_of(source), target), [])
            kept += [shape for shape in shapes if shape not in kept]
        self.edges = edges

    def _is_silent(self, box: Box, into: Box) -> bool:
        name = name_of(box.kind)
        return into.role == "input" or ((name in VIEWS or self._does_nothing(box)) and name not in NAMED_VIEWS)

    def _does_nothing(self, box: Box) -> bool:
        return box.kind in ("Identity", "Sequential") and len(box.rows) == 1 and self._keeps_shape(box)

    def _is_view(self, box: Box, into: Box, *, alone: bool) -> bool:
        if box.params or box.macs or box.role not in ("call", "module"):
            return False
        if name_of(box.kind) in NAMED_VIEWS and not alone:
            return into.role == "input" or box.role == "call"
        if self._does_nothing(box):
            return True
        return all(name_of(self.calls.rows[row].kind) in VIEWS for row in box.rows)

    def _keeps_shape(self, box: Box) -> bool:
        read = [wire.shape for wire in self.calls.reads[box.rows[0]]]
        return bool(read) and self.calls.rows[box.last].output_shape == read[0]

    def _is_quiet_call(self, box: Box, into: Box, *, alone: bool) -> bool:
        if not alone or into.role in ("input", "module") or box.macs or not self._keeps_shape(box):
            return False
        whole = box.role == "module" and self.calls.is_whole(box.parts[0])
        return box.role == "call" or (box.role == "module" and (whole or not box.params))

    def _is_quiet_module(self, box: Box, into: Box, *, alone: bool) -> bool:
        if not alone or into.role == "input" or box.macs or box.params or box.count > 1:
            return False
        return box.role in ("call", "module") and self._keeps_shape(box)

    # ---------------------------------------------------------- folding --

    def _fold_beside(self) -> None:
        """Draw equal boxes that read the same and are read by the same, side by side, as one."""
        sources, readers = self._neighbours()
        groups: dict[Any, list[int]] = {}
        for at, box in enumerate(self.boxes[:-1]):
            form = None if at in self._gone else self._form(box, sizes=True)
            if form is not None and sources[at]:
                groups.setdefault((form, tuple(sources[at]), tuple(readers[at])), []).append(at)
        for group in groups.values():
            if len(group) > 3:
                self._fold_run(group)
                self.boxes[group[0]].beside = True

    def _fold(self, eager: int) -> None:
        """Draw runs of equal boxes as one, each of which reads the one before it."""
        sources, readers = self._neighbours()
        standing = [at for at in range(len(self.boxes) - 1) if at not in self._gone]
        forms = {at: self._form(self.boxes[at], sizes=eager < 3) for at in standing}
        at = 0
        while at < len(standing):
            run = [standing[at]]
            for other in standing[at + 1 :]:
                if not self._continues(run, other, forms, sources, readers):
                    break
                run.append(other)
            at += len(run)
            module = self.boxes[run[0]].role == "module"
            if len(run) >= (2 if eager > 1 and module else 3 if module or eager > 1 else len(self.boxes)):
                self._fold_run(run)

    def _form(self, box: Box, *, sizes: bool) -> Any:
        if box.role in ("input", "output") or (box.role == "call" and not box.path):
            return None
        said = self.calls.form(box.parts[0], sizes=sizes) if box.parts else None
        last = self.calls.rows[box.last]
        read = tuple(wire.shape for wire in self.calls.reads[box.rows[0]])
        shapes = (str(last.output_shape), read) if sizes or not box.parts else None
        return (box.kind, tuple(box.more), said, shapes)

    def _continues(
        self, run: list[int], other: int, forms: dict[int, Any], sources: list[list[int]], readers: list[list[int]]
    ) -> bool:
        first, last = run[0], run[-1]
        if forms[first] is None or forms[first] != forms[other] or last not in sources[other]:
            return False
        beside = {source for source in sources[other] if source != last}
        after = {reader for reader in readers[last] if reader != other}
        if len(run) == 1:
            return beside <= set(sources[first]) and after <= set(readers[other])
        return beside == {source for source in sources[last] if source != run[-2]} and after == {
            reader for reader in readers[run[-2]] if reader != last
        }

    def _fold_run(self, run: list[int]) -> None:
        first = self.boxes[run[0]]
        others = [self.boxes[at] for at in run[1:]]
        first.paths = [first.path, *(box.path for box in others)]
        first.count = len(run)
        for box in others:
            first.rows += box.rows
            first.parts += box.parts
            first.params += box.params
            first.macs += box.macs
        goal = dict.fromkeys(run, run[0])
        edges: dict[tuple[int, int], list[Shape]] = {}
        last = run[-1]
        for (source, target), shapes in self.edges.items():
            pair = (goal.get(source, source), goal.get(target, target))
            inner = source in goal and source != last and target not in goal
            if pair[0] != pair[1]:
                kept = edges.setdefault(pair, [])
                kept += [shape for shape in shapes if shape not in kept and not inner]
                kept += shapes[:1] if not kept else []
        self.edges = edges
        self._gone |= set(run[1:])

    # ----------------------------------------------------------- ending --

    def _name_joins(self) -> None:
        sources, _ = self._neighbours()
        for at, box in enumerate(self.boxes):
            if at not in self._gone and box.role == "call" and len(sources[at]) > 1 and name_of(box.kind) in JOINS:
                box.role = "join"

    def _packed(self) -> Graph:
        """Without what is gone, and without inputs that nobody reads."""
        used = {at for pair in self.edges for at in pair}
        stands = [
            at
            for at, box in enumerate(self.boxes)
            if at not in self._gone and (at in used or box.role not in ("input", "output"))
        ]
        place = {at: number for number, at in enumerate(stands)}
        edges = {(place[source], place[target]): shapes for (source, target), shapes in self.edges.items()}
        return Graph([self.boxes[at] for at in stands], edges)


def _origin(path: str, reader: str) -> str:
    """Where something comes from, as far as it differs from where it is read: `encoder.5` for `encoder.5.norms.1`."""
    names, others = path.split("."), reader.split(".")
    shared = next((at for at, pair in enumerate(zip(names, others, strict=False)) if pair[0] != pair[1]), 0)
    end = shared + 1
    while end < len(names) and names[end].isdigit():
        end += 1
    return ".".join(names[:end])


def graph_of(calls: Calls, part: Part, opened: Collection[int], fold: int = 1) -> Graph:
    """The boxes of `part`, those of its parts opened whose ids are in `opened`."""
    return Builder(calls, part, opened).graph(fold)
