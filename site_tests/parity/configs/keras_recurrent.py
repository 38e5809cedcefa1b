"""Keras's recurrent layers, the layers around a layer, and its embedding."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from site_tests.parity.configs.case import Case, per_axis, some

FUNCTIONS = [None, "tanh", "relu", "sigmoid", "linear", "softmax", "tanhh", ""]


def _flag(rng: random.Random) -> bool:
    return rng.random() < 0.5


def _rates(rng: random.Random) -> dict[str, Any]:
    return {name: rng.choice([0.0, 0, 0.2, 0.5, 1.5, -1]) for name in ("dropout", "recurrent_dropout")}


def _outputs(rng: random.Random) -> dict[str, Any]:
    return {name: _flag(rng) for name in ("return_sequences", "return_state", "go_backwards")}


def _vectors(rng: random.Random, layer: str) -> dict[str, Any]:
    """The arguments of SimpleRNN, LSTM or GRU."""
    optional: dict[str, Any] = {"use_bias": _flag(rng), "unroll": _flag(rng), **_rates(rng), **_outputs(rng)}
    if rng.random() < 0.3:
        optional["activation"] = rng.choice(FUNCTIONS)
    if layer != "SimpleRNN" and rng.random() < 0.3:
        optional["recurrent_activation"] = rng.choice(FUNCTIONS)
    if layer == "LSTM":
        optional["unit_forget_bias"] = _flag(rng)
    if layer == "GRU":
        optional["reset_after"] = _flag(rng)
    return {"units": rng.randint(1, 5), **some(rng, optional, 0.4)}


def _maps(rng: random.Random) -> dict[str, Any]:
    """The arguments of ConvLSTM2D."""
    optional: dict[str, Any] = {
        "padding": rng.choice(["valid", "same"]),
        "data_format": rng.choice([None, "channels_last", "channels_first"]),
        "use_bias": _flag(rng),
        "unit_forget_bias": _flag(rng),
        **_rates(rng),
        **_outputs(rng),
        **rng.choice([{"strides": per_axis(rng, 2, 1, 3)}, {"dilation_rate": per_axis(rng, 2, 1, 2)}]),
    }
    return {"filters": rng.randint(1, 3), "kernel_size": per_axis(rng, 2, 1, 3), **some(rng, optional, 0.4)}


def _front(rng: random.Random) -> tuple[int, int]:
    return (rng.choice([0, 1, 1, 2, 3]), rng.randint(1, 3))


def vectors(rng: random.Random, layer: str, spatial: int) -> Case:
    """A layer over vectors."""
    return Case(layer, _vectors(rng, layer.removeprefix("keras.")), (*_front(rng), rng.randint(0, 4)))


def maps(rng: random.Random, layer: str, spatial: int) -> Case:
    """A layer over maps."""
    return Case(layer, _maps(rng), (*_front(rng), *(rng.randint(1, 6) for _ in range(3))))


def both_ways(rng: random.Random, layer: str, spatial: int) -> Case:
    """A layer around a recurrent one."""
    name = rng.choice(["SimpleRNN", "LSTM", "GRU", "ConvLSTM2D"])
    inner = maps(rng, name, 2) if name == "ConvLSTM2D" else vectors(rng, name, 0)
    if rng.random() < 0.8:
        inner.arguments.pop("go_backwards", None)
    optional = {"merge_mode": rng.choice(["concat", "sum", "mul", "ave", None, "max", ""])}
    return Case(layer, {"layer": {"class": name, **inner.arguments}, **some(rng, optional)}, inner.input)


def step_by_step(rng: random.Random, layer: str, spatial: int) -> Case:
    """A layer around one that knows no steps."""
    name = rng.choice(["Dense", "Conv1D", "Conv2D", "Flatten", "GRU"])
    batch, steps = _front(rng)
    shape: tuple[int, ...] = tuple(rng.randint(1, 5) for _ in range(rng.randint(1, 3)))
    arguments: dict[str, Any] = {}
    if name == "Dense":
        arguments = {"units": rng.randint(1, 4), **some(rng, {"use_bias": _flag(rng)})}
    elif name == "GRU":
        arguments, shape = _vectors(rng, name), (rng.randint(1, 3), rng.randint(1, 3))
    elif name != "Flatten":
        axes = int(name[-2])
        batch = batch or 1  # what a convolution makes of no samples depends on the back end
        shape = tuple(rng.randint(2, 5) for _ in range(axes + 1))
        arguments = {"filters": rng.randint(1, 3), "kernel_size": rng.randint(1, 3)}
        arguments |= some(rng, {"padding": rng.choice(["valid", "same"]), "use_bias": _flag(rng)})
    return Case(layer, {"layer": {"class": name, **arguments}}, (batch, steps, *shape))


def table(rng: random.Random, layer: str, spatial: int) -> Case:
    """An embedding of indices of any shape."""
    arguments = {"input_dim": rng.randint(1, 5), "output_dim": rng.randint(1, 5)}
    shape = (rng.randint(0, 3), *(rng.randint(0, 3) for _ in range(rng.randint(0, 3))))
    return Case(layer, {**arguments, **some(rng, {"mask_zero": _flag(rng)})}, shape)


NUMBERS = ("units", "filters", "input_dim", "output_dim")
PAIRS = ("kernel_size", "strides", "dilation_rate")


def spoilt(rng: random.Random, case: Case) -> Case:
    """The same configuration with one argument odd, or with another input."""
    shape = case.input
    assert isinstance(shape, tuple)
    if rng.random() < 0.4:
        axis = rng.randrange(1, max(len(shape), 2))
        cut = (*shape[:axis], *shape[axis + 1 :])
        return replace(case, input=rng.choice([cut, (*cut, 1, 2), (shape[0], 0, *shape[2:])]))
    arguments = dict(case.arguments)
    inner = dict(arguments.get("layer", {}))
    target = rng.choice(sorted({*arguments, *inner} - {"layer", "class"}) or ["layer"])
    changed = inner if target in inner else arguments
    if target == "layer":
        arguments["layer"] = {"class": "Dense" if case.layer.endswith("Bidirectional") else "Nothing", "units": 3}
        return replace(case, arguments=arguments)
    if target in NUMBERS:
        changed[target] = rng.choice([-2, 0, 0, 1, 3])
    elif target in PAIRS:
        changed[target] = rng.choice([-1, 0, 1, 2, 9, (1,), (1, 0), (2, 1), (1, 2, 1)])
    elif target == "padding":
        changed[target] = rng.choice(["valid", "same", "causal", "full", ""])
    elif target == "data_format":
        changed[target] = rng.choice(["channels_first", "channels", ""])
    elif target.endswith("activation"):
        changed[target] = rng.choice(FUNCTIONS)
    elif isinstance(changed[target], bool):
        changed[target] = not changed[target]
    if inner:
        arguments["layer"] = inner
    return replace(case, arguments=arguments)


DRAW: dict[str, Callable[[random.Random, str, int], Case]] = {
    "keras.SimpleRNN": vectors,
    "keras.LSTM": vectors,
    "keras.GRU": vectors,
    "keras.Bidirectional": both_ways,
    "keras.ConvLSTM2D": maps,
    "keras.TimeDistributed": step_by_step,
    "keras.Embedding": table,
}

SPOIL: dict[str, Callable[[random.Random, Case], Case]] = dict.fromkeys(DRAW, spoilt)
