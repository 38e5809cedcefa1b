"""Norms with values, against PyTorch; Keras's against `../shared/truth`."""

from __future__ import annotations

from math import prod
from random import Random
from typing import Any

from calc.values import normalize
from calc.values.nested import shape_of
from site_tests.values import Case


def drawn(draw: Random, *shape: int) -> Any:
    """Nested tuples of small numbers in tenths, equal ones among them."""
    if not shape:
        return draw.randint(-30, 30) / 10
    return tuple(drawn(draw, *shape[1:]) for _ in range(shape[0]))


def _learned(draw: Random, shape: tuple[int, ...], *names: str) -> dict[str, Any]:
    return {name: drawn(draw, *shape) for name in names if draw.random() < 0.6}


def _eps(draw: Random) -> float:
    return draw.choice([1e-5, 1e-3, 0.1, 2.0])


def _shape(draw: Random, least: int = 2) -> tuple[int, ...]:
    """(samples, channels) with up to two axes of places behind."""
    return tuple(draw.randint(1, 5) for _ in range(draw.randint(least, 4)))


def _batch(draw: Random) -> dict[str, Any]:
    shape = _shape(draw)
    training = draw.random() < 0.6
    if training and prod(shape) == shape[1]:
        shape = (2, *shape[1:])
    return {
        "x": drawn(draw, *shape),
        **_learned(draw, (shape[1],), "weight", "bias"),
        "running_mean": drawn(draw, shape[1]),
        "running_var": tuple(draw.randint(0, 40) / 10 for _ in range(shape[1])),
        "training": training,
        "momentum": draw.choice([0.1, 0.0, 0.5, 1.0]),
        "eps": _eps(draw),
    }


def _layer(draw: Random) -> dict[str, Any]:
    shape = _shape(draw, 1)
    axes = draw.randint(1, len(shape))
    return {
        "x": drawn(draw, *shape),
        "axes": axes,
        **_learned(draw, shape[-axes:], "weight", "bias"),
        "eps": _eps(draw),
    }


def _rms(draw: Random) -> dict[str, Any]:
    given = _layer(draw)
    given.pop("bias", None)
    return {name: value for name, value in given.items() if name != "eps" or draw.random() < 0.5}


def _group(draw: Random) -> dict[str, Any]:
    num_groups, each = draw.randint(1, 3), draw.randint(1, 3)
    shape = (draw.randint(1, 3), num_groups * each, *_shape(draw)[2:])
    if prod(shape) == num_groups:  # refused: a single number in each group, and one sample
        shape = (2, *shape[1:])
    channels = _learned(draw, (shape[1],), "weight", "bias")
    return {"x": drawn(draw, *shape), "num_groups": num_groups, **channels, "eps": _eps(draw)}


def _instance(draw: Random) -> dict[str, Any]:
    shape = (*_shape(draw)[:2], draw.randint(2, 5), *_shape(draw)[:1])
    return {"x": drawn(draw, *shape), **_learned(draw, (shape[1],), "weight", "bias"), "eps": _eps(draw)}


def _annotated(draw: Random) -> dict[str, Any]:
    size = draw.randint(2, 8)
    return {name: drawn(draw, size) for name in ("row", "a_2", "b_2")} | {"eps": _eps(draw)}


def _tensors(given: dict[str, Any]) -> dict[str, Any]:
    """Tensors for what is nested; imports stay inside, for the unit tests have no PyTorch."""
    import torch

    return {
        name: torch.tensor(value, dtype=torch.float64) if isinstance(value, tuple) else value
        for name, value in given.items()
    }


def _torch_batch(**given: Any) -> Any:
    from torch.nn import functional

    known = _tensors(given)
    output = functional.batch_norm(known.pop("x"), **known)
    return {"output": output, "running_mean": known["running_mean"], "running_var": known["running_var"]}


def _torch_layer(axes: int, **given: Any) -> Any:
    from torch.nn import functional

    return functional.layer_norm(normalized_shape=shape_of(given["x"])[-axes:], **_renamed(given))


def _torch_rms(axes: int, **given: Any) -> Any:
    from torch.nn import functional

    return functional.rms_norm(normalized_shape=shape_of(given["x"])[-axes:], **_renamed(given))


def _torch_group(**given: Any) -> Any:
    from torch.nn import functional

    return functional.group_norm(**_renamed(given))


def _torch_instance(**given: Any) -> Any:
    from torch.nn import functional

    return functional.instance_norm(**_renamed(given))


def _renamed(given: dict[str, Any]) -> dict[str, Any]:
    known = _tensors(given)
    return {"input": known.pop("x"), **known}


def _torch_annotated(**given: Any) -> Any:
    """As https://nlp.seas.harvard.edu/annotated-transformer/ has it."""
    known = _tensors(given)
    x = known["row"]
    return known["a_2"] * (x - x.mean(-1, keepdim=True)) / (x.std(-1, keepdim=True) + known["eps"]) + known["b_2"]


CASES = {
    "batch_norm": Case(_batch, normalize.batch_norm, _torch_batch),
    "layer_norm": Case(_layer, normalize.layer_norm, _torch_layer),
    "rms_norm": Case(_rms, normalize.rms_norm, _torch_rms),
    "group_norm": Case(_group, normalize.group_norm, _torch_group),
    "instance_norm": Case(_instance, normalize.instance_norm, _torch_instance),
    "annotated_layer_norm": Case(_annotated, normalize.annotated_layer_norm, _torch_annotated),
}


def _layer_truth(given: dict[str, Any]) -> Any:
    if "a_2" in given:
        rest = {name: given[name] for name in ("a_2", "b_2", "eps")}
        return [normalize.annotated_layer_norm(row, **rest) for row in given["x"]]
    rest = {name: value for name, value in given.items() if name != "normalized_shape"}
    return normalize.layer_norm(axes=len(given.get("normalized_shape", [0])), **rest)


def _keras_batch(given: dict[str, Any]) -> Any:
    found = normalize.keras_batch_norm(given["x"], **given["weights"], **given["call"])
    return {"output": found.pop("output"), "after": found}


def _keras_layer(given: dict[str, Any]) -> Any:
    weights = given["weights"]
    return normalize.layer_norm(given["x"], 1, weights["gamma"], weights["beta"], 1e-3)


TRUTH = {
    "layer_norm": _layer_truth,
    "rms_norm": lambda given: normalize.rms_norm(**given),
    "batch_norm": lambda given: normalize.batch_norm(**given),
    "group_norm": lambda given: normalize.group_norm(**given),
    "instance_norm": lambda given: normalize.instance_norm(**given),
    "keras_layer_norm": _keras_layer,
    "keras_batch_norm": _keras_batch,
}
