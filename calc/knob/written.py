"""Values as a reader would type them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any


def written(value: Any) -> str:
    """A value as a reader would type it; the inverse of `Kind.parse`."""
    if value is None:
        return ""
    if isinstance(value, (tuple, list)):
        inner = ", ".join(_part(item) for item in value)
        return f"({inner},)" if len(value) == 1 else inner
    return str(value) if isinstance(value, (bool, str, float)) else str(int(value))


def _part(item: Any) -> str:
    return f"({written(item)})" if isinstance(item, (tuple, list)) else written(item) or "None"


def shape_text(shape: Iterable[int]) -> str:
    """A shape as a reader would type it: 1, 3, 224, 224."""
    return ", ".join(str(int(size)) for size in shape)
