"""Everything that a page can have a calculator for."""

from __future__ import annotations

from calc.layer import Layer
from calc.layers import LAYERS
from calc.networks import NETWORKS

CALCULATORS: dict[str, type[Layer]] = {**LAYERS, **NETWORKS}
