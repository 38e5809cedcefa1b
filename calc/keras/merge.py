"""Keras layers that take several tensors and give one.

Batches must be equal; the other axes of element-wise merges are stretched where one
of them is 1.

Source: Keras documentation, merging layers.
"""

from __future__ import annotations

from abc import ABC
from collections.abc import Iterator
from dataclasses import dataclass
from math import prod
from typing import ClassVar

from calc.keras.layer import UNLEARNED, KerasLayer
from calc.layer_base import Cost, Port, Shape, Weight
from calc.sym import Sym
from calc.tensor import Shapes

Many = tuple[Shape, ...]


@dataclass(frozen=True)
class Merge(KerasLayer, ABC):
    """What merges share: a tuple of tensors, nothing learned."""

    panels: ClassVar[tuple[str, ...]] = UNLEARNED
    inputs: ClassVar[tuple[Port, ...]] = (Port("inputs", "shapes of the tensors, set apart by semicolons", many=True),)

    exactly_two: ClassVar[bool] = False

    def build(self, inputs: Many) -> Iterator[Weight]:
        return iter(())

    def require_count(self, inputs: Many) -> None:
        """Refuse no input at all, and more or less than two where it must be two."""
        if self.exactly_two and len(inputs) != 2:
            raise self.fault(
                "inputs", f"must be 2 shapes, and holds {len(inputs)}", "write ((1, 8), (1, 8))", value=inputs
            )
        if not inputs:
            raise self.fault("inputs", "must hold a shape", "write ((1, 8), (1, 8))", value=inputs)

    def require_batch(self, inputs: Many) -> None:
        """Refuse tensors with other batches than the first."""
        batches = [shape[0] for shape in inputs if shape]
        if any(batch != batches[0] for batch in batches):
            shown = ", ".join(str(int(batch)) for batch in batches)
            raise self.fault(
                "inputs",
                f"must have the same batch, and theirs are {shown}",
                "give them the same first axis, the only one that Keras does not stretch",
                value=inputs,
            )

    def symbolic_inputs(self, *inputs: Shapes) -> tuple[Shapes, ...]:
        # Axes that are equal share a symbol; those that differ are told apart by the tensor's number.
        [shapes] = inputs
        return (tuple(self._symbols(number, shapes) for number in range(len(shapes))),)  # type: ignore[arg-type]

    def _symbols(self, number: int, shapes: Many) -> Shape:
        shape = shapes[number]
        symbols = self.input_symbols(len(shape))
        kept = []
        for axis, size in enumerate(shape):
            others = [other[axis] for other in shapes if len(other) == len(shape)]
            alike = len(others) == len(shapes) and len(set(others)) == 1 or axis == 0
            kept.append(Sym.leaf(symbols[axis], size, "" if alike else str(number + 1)))
        return tuple(kept)


@dataclass(frozen=True)
class Elementwise(Merge, ABC):
    """Merges that take one number of each tensor at a time."""

    work: ClassVar[tuple[str, str]]
    """What is done at each place for each tensor but the first, and its unit."""

    def out(self, inputs: Many) -> Shape:
        self.require_count(inputs)
        self.require_batch(inputs)
        if len({bool(shape) for shape in inputs}) > 1:
            raise self.fault("inputs", "must all have a batch axis", "write (1, 8)", value=inputs)
        merged = inputs[0]
        for shape in inputs[1:]:
            merged = (*merged[:1], *self._stretched(merged[1:], shape[1:], inputs))
        return merged

    def _stretched(self, one: Shape, other: Shape, inputs: Many) -> Iterator[int]:
        longer, shorter = (other, one) if len(one) < len(other) else (one, other)
        yield from longer[: len(longer) - len(shorter)]
        for a, b in zip(longer[len(longer) - len(shorter) :], shorter, strict=True):
            if a != 1 and b != 1 and a != b:
                raise self.fault(
                    "inputs",
                    f"must have equal sizes or 1 along each axis, counted from the last, and {int(a)} meets {int(b)}",
                    "give them one shape",
                    value=inputs,
                )
            yield b if a == 1 else a

    def costs(self, inputs: Many) -> Iterator[Cost]:
        what, unit = self.work
        if len(inputs) > 1:
            yield Cost(what, (len(inputs) - 1) * prod(self.out(inputs)), unit)


@dataclass(frozen=True)
class Add(Elementwise):
    """Add tensors element by element, as a residual connection does.

    Inputs of one shape, or with axes of size 1 that are stretched; output that shape.
    """

    work: ClassVar[tuple[str, str]] = ("add at each place", "addition")


@dataclass(frozen=True)
class Subtract(Elementwise):
    """Subtract the second of two tensors from the first, element by element.

    Inputs of one shape, or with axes of size 1 that are stretched; output that shape.
    """

    exactly_two: ClassVar[bool] = True
    work: ClassVar[tuple[str, str]] = ("subtract at each place", "subtraction")


@dataclass(frozen=True)
class Multiply(Elementwise):
    """Multiply tensors element by element, as a gate does.

    Inputs of one shape, or with axes of size 1 that are stretched; output that shape.
    """

    work: ClassVar[tuple[str, str]] = ("multiply at each place", "multiplication")


@dataclass(frozen=True)
class Average(Elementwise):
    """Take the mean of tensors element by element.

    Inputs of one shape, or with axes of size 1 that are stretched; output that shape.
    """

    work: ClassVar[tuple[str, str]] = ("add at each place", "addition")

    def costs(self, inputs: Many) -> Iterator[Cost]:
        yield from super().costs(inputs)
        yield Cost("divide by their number", prod(self.out(inputs)), "division")


@dataclass(frozen=True)
class Maximum(Elementwise):
    """Keep the largest of the tensors' numbers at each place.

    Inputs of one shape, or with axes of size 1 that are stretched; output that shape.
    """

    work: ClassVar[tuple[str, str]] = ("compare at each place", "comparison")


@dataclass(frozen=True)
class Minimum(Elementwise):
    """Keep the smallest of the tensors' numbers at each place.

    Inputs of one shape, or with axes of size 1 that are stretched; output that shape.
    """

    work: ClassVar[tuple[str, str]] = ("compare at each place", "comparison")
