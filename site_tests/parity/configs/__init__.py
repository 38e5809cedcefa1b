"""Random configurations of every layer, valid and invalid mixed, from a seed.

A configuration is drawn valid for the most part; then, about every other time, it
is spoilt: one or two of its arguments are replaced by something odd, a tuple of the
wrong length, a zero, a string, an input of another rank. Tensors stay tiny, because
each configuration runs on a CPU, and no odd number is so large that memory is asked for.

Each family's file has two tables: `DRAW` says how a layer is drawn, `SPOIL` how it is
spoilt where that is not as in `window.spoilt`.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from site_tests.parity.configs import (
    activation,
    attention,
    keras_core,
    keras_recurrent,
    keras_window,
    moving,
    normalization,
    recurrent,
    window,
)
from site_tests.parity.configs.case import Case
from site_tests.parity.configs.window import axes, known_arguments, spoilt

__all__ = ["Case", "axes", "cases", "odd_type_cases"]

DRAW: dict[str, Callable[[random.Random, str, int], Case]] = {
    **window.DRAW,
    **activation.DRAW,
    **normalization.DRAW,
    **moving.DRAW,
    **recurrent.DRAW,
    **keras_recurrent.DRAW,
    **attention.DRAW,
    **keras_core.DRAW,
    **keras_window.DRAW,
}
"""How each layer is drawn; a name without its `1d`, `2d`, `3d` stands for all three."""

SPOIL: dict[str, Callable[[random.Random, Case], Case]] = {
    **activation.SPOIL,
    **normalization.SPOIL,
    **moving.SPOIL,
    **recurrent.SPOIL,
    **keras_recurrent.SPOIL,
    **attention.SPOIL,
    **keras_core.SPOIL,
    **keras_window.SPOIL,
}
"""How each layer is spoilt, where it is not in the usual way."""


def cases(layer: str, count: int, seed: int, *, odd: float = 0.5) -> Iterator[Case]:
    """So many configurations of a layer; `odd` is the share that is tampered with."""
    rng = random.Random(f"{layer} {seed}")
    draw, spoil = _of(DRAW, layer), _of(SPOIL, layer) or spoilt
    assert draw is not None, f"no random configurations for {layer}"
    for _ in range(count):
        case = draw(rng, layer, axes(layer))
        yield spoil(rng, case) if rng.random() < odd else case


def _of(table: dict[str, Any], layer: str) -> Any:
    return table.get(layer) or (table.get(layer[:-2]) if axes(layer) else None)


ODD_TYPES: list[Any] = [2.0, 2.5, "2", "many", True, False, None, (1.5,), ("1", 1), [2], (True, 1), {}, b"1"]
"""Values that are not what an argument is declared to be."""


def odd_type_cases(layer: str, count: int, seed: int) -> Iterator[Case]:
    """Configurations in which one argument is of another type than declared."""
    rng = random.Random(f"{layer} types {seed}")
    for case in cases(layer, count, seed + 1, odd=0):
        known = keras_window.known_arguments if layer in keras_window.DRAW else known_arguments
        names = sorted({*case.arguments, *known(case)})
        if names:
            yield replace(case, arguments={**case.arguments, rng.choice(names): rng.choice(ODD_TYPES)})
