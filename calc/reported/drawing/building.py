"""From the calls of a part of a model to boxes and wires, at a level of detail."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from calc.reported.drawing.call_tree import Calls, Part
from calc.reported.drawing.folding import fold_beside, fold_runs
from calc.reported.drawing.graph import Box, Draft, Graph, is_function
from calc.reported.drawing.merging import drop_constants, merge_calls, merge_modules, merge_views, name_joins


def graph_of(calls: Calls, part: Part, opened: Collection[int], fold: int = 1) -> Graph:
    """The boxes of `part`, those of its parts opened whose ids are in `opened`.

    `fold` says how eagerly equal boxes are drawn as one, from 1 to 3.
    """
    draft = _collected(calls, part, list(leaves(part, opened)))
    drop_constants(draft)
    merge_views(draft)
    merge_calls(draft)
    fold_beside(draft)
    fold_runs(draft, fold)
    merge_modules(draft)
    name_joins(draft)
    return draft.graph()


def leaves(part: Part, opened: Collection[int]) -> Iterator[Part]:
    """The parts of a part, those that are opened (by their id) replaced by their own."""
    for each in part.parts:
        if each.parts and id(each) in opened:
            yield from leaves(each, opened)
        else:
            yield each


def _collected(calls: Calls, part: Part, parts: list[Part]) -> Draft:
    """A box for each of the parts, for what comes in from outside, and for what goes out."""
    draft = Draft(calls)
    holder: dict[int, int] = {}
    sources = {wire.source: wire for at in range(part.start, part.stop) for wire in calls.reads[at]}
    if part is calls.root:
        sources |= {wire.source: wire for wire in calls.reads[-1]}
    outside = sorted(
        (source for source in sources if source < part.start and not (source >= 0 and calls.constant[source])),
        key=lambda source: (source >= 0, abs(source)),
    )
    for source in outside:
        holder[source] = len(draft.boxes)
        draft.boxes.append(_input(calls, part, source, len(outside)))
    for each in parts:
        for row in range(each.start, each.stop):
            holder[row] = len(draft.boxes)
        draft.boxes.append(_box(calls, each))
    for each in parts:
        for at in range(each.start, each.stop):
            for wire in calls.reads[at]:
                if wire.source in holder:
                    draft.wire(holder[wire.source], holder[at], wire.shape)
    end = len(draft.boxes)
    draft.boxes.append(Box("output", "output"))
    if part is calls.root:
        for wire in calls.reads[-1]:
            draft.wire(holder[wire.source], end, wire.shape)
        return draft
    for at in range(part.start, part.stop):
        for reader in calls.readers[at]:
            if reader >= part.stop:
                for wire in calls.reads[reader]:
                    if wire.source == at:
                        draft.wire(holder[at], end, wire.shape)
    return draft


def _input(calls: Calls, part: Part, source: int, count: int) -> Box:
    """What comes from outside the drawing, named after its source where there are several."""
    if source < 0:
        several = len(calls.report.inputs) > 1
        named = several and (part is calls.root or count > 1)
        return Box("input", f"input {-source}" if named else "input", outside=source)
    row = calls.rows[source]
    origin = _origin(row.path, part.path) if count > 1 and not is_function(row.kind) else ""
    return Box("input", f"from {origin}" if origin else "input", row.path, outside=source)


def _box(calls: Calls, part: Part) -> Box:
    rows = calls.rows[part.start : part.stop]
    first = rows[0]
    if not part.parts and first.kind == "InputLayer":
        several = sum(row.kind == "InputLayer" for row in calls.rows) > 1
        return Box("input", first.path if several else "input", first.path, [part.start])
    params = sum(row.params for row in rows)
    return Box(
        "module" if part.parts else "call",
        part.kind,
        part.path if part.parts or not is_function(part.kind) else "",
        list(range(part.start, part.stop)),
        [part] if part.parts else [],
        calls.can_open(part),
        params=params,
        shared=not params and calls.learns(part),
        macs=sum(row.macs for row in rows),
        line=first.line,
        last=part.stop - 1,
    )


def _origin(path: str, reader: str) -> str:
    """Where something comes from, as far as it differs from where it is read: `encoder.5` for `encoder.5.norms.1`."""
    names, others = path.split("."), reader.split(".")
    shared = next((at for at, pair in enumerate(zip(names, others, strict=False)) if pair[0] != pair[1]), 0)
    end = shared + 1
    while end < len(names) and names[end].isdigit():
        end += 1
    return ".".join(names[:end])
