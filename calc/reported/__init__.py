"""Models from their source, shown: totals, where they sit, a diagram, every module, memory for training."""

from calc.demo import Demo
from calc.registry import Registry

REPORTED: Registry[Demo] = Registry("calc.reported", {"models": {"model": "Model", "compared.two_models": "TwoModels"}})
"""Every calculator that takes a model's source, under its name."""
