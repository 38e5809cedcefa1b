"""Which calls make new memory, and which look at what is there: views, calls in place, and all others.

The calls of a tape are gone through in their order. Each tensor lies in a storage with so many
steps from one place to the next along each axis; a view lies in the storage of what it looks
at. Whether `reshape` is a view or a copy follows from the steps, as in PyTorch.

Source: PyTorch documentation, "Tensor Views"; `computeStride` of ATen/TensorUtils.cpp and
`TensorIteratorBase::reorder_dimensions` of ATen/TensorIterator.cpp.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from math import prod
from typing import Any

from calc.layers.activation import Activation
from calc.torch.looks import (
    DROPS,
    EACH_BY_ITSELF,
    LOOKS,
    SAME,
    SPREAD,
    VIEWS,
    base_name,
    is_packed,
    spread_steps,
    writes_over,
)
from calc.torch.strides import Steps, laid_out_like, packed, restrided
from calc.torch.tape import Call
from calc.torch.tensor import Tensor, tensors_in


@dataclass
class Place:
    """Where a tensor lies: the storage, and how far apart its numbers are along each axis."""

    storage: int
    steps: Steps


@dataclass
class Storages:
    """The memory that calls make: for each storage the call that made it (-1: there before) and its bytes."""

    training: bool
    width: Callable[[Tensor], int]
    maker: list[int] = field(default_factory=list)
    bytes: list[int] = field(default_factory=list)
    places: dict[int, Place] = field(default_factory=dict)

    def place(self, tensor: Tensor, maker: int = -1) -> Place:
        """Where a tensor lies; one that was not met yet lies in a storage of its own."""
        if id(tensor) not in self.places:
            self.new(tensor, maker, packed(tensor._shape))
        return self.places[id(tensor)]

    def new(self, tensor: Tensor, maker: int, steps: Steps) -> None:
        """A storage for a tensor."""
        self.maker.append(maker)
        self.bytes.append(prod(tensor._shape) * self.width(tensor))
        self.places[id(tensor)] = Place(len(self.maker) - 1, steps)

    def meet(self, at: int, call: Call) -> None:
        """A call of the tape: its results lie where their kind says.

        A tensor that it reads and nobody made on the tape was made on the way here, as by `.float()`.
        """
        given = [self.place(each, at) for each in call.inputs]
        paired = base_name(call.kind) in SPREAD
        for number, made in enumerate(tensors_in(call.output)):
            if id(made) in self.places or call.sums_up:
                self.place(made, at)
                continue
            if paired:
                own = given[number]
                self.places[id(made)] = Place(own.storage, spread_steps(call, number, own.steps, made))
                continue
            steps = self._seen(call, made, given[0].steps) if given and made.dtype is call.inputs[0].dtype else None
            if steps is not None:
                self.places[id(made)] = Place(given[0].storage, steps)
            else:
                self.new(made, at, self._layout(call, made, given))

    def _seen(self, call: Call, made: Tensor, steps: Steps) -> Steps | None:
        """The steps of a result that lies where the first input lies; None of one that is new."""
        name, shape = base_name(call.kind), call.inputs[0]._shape
        if writes_over(call, name) or name in SAME or (name in DROPS and not self._drops(call)):
            return steps if made._shape == shape else None
        look = LOOKS.get(call.kind) or (LOOKS.get(name) if not call.kind.startswith("F.") else None)
        if look:
            return look(steps, call, made)
        if name == "contiguous":
            return restrided(shape, steps, shape) if is_packed(shape, steps) else None
        return restrided(shape, steps, made._shape) if name in VIEWS else None

    def _drops(self, call: Call) -> bool:
        if call.module is not None:
            return self.training and bool(getattr(getattr(call.module, "layer", None), "p", 1))
        (args, kwargs) = call.given
        always = kwargs.get("training", args[2] if len(args) > 2 else True)
        return bool(kwargs.get("p", args[1] if len(args) > 1 else 1)) and (bool(always) or self.training)

    def _layout(self, call: Call, made: Tensor, given: Sequence[Place]) -> Steps:
        layer = getattr(call.module, "layer", None)
        each_by_itself = base_name(call.kind) in EACH_BY_ITSELF or isinstance(layer, Activation)
        operands = [(each._shape, place.steps) for each, place in zip(call.inputs, given, strict=True)]
        return laid_out_like(made._shape, operands) if each_by_itself and operands else packed(made._shape)


@dataclass(frozen=True)
class Held:
    """What calls hold: for each the bytes that it newly takes, at inference and in training; and the most at once.

    `fullest` is the largest sum, over the calls, of the storages that calls before or the call itself have
    made and that the call or a later one still reads: no order of freeing needs less.
    """

    new: tuple[int, ...]
    new_in_training: tuple[int, ...]
    fullest: int


def held(calls: Sequence[Call], before: Iterable[Tensor], output: Any, width: Callable[[Tensor], int]) -> Held:
    """The memory of a run; `before` are the inputs, parameters and buffers, which no call makes."""
    there = list(before)
    inference = training = _gone_through(calls, there, width, training=False)
    if any(base_name(call.kind) in DROPS for call in calls):
        training = _gone_through(calls, there, width, training=True)
    return Held(_by_call(calls, inference), _by_call(calls, training), _fullest(calls, inference, output))


def _gone_through(calls: Sequence[Call], there: list[Tensor], width: Any, *, training: bool) -> Storages:
    found = Storages(training, width)
    for each in there:
        found.place(each)
    for at, call in enumerate(calls):
        found.meet(at, call)
    return found


def _by_call(calls: Sequence[Call], found: Storages) -> tuple[int, ...]:
    sums = [0] * len(calls)
    for maker, size in zip(found.maker, found.bytes, strict=True):
        if maker >= 0:
            sums[maker] += size
    return tuple(sums)


def _fullest(calls: Sequence[Call], found: Storages, output: Any) -> int:
    last = list(found.maker)
    for at, call in enumerate(calls):
        for each in (*call.inputs, *tensors_in(call.output)):
            last[found.places[id(each)].storage] = at
    for each in tensors_in(output):
        if id(each) in found.places:
            last[found.places[id(each)].storage] = len(calls)
    return most_at_once(zip(found.maker, last, found.bytes, strict=True), len(calls))


def most_at_once(storages: Iterable[tuple[int, int, int]], calls: int) -> int:
    """The largest sum of bytes at a call: each storage counts from its maker to its last reader; -1 was there before.

    Examples:
        >>> most_at_once([(0, 1, 10), (1, 3, 20), (2, 3, 5)], 3)
        30
    """
    change = [0] * (calls + 2)
    for maker, until, size in storages:
        if maker >= 0:
            change[maker] += size
            change[until + 1] -= size
    return max(accumulate(change))
