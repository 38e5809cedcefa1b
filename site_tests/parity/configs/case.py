"""A configuration of a layer, and the pieces that random ones are drawn from."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from typing import Any, TypeAlias

Input: TypeAlias = "tuple[int, ...] | dict[str, Any]"


@dataclass(frozen=True)
class Case:
    """A layer's name and arguments, its input, and other arguments of the call.

    `input` is a shape, or a dictionary of shapes where the call takes several
    tensors (or one that is not called "input"); a pair of states is a tuple of
    shapes. In `call`, a tuple under the name of an input is a tensor's shape.
    """

    layer: str
    arguments: dict[str, Any]
    input: Input
    call: dict[str, Any] = field(default_factory=dict)
    training: bool = True


def per_axis(rng: random.Random, spatial: int, low: int, high: int) -> int | tuple[int, ...]:
    """One number, or a tuple with one for each axis."""
    if rng.random() < 0.6:
        return rng.randint(low, high)
    return tuple(rng.randint(low, high) for _ in range(spatial))


def some(rng: random.Random, arguments: dict[str, Any], chance: float = 0.6) -> dict[str, Any]:
    """A part of the arguments, so that defaults are tested too."""
    return {name: value for name, value in arguments.items() if rng.random() < chance}


def image(rng: random.Random, spatial: int, channels: int, longest: int = 9) -> tuple[int, ...]:
    """An input shape, with or without a batch axis, once in a while with an empty batch."""
    sizes = tuple(rng.randint(1, max(longest - 2 * (spatial - 1), 4)) for _ in range(spatial))
    batch = rng.choice([(), (0,), (1,), (1,), (1,), (2,), (2,), (3,)])
    return (*batch, channels, *sizes)


def anything(rng: random.Random, longest: int) -> tuple[int, ...]:
    """A shape of any rank, with an empty axis now and then."""
    return tuple(rng.choice([0, 1, 1, 2, 3, 4, 5]) for _ in range(rng.randint(0, longest)))
