"""Bytes, and the prefixes that people mix up."""

from __future__ import annotations

import pytest

from calc.units import BINARY, DECIMAL, bytes_of, fitting, in_unit

LENET = 431_080 * 4

SIZES = [
    # (bytes, unit, digits, expected)
    (LENET, "KiB", None, "1,683.90625 KiB"),
    (LENET, "MiB", 2, "1.64 MiB"),
    (LENET, "KB", None, "1,724.32 KB"),
    (LENET, "MB", 2, "1.72 MB"),
    (138_357_544 * 4, "MB", 2, "553.43 MB"),  # VGG-16: some tools print this number ...
    (138_357_544 * 4, "MiB", 2, "527.79 MiB"),  # ... others this one, and both call it MB
    (61_706 * 4, "KiB", 1, "241 KiB"),  # no trailing zero
    (0, "KiB", 2, "0 KiB"),
    (1, "GiB", None, "0.000000000931322574615478515625 GiB"),  # exact to the last digit
    (1_005, "KB", 2, "1.01 KB"),  # half up, where a float would say 1.0
    (10**12, "GB", 0, "1,000 GB"),
]


@pytest.mark.parametrize(("size", "unit", "digits", "expected"), SIZES)
def test_sizes_in_a_unit(size: int, unit: str, digits: int | None, expected: str) -> None:
    """Sizes are exact fractions, rounded half up where digits are given."""
    assert expected == in_unit(size, unit, digits)


FITTING = [
    (LENET, "1.64 MiB", "1.72 MB"),
    (1023, "1023 B", "1.02 KB"),
    (1024, "1 KiB", "1.02 KB"),
    (999, "999 B", "999 B"),
    (2**30, "1 GiB", "1.07 GB"),
]


@pytest.mark.parametrize(("size", "binary", "decimal"), FITTING)
def test_the_largest_unit_that_fits(size: int, binary: str, decimal: str) -> None:
    """Powers of 1024 are written KiB, MiB, GiB; powers of 1000 KB, MB, GB."""
    assert (binary, decimal) == (fitting(size, BINARY), fitting(size, DECIMAL))


DTYPES = [("float64", 8), ("float32", 4), ("float16", 2), ("bfloat16", 2), ("int8", 1)]


@pytest.mark.parametrize(("dtype", "width"), DTYPES)
def test_bytes_of_a_dtype(dtype: str, width: int) -> None:
    """Each number takes as many bytes as its type is wide."""
    assert 431_080 * width == bytes_of(431_080, dtype)
