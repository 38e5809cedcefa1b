"""What the comparisons with the live frameworks found, and whether it is still about the present code.

`docs/evidence.json` is written by `python -m site_tests.parity.survey` (`make evidence`).
Each line says from which source of the layer it was made, so that it cannot outlive it.
"""

from __future__ import annotations

import ast
import hashlib
from functools import cache
from pathlib import Path

from calc.layer_base import Layer

ROOT = Path(__file__).parents[1]

FAMILIES = ("calc.layers.", "calc.keras.", "calc.blocks.", "calc.network", "calc.networks.", "calc.module_source")
"""Where the arithmetic of layers stands; what all of them are written with is guarded by the comparison itself."""


def digest(kind: type[Layer]) -> str:
    """A fingerprint of the source that a layer's answers come from; drawings are no answers."""
    modules = sorted({name for base in kind.__mro__ for name in closure(base.__module__)})
    return hashlib.sha256("\n".join(source(name) for name in modules).encode()).hexdigest()[:16]


VALUES = ("calc.values.", "calc.masks")
"""Where the arithmetic of demos stands."""


def values_behind(module: str) -> frozenset[str]:
    """The modules that compute the values of a demo, or of the cases that it is compared on."""
    found = closure(module, (*VALUES, "calc.demos.", "site_tests.values."))
    # Sums and products of matrices are behind everything, and say nothing of what it is.
    return frozenset(name for name in found if name.startswith(VALUES)) - {"calc.values.matrix"}


def values_digest(module: str) -> str:
    """A fingerprint of the source that a demo's values come from."""
    modules = sorted({*values_behind(module), "calc.values.matrix"})
    return hashlib.sha256("\n".join(source(name) for name in modules).encode()).hexdigest()[:16]


@cache
def closure(module: str, families: tuple[str, ...] = FAMILIES) -> frozenset[str]:
    """A module of the arithmetic, and those that it imports."""
    found: set[str] = set()
    waiting = [module]
    while waiting:
        name = waiting.pop()
        if name in found or not name.startswith(families) or name.endswith("picture") or not path(name).exists():
            continue
        found.add(name)
        for node in ast.walk(ast.parse(source(name))):
            if isinstance(node, ast.ImportFrom) and node.module:
                waiting += [node.module, *(f"{node.module}.{each.name}" for each in node.names)]
    return frozenset(found)


@cache
def source(module: str) -> str:
    """A module's text."""
    return path(module).read_text(encoding="utf-8")


def path(module: str) -> Path:
    """Where a module would stand; whether it is loaded does not matter."""
    return ROOT.joinpath(*module.split(".")).with_suffix(".py")
