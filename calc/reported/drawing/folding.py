"""Equal boxes are drawn as one, with their number: twelve blocks after each other, eight heads side by side."""

from __future__ import annotations

from typing import Any

from calc.reported.drawing.graph import Box, Draft, Pair, Shape


def fold_beside(draft: Draft) -> None:
    """Draw equal boxes that read the same and are read by the same, side by side, as one."""
    sources, readers = draft.neighbours()
    groups: dict[Any, list[int]] = {}
    for at, box in enumerate(draft.boxes[:-1]):
        form = None if at in draft.gone else _form(draft, box, sizes=True)
        if form is not None and sources[at]:
            groups.setdefault((form, tuple(sources[at]), tuple(readers[at])), []).append(at)
    for group in groups.values():
        if len(group) > 3:
            _fold_run(draft, group)
            draft.boxes[group[0]].beside = True


def fold_runs(draft: Draft, eager: int) -> None:
    """Draw runs of equal boxes as one, each of which reads the one before it."""
    sources, readers = draft.neighbours()
    standing = [at for at in range(len(draft.boxes) - 1) if at not in draft.gone]
    forms = {at: _form(draft, draft.boxes[at], sizes=eager < 3) for at in standing}
    runs: list[list[int]] = []
    for at in standing:
        if runs and _continues(runs[-1], at, forms, sources, readers):
            runs[-1].append(at)
        else:
            runs.append([at])
    often = {draft.boxes[run[0]].kind for run in runs if len(run) > 2}
    for run in runs:
        box = draft.boxes[run[0]]
        # Two are drawn as one where more are.
        twice = box.role == "module" and (eager > 1 or box.kind in often)
        least = 2 if twice else 3 if box.role == "module" or eager > 1 else len(draft.boxes)
        if len(run) >= least:
            _fold_run(draft, run)


def _form(draft: Draft, box: Box, *, sizes: bool) -> Any:
    if box.role in ("input", "output") or (box.role == "call" and not box.path):
        return None
    said = draft.calls.form(box.parts[0], sizes=sizes) if box.parts else None
    last = draft.calls.rows[box.last]
    read = tuple(wire.shape for wire in draft.calls.reads[box.rows[0]])
    shapes = (str(last.output_shape), read) if sizes or not box.parts else None
    return (box.kind, tuple(box.more), said, shapes)


def _continues(
    run: list[int], other: int, forms: dict[int, Any], sources: list[list[int]], readers: list[list[int]]
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


def _fold_run(draft: Draft, run: list[int]) -> None:
    """The first box stands for all; what the others read and give is its own."""
    first = draft.boxes[run[0]]
    others = [draft.boxes[at] for at in run[1:]]
    first.paths = [first.path, *(box.path for box in others)]
    first.count = len(run)
    for box in others:
        first.rows += box.rows
        first.parts += box.parts
        first.params += box.params
        first.macs += box.macs
    goal = dict.fromkeys(run, run[0])
    edges: dict[Pair, list[Shape]] = {}
    last = run[-1]
    for (source, target), shapes in draft.edges.items():
        pair = (goal.get(source, source), goal.get(target, target))
        inner = source in goal and source != last and target not in goal
        if pair[0] != pair[1]:
            kept = edges.setdefault(pair, [])
            kept += [shape for shape in shapes if shape not in kept and not inner]
            kept += shapes[:1] if not kept else []
    draft.edges = edges
    draft.gone |= set(run[1:])
