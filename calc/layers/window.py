"""The arithmetic that convolutions and pools share: a window moving over padded cells.

Padding is per side, as in PyTorch. Every number is for one axis; layers call
these once for each axis of the input.

Source: V. Dumoulin, F. Visin, "A guide to convolution arithmetic for deep
learning", arXiv:1603.07285; the formulas under "Shape" in PyTorch's
documentation of `Conv2d`, `MaxPool2d` and `ConvTranspose2d`.
"""

from __future__ import annotations

from calc.sym import ceil_div, let


def reach(k: int, d: int | None) -> int:
    """How many cells a window of size k spans when its taps are d apart, or None: side by side."""
    return k if d is None else let("k'", d * (k - 1) + 1)


def places(n: int, k: int, s: int, p: int, d: int | None) -> int:
    """How many places a window has on n cells padded by p on each side.

    A window that no longer fits whole is dropped: the division rounds down.
    """
    return (n + 2 * p - reach(k, d)) // s + 1


def places_same(n: int, k: int, d: int) -> int:
    """How many places a window has with `padding="same"`: as many as there are cells.

    The padding is P in all; the left side gets ⌊P/2⌋ and the right side the rest.
    """
    total = let("P", d * (k - 1))
    return n + total - reach(k, d) + 1


def places_ceil(n: int, k: int, s: int, p: int, d: int | None) -> int:
    """How many places a window has with `ceil_mode`: the last may hang over the right end.

    It is dropped all the same when it would start in the right padding, where
    it would see no cell of the input (the last-window rule).
    """
    count = ceil_div(n + 2 * p - reach(k, d), s) + 1
    starts_in_padding = (count - 1) * s >= n + p
    return count - 1 if starts_in_padding else count


def spread(n: int, k: int, s: int, p: int, d: int, op: int) -> int:
    """The length that a transposed convolution makes of n cells.

    Each cell stamps a window, s apart; p cells are cut off on each side and op
    more are computed on the right.
    """
    return (n - 1) * s - 2 * p + reach(k, d) + op


def places_covering(n: int, s: int) -> int:
    """How many places a window has with Keras's `padding="same"` or `"causal"`: one for each s cells.

    Whatever its size, the window is given as much padding as its last place needs.
    """
    return ceil_div(n, s)


def margins_covering(n: int, k: int, s: int, d: int) -> tuple[int, int]:
    """The cells that Keras's `padding="same"` adds before and after: as few as do, the odd one after."""
    total = max((ceil_div(n, s) - 1) * s + d * (k - 1) + 1 - n, 0)
    return total // 2, total - total // 2


def spread_valid(n: int, k: int, s: int, d: int, op: int | None) -> int:
    """The length that Keras's transposed convolution makes with `padding="valid"`: all that is stamped, and op more.

    None fills up to a whole stride for each cell where stamps are shorter than that.
    """
    if op is not None:
        return spread(n, k, s, 0, d, op)
    return n * s if reach(k, d) <= s else (n - 1) * s + reach(k, d)


def spread_same(n: int, k: int, s: int, d: int, op: int | None) -> int:
    """The length that Keras's transposed convolution makes with `padding="same"`.

    None makes a whole stride for each cell; a number is added to the middle of the
    stamps, which is one cell long if their length is odd and none if it is even.
    """
    return n * s if op is None else (n - 1) * s + reach(k, d) % 2 + op
