"""Pooling: the largest value or the mean of each window; nothing is learned.

Source: PyTorch documentation, `torch.nn.MaxPool1d` to `MaxPool3d`,
`AvgPool1d` to `AvgPool3d`; the last-window rule of `ceil_mode` is in the notes of
`MaxPool2d`.
"""

from __future__ import annotations

from abc import ABC
from collections.abc import Iterator
from dataclasses import dataclass
from math import prod
from typing import ClassVar

from calc.knob import Flag, PerAxis, Whole, knob
from calc.layer_base import UNLEARNED, Answer, Cost, NoEquivalent, Shape, Weight
from calc.layers import window
from calc.layers.image import LETTERS, SPATIAL, ImageLayer
from calc.layers.window_picture import Window, window_picture
from calc.source import call


@dataclass(frozen=True)
class Pool(ImageLayer, ABC):
    """What the pools share: a window for each channel on its own, channels in = channels out."""

    panels: ClassVar[tuple[str, ...]] = UNLEARNED

    def learned(self) -> Iterator[Weight]:
        return iter(())

    def strides(self) -> tuple[int, ...]:
        """The stride of each axis: as given, or the kernel size."""
        stride = self.argument("stride")
        return self.per_axis("kernel_size" if stride is None or stride == () else "stride")

    def dilations(self) -> tuple[int | None, ...]:
        """How far apart the taps are; None for average pools, which have no such argument."""
        return self.per_axis("dilation") if hasattr(self, "dilation") else (None,) * self.spatial

    def pooled(self, x: Shape) -> Shape:
        """The output shape; the rules are those of every pool."""
        self.require_rank(x)
        self.require_bounds("kernel_size", "stride", "padding", "dilation")
        self.require_cells(x, 0 if len(x) == self.spatial + 1 else 1)
        sizes = tuple(self._sizes(x))
        return (*x[: -self.spatial], *sizes)

    def _sizes(self, x: Shape) -> Iterator[int]:
        kernel, padding = self.per_axis("kernel_size"), self.per_axis("padding")
        stride, dilation = self.strides(), self.dilations()
        for axis, n in enumerate(x[-self.spatial :]):
            k, s, p, d = kernel[axis], stride[axis], padding[axis], dilation[axis]
            if 2 * p > k:
                raise self.fault(
                    "padding", f"must be at most half of kernel_size (={int(k)})", f"use at most {int(k) // 2}"
                )
            places = window.places_ceil if self.argument("ceil_mode") else window.places
            count = places(n, k, s, p, d)
            if count < 1:
                raise self.fault(
                    "kernel_size",
                    f"spans {int(window.reach(k, d))} cells along {SPATIAL[self.spatial][axis]}, and the padded input "
                    f"has {int(n + 2 * p)}",
                    "use a larger input or a smaller kernel",
                )
            yield self.named(axis, count)

    def window(self, x: Shape) -> tuple[tuple[int, int], ...]:
        reaches = map(window.reach, self.per_axis("kernel_size"), self.dilations())
        return tuple(zip(reaches, self.strides(), strict=True))

    def windows(self, x: Shape) -> list[Window]:
        """The window along each axis, for the picture and for Keras."""
        rows = zip(
            x[-self.spatial :],
            self.per_axis("kernel_size"),
            self.strides(),
            self.dilations(),
            self.per_axis("padding"),
            self.pooled(x)[-self.spatial :],
            strict=True,
        )
        return [Window(n, k, s, d or 1, p, p, count) for n, k, s, d, p, count in rows]

    def picture(self, x: Shape) -> str:
        return window_picture(self.windows(x), "the window")


@dataclass(frozen=True)
class MaxPool(Pool, ABC):
    """Keep the largest value of each window.

    Input (N, C, *spatial) or (C, *spatial), output the same with pooled spatial
    axes. Padding holds -∞, so it never wins.
    """

    outputs: ClassVar[tuple[str, ...]] = ("output", "indices")

    kernel_size: int | tuple[int, ...] = knob(
        symbol="k", kind=PerAxis(), about="side of the window in cells, one number or one for each axis"
    )
    stride: int | tuple[int, ...] | None = knob(
        None,
        symbol="s",
        kind=PerAxis(empty="kernel_size"),
        about="cells that the window moves; kernel_size if left out",
    )
    padding: int | tuple[int, ...] = knob(
        0, symbol="p", kind=PerAxis(0), about="cells of -∞ added on each side, at most half of kernel_size"
    )
    dilation: int | tuple[int, ...] = knob(
        1, symbol="d", kind=PerAxis(), about="distance between neighbouring taps of the window, in cells"
    )
    return_indices: bool = knob(False, kind=Flag(), about="whether to return where each maximum was, too")
    ceil_mode: bool = knob(False, kind=Flag(), about="whether a last window may hang over the end")

    def out(self, x: Shape) -> Answer:
        shape = self.pooled(x)
        return (shape, shape) if self.return_indices else shape

    def costs(self, x: Shape) -> Iterator[Cost]:
        taps = prod(self.per_axis("kernel_size"))
        yield Cost("compare each tap with the largest so far", prod(self.pooled(x)) * (taps - 1), "comparison")

    def keras(self, x: Shape) -> list[str]:
        windows = self.windows(x)
        if any(each.d != 1 for each in windows):
            raise NoEquivalent("Keras's pooling layers have no dilation.")
        # Keras drops what does not fit, so a last window that hangs over is given cells to hang over.
        after = [max((each.count - 1) * each.s + each.k - each.n - each.before, 0) for each in windows]
        margins = tuple((each.before, extra) for each, extra in zip(windows, after, strict=True))
        kernel = self.per_axis("kernel_size")
        # Where 'same' adds just these cells there is no need to add them by hand.
        same = margins == tuple(window.margins_covering(each.n, each.k, each.s, 1) for each in windows)
        padding = "same" if same and any(map(any, margins)) else "valid"
        strides = {"strides": (self.strides(), kernel), "padding": (padding, "valid")}
        layer = call(f"MaxPooling{self.spatial}D", kernel, **strides)
        if same or not any(map(any, margins)):
            return [layer]
        widths = ((0, 0), *margins, (0, 0))
        return [f'Lambda(lambda x: keras.ops.pad(x, {widths}, constant_values=float("-inf")))', layer]


def require_unpadded_room(pool: Pool, x: Shape) -> None:
    """Average pools of three axes alone compare the window with the input before padding."""
    pool.require_rank(x)
    for axis, (n, k) in enumerate(zip(x[-3:], pool.per_axis("kernel_size"), strict=True)):
        if n < k:
            raise pool.fault(
                "kernel_size",
                f"must not exceed the {int(n)} cells along {SPATIAL[3][axis]} before padding",
                f"use at most {int(n)}; max pools do not have this rule",
            )


@dataclass(frozen=True)
class AvgPool(Pool, ABC):
    """Replace each window by its mean.

    Input (N, C, *spatial) or (C, *spatial), output the same with pooled spatial axes.
    """

    kernel_size: int | tuple[int, ...] = knob(
        symbol="k", kind=PerAxis(), about="side of the window in cells, one number or one for each axis"
    )
    stride: int | tuple[int, ...] | None = knob(
        None,
        symbol="s",
        kind=PerAxis(empty="kernel_size"),
        about="cells that the window moves; kernel_size if left out",
    )
    padding: int | tuple[int, ...] = knob(
        0, symbol="p", kind=PerAxis(0), about="zeros added on each side, at most half of kernel_size"
    )
    ceil_mode: bool = knob(False, kind=Flag(), about="whether a last window may hang over the end")
    count_include_pad: bool = knob(True, kind=Flag(), about="whether padding counts in the number to divide by")

    def out(self, x: Shape) -> Shape:
        if getattr(self, "divisor_override", None) == 0:
            raise self.fault("divisor_override", "must not be 0", "leave it out to divide by the window's size")
        if self.spatial == 3:
            require_unpadded_room(self, x)
        return self.pooled(x)

    def costs(self, x: Shape) -> Iterator[Cost]:
        taps = prod(self.per_axis("kernel_size"))
        yield Cost("add up the taps", prod(self.pooled(x)) * (taps - 1), "addition")
        yield Cost("divide by their number", prod(self.pooled(x)), "division")

    def keras(self, x: Shape) -> list[str]:
        windows = self.windows(x)
        if getattr(self, "divisor_override", None) is not None:
            raise NoEquivalent("Keras's pooling layers have no divisor_override.")
        if any((window.count - 1) * window.s + window.k > window.n + 2 * window.before for window in windows):
            raise NoEquivalent("Keras has no ceil_mode: its last window never hangs over the end.")
        padded = any(window.before for window in windows)
        if padded and not self.count_include_pad:
            raise NoEquivalent("Keras has no average pool that pads by a number and leaves the padding uncounted.")
        kernel = self.per_axis("kernel_size")
        layer = call(f"AveragePooling{self.spatial}D", kernel, strides=(self.strides(), kernel))
        pad = [call(f"ZeroPadding{self.spatial}D", tuple(window.before for window in windows))] if padded else []
        return [*pad, layer]


@dataclass(frozen=True)
class MaxPool1d(MaxPool):
    """Max pooling along one axis."""

    spatial: ClassVar[int] = 1
    axis_letters: ClassVar[str] = LETTERS[1]


@dataclass(frozen=True)
class MaxPool2d(MaxPool):
    """Max pooling along two axes, as after most convolutions of an image network."""

    spatial: ClassVar[int] = 2
    axis_letters: ClassVar[str] = LETTERS[2]


@dataclass(frozen=True)
class MaxPool3d(MaxPool):
    """Max pooling along three axes."""

    spatial: ClassVar[int] = 3
    axis_letters: ClassVar[str] = LETTERS[3]


@dataclass(frozen=True)
class AvgPool1d(AvgPool):
    """Average pooling along one axis."""

    spatial: ClassVar[int] = 1
    axis_letters: ClassVar[str] = LETTERS[1]


@dataclass(frozen=True)
class DividingAvgPool(AvgPool, ABC):
    """Average pools of two and three axes also take the number to divide by."""

    divisor_override: int | None = knob(
        None, kind=Whole(None, empty="window's size"), about="number to divide by instead of the window's size"
    )


@dataclass(frozen=True)
class AvgPool2d(DividingAvgPool):
    """Average pooling along two axes, as in LeNet-5."""

    spatial: ClassVar[int] = 2
    axis_letters: ClassVar[str] = LETTERS[2]


@dataclass(frozen=True)
class AvgPool3d(DividingAvgPool):
    """Average pooling along three axes."""

    spatial: ClassVar[int] = 3
    axis_letters: ClassVar[str] = LETTERS[3]
