"""Examples of patches, of splitting an axis, and of layers on pairs of tensors."""

from __future__ import annotations

from site_tests.examples.example import Example

EXAMPLES: dict[str, list[Example]] = {
    "Unfold": [
        ({"kernel_size": 3}, (1, 2, 6, 7)),
        ({"kernel_size": (2, 3), "dilation": (1, 2), "padding": (0, 1), "stride": (2, 1)}, (3, 8, 9)),
        ({"kernel_size": 4, "stride": 4}, (2, 3, 8, 8)),
    ],
    "Fold": [
        ({"output_size": (6, 7), "kernel_size": 3}, (1, 18, 20)),
        ({"output_size": 8, "kernel_size": 4, "stride": 4}, (48, 4)),
        ({"output_size": (5, 6), "kernel_size": (2, 3), "padding": 1, "stride": (2, 1), "dilation": 1}, (2, 6, 18)),
    ],
    "Unflatten": [
        ({"dim": 1, "unflattened_size": (3, 4)}, (2, 12)),
        ({"dim": -1, "unflattened_size": (4, -1, 2)}, (2, 5, 24)),
        ({"dim": 0, "unflattened_size": (6,)}, (6, 2)),
    ],
    "Bilinear": [
        ({"in1_features": 3, "in2_features": 4, "out_features": 5}, {"input1": (2, 3), "input2": (2, 4)}),
        (
            {"in1_features": 3, "in2_features": 4, "out_features": 5, "bias": False},
            {"input1": (2, 6, 3), "input2": (2, 6, 4)},
        ),
    ],
    "CosineSimilarity": [
        ({}, {"x1": (4, 6), "x2": (4, 6)}),
        ({"dim": -2}, {"x1": (4, 5, 6), "x2": (4, 5, 6)}),
        ({}, {"x1": (4, 6), "x2": (1, 6)}),
        ({"dim": 0}, {"x1": (4, 6), "x2": (6,)}),
    ],
    "PairwiseDistance": [
        ({}, {"x1": (4, 6), "x2": (4, 6)}),
        ({"p": float("inf")}, {"x1": (4, 6), "x2": (1, 6)}),
        ({"p": 1}, {"x1": (6,), "x2": (4, 5, 6)}),
    ],
}
