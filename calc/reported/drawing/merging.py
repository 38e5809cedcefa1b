"""What is no box of its own: constants, views, and calls that leave a shape alone.

Activations, norms and dropout are written into the box of the call before them. A view is not drawn: the wire
delivers what it makes of a shape. What depends on no input and learns nothing is left out.
"""

from __future__ import annotations

from collections.abc import Callable

from calc.reported.drawing.graph import Box, Draft, Pair, Shape, name_of

JOINS = {
    "add": "+", "sub": "−", "mul": "×", "div": "÷", "cat": "cat", "concat": "cat", "concatenate": "cat",
    "stack": "stack", "hstack": "cat", "vstack": "cat", "matmul": "matmul", "bmm": "matmul",
    "Add": "+", "Subtract": "−", "Multiply": "×", "Concatenate": "cat",
}  # fmt: skip
"""Functions that join paths, as they are written in a small box."""

VIEWS = {
    "view", "reshape", "permute", "transpose", "contiguous", "unsqueeze", "squeeze", "expand", "expand_as",
    "__getitem__", "chunk", "split", "unbind", "tensor_split", "clone", "detach", "movedim", "swapaxes", "unflatten",
    "Unflatten", "view_as", "reshape_as", "narrow", "select", "flatten", "Flatten", "Reshape", "Permute",
    "to", "float", "long", "type_as", "t", "swapdims", "moveaxis", "index_select",
}  # fmt: skip
NAMED_VIEWS = ("flatten", "Flatten", "Unflatten", "unflatten", "Reshape")
"""Views that a reader looks for in a drawing."""


Wanted = Callable[[Draft, Box, Box, bool], bool]
"""Whether a box is written into the one that it reads, which it may read alone."""


def drop_constants(draft: Draft) -> None:
    """Leave out what is the same for all inputs, such as a mask."""
    read_at_end = {source for source, target in draft.edges if target == len(draft.boxes) - 1}
    constant = draft.calls.constant
    draft.gone = {
        at
        for at, box in enumerate(draft.boxes[:-1])
        if at not in read_at_end and box.rows and all(constant[row] for row in box.rows)
    }
    draft.edges = {pair: shapes for pair, shapes in draft.edges.items() if draft.gone.isdisjoint(pair)}


def merge_views(draft: Draft) -> None:
    """Let the wires pass through what only looks at numbers in another shape."""
    _merge(draft, _is_view)


def merge_calls(draft: Draft) -> None:
    """Write calls that leave the shape alone into the call before them."""
    _merge(draft, _is_quiet_call)


def merge_modules(draft: Draft) -> None:
    """The same where a module stands before them, if they learn nothing."""
    _merge(draft, _is_quiet_module)


def _merge(draft: Draft, wanted: Wanted) -> None:
    """Write each box that is `wanted` into the one that it reads."""
    sources, readers = draft.neighbours()
    into = list(range(len(draft.boxes)))

    def end_of(at: int) -> int:
        while into[at] != at:
            at = into[at]
        return at

    for at, box in enumerate(draft.boxes[:-1]):
        if at in draft.gone or len(sources[at]) != 1:
            continue
        before = end_of(sources[at][0])
        if not wanted(draft, box, draft.boxes[before], len(readers[sources[at][0]]) == 1):
            continue
        into[at] = before
        into_box = draft.boxes[before]
        into_box.rows += box.rows
        into_box.params += box.params
        into_box.macs += box.macs
        if not _is_silent(draft, box, into_box):
            into_box.more += [name_of(box.kind), *box.more]
        # What is read of the two is now read of one.
        readers[before] = readers[at]
    draft.gone |= {at for at, goal in enumerate(into) if goal != at}
    edges: dict[Pair, list[Shape]] = {}
    for (source, target), shapes in draft.edges.items():
        if into[target] != target:
            continue
        kept = edges.setdefault((end_of(source), target), [])
        kept += [shape for shape in shapes if shape not in kept]
    draft.edges = edges


def _is_silent(draft: Draft, box: Box, into: Box) -> bool:
    name = name_of(box.kind)
    return into.role == "input" or ((name in VIEWS or _does_nothing(draft, box)) and name not in NAMED_VIEWS)


def _does_nothing(draft: Draft, box: Box) -> bool:
    return box.kind in ("Identity", "Sequential") and len(box.rows) == 1 and draft.keeps_shape(box)


def _is_view(draft: Draft, box: Box, into: Box, alone: bool) -> bool:
    if box.params or box.macs or box.role not in ("call", "module"):
        return False
    if name_of(box.kind) in NAMED_VIEWS and not alone:
        return into.role == "input" or box.role == "call"
    if _does_nothing(draft, box):
        return True
    return all(name_of(draft.calls.rows[row].kind) in VIEWS for row in box.rows)


def _is_quiet_call(draft: Draft, box: Box, into: Box, alone: bool) -> bool:
    if not alone or into.role in ("input", "module") or box.macs or not draft.keeps_shape(box):
        return False
    whole = box.role == "module" and draft.calls.is_whole(box.parts[0])
    return box.role == "call" or (box.role == "module" and (whole or not box.params))


def _is_quiet_module(draft: Draft, box: Box, into: Box, alone: bool) -> bool:
    if not alone or into.role == "input" or box.macs or box.params or box.count > 1:
        return False
    return box.role in ("call", "module") and draft.keeps_shape(box)


def name_joins(draft: Draft) -> None:
    """Functions that join paths are drawn small."""
    sources, _ = draft.neighbours()
    for at, box in enumerate(draft.boxes):
        if at not in draft.gone and box.role == "call" and len(sources[at]) > 1 and name_of(box.kind) in JOINS:
            box.role = "join"
