"""A long column cut into some that stand side by side, as in a newspaper."""

from __future__ import annotations

from collections.abc import Sequence

from calc.reported.drawing.columns import Between, Column
from calc.reported.drawing.places import GAP_X, Item


def in_columns(whole: Column, highest: float, widest: float) -> list[list[Item]]:
    """A column cut into some of like height that stand side by side; only single wires are cut.

    There are as many as make it no higher than `highest`, if together they are no wider than `widest`.
    """
    pieces: list[list[Item]] = [[]]
    for at, item in enumerate(whole.items):
        pieces[-1].append(item)
        plain = isinstance(item, Between) and not item.branches and item.skips
        # The first box stays with the next, and the last with the one before.
        if plain and 3 < at < len(whole.items) - 4:
            pieces.append([])
    heights = [sum(item.height for item in piece) for piece in pieces]
    groups = [pieces]
    for count in range(2, len(pieces) + 1):
        if _highest(heights, groups) <= highest:
            break
        wider = _cut(pieces, heights, count)
        if _highest(heights, wider) > 0.85 * _highest(heights, groups):
            continue
        if sum(_width(group) + 2 * GAP_X for group in wider) - 2 * GAP_X > widest:
            break
        groups = wider
    return [[item for piece in group for item in piece] for group in groups]


def _highest(heights: Sequence[float], groups: Sequence[Sequence[object]]) -> float:
    found, at = 0.0, 0
    for group in groups:
        found = max(found, sum(heights[at : at + len(group)]))
        at += len(group)
    return found


def _width(pieces: Sequence[Sequence[Item]]) -> float:
    items = [item for piece in pieces for item in piece]
    return max(item.left for item in items) + max(item.right for item in items)


def _cut(pieces: list[list[Item]], heights: Sequence[float], count: int) -> list[list[list[Item]]]:
    """Into at most so many groups in their order, the highest as low as can be."""
    low, high = max(heights), sum(heights)
    while high - low > 1:
        middle = (low + high) / 2
        if len(_filled(pieces, heights, middle)) <= count:
            high = middle
        else:
            low = middle
    return _filled(pieces, heights, high)


def _filled(pieces: list[list[Item]], heights: Sequence[float], limit: float) -> list[list[list[Item]]]:
    groups: list[list[list[Item]]] = [[]]
    filled = 0.0
    for piece, height in zip(pieces, heights, strict=True):
        if groups[-1] and filled + height > limit:
            groups.append([])
            filled = 0.0
        groups[-1].append(piece)
        filled += height
    return groups
