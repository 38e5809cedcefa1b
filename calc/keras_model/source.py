"""`keras` as pasted source imports it, under all of its usual names."""

from __future__ import annotations

import types
from functools import cache
from typing import Any

from calc.keras import FAMILIES
from calc.keras.layer import ACTIVATIONS
from calc.keras_model.model import Functional, Sequential
from calc.keras_model.operations import InputLayer, layer_class, make_input
from calc.registry import names_of
from calc.torch.namespace import Stand


class _Idle:
    """An optimiser, a loss, an initialiser: of no use for shapes."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        pass

    def __call__(self, *args: Any, **kwargs: Any) -> _Idle:
        return self


class _Idles(Stand):
    """A module of such things."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return _Idle


def _function(name: str) -> Any:
    def apply(x: Any) -> Any:
        return layer_class("Activation")(name)(x)

    apply.__name__ = name
    return apply


def _make(name: str, known: dict[str, Any], kind: type[Stand] = Stand) -> Stand:
    module = kind(name)
    module.__dict__.update(known)
    return module


ALIASES = {
    "MaxPool1D": "MaxPooling1D",
    "MaxPool2D": "MaxPooling2D",
    "MaxPool3D": "MaxPooling3D",
    "AvgPool1D": "AveragePooling1D",
    "AvgPool2D": "AveragePooling2D",
    "AvgPool3D": "AveragePooling3D",
    "GlobalAvgPool2D": "GlobalAveragePooling2D",
    "GlobalMaxPool2D": "GlobalMaxPooling2D",
    "GlobalAvgPool1D": "GlobalAveragePooling1D",
    "GlobalMaxPool1D": "GlobalMaxPooling1D",
    "Convolution2D": "Conv2D",
}


@cache
def namespace() -> dict[str, types.ModuleType]:
    """Every module that can be imported: `keras`, `keras.layers`, `tensorflow.keras.layers` and so on."""
    known = [name for modules in FAMILIES.values() for name in names_of(modules)]
    layers: dict[str, Any] = {name: layer_class(name) for name in known}
    layers |= {alias: layers[name] for alias, name in ALIASES.items() if name in layers}
    merges = {name.lower(): _merged(name) for name in ("Add", "Subtract", "Multiply", "Average", "Concatenate")}
    layers |= {**merges, "Input": make_input, "InputLayer": lambda *args, **kwargs: make_input(*args, **kwargs)}
    parts: dict[str, Any] = {
        "layers": _make("keras.layers", layers),
        "models": _make("keras.models", {"Sequential": Sequential, "Model": Functional}),
        "activations": _make("keras.activations", {name: _function(name) for name in ACTIVATIONS}),
    }
    idle = ("optimizers", "losses", "metrics", "initializers", "regularizers", "callbacks", "constraints", "utils")
    parts |= {name: _make(f"keras.{name}", {}, _Idles) for name in idle}
    plain = {"Sequential": Sequential, "Model": Functional, "Input": make_input, "InputLayer": InputLayer}
    keras = _make("keras", {**parts, **plain})
    found: dict[str, types.ModuleType] = {"keras": keras}
    found |= {f"keras.{name}": module for name, module in parts.items()}
    tensorflow = _make("tensorflow", {"keras": keras, "nn": parts["activations"]})
    found |= {f"tensorflow.{name}": module for name, module in list(found.items())}
    return found | {"tensorflow": tensorflow}


def _merged(name: str) -> Any:
    return lambda inputs, **options: layer_class(name)(**options)(inputs)
