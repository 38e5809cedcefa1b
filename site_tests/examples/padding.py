"""Examples of the paddings."""

from __future__ import annotations

from site_tests.examples.example import Example


def _pads(*spatial: int) -> list[Example]:
    sides = len(spatial)
    uneven = tuple(range(2 * sides))
    return [
        ({"padding": 1}, (2, 3, *spatial)),
        ({"padding": uneven}, (3, *spatial)),
        ({"padding": (2, 2) * sides}, (1, 3, *spatial)),
        ({"padding": (2, -1) * sides}, (1, 3, *spatial)),  # cells are cut off where it is negative
    ]


def _constant(*spatial: int) -> list[Example]:
    return [
        *(({**arguments, "value": 0.5}, shape) for arguments, shape in _pads(*spatial)),
        ({"padding": 1, "value": float("-inf")}, (2, 3, *spatial)),
        ({"padding": 1, "value": 0}, (7, 2, 3, *spatial)),  # any input that has the axes
        ({"padding": (1, 2), "value": 0}, (3, *spatial)),  # the last axis alone
    ]


LENGTHS = {1: (9,), 2: (9, 8), 3: (9, 8, 7)}

EXAMPLES: dict[str, list[Example]] = {
    **{f"ConstantPad{axes}d": _constant(*lengths) for axes, lengths in LENGTHS.items()},
    **{
        f"{kind}Pad{axes}d": _pads(*lengths)
        for kind in ("Zero", "Reflection", "Replication", "Circular")
        for axes, lengths in LENGTHS.items()
    },
}
