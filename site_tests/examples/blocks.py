"""Blocks of convolutional networks."""

from __future__ import annotations

from site_tests.examples.example import Example

EXAMPLES: dict[str, list[Example]] = {
    "VGGBlock": [
        ({"num_convs": 2, "in_channels": 3, "out_channels": 8}, (2, 3, 12, 10)),
        ({"num_convs": 1, "in_channels": 3, "out_channels": 4}, (1, 3, 9, 9)),
        ({"num_convs": 2, "in_channels": 3, "out_channels": 4, "batch_norm": True}, (2, 3, 8, 6)),
    ],
    "NiNBlock": [
        ({"in_channels": 3, "out_channels": 8, "kernel_size": 5, "stride": 2, "padding": 2}, (2, 3, 12, 10)),
        ({"in_channels": 1, "out_channels": 4, "kernel_size": 3}, (1, 1, 9, 9)),
    ],
    "Inception": [
        ({"in_channels": 6, "c1": 4, "c2": (3, 5), "c3": (2, 3), "c4": 2}, (2, 6, 9, 8)),
        ({"in_channels": 192, "c1": 64, "c2": (96, 128), "c3": (16, 32), "c4": 32}, (1, 192, 28, 28)),
    ],
    "BasicBlock": [
        ({"in_channels": 4, "out_channels": 4}, (2, 4, 9, 8)),
        ({"in_channels": 4, "out_channels": 6}, (2, 4, 9, 8)),
        ({"in_channels": 4, "out_channels": 6, "stride": 2}, (1, 4, 9, 8)),
        ({"in_channels": 4, "out_channels": 4, "stride": 3}, (1, 4, 9, 8)),
    ],
    "Bottleneck": [
        ({"in_channels": 12, "width": 3}, (2, 12, 7, 8)),
        ({"in_channels": 6, "width": 3}, (2, 6, 7, 8)),
        ({"in_channels": 12, "width": 6, "stride": 2}, (1, 12, 7, 8)),
        ({"in_channels": 12, "width": 6, "stride": 2, "stride_first": True}, (1, 12, 7, 8)),
    ],
    "DepthwiseSeparable": [
        ({"in_channels": 4, "out_channels": 6}, (2, 4, 9, 8)),
        ({"in_channels": 4, "out_channels": 6, "kernel_size": (3, 5), "stride": 2, "padding": (1, 2)}, (1, 4, 9, 8)),
        ({"in_channels": 4, "out_channels": 6, "batch_norm": True}, (2, 4, 9, 8)),
        ({"in_channels": 1, "out_channels": 6}, (2, 1, 5, 5)),
    ],
    "SqueezeExcitation": [
        ({"in_channels": 8, "squeeze_channels": 2}, (2, 8, 5, 6)),
        ({"in_channels": 1, "squeeze_channels": 1}, (1, 1, 1, 1)),
    ],
    "DoubleConv": [
        ({"in_channels": 2, "out_channels": 4}, (2, 2, 8, 6)),
        ({"in_channels": 2, "out_channels": 4, "batch_norm": True, "bias": False}, (2, 2, 8, 6)),
    ],
    "UpBlock": [
        ({"in_channels": 8, "out_channels": 4}, {"input": (2, 8, 4, 3), "skip": (2, 4, 8, 6)}),
        (
            {"in_channels": 6, "out_channels": 2, "batch_norm": True, "bias": False},
            {"input": (1, 6, 4, 4), "skip": (1, 2, 8, 8)},
        ),
    ],
}
