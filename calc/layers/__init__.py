"""Every layer under its name. A new layer is one class in its family's file and one line here."""

from __future__ import annotations

from difflib import get_close_matches
from typing import Any

from calc.errors import CalcError
from calc.knob import knobs
from calc.layer import Layer
from calc.layers.activation import ReLU, Sigmoid, Tanh
from calc.layers.adaptive_pool import (
    AdaptiveAvgPool1d,
    AdaptiveAvgPool2d,
    AdaptiveAvgPool3d,
    AdaptiveMaxPool1d,
    AdaptiveMaxPool2d,
    AdaptiveMaxPool3d,
)
from calc.layers.conv import Conv1d, Conv2d, Conv3d
from calc.layers.conv_transpose import ConvTranspose1d, ConvTranspose2d, ConvTranspose3d
from calc.layers.dense import Linear
from calc.layers.flatten import Flatten
from calc.layers.pool import AvgPool1d, AvgPool2d, AvgPool3d, MaxPool1d, MaxPool2d, MaxPool3d

FAMILIES: dict[str, tuple[type[Layer], ...]] = {
    "convolution": (Conv1d, Conv2d, Conv3d),
    "transposed convolution": (ConvTranspose1d, ConvTranspose2d, ConvTranspose3d),
    "pooling": (MaxPool1d, MaxPool2d, MaxPool3d, AvgPool1d, AvgPool2d, AvgPool3d),
    "adaptive pooling": (
        AdaptiveAvgPool1d,
        AdaptiveAvgPool2d,
        AdaptiveAvgPool3d,
        AdaptiveMaxPool1d,
        AdaptiveMaxPool2d,
        AdaptiveMaxPool3d,
    ),
    "dense": (Linear, Flatten, ReLU, Sigmoid, Tanh),
}
"""The layers, family by family."""

LAYERS: dict[str, type[Layer]] = {kind.__name__: kind for family in FAMILIES.values() for kind in family}
"""Every layer class under its name, in the order of the families."""


def layer(name: str, **arguments: Any) -> Layer:
    """A layer by PyTorch's name and keyword arguments; what is left out takes PyTorch's default.

    Raises `CalcError` for an unknown layer or argument, a missing argument, and
    whatever PyTorch refuses when the layer is built.

    Examples:
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
    return f"try {near[0]!r}" if near else f"known are {', '.join(known)}"
