"""What the tests of blocks and networks share."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import calc
from calc.calculators import CALCULATORS
from calc.layer_base import Shape
from calc.network import Network

PAGES = Path(__file__).parents[2] / "docs" / "en"


def network(name: str, **arguments: Any) -> Network:
    """A block or a network."""
    made = CALCULATORS[name](**arguments)
    assert isinstance(made, Network)
    return made


def page(name: str) -> str:
    """A page's source."""
    return (PAGES / f"{name}.md").read_text(encoding="utf-8")


def rows(found: Network, *shapes: Shape) -> dict[str, int]:
    """The parameters of each row that has some."""
    return {row.name: row.params for row in found.rows(*shapes) if row.params}


def layers(*made: tuple[str, tuple[int, ...]]) -> int:
    """The parameters of layers given by their positional arguments."""
    total = 0
    for name, arguments in made:
        names = ("in_channels", "out_channels", "kernel_size") if name == "Conv2d" else ("in_features", "out_features")
        total += calc.layer(name, **dict(zip(names, arguments, strict=True))).params
    return total
