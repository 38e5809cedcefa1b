"""Convolution: a learned window moved over the input.

What every framework calls convolution is cross-correlation: the window is not
flipped. Source: PyTorch documentation, `torch.nn.Conv1d`, `Conv2d`, `Conv3d`.
"""

from __future__ import annotations

from abc import ABC
from collections.abc import Iterator
from dataclasses import dataclass
from math import prod
from typing import ClassVar

from calc.conventions import Conventions, Version
from calc.knob import Choice, Flag, PerAxis, Whole, knob
from calc.layer_base import Cost, NoEquivalent, Shape, Weight
from calc.layers import window
from calc.layers.image import LETTERS, SPATIAL, ImageLayer
from calc.layers.window_picture import Window, window_picture
from calc.source import call
from calc.sym import exact_div

PADDING_MODES = ("zeros", "reflect", "replicate", "circular")


@dataclass(frozen=True)
class ConvArguments(ImageLayer, ABC):
    """The rules that convolution and transposed convolution share."""

    channel_symbol: ClassVar[str] = "C_in"

    def require_groups(self) -> None:
        """Both channel counts must split evenly into the groups."""
        self.require_bounds("groups")
        for name in ("in_channels", "out_channels", "kernel_size"):
            value = getattr(self, name)
            for number in value if isinstance(value, tuple) else (value,):
                if number < 0:
                    raise self.fault(name, "must be at least 1", "try 1")
        for name in ("in_channels", "out_channels"):
            channels, groups = self.argument(name), self.argument("groups")
            if channels % groups:
                fits = [g for g in range(1, min(channels, 1024) + 1) if channels % g == 0]
                near = min(fits, key=lambda g: abs(g - groups))
                raise self.fault(
                    name,
                    f"must be divisible by groups (={groups})",
                    f"set groups={near} or {name}={groups * max(1, round(channels / groups))}",
                )

    def require_positive(self) -> None:
        """What is left for the call: nothing may be 0 but the padding."""
        kernel = self.argument("kernel_size")
        if isinstance(kernel, tuple):
            self.require_full("kernel_size", kernel)
        self.require_bounds(
            "in_channels", "out_channels", "kernel_size", "stride", "padding", "dilation", "output_padding"
        )

    def require_full(self, name: str, value: tuple[int, ...]) -> None:
        """Refuse a tuple of one number where PyTorch does not repeat it for every axis."""
        if len(value) != self.spatial:
            raise self.fault(
                name,
                f"must be one number or {self.spatial}, one for each axis, and has {len(value)}",
                f"write {value[0] if value else 1} or {(value[0] if value else 1,) * self.spatial}",
            )


@dataclass(frozen=True)
class Conv(ConvArguments, ABC):
    """Move a learned window over the input and sum the products at each place.

    Input (N, C_in, *spatial) or (C_in, *spatial), output (N, C_out, *spatial_out).
    """

    in_channels: int = knob(symbol="C_in", positional=True, kind=Whole(), about="channels of the input")
    out_channels: int = knob(
        symbol="C_out", positional=True, kind=Whole(), about="channels of the output, one learned window for each"
    )
    kernel_size: int | tuple[int, ...] = knob(
        symbol="k", kind=PerAxis(), about="side of the window in cells, one number or one for each axis"
    )
    stride: int | tuple[int, ...] = knob(
        1, symbol="s", kind=PerAxis(), about="cells that the window moves from one place to the next"
    )
    padding: int | tuple[int, ...] | str = knob(
        0,
        symbol="p",
        kind=PerAxis(0, words=("same", "valid")),
        about="cells added on each side of an axis; 'same' keeps the size (stride 1 only), 'valid' adds none",
    )
    dilation: int | tuple[int, ...] = knob(
        1, symbol="d", kind=PerAxis(), about="distance between neighbouring taps of the window, in cells"
    )
    groups: int = knob(1, symbol="g", kind=Whole(), about="independent groups that the channels are split into")
    bias: bool = knob(True, kind=Flag(), about="whether each output channel learns an offset")
    padding_mode: str = knob(
        "zeros", kind=Choice(PADDING_MODES), about="what the added cells hold; the output shape is the same"
    )

    def check(self) -> None:
        self.require_groups()
        if isinstance(self.padding, str):
            if self.padding not in ("same", "valid"):
                raise self.fault("padding", "must be a number, 'same' or 'valid'", "try 'same'")
            strides = self.stride if isinstance(self.stride, tuple) else (self.stride,)
            if self.padding == "same" and any(s != 1 for s in strides):
                raise self.fault(
                    "padding",
                    f"needs stride 1, and stride is {self.stride}",
                    "set stride=1 or give the padding as a number",
                )
        if self.padding_mode not in PADDING_MODES:
            raise self.fault("padding_mode", f"must be one of {', '.join(PADDING_MODES)}", "try 'zeros'")

    def out(self, x: Shape) -> Shape:
        self.require_rank(x)
        self.require_positive()
        self._require_borrowing()
        self.require_channels(x, "in_channels")
        if x[: -self.spatial - 1] != (0,) or self.padding_mode in ("reflect", "replicate"):
            self.require_cells(x, len(x) - self.spatial)
        self._require_room(x)
        return (*x[: -self.spatial - 1], self.out_channels, *self._places(x))

    def _require_borrowing(self) -> None:
        """Where padding is not zeros, PyTorch pads in a step of its own that repeats no tuple of one number."""
        if self.padding_mode != "zeros":
            for name in ("padding", "dilation") if self.padding == "same" else ("padding",):
                value = getattr(self, name)
                if isinstance(value, tuple):
                    self.require_full(name, value)

    def _places(self, x: Shape) -> Iterator[int]:
        kernel, stride, dilation = map(self.per_axis, ("kernel_size", "stride", "dilation"))
        for axis, n in enumerate(x[-self.spatial :]):
            k, s, d = kernel[axis], stride[axis], dilation[axis]
            if self.padding == "same":
                yield self.named(axis, window.places_same(n, k, d))
            else:
                yield self.named(axis, window.places(n, k, s, self._padding()[axis], d))

    def _padding(self) -> tuple[int, ...]:
        return (0,) * self.spatial if isinstance(self.padding, str) else self.per_axis("padding")

    def _margins(self) -> tuple[tuple[int, int], ...]:
        """Cells added before and after each axis."""
        if self.padding == "same":
            totals = [d * (k - 1) for k, d in zip(self.per_axis("kernel_size"), self.per_axis("dilation"), strict=True)]
            return tuple((total // 2, total - total // 2) for total in totals)
        return tuple((p, p) for p in self._padding())

    def _require_room(self, x: Shape) -> None:
        """The window must fit into the padded input, and borrowed padding into the input."""
        for axis, n in enumerate(x[-self.spatial :]):
            k, d = self.per_axis("kernel_size")[axis], self.per_axis("dilation")[axis]
            before, after = self._margins()[axis]
            reach, room = d * (k - 1) + 1, n + before + after
            symbol = SPATIAL[self.spatial][axis]
            if reach > room:
                raise self.fault(
                    "kernel_size",
                    f"spans {int(reach)} cells along {symbol}, and the padded input has {int(room)}",
                    f"use a larger input, padding of at least {int(-(-(reach - n) // 2))}, or a smaller kernel",
                )
            limit = {"reflect": n - 1, "circular": n}.get(self.padding_mode, room)
            if max(before, after) > limit:
                raise self.fault(
                    "padding",
                    f"takes {int(max(before, after))} cells along {symbol} from the input, which can lend "
                    f"{int(limit)} with padding_mode={self.padding_mode!r}",
                    f"use padding of at most {int(limit)} or padding_mode='zeros'",
                )

    def learned(self) -> Iterator[Weight]:
        channels = exact_div(self.in_channels, self.groups)
        yield Weight("weight", (self.out_channels, channels, *self._kernel_as_given()), role="kernel")
        if self.bias:
            yield Weight("bias", (self.out_channels,))

    def _kernel_as_given(self) -> tuple[int, ...]:
        kernel = self.kernel_size
        return kernel if isinstance(kernel, tuple) else (kernel,) * self.spatial

    def costs(self, x: Shape) -> Iterator[Cost]:
        out = self.out(x)
        one_place = exact_div(self.in_channels, self.groups) * prod(self.per_axis("kernel_size"))
        yield Cost("multiply each tap with its input and add up", prod(out) * one_place)
        if self.bias:
            yield Cost("add the bias", prod(out), "addition")

    def window(self, x: Shape) -> tuple[tuple[int, int], ...]:
        reaches = zip(self.per_axis("kernel_size"), self.per_axis("dilation"), strict=True)
        return tuple((d * (k - 1) + 1, s) for (k, d), s in zip(reaches, self.per_axis("stride"), strict=True))

    def keras(self, x: Shape) -> list[str]:
        kernel, stride, dilation = map(self.per_axis, ("kernel_size", "stride", "dilation"))
        if max(stride) > 1 and max(dilation) > 1:
            raise NoEquivalent("Keras refuses strides above 1 together with a dilation_rate above 1.")
        margins = self._margins()
        padded = any(before or after for before, after in margins)
        keeps_size = all(
            s == 1 and d * (k - 1) == before + after and after - before in (0, 1)
            for k, s, d, (before, after) in zip(kernel, stride, dilation, margins, strict=True)
        )
        same = padded and keeps_size and self.padding_mode == "zeros"
        layer = call(
            f"Conv{self.spatial}D",
            self.out_channels,
            kernel,
            strides=(stride, 1),
            padding=("same" if same else "valid", "valid"),
            dilation_rate=(dilation, 1),
            groups=(self.groups, 1),
            use_bias=(self.bias, True),
        )
        return [layer] if same or not padded else [self._keras_padding(x, margins), layer]

    def _keras_padding(self, x: Shape, margins: tuple[tuple[int, int], ...]) -> str:
        if self.padding_mode == "zeros":
            return call(f"ZeroPadding{self.spatial}D", tuple(before for before, _ in margins))
        if self.padding_mode == "reflect" and self.spatial < 3 and 0 not in x:
            widths = ((0, 0), *margins, (0, 0))
            return f'Lambda(lambda x: keras.ops.pad(x, {widths}, mode="reflect"))'
        raise NoEquivalent(f"Keras has no padding that works on every backend like padding_mode={self.padding_mode!r}.")

    def conventions(self, x: Shape) -> Conventions:
        from calc.keras import keras_layer  # there, convolutions are made of the same windows

        # Strides and padding are left out: they do not change what is learned.
        other = keras_layer(
            f"Conv{self.spatial}D",
            filters=self.out_channels,
            kernel_size=self.one_or_all("kernel_size"),
            groups=self.groups,
            use_bias=self.bias,
        )
        channels_last = (1, *x[-self.spatial :], x[-self.spatial - 1])
        return Conventions(
            (Version.of("PyTorch", self, x), Version.of("Keras, TensorFlow, Flax", other, channels_last)),
            (
                "The same numbers in another order: PyTorch’s kernel begins with the output channels, the others end "
                "with them.",
                "PyTorch takes (N, C, …), channels first; the others take (N, …, C) unless told otherwise. "
                "A kernel is carried over by moving its axes, not by reshaping.",
                "With a stride above 1, padding ‘same’ of Keras and TensorFlow adds the odd cell at the end, "
                "PyTorch’s padding=1 one on each side: the same size from other cells.",
            ),
        )

    def picture(self, x: Shape) -> str:
        kernel, stride, dilation = map(self.per_axis, ("kernel_size", "stride", "dilation"))
        counts = self.out(x)[-self.spatial :]
        windows = [
            Window(n, k, s, d, before, after, count)
            for n, k, s, d, (before, after), count in zip(
                x[-self.spatial :], kernel, stride, dilation, self._margins(), counts, strict=True
            )
        ]
        return window_picture(windows, "the learned window")


@dataclass(frozen=True)
class Conv1d(Conv):
    """Convolution along one axis, as over the samples of a sound or the tokens of a text."""

    spatial: ClassVar[int] = 1
    axis_letters: ClassVar[str] = LETTERS[1]


@dataclass(frozen=True)
class Conv2d(Conv):
    """Convolution along two axes, as over an image."""

    spatial: ClassVar[int] = 2
    axis_letters: ClassVar[str] = LETTERS[2]


@dataclass(frozen=True)
class Conv3d(Conv):
    """Convolution along three axes, as over a video or a scan."""

    spatial: ClassVar[int] = 3
    axis_letters: ClassVar[str] = LETTERS[3]
