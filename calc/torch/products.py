"""Functions that multiply and add up: what costs multiply-adds."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod
from typing import Any

from calc.torch import extents
from calc.torch.dtypes import promoted
from calc.torch.extents import broadcast, refuse
from calc.torch.tensor import Tensor


class Counted(Tensor):
    """A result that says what it cost; the recorder takes the number off it."""

    macs: int = 0


def counted(one: Tensor, other: Tensor, shape: Sequence[int], macs: int) -> Tensor:
    """The result of a product of two tensors."""
    if one.dtype.category != other.dtype.category:
        refuse(f"both tensors must hold the same kind of numbers, and hold {one.dtype} and {other.dtype}")
    made = Counted(shape, promoted(one.dtype, other.dtype))
    made.requires_grad = one.requires_grad or other.requires_grad
    made.macs = macs
    return made


def matmul(input: Tensor, other: Tensor) -> Tensor:
    """The matrix product; leading axes are a batch."""
    return counted(input, other, *extents.product(input._shape, other._shape))


def _of_rank(name: str, rank: int, *tensors: Tensor) -> None:
    for each in tensors:
        if each.ndim != rank:
            refuse(f"{name} takes tensors of {rank} axes, and got {each._shape}", "matmul takes any")


def mm(input: Tensor, mat2: Tensor) -> Tensor:
    """The product of two matrices."""
    _of_rank("mm", 2, input, mat2)
    return matmul(input, mat2)


def bmm(input: Tensor, mat2: Tensor) -> Tensor:
    """The products of two batches of matrices."""
    _of_rank("bmm", 3, input, mat2)
    if input._shape[0] != mat2._shape[0]:
        refuse(f"bmm of {input._shape} and {mat2._shape}: the batches must be equally large")
    return matmul(input, mat2)


def mv(input: Tensor, vec: Tensor) -> Tensor:
    """A matrix and a vector."""
    return matmul(input, vec)


def dot(input: Tensor, other: Tensor) -> Tensor:
    """The sum of products of two vectors."""
    _of_rank("dot", 1, input, other)
    return matmul(input, other)


def outer(input: Tensor, vec2: Tensor) -> Tensor:
    """Every product of two vectors' entries."""
    _of_rank("outer", 1, input, vec2)
    return counted(input, vec2, (*input._shape, *vec2._shape), 0)


def baddbmm(input: Tensor, batch1: Tensor, batch2: Tensor, **options: Any) -> Tensor:
    """A batch of products, added to a tensor."""
    made = bmm(batch1, batch2)
    broadcast(input._shape, made._shape)
    return made


def addmm(input: Tensor, mat1: Tensor, mat2: Tensor, **options: Any) -> Tensor:
    """A product, added to a tensor."""
    made = mm(mat1, mat2)
    broadcast(input._shape, made._shape)
    return made


def einsum(equation: str, *operands: Any) -> Tensor:
    """Einstein's sum."""
    if len(operands) == 1 and isinstance(operands[0], (list, tuple)):
        operands = tuple(operands[0])
    shape, macs = extents.einsum(equation, [each._shape for each in operands])
    made = counted(operands[0], operands[-1], shape, macs)
    return made


def linear(input: Tensor, weight: Tensor, bias: Tensor | None = None) -> Tensor:
    """Weighted sums of the last axis: (..., n) by weight (m, n) is (..., m)."""
    inner = weight._shape[-1]
    if not input._shape or input._shape[-1] != inner:
        refuse(f"linear: the input {input._shape} must end in {inner}, as the weight {weight._shape} does")
    shape = (*input._shape[:-1], *weight._shape[:-1])
    return counted(input, weight, shape, prod(input._shape) * prod(weight._shape[:-1]))


def attention(
    query: Tensor, key: Tensor, value: Tensor, attn_mask: Tensor | None = None, *options: Any, **named: Any
) -> Tensor:
    """`F.scaled_dot_product_attention`: (…, L, E), (…, S, E), (…, S, V) is (…, L, V)."""
    if query._shape[-1] != key._shape[-1]:
        refuse(f"attention: query {query._shape} and key {key._shape} must have equally wide heads")
    if key._shape[-2] != value._shape[-2]:
        refuse(f"attention: key {key._shape} and value {value._shape} must have as many positions")
    heads = key._shape[:-2]
    if named.get("enable_gqa") and len(query._shape) > 3:
        if query._shape[-3] % key._shape[-3]:
            refuse(f"attention: {query._shape[-3]} query heads must be a multiple of {key._shape[-3]} key heads")
        heads = query._shape[:-2]
    batch = broadcast(query._shape[:-2], heads, heads if named.get("enable_gqa") else value._shape[:-2])
    length, positions = query._shape[-2], key._shape[-2]
    if attn_mask is not None:
        broadcast(attn_mask._shape, (*batch, length, positions))
    macs = prod(batch) * length * positions * (query._shape[-1] + value._shape[-1])
    return counted(query, value, (*batch, length, value._shape[-1]), macs)
