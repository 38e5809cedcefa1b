"""A picture that is gone through step by step, or asked cell by cell.

Python says what there is to see: for each step the cell that it is about, the cells
that light up with it, and a sentence. The page's script only moves from one to the
next; it knows nothing of what they mean. Without a script the steps stand below the
picture as a list, which is its text equivalent as well.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from calc.markup import plain, quoted


@dataclass(frozen=True)
class Stop:
    """One step: the cell that it is about, the others that light up, and what to say of it."""

    cell: str
    lights: Sequence[str]
    says: str


def stage(scene: str, stops: Iterable[Stop], *, label: str, notes: Iterable[Stop] = ()) -> str:
    """A scene (HTML with drawings by `calc.scene`) with its steps.

    `label` names the picture for a screen reader. `notes` are cells that are no step
    of their own but have something to say when they are pointed at, such as an input
    cell and the outputs that it goes into.
    """
    listed = "".join(_item(stop, "step") for stop in stops)
    asides = "".join(_item(note, "note") for note in notes)
    more = f"<ul>{asides}</ul>" if asides else ""
    return (
        f'<div class="calc-stage" tabindex="0" role="group" aria-label="{quoted(label)}">{scene}</div>'
        f'<details class="calc-stops"><summary>Every step in words</summary><ol>{listed}</ol>{more}</details>'
    )


def _item(stop: Stop, kind: str) -> str:
    return (
        f'<li data-{kind}="{quoted(stop.cell)}" data-lights="{quoted(" ".join(stop.lights))}">{plain(stop.says)}</li>'
    )
