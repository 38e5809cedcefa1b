"""Concepts with values, one file a family."""

from calc.demo import Demo
from calc.registry import Families, Registry

FAMILIES: Families = {
    "masks": {"masks": "SubsequentMask SentenceMask"},
}

DEMOS: Registry[Demo] = Registry("calc.demos", FAMILIES)
"""Every class of this package under its name."""
