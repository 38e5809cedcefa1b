"""Which functions there are, under `torch.` and as methods of a tensor; each writes down that it was called."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from math import prod
from typing import Any

from calc.absent import Absent
from calc.errors import CalcError
from calc.torch import creation, indexing, pointwise, products, reductions, sights, tape, views, words
from calc.torch.dtypes import ALIASES, NAMED, Device, DType
from calc.torch.extents import axis, broadcast
from calc.torch.mistaken import with_makers
from calc.torch.products import Counted
from calc.torch.tensor import CPU, Size, Tensor, tensors_in

Function = Callable[..., Any]

SHARED: dict[str, Function] = {
    **{name: pointwise.binary(name) for name in pointwise.BINARY},
    **{name: pointwise.unary(name) for name in pointwise.UNARY},
    **{
        name: getattr(views, name)
        for name in words(
            "reshape flatten unflatten unsqueeze squeeze permute transpose movedim t broadcast_to "
            "repeat_interleave roll flip gather index_select tril triu diag"
        )
    },
    **{name: getattr(indexing, name) for name in words("split chunk unbind narrow select")},
    **{name: getattr(products, name) for name in words("matmul mm bmm mv dot outer baddbmm addmm")},
    "subtract": pointwise.binary("sub"),
    "multiply": pointwise.binary("mul"),
    "divide": pointwise.binary("div"),
    "true_divide": pointwise.binary("div"),
    "swapaxes": views.transpose,
    "argsort": views.argsorted,
    "where": pointwise.where,
    "masked_fill": pointwise.masked_fill,
    "clamp": pointwise.clamp,
    "clip": pointwise.clamp,
    "lerp": pointwise.lerp,
    "sum": reductions.total,
    "mean": reductions.mean,
    "prod": reductions.prod,
    "std": reductions.spreading,
    "var": reductions.spreading,
    "norm": reductions.norm,
    "any": reductions.truth,
    "all": reductions.truth,
    "max": reductions.extreme(max, pointwise.binary("maximum")),
    "min": reductions.extreme(min, pointwise.binary("minimum")),
    "amax": reductions.largest,
    "amin": reductions.largest,
    "argmax": reductions.position,
    "argmin": reductions.position,
    "median": reductions.extreme(max, pointwise.binary("maximum")),
    "logsumexp": reductions.total,
    "cumsum": reductions.cumulative,
    "cumprod": reductions.along,
    "softmax": reductions.softmax,
    "log_softmax": reductions.softmax,
    "diff": reductions.diff,
    "topk": reductions.topk,
    "sort": reductions.sort,
}
"""Functions whose first argument is a tensor, which are methods as well."""

FREE: dict[str, Function] = {
    **{
        name: getattr(creation, name)
        for name in words(
            "tensor full zeros ones empty randint randperm arange linspace eye zeros_like ones_like "
            "empty_like full_like"
        )
    },
    "rand": creation.empty,
    "randn": creation.empty,
    "rand_like": creation.empty_like,
    "randn_like": creation.empty_like,
    "as_tensor": creation.tensor,
    "meshgrid": creation.meshgrid,
    "cat": views.cat,
    "concat": views.cat,
    "concatenate": views.cat,
    "stack": views.stack,
    "einsum": products.einsum,
    "cdist": reductions.cdist,
    "var_mean": reductions.var_mean,
    "dropout": pointwise.dropout,
    "bernoulli": pointwise.same,
    "normal": pointwise.same,
    "broadcast_tensors": lambda *given: tuple(
        views.expand(each, broadcast(*(one._shape for one in given))) for each in given
    ),
}
"""Functions of `torch.` alone."""

METHODS: dict[str, Function] = {
    "view": views.view,
    "view_as": views.view_as,
    "reshape_as": views.view_as,
    "expand": views.expand,
    "expand_as": views.expand_as,
    "repeat": views.repeat,
    "unfold": views.unfold,
    **{name: getattr(creation, name) for name in ["new_full", "new_zeros", "new_ones", "new_empty", "new_tensor"]},
    "type_as": lambda input, other: creation.to_kind(input, other.dtype),
    "__getitem__": indexing.index,
}
"""Methods of a tensor alone."""

OPERATORS = {
    "__add__": "add", "__sub__": "sub", "__mul__": "mul", "__truediv__": "div", "__floordiv__": "floor_divide",
    "__mod__": "remainder", "__pow__": "pow", "__matmul__": "matmul", "__eq__": "eq", "__ne__": "ne", "__lt__": "lt",
    "__le__": "le", "__gt__": "gt", "__ge__": "ge", "__and__": "bitwise_and", "__or__": "bitwise_or",
    "__xor__": "bitwise_xor", "__neg__": "neg", "__invert__": "bitwise_not", "__abs__": "abs",
}  # fmt: skip
"""Operators, and the functions that they stand for."""

SWAPPED = ("add", "sub", "mul", "div", "floor_divide", "pow", "matmul")
"""Operators that may stand behind a number."""


def recorded(kind: str, function: Function) -> Function:
    """The function, written down on the tape with what it cost."""

    @wraps(function)
    def call(*args: Any, **kwargs: Any) -> Any:
        running = tape.current
        with running.hushed():
            try:
                output = function(*args, **kwargs)
            except CalcError as error:
                if type(error) is not CalcError:
                    raise
                raise with_makers(error, tensors_in((args, kwargs))) from None
        inputs, made = tensors_in((args, kwargs)), tensors_in(output) if isinstance(output, (Tensor, tuple)) else ()
        for each in made:
            if not each.sights:
                each.sights = sights.through_function(inputs, each)
        if made:
            macs = output.macs if isinstance(output, Counted) else 0
            running.note(kind, inputs, output, macs, given=(args, kwargs))
            if inputs and (kwargs.get("inplace") or kind.endswith("_")):
                inputs[0].sources = made[0].sources
        return output

    return call


def in_place(name: str, function: Function) -> Function:
    """The function, with its result in the tensor itself; the shape must stay."""

    def call(input: Tensor, *args: Any, **kwargs: Any) -> Tensor:
        made = function(input, *args, **kwargs)
        if made._shape != input._shape:
            raise CalcError(
                f"{name}_ on a tensor of shape {input._shape} would make it {made._shape}", hint=f"use {name} instead"
            )
        if made.dtype.category > input.dtype.category:
            raise CalcError(
                f"{name}_ on a tensor of {input.dtype.name} would make it {made.dtype.name}", hint=f"use {name} instead"
            )
        input.values = made.values
        return input

    return call


def fill(input: Tensor, *args: Any, **kwargs: Any) -> Tensor:
    """Other numbers in the same tensor, which nobody asks for: `zero_`, `normal_`, `copy_`."""
    for each in args:
        if isinstance(each, Tensor):
            broadcast(input._shape, each._shape)
            input.sources = (*input.sources, *each.sources)
    input.values = None
    return input


def to(input: Tensor, *args: Any, **kwargs: Any) -> Tensor:
    """Another kind of numbers; another place makes no difference here."""
    for each in (*args, *kwargs.values()):
        if isinstance(each, Tensor):
            return creation.to_kind(input, each.dtype)
        if isinstance(each, DType):
            return creation.to_kind(input, each)
    return input


def size(input: Tensor, dim: int | None = None) -> Any:
    """The shape, or the size of one axis."""
    return Size(input._shape) if dim is None else input._shape[axis(dim, input.ndim)]


def tolist(input: Tensor) -> Any:
    """The numbers in nested lists."""
    values = input.known("tolist()")
    for length in reversed(input._shape[1:]):
        values = [values[at : at + length] for at in range(0, len(values), length)] if length else []
    return values if input._shape else values[0]


def _itself(input: Tensor, *args: Any, **kwargs: Any) -> Tensor:
    return input


def requires_grad(input: Tensor, requires_grad: bool = True) -> Tensor:
    """Whether training changes it."""
    input.requires_grad = requires_grad
    return input


PLAIN: dict[str, Function] = {
    "size": size,
    "dim": lambda input: input.ndim,
    "ndimension": lambda input: input.ndim,
    "numel": lambda input: prod(input._shape),
    "nelement": lambda input: prod(input._shape),
    "element_size": lambda input: input.dtype.size,
    "item": lambda input: input._number(),
    "tolist": tolist,
    "numpy": lambda input, **options: Absent("an array of NumPy", cause="numpy is not at hand here"),
    "to": to,
    "type": to,
    "requires_grad_": requires_grad,
    "is_floating_point": lambda input: input.dtype.is_floating_point,
    "is_contiguous": lambda input, **options: True,
    "get_device": lambda input: -1,
    "__setitem__": indexing.assign,
    "__deepcopy__": lambda input, memo: _copied(input),
    **dict.fromkeys(("cpu", "cuda", "backward", "retain_grad", "share_memory_", "pin_memory"), _itself),
    **dict.fromkeys(
        words(
            "zero_ fill_ normal_ uniform_ bernoulli_ copy_ random_ exponential_ trunc_normal_ index_fill_ "
            "scatter_ scatter_add_ index_add_ masked_scatter_"
        ),
        fill,
    ),
}
"""Methods that are no steps of a computation."""


def _copied(input: Tensor) -> Tensor:
    made = type(input).__new__(type(input))
    made.__dict__.update(input.__dict__)
    made.values = list(input.values) if input.values is not None else None
    return made


def attach() -> None:
    """Put every method on the tensor."""
    for name, function in {**SHARED, **METHODS}.items():
        setattr(Tensor, name, recorded(f"Tensor.{name}", function))
    for name in (
        *pointwise.BINARY,
        *pointwise.UNARY,
        "masked_fill",
        "clamp",
        "squeeze",
        "unsqueeze",
        "transpose",
        "lerp",
    ):
        setattr(Tensor, f"{name}_", recorded(f"Tensor.{name}_", in_place(name, SHARED[name])))
    for name, function in PLAIN.items():
        setattr(Tensor, name, function)
    for sign, name in OPERATORS.items():
        setattr(Tensor, sign, recorded(f"Tensor.{name}", SHARED[name]))
    for name in SWAPPED:
        sign = next(sign for sign, each in OPERATORS.items() if each == name)
        turned = _turned(SHARED[name])
        setattr(Tensor, f"__r{sign[2:]}", recorded(f"Tensor.{name}", turned))
        if name != "matmul":  # @= makes a new tensor
            setattr(Tensor, f"__i{sign[2:]}", recorded(f"Tensor.{name}_", in_place(name, SHARED[name])))
    for name in (*NAMED, *ALIASES):
        if name not in ("bool",) and not hasattr(Tensor, name):
            setattr(Tensor, name, lambda input, kind=NAMED[name]: creation.to_kind(input, kind))
    Tensor.bool = lambda input: creation.to_kind(input, NAMED["bool"])  # type: ignore[attr-defined]
    turned = recorded("Tensor.T", lambda input: views.permute(input, *reversed(range(input.ndim))))
    Tensor.T = property(turned)  # type: ignore[attr-defined]
    Tensor.mT = property(recorded("Tensor.mT", lambda input: views.transpose(input, -2, -1)))  # type: ignore[attr-defined]
    Tensor.itemsize = property(lambda input: input.dtype.size)  # type: ignore[attr-defined]


def _turned(function: Function) -> Function:
    return lambda input, other: function(other, input)


def device(*args: Any) -> Device:
    """A place, of which there is only one here."""
    if not args:
        return CPU
    name, _, index = str(args[0]).partition(":")
    return Device(name, int(index) if index else args[1] if len(args) > 1 else None)


attach()
