"""What goes into a layer, what comes out, and what it keeps: shapes, and named tensors."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import prod
from typing import Any, TypeAlias

from calc.knob import Extents, Unfit, shape_text

Shape: TypeAlias = tuple[int, ...]
Shapes: TypeAlias = "Shape | tuple[Shape, ...]"
Answer: TypeAlias = "Shape | tuple[Shape | None, ...]"


class Weight(tuple[str, Shape]):
    """A tensor that a layer keeps, under the framework's own name; a pair, so `dict(layer.weights())` works.

    `trainable` is False for what training leaves to running averages. `part` names
    the sub-layer that it belongs to, in layers made of layers: counts are then
    worked out part by part. `role` says what it is for in words that frameworks
    share, so that tables can put equal tensors side by side; a tensor that does the
    work of two others has both roles, joined by " + ". A `counter` holds whole
    numbers, which stay int64 whatever the format of the others.
    """

    trainable: bool
    part: str
    role: str
    counter: bool

    def __new__(
        cls, name: str, shape: Shape, *, trainable: bool = True, part: str = "", role: str = "", counter: bool = False
    ) -> Weight:
        self = super().__new__(cls, (name, shape))
        self.trainable, self.part, self.role, self.counter = trainable, part, role, counter
        return self

    @property
    def name(self) -> str:
        """The framework's name, with the path of sub-layers before it."""
        return self[0]

    @property
    def shape(self) -> Shape:
        """The shape; () holds one number."""
        return self[1]

    @property
    def size(self) -> int:
        """How many numbers it holds."""
        return prod(self.shape)

    def within(self, path: str, part: str = "") -> Weight:
        """The same tensor as a sub-layer's: its name with the path before it."""
        return Weight(
            f"{path}.{self.name}",
            self.shape,
            trainable=self.trainable,
            part=part or self.part,
            role=self.role,
            counter=self.counter,
        )

    def __repr__(self) -> str:
        return f"({self.name!r}, {self.shape!r})"


INTEGERS = ("int64", "int32", "int16", "int8", "uint8", "long", "int")


@dataclass(frozen=True)
class Port:
    """One tensor that a call takes.

    `about` is a line of prose for a reader, `dtype` the kind of numbers it holds
    ("float", "int" for indices, "bool" for masks); `optional` inputs may be left
    out; with `many` the input is a tuple of tensors.
    """

    name: str
    about: str = ""
    optional: bool = False
    dtype: str = "float"
    many: bool = False

    def clean(self, value: object) -> Shapes:
        """A shape, however it is written: a sequence, `{"shape": …, "dtype": …}`, or text as `int64[12, 4]`.

        Raises `Unfit`.
        """
        if not self.many:
            return self._one(value)
        if isinstance(value, (str, bytes, Mapping)) or not isinstance(value, Iterable):
            raise Unfit("must be a tuple of shapes", "write ((1, 3), (1, 3))")
        return tuple(self._one(each) for each in value)

    def parse(self, text: str) -> Shapes:
        """The shape that a reader typed; several are set apart by semicolons."""
        if not self.many:
            return Extents().parse(text)
        return tuple(Extents().parse(each) for each in text.split(";"))

    def _one(self, value: object) -> Shape:
        dtype = ""
        if isinstance(value, Mapping):
            dtype, value = str(value.get("dtype", "")), value.get("shape")
        elif isinstance(value, str) and (typed := re.fullmatch(r"\s*(\w+)\s*\[(.*)\]\s*", value)):
            dtype, value = typed[1], Extents().parse(typed[2]) if typed[2].strip() else ()
        if dtype and self.dtype == "int" and dtype not in INTEGERS:
            raise Unfit(f"must hold whole numbers, and is {dtype}", "make it int64")
        if dtype in INTEGERS and self.dtype == "bool":
            raise Unfit(f"must hold True and False or be added, and is {dtype}", "make it bool")
        shape: Shape = Extents().clean(value)
        return shape


def tensors(answer: Answer) -> tuple[Shape | None, ...]:
    """The shapes in an answer, whether it is one shape or a tuple of shapes."""
    if any(isinstance(each, tuple) for each in answer):
        return answer  # type: ignore[return-value]
    return (answer,)  # type: ignore[return-value]


def present(answer: Answer) -> tuple[Shape, ...]:
    """The same without the outputs that are None."""
    return tuple(shape for shape in tensors(answer) if shape is not None)


def typed(shapes: Any, *, many: bool = False) -> str:
    """Shapes as a reader would type them; the inverse of `Port.parse`."""
    return "; ".join(shape_text(shape) for shape in shapes) if many else shape_text(shapes)
