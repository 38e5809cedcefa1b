"""Transposed convolution: each input cell stamps a learned window onto the output.

Also called fractionally strided convolution or, wrongly, deconvolution.
Source: PyTorch documentation, `torch.nn.ConvTranspose1d`, `ConvTranspose2d`,
`ConvTranspose3d`; V. Dumoulin, F. Visin, arXiv:1603.07285, chapter 4.
"""

from __future__ import annotations

from abc import ABC
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import prod
from typing import ClassVar

from calc.conventions import Conventions, Version
from calc.knob import Choice, Flag, PerAxis, Whole, knob
from calc.layer_base import Cost, NoEquivalent, Shape, Weight, Windows
from calc.layers import window
from calc.layers.conv import PADDING_MODES, ConvArguments
from calc.layers.image import LETTERS, SPATIAL
from calc.layers.stamp_picture import Stamp, stamp_picture
from calc.source import call
from calc.sym import exact_div


@dataclass(frozen=True)
class ConvTranspose(ConvArguments, ABC):
    """Stamp a learned window onto the output for every input cell, and add up where stamps overlap.

    Input (N, C_in, *spatial) or (C_in, *spatial), output (N, C_out, *spatial_out).
    """

    in_channels: int = knob(symbol="C_in", positional=True, kind=Whole(), about="channels of the input")
    out_channels: int = knob(symbol="C_out", positional=True, kind=Whole(), about="channels of the output")
    kernel_size: int | tuple[int, ...] = knob(
        symbol="k", kind=PerAxis(), about="side of the stamp in cells, one number or one for each axis"
    )
    stride: int | tuple[int, ...] = knob(
        1,
        symbol="s",
        kind=PerAxis(),
        about="output cells from one stamp to the next; the input grows about so many times",
    )
    padding: int | tuple[int, ...] | str = knob(
        0,
        symbol="p",
        kind=PerAxis(0, words=("same", "valid")),
        about="cells cut off on each side of the output; a number, for PyTorch has no 'same' here",
    )
    output_padding: int | tuple[int, ...] = knob(
        0, symbol="op", kind=PerAxis(0), about="more cells computed on the right side of the output; they are not zeros"
    )
    groups: int = knob(1, symbol="g", kind=Whole(), about="independent groups that the channels are split into")
    bias: bool = knob(True, kind=Flag(), about="whether each output channel learns an offset")
    dilation: int | tuple[int, ...] = knob(
        1, symbol="d", kind=PerAxis(), about="distance between neighbouring taps of the stamp, in cells"
    )
    padding_mode: str = knob("zeros", kind=Choice(PADDING_MODES[:1]), about="only 'zeros' exists here")

    def check(self) -> None:
        if self.padding_mode != "zeros":
            raise self.fault("padding_mode", "must be 'zeros' in a transposed convolution", "leave it out")
        self.require_groups()

    def out(self, x: Shape, output_size: Sequence[int] | None = None) -> Shape:
        self.require_rank(x)
        if isinstance(self.padding, str):
            raise self.fault(
                "padding",
                "must be a number in a transposed convolution",
                "write 0 for 'valid'; for an output of stride times the input, halve kernel_size - stride",
            )
        self.require_positive()
        self.require_channels(x, "in_channels")
        if x[: -self.spatial - 1] != (0,):
            self.require_cells(x, len(x) - self.spatial)
        sizes = tuple(self._sizes(x, self._extra(x, output_size)))
        return (*x[: -self.spatial - 1], self.out_channels, *sizes)

    def _extra(self, x: Shape, output_size: Sequence[int] | None) -> tuple[int, ...]:
        """Output padding for each axis: as given, or what reaches the size asked for."""
        if output_size is None:
            return self.per_axis("output_padding")
        for name in ("stride", "padding", "dilation"):
            value = self.argument(name)
            if isinstance(value, tuple):
                self.require_full(name, value)
        asked = tuple(output_size)[-self.spatial :]
        if len(output_size) not in (self.spatial, len(x)):
            raise self.fault(
                "output_size",
                f"must have {self.spatial} numbers, one for each axis",
                "leave out batch and channels",
                value=tuple(output_size),
            )
        smallest = tuple(self._sizes(x, (0,) * self.spatial, checked=False))
        for axis, (wanted, least, s) in enumerate(zip(asked, smallest, self.per_axis("stride"), strict=True)):
            if not least <= wanted < least + s:
                raise self.fault(
                    "output_size",
                    f"must be between {int(least)} and {int(least + s - 1)} along {SPATIAL[self.spatial][axis]}",
                    f"ask for {int(least)}",
                    value=tuple(output_size),
                )
        return tuple(wanted - least for wanted, least in zip(asked, smallest, strict=True))

    def _sizes(self, x: Shape, extra: tuple[int, ...], *, checked: bool = True) -> Iterator[int]:
        kernel, stride, padding, dilation = map(self.per_axis, ("kernel_size", "stride", "padding", "dilation"))
        for axis, n in enumerate(x[-self.spatial :]):
            k, s, p, d, op = kernel[axis], stride[axis], padding[axis], dilation[axis], extra[axis]
            size = window.spread(n, k, s, p, d, op)
            empty_batch = len(x) == self.spatial + 2 and x[0] == 0
            if checked and not empty_batch:
                self._require_extra(op, s, d)
                self._require_output(size, axis, p)
            elif checked and size < 0:
                self._require_output(size, axis, p)
            yield self.named(axis, size)

    def _require_extra(self, op: int, s: int, d: int) -> None:
        if op >= s and op >= d:
            most = max(int(s), int(d)) - 1
            raise self.fault(
                "output_padding", f"must be less than stride (={int(s)}) or dilation (={int(d)})", f"use at most {most}"
            )

    def _require_output(self, size: int, axis: int, p: int) -> None:
        if size < 1:
            raise self.fault(
                "padding",
                f"cuts off everything along {SPATIAL[self.spatial][axis]}: {int(size)} cells would be left",
                f"use padding of at most {max(0, int(p - (2 - size) // 2))}",
            )

    def learned(self) -> Iterator[Weight]:
        kernel = self.kernel_size if isinstance(self.kernel_size, tuple) else (self.kernel_size,) * self.spatial
        yield Weight("weight", (self.in_channels, exact_div(self.out_channels, self.groups), *kernel), role="kernel")
        if self.bias:
            yield Weight("bias", (self.out_channels,))

    def costs(self, x: Shape) -> Iterator[Cost]:
        stamp = exact_div(self.out_channels, self.groups) * prod(self.per_axis("kernel_size"))
        batch = x[: -self.spatial - 1]
        yield Cost(
            "multiply each input cell with each tap of its stamp and add up",
            prod((*batch, self.in_channels, *x[-self.spatial :])) * stamp,
        )
        if self.bias:
            yield Cost("add the bias", prod(self.out(x)), "addition")

    def window(self, x: Shape) -> Windows:
        kernel, stride, dilation = map(self.per_axis, ("kernel_size", "stride", "dilation"))
        # A place of the output is covered by the stamps of as many input cells as strides fit into a stamp.
        reaches = zip(kernel, stride, dilation, strict=True)
        return tuple((-(-(d * (k - 1) + 1) // s), Fraction(1, int(s))) for k, s, d in reaches)

    def keras(self, x: Shape) -> list[str]:
        names = ("kernel_size", "stride", "padding", "output_padding", "dilation")
        kernel, stride, padding, extra, dilation = map(self.per_axis, names)
        if self.groups != 1:
            raise NoEquivalent("Keras has no grouped transposed convolution.")
        if max(stride) > 1 and max(dilation) > 1:
            raise NoEquivalent("Keras refuses strides above 1 together with a dilation_rate above 1.")
        if any(op >= s for op, s in zip(extra, stride, strict=True)):
            raise NoEquivalent("Keras refuses an output_padding that is not less than strides.")
        layer = call(
            f"Conv{self.spatial}DTranspose",
            self.out_channels,
            kernel,
            strides=(stride, 1),
            output_padding=(extra, None),
            dilation_rate=(dilation, 1),
            use_bias=(self.bias, True),
        )
        crop = [call(f"Cropping{self.spatial}D", padding)] if any(padding) else []
        return [layer, *crop]

    def conventions(self, x: Shape) -> Conventions | None:
        from calc.keras import keras_layer  # there, transposed convolutions are made of the same stamps

        if self.groups != 1:
            return None
        other = keras_layer(
            f"Conv{self.spatial}DTranspose",
            filters=self.out_channels,
            kernel_size=self.one_or_all("kernel_size"),
            use_bias=self.bias,
        )
        channels_last = (1, *x[-self.spatial :], x[-self.spatial - 1])
        return Conventions(
            (Version.of("PyTorch", self, x), Version.of("Keras, TensorFlow", other, channels_last)),
            (
                "The same numbers in another order: PyTorch’s kernel begins with the input channels, then the output "
                "channels; Keras’s ends with the output channels, then the input channels.",
                "PyTorch’s padding cuts cells off the output by number, Keras’s by word; output_padding=None in Keras "
                "is not 0: it lets Keras choose the size.",
            ),
        )

    def picture(self, x: Shape) -> str:
        names = ("kernel_size", "stride", "dilation", "padding", "output_padding")
        arguments = zip(x[-self.spatial :], *map(self.per_axis, names), strict=True)
        return stamp_picture([Stamp(n, k, s, d, p, p - op, op) for n, k, s, d, p, op in arguments])


@dataclass(frozen=True)
class ConvTranspose1d(ConvTranspose):
    """Transposed convolution along one axis, as in a decoder of sound."""

    spatial: ClassVar[int] = 1
    axis_letters: ClassVar[str] = LETTERS[1]


@dataclass(frozen=True)
class ConvTranspose2d(ConvTranspose):
    """Transposed convolution along two axes, as in a generator or a U-Net's way up."""

    spatial: ClassVar[int] = 2
    axis_letters: ClassVar[str] = LETTERS[2]


@dataclass(frozen=True)
class ConvTranspose3d(ConvTranspose):
    """Transposed convolution along three axes, as in a decoder of scans."""

    spatial: ClassVar[int] = 3
    axis_letters: ClassVar[str] = LETTERS[3]
