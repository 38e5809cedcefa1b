"""Words that several demos say."""

from __future__ import annotations

from calc.values.nested import Cell


def said(count: int, one: str, more: str) -> str:
    """A count with its noun.

    Examples:
        >>> said(1, "cell", "cells"), said(0, "cell", "cells")
        ('1 cell', '0 cells')
    """
    return f"{count} {one if count == 1 else more}"


def spot(cell: Cell) -> str:
    """A cell of a matrix in words, counted from 1.

    Examples:
        >>> spot((0, 2))
        'row 1, column 3'
    """
    return f"row {cell[0] + 1}, column {cell[1] + 1}"
