"""Steps of a calculation with its numbers, typeset: what stands under "Step by step" in demos and exercises."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from calc.markup import plain
from calc.panels.table import Typeset
from calc.scene import digits


def tex(number: float, places: int = 4) -> str:
    """A number as TeX; with a sign that is kept together, as in 3 · (−2)."""
    if number != number:
        return r"\mathrm{nan}"
    text = digits(number, places).replace("∞", r"\infty").replace("−", "-")
    return text


def factor(number: float, places: int = 4) -> str:
    """A number as it stands within a product: a negative one in brackets."""
    return rf"({tex(number, places)})" if number < 0 else tex(number, places)


def products(pairs: Iterable[tuple[float, float]], places: int = 4) -> str:
    """A sum of products as TeX: 1 · 2 + 3 · (−4)."""
    return " + ".join(rf"{factor(one, places)} \cdot {factor(other, places)}" for one, other in pairs)


def dot_text(pairs: Iterable[tuple[float, float]], places: int = 4) -> str:
    """The same as plain text, for a sentence: 1·2 + 3·(−4)."""

    def each(number: float) -> str:
        return f"({digits(number, places)})" if number < 0 else digits(number, places)

    return " + ".join(f"{each(one)}·{each(other)}" for one, other in pairs)


def steps(lines: Iterable[Sequence[str]], typeset: Typeset) -> str:
    """Lines of a derivation: each is the parts of an equation as TeX, broken at the equals signs."""
    rows = ""
    for first, *rest in lines:
        parts = [first, *(f"{{}} = {part}" for part in rest)]
        rows += "<li>" + "".join(f"<span>{typeset(part)}</span>" for part in parts) + "</li>"
    return f'<ol class="calc-steps">{rows}</ol>'


def facts(entries: Iterable[tuple[str, str, str]]) -> str:
    """The answer first: (name, value, remark) side by side."""
    listed = "".join(
        f"<div><dt>{plain(name)}</dt><dd><b>{plain(value)}</b><small>{plain(remark)}</small></dd></div>"
        for name, value, remark in entries
    )
    return f'<dl class="calc-facts">{listed}</dl>'
