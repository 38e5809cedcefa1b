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
from typing import Any, TypeAlias

from calc.layers.activation import Activation
from calc.torch import pointwise, words
from calc.torch.strides import Steps, laid_out_like, packed, restrided, sliced
from calc.torch.tape import Call
from calc.torch.tensor import Tensor, tensors_in

SAME = words("detach Identity")
"""Calls that give back what they were given."""

VIEWS = words("view view_as reshape reshape_as flatten unflatten squeeze unsqueeze contiguous Flatten Unflatten")
"""Calls that look at the same numbers with other axes; where the steps do not allow it, they copy."""

DROPS = words(
    "dropout dropout1d dropout2d dropout3d alpha_dropout feature_alpha_dropout "
    "Dropout Dropout1d Dropout2d Dropout3d AlphaDropout FeatureAlphaDropout"
)
"""Calls that make new numbers in training, and at inference give back what they were given."""

IN_PLACE_AT = {
    "relu": 1, "relu6": 1, "selu": 1, "silu": 1, "mish": 1, "hardswish": 1, "hardsigmoid": 1, "leaky_relu": 2,
    "elu": 2, "celu": 2, "hardtanh": 3, "threshold": 3, "dropout": 3, "alpha_dropout": 3, "rrelu": 4,
}  # fmt: skip
"""Functions that may write over their input, and the place of `inplace` among their arguments."""

EACH_BY_ITSELF = (
    {*pointwise.BINARY, *pointwise.UNARY, *IN_PLACE_AT}
    | set(
        words(
            "where masked_fill clamp clip lerp gelu softplus softsign logsigmoid multiply subtract divide true_divide"
        )
    )
) - {"contiguous"}
"""Functions of single numbers: what they make is laid out as what they are given."""

Look: TypeAlias = "Callable[[Steps, Call, Tensor], Steps | None]"
"""From the steps of what is looked at to those of one result; None where it has to be copied."""


def _permuted(steps: Steps, call: Call, made: Tensor) -> Steps | None:
    name, (args, kwargs), rank = base_name(call.kind), call.given, len(steps)
    given = [*args[1:], *(each for key, each in kwargs.items() if key != "input")]
    order = list(range(rank))
    if name in ("T", "mT", "t"):
        order = order[::-1] if name != "mT" else [*order[:-2], order[-1], order[-2]]
    elif name == "permute":
        order = [int(each) for each in (given[0] if isinstance(given[0], (tuple, list)) else given)]
    elif name == "movedim":
        source, destination = (int(each) % rank for each in given)
        order.insert(destination, order.pop(source))
    elif order:
        one, other = (int(each) % rank for each in given)
        order[one], order[other] = order[other], order[one]
    return tuple(steps[at] for at in order)


def _expanded(steps: Steps, call: Call, made: Tensor) -> Steps | None:
    own = call.inputs[0]._shape
    missing = made.ndim - len(own)
    inner = [0 if size != wide else step for size, wide, step in zip(own, made._shape[missing:], steps, strict=True)]
    return (*(0,) * missing, *inner)


def _cut(steps: Steps, call: Call, made: Tensor) -> Steps | None:
    if made.ndim == len(steps):
        return steps
    (args, kwargs) = call.given
    at = int(kwargs.get("dim", args[1] if len(args) > 1 else 0)) % len(steps)
    return (*steps[:at], *steps[at + 1 :])


def _indexed(steps: Steps, call: Call, made: Tensor) -> Steps | None:
    return sliced(steps, call.given[0][1])


def _windows(steps: Steps, call: Call, made: Tensor) -> Steps | None:
    (args, kwargs) = call.given
    at, _, step = (kwargs.get(name, args[place] if len(args) > place else None) for place, name in WINDOW)
    at = int(at) % len(steps)
    return (*steps[:at], steps[at] * int(step), *steps[at + 1 :], steps[at])


WINDOW = ((1, "dimension"), (2, "size"), (3, "step"))


LOOKS: dict[str, Look] = {
    **dict.fromkeys(words("permute transpose swapaxes movedim t T mT"), _permuted),
    **dict.fromkeys(words("expand expand_as broadcast_to"), _expanded),
    **dict.fromkeys(words("split chunk narrow select unbind"), _cut),
    "Tensor.unfold": _windows,
    "Tensor.__getitem__": _indexed,
}
"""Views whose steps follow from the arguments."""


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
        for made in tensors_in(call.output):
            if id(made) in self.places or call.sums_up:
                self.place(made, at)
                continue
            steps = self._seen(call, made, given[0].steps) if given and made.dtype is call.inputs[0].dtype else None
            if steps is not None:
                self.places[id(made)] = Place(given[0].storage, steps)
            else:
                self.new(made, at, self._layout(call, made, given))

    def _seen(self, call: Call, made: Tensor, steps: Steps) -> Steps | None:
        """The steps of a result that lies where the first input lies; None of one that is new."""
        name, shape = base_name(call.kind), call.inputs[0]._shape
        if _writes_over(call, name) or name in SAME or (name in DROPS and not self._drops(call)):
            return steps if made._shape == shape else None
        look = LOOKS.get(call.kind) or (LOOKS.get(name) if not call.kind.startswith("F.") else None)
        if look:
            return look(steps, call, made)
        if name == "contiguous":
            return restrided(shape, steps, shape) if _is_packed(shape, steps) else None
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


def base_name(kind: str) -> str:
    """`Tensor.add_` and `torch.add_` are both `add_`; a module's class stays.

    Examples:
        >>> base_name("Tensor.add_"), base_name("F.relu"), base_name("Conv2d")
        ('add_', 'relu', 'Conv2d')
    """
    return kind.rpartition(".")[2]


def _writes_over(call: Call, name: str) -> bool:
    if call.module is not None:
        return bool(getattr(getattr(call.module, "layer", None), "inplace", False))
    if name.endswith("_") and not name.endswith("__"):
        return True
    (args, kwargs) = call.given
    place = IN_PLACE_AT.get(name)
    return bool(kwargs.get("inplace", args[place] if place is not None and len(args) > place else False))


def _is_packed(shape: Sequence[int], steps: Steps) -> bool:
    return all(size == 1 or one == other for size, one, other in zip(shape, steps, packed(shape), strict=True))
