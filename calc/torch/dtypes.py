"""What kind of numbers a tensor holds, where it would be, and what comes of two kinds together.

Source: PyTorch's promotion rules, https://docs.pytorch.org/docs/stable/tensor_attributes.html.
"""

from __future__ import annotations

from dataclasses import dataclass

BOOL, WHOLE, FLOATING, COMPLEX = range(4)


@dataclass(frozen=True, repr=False)
class DType:
    """A kind of numbers: `size` in bytes, `category` in the order in which categories win over each other."""

    name: str
    size: int
    category: int

    @property
    def is_floating_point(self) -> bool:
        """Whether it holds fractions."""
        return self.category == FLOATING

    @property
    def is_complex(self) -> bool:
        """Whether it holds complex numbers."""
        return self.category == COMPLEX

    @property
    def itemsize(self) -> int:
        """Bytes of one number."""
        return self.size

    def __repr__(self) -> str:
        return f"torch.{self.name}"


@dataclass(frozen=True)
class Device:
    """Where a tensor would be; here nothing is anywhere, so that "cuda" runs, too."""

    type: str = "cpu"
    index: int | None = None

    def __str__(self) -> str:
        return self.type if self.index is None else f"{self.type}:{self.index}"

    def __eq__(self, other: object) -> bool:
        return str(self) == str(other)

    def __hash__(self) -> int:
        return hash(str(self))


DTYPES = {
    dtype.name: dtype
    for dtype in (
        DType("bool", 1, BOOL),
        DType("uint8", 1, WHOLE),
        DType("int8", 1, WHOLE),
        DType("int16", 2, WHOLE),
        DType("int32", 4, WHOLE),
        DType("int64", 8, WHOLE),
        DType("float16", 2, FLOATING),
        DType("bfloat16", 2, FLOATING),
        DType("float32", 4, FLOATING),
        DType("float64", 8, FLOATING),
        DType("complex64", 8, COMPLEX),
        DType("complex128", 16, COMPLEX),
    )
}
ALIASES = {
    "half": "float16",
    "float": "float32",
    "double": "float64",
    "short": "int16",
    "int": "int32",
    "long": "int64",
    "cfloat": "complex64",
}
NAMED = DTYPES | {alias: DTYPES[name] for alias, name in ALIASES.items()}
"""Every name that stands for a kind of numbers."""

FLOAT, LONG, TRUTH = DTYPES["float32"], DTYPES["int64"], DTYPES["bool"]


def promoted(one: DType, other: DType) -> DType:
    """What two tensors of these kinds give together."""
    if one.category != other.category:
        return max(one, other, key=lambda dtype: dtype.category)
    if {one.name, other.name} == {"float16", "bfloat16"}:
        return FLOAT
    if {one.name, other.name} == {"uint8", "int8"}:
        return DTYPES["int16"]
    return max(one, other, key=lambda dtype: dtype.size)


def with_number(dtype: DType, number: object) -> DType:
    """What a tensor and a plain Python number give: the number only decides by its category."""
    category = {bool: BOOL, int: WHOLE, float: FLOATING, complex: COMPLEX}[type(number)]
    if category <= dtype.category:
        return dtype
    return {WHOLE: LONG, FLOATING: FLOAT, COMPLEX: DTYPES["complex64"]}[category]


def of_number(number: object) -> DType:
    """What a Python number becomes in a tensor of its own."""
    return {bool: TRUTH, int: LONG, float: FLOAT, complex: DTYPES["complex64"]}[type(number)]
