"""The text of every refusal: the layer, the argument, its value, the rule, the way out; and which knob is at fault."""

from __future__ import annotations

from typing import Any

import pytest

import calc

CONV: dict[str, Any] = {"in_channels": 4, "out_channels": 4, "kernel_size": 3}
STAMP: dict[str, Any] = {"in_channels": 1, "out_channels": 1, "kernel_size": 3}

BUILDING = [
    # (layer, arguments, knob, text): refused when the layer is built, as PyTorch does
    (
        "Conv2d",
        {**CONV, "in_channels": 3, "groups": 2},
        "in_channels",
        "in_channels (=3) must be divisible by groups (=2); set groups=1 or in_channels=4.",
    ),
    (
        "Conv2d",
        {**CONV, "out_channels": 3, "groups": 2},
        "out_channels",
        "out_channels (=3) must be divisible by groups (=2); set groups=1 or out_channels=4.",
    ),
    ("Conv2d", {**CONV, "groups": 0}, "groups", "groups (=0) must be at least 1; try 1."),
    ("Conv2d", {**CONV, "in_channels": -4}, "in_channels", "in_channels (=-4) must be at least 1; try 1."),
    (
        "Conv2d",
        {**CONV, "in_channels": -4, "groups": 3},  # before the question whether it divides
        "in_channels",
        "in_channels (=-4) must be at least 1; try 1.",
    ),
    (
        "Conv2d",
        {**CONV, "padding": "same", "stride": 2},
        "padding",
        "padding (='same') needs stride 1, and stride is 2; set stride=1 or give the padding as a number.",
    ),
    (
        "Conv2d",
        {**CONV, "padding": "full"},
        "padding",
        "padding (='full') must be a number, 'same' or 'valid'; try 'same'.",
    ),
    (
        "Conv2d",
        {**CONV, "padding_mode": "mirror"},
        "padding_mode",
        "padding_mode (='mirror') must be one of zeros, reflect, replicate, circular; try 'zeros'.",
    ),
    (
        "ConvTranspose2d",
        {**STAMP, "padding_mode": "reflect"},
        "padding_mode",
        "padding_mode (='reflect') must be 'zeros' in a transposed convolution; leave it out.",
    ),
    ("Conv2d", {**CONV, "kernel_size": 2.5}, "kernel_size", "kernel_size (=2.5) must be a whole number; write 2."),
    ("Linear", {"in_features": -1, "out_features": 2}, "in_features", "in_features (=-1) must be at least 0; try 0."),
    (
        "Conv2d",
        {**CONV, "kernel_sise": 3},
        "kernel_sise",
        "kernel_sise (=3) is not an argument of Conv2d; try 'kernel_size'.",
    ),
    ("Tanh", {"inplace": True}, "inplace", "inplace (=True) is not an argument of Tanh; it takes none."),
    ("Conv2d", {"in_channels": 3, "out_channels": 3}, "kernel_size", "kernel_size is missing; give kernel_size."),
]


@pytest.mark.parametrize(("layer", "arguments", "knob", "text"), BUILDING)
def test_what_cannot_be_built_is_explained(layer: str, arguments: dict[str, Any], knob: str, text: str) -> None:
    """The sentence is exact, and `knob` names the argument for the form."""
    with pytest.raises(calc.CalcError) as caught:
        calc.layer(layer, **arguments)

    assert (f"{layer}: {text}", knob) == (str(caught.value), caught.value.knob)


CALLING = [
    # (layer, arguments, input, knob, text): refused when the layer is called
    (
        "Conv2d",
        CONV,
        (1, 3, 8, 8),
        "input",
        "input (=(1, 3, 8, 8)) must have in_channels (=4) channels, and axis 1 is 3; "
        "set in_channels=3 or give the input 4 channels.",
    ),
    (
        "Conv2d",
        CONV,
        (4, 8),
        "input",
        "input (=(4, 8)) must have 3 or 4 axes, and has 2; write it as (C, H, W) or (N, C, H, W).",
    ),
    (
        "Conv2d",
        {**CONV, "kernel_size": 9},
        (1, 4, 8, 8),
        "kernel_size",
        "kernel_size (=9) spans 9 cells along H, and the padded input has 8; "
        "use a larger input, padding of at least 1, or a smaller kernel.",
    ),
    (
        "Conv2d",
        {**CONV, "kernel_size": (3,)},  # PyTorch repeats a single stride, but not a single kernel size
        (1, 4, 8, 8),
        "kernel_size",
        "kernel_size (=(3,)) must be one number or 2, one for each axis, and has 1; write 3 or (3, 3).",
    ),
    ("Conv2d", {**CONV, "stride": 0}, (1, 4, 8, 8), "stride", "stride (=0) must be at least 1; try 1."),
    (
        "Conv2d",
        {**CONV, "padding": 1},
        (1, 4, 0, 8),
        "input",
        "input (=(1, 4, 0, 8)) must have at least 1 cell along axis 2; only the batch may be empty.",
    ),
    (
        "Conv2d",
        {**CONV, "padding": 4, "padding_mode": "reflect"},
        (1, 4, 4, 8),
        "padding",
        "padding (=4) takes 4 cells along H from the input, which can lend 3 with padding_mode='reflect'; "
        "use padding of at most 3 or padding_mode='zeros'.",
    ),
    (
        "MaxPool2d",
        {"kernel_size": 2, "padding": 2},
        (1, 4, 4, 8),
        "padding",
        "padding (=2) must be at most half of kernel_size (=2); use at most 1.",
    ),
    (
        "MaxPool2d",
        {"kernel_size": 2},
        (1, 4, 1, 8),
        "kernel_size",
        "kernel_size (=2) spans 2 cells along H, and the padded input has 1; use a larger input or a smaller kernel.",
    ),
    (
        "AvgPool3d",
        {"kernel_size": 3, "padding": 1},
        (1, 1, 2, 8, 8),
        "kernel_size",
        "kernel_size (=3) must not exceed the 2 cells along D before padding; "
        "use at most 2; max pools do not have this rule.",
    ),
    (
        "ConvTranspose2d",
        {**STAMP, "stride": 2, "output_padding": 2},
        (1, 1, 4, 4),
        "output_padding",
        "output_padding (=2) must be less than stride (=2) or dilation (=1); use at most 1.",
    ),
    (
        "ConvTranspose2d",
        {**STAMP, "padding": 2},
        (1, 1, 1, 1),
        "padding",
        "padding (=2) cuts off everything along H: -1 cells would be left; use padding of at most 1.",
    ),
    (
        "AdaptiveAvgPool2d",
        {"output_size": (1, 2, 3)},
        (1, 1, 4, 4),
        "output_size",
        "output_size (=(1, 2, 3)) must be one number or 2, one for each axis, and has 3; write (1, 1).",
    ),
    (
        "Linear",
        {"in_features": 400, "out_features": 2},
        (1, 16, 5, 5),
        "input",
        "input (=(1, 16, 5, 5)) must end in in_features (=400), and its last axis is 5; put a Flatten before it.",
    ),
    (
        "Linear",
        {"in_features": 4, "out_features": 2},
        (4, 5),
        "input",
        "input (=(4, 5)) must end in in_features (=4), and its last axis is 5; set in_features=5.",
    ),
    (
        "Flatten",
        {},
        (3,),
        "start_dim",
        "start_dim (=1) must be from -1 to 0 for an input with 1 axes; give the input a batch axis.",
    ),
]


@pytest.mark.parametrize(("layer", "arguments", "input", "knob", "text"), CALLING)
def test_what_cannot_run_is_explained(
    layer: str, arguments: dict[str, Any], input: tuple[int, ...], knob: str, text: str
) -> None:
    """The layer can be built and has weights; the call is refused, and so is counting its MACs."""
    built = calc.layer(layer, **arguments)
    assert built.params >= 0
    for call in (built, built.macs):
        with pytest.raises(calc.CalcError) as caught:
            call(input)

        assert (f"{layer}: {text}", knob) == (str(caught.value), caught.value.knob)


def test_hints_lead_out() -> None:
    """Padding that a hint allows is accepted, and one more is not."""
    for kernel in range(1, 5):
        for size in range(1, 4):
            for padding in range(9):
                layer = calc.layer(
                    "ConvTranspose1d", in_channels=1, out_channels=1, kernel_size=kernel, padding=padding
                )
                try:
                    layer((1, 1, size))
                except calc.CalcError as error:
                    allowed = int(error.hint.split()[-1])
                    least = calc.layer(
                        "ConvTranspose1d", in_channels=1, out_channels=1, kernel_size=kernel, padding=allowed
                    )

                    assert padding == allowed + 1 or padding > allowed
                    assert least((1, 1, size))[-1] >= 1


def test_unknown_layers_are_suggested() -> None:
    """Keras's spelling leads to PyTorch's."""
    with pytest.raises(calc.CalcError, match=r"^layer \(='Conv2D'\) must be one that calc knows; try 'Conv2d'\.$"):
        calc.layer("Conv2D", in_channels=1)


def test_a_refusal_is_a_value_error() -> None:
    """Code that knows nothing of `calc` can catch it."""
    with pytest.raises(ValueError, match="must be at least 1"):
        calc.layer("Conv2d", in_channels=1, out_channels=1, kernel_size=1, groups=0)


@pytest.mark.parametrize("wanted", [(12, 9), (9, 11), (8, 9)])
def test_an_output_size_out_of_reach_is_explained(wanted: tuple[int, int]) -> None:
    """A stride of 2 leaves two sizes to choose from; the sentence names both ends."""
    layer = calc.layer("ConvTranspose2d", in_channels=1, out_channels=1, kernel_size=3, stride=2)

    assert layer((1, 1, 4, 4), output_size=(10, 9)) == (1, 1, 10, 9)
    with pytest.raises(calc.CalcError, match="must be between 9 and 10 along [HW]; ask for 9") as caught:
        layer((1, 1, 4, 4), output_size=wanted)
    assert caught.value.knob == "output_size"
