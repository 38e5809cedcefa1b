"""What a calculator shows: each panel is a function from one run to HTML.

The same functions run at build time and in the browser; `typeset` turns TeX into
HTML there and here, so that what is baked and what is recomputed are one string.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from calc import code
from calc.derive import Run
from calc.layer_base import NoEquivalent
from calc.markup import plain
from calc.panels.beside import beside
from calc.panels.cost import cost, memory
from calc.panels.result import derivation, result
from calc.panels.rows import rows
from calc.panels.snippet import snippet
from calc.panels.table import Typeset
from calc.panels.weights import conventions, weights

__all__ = ["PANELS", "Typeset"]


def torch(run: Run, typeset: Typeset) -> str:
    """PyTorch source of this very configuration."""
    return snippet(code.torch_code(run.layer, *run.inputs))


def keras(run: Run, typeset: Typeset) -> str:
    """Keras source of the same configuration, or why there is none."""
    try:
        return snippet(code.keras_code(run.layer, *run.inputs))
    except NoEquivalent as reason:
        return f'<p class="calc-quiet">{plain(reason)}</p>'


def picture(run: Run, typeset: Typeset) -> str:
    """The layer at work on this input, drawn."""
    return run.layer.picture(*run.inputs)


PANELS: Mapping[str, tuple[str, Callable[[Run, Typeset], str]]] = {
    "result": ("", result),
    "rows": ("Layer by layer", rows),
    "beside": ("Beside other ways", beside),
    "picture": ("Picture", picture),
    "derivation": ("Step by step", derivation),
    "weights": ("Parameters", weights),
    "conventions": ("One layer, every convention", conventions),
    "cost": ("Cost of one call", cost),
    "memory": ("Memory", memory),
    "torch": ("PyTorch", torch),
    "keras": ("Keras", keras),
}
"""Every panel under its name, with its title; `Layer.panels` says which a calculator has."""
