"""Normalizations and dropouts."""

from __future__ import annotations

from site_tests.examples.example import Example


def _batch_norm(*spatial: int) -> list[Example]:
    return [
        ({"num_features": 6}, (4, 6, *spatial)),
        ({"num_features": 6, "affine": False, "eps": 0.001}, (1, 6, *spatial)),
        ({"num_features": 6, "track_running_stats": False, "bias": False}, (2, 6, *spatial)),
        ({"num_features": 6, "momentum": None}, (2, 6, *spatial)),
    ]


def _instance_norm(*spatial: int) -> list[Example]:
    return [
        ({"num_features": 6}, (4, 6, *spatial)),
        ({"num_features": 6, "affine": True, "eps": 0.001}, (6, *spatial)),
        ({"num_features": 6, "affine": True, "bias": False, "track_running_stats": True}, (2, 6, *spatial)),
    ]


def _dropout(*shape: int) -> list[Example]:
    return [({}, shape), ({"p": 0.1}, shape), ({"p": 1.0, "inplace": True}, shape)]


EXAMPLES: dict[str, list[Example]] = {
    "BatchNorm1d": [*_batch_norm(7), ({"num_features": 6}, (4, 6))],
    "BatchNorm2d": _batch_norm(5, 4),
    "BatchNorm3d": _batch_norm(3, 4, 5),
    "LayerNorm": [
        ({"normalized_shape": 8}, (2, 5, 8)),
        ({"normalized_shape": (8,), "bias": False}, (8,)),
        ({"normalized_shape": (6, 5, 4)}, (2, 6, 5, 4)),
        ({"normalized_shape": (5, 4), "elementwise_affine": False, "eps": 1e-6}, (2, 3, 6, 5, 4)),
    ],
    "RMSNorm": [
        ({"normalized_shape": 8}, (2, 5, 8)),
        ({"normalized_shape": (5, 8), "eps": 1e-6}, (2, 5, 8)),
        ({"normalized_shape": 8, "elementwise_affine": False}, (2, 8)),
    ],
    "GroupNorm": [
        ({"num_groups": 2, "num_channels": 6}, (4, 6, 5, 4)),
        ({"num_groups": 6, "num_channels": 6, "bias": False}, (2, 6, 7)),
        ({"num_groups": 1, "num_channels": 6, "affine": False}, (2, 6)),
        ({"num_groups": 3, "num_channels": 6, "eps": 1e-6}, (2, 6, 2, 3, 2, 3)),
    ],
    "InstanceNorm1d": _instance_norm(7),
    "InstanceNorm2d": _instance_norm(5, 4),
    "InstanceNorm3d": _instance_norm(3, 4, 5),
    "LocalResponseNorm": [({"size": 5}, (2, 7, 4, 4)), ({"size": 2, "alpha": 1.0, "beta": 0.5, "k": 2.0}, (1, 3, 9))],
    "Dropout": [*_dropout(2, 3, 4), ({}, ()), ({}, (6,)), ({}, (1, 2, 3, 4, 5, 6))],
    "Dropout1d": [*_dropout(2, 6, 7), ({}, (6, 7))],
    "Dropout2d": [*_dropout(2, 6, 3, 4), ({}, (2, 6, 7))],
    "Dropout3d": [*_dropout(2, 6, 3, 4, 2), ({}, (6, 3, 4, 2))],
    "AlphaDropout": _dropout(2, 3, 4),
}
