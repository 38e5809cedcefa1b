"""Keras's ConvLSTM2D: an LSTM over a sequence of maps, with convolutions in place of its products.

Source: Keras documentation, `keras.layers.ConvLSTM2D`, and `keras/src/layers/rnn/conv_lstm.py`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import prod
from typing import ClassVar

from calc.keras.conv import WORDS, Windowed
from calc.keras.layer import data_format_knob
from calc.keras.recurrent import (
    BACKWARDS,
    SEQUENCES,
    STATE,
    SequenceLayer,
    dropout_knob,
    flag_knob,
    function_knob,
    recurrent_dropout_knob,
    use_bias_knob,
)
from calc.knob import Choice, Flag, PerAxis, Whole, knob
from calc.layer_base import Answer, Cost, Port, Shape, Weight


@dataclass(frozen=True)
class ConvLSTM2D(SequenceLayer, Windowed):
    """Carry maps in place of vectors from step to step, mixed by learned windows.

    Input (N, T, H, W, C). Output (N, H_out, W_out, filters), (N, T, H_out, W_out, filters)
    with return_sequences; with return_state the last states h and c follow. The
    windows of the state move by 1 and keep its size, whatever strides and padding are.
    """

    panels: ClassVar[tuple[str, ...]] = ("result", "derivation", "weights", "cost", "memory", "keras")
    outputs: ClassVar[tuple[str, ...]] = ("output", "h", "c")
    keras_outputs: ClassVar[tuple[str, ...]] = ("output", "h", "c")
    inputs: ClassVar[tuple[Port, ...]] = (
        Port("input", about="sequences of maps: (batch, steps, height, width, channels)"),
    )
    axis_letters: ClassVar[str] = "hw"
    spatial: ClassVar[int] = 2

    filters: int = knob(symbol="C_out", positional=True, kind=Whole(), about="channels of the state")
    kernel_size: int | tuple[int, ...] = knob(
        symbol="k", positional=True, kind=PerAxis(), about="side of both windows in cells, one number or two"
    )
    strides: int | tuple[int, ...] = knob(
        1, symbol="s", kind=PerAxis(0), about="cells that the window of the input moves at each step"
    )
    padding: str = knob("valid", kind=Choice(WORDS), about="whether the window of the input may hang over the border")
    data_format: str | None = data_format_knob()
    dilation_rate: int | tuple[int, ...] = knob(
        1, symbol="d", kind=PerAxis(), about="distance between neighbouring taps of the window, in cells"
    )
    activation: str | None = function_knob("tanh", "function of the candidate and of the output")
    recurrent_activation: str | None = function_knob("sigmoid", "function of the three gates")
    use_bias: bool = use_bias_knob()
    unit_forget_bias: bool = knob(True, kind=Flag(), about="whether the forget gate's offsets start at 1")
    dropout: float = dropout_knob()
    recurrent_dropout: float = recurrent_dropout_knob()
    return_sequences: bool = flag_knob(SEQUENCES)
    return_state: bool = flag_knob(STATE)
    go_backwards: bool = flag_knob(BACKWARDS)

    def check(self) -> None:
        self.require_axes("kernel_size", "strides", "dilation_rate")
        self.require_bounds("kernel_size", "strides", "dilation_rate")
        self.require_words("padding", "data_format", "activation", "recurrent_activation")
        self.require_one_of_two()

    def require_one_of_two(self) -> None:
        # Unlike the convolutions, even where they are on different axes.
        if max(self.per_axis("strides")) > 1 and max(self.per_axis("dilation_rate")) > 1:
            raise self.fault(
                "dilation_rate",
                f"must be 1 where strides (={self.strides}) are above 1",
                "set strides=1 or dilation_rate=1",
            )

    def out(self, x: Shape) -> Answer:
        self.require_dims(x, 5)
        self.require_full(x, 1)
        if self.filters < 1:
            raise self.fault("filters", "must be at least 1", "try 1")
        if min(self.per_axis("strides")) < 1:
            raise self.fault("strides", "must be at least 1", "try 1")
        return self.emitted(x, self._state(x)[1:])

    def _state(self, x: Shape) -> Shape:
        """The shape of a state: what the window of the input makes of one step's map."""
        step = (x[0], *x[2:])
        return self.joined(step, self.filters, self.places(step))

    def build(self, x: Shape) -> Iterator[Weight]:
        kernel, columns = self.per_axis("kernel_size"), 4 * self.filters
        channels = self.channels((x[0], *x[2:]))
        yield Weight("conv_lstm_cell/kernel", (*kernel, channels, columns), role="input weights")
        yield Weight("conv_lstm_cell/recurrent_kernel", (*kernel, self.filters, columns), role="recurrent weights")
        if self.use_bias:
            yield Weight("conv_lstm_cell/bias", (columns,), role="bias")

    def costs(self, x: Shape) -> Iterator[Cost]:
        places = x[1] * prod(self.cells(self._state(x))) * x[0]
        names = {"input weights": "convolve the map of each step", "recurrent weights": "convolve the state before"}
        for weight in self.build(x):
            if weight.role in names:
                yield Cost(names[weight.role], places * prod(weight.shape))
            else:
                yield Cost("add the offsets", places * weight.size, "addition")
        yield Cost("apply the activations", 5 * places * self.filters, "evaluation")

    def input_symbols(self, rank: int, name: str = "input") -> tuple[str, ...]:
        if rank != 5:
            return ("N", *(f"d_{i}" for i in range(1, rank)))
        return ("N", "T", "H", "W", "C") if self.channels_last else ("N", "T", "C", "H", "W")
