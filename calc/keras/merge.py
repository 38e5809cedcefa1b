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
from calc.knob import MOST_AXES, Flag, PerAxis, Whole, knob
from calc.layer import Cost, Port, Shape, Weight
from calc.sym import Sym, let
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


@dataclass(frozen=True)
class Concatenate(Merge):
    """Put tensors one behind the other along an axis, as the branches of an Inception block.

    Inputs with equal axes but for `axis`; there their sizes add up.
    """

    axis: int = knob(-1, kind=Whole(None), about="axis along which the tensors are put together")

    def out(self, inputs: Many) -> Shape:
        self.require_count(inputs)
        first = inputs[0]
        if any(len(shape) != len(first) for shape in inputs):
            raise self.fault("inputs", "must have the same number of axes", "reshape them before", value=inputs)
        if not -len(first) <= self.axis < len(first):
            raise self.fault("axis", f"must be an axis of inputs with {len(first)} axes", "write -1 for the last")
        at = self.axis % len(first)
        for shape in inputs[1:]:
            for axis, (a, b) in enumerate(zip(first, shape, strict=True)):
                if axis != at and a != b:
                    raise self.fault(
                        "inputs",
                        f"must be equal along every axis but {at}, and {int(a)} meets {int(b)} along axis {axis}",
                        f"make them equal along axis {axis}",
                        value=inputs,
                    )
        total = let(f"{self.input_symbols(len(first))[at]}_out", sum(shape[at] for shape in inputs))
        return (*first[:at], total, *first[at + 1 :])

    def costs(self, inputs: Many) -> Iterator[Cost]:
        return iter(())


@dataclass(frozen=True)
class Dot(Merge):
    """Products of two tensors added up along an axis, sample by sample, as between queries and keys.

    Inputs (N, *) and (N, *) with equal sizes along `axes`; output (N, what is left of
    the first, what is left of the second), or (N, 1) if nothing is.
    """

    exactly_two: ClassVar[bool] = True

    axes: int | tuple[int, ...] = knob(
        positional=True, kind=PerAxis(-MOST_AXES), about="axis that is added up, one for both or one for each"
    )
    normalize: bool = knob(False, kind=Flag(), about="whether vectors are divided by their length first: cosines")

    def check(self) -> None:
        if isinstance(self.axes, tuple) and len(self.axes) != 2:
            raise self.fault(
                "axes", f"must be one number or 2, one for each input, and has {len(self.axes)}", "write (2, 1)"
            )

    def summed(self, inputs: Many) -> tuple[int, int]:
        """The axis that is added up of each input, counted from 0."""
        ranks = [len(shape) for shape in inputs]
        if isinstance(self.axes, int):
            # As in Keras, which wraps one negative number around and refuses a pair out of range.
            axes = [self.axes % rank if self.axes < 0 and rank else self.axes for rank in ranks]
        else:
            axes = [axis + rank if axis < 0 else axis for axis, rank in zip(self.axes, ranks, strict=True)]
        for axis, rank in zip(axes, ranks, strict=True):
            if not 0 <= axis < rank:
                raise self.fault("axes", f"must name axes of inputs with {ranks[0]} and {ranks[1]} axes", "try -1")
            if axis == 0:
                raise self.fault("axes", "must leave the batch axis out", "try -1")
        return axes[0], axes[1]

    def out(self, inputs: Many) -> Shape:
        self.require_count(inputs)
        first, second = inputs
        one, other = self.summed(inputs)
        if first[one] != second[other]:
            raise self.fault(
                "axes",
                f"must name axes of equal size, and {int(first[one])} meets {int(second[other])}",
                "choose axes that are equal",
            )
        self.require_batch(inputs)
        if max(len(first), len(second)) > 3 and 0 in (first[0], first[one]):
            raise self.fault(
                "inputs",
                "must not be empty along the batch or the axis that is added up, if there are more than 3 axes",
                "Keras cannot reshape such tensors",
                value=inputs,
            )
        left = (*first[1:one], *first[one + 1 :], *second[1:other], *second[other + 1 :])
        return (first[0], *(left or (1,)))

    def costs(self, inputs: Many) -> Iterator[Cost]:
        one, _ = self.summed(inputs)
        yield Cost("multiply and add up along the axis", prod(self.out(inputs)) * inputs[0][one])
