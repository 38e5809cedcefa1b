"""Patches: an image cut into overlapping windows laid side by side, and put together again.

Unfold is the matrix that a convolution multiplies with its weights ("im2col");
Fold adds each window's numbers back where they came from ("col2im"). Source:
PyTorch documentation, `torch.nn.Unfold`, `torch.nn.Fold`;
`aten/src/ATen/native/im2col_shape_check.h`.
"""

from __future__ import annotations

from abc import ABC
from collections.abc import Iterator
from dataclasses import dataclass
from math import prod
from typing import Any, ClassVar

from calc.knob import PerAxis, knob
from calc.layer_base import UNLEARNED, Cost, Layer, NoEquivalent, Shape, Weight
from calc.layers import window
from calc.layers.image import LETTERS, SPATIAL
from calc.layers.patches_picture import patches_picture
from calc.layers.window_picture import Window
from calc.sym import exact_div, let


@dataclass(frozen=True)
class Patches(Layer, ABC):
    """What Unfold and Fold share: a window of two axes."""

    panels: ClassVar[tuple[str, ...]] = UNLEARNED
    axis_letters: ClassVar[str] = LETTERS[2]

    def pair(self, name: str) -> tuple[int, int]:
        """An argument as one number for each axis."""
        value: Any = self.argument(name)
        if not isinstance(value, tuple):
            return (value, value)
        if len(value) != 2:
            raise self.fault(name, f"must be one number or 2, one for each axis, and has {len(value)}", "write (3, 3)")
        return value

    def blocks(self, sizes: tuple[int, int]) -> tuple[int, int]:
        """How many places the window has along each axis of an image."""
        self.require_bounds("kernel_size", "dilation", "padding", "stride")
        rows = zip(sizes, *map(self.pair, ("kernel_size", "stride", "padding", "dilation")), strict=True)
        height, width = (window.places(n, k, s, p, d) for n, k, s, p, d in rows)
        for count, name in zip((height, width), SPATIAL[2], strict=True):
            if count < 1:
                raise self.fault(
                    "kernel_size", f"spans more cells along {name} than the padded image has", "use a smaller window"
                )
        return let("L_h", height), let("L_w", width)

    def taps(self) -> int:
        """How many cells one window reads of one channel."""
        return prod(self.pair("kernel_size"))

    def windows(self, sizes: tuple[int, int]) -> list[Window]:
        """The window along each axis, to draw."""
        rows = zip(
            sizes,
            *map(self.pair, ("kernel_size", "stride", "dilation", "padding")),
            self.blocks(sizes),
            strict=True,
        )
        return [Window(*map(int, (n, k, s, d, p, p, count))) for n, k, s, d, p, count in rows]

    def learned(self) -> Iterator[Weight]:
        return iter(())

    def keras(self, x: Shape) -> list[str]:
        raise NoEquivalent("Keras has no such layer; keras.ops.image.extract_patches orders the taps in another way.")


@dataclass(frozen=True)
class Unfold(Patches):
    """Lay every window of an image out as a column, channel after channel.

    Input (N, C, H, W) or (C, H, W), output (N, C k_h k_w, L) with a column for each of L places.
    """

    kernel_size: int | tuple[int, ...] = knob(
        symbol="k",
        positional=True,
        kind=PerAxis(),
        about="side of the window in cells, one number or one for each axis",
    )
    dilation: int | tuple[int, ...] = knob(
        1, symbol="d", kind=PerAxis(), about="distance between neighbouring taps of the window, in cells"
    )
    padding: int | tuple[int, ...] = knob(0, symbol="p", kind=PerAxis(0), about="zeros added on each side of the image")
    stride: int | tuple[int, ...] = knob(
        1, symbol="s", kind=PerAxis(), about="cells that the window moves at each step"
    )

    def out(self, x: Shape) -> Shape:
        if len(x) not in (3, 4):
            raise self.fault(
                "input", f"must have 3 or 4 axes, and has {len(x)}", "write (C, H, W) or (N, C, H, W)", value=x
            )
        for axis in range(len(x) - 3, len(x)):
            if x[axis] == 0:
                raise self.fault(
                    "input", f"must have at least 1 cell along axis {axis}", "only the batch may be empty", value=x
                )
        height, width = self.blocks((x[-2], x[-1]))
        return (*x[:-3], let("rows", x[-3] * self.taps()), let("L", height * width))

    def costs(self, x: Shape) -> Iterator[Cost]:
        yield Cost("read each tap of each window", prod(self.out(x)), "read")

    def input_symbols(self, rank: int, name: str = "input") -> tuple[str, ...]:
        return ("N", "C", "H", "W")[-rank:] if rank <= 4 else tuple(f"d_{i}" for i in range(1, rank + 1))

    def picture(self, x: Shape) -> str:
        channels, height, width = map(int, x[-3:])
        return patches_picture(self.windows((height, width)), channels, folds=False)


@dataclass(frozen=True)
class Fold(Patches):
    """Add columns back to where they were cut out of an image.

    Input (N, C k_h k_w, L) or (C k_h k_w, L), output (N, C, *output_size); where windows
    overlap their numbers are added up.
    """

    output_size: int | tuple[int, ...] = knob(
        symbol="o", positional=True, kind=PerAxis(), about="height and width of the image to put together"
    )
    kernel_size: int | tuple[int, ...] = knob(
        symbol="k",
        positional=True,
        kind=PerAxis(),
        about="side of the window in cells, one number or one for each axis",
    )
    dilation: int | tuple[int, ...] = knob(
        1, symbol="d", kind=PerAxis(), about="distance between neighbouring taps of the window, in cells"
    )
    padding: int | tuple[int, ...] = knob(0, symbol="p", kind=PerAxis(0), about="cells cut off again on each side")
    stride: int | tuple[int, ...] = knob(
        1, symbol="s", kind=PerAxis(), about="cells that the window moves at each step"
    )

    def out(self, x: Shape) -> Shape:
        self.require_bounds("output_size")
        if len(x) not in (2, 3):
            raise self.fault(
                "input", f"must have 2 or 3 axes, and has {len(x)}", "write (C k², L) or (N, C k², L)", value=x
            )
        for axis in (len(x) - 2, len(x) - 1):
            if x[axis] == 0:
                raise self.fault(
                    "input", f"must have at least 1 number along axis {axis}", "only the batch may be empty", value=x
                )
        high, wide = self.pair("output_size")
        height, width = self.blocks((high, wide))
        if x[-2] % self.taps():
            raise self.fault(
                "input",
                f"must have a multiple of {int(self.taps())} rows, one for each tap, and has {int(x[-2])}",
                f"give it {int(self.taps())} rows for each channel",
                value=x,
            )
        if x[-1] != height * width:
            raise self.fault(
                "input",
                f"must have {int(height * width)} columns, one for each of {int(height)} × {int(width)} places, "
                f"and has {int(x[-1])}",
                f"write {(*map(int, x[:-1]), int(height * width))}",
                value=x,
            )
        return (*x[:-2], let("C_out", exact_div(x[-2], self.taps())), let("H_out", high), let("W_out", wide))

    def costs(self, x: Shape) -> Iterator[Cost]:
        yield Cost("add each number to its cell", prod(x), "addition")

    def input_symbols(self, rank: int, name: str = "input") -> tuple[str, ...]:
        return ("N", "R", "L")[-rank:] if rank <= 3 else tuple(f"d_{i}" for i in range(1, rank + 1))

    def picture(self, x: Shape) -> str:
        height, width = map(int, self.pair("output_size"))
        return patches_picture(self.windows((height, width)), int(self.out(x)[-3]), folds=True)
