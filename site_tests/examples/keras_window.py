"""Keras's convolutions, pools, borders and upsampling."""

from __future__ import annotations

from site_tests.examples.example import Example

FIRST = {"data_format": "channels_first"}


def _conv(*cells: int) -> list[Example]:
    uneven = tuple(range(2, 2 + len(cells)))
    return [
        ({"filters": 8, "kernel_size": 3, "strides": 2, "padding": "same"}, (2, *cells, 3)),
        ({"filters": 8, "kernel_size": 2}, (2, *cells, 3)),
        ({"filters": 6, "kernel_size": uneven, "groups": 2, "use_bias": False, **FIRST}, (1, 4, *cells)),
        ({"filters": 4, "kernel_size": 3, "dilation_rate": 2, "activation": "relu"}, (1, *cells, 2)),
    ]


def _transpose(*cells: int) -> list[Example]:
    uneven = tuple(range(2, 2 + len(cells)))
    return [
        ({"filters": 2, "kernel_size": 3, "strides": 2, "padding": "same"}, (2, *cells, 4)),
        ({"filters": 2, "kernel_size": 3, "strides": 2, "padding": "same", "output_padding": 0}, (2, *cells, 4)),
        ({"filters": 2, "kernel_size": 4, "strides": 3, "padding": "same", "output_padding": 2}, (2, *cells, 4)),
        ({"filters": 2, "kernel_size": 4, "strides": 2}, (2, *cells, 4)),
        ({"filters": 2, "kernel_size": 2, "strides": 3}, (2, *cells, 4)),
        ({"filters": 2, "kernel_size": uneven, "strides": uneven, "output_padding": 1, **FIRST}, (1, 4, *cells)),
        ({"filters": 3, "kernel_size": 3, "dilation_rate": 2, "use_bias": False}, (1, *cells, 1)),
    ]


def _depthwise(*cells: int) -> list[Example]:
    return [
        ({"kernel_size": 3, "strides": 2, "padding": "same"}, (2, *cells, 3)),
        ({"kernel_size": 3, "depth_multiplier": 2, "use_bias": False, **FIRST}, (2, 3, *cells)),
        ({"kernel_size": 2, "strides": 2, "dilation_rate": 2}, (1, *cells, 4)),
    ]


def _separable(*cells: int) -> list[Example]:
    return [
        ({"filters": 8, "kernel_size": 3, "padding": "same"}, (2, *cells, 3)),
        ({"filters": 8, "kernel_size": 3, "depth_multiplier": 2, "use_bias": False, **FIRST}, (2, 3, *cells)),
    ]


def _pool(*cells: int) -> list[Example]:
    uneven = tuple(range(2, 2 + len(cells)))
    return [
        ({"pool_size": 2}, (2, *cells, 3)),
        ({"pool_size": 3, "strides": 2, "padding": "same"}, (2, *cells, 3)),
        ({"pool_size": uneven, "strides": 1, **FIRST}, (1, 2, *cells)),
    ]


def _global(*cells: int) -> list[Example]:
    return [({}, (2, *cells, 3)), ({"keepdims": True, **FIRST}, (2, 3, *cells))]


def _border(name: str, *cells: int) -> list[Example]:
    sides = tuple((each % 3, each % 2 + 1) for each in range(len(cells)))
    examples: list[Example] = [({name: 1}, (2, *cells, 3))]
    if len(cells) == 1:
        return [*examples, ({name: (1, 2)}, (2, *cells, 3))]
    mixed = (2, *sides[1:])
    return [
        *examples,
        ({name: tuple(range(len(cells))), **FIRST}, (2, 3, *cells)),
        ({name: sides}, (2, *cells, 3)),
        ({name: mixed}, (2, *cells, 3)),
    ]


def _upsampling(*cells: int) -> list[Example]:
    uneven = tuple(range(2, 2 + len(cells)))
    return [({"size": 2}, (2, *cells, 3)), ({"size": uneven, **FIRST}, (1, 3, *cells))]


EXAMPLES: dict[str, list[Example]] = {
    "keras.Conv1D": [
        *_conv(17),
        ({"filters": 4, "kernel_size": 3, "padding": "causal", "dilation_rate": 2}, (1, 10, 3)),
    ],
    "keras.Conv2D": _conv(17, 12),
    "keras.Conv3D": _conv(9, 10, 11),
    "keras.Conv1DTranspose": _transpose(7),
    "keras.Conv2DTranspose": _transpose(7, 5),
    "keras.Conv3DTranspose": _transpose(4, 5, 6),
    "keras.DepthwiseConv1D": _depthwise(17),
    "keras.DepthwiseConv2D": _depthwise(17, 12),
    "keras.SeparableConv1D": _separable(17),
    "keras.SeparableConv2D": _separable(17, 12),
    "keras.MaxPooling1D": _pool(13),
    "keras.MaxPooling2D": _pool(13, 10),
    "keras.MaxPooling3D": _pool(8, 9, 10),
    "keras.AveragePooling1D": _pool(13),
    "keras.AveragePooling2D": _pool(13, 10),
    "keras.AveragePooling3D": _pool(8, 9, 10),
    "keras.GlobalMaxPooling1D": _global(9),
    "keras.GlobalMaxPooling2D": _global(9, 8),
    "keras.GlobalMaxPooling3D": _global(9, 8, 7),
    "keras.GlobalAveragePooling1D": _global(9),
    "keras.GlobalAveragePooling2D": _global(9, 8),
    "keras.GlobalAveragePooling3D": _global(9, 8, 7),
    "keras.ZeroPadding1D": _border("padding", 9),
    "keras.ZeroPadding2D": _border("padding", 9, 8),
    "keras.ZeroPadding3D": _border("padding", 9, 8, 7),
    "keras.Cropping1D": _border("cropping", 9),
    "keras.Cropping2D": _border("cropping", 9, 8),
    "keras.Cropping3D": _border("cropping", 9, 8, 7),
    "keras.UpSampling1D": [({"size": 2}, (2, 9, 3)), ({"size": 3}, (1, 4, 5))],
    "keras.UpSampling2D": [
        *_upsampling(9, 8),
        ({"size": 2, "interpolation": "bilinear"}, (1, 4, 4, 3)),
    ],
    "keras.UpSampling3D": _upsampling(4, 3, 2),
}
