"""Power-average pooling: the p-norm of each window, between the sum and the maximum.

Source: PyTorch documentation, `torch.nn.LPPool2d`; `torch.nn.functional.lp_pool2d`,
which is an average pool of the powers, or a max pool where the norm is infinite.
"""

from __future__ import annotations

from abc import ABC
from collections.abc import Iterator
from dataclasses import dataclass
from math import prod
from typing import ClassVar

from calc.knob import Flag, PerAxis, Real, knob
from calc.layer_base import Cost, NoEquivalent, Shape
from calc.layers.image import LETTERS
from calc.layers.pool import Pool, require_unpadded_room


@dataclass(frozen=True)
class LPPool(Pool, ABC):
    """Replace each window by its p-norm, the p-th root of the sum of p-th powers.

    Input (N, C, *spatial) or (C, *spatial), output the same with pooled spatial axes.
    """

    norm_type: float = knob(
        positional=True, kind=Real(infinite=True), about="the power p: 1 sums up, 2 is Euclid's norm, inf the maximum"
    )
    kernel_size: int | tuple[int, ...] = knob(
        symbol="k", kind=PerAxis(), about="side of the window in cells, one number or one for each axis"
    )
    stride: int | tuple[int, ...] | None = knob(
        None,
        symbol="s",
        kind=PerAxis(empty="kernel_size"),
        about="cells that the window moves; kernel_size if left out",
    )
    ceil_mode: bool = knob(False, kind=Flag(), about="whether a last window may hang over the end")

    padding: ClassVar[int] = 0

    def out(self, x: Shape) -> Shape:
        if self.norm_type == 0:
            raise self.fault("norm_type", "must not be 0, as the root of that power is 1/0", "use 1 or 2")
        self._require_plain_kernel()
        if self.spatial == 3 and not self.infinite:
            require_unpadded_room(self, x)
        return self.pooled(x)

    @property
    def infinite(self) -> bool:
        """Whether the norm is the largest magnitude."""
        return abs(self.norm_type) == float("inf")

    def _require_plain_kernel(self) -> None:
        kernel = self.kernel_size
        if not isinstance(kernel, tuple):
            return
        if self.spatial == 1 and not self.infinite:
            hint = f"write {kernel[0] if kernel else 2}"
            raise self.fault("kernel_size", "must be a number, as PyTorch multiplies with it", hint)
        if self.spatial > 1 and len(kernel) != self.spatial:
            raise self.fault(
                "kernel_size",
                f"must be one number or {self.spatial}, one for each axis, and has {len(kernel)}",
                f"write {(kernel[0] if kernel else 2,) * self.spatial}",
            )

    def costs(self, x: Shape) -> Iterator[Cost]:
        taps, places = prod(self.per_axis("kernel_size")), prod(self.pooled(x))
        if self.infinite:
            yield Cost("compare each tap's magnitude with the largest so far", places * (taps - 1), "comparison")
            return
        yield Cost("raise each number to the power", prod(x), "power")
        yield Cost("add up the powers", places * (taps - 1), "addition")
        yield Cost("take the root", places, "root")

    def keras(self, x: Shape) -> list[str]:
        raise NoEquivalent("Keras has no pool of powers.")


@dataclass(frozen=True)
class LPPool1d(LPPool):
    """Power-average pooling along one axis."""

    spatial: ClassVar[int] = 1
    axis_letters: ClassVar[str] = LETTERS[1]


@dataclass(frozen=True)
class LPPool2d(LPPool):
    """Power-average pooling along two axes."""

    spatial: ClassVar[int] = 2
    axis_letters: ClassVar[str] = LETTERS[2]


@dataclass(frozen=True)
class LPPool3d(LPPool):
    """Power-average pooling along three axes."""

    spatial: ClassVar[int] = 3
    axis_letters: ClassVar[str] = LETTERS[3]
