"""Writing calls: the pieces that PyTorch and Keras snippets are made of."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from calc.knob import Knob, knobs


def spelt(value: Any) -> str:
    """A value as Python source; infinity has no literal.

    >>> spelt((1, 2)), spelt(float("-inf"))
    ('(1, 2)', 'float("-inf")')
    """
    infinite = isinstance(value, float) and abs(value) == float("inf")
    return f'float("{value}")' if infinite else repr(value)


def torch_call(layer: Any) -> str:
    """A layer's constructor call as people write it.

    >>> from calc import layer
    >>> torch_call(layer("Conv2d", in_channels=3, out_channels=64, kernel_size=7, bias=True))
    'nn.Conv2d(3, 64, kernel_size=7)'
    """
    return f"nn.{type(layer).__name__}({arguments(layer, torch_call)})"


def keras_call(layer: Any) -> str:
    """A Keras layer's constructor call, without the module before it.

    >>> from calc import layer
    >>> keras_call(layer("keras.Dense", units=133))
    'Dense(133)'
    """
    return f"{type(layer).__name__}({arguments(layer, lambda inner: 'layers.' + keras_call(inner))})"


def differs(each: Knob, value: Any) -> bool:
    """Whether a value is worth writing: what equals its default is not."""
    return each.required or bool(value != each.default)


def arguments(
    layer: Any,
    nested: Callable[[Any], str],
    spell: Callable[[Any], str] = spelt,
    wanted: Callable[[Knob, Any], bool] = lambda each, value: each.positional or differs(each, value),
) -> str:
    """The arguments of a constructor call, those that are `wanted`.

    Layers are written by `nested`, other values by `spell`.
    """
    written = []
    for each in knobs(layer):
        value = getattr(layer, each.name)
        if wanted(each, value):
            text = nested(value) if hasattr(value, "weights") else spell(value)
            written.append(text if each.positional else f"{each.name}={text}")
    return ", ".join(written)


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
    # A set would not ask whether numbers are equal whose hashes differ, and so would note no guard.
    if isinstance(value, tuple) and value and all(item == value[0] for item in value[1:]):
        return value[0]
    return value
