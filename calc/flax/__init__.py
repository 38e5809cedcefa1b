"""Layers under the names and conventions of Flax (flax.linen).

A new layer is one class in its family's file and its name here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from calc.registry import Families, Registry

if TYPE_CHECKING:
    from calc.layer_base import Layer

FAMILIES: Families = {
    "recurrent": {"recurrent": "SimpleCell LSTMCell OptimizedLSTMCell GRUCell"},
}
"""The layers, family by family: modules, and the names of their classes."""

LAYERS: Registry[Layer] = Registry("calc.flax", FAMILIES, "flax.")
"""Every Flax layer under its name: flax.GRUCell."""
