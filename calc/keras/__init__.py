"""Layers under Keras's names and conventions. A new layer is one class in its family's file and one line here."""

from __future__ import annotations

from calc.keras.dense import Dense
from calc.layer import Layer

FAMILIES: dict[str, tuple[type[Layer], ...]] = {
    "dense": (Dense,),
}
"""The layers, family by family."""

LAYERS: dict[str, type[Layer]] = {kind.title(): kind for family in FAMILIES.values() for kind in family}
"""Every Keras layer under its name: keras.Dense."""
