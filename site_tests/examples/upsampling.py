"""Examples of upsampling and shuffling."""

from __future__ import annotations

from site_tests.examples.example import Example

EXAMPLES: dict[str, list[Example]] = {
    "Upsample": [
        ({"scale_factor": 2}, (2, 3, 4, 5)),
        ({"scale_factor": 1.5, "mode": "bilinear", "recompute_scale_factor": True}, (1, 3, 4, 5)),
        ({"scale_factor": (2, 0.7), "mode": "bicubic", "align_corners": True}, (1, 3, 4, 10)),
        ({"size": 7}, (1, 3, 5)),
        ({"size": (7, 9), "mode": "bilinear", "align_corners": False}, (1, 3, 4, 5)),
        ({"size": (3, 4, 5), "mode": "trilinear"}, (1, 3, 4, 5, 6)),
        ({"scale_factor": 2, "mode": "linear"}, (1, 3, 4)),
        ({"scale_factor": 0.29, "mode": "area"}, (1, 3, 100, 10)),  # 28, as 100 · 0.29 is 28.999… in floating point
        ({"scale_factor": 2, "mode": "nearest-exact"}, (1, 3, 4, 4, 4)),
    ],
    "UpsamplingNearest2d": [({"scale_factor": 2}, (1, 3, 4, 5)), ({"size": (7, 9)}, (1, 3, 4, 5))],
    "UpsamplingBilinear2d": [({"scale_factor": 2}, (1, 3, 4, 5)), ({"size": 9}, (1, 3, 4, 5))],
    "PixelShuffle": [
        ({"upscale_factor": 2}, (1, 12, 4, 5)),
        ({"upscale_factor": 3}, (9, 4, 5)),
        ({"upscale_factor": 2}, (2, 3, 8, 4, 5)),
    ],
    "PixelUnshuffle": [
        ({"downscale_factor": 2}, (1, 3, 4, 6)),
        ({"downscale_factor": 3}, (3, 6, 9)),
        ({"downscale_factor": 2}, (0, 3, 4, 6)),  # nothing to move: PyTorch gives the input back
    ],
    "ChannelShuffle": [({"groups": 2}, (1, 6, 4, 5)), ({"groups": 3}, (2, 6, 4)), ({"groups": 2}, (1, 4, 2, 2, 2))],
}
