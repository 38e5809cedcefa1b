"""Whole networks."""

from __future__ import annotations

from site_tests.examples.example import Example

EXAMPLES: dict[str, list[Example]] = {
    "AlexNet": [
        ({}, (1, 3, 227, 227)),
        ({"groups": 2}, (2, 3, 227, 227)),  # over two GPUs, as in the paper
        ({"in_channels": 1, "num_classes": 10, "image_size": 224, "hidden_layers": 1}, (1, 1, 224, 224)),
        ({"image_size": 224, "padding": 2}, (1, 3, 224, 224)),
        ({"num_classes": 3, "image_size": 67, "hidden_layers": 1}, (1, 3, 67, 67)),
    ],
    "VGG": [
        ({}, (1, 3, 224, 224)),
        ({"depth": 11, "in_channels": 1, "num_classes": 10, "image_size": 32}, (2, 1, 32, 32)),
        ({"depth": 13, "num_classes": 10, "image_size": 64, "batch_norm": True}, (2, 3, 64, 64)),
    ],
    "NiN": [
        ({}, (1, 1, 224, 224)),
        ({"in_channels": 3, "num_classes": 5}, (2, 3, 67, 80)),
    ],
    "GoogLeNet": [
        ({}, (1, 3, 224, 224)),
        ({"in_channels": 1, "num_classes": 10}, (2, 1, 40, 33)),
    ],
    "ResNet": [
        ({"depth": 18}, (1, 3, 224, 224)),
        ({"depth": 50, "in_channels": 1, "num_classes": 10}, (2, 1, 32, 32)),
        ({"depth": 50, "num_classes": 5, "stride_first": True}, (1, 3, 70, 64)),
    ],
    "UNet": [
        ({"base_channels": 32}, (1, 1, 256, 256)),
        ({"in_channels": 3, "num_classes": 4, "base_channels": 2, "batch_norm": True}, (2, 3, 32, 48)),
        ({"base_channels": 1, "bias": False}, (1, 1, 16, 16)),
    ],
    "TransformerBase": [
        ({}, {"src": (1, 128), "tgt": (1, 100)}),
        (
            {"num_tokens": 50, "d_model": 8, "nhead": 2, "num_layers": 2, "dim_feedforward": 16, "max_len": 20},
            {"src": (2, 7), "tgt": (2, 5)},
        ),
        (
            {"num_tokens": 30, "d_model": 4, "nhead": 2, "num_layers": 1, "dim_feedforward": 4, "tied": False},
            {"src": (1, 4), "tgt": (1, 4)},
        ),
    ],
    "keras.SmallCNN": [
        ({}, (1, 224, 224, 3)),
        ({"flatten": True}, (2, 10, 9, 1)),
        ({"filters": 3, "kernel_size": (3, 2), "pool_size": (2, 3), "units": 4}, (2, 10, 9, 1)),
    ],
}
