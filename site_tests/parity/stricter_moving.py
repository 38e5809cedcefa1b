"""Which configurations of paddings and rare pools `calc` refuses on purpose; the reasons are in `stricter.py`."""

from __future__ import annotations

from typing import Any

from site_tests.parity.configs import Case


def _sides(case: Case) -> list[tuple[int, int, int]]:
    """The cells, and what is added before and after, of each padded axis, the last first; none for other layers."""
    given: Any = case.arguments.get("padding")
    shape = case.input
    if not isinstance(shape, tuple) or "Pad" not in case.layer:
        return []
    each = given if isinstance(given, (tuple, list)) else (given,) * (2 * int(case.layer[-2]))
    if any(not isinstance(number, int) for number in each) or len(each) % 2:
        return []
    return list(zip(shape[::-1], each[::2], each[1::2], strict=False))


def wraps_cut_cells(case: Case) -> bool:
    """A circular padding that would copy cells to one end that it cut off at the other."""
    return case.layer.startswith("Circular") and any(
        before > n + min(after, 0) or after > n + min(before, 0) for n, before, after in _sides(case)
    )


def negative_axis(case: Case) -> bool:
    """A mirroring of an empty batch that cuts off more cells than there are."""
    empty = isinstance(case.input, tuple) and case.input[:1] == (0,)
    return (
        case.layer.startswith("Reflection")
        and empty
        and any(n + before + after < 0 for n, before, after in _sides(case))
    )


def empty_window(case: Case) -> bool:
    """A fractional pool whose windows hold nothing."""
    given: Any = case.arguments.get("kernel_size")
    each = given if isinstance(given, (tuple, list)) else (given,)
    return case.layer == "FractionalMaxPool2d" and any(isinstance(number, int) and number < 1 for number in each)


def share_too_many(case: Case) -> bool:
    """A fractional pool with more shares than axes."""
    given = case.arguments.get("output_ratio")
    return case.layer == "FractionalMaxPool3d" and isinstance(given, (tuple, list)) and len(given) > 3
