"""Functions that act on each number by itself."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable
from typing import Any

from calc.torch.dtypes import FLOAT, TRUTH, WHOLE, DType, promoted, with_number
from calc.torch.extents import broadcast, refuse
from calc.torch.tensor import Tensor, computed, like, spread

BINARY: dict[str, tuple[Callable[[Any, Any], Any], str]] = {
    "add": (operator.add, "same"),
    "sub": (operator.sub, "same"),
    "mul": (operator.mul, "same"),
    "div": (operator.truediv, "float"),
    "floor_divide": (operator.floordiv, "same"),
    "remainder": (operator.mod, "same"),
    "fmod": (math.fmod, "same"),
    "pow": (operator.pow, "same"),
    "maximum": (max, "same"),
    "minimum": (min, "same"),
    "atan2": (math.atan2, "float"),
    "eq": (operator.eq, "bool"),
    "ne": (operator.ne, "bool"),
    "lt": (operator.lt, "bool"),
    "le": (operator.le, "bool"),
    "gt": (operator.gt, "bool"),
    "ge": (operator.ge, "bool"),
    "logical_and": (lambda one, other: bool(one) and bool(other), "bool"),
    "logical_or": (lambda one, other: bool(one) or bool(other), "bool"),
    "logical_xor": (lambda one, other: bool(one) != bool(other), "bool"),
    "bitwise_and": (operator.and_, "same"),
    "bitwise_or": (operator.or_, "same"),
    "bitwise_xor": (operator.xor, "same"),
}
"""Functions of two numbers, and what kind of numbers comes out: the common one, fractions, or True and False."""

UNARY: dict[str, tuple[Callable[[Any], Any] | None, str]] = {
    "neg": (operator.neg, "same"),
    "abs": (abs, "same"),
    "floor": (math.floor, "same"),
    "ceil": (math.ceil, "same"),
    "round": (round, "same"),
    "trunc": (math.trunc, "same"),
    "sign": (lambda number: (number > 0) - (number < 0), "same"),
    "square": (lambda number: number * number, "same"),
    "exp": (math.exp, "float"),
    "expm1": (math.expm1, "float"),
    "log": (math.log, "float"),
    "log2": (math.log2, "float"),
    "log10": (math.log10, "float"),
    "log1p": (math.log1p, "float"),
    "sqrt": (math.sqrt, "float"),
    "rsqrt": (lambda number: 1 / math.sqrt(number), "float"),
    "reciprocal": (lambda number: 1 / number, "float"),
    "sin": (math.sin, "float"),
    "cos": (math.cos, "float"),
    "tan": (math.tan, "float"),
    "tanh": (math.tanh, "float"),
    "erf": (math.erf, "float"),
    "sigmoid": (lambda number: 1 / (1 + math.exp(-number)), "float"),
    "relu": (lambda number: max(number, 0), "same"),
    "logical_not": (lambda number: not number, "bool"),
    "bitwise_not": (lambda number: not number if isinstance(number, bool) else ~number, "same"),
    "isnan": (lambda number: number != number, "bool"),
    "isinf": (lambda number: abs(number) == math.inf, "bool"),
    "isfinite": (math.isfinite, "bool"),
    "clone": (lambda number: number, "same"),
    "detach": (lambda number: number, "same"),
    "contiguous": (lambda number: number, "same"),
}
"""Functions of one number."""


def binary(name: str) -> Callable[..., Tensor]:
    """A function of two tensors, or of a tensor and a number."""
    function, gives = BINARY[name]

    def apply(input: Any, other: Any, **options: Any) -> Tensor:
        if options.get("rounding_mode"):
            return binary("floor_divide")(input, other)
        alpha = options.get("alpha", 1)
        if alpha != 1:
            other = binary("mul")(other, alpha)
        one, two, dtype = _pair(input, other, name)
        shape = broadcast(one._shape, two._shape)
        values = computed(function, spread(one, shape), spread(two, shape))
        made = Tensor(shape, _kind(dtype, gives), values)
        made.requires_grad = one.requires_grad or two.requires_grad
        return made

    return apply


def unary(name: str) -> Callable[..., Tensor]:
    """A function of one tensor."""
    function, gives = UNARY[name]

    def apply(input: Tensor, **options: Any) -> Tensor:
        input = tensor_of(input, name)
        values = computed(function, input.values) if function else None
        return like(input, input._shape, _kind(input.dtype, gives), values)

    return apply


def tensor_of(value: Any, name: str) -> Tensor:
    """A tensor, or an error that says what was given instead."""
    if not isinstance(value, Tensor):
        refuse(f"{name} takes a tensor, and got {type(value).__name__} {value!r:.40}")
    return value


def _pair(one: Any, other: Any, name: str) -> tuple[Tensor, Tensor, DType]:
    if isinstance(one, Tensor) and isinstance(other, Tensor):
        # A tensor without axes counts as a number where the other one has some.
        if not one._shape and other._shape and one.dtype.category <= other.dtype.category:
            return one, other, other.dtype
        if not other._shape and one._shape and other.dtype.category <= one.dtype.category:
            return one, other, one.dtype
        return one, other, promoted(one.dtype, other.dtype)
    for tensor, number, swapped in ((one, other, False), (other, one, True)):
        if isinstance(tensor, Tensor) and isinstance(number, (bool, int, float, complex)):
            dtype = with_number(tensor.dtype, number)
            alone = Tensor((), dtype, [number])
            return (alone, tensor, dtype) if swapped else (tensor, alone, dtype)
    refuse(f"{name} takes tensors or numbers, and got {type(one).__name__} and {type(other).__name__}")


def _kind(dtype: DType, gives: str) -> DType:
    if gives == "bool":
        return TRUTH
    return FLOAT if gives == "float" and dtype.category <= WHOLE else dtype


def same(input: Tensor, *options: Any, **named: Any) -> Tensor:
    """A function that keeps shape and kind, whose values nobody asks for: activations, dropout."""
    input = tensor_of(input, "an activation")
    return like(input, input._shape)


def where(condition: Tensor, input: Any, other: Any) -> Tensor:
    """One number or the other, as the condition says."""
    one, two, dtype = _pair(input, other, "where") if not _both_numbers(input, other) else _numbers(input, other)
    shape = broadcast(condition._shape, one._shape, two._shape)
    columns = (spread(condition, shape), spread(one, shape), spread(two, shape))
    return Tensor(shape, dtype, computed(lambda yes, x, y: x if yes else y, *columns))


def _both_numbers(one: Any, other: Any) -> bool:
    return not isinstance(one, Tensor) and not isinstance(other, Tensor)


def _numbers(one: Any, other: Any) -> tuple[Tensor, Tensor, DType]:
    first = Tensor((), FLOAT, [one])
    dtype = with_number(with_number(TRUTH, one), other)
    return Tensor((), dtype, first.values), Tensor((), dtype, [other]), dtype


def masked_fill(input: Tensor, mask: Tensor, value: Any) -> Tensor:
    """`value` where the mask is True."""
    if mask.dtype is not TRUTH:
        refuse(f"masked_fill takes a mask of bool, and got {mask.dtype}", "compare first, as in mask == 0")
    shape = broadcast(input._shape, mask._shape)
    number = value if isinstance(value, Tensor) else Tensor((), input.dtype, [value])
    columns = (spread(input, shape), spread(mask, shape), spread(number, shape))
    return like(input, shape, values=computed(lambda own, yes, fill: fill if yes else own, *columns))


def clamp(input: Tensor, min: Any = None, max: Any = None) -> Tensor:
    """Numbers within bounds."""
    low, high = (bound if isinstance(bound, (int, float)) else None for bound in (min, max))

    def bounded(number: Any) -> Any:
        number = low if low is not None and number < low else number
        return high if high is not None and number > high else number

    values = None if isinstance(min, Tensor) or isinstance(max, Tensor) else computed(bounded, input.values)
    return like(input, input._shape, values=values)


def lerp(input: Tensor, end: Tensor, weight: Any) -> Tensor:
    """Between two tensors."""
    shapes = [input._shape, end._shape, *([weight._shape] if isinstance(weight, Tensor) else [])]
    return like(input, broadcast(*shapes))


def dropout(input: Tensor, p: float = 0.5, training: bool = True, inplace: bool = False) -> Tensor:
    """Zeros by chance: the shape stays."""
    if not 0 <= p <= 1:
        refuse(f"dropout: p (={p}) must be from 0 to 1")
    return like(input, input._shape)
