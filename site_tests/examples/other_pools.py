"""Examples of power-average and fractional pools."""

from __future__ import annotations

from site_tests.examples.example import Example


def _lp(*spatial: int) -> list[Example]:
    return [
        ({"norm_type": 2, "kernel_size": 2}, (1, 3, *spatial)),
        ({"norm_type": 1.5, "kernel_size": 3, "stride": 2, "ceil_mode": True}, (3, *spatial)),
        ({"norm_type": float("inf"), "kernel_size": 3, "stride": (1,)}, (2, 3, *spatial)),
    ]


def _fractional(*spatial: int) -> list[Example]:
    return [
        ({"kernel_size": 2, "output_ratio": 0.6}, (1, 3, *spatial)),
        ({"kernel_size": 2, "output_size": 4}, (3, *spatial)),
        (
            {"kernel_size": 2, "output_ratio": (0.5, 0.7, 0.3)[-len(spatial) :], "return_indices": True},
            (1, 3, *spatial),
        ),
    ]


EXAMPLES: dict[str, list[Example]] = {
    "LPPool1d": _lp(13),
    "LPPool2d": _lp(13, 10),
    "LPPool3d": _lp(8, 9, 10),
    "FractionalMaxPool2d": _fractional(13, 10),
    "FractionalMaxPool3d": _fractional(8, 9, 10),
}
