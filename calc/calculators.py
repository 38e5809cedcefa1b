"""Everything that a page can have a calculator for, and the way to make one by name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from calc import demos, exercises, flax, keras, layers, tf1
from calc.blocks import BLOCKS
from calc.errors import CalcError
from calc.knob import knobs
from calc.networks import NETWORKS
from calc.reported import REPORTED

if TYPE_CHECKING:
    from calc.calculator import Calculator
    from calc.layer_base import Layer

LAYERS = layers.LAYERS | keras.LAYERS | tf1.LAYERS | flax.LAYERS
"""Every layer of a framework under its name, PyTorch's without a prefix."""

CALCULATORS = LAYERS | BLOCKS | NETWORKS
"""The layers, the blocks that are built from them, and whole networks."""

DEMOS = demos.DEMOS | exercises.EXERCISES
"""Concepts with values, and questions about them."""

WIDGETS: Mapping[str, type[Calculator]] = CALCULATORS | DEMOS | REPORTED
"""Everything that a fence may name."""


def layer(name: str, **arguments: Any) -> Layer:
    """A layer by its name in PyTorch, or with its framework before it: `keras.Conv2D`, `tf1.GRUCell`.

    Arguments are the framework's, by keyword; what is left out takes its default. A
    layer that is an argument of another one is given by its own arguments:
    `encoder_layer={"d_model": 8, "nhead": 2}`.
    Raises `CalcError` for an unknown layer or argument, a missing argument, and
    whatever the framework refuses when the layer is built.

    Examples:
        >>> layer("MaxPool2d", kernel_size=2)((6, 28, 28))
        (6, 14, 14)
    """
    kind: type[Layer] | None = CALCULATORS.get(name)
    if kind is None:
        hint = _near(name, CALCULATORS) or "calc.LAYERS lists them"
        raise CalcError(f"layer (={name!r}) must be one that calc knows", hint=hint)
    known = {each.name: each for each in knobs(kind)}
    for argument, value in arguments.items():
        if argument not in known:
            hint = _near(argument, known) or (f"known are {', '.join(known)}" if known else "it takes none")
            raise CalcError(f"{name}: {argument} (={value!r}) is not an argument of {name}", knob=argument, hint=hint)
    missing = [each.name for each in known.values() if each.required and each.name not in arguments]
    if missing:
        raise CalcError(f"{name}: {missing[0]} is missing", knob=missing[0], hint=f"give {', '.join(missing)}")
    return kind(**arguments)


def _near(name: str, known: Iterable[str]) -> str:
    near = get_close_matches(name, list(known), n=1, cutoff=0.5)
    return f"try {near[0]!r}" if near else ""
