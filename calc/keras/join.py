"""Keras layers that join two tensors or more along an axis: one behind the other, or multiplied and added up.

Source: Keras documentation, merging layers.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import prod
from typing import ClassVar

from calc.keras.merge import Many, Merge
from calc.knob import MOST_AXES, Flag, PerAxis, Whole, knob
from calc.layer_base import Cost, Shape
from calc.sym import let


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
