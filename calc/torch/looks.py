"""Which calls look at memory that is there, which write over it, and what their results' steps are.

Source: PyTorch documentation, "Tensor Views", and "inplace" of the functions and modules that have it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias

from calc.torch import pointwise, words
from calc.torch.strides import Steps, packed, sliced
from calc.torch.tape import Call
from calc.torch.tensor import Tensor

SAME = words("detach Identity")
"""Calls that give back what they were given."""

VIEWS = words("view view_as reshape reshape_as flatten unflatten squeeze unsqueeze contiguous Flatten Unflatten")
"""Calls that look at the same numbers with other axes; where the steps do not allow it, they copy."""

DROPS = words(
    "dropout dropout1d dropout2d dropout3d alpha_dropout feature_alpha_dropout "
    "Dropout Dropout1d Dropout2d Dropout3d AlphaDropout FeatureAlphaDropout"
)
"""Calls that make new numbers in training, and at inference give back what they were given."""

SPREAD = words("broadcast_tensors meshgrid")
"""Calls that give a view of each of their inputs."""

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
    return _repeated(steps, call.inputs[0]._shape, made)


def spread_steps(call: Call, number: int, steps: Steps, made: Tensor) -> Steps:
    """The steps of the result that looks at the input of the same number."""
    if base_name(call.kind) == "broadcast_tensors":
        return _repeated(steps, call.inputs[number]._shape, made)
    turned = call.given[1].get("indexing") == "xy" and number < 2 <= made.ndim
    along = 1 - number if turned else number
    return tuple(sum(steps) if at == along else 0 for at in range(made.ndim))


def _repeated(steps: Steps, own: Sequence[int], made: Tensor) -> Steps:
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
"""The arguments of `Tensor.unfold`, and their places."""

LOOKS: dict[str, Look] = {
    **dict.fromkeys(words("permute transpose swapaxes movedim t T mT"), _permuted),
    **dict.fromkeys(words("expand expand_as broadcast_to"), _expanded),
    **dict.fromkeys(words("split chunk narrow select unbind"), _cut),
    "Tensor.unfold": _windows,
    "Tensor.__getitem__": _indexed,
}
"""Views whose steps follow from the arguments."""


def base_name(kind: str) -> str:
    """`Tensor.add_` and `torch.add_` are both `add_`; a module's class stays.

    Examples:
        >>> base_name("Tensor.add_"), base_name("F.relu"), base_name("Conv2d")
        ('add_', 'relu', 'Conv2d')
    """
    return kind.rpartition(".")[2]


def writes_over(call: Call, name: str) -> bool:
    """Whether a call puts its result where its first input lies."""
    if call.module is not None:
        return bool(getattr(getattr(call.module, "layer", None), "inplace", False))
    if name.endswith("_") and not name.endswith("__"):
        return True
    (args, kwargs) = call.given
    place = IN_PLACE_AT.get(name)
    return bool(kwargs.get("inplace", args[place] if place is not None and len(args) > place else False))


def is_packed(shape: Sequence[int], steps: Steps) -> bool:
    """Whether numbers lie without gaps in the order of the axes; an axis of size 1 has no say."""
    return all(size == 1 or one == other for size, one, other in zip(shape, steps, packed(shape), strict=True))
