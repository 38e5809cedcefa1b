"""The picture of windows as columns of a matrix, taken apart or put together."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod

from calc.layers.window_picture import LEGEND, Window
from calc.picture import Line, Spans, figure, grid, mapping, sizes


def patches_picture(windows: Sequence[Window], channels: int, *, folds: bool) -> str:
    """The image with the first window and the next, and the matrix with their columns."""
    taps, places = prod(window.k for window in windows), prod(window.count for window in windows)
    rows, padded = channels * taps, sizes(window.padded for window in windows)
    labels = (f"Image of {padded} cells, padding included, with the window at its first places.", "Places.")
    image, _, kinds = mapping([window.axis() for window in windows], labels)
    second = {1} if places > 1 else set()
    matrix = grid(
        Line(Spans(("data", rows)), range(rows), range(rows)),
        Line(Spans(("data", places)), {0}, second),
        f"Matrix of {rows} rows and {places} columns.",
    )
    parts = [(image, f"image of {padded} cells"), (matrix, f"{rows} rows, {places} columns")]
    words = "a column is added to its window" if folds else "a window becomes a column"
    window_size = " · ".join(str(window.k) for window in windows)
    of = f"{channels} channels · " if channels > 1 else ""
    names = {
        **LEGEND,
        "data": "image" if folds else "input",
        "first": "first window and its column",
        "second": "next one",
    }
    names |= {"pad": "cut off by padding"} if folds else {}
    return figure(
        parts[::-1] if folds else parts,
        f"Here {words}: {of}{window_size} = {rows:,} numbers at each of {places:,} places.",
        [(kind, text) for kind, text in names.items() if kind in kinds],
    )
