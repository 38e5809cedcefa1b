"""Shapes, parameters and costs of neural network layers, with the formulas behind them.

>>> import calc
>>> conv = calc.layer("Conv2d", in_channels=3, out_channels=64, kernel_size=7, stride=2, padding=3)
>>> conv((1, 3, 224, 224))
(1, 64, 112, 112)
>>> conv.params, conv.macs((1, 3, 224, 224))
(9472, 118013952)
>>> dict(conv.weights())
{'weight': (64, 3, 7, 7), 'bias': (64,)}
>>> print(calc.derivation_text(conv, (1, 3, 224, 224)))
k' = d (k − 1) + 1 = 1·(7 − 1) + 1 = 7
H_out = ⌊(H + 2p − k') / s⌋ + 1 = ⌊(224 + 2·3 − 7) / 2⌋ + 1 = 112
W_out = ⌊(W + 2p − k') / s⌋ + 1 = ⌊(224 + 2·3 − 7) / 2⌋ + 1 = 112
params = C_out C_in k^2 + C_out = 64·3·7^2 + 64 = 9,472
MACs = N C_out H_out W_out C_in k^2 = 1·64·112·112·3·7^2 = 118,013,952
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from calc.calculators import LAYERS, layer
    from calc.derive import derivation_text
    from calc.errors import CalcError
    from calc.layer_base import Cost, Layer, Weight
    from calc.tracing import trace

__all__ = ["CalcError", "Cost", "LAYERS", "Layer", "Weight", "derivation_text", "layer", "trace"]

__version__ = "0.1.0"

_HOMES = {
    "CalcError": "calc.errors",
    "Cost": "calc.layer_base",
    "LAYERS": "calc.calculators",
    "Layer": "calc.layer_base",
    "Weight": "calc.layer_base",
    "derivation_text": "calc.derive",
    "layer": "calc.calculators",
    "trace": "calc.tracing",
}


def __getattr__(name: str) -> Any:
    # Each is loaded by who asks for it: a page of formulas does without the stand-in for PyTorch, a script that
    # wants one number without the panels of the pages.
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    globals()[name] = value = getattr(import_module(_HOMES[name]), name)
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOMES})
