"""Models from their source, shown: totals, where they sit, a diagram, every module, memory for training."""

from __future__ import annotations

from typing import TYPE_CHECKING

from calc.registry import Registry

if TYPE_CHECKING:
    from calc.demo import Demo

REPORTED: Registry[Demo] = Registry("calc.reported", {"models": {"model": "Model", "compared.two_models": "TwoModels"}})
"""Every calculator that takes a model's source, under its name."""
