"""Keras's dense layers, normalizations, reshapes, merges, dropouts and activations."""

from __future__ import annotations

from site_tests.examples.example import Example

IMAGE = (2, 6, 5, 8)

NORMALIZATIONS: dict[str, list[Example]] = {
    "keras.BatchNormalization": [
        ({}, IMAGE),
        ({"axis": 1, "center": False}, (4, 3)),
        ({"scale": False, "renorm": True}, (4, 7, 3)),
    ],
    "keras.LayerNormalization": [
        ({}, (2, 7, 12)),
        ({"axis": (1, 2), "scale": False}, (2, 7, 12)),
        ({"axis": (1, -1)}, IMAGE),
        ({"axis": 1}, IMAGE),
    ],
    "keras.GroupNormalization": [
        ({"groups": 4}, IMAGE),
        ({"groups": -1, "center": False}, IMAGE),
        ({"groups": 3, "axis": 1}, IMAGE),
    ],
    "keras.RMSNormalization": [({}, (2, 7, 12)), ({"axis": (1, 2)}, (2, 7, 12))],
    "keras.UnitNormalization": [({}, (2, 12)), ({"axis": (0, 2)}, (2, 7, 12))],
}

RESHAPES: dict[str, list[Example]] = {
    "keras.Flatten": [({}, IMAGE), ({"data_format": "channels_first"}, IMAGE)],
    "keras.Reshape": [
        ({"target_shape": (10, 24)}, IMAGE),
        ({"target_shape": (3, -1, 4)}, IMAGE),
        ({"target_shape": (-1,)}, IMAGE),
        ({"target_shape": ()}, (5, 1)),
    ],
    "keras.Permute": [({"dims": (2, 1)}, (2, 6, 5)), ({"dims": (3, 1, 2)}, IMAGE)],
    "keras.RepeatVector": [({"n": 3}, (2, 6))],
}


def _same(*shapes: tuple[int, ...]) -> list[Example]:
    return [({}, {"inputs": shapes})]


ELEMENTWISE = [
    *_same(IMAGE, IMAGE),
    *_same((2, 6, 5, 8), (2, 1, 1, 8)),
    *_same((2, 8), (2, 6, 5, 8)),
]

MERGES: dict[str, list[Example]] = {
    "keras.Add": [*ELEMENTWISE, *_same(IMAGE, IMAGE, IMAGE), *_same(IMAGE)],
    "keras.Subtract": ELEMENTWISE,
    "keras.Multiply": ELEMENTWISE,
    "keras.Average": ELEMENTWISE,
    "keras.Maximum": ELEMENTWISE,
    "keras.Minimum": ELEMENTWISE,
    "keras.Concatenate": [
        ({}, {"inputs": ((2, 6, 5, 64), (2, 6, 5, 128), (2, 6, 5, 32))}),
        ({"axis": 1}, {"inputs": ((2, 6, 5), (2, 7, 5))}),
        ({"axis": 0}, {"inputs": ((2, 6), (3, 6))}),
    ],
    "keras.Dot": [
        ({"axes": -1}, {"inputs": ((2, 5, 8), (2, 7, 8))}),
        ({"axes": (2, 1)}, {"inputs": ((2, 5, 8), (2, 8, 3, 4))}),
        ({"axes": (1, 2), "normalize": True}, {"inputs": ((2, 8), (2, 5, 8))}),
    ],
}

EXAMPLES: dict[str, list[Example]] = {
    "keras.Dense": [
        ({"units": 4}, (2, 6)),
        ({"units": 4, "use_bias": False, "activation": "relu"}, (2, 3, 5, 6)),
        ({"units": 4, "lora_rank": 2}, (2, 6)),
    ],
    **NORMALIZATIONS,
    **RESHAPES,
    **MERGES,
    "keras.Activation": [({"activation": "gelu"}, IMAGE), ({"activation": None}, (5,))],
    "keras.ReLU": [({"max_value": 6}, IMAGE), ({}, ())],
    "keras.LeakyReLU": [({}, IMAGE)],
    "keras.ELU": [({"alpha": 0.5}, IMAGE)],
    "keras.Softmax": [({}, (2, 10)), ({"axis": (1, 2)}, IMAGE)],
    "keras.Identity": [({}, IMAGE)],
    "keras.PReLU": [({}, (2, 6)), ({"shared_axes": (1, 2)}, IMAGE), ({"shared_axes": 1}, (2, 6, 5))],
    "keras.Dropout": [({"rate": 0.5}, IMAGE), ({"rate": 0.5, "noise_shape": (None, 1, 1, 8), "seed": 1}, IMAGE)],
    "keras.SpatialDropout1D": [({"rate": 0.5}, (2, 6, 5))],
    "keras.SpatialDropout2D": [({"rate": 0.5}, IMAGE)],
    "keras.SpatialDropout3D": [({"rate": 0.5, "data_format": "channels_first"}, (2, 6, 5, 8, 3))],
    "keras.GaussianNoise": [({"stddev": 0.1}, IMAGE)],
    "keras.GaussianDropout": [({"rate": 0.5}, IMAGE)],
}
