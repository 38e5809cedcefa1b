"""What is written in and beside the boxes of a drawing."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from calc.reported.drawing.call_tree import Part, period
from calc.reported.drawing.graph import Box, Graph, Shape, name_of
from calc.reported.drawing.merging import JOINS

LINE, PAD, CHARACTER = 15, 7, 6.7
WIDEST = 26
"""The characters after which what else is done in a box goes on in the next line."""

Line = tuple[str, str]
"""A class name of text, and the text."""


class Lettering:
    """The words of one drawing; `batch` is the first axis that all its shapes have, or False.

    Names begin below `within`, the module whose inside is drawn.
    """

    def __init__(self, graph: Graph, weights: Mapping[str, Sequence[int]], within: str = "") -> None:
        self.graph, self.weights, self.within = graph, weights, within
        self.reads: list[list[Shape]] = [[] for _ in graph.boxes]
        self.gives: list[list[Shape]] = [[] for _ in graph.boxes]
        self.ends = [False for _ in graph.boxes]
        for (source, target), shapes in graph.edges.items():
            self.reads[target] += shapes
            self.gives[source] += [shape for shape in shapes if shape not in self.gives[source]]
            self.ends[source] |= graph.boxes[target].role == "output"
        # A table of positions has no batch, and says nothing of it.
        firsts = {
            shape[0] if shape else 0
            for (source, _), shapes in graph.edges.items()
            for shape in shapes
            if self.reads[source] or graph.boxes[source].role == "input"
        }
        self.batch = next(iter(firsts)) if len(firsts) == 1 and firsts != {0} else False

    def shape(self, shape: Shape) -> str:
        """A shape, without its batch where all have the same."""
        rest = shape[1:] if self.batch is not False and shape[:1] == (self.batch,) else shape
        return " × ".join("None" if size is None else f"{size:,}" for size in rest) or "one number"

    def shapes(self, shapes: Iterable[Shape]) -> str:
        """Several shapes; of more than two the first two."""
        words = list(dict.fromkeys(map(self.shape, shapes)))
        return "; ".join(words[:2]) + ("; …" if len(words) > 2 else "")

    def label(self, at: int) -> str:
        """What stands beside the wire below a box: what it puts out, where that is another shape than it reads."""
        gives = self.gives[at]
        if not gives or (not self.ends[at] and set(gives) == set(self.reads[at])):
            return ""
        return self.shapes(gives)

    def lines(self, box: Box) -> list[Line]:
        """What is written in a box."""
        if box.role == "join":
            return [("box-kind", " → ".join([JOINS[name_of(box.kind)], *box.more]))]
        if box.role in ("input", "output"):
            return [("box-kind", box.kind)]
        name = self.name(box)
        kind = name_of(box.kind) + self.kernel(box)
        lines = [("box-name", name)] if name else []
        lines.append(("box-kind", f"{box.count} × {kind}" if box.count > 1 else kind))
        lines += [("box-more", _contents(box.parts[0]))] if box.parts and box.kind == "Sequential" else []
        lines += [("box-more", "side by side")] * box.beside
        lines += [("box-more", text) for text in _wrapped(box.more)]
        if box.params or box.shared:
            lines.append(("box-count", f"{box.params:,} params" if box.params else "shared params"))
        return lines

    def name(self, box: Box) -> str:
        """The path of a box; of a run those of its ends."""
        if box.count == 1:
            return self._inner(box.path)
        first, last = box.paths[0], box.paths[-1]
        if first == last:
            return self._inner(first)
        stem, _, number = first.rpartition(".")
        other, _, end = last.rpartition(".")
        if stem == other and number.isdigit():
            return f"{self._inner(first)} – {end}"
        return _shortened(f"{self._inner(first)} – {self._inner(last)}")

    def _inner(self, path: str) -> str:
        inside = self.within and path.startswith(f"{self.within}.")
        return _shortened(path[len(self.within) + 1 :] if inside else path)

    def kernel(self, box: Box) -> str:
        """The size of a convolution's kernel, which its weights tell."""
        if "Conv" not in box.kind or box.role != "call":
            return ""
        if (weight := self.weights.get(f"{box.path}.weight")) is not None:
            size = weight[2:]
        else:
            kernels = (self.weights.get(f"{box.path}/{name}") for name in ("kernel", "depthwise_kernel"))
            size = next((kernel[:-2] for kernel in kernels if kernel is not None), ())
        return f" {' × '.join(map(str, size))}" if size else ""

    def title(self, at: int) -> str:
        """A box in words."""
        box = self.graph.boxes[at]
        words = [" · ".join(text for kind, text in self.lines(box) if kind in ("box-name", "box-kind"))]
        if box.more and box.role != "join":
            words.append("then " + ", ".join(box.more))
        if box.params:
            words.append(f"{box.params:,} parameters")
        if box.macs:
            words.append(f"{box.macs:,} MACs")
        if self.gives[at]:
            words.append(f"puts out {self.shapes(self.gives[at])}")
        if box.line:
            words.append(f"line {box.line}")
        return "; ".join(words)


def _contents(part: Part) -> str:
    """What a Sequential holds, as its class says nothing: `2 × (Conv2d, ReLU)`."""
    kinds = [name_of(each.kind) for each in part.parts]
    length = period(kinds)
    text = kinds[0]
    for kind in kinds[1:length]:
        if len(text) + len(kind) > WIDEST:
            text += ", …"
            break
        text += f", {kind}"
    if length == len(kinds):
        return text
    return f"{len(kinds) // length} × ({text})" if length > 1 else f"{len(kinds)} × {text}"


def _shortened(path: str) -> str:
    """A long path without its middle."""
    return path if len(path) <= WIDEST else f"{path[:8]}…{path[len(path) - WIDEST + 9 :]}"


def _wrapped(more: Sequence[str]) -> list[str]:
    """What else is done, in lines; the same thing several times over with its number."""
    lines: list[str] = []
    for text in more:
        if lines and len(lines[-1]) + len(text) + 2 <= WIDEST:
            lines[-1] += f", {text}"
        else:
            lines.append(f"+ {text}")
    return lines


def in_words(graph: Graph, letters: Lettering, name: str) -> str:
    """A drawing in words: box by box, or for many boxes what they are."""
    boxes = graph.boxes
    if len(boxes) > 12:
        kinds = [name_of(box.kind) for box in boxes if box.role not in ("input", "output")]
        common = sorted(set(kinds), key=lambda kind: (-kinds.count(kind), kind))[:4]
        counted = ", ".join(f"{kinds.count(kind)} {kind}" for kind in common)
        return f"{name} as {len(boxes)} boxes, among them {counted}; the rows of the table say the same."
    said = []
    for at, box in enumerate(boxes):
        read = " and ".join(_called(boxes[source], letters) for source in graph.sources(at))
        gives = letters.shapes(letters.gives[at])
        does = [f"reads {read}"] * bool(read) + [f"puts out {gives}"] * bool(gives)
        said.append(f"{_called(box, letters)} {' and '.join(does)}".strip())
    return f"{name}: {'; '.join(said)}."


def _called(box: Box, letters: Lettering) -> str:
    text = " ".join(words for kind, words in letters.lines(box) if kind in ("box-name", "box-kind"))
    return re.sub(r"^\+(?= |$)", "sum", text)
