"""Layer norm and RMS norm: the last axes are normalized, at each place of the others.

Source: PyTorch documentation, `torch.nn.LayerNorm`, `RMSNorm`; what is refused is in
`aten/src/ATen/native/layer_norm.h`.
"""

from __future__ import annotations

from abc import ABC
from collections.abc import Iterator
from dataclasses import dataclass
from math import prod
from typing import Any, ClassVar

from calc.knob import Flag, Real, Sizes, knob
from calc.layer_base import Cost, NoEquivalent, Shape, Weight
from calc.layers.norm import Normalization, normalizing, scale_and_shift
from calc.layers.sample_picture import Layout, together

MACHINE_EPSILON = 2.0**-23
"""What PyTorch takes for `eps=None` where numbers are float32: the step from 1 to the next number."""


@dataclass(frozen=True)
class LastAxesNorm(Normalization, ABC):
    """What layer norm and RMS norm share: the shape that an input must end in."""

    centred: ClassVar[bool]

    normalized_shape: int | tuple[int, ...] = knob(
        symbol="n",
        positional=True,
        kind=Sizes(open=True),
        about="lengths of the last axes, which are normalized together",
    )
    eps: float | None = knob(1e-5, kind=Real(0), about="added under the root, so that nothing is divided by 0")
    elementwise_affine: bool = knob(
        True, kind=Flag(), about="whether each element of the normalized axes learns a scale"
    )

    def sizes(self) -> tuple[int, ...]:
        """The normalized axes, however they are written."""
        shape = self.normalized_shape
        return shape if isinstance(shape, tuple) else (shape,)

    def check(self) -> None:
        if self.elementwise_affine:  # without anything to learn PyTorch notices it in the call
            self._require_sizes()

    def _require_sizes(self) -> None:
        if any(size < 0 for size in self.sizes()):
            raise self.fault("normalized_shape", "must not have a negative axis", "give each axis its size, 0 or more")

    def out(self, x: Shape) -> Shape:
        sizes = self.sizes()
        self._require_sizes()
        if not sizes:
            raise self.fault("normalized_shape", "must have at least one axis", f"write {int(x[-1]) if x else 64}")
        if len(x) < len(sizes):
            raise self.fault(
                "input",
                f"must have at least {len(sizes)} axes to end in normalized_shape (={self._written(sizes)})",
                f"write it as (N, {', '.join(map(str, map(int, sizes)))})",
                value=x,
            )
        last = x[-len(sizes) :]
        if last != sizes:
            raise self.fault(
                "input",
                f"must end in normalized_shape (={self._written(sizes)}), and ends in {self._written(last)}",
                f"set normalized_shape={self._written(last)}",
                value=x,
            )
        return x

    @staticmethod
    def _written(sizes: tuple[int, ...]) -> str:
        plain = tuple(map(int, sizes))
        return str(plain[0] if len(plain) == 1 else plain)

    def learned(self) -> Iterator[Weight]:
        return scale_and_shift(self.sizes(), scale=self.elementwise_affine, shift=self.has_shift)

    @property
    def has_shift(self) -> bool:
        """Whether a shift is learned beside the scale."""
        return False

    def costs(self, x: Shape) -> Iterator[Cost]:
        places = prod(x[: len(x) - len(self.sizes())])
        return normalizing(prod(x), places, scale=self.elementwise_affine, centred=self.centred, shift=self.has_shift)

    def input_symbols(self, rank: int, name: str = "input") -> tuple[str, ...]:
        last = len(self.sizes())
        leading = rank - last
        places = ("N", "L")[:leading] if leading < 3 else tuple(f"d_{i}" for i in range(1, leading + 1))
        return (*places, *(("n",) if last == 1 else (f"n_{i}" for i in range(1, last + 1))))

    def window(self, x: Shape) -> tuple[tuple[int, int], ...] | None:
        # With axes between batch and features, each place is normalized by itself.
        return None if len(self.sizes()) > 1 or len(x) < 3 else ((1, 1),) * (len(x) - 2)

    def picture(self, x: Shape) -> str:
        sizes = self.sizes()
        places = x[: len(x) - len(sizes)]
        what = "mean and variance" if self.centred else "root mean square"
        groups = f"{prod(places):,} place" + ("" if prod(places) == 1 else "s")
        caption = f"One {what} for each of {groups}, over {prod(sizes):,} numbers; no sample looks at another one."
        if len(sizes) == 1:
            layout = Layout(prod(places[:-1]), prod(places[-1:]), sizes[0], row="places", column="features")
            first = (range(1), range(1), range(layout.columns))
            second = (range(1), range(1, 2), range(layout.columns))
            if layout.rows < 2:
                second = (range(1, 2), range(1), range(layout.columns))
        else:
            layout = Layout(prod(places), sizes[0], prod(sizes[1:]))
            first, second = ((range(at, at + 1), range(layout.rows), range(layout.columns)) for at in (0, 1))
        return together(layout, first, second, caption, what)

    def axes(self, x: Shape) -> int | tuple[int, ...]:
        """The normalized axes, counted from the end, as an argument of a Keras layer."""
        count = len(self.sizes())
        if prod(x) == 0:
            raise NoEquivalent("Keras does not normalize an input without numbers.")
        if count == len(x) > 1:
            raise NoEquivalent("Keras layers keep the batch axis apart: it cannot be normalized over.")
        return -1 if count == 1 else tuple(range(-count, 0))


@dataclass(frozen=True)
class LayerNorm(LastAxesNorm):
    """Normalize the last axes to mean 0 and variance 1, then scale and shift each element.

    Input (*, normalized_shape) of any rank, output the same; no difference between training and inference.
    """

    centred: ClassVar[bool] = True
    remarks: ClassVar[tuple[str, ...]] = (
        "PyTorch is told how long the last axes are, Keras which axes they are.",
        "The defaults of ε differ: 1e-5 in PyTorch, 1e-3 in Keras.",
    )

    bias: bool = knob(True, kind=Flag(), about="with elementwise_affine, whether a shift is learned as well")

    @property
    def has_shift(self) -> bool:
        return self.bias

    def twin(self, x: Shape) -> tuple[Any, Shape]:
        from calc.keras import keras_layer  # there, other layers are made of PyTorch's

        learns = self.elementwise_affine
        named = {"axis": self.axes(x), "epsilon": self.eps, "center": learns and self.bias, "scale": learns}
        return keras_layer("LayerNormalization", **named), x if len(x) > 1 else (1, *x)


@dataclass(frozen=True)
class RMSNorm(LastAxesNorm):
    """Divide the last axes by their root mean square, then scale each element; no mean, no shift.

    Input (*, normalized_shape) of any rank, output the same.
    """

    centred: ClassVar[bool] = False
    remarks: ClassVar[tuple[str, ...]] = (
        "PyTorch is told how long the last axes are, Keras which axes they are.",
        "The defaults of ε differ: the dtype's own in PyTorch, 1.19e-7 in float32, and 1e-6 in Keras.",
    )

    eps: float | None = knob(
        None, kind=Real(0, empty="machine epsilon"), about="added under the root, so that nothing is divided by 0"
    )

    def twin(self, x: Shape) -> tuple[Any, Shape]:
        from calc.keras import keras_layer  # there, other layers are made of PyTorch's

        axes = self.axes(x)
        if not self.elementwise_affine:
            raise NoEquivalent("Keras's RMSNormalization always learns a scale.")
        epsilon = MACHINE_EPSILON if self.eps is None else self.eps
        return keras_layer("RMSNormalization", axis=axes, epsilon=epsilon), x if len(x) > 1 else (1, *x)
