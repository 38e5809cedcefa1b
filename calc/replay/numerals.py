"""How a number is written in a panel: in words, in TeX, in KaTeX's HTML; and marks that stand for numbers.

The page writes numbers in the same ways; each has a letter that both sides know.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from calc.notation import grouped
from calc.units import BINARY, DECIMAL, exact, fitting

STYLES = {"": "t", ",": "g", "binary 2": "b", "decimal 2": "m", "exact": "e"}
"""What asks for a number in words, and the letter of the way in which it is then written."""

FIRST_MARK = 730_000_009
"""Marks are this number and those a multiple of ten above it; no page holds them otherwise."""

_DRAWN_COMMA = r'</span><span class="mord[^"]*"><span class="mpunct[^"]*">,</span></span><span class="mord[^"]*">'
_COMMA = rf"(?:,|\{{,\}}|{_DRAWN_COMMA})?"
MARKS = re.compile(
    rf'(?:<span class="(?P<name>mord[^"]*)">)?73(\d){_COMMA}(\d\d\d){_COMMA}(\d\d)'
    # KaTeX puts the last digit of a base apart, before its exponent.
    r'(?:9|</span><span class="(?P<outer>mord[^"]*)"><span class="mord[^"]*">9)(?P<close></span>)?'
)
"""A mark, however it is written."""


@dataclass(frozen=True)
class Way:
    """A way to write a number: its letter, and the class names that KaTeX gives it there."""

    names: tuple[str, ...]

    def write(self, value: int) -> str:
        """The number in this way."""
        text = grouped(value)
        match self.names:
            case ("t",):
                return str(value)
            case ("g",):
                return text
            case ("b",):
                return fitting(value, BINARY)
            case ("m",):
                return fitting(value, DECIMAL)
            case ("e",):
                return exact(value)
            case ("x",):
                return text.replace(",", "{,}")
            case ("k", name):
                return _drawn(text, name)
            case ("p", name, outer):
                most = _drawn(text[:-1], name) if len(text) > 1 else ""
                return f'{most}<span class="{outer}"><span class="{name}">{text[-1]}</span>'
        raise ValueError(f"no way to write a number: {self.names}")


def _drawn(text: str, name: str) -> str:
    comma = f'<span class="{name}"><span class="{name.replace("mord", "mpunct")}">,</span></span>'
    return comma.join(f'<span class="{name}">{digits}</span>' for digits in text.split(","))


def mark_of(number: int) -> int:
    """The mark with a number, as the integer that it is."""
    return FIRST_MARK + 10 * number


def mark(number: int) -> str:
    """The text of a mark."""
    return str(mark_of(number))


def mark_number(found: re.Match[str]) -> int:
    """Which mark was found."""
    return int(found[2] + found[3] + found[4])


def written(found: re.Match[str], style: str) -> tuple[Way, int, int]:
    """The way in which a mark was found to be written, and from where to where."""
    start, end = found.span()
    if found["outer"]:
        return Way(("p", found["name"], found["outer"])), start, end
    if found["name"]:
        return Way(("k", found["name"])), start, end
    return Way(("x",) if "{" in found[0] else (STYLES[style],)), start, end - len(found["close"] or "")
