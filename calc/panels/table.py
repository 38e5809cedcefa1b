"""What every panel is written with: tables, and shapes in symbols and in numbers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias

from calc.notation import TEX, grouped, write
from calc.sym import node_of
from calc.tensor import Shape
from calc.units import BINARY, DECIMAL, fitting

Typeset: TypeAlias = Callable[[str], str]
"""TeX to HTML: KaTeX at build time and in the browser alike."""


def shape_text(shape: Shape) -> str:
    """A shape as Python prints a tuple: (1, 64, 112, 112)."""
    return str(tuple(shape))


def shape_symbols(shape: Shape) -> str:
    """A shape in symbols, as TeX."""
    return r"\left(" + r",\;".join(write(node_of(size), TEX) for size in shape) + r"\right)"


def both_counts(macs: int) -> str:
    """Multiply-adds, and the same as FLOPs; the page's switch shows one of them."""
    return (
        f'<span class="calc-macs">{grouped(macs)} MACs</span><span class="calc-flops">{grouped(2 * macs)} FLOPs</span>'
    )


def both_sizes(size: int) -> str:
    """A size in memory, in powers of 1024 and of 1000; the page's switch shows one of them."""
    return (
        f'<span class="calc-binary">{fitting(size, BINARY)}</span>'
        f'<span class="calc-decimal">{fitting(size, DECIMAL)}</span>'
    )


def table(head: Sequence[str], rows: Sequence[Sequence[str]], foot: Sequence[str] = ()) -> str:
    """A table that scrolls inside its own box where the page is narrow."""
    heads = "".join(f'<th scope="col">{cell}</th>' for cell in head)
    body = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    last = "<tfoot><tr>" + "".join(f"<td>{cell}</td>" for cell in foot) + "</tr></tfoot>" if foot else ""
    return (
        f'<div class="calc-scroll" tabindex="0"><table class="calc-table"><thead><tr>{heads}</tr></thead>'
        f"<tbody>{body}</tbody>{last}</table></div>"
    )
