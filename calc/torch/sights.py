"""What the places of a map see of the model's input, passed on from tensor to tensor."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from typing import Any

from calc.layer_base import Layer
from calc.sight import Sight, reading
from calc.torch.tensor import Sights, Tensor


def at_start(tensor: Tensor) -> Tensor:
    """An input: each place sees itself. Axes behind batch and channels are places."""
    if tensor.ndim > 2 and tensor.dtype.is_floating_point:
        tensor.sights = (Sight(),) * (tensor.ndim - 2)
    return tensor


def together(inputs: Sequence[Tensor]) -> Sights:
    """What the places of a sum or a concatenation see; None is the whole input."""
    if any(each.sights is None for each in inputs):
        return None
    given = [each.sights for each in inputs if each.sights]
    return tuple(reduce(Sight.beside, along) for along in zip(*given, strict=True)) if _alike(given) else ()


def _alike(given: Sequence[Any]) -> bool:
    return len({len(each) for each in given}) == 1


def through_layer(layer: Layer, shapes: Sequence[Any], inputs: Sequence[Tensor]) -> Sights:
    """What the places behind a layer see."""
    before = together(inputs)
    window = layer.window(*shapes)
    if before is None or window is None:
        return None
    if len(window) != len(before):
        return () if window else before
    return tuple(sight.through(reading(layer, axis, *window[axis])) for axis, sight in enumerate(before))


def through_function(inputs: Sequence[Tensor], output: Tensor) -> Sights:
    """What the places behind a function see: the same where the map keeps its size, else nothing that can be said."""
    maps = [each for each in inputs if each.sights != ()]
    if any(each.sights is None for each in maps):
        return None
    kept = all(each.shape[2:] == output.shape[2:] for each in maps) and output.ndim > 2
    return together(maps) if maps and kept else ()
