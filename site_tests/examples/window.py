"""Convolutions, pools, dense layers, and the first networks."""

from __future__ import annotations

from site_tests.examples.example import Example


def _conv(*spatial: int) -> list[Example]:
    uneven = tuple(range(2, 2 + len(spatial)))
    return [
        ({"in_channels": 3, "out_channels": 8, "kernel_size": 5, "stride": 2, "padding": 2}, (2, 3, *spatial)),
        ({"in_channels": 4, "out_channels": 6, "kernel_size": 3, "padding": "same", "dilation": 2}, (4, *spatial)),
        ({"in_channels": 4, "out_channels": 6, "kernel_size": uneven, "groups": 2, "bias": False}, (1, 4, *spatial)),
        ({"in_channels": 2, "out_channels": 2, "kernel_size": 2, "padding": "valid"}, (1, 2, *spatial)),
        (
            {"in_channels": 2, "out_channels": 3, "kernel_size": 3, "padding": 1, "padding_mode": "reflect"},
            (2, *spatial),
        ),
        ({"in_channels": 2, "out_channels": 3, "kernel_size": 4, "padding": 3, "stride": uneven}, (2, *spatial)),
    ]


def _conv_transpose(*spatial: int) -> list[Example]:
    uneven = tuple(range(2, 2 + len(spatial)))
    return [
        ({"in_channels": 4, "out_channels": 2, "kernel_size": 4, "stride": 2, "padding": 1}, (2, 4, *spatial)),
        ({"in_channels": 4, "out_channels": 2, "kernel_size": 3, "stride": 2, "output_padding": 1}, (4, *spatial)),
        ({"in_channels": 4, "out_channels": 6, "kernel_size": uneven, "groups": 2, "bias": False}, (1, 4, *spatial)),
        ({"in_channels": 1, "out_channels": 2, "kernel_size": 3, "stride": uneven, "dilation": 2}, (1, 1, *spatial)),
    ]


def _pool(*spatial: int) -> list[Example]:
    uneven = tuple(range(2, 2 + len(spatial)))
    return [
        ({"kernel_size": 2}, (2, 3, *spatial)),
        ({"kernel_size": 3, "stride": 2, "padding": 1}, (3, *spatial)),
        ({"kernel_size": 3, "stride": 2, "ceil_mode": True}, (2, 3, *(n + 1 for n in spatial))),
        ({"kernel_size": 2, "stride": 3, "padding": 1, "ceil_mode": True}, (1, 3, *(4 for _ in spatial))),
        ({"kernel_size": uneven, "stride": 1}, (1, 2, *spatial)),
    ]


def _max_pool(*spatial: int) -> list[Example]:
    return [
        *_pool(*spatial),
        ({"kernel_size": 3, "stride": 2, "dilation": 2, "return_indices": True}, (1, 2, *spatial)),
    ]


def _avg_pool(*spatial: int) -> list[Example]:
    return [*_pool(*spatial), ({"kernel_size": 3, "padding": 1, "count_include_pad": False}, (1, 2, *spatial))]


def _adaptive(*spatial: int) -> list[Example]:
    examples: list[Example] = [({"output_size": 1}, (2, 3, *spatial)), ({"output_size": 3}, (3, *spatial))]
    if len(spatial) > 1:
        examples.append(({"output_size": (2, *(None for _ in spatial[1:]))}, (1, 3, *spatial)))
    return examples


EXAMPLES: dict[str, list[Example]] = {
    "Conv1d": _conv(17),
    "Conv2d": _conv(17, 12),
    "Conv3d": _conv(9, 10, 11),
    "ConvTranspose1d": _conv_transpose(7),
    "ConvTranspose2d": _conv_transpose(7, 5),
    "ConvTranspose3d": _conv_transpose(4, 5, 6),
    "MaxPool1d": _max_pool(13),
    "MaxPool2d": _max_pool(13, 10),
    "MaxPool3d": _max_pool(8, 9, 10),
    "AvgPool1d": _avg_pool(13),
    "AvgPool2d": _avg_pool(13, 10),
    "AvgPool3d": _avg_pool(8, 9, 10),
    "AdaptiveAvgPool1d": _adaptive(9),
    "AdaptiveAvgPool2d": _adaptive(9, 8),
    "AdaptiveAvgPool3d": _adaptive(9, 8, 7),
    "AdaptiveMaxPool1d": _adaptive(9),
    "AdaptiveMaxPool2d": _adaptive(9, 8),
    "AdaptiveMaxPool3d": _adaptive(9, 8, 7),
    "Linear": [
        ({"in_features": 6, "out_features": 4}, (2, 6)),
        ({"in_features": 6, "out_features": 4, "bias": False}, (6,)),
        ({"in_features": 6, "out_features": 4}, (2, 3, 6)),
        ({"in_features": 6, "out_features": 4}, (2, 3, 5, 7, 6)),
    ],
    "Flatten": [
        ({}, (2, 3, 4, 5)),
        ({"start_dim": 0}, (2, 3)),
        ({"start_dim": 1, "end_dim": 2}, (2, 3, 4, 5, 6)),
        ({"start_dim": -2, "end_dim": -1}, (2, 3, 4, 5, 6, 7)),
    ],
    "LeNet5": [({}, (1, 1, 28, 28)), ({"in_channels": 3, "num_classes": 7, "padding": 0}, (2, 3, 32, 32))],
    "LeNet5Caffe": [({}, (1, 1, 28, 28)), ({"in_channels": 3, "num_classes": 7}, (2, 3, 28, 28))],
}
