"""Sizes in memory: bytes, and the two families of prefixes that people mix up."""

from __future__ import annotations

from fractions import Fraction

from calc.sym import styled

DTYPES = {"float32": 4, "float16": 2, "bfloat16": 2, "float64": 8, "int8": 1}
"""Bytes for each number, under the framework's dtype names."""

FLOATING = ("float32", "float16", "bfloat16", "float64")
"""The formats that hold fractions, the usual one first: what a model's numbers may be held in."""

DECIMAL = {"KB": 1000, "MB": 1000**2, "GB": 1000**3}
"""Powers of 1000 (SI): what disks are sold in."""

BINARY = {"KiB": 1024, "MiB": 1024**2, "GiB": 1024**3}
"""Powers of 1024 (IEC 80000-13): what `nvidia-smi` prints."""


def bytes_of(numbers: int, dtype: str = "float32") -> int:
    """The bytes that so many numbers of a type take.

    Examples:
        >>> bytes_of(431_080)
        1724320
    """
    return numbers * DTYPES[dtype]


def in_unit(size: int, unit: str, digits: int | None = None) -> str:
    """A number of bytes in a unit, exact or rounded half up to `digits` decimals.

    Examples:
        >>> in_unit(1_724_320, "KiB"), in_unit(1_724_320, "MiB", 2), in_unit(1_724_320, "MB")
        ('1,683.90625 KiB', '1.64 MiB', '1.72432 MB')
    """
    factor = {**DECIMAL, **BINARY}[unit]
    return f"{_decimal(Fraction(size, factor), digits)} {unit}"


def fitting(size: int, family: dict[str, int], digits: int = 2) -> str:
    """The same in the largest unit of a family that gives at least 1.

    Examples:
        >>> fitting(1_724_320, BINARY), fitting(1_724_320, DECIMAL), fitting(37, BINARY)
        ('1.64 MiB', '1.72 MB', '37 B')
    """
    style = f"{'binary' if family is BINARY else 'decimal'} {digits}"
    return styled(size, style, lambda size: _fitting(size, family, digits))


def _fitting(size: int, family: dict[str, int], digits: int) -> str:
    for unit, factor in reversed(family.items()):
        if size >= factor:
            return in_unit(size, unit, digits)
    return f"{size} B"


def _decimal(value: Fraction, digits: int | None) -> str:
    if digits is None:
        # A denominator that is a power of two or ten ends: 2^-30 needs 30 digits.
        digits = 30
    scaled = int(value * 10**digits + Fraction(1, 2))
    whole, rest = divmod(scaled, 10**digits)
    decimals = f"{rest:0{digits}d}".rstrip("0") if digits else ""
    return f"{whole:,}" + (f".{decimals}" if decimals else "")


def exact(size: int) -> str:
    """The bytes themselves, in small type, where the units above round them; as HTML.

    Examples:
        >>> exact(1_724_320), exact(37)
        ('<small>1,724,320 B</small>', '')
    """
    return styled(size, "exact", lambda size: f"<small>{size:,} B</small>" if size >= 1000 else "")
