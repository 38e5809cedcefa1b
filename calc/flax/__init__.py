"""Layers under the names and conventions of Flax (flax.linen).

A new layer is one class in its family's file and one line here.
"""

from __future__ import annotations

from calc.flax.recurrent import GRUCell, LSTMCell, OptimizedLSTMCell, SimpleCell
from calc.layer import Layer

FAMILIES: dict[str, tuple[type[Layer], ...]] = {
    "recurrent": (SimpleCell, LSTMCell, OptimizedLSTMCell, GRUCell),
}
"""The layers, family by family."""

LAYERS: dict[str, type[Layer]] = {kind.title(): kind for family in FAMILIES.values() for kind in family}
"""Every Flax layer under its name: flax.GRUCell."""
