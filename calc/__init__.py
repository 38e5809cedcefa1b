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
params = C_out (C_in/g) k^2 + C_out = 64·(3/1)·7^2 + 64 = 9,472
MACs = N C_out H_out W_out (C_in/g) k^2 = 1·64·112·112·(3/1)·7^2 = 118,013,952
"""

from __future__ import annotations

from difflib import get_close_matches
from typing import Any

from calc.derive import derivation_text
from calc.errors import CalcError
from calc.knob import knobs
from calc.layer import Cost, Layer, Weight
from calc.layers import LAYERS

__all__ = ["CalcError", "Cost", "LAYERS", "Layer", "Weight", "derivation_text", "layer"]

__version__ = "0.1.0"


def layer(name: str, **arguments: Any) -> Layer:
    """A layer by PyTorch's name and keyword arguments; what is left out takes PyTorch's default.

    Raises `CalcError` for an unknown layer or argument, a missing argument, and
    whatever PyTorch refuses when the layer is built.

    >>> layer("MaxPool2d", kernel_size=2)((6, 28, 28))
    (6, 14, 14)
    """
    kind = LAYERS.get(name)
    if kind is None:
        raise CalcError(f"layer (={name!r}) must be one that calc knows", hint=_near(name, list(LAYERS)))
    known = {each.name: each for each in knobs(kind)}
    for argument, value in arguments.items():
        if argument not in known:
            hint = _near(argument, list(known)) if known else "it takes none"
            raise CalcError(f"{name}: {argument} (={value!r}) is not an argument of {name}", knob=argument, hint=hint)
    missing = [each.name for each in known.values() if each.required and each.name not in arguments]
    if missing:
        raise CalcError(f"{name}: {missing[0]} is missing", knob=missing[0], hint=f"give {', '.join(missing)}")
    return kind(**arguments)


def _near(name: str, known: list[str]) -> str:
    near = get_close_matches(name, known, n=1, cutoff=0.5)
    return f"did you mean {near[0]!r}?".rstrip("?") if near else f"known are {', '.join(known)}"
