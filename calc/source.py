"""Writing calls: the pieces that PyTorch and Keras snippets are made of."""

from __future__ import annotations

from typing import Any

from calc.knob import knobs


def torch_call(layer: Any) -> str:
    """A layer's constructor call as people write it.

    >>> from calc import layer
    >>> torch_call(layer("Conv2d", in_channels=3, out_channels=64, kernel_size=7, bias=True))
    'nn.Conv2d(3, 64, kernel_size=7)'
    """
    arguments = []
    for each in knobs(layer):
        value = getattr(layer, each.name)
        if each.positional:
            arguments.append(repr(value))
        elif each.required or value != each.default:
            arguments.append(f"{each.name}={value!r}")
    return f"nn.{type(layer).__name__}({', '.join(arguments)})"


def call(name: str, *positional: object, **named: tuple[object, object]) -> str:
    """A call with positional values, then the named ones that differ from their default.

    >>> call("Conv2D", 64, 7, strides=((2, 2), 1), use_bias=(True, True))
    'Conv2D(64, 7, strides=2)'
    """
    parts = [repr(_compact(value)) for value in positional]
    shown = {name: (_compact(value), _compact(default)) for name, (value, default) in named.items()}
    parts += [f"{name}={value!r}" for name, (value, default) in shown.items() if value != default]
    return f"{name}({', '.join(parts)})"


def _compact(value: Any) -> Any:
    """One number where a tuple has the same for all axes."""
    if isinstance(value, tuple) and value and len(set(value)) == 1:
        return value[0]
    return value
