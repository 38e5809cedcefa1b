"""Where `calc` refuses on purpose what PyTorch happens to accept, each with its reason.

Nothing else may differ, and never the other way round: what PyTorch refuses, `calc`
refuses. A rule that no random configuration meets any more fails the tests, so the
list cannot outlive its reasons.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from calc import LAYERS
from calc.errors import CalcError
from calc.knob import LARGEST, Flag, Unfit, knobs
from site_tests.parity.configs import Case
from site_tests.parity.stricter_attention import nothing_of_another_batch, odd_probability, unread_mask
from site_tests.parity.stricter_moving import empty_window, negative_axis, share_too_many, wraps_cut_cells
from site_tests.parity.stricter_recurrent import (
    negative_norm,
    rows_without_numbers,
    state_too_many,
    states_of_a_batch,
)


@dataclass(frozen=True)
class Stricter:
    """A named difference, and which configurations it covers."""

    name: str
    reason: str
    covers: Callable[[Case], bool]


def stricter(case: Case) -> str:
    """The name of the difference that covers a configuration, or nothing."""
    return next((each.name for each in STRICTER if each.covers(case)), "")


def _numbers(case: Case, *names: str) -> Iterator[Any]:
    for name in names or (*case.arguments,):
        value = case.arguments.get(name)
        yield from value if isinstance(value, (tuple, list)) else (value,)


def _has(case: Case, test: Callable[[int], bool], *names: str) -> bool:
    return any(isinstance(number, int) and test(number) for number in _numbers(case, *names))


def _unfit(case: Case, *, flags: bool) -> bool:
    """Whether an argument is of another type than declared."""
    for each in knobs(LAYERS[case.layer]):
        if each.name in case.arguments and isinstance(each.kind, Flag) is flags:
            try:
                each.kind.clean(case.arguments[each.name])
            except Unfit:
                return True
            except CalcError:
                continue  # a layer within a layer that cannot be built is of the right type
    return False


def _bool_as_number(case: Case) -> bool:
    names = [each.name for each in knobs(LAYERS[case.layer]) if not isinstance(each.kind, Flag)]
    return any(isinstance(number, bool) for number in _numbers(case, *names))


def _borrows(case: Case) -> bool:
    return case.layer.startswith("Conv") and case.arguments.get("padding_mode", "zeros") != "zeros"


def _odd_length(case: Case) -> bool:
    name = "dilation" if case.arguments.get("padding") == "same" else "padding"
    value = case.arguments.get(name)
    return isinstance(value, (tuple, list)) and len(value) != int(case.layer[-2])


def _empty_output(case: Case) -> bool:
    if not case.layer.startswith("ConvTranspose"):
        return False
    spatial = int(case.layer[-2])
    if case.call and 0 in case.call["output_size"][-spatial:]:
        return True
    defaults = {"stride": 1, "padding": 0, "dilation": 1, "output_padding": 0}
    columns = [case.arguments.get(name, default) for name, default in {"kernel_size": 1, **defaults}.items()]
    if any(isinstance(each, str) for each in columns):
        return False
    spread = [
        (each * spatial if len(each) == 1 else each) if isinstance(each, (tuple, list)) else (each,) * spatial
        for each in columns
    ]
    rows = zip(case.input[-spatial:], *spread, strict=False)
    return any((n - 1) * s - 2 * p + d * (k - 1) + op + 1 == 0 for n, k, s, p, d, op in rows)


GENERAL: list[Stricter] = [
    Stricter(
        "huge",
        "A number above 10^9 is a slip of the keyboard: no tensor has so long an axis.",
        lambda case: _has(case, lambda number: abs(number) > LARGEST),
    ),
    Stricter(
        "bool as number",
        "PyTorch reads True as 1 here and refuses it there; a reader who wrote True meant another argument.",
        _bool_as_number,
    ),
    Stricter(
        "type at once",
        "An argument of the wrong type is refused when the layer is built, where PyTorch waits for the call.",
        lambda case: _unfit(case, flags=False),
    ),
    Stricter(
        "anything as a flag",
        "PyTorch takes whatever is true or false for `bias`, `inplace`, `return_indices`; here it is True or False.",
        lambda case: _unfit(case, flags=True),
    ),
]
"""What holds for the layers of every framework."""

STRICTER: list[Stricter] = [
    *GENERAL,
    Stricter(
        "no channels",
        "PyTorch runs a convolution without input channels and then returns no output channels: of use to nobody.",
        lambda case: "Conv" in case.layer and _has(case, lambda number: number == 0, "in_channels"),
    ),
    Stricter(
        "dilation 0",
        "PyTorch refuses it but on an empty batch and in some kernels of the transposed convolution.",
        lambda case: "Conv" in case.layer and _has(case, lambda number: number == 0, "dilation"),
    ),
    Stricter(
        "negative padding",
        "PyTorch refuses it with padding_mode 'zeros' and crops with the others, which its documentation leaves out.",
        lambda case: _borrows(case) and _has(case, lambda number: number < 0, "padding"),
    ),
    Stricter(
        "one number for several axes",
        "With a padding_mode other than 'zeros' PyTorch then pads some axes only, and 'same' does not keep the size.",
        lambda case: _borrows(case) and _odd_length(case),
    ),
    Stricter(
        "two output paddings",
        "With output_size PyTorch overwrites output_padding unread, even a negative one.",
        lambda case: bool(case.call) and _has(case, lambda number: number < 0, "output_padding"),
    ),
    Stricter(
        "nothing left",
        "A transposed convolution whose padding cuts off all cells is refused or not, depending on the CPU kernel.",
        _empty_output,
    ),
    Stricter(
        "round to cells that are cut off",
        "PyTorch's circular padding then copies whatever it has just written, or raises, as the memory happens to lie.",
        wraps_cut_cells,
    ),
    Stricter(
        "axis of negative length",
        "ReflectionPad2d gives an empty batch with an axis shorter than nothing.",
        negative_axis,
    ),
    Stricter(
        "window without cells",
        "FractionalMaxPool2d takes a window of 0 cells, whose maximum is -inf; the layer for three axes refuses it.",
        empty_window,
    ),
    Stricter(
        "share too many",
        "FractionalMaxPool3d leaves a fourth share unread; the layer for two axes refuses a third.",
        share_too_many,
    ),
    Stricter(
        "dropout that is no probability",
        "MultiheadAttention reads its dropout in training only, and a negative one only where no weights are returned.",
        odd_probability,
    ),
    Stricter(
        "keys of another batch, of which there are none",
        "PyTorch reshapes keys to the queries' batch, which fails for all numbers of keys but 0.",
        nothing_of_another_batch,
    ),
    Stricter(
        "mask unread",
        "With is_causal a mask may be dropped before its shape is compared; the documentation calls it a hint.",
        unread_mask,
    ),
    Stricter(
        "a state too many",
        "On one sequence without a batch an LSTM leaves a third state unread; with a batch it refuses it.",
        state_too_many,
    ),
    Stricter(
        "states of a batch for one input",
        "A cell adds one input to several states where their number happens to fit, and returns as many states.",
        states_of_a_batch,
    ),
    Stricter(
        "bags of rows without numbers",
        "EmbeddingBag with embedding_dim=0 runs on one thread and fails on two.",
        rows_without_numbers,
    ),
    Stricter(
        "norm below 0",
        "PyTorch shortens rows by a norm with negative p, which is none, and refuses it for rows without numbers.",
        negative_norm,
    ),
]
