"""The site's mark as PNG, for what takes no SVG: the icons of an installed site."""

from __future__ import annotations

import json
from base64 import b64decode
from collections.abc import Iterable

from site_build.site_files import run

CELLS = 16
VIEW = f'viewBox="0 0 {CELLS} {CELLS}"'


def pngs(svg: str, sizes: Iterable[tuple[int, int]], paper: str) -> list[bytes]:
    """Square pictures of a mark that is drawn on a grid of 16 by 16, in its middle, on plain paper.

    `sizes` has the side of each picture and of one of the grid's cells, in pixels. Raises ValueError for a mark on
    another grid, which would come out smaller or larger than its picture's safe part, and blurred.
    """
    if VIEW not in svg:
        raise ValueError(f"the mark's first element says no {VIEW}; draw it on that grid.")
    drawn = [{"svg": svg.replace(VIEW, _view(side / scale), 1), "side": side, "paper": paper} for side, scale in sizes]
    return [b64decode(png) for png in json.loads(run("icons.mjs", drawn))]


def _view(across: float) -> str:
    """The grid in the middle of a picture that is so many cells wide."""
    start = (CELLS - across) / 2
    return f'viewBox="{start} {start} {across} {across}"'
