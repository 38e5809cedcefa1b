"""The text of every refusal of Keras's convolutions, pools, borders and upsampling."""

from __future__ import annotations

from typing import Any

import pytest

import calc

BUILDING = [
    # (layer, arguments, knob, text): refused when the layer is built, as Keras does
    ("Conv2D", {"filters": 0, "kernel_size": 3}, "filters", "filters (=0) must be at least 1; try 1."),
    ("Conv2D", {"filters": 4, "kernel_size": 0}, "kernel_size", "kernel_size (=0) must be at least 1; try 1."),
    (
        "Conv2D",
        {"filters": 4, "kernel_size": (3,)},  # Keras repeats no tuple of one number
        "kernel_size",
        "kernel_size (=(3,)) must be one number or 2, one for each axis, and has 1; write 3 or (3, 3).",
    ),
    (
        "Conv2D",
        {"filters": 5, "kernel_size": 3, "groups": 2},
        "filters",
        "filters (=5) must be divisible by groups (=2); set groups=1 or filters=4.",
    ),
    (
        "Conv2D",
        {"filters": 4, "kernel_size": 3, "strides": 2, "dilation_rate": 2},
        "dilation_rate",
        "dilation_rate (=2) must be 1 where strides (=2) are above 1; set strides=1 or dilation_rate=1.",
    ),
    (
        "Conv2D",
        {"filters": 4, "kernel_size": 3, "padding": "causal"},
        "padding",
        "padding (='causal') must be one of 'valid', 'same'; try valid.",
    ),
    (
        "Conv1D",
        {"filters": 4, "kernel_size": 3, "padding": "casual"},
        "padding",
        "padding (='casual') must be one of 'valid', 'same', 'causal'; try causal.",
    ),
    (
        "Conv2D",
        {"filters": 4, "kernel_size": 3, "padding": 1},
        "padding",
        "padding (=1) must be one of 'valid', 'same'; try 'valid'.",
    ),
    (
        "Conv2D",
        {"filters": 4, "kernel_size": 3, "data_format": "NHWC"},
        "data_format",
        "data_format (='NHWC') must be one of 'channels_last', 'channels_first'; try channels_last.",
    ),
    (
        "Conv2DTranspose",
        {"filters": 4, "kernel_size": 3, "strides": 2, "output_padding": 2},
        "output_padding",
        "output_padding (=2) must be less than strides (=2); use at most 1, or None.",
    ),
    (
        "DepthwiseConv2D",
        {"kernel_size": 3, "depth_multiplier": 0},
        "depth_multiplier",
        "depth_multiplier (=0) must be at least 1; try 1.",
    ),
    ("AveragePooling2D", {}, "pool_size", "pool_size is missing; give pool_size."),
    ("MaxPooling2D", {"strides": -1}, "strides", "strides (=-1) must not be negative; leave it out for pool_size."),
    (
        "ZeroPadding2D",
        {"padding": (1, 2, 3)},
        "padding",
        "padding (=(1, 2, 3)) must be one number or 2, one for each axis, and has 3; write (1, 1).",
    ),
    (
        "ZeroPadding2D",
        {"padding": ((1, 2), (1, 2, 3))},
        "padding",
        "padding (=((1, 2), (1, 2, 3))) must have pairs (before, after); write ((1, 1), (1, 1)).",
    ),
    (
        "ZeroPadding1D",
        {"padding": (1, 2, 3)},
        "padding",
        "padding (=(1, 2, 3)) must be one number or 2, (before, after), and has 3; write (1, 1).",
    ),
    (
        "ZeroPadding1D",
        {"padding": ((1, 2), 3)},
        "padding",
        "padding (=((1, 2), 3)) must be one number or (before, after); write (1, 1).",
    ),
    (
        "ZeroPadding2D",
        {"padding": -1},
        "padding",
        "padding (=-1) must not be negative; write 0, or use Cropping2D.",
    ),
    (
        "Cropping1D",
        {"cropping": (0, -2)},
        "cropping",
        "cropping (=(0, -2)) must not be negative; write 0, or use ZeroPadding1D.",
    ),
    ("UpSampling2D", {"size": (2, 0)}, "size", "size (=(2, 0)) must be at least 1; try 1."),
]

IMAGE = (1, 8, 8, 4)

CALLING = [
    # (layer, arguments, input, knob, text): refused when the layer is called
    (
        "Conv2D",
        {"filters": 4, "kernel_size": 3},
        (8, 8, 4),
        "input",
        "input (=(8, 8, 4)) must have 4 axes, and has 3; write it as (N, H, W, C_in); Keras always has a batch axis.",
    ),
    (
        "Conv2D",
        {"filters": 3, "kernel_size": 3, "groups": 3},
        IMAGE,
        "input",
        "input (=(1, 8, 8, 4)) must have a number of channels that groups (=3) divides, and has 4; set groups=1.",
    ),
    (
        "Conv2D",
        {"filters": 4, "kernel_size": 5, "dilation_rate": 2},
        IMAGE,
        "kernel_size",
        "kernel_size (=5) spans 9 cells along H, and the input has 8; "
        "use a larger input, a smaller kernel or padding='same'.",
    ),
    (
        "Conv2D",
        {"filters": 4, "kernel_size": 3},
        (1, 8, 0, 4),
        "input",
        "input (=(1, 8, 0, 4)) must have at least 1 cell along axis 2; give every axis its size.",
    ),
    (
        "Conv1DTranspose",
        {"filters": 1, "kernel_size": 2, "padding": "same", "output_padding": 0},
        (1, 1, 3),
        "output_padding",
        "output_padding (=0) must leave at least 1 cell along L, and leaves 0; use None.",
    ),
    (
        "MaxPooling1D",
        {"pool_size": 3},
        (1, 2, 4),
        "pool_size",
        "pool_size (=3) spans 3 cells along L, and the input has 2; "
        "use a larger input, a smaller window or padding='same'.",
    ),
    (
        "MaxPooling2D",
        {"padding": "SAME"},  # a pool knows the words in small letters only
        IMAGE,
        "padding",
        "padding (='SAME') must be one of 'valid', 'same'; try same.",
    ),
    ("MaxPooling2D", {"strides": 0}, IMAGE, "strides", "strides (=0) must be at least 1; try 1."),
    (
        "Cropping2D",
        {"cropping": ((3, 5), 1)},
        IMAGE,
        "cropping",
        "cropping (=((3, 5), 1)) must be less than the 8 cells along H, and takes 8; crop less or use a larger input.",
    ),
    (
        "UpSampling2D",
        {"interpolation": "cubic"},
        IMAGE,
        "interpolation",
        "interpolation (='cubic') must be one of 'nearest', 'bilinear', 'bicubic', 'lanczos3', 'lanczos5'; "
        "try bicubic.",
    ),
]


@pytest.mark.parametrize(("name", "arguments", "knob", "text"), BUILDING)
def test_building_is_refused(name: str, arguments: dict[str, Any], knob: str, text: str) -> None:
    """A layer that Keras does not build is refused with this sentence."""
    with pytest.raises(calc.CalcError) as error:
        calc.layer(f"keras.{name}", **arguments)

    assert (str(error.value), error.value.knob) == (f"keras.{name}: {text}", knob)


@pytest.mark.parametrize(("name", "arguments", "shape", "knob", "text"), CALLING)
def test_calling_is_refused(name: str, arguments: dict[str, Any], shape: tuple[int, ...], knob: str, text: str) -> None:
    """A call that Keras does not take is refused with this sentence."""
    layer = calc.layer(f"keras.{name}", **arguments)
    with pytest.raises(calc.CalcError) as error:
        layer(shape)

    assert (str(error.value), error.value.knob) == (f"keras.{name}: {text}", knob)


WAYS_OUT = [
    # what each hint above says to do, done
    ("Conv2D", {"filters": 4, "kernel_size": 3, "groups": 2}, IMAGE),
    ("Conv2D", {"filters": 4, "kernel_size": 5, "dilation_rate": 2, "padding": "same"}, IMAGE),
    ("Conv2DTranspose", {"filters": 4, "kernel_size": 3, "strides": 2, "output_padding": 1}, IMAGE),
    ("Conv1DTranspose", {"filters": 1, "kernel_size": 2, "padding": "same"}, (1, 1, 3)),
    ("MaxPooling1D", {"pool_size": 3, "padding": "same"}, (1, 2, 4)),
    ("ZeroPadding2D", {"padding": ((1, 1), (1, 1))}, IMAGE),
    ("UpSampling2D", {"interpolation": "bicubic"}, IMAGE),
]


@pytest.mark.parametrize(("name", "arguments", "shape"), WAYS_OUT)
def test_the_way_out_works(name: str, arguments: dict[str, Any], shape: tuple[int, ...]) -> None:
    """Who follows a hint gets an answer."""
    assert calc.layer(f"keras.{name}", **arguments)(shape)
