"""Tensors as Python writes and prints them: what stands in a demo's code and in the comment below its `print`."""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite
from typing import Any

WIDTH = 80
"""PyTorch breaks a row at this many characters."""


def literal(nested: Any, indent: int = 0) -> str:
    """Nested numbers as Python source, a line for each row.

    Examples:
        >>> print("x = " + literal(((0, 1), (2.5, -3)), 4))
        x = [[0, 1],
             [2.5, -3]]
    """
    if not isinstance(nested, Sequence):
        return f"{nested:.12g}"
    if not nested or not isinstance(nested[0], Sequence):
        return f"[{', '.join(literal(each) for each in nested)}]"
    between = ",\n" + " " * (indent + 1)
    return f"[{between.join(literal(each, indent + 1) for each in nested)}]"


def tensor(nested: Any, indent: int = 0) -> str:
    """A call of `torch.tensor` in double precision, as Python computes; `indent` columns stand before it."""
    call = "torch.tensor("
    return f"{call}{literal(nested, indent + len(call))}, dtype=torch.float64)"


def printed(nested: Any) -> str:
    """A tensor of doubles as `print` shows it.

    Examples:
        >>> print(printed(((19, 25), (37, 43))))
        tensor([[19., 25.],
                [37., 43.]], dtype=torch.float64)
    """
    numbers = _flat(nested)
    style = _style(numbers)
    wide = max((len(_entry(number, style)) for number in numbers if number and isfinite(number)), default=1)
    text = f"tensor({_rows(nested, style, wide, len('tensor('))}"
    last = len(text) - text.rfind("\n") + 1
    kind = "dtype=torch.float64"
    between = "\n       " if last + len(kind) + 2 > WIDTH else " "
    return f"{text},{between}{kind})"


def rounded(nested: Any) -> Any:
    """Every number to four decimals."""
    return tuple(map(rounded, nested)) if isinstance(nested, Sequence) else round(nested, 4) + 0.0


def prints_values(name: str, nested: Any) -> str:
    """A `print` of computed values; rounded where sums of fractions end in 0.30000000000000004 or the like.

    Examples:
        >>> print(prints_values("y", (0.5, 2)))
        print(y)
        # tensor([0.5000, 2.0000], dtype=torch.float64)
        >>> print(prints_values("y", (0.1 + 0.2, 2)))
        print(y.round(decimals=4))
        # tensor([0.3000, 2.0000], dtype=torch.float64)
    """
    if all(float(number * 1024).is_integer() for number in _flat(nested)):
        return prints(name, printed(nested))
    return prints(f"{name}.round(decimals=4)", printed(rounded(nested)))


def prints(call: str, text: str) -> str:
    """A `print` with what it prints in a comment below."""
    return "\n".join([f"print({call})", *(f"# {line}" for line in text.splitlines())])


def _style(numbers: Sequence[float]) -> str:
    """How PyTorch writes all of them: "e", or whole numbers with a point, or four decimals."""
    present = [abs(number) for number in numbers if number and isfinite(number)]
    whole = all(number == int(number) for number in present)
    if present and (max(present) / min(present) > 1000 or max(present) > 1e8 or min(present) < 1e-4):
        return ".4e"
    return ".0f" if whole else ".4f"


def _entry(number: float, style: str) -> str:
    return f"{number:{style}}{'.' if style == '.0f' and isfinite(number) else ''}"


def _rows(nested: Any, style: str, wide: int, indent: int) -> str:
    if not isinstance(nested[0], Sequence):
        entries = [_entry(number, style).rjust(wide) for number in nested]
        count = max(1, (WIDTH - indent) // (wide + 2))
        lines = [", ".join(entries[start : start + count]) for start in range(0, len(entries), count)]
        return "[" + (",\n" + " " * (indent + 1)).join(lines) + "]"
    between = "," + "\n" * (_depth(nested) - 1) + " " * (indent + 1)
    return f"[{between.join(_rows(each, style, wide, indent + 1) for each in nested)}]"


def _depth(nested: Any) -> int:
    return 1 + _depth(nested[0]) if isinstance(nested, Sequence) else 0


def _flat(nested: Any) -> list[float]:
    return [leaf for each in nested for leaf in _flat(each)] if isinstance(nested, Sequence) else [nested]
