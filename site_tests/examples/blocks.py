"""Blocks of convolutional networks."""

from __future__ import annotations

from site_tests.examples.example import Example

EXAMPLES: dict[str, list[Example]] = {
    "VGGBlock": [
        ({"num_convs": 2, "in_channels": 3, "out_channels": 8}, (2, 3, 12, 10)),
        ({"num_convs": 1, "in_channels": 3, "out_channels": 4}, (1, 3, 9, 9)),
    ],
    "NiNBlock": [
        ({"in_channels": 3, "out_channels": 8, "kernel_size": 5, "stride": 2, "padding": 2}, (2, 3, 12, 10)),
        ({"in_channels": 1, "out_channels": 4, "kernel_size": 3}, (1, 1, 9, 9)),
    ],
    "Inception": [
        ({"in_channels": 6, "c1": 4, "c2": (3, 5), "c3": (2, 3), "c4": 2}, (2, 6, 9, 8)),
        ({"in_channels": 192, "c1": 64, "c2": (96, 128), "c3": (16, 32), "c4": 32}, (1, 192, 28, 28)),
    ],
}
