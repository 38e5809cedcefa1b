"""Keras's dense layers."""

from __future__ import annotations

from site_tests.examples.example import Example

EXAMPLES: dict[str, list[Example]] = {
    "keras.Dense": [
        ({"units": 4}, (2, 6)),
        ({"units": 4, "use_bias": False}, (2, 3, 5, 6)),
    ],
}
