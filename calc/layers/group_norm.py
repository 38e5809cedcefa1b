"""Group norm: a mean and a variance for each group of channels of each sample; and its ancestor.

Source: PyTorch documentation, `torch.nn.GroupNorm`, `LocalResponseNorm`; what is
refused is in `torch/nn/functional.py` and `aten/src/ATen/native/group_norm.cpp`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import prod
from typing import Any, ClassVar

from calc.knob import Flag, Real, Whole, knob
from calc.layer_base import Cost, Layer, NoEquivalent, Shape, Weight
from calc.layers.flatten import SYMBOLS
from calc.layers.norm import Normalization, normalizing, scale_and_shift
from calc.layers.sample_picture import Layout, together


def channels_second(rank: int) -> tuple[str, ...]:
    """The symbols of an input (N, C, *) of any rank."""
    return SYMBOLS[rank] if rank in SYMBOLS and rank > 1 else ("N", "C", *(f"d_{i}" for i in range(1, rank - 1)))


@dataclass(frozen=True)
class GroupNorm(Normalization):
    """Normalize each group of channels of each sample by itself.

    Input (N, C, *) with C divisible by num_groups, output the same; one group is a layer
    norm over channels and places, one channel in each group an instance norm.
    """

    remarks: ClassVar[tuple[str, ...]] = (
        "The channels are axis 1 in PyTorch, and the last axis in Keras unless told otherwise.",
        "The defaults of ε differ: 1e-5 in PyTorch, 1e-3 in Keras; Keras has 32 groups by default.",
    )

    num_groups: int = knob(symbol="G", positional=True, kind=Whole(), about="groups that the channels are divided into")
    num_channels: int = knob(symbol="C", positional=True, kind=Whole(0), about="channels of the input")
    eps: float = knob(1e-5, kind=Real(0), about="added to the variance, so that nothing is divided by 0")
    affine: bool = knob(True, kind=Flag(), about="whether each channel learns a scale and a shift")
    bias: bool = knob(True, kind=Flag(), about="with affine, whether a shift is learned beside the scale")

    def check(self) -> None:
        if self.num_groups == 0:
            self.require_bounds("num_groups")
        if self.affine:
            self.require_bounds("num_channels")
        if self.num_channels % self.num_groups != 0:
            raise self.fault(
                "num_channels",
                f"must be divisible by num_groups (={self.num_groups})",
                f"set num_groups=1 or num_channels={abs(self.num_groups)}",
            )

    def out(self, x: Shape) -> Shape:
        if len(x) < 2:
            raise self.fault("input", f"must have at least 2 axes, and has {len(x)}", "write it as (N, C)", value=x)
        self.require_bounds("num_groups")
        if x[1] % self.num_groups != 0:
            raise self.fault(
                "input",
                f"must have channels divisible by num_groups (={int(self.num_groups)}), and axis 1 is {int(x[1])}",
                f"set num_groups=1 or give the input {int(self.num_channels) or 1} channels",
                value=x,
            )
        if self.affine and x[1] != self.num_channels:
            raise self.fault(
                "input",
                f"must have num_channels (={int(self.num_channels)}) channels, and axis 1 is {int(x[1])}",
                f"set num_channels={int(x[1])} or give the input {int(self.num_channels)} channels",
                value=x,
            )
        if x[0] * x[1] // self.num_groups * prod(x[2:]) == 1:
            raise self.fault(
                "input",
                "must have more than 1 number in each group, all samples taken together",
                "use a larger batch",
                value=x,
            )
        return x

    def learned(self) -> Iterator[Weight]:
        return scale_and_shift((self.num_channels,), scale=self.affine, shift=self.bias)

    def costs(self, x: Shape) -> Iterator[Cost]:
        return normalizing(prod(x), x[0] * self.num_groups, scale=self.affine, shift=self.bias)

    def input_symbols(self, rank: int, name: str = "input") -> tuple[str, ...]:
        return channels_second(rank)

    def spatial_axes(self, rank: int) -> int:
        return rank - 2

    def window(self, x: Shape) -> None:
        # Each place depends on the mean of its whole map.
        return None

    def picture(self, x: Shape) -> str:
        layout = Layout(x[0], x[1], prod(x[2:]))
        together_here = x[1] // self.num_groups
        places = range(layout.columns)
        first = (range(1), range(together_here), places)
        second = (range(1), range(together_here, 2 * together_here), places)
        if self.num_groups == 1:
            second = (range(1, 2), range(together_here), places)
        caption = (
            f"One mean and one variance for each of {x[0]:,} samples × {self.num_groups:,} groups, over "
            f"{together_here * layout.columns:,} numbers: {together_here:,} channels × {layout.columns:,} places."
        )
        return together(layout, first, second, caption, "mean and variance")

    def twin(self, x: Shape) -> tuple[Any, Shape]:
        from calc.keras import keras_layer  # there, other layers are made of PyTorch's

        if prod(x) == 0:
            raise NoEquivalent("Keras does not normalize an input without numbers.")
        other = keras_layer(
            "GroupNormalization",
            groups=self.num_groups,
            epsilon=self.eps,
            center=self.affine and self.bias,
            scale=self.affine,
        )
        return other, (x[0], *x[2:], x[1])


@dataclass(frozen=True)
class LocalResponseNorm(Layer):
    """Divide each number by what the channels next to it say at the same place; nothing is learned.

    Input (N, C, *), output the same. AlexNet had it in 2012; batch norm took its place.
    """

    panels: ClassVar[tuple[str, ...]] = ("result", "picture", "cost", "torch", "keras")

    size: int = knob(
        symbol="n", positional=True, kind=Whole(), about="neighbouring channels, the number's own included"
    )
    alpha: float = knob(1e-4, kind=Real(), about="factor of the mean square of the neighbours")
    beta: float = knob(0.75, kind=Real(), about="power that the divisor is raised to")
    k: float = knob(1.0, kind=Real(), about="added to the mean square, so that nothing is divided by 0")

    def out(self, x: Shape) -> Shape:
        if len(x) < 3:
            raise self.fault("input", f"must have at least 3 axes, and has {len(x)}", "write it as (N, C, L)", value=x)
        if prod(x) != 0:  # PyTorch gives an input without numbers back before it looks at the size
            self.require_bounds("size")
        return x

    def learned(self) -> Iterator[Weight]:
        return iter(())

    def costs(self, x: Shape) -> Iterator[Cost]:
        yield Cost("square each number", prod(x), "square")
        yield Cost("add up the neighbours", prod(x) * (self.size - 1), "addition")
        yield Cost("raise to the power and divide", prod(x), "division")

    def input_symbols(self, rank: int, name: str = "input") -> tuple[str, ...]:
        return channels_second(rank)

    def picture(self, x: Shape) -> str:
        layout = Layout(x[0], x[1], prod(x[2:]))
        before, after = self.size // 2, (self.size - 1) // 2
        middle = min(before, x[1] - 1)
        seen = range(max(middle - before, 0), min(middle + after + 1, x[1]))

        def kind(sample: int, row: int, column: int) -> str:
            if sample or column or row not in seen:
                return "data"
            return "data first second" if row == middle else "data first"

        caption = (
            f"A number is divided by what it and its neighbours are: {before:,} channels before it, {after:,} after "
            "it, at the same place. At the ends, zeros stand for the channels that are missing."
        )
        return layout.figure(kind, caption, [("first", "counted in"), ("first second", "divided")])

    def keras(self, x: Shape) -> list[str]:
        raise NoEquivalent("Keras has no layer for it; TensorFlow has tf.nn.local_response_normalization.")
