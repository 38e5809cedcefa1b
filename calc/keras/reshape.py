"""Keras layers that move numbers and change none: flatten, reshape, permute, repeat.

The batch axis stays where it is.

Source: Keras documentation, reshaping layers.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import prod
from typing import ClassVar

from calc.errors import CalcError
from calc.keras.layer import KerasLayer, data_format_knob
from calc.knob import Extents, PerAxis, Whole, knob
from calc.layer_base import Cost, Shape, Weight
from calc.picture import chips, figure
from calc.sym import exact_div, let


@dataclass(frozen=True)
class Reshaping(KerasLayer, ABC):
    """What these layers share: nothing is learned and nothing computed."""

    panels: ClassVar[tuple[str, ...]] = ("result", "derivation", "picture", "keras")

    remark: ClassVar[str]
    """What happens to the numbers, under the picture."""

    def build(self, x: Shape) -> Iterator[Weight]:
        return iter(())

    def costs(self, x: Shape) -> Iterator[Cost]:
        return iter(())

    def require_batch(self, x: Shape) -> None:
        """Refuse an input without axes."""
        if not x:
            raise self.fault("input", "must have a batch axis", "write (1, 16)", value=x)

    @abstractmethod
    def after(self, symbols: Sequence[str]) -> Sequence[str]:
        """What the axes of the output are called, for the picture."""

    def picture(self, x: Shape) -> str:
        symbols = self.input_symbols(len(x))
        before = [(symbol, f"{size:,}") for symbol, size in zip(symbols, x, strict=True)]
        after = [(symbol, f"{size:,}") for symbol, size in zip(self.after(symbols), self.out(x), strict=True)]
        parts = [
            (chips(before, f"Input shape {x}."), "axes of the input"),
            (chips(after, f"Output shape {self.out(x)}."), "axes of the output"),
        ]
        return figure(parts, self.remark)


@dataclass(frozen=True)
class Flatten(Reshaping):
    """Join all axes but the batch into one.

    Input (N, *), output (N, product of the rest); (N,) becomes (N, 1).
    """

    remark: ClassVar[str] = "With channels last, the channels of one place stand together in the result."

    data_format: str | None = data_format_knob()

    def check(self) -> None:
        self.require_words("data_format")

    def out(self, x: Shape) -> Shape:
        self.require_batch(x)
        return (x[0], let("features", prod(x[1:])))

    def after(self, symbols: Sequence[str]) -> Sequence[str]:
        return (symbols[0], "·".join(symbols[1:]) or "1")


@dataclass(frozen=True)
class Reshape(Reshaping):
    """Read the numbers of each sample in order and lay them out in another shape.

    Input (N, *), output (N, *target_shape); one axis of target_shape may be -1 and
    takes what is left.
    """

    remark: ClassVar[str] = "The numbers of each sample keep their order; only the axes are counted anew."

    target_shape: tuple[int, ...] = knob(
        symbol="t",
        positional=True,
        kind=Extents(open=True),
        about="output shape without the batch; -1 for what is left",
    )

    def check(self) -> None:
        if any(size < -1 for size in self.target_shape):
            raise self.fault("target_shape", "must not have a number below -1", "write -1 for what is left")
        if self.target_shape.count(-1) > 1:
            raise self.fault("target_shape", "must have -1 at most once", "give the other axes their sizes")

    def out(self, x: Shape) -> Shape:
        self.require_batch(x)
        inside, known = prod(x[1:]), prod(size for size in self.target_shape if size != -1)
        if -1 not in self.target_shape:
            if inside != known:
                raise self._unfit(inside, f"must hold as many numbers as a sample (={int(inside)}), not {int(known)}")
            return (x[0], *self.target_shape)
        if known == 0 or inside % known != 0:
            raise self._unfit(inside, f"must have sizes with a product (={int(known)}) that divides {int(inside)}")
        rest = let("t_rest", exact_div(inside, known))
        return (x[0], *(rest if size == -1 else size for size in self.target_shape))

    def after(self, symbols: Sequence[str]) -> Sequence[str]:
        return (symbols[0], *("" for _ in self.target_shape))

    def _unfit(self, inside: int, rule: str) -> CalcError:
        return self.fault("target_shape", rule, f"write {(int(inside),)} or sizes with the product {int(inside)}")


@dataclass(frozen=True)
class Permute(Reshaping):
    """Put the axes of each sample in another order.

    Input (N, *), output (N, *) with axis dims[i] of the input as axis i + 1; axes are counted from 1.
    """

    remark: ClassVar[str] = "Each number keeps its place along every axis; the axes change their order."

    dims: tuple[int, ...] = knob(
        positional=True, kind=PerAxis(), about="order of the axes, counted from 1 after the batch"
    )

    def check(self) -> None:
        rule = "must hold each of 1, 2, … once, and nothing else"
        if not isinstance(self.dims, tuple):
            raise self.fault("dims", rule, "try (2, 1)")
        if sorted(self.dims) != list(range(1, len(self.dims) + 1)):
            raise self.fault("dims", rule, f"try {tuple(range(len(self.dims), 0, -1))}")

    def out(self, x: Shape) -> Shape:
        if len(x) != len(self.dims) + 1:
            raise self.fault(
                "input",
                f"must have a batch axis and one axis for each of dims (={self.dims}), and has {len(x)} axes",
                f"give it {len(self.dims) + 1} axes",
                value=x,
            )
        return (x[0], *(x[axis] for axis in self.dims))

    def after(self, symbols: Sequence[str]) -> Sequence[str]:
        return (symbols[0], *(symbols[axis] for axis in self.dims))


@dataclass(frozen=True)
class RepeatVector(Reshaping):
    """Repeat each sample's vector along a new axis, for example as every step of a decoder.

    Input (N, C), output (N, n, C).
    """

    remark: ClassVar[str] = "The same numbers at every place of the new axis."

    n: int = knob(symbol="n", positional=True, kind=Whole(), about="how often the vector is repeated")

    def check(self) -> None:
        self.require_bounds("n")

    def out(self, x: Shape) -> Shape:
        if len(x) != 2:
            raise self.fault("input", f"must have 2 axes, and has {len(x)}", "write it as (N, C)", value=x)
        return (x[0], self.n, x[1])

    def after(self, symbols: Sequence[str]) -> Sequence[str]:
        return (symbols[0], "n", symbols[1])
