"""Convolution with several channels: a kernel for each pair of input and output channel, sums over channels, groups."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

from calc.demo import Demo
from calc.demos.channels_picture import Channels
from calc.demos.sliding import too_much
from calc.knob import Table, Whole, knob
from calc.panels.printed import prints_values, tensor
from calc.panels.snippet import snippet
from calc.panels.table import Typeset
from calc.picture import sizes as written_sizes
from calc.values.convolve import Axis, axes, convolve, flat, sizes
from calc.values.matrix import Matrix, Vector
from calc.worked import facts, products, steps, tex


@dataclass(frozen=True)
class ConvolutionChannels(Demo):
    """Show how several channels are summed, and how groups keep them apart."""

    heading: ClassVar[str] = "Several channels"
    titles: ClassVar[Mapping[str, str]] = {
        "answer": "",
        "picture": "A kernel for each pair of channels",
        "derivation": "Step by step",
        "torch": "The same in PyTorch",
    }
    stages: ClassVar[tuple[str, ...]] = ("picture",)

    image: tuple[Matrix, ...] = knob(
        (((0, 1, 2), (3, 4, 5), (6, 7, 8)), ((1, 2, 3), (4, 5, 6), (7, 8, 9))),
        kind=Table(axes=3, rows=5, columns=5, blocks=4),
        about="the input: a matrix for each channel, an empty line between",
    )
    kernels: tuple[Matrix, ...] = knob(
        (((0, 1), (2, 3)), ((1, 2), (3, 4)), ((1, 2), (3, 4)), ((2, 3), (4, 5))),
        kind=Table(axes=3, rows=3, columns=3, blocks=8),
        about="the weights: first those of output channel 1, one matrix for each input channel that it sees, then "
        "those of output channel 2, and so on",
    )
    bias: Vector | None = knob(
        (1, -1),
        kind=Table(axes=1, columns=8, empty="0 for all"),
        about="a number for each output channel, added to all of its sums; 0 where there is none",
    )
    groups: int = knob(
        1,
        symbol="g",
        kind=Whole(most=4),
        about="in how many groups the channels are kept apart: an output channel sees the inputs of its group only",
    )
    stride: int = knob(1, symbol="s", kind=Whole(most=4), about="cells the window moves at each step")
    padding: int = knob(0, symbol="p", kind=Whole(least=0, most=2), about="zeros on each side")

    def check(self) -> None:
        super().check()
        inputs, count = len(self.image), len(self.kernels)
        if inputs % self.groups:
            raise self.fault("groups", f"must divide the number of the image's channels, {inputs}", f"try {inputs}")
        if count % inputs:
            rule = f"must be {inputs} matrices, one for each channel, or a multiple of that, and are {count}"
            raise self.fault("kernels", rule, "add or leave out some", value=f"{count} matrices")
        for axis, word in zip(self.on, ("rows", "columns"), strict=True):
            if not axis.places:
                there = axis.cells + axis.before + axis.after
                rule = f"have {axis.span} {word}, and the padded image has {there}"
                raise self.fault("kernels", rule, "leave out weights, or add padding", value=f"{count} matrices")
        if self.bias is not None and len(self.bias) > self.outside:
            rule = f"has {len(self.bias)} numbers, more than there are output channels, {self.outside}"
            raise self.fault("bias", rule, "leave some out")
        places = self.on[0].places * self.on[1].places
        if said := too_much(products=places * len(flat(self.kernels)), outputs=places * self.outside):
            raise self.fault(
                "kernels", f"make {said}", "set a larger stride or less padding", value=f"{count} matrices"
            )

    @cached_property
    def on(self) -> tuple[Axis, ...]:
        """Rows and columns with the window on them."""
        return axes(sizes(self.image)[1:], sizes(self.kernels)[1:], self.stride, self.padding)

    @property
    def inside(self) -> int:
        """How many input channels an output channel sees."""
        return len(self.image) // self.groups

    @property
    def outside(self) -> int:
        """How many output channels there are."""
        return len(self.kernels) // self.inside

    @cached_property
    def weight(self) -> tuple[tuple[Matrix, ...], ...]:
        """PyTorch's weight, (C_out, C_in / groups, rows, columns)."""
        starts = range(0, len(self.kernels), self.inside)
        return tuple(self.kernels[start : start + self.inside] for start in starts)

    @cached_property
    def added(self) -> Vector:
        """A bias for each output channel."""
        given = self.bias or ()
        return (*given, *(0,) * (self.outside - len(given)))

    @cached_property
    def _shown(self) -> Channels:
        return Channels(self.image, self.weight, self.added, self.output, self.groups, self.on)

    @cached_property
    def output(self) -> tuple[Matrix, ...]:
        """A matrix for each output channel."""
        output: tuple[Matrix, ...] = convolve(
            self.image, self.weight, self.added, self.stride, self.padding, groups=self.groups
        )
        return output

    def answer(self, typeset: Typeset) -> str:
        """Shapes and parameters."""
        taps = sizes(self.weight)
        count = len(flat(self.weight))
        seen = "every input channel" if self.groups == 1 else f"{self.inside} of {len(self.image)} input channels"
        return facts(
            [
                ("Output", written_sizes(sizes(self.output)), "channels × rows × columns"),
                ("Weight", written_sizes(taps), "C_out × C_in / groups × rows × columns"),
                ("Parameters", f"{count + self.outside}", f"{count} weights and {self.outside} biases"),
                ("Each output sees", seen, f"{len(flat(self.weight[0]))} products and a bias for each number"),
            ]
        )

    def picture(self, typeset: Typeset) -> str:
        """Inputs, kernels with a row for each output channel, outputs."""
        return self._shown.staged()

    def derivation(self, typeset: Typeset) -> str:
        """The sum over channels, and the number of parameters."""
        outside, inside, rows, columns = sizes(self.weight)
        inputs = len(self.image)

        def lines() -> Iterator[tuple[str, ...]]:
            yield (r"y_o", r"b_o + \sum_{c \in \text{group}} x_c \star k_{o,c}")
            for channel in range(outside):
                parts = [pairs for _, pairs in self._shown.sums(channel, (0, 0))]
                yield (
                    rf"y_{{{channel + 1}}}[0, 0]",
                    " + ".join(rf"\left({products(pairs)}\right)" for pairs in parts) + _signed(self.added[channel]),
                    tex(self.output[channel][0][0]),
                )
            yield (
                r"\text{params}",
                r"C_{\text{out}} \cdot \frac{C_{\text{in}}}{g} \cdot k_h k_w + C_{\text{out}}",
                rf"{outside} \cdot \frac{{{inputs}}}{{{self.groups}}} \cdot {rows} \cdot {columns} + {outside}",
                str(outside * inside * rows * columns + outside),
            )

        return steps(lines(), typeset)

    def torch(self, typeset: Typeset) -> str:
        """The call that gives the same output."""
        options = {"stride": self.stride, "padding": self.padding, "groups": self.groups}
        defaults = {"stride": 1, "padding": 0, "groups": 1}
        given = "".join(f", {name}={value}" for name, value in options.items() if value != defaults[name])
        return snippet(
            "import torch\nfrom torch.nn import functional as F\n\n"
            f"image = {tensor(self.image, 8)}\n"
            f"weight = {tensor(self.weight, 9)}\n"
            f"bias = {tensor(self.added, 7)}\n"
            f"y = F.conv2d(image[None], weight, bias{given})\n\n{prints_values('y[0]', self.output)}"
        )


def _signed(number: float) -> str:
    return f" - {tex(-number)}" if number < 0 else f" + {tex(number)}"
