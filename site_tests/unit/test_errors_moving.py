"""The text of every refusal of the paddings, upsamplings, shuffles, patches, rare pools and pairs."""

from __future__ import annotations

from typing import Any

import pytest

import calc

BUILDING: list[tuple[str, dict[str, Any], str, str]] = [
    # (layer, arguments, knob, text): refused when the layer is built, as PyTorch does
    (
        "ConstantPad2d",
        {"padding": 1, "value": "9"},
        "value",
        "value (='9') must be a number; write a number such as 0.5.",
    ),
    (
        "Upsample",
        {"scale_factor": [2, 2]},
        "scale_factor",
        "scale_factor (=[2, 2]) must be a number or a tuple; write (2, 2).",
    ),
    (
        "FractionalMaxPool2d",
        {"kernel_size": 2},
        "output_size",
        "output_size (=None) must be given where output_ratio is not; write output_ratio=0.5.",
    ),
    (
        "FractionalMaxPool2d",
        {"kernel_size": 2, "output_size": 3, "output_ratio": 0.5},
        "output_ratio",
        "output_ratio (=0.5) must be left out where output_size is given; leave out one of the two.",
    ),
    (
        "FractionalMaxPool2d",
        {"kernel_size": 2, "output_ratio": 1},
        "output_ratio",
        "output_ratio (=1) must be between 0 and 1; try 0.5.",
    ),
    (
        "FractionalMaxPool2d",
        {"kernel_size": 2, "output_ratio": (0.5,)},
        "output_ratio",
        "output_ratio (=(0.5,)) must be one number or 2, one for each axis, and has 1; write 0.5.",
    ),
    (
        "FractionalMaxPool3d",
        {"kernel_size": 0, "output_size": 3},
        "kernel_size",
        "kernel_size (=0) must be at least 1; try 1.",
    ),
    (
        "Unflatten",
        {"dim": 1, "unflattened_size": 4},
        "unflattened_size",
        "unflattened_size (=4) must be a shape, one number for each axis; write (1, 3, 224, 224).",
    ),
    (
        "Bilinear",
        {"in1_features": 0, "in2_features": 3, "out_features": 2},
        "in1_features",
        "in1_features (=0) must be at least 1; try 1.",
    ),
]


@pytest.mark.parametrize(("layer", "arguments", "knob", "text"), BUILDING)
def test_what_cannot_be_built_is_explained(layer: str, arguments: dict[str, Any], knob: str, text: str) -> None:
    """The sentence is exact, and `knob` names the argument for the form."""
    with pytest.raises(calc.CalcError) as caught:
        calc.layer(layer, **arguments)

    assert (f"{layer}: {text}", knob) == (str(caught.value), caught.value.knob)


CALLING: list[tuple[str, dict[str, Any], Any, str, str]] = [
    # (layer, arguments, input, knob, text): refused when the layer is called
    (
        "ZeroPad2d",
        {"padding": (1, 1, 1)},
        (1, 3, 5, 5),
        "padding",
        "padding (=(1, 1, 1)) must be one number or two for each axis, and has 3; write (left, right, top, bottom).",
    ),
    (
        "ZeroPad2d",
        {"padding": 1},
        (5,),
        "input",
        "input (=(5,)) must have at least 2 axes, and has 1; add a channel axis.",
    ),
    (
        "ZeroPad1d",
        {"padding": (-6, 7)},
        (1, 3, 5),
        "padding",
        "padding (=(-6, 7)) cuts off more cells than there are: -1 would be left; cut off less or use a larger input.",
    ),
    (
        "ZeroPad1d",
        {"padding": -3},
        (1, 3, 5),
        "padding",
        "padding (=-3) cuts off more cells than there are: -1 would be left; cut off less or use a larger input.",
    ),
    (
        "ReflectionPad2d",
        {"padding": 5},
        (1, 1, 5, 5),
        "padding",
        "padding (=5) must be less than the 5 cells along W, which are mirrored once; use at most 4.",
    ),
    (
        "ReflectionPad2d",
        {"padding": 1},
        (1, 1, 1, 5, 5),
        "input",
        "input (=(1, 1, 1, 5, 5)) must have 3 or 4 axes, and has 5; write it as (C, H, W) or (N, C, H, W).",
    ),
    (
        "ReflectionPad2d",
        {"padding": 1},
        (1, 0, 5, 5),
        "input",
        "input (=(1, 0, 5, 5)) must have at least 1 cell along axis 1; only the batch may be empty.",
    ),
    (
        "ReflectionPad2d",
        {"padding": ()},
        (1, 1, 5, 5),
        "padding",
        "padding (=()) must have two numbers for each of 1 to 3 axes; write (left, right, top, bottom).",
    ),
    (
        "ReplicationPad1d",
        {"padding": -2},
        (1, 1, 4),
        "padding",
        "padding (=-2) cuts off more cells than there are: 0 would be left; cut off less or use a larger input.",
    ),
    (
        "CircularPad2d",
        {"padding": 6},
        (1, 1, 5, 5),
        "padding",
        "padding (=6) must be at most the 5 cells left along W, which it goes round once; use at most 5.",
    ),
    (
        "CircularPad1d",
        {"padding": (-3, 3)},
        (1, 1, 5),
        "padding",
        "padding (=(-3, 3)) must be at most the 2 cells left along L, which it goes round once; use at most 2.",
    ),
    (
        "CircularPad2d",
        {"padding": 1},
        (5, 5),
        "input",
        "input (=(5, 5)) must have 3 or 4 axes, and has 2; write it as (C, H, W) or (N, C, H, W).",
    ),
    (
        "Upsample",
        {},
        (1, 3, 4, 4),
        "size",
        "size (=None) must be given where scale_factor is not; write scale_factor=2.",
    ),
    (
        "Upsample",
        {"scale_factor": 2, "size": 8},
        (1, 3, 4, 4),
        "scale_factor",
        "scale_factor (=2) must be left out where size is given; leave out one of the two.",
    ),
    (
        "Upsample",
        {"size": 8, "recompute_scale_factor": True},
        (1, 3, 4, 4),
        "recompute_scale_factor",
        "recompute_scale_factor (=True) must not be True with a size; leave it out.",
    ),
    (
        "Upsample",
        {"scale_factor": 2, "align_corners": False},
        (1, 3, 4, 4),
        "align_corners",
        "align_corners (=False) must be left out with mode='nearest'; use it with 'bilinear'.",
    ),
    (
        "Upsample",
        {"scale_factor": 2, "mode": "cubic"},
        (1, 3, 4, 4),
        "mode",
        "mode (='cubic') must be one of 'nearest', 'linear', 'bilinear', 'trilinear', 'bicubic', 'area', "
        "'nearest-exact'; try 'nearest'.",
    ),
    (
        "Upsample",
        {"scale_factor": 2, "mode": "bilinear"},
        (3, 4, 4),
        "input",
        "input (=(3, 4, 4)) must have 4 axes, batch and channels included, with mode='bilinear'; use mode='linear'.",
    ),
    (
        "Upsample",
        {"scale_factor": 2},
        (4, 4),
        "input",
        "input (=(4, 4)) must have 3, 4 or 5 axes, batch and channels included, with mode='nearest'; "
        "write (N, C, H, W).",
    ),
    (
        "Upsample",
        {"size": (8, 8, 8)},
        (1, 3, 4, 4),
        "size",
        "size (=(8, 8, 8)) must be one number or 2, one for each axis after the channels, and has 3; write 8.",
    ),
    (
        "Upsample",
        {"scale_factor": (2,)},
        (1, 3, 4, 4),
        "scale_factor",
        "scale_factor (=(2,)) must be one number or 2, one for each axis after the channels, and has 1; write 2.",
    ),
    (
        "Upsample",
        {"scale_factor": 0.1},
        (1, 3, 4, 4),
        "scale_factor",
        "scale_factor (=0.1) must leave at least 1 cell, and of 4 it makes 0; make it larger.",
    ),
    (
        "Upsample",
        {"scale_factor": 1000000000.0},
        (1, 3, 4, 4),
        "scale_factor",
        "scale_factor (=1000000000.0) must not make an axis longer than 1,000,000,000; check the digits.",
    ),
    (
        "Upsample",
        {"scale_factor": 2},
        (1, 0, 4, 4),
        "input",
        "input (=(1, 0, 4, 4)) must have at least 1 cell along axis 1; only the batch may be empty.",
    ),
    (
        "PixelShuffle",
        {"upscale_factor": 2},
        (1, 6, 4, 4),
        "input",
        "input (=(1, 6, 4, 4)) must have a multiple of upscale_factor² (=4) channels, and has 6; give it 8.",
    ),
    (
        "PixelShuffle",
        {"upscale_factor": 0},
        (1, 6, 4, 4),
        "upscale_factor",
        "upscale_factor (=0) must be at least 1; try 1.",
    ),
    (
        "PixelShuffle",
        {"upscale_factor": 2},
        (4, 4),
        "input",
        "input (=(4, 4)) must have at least 3 axes, and has 2; write (C, H, W).",
    ),
    (
        "PixelUnshuffle",
        {"downscale_factor": 2},
        (1, 3, 4, 5),
        "input",
        "input (=(1, 3, 4, 5)) must have a multiple of downscale_factor (=2) cells along W, and has 5; pad it to 6.",
    ),
    (
        "ChannelShuffle",
        {"groups": 2},
        (1, 3, 4, 5),
        "input",
        "input (=(1, 3, 4, 5)) must have a multiple of groups (=2) channels, and axis 1 is 3; give it 4.",
    ),
    (
        "Unfold",
        {"kernel_size": (3,)},
        (1, 3, 8, 8),
        "kernel_size",
        "kernel_size (=(3,)) must be one number or 2, one for each axis, and has 1; write (3, 3).",
    ),
    (
        "Unfold",
        {"kernel_size": 9},
        (1, 3, 8, 8),
        "kernel_size",
        "kernel_size (=9) spans more cells along H than the padded image has; use a smaller window.",
    ),
    (
        "Unfold",
        {"kernel_size": 3},
        (1, 3, 8, 8, 8),
        "input",
        "input (=(1, 3, 8, 8, 8)) must have 3 or 4 axes, and has 5; write (C, H, W) or (N, C, H, W).",
    ),
    ("Unfold", {"kernel_size": 3, "stride": 0}, (1, 3, 8, 8), "stride", "stride (=0) must be at least 1; try 1."),
    (
        "Fold",
        {"output_size": (6, 7), "kernel_size": 3},
        (1, 17, 20),
        "input",
        "input (=(1, 17, 20)) must have a multiple of 9 rows, one for each tap, and has 17; "
        "give it 9 rows for each channel.",
    ),
    (
        "Fold",
        {"output_size": (6, 7), "kernel_size": 3},
        (1, 18, 19),
        "input",
        "input (=(1, 18, 19)) must have 20 columns, one for each of 4 × 5 places, and has 19; write (1, 18, 20).",
    ),
    (
        "Fold",
        {"output_size": (6, 7), "kernel_size": 3},
        (18,),
        "input",
        "input (=(18,)) must have 2 or 3 axes, and has 1; write (C k², L) or (N, C k², L).",
    ),
    (
        "LPPool2d",
        {"norm_type": 0, "kernel_size": 2},
        (1, 3, 8, 8),
        "norm_type",
        "norm_type (=0) must not be 0, as the root of that power is 1/0; use 1 or 2.",
    ),
    (
        "LPPool1d",
        {"norm_type": 2, "kernel_size": (2,)},
        (1, 3, 8),
        "kernel_size",
        "kernel_size (=(2,)) must be a number, as PyTorch multiplies with it; write 2.",
    ),
    (
        "LPPool2d",
        {"norm_type": 2, "kernel_size": (2,)},
        (1, 3, 8, 8),
        "kernel_size",
        "kernel_size (=(2,)) must be one number or 2, one for each axis, and has 1; write (2, 2).",
    ),
    (
        "LPPool3d",
        {"norm_type": 2, "kernel_size": 3, "ceil_mode": True},
        (1, 3, 2, 8, 8),
        "kernel_size",
        "kernel_size (=3) must not exceed the 2 cells along D before padding; use at most 2; "
        "max pools do not have this rule.",
    ),
    (
        "FractionalMaxPool2d",
        {"kernel_size": 3, "output_size": 6},
        (1, 1, 7, 7),
        "kernel_size",
        "kernel_size (=3) spans 3 cells, so 7 cells along H have room for 5 places, not for 6; "
        "use a smaller window or a smaller output.",
    ),
    (
        "FractionalMaxPool2d",
        {"kernel_size": 3, "output_size": (6,)},
        (1, 1, 7, 7),
        "output_size",
        "output_size (=(6,)) must be one number or 2, one for each axis, and has 1; write 6.",
    ),
    (
        "Unflatten",
        {"dim": 1, "unflattened_size": (3, 5)},
        (2, 16),
        "unflattened_size",
        "unflattened_size (=(3, 5)) must multiply to the 16 of axis 1, and gives 15; try (1, 16).",
    ),
    (
        "Unflatten",
        {"dim": 1, "unflattened_size": (3, -1)},
        (2, 16),
        "unflattened_size",
        "unflattened_size (=(3, -1)) must have known sizes whose product divides the 16 of axis 1, and it "
        "is 3; try (1, 16).",
    ),
    (
        "Unflatten",
        {"dim": 1, "unflattened_size": (-1, -1)},
        (2, 16),
        "unflattened_size",
        "unflattened_size (=(-1, -1)) must have sizes of 0 or more, and at most one -1; write (2, -1).",
    ),
    (
        "Unflatten",
        {"dim": 1, "unflattened_size": ()},
        (2, 16),
        "unflattened_size",
        "unflattened_size (=()) must have at least one size; write (2, -1).",
    ),
    (
        "Unflatten",
        {"dim": 2, "unflattened_size": (4, 4)},
        (2, 16),
        "dim",
        "dim (=2) must be from -2 to 1 for an input with 2 axes; try 1.",
    ),
    (
        "Unflatten",
        {"dim": 0, "unflattened_size": (4, 4)},
        (),
        "input",
        "input (=()) must have at least one axis; write (16,).",
    ),
    (
        "Bilinear",
        {"in1_features": 2, "in2_features": 0, "out_features": 2},
        {"input1": (4, 2), "input2": (4, 0)},
        "in2_features",
        "in2_features (=0) must be at least 1 when the layer is called; try 1.",
    ),
    (
        "Bilinear",
        {"in1_features": 2, "in2_features": 3, "out_features": 2},
        {"input1": (4, 2), "input2": (5, 3)},
        "input2",
        "input2 (=(5, 3)) must have the 4 of input1 along axis 0, and has 5; "
        "pair every row of one input with a row of the other.",
    ),
    (
        "Bilinear",
        {"in1_features": 2, "in2_features": 3, "out_features": 2},
        {"input1": (4, 2), "input2": (4, 2)},
        "input2",
        "input2 (=(4, 2)) must end in in2_features (=3), and its last axis is 2; set in2_features=2.",
    ),
    (
        "Bilinear",
        {"in1_features": 2, "in2_features": 3, "out_features": 2},
        {"input1": (4, 2), "input2": (3,)},
        "input2",
        "input2 (=(3,)) must have the 2 axes of input1, and has 1; give both the same leading axes.",
    ),
    (
        "Bilinear",
        {"in1_features": 2, "in2_features": 3, "out_features": 2},
        {"input1": (), "input2": ()},
        "input1",
        "input1 (=()) must have at least one axis; write (2,).",
    ),
    (
        "CosineSimilarity",
        {},
        {"x1": (3,), "x2": (3,)},
        "dim",
        "dim (=1) must be from -1 to 0 for tensors with 1 axes; try -1.",
    ),
    (
        "CosineSimilarity",
        {},
        {"x1": (3, 4), "x2": (3, 5)},
        "x2",
        "x2 (=(3, 5)) must have the 4 of x1 along axis 1, or 1, and has 5; make the axes equal.",
    ),
    ("CosineSimilarity", {"eps": -1}, {"x1": (3, 4), "x2": (3, 4)}, "eps", "eps (=-1) must not be negative; try 1e-8."),
    (
        "PairwiseDistance",
        {"p": float("inf")},
        {"x1": (3, 0), "x2": (3, 0)},
        "p",
        "p (=inf) must be finite and not negative for vectors without numbers; use p=2.",
    ),
]


@pytest.mark.parametrize(("layer", "arguments", "given", "knob", "text"), CALLING)
def test_what_cannot_run_is_explained(layer: str, arguments: dict[str, Any], given: Any, knob: str, text: str) -> None:
    """The layer can be built, and the call is refused with a sentence that names a way out."""
    built = calc.layer(layer, **arguments)

    with pytest.raises(calc.CalcError) as caught:
        built(**given) if isinstance(given, dict) else built(given)

    assert (f"{layer}: {text}", knob) == (str(caught.value), caught.value.knob)
