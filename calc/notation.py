"""How expressions are written down, as TeX and as plain text.

Typesetting is data: one `Script` per output language says how each operation is
spelt, and one writer looks it up. A new language is a new table.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import groupby

from calc.expression import Const, Factor, Leaf, Node, Op, Step, full_symbol
from calc.sym import Sym

SUM, PRODUCT, ATOM = 1, 2, 4


@dataclass(frozen=True)
class Script:
    """The spelling of every operation in one output language."""

    whole: str
    floor: str
    ceil: str
    exact: str
    mod: str
    gcd: str
    minus: str
    parens: str
    dot: str
    space: str
    power: str
    number: Callable[[int], str]
    symbol: Callable[[str], str]
    exact_is_atom: bool
    bare_fraction: bool


def grouped(value: int) -> str:
    """A number with its thousands set apart: 61,706."""
    return f"{value:,}"


def _tex_symbol(symbol: str) -> str:
    name, *subscripts = symbol.split("_")
    prime = "'" * name.count("'")
    name = name.rstrip("'")
    base = name if len(name) == 1 else rf"\text{{{name}}}"
    parts = [part if len(part) == 1 else rf"\text{{{part}}}" for part in subscripts]
    return base + prime + (f"_{{{','.join(parts)}}}" if parts else "")


TEX = Script(
    whole=r"\left\lfloor {} \right\rfloor",
    floor=r"\left\lfloor \frac{{{}}}{{{}}} \right\rfloor",
    ceil=r"\left\lceil \frac{{{}}}{{{}}} \right\rceil",
    exact=r"\frac{{{}}}{{{}}}",
    mod=r"{} \bmod {}",
    gcd=r"\gcd\left({}, {}\right)",
    minus="-",
    parens=r"\left({}\right)",
    dot=r" \cdot ",
    space=r"\,",
    power="{}^{{{}}}",
    number=lambda value: grouped(value).replace(",", "{,}"),
    symbol=_tex_symbol,
    exact_is_atom=True,
    bare_fraction=True,
)

TEXT = Script(
    whole="⌊{}⌋",
    floor="⌊{} / {}⌋",
    ceil="⌈{} / {}⌉",
    exact="{}/{}",
    mod="{} mod {}",
    gcd="gcd({}, {})",
    minus="−",
    parens="({})",
    dot="·",
    space=" ",
    power="{}^{}",
    number=grouped,
    symbol=lambda symbol: symbol,
    exact_is_atom=False,
    bare_fraction=False,
)


def write(node: Node, script: Script, *, numbers: bool = False) -> str:
    """An expression in one language; with `numbers`, each symbol's value instead.

    A named step is written by its name: its own line of the derivation shows
    how it came about.
    """
    return _Writer(script, numbers).write(node)[0]


def write_symbol(node: Leaf | Factor | Step, script: Script) -> str:
    """The name on the left of the equals sign."""
    return script.symbol(full_symbol(node))


class _Writer:
    """Writes one expression; every method returns the text and how tightly it binds."""

    def __init__(self, script: Script, numbers: bool) -> None:
        self.script = script
        self.numbers = numbers

    def write(self, node: Node) -> tuple[str, int]:
        match node:
            case Const(value=value):
                return self.number(value)
            case Leaf(value=value) | Step(value=value):
                if self.numbers:
                    return self.number(Sym(value, node))
                return write_symbol(node, self.script), ATOM
            case Factor(value=value):
                written = repr(value).removesuffix(".0")
                return (written if self.numbers else write_symbol(node, self.script)), ATOM
            case Op(name="scaled"):
                return self.script.whole.format(self.product(node)), ATOM
            case Op(name="*"):
                return self.product(node), PRODUCT
            case Op(name="+", args=(a, b)):
                right = self.within(b, SUM)
                if right.startswith(self.script.minus):
                    right = self.script.parens.format(right)
                return f"{self.within(a, SUM)} + {right}", SUM
            case Op(name="-", args=(a, b)):
                left = "" if a == Const(0) else self.within(a, SUM) + " "
                gap = " " if left else ""
                return f"{left}{self.script.minus}{gap}{self.within(b, PRODUCT)}", SUM
            case Op(name=("floor" | "ceil") as name, args=(a, b)):
                return self.fraction(name, a, b, atom=True)
            case Op(name="exact", args=(a, b)):
                return self.fraction("exact", a, b, atom=self.script.exact_is_atom)
            case Op(name="gcd", args=(a, b)):
                return self.script.gcd.format(self.write(a)[0], self.write(b)[0]), ATOM
            case Op(name="mod", args=(a, b)):
                left, right = self.within(a, PRODUCT), self.within(b, PRODUCT + 1)
                return self.script.mod.format(left, right), PRODUCT
        raise TypeError(f"not an expression: {node!r}")

    def number(self, value: int) -> tuple[str, int]:
        if value < 0:
            return self.script.minus + self.script.number(-value), SUM
        return self.script.number(value), ATOM

    def within(self, node: Node, at_least: int) -> str:
        text, binds = self.write(node)
        return text if binds >= at_least else self.script.parens.format(text)

    def fraction(self, name: str, a: Node, b: Node, *, atom: bool) -> tuple[str, int]:
        template: str = getattr(self.script, name)
        if self.script.bare_fraction:
            parts = [self.write(part)[0] for part in (a, b)]
        else:
            parts = [self.within(a, PRODUCT), self.within(b, ATOM)]
        return template.format(*parts), ATOM if atom else PRODUCT

    def product(self, node: Node) -> str:
        written, after_number = "", False
        for factor, run in groupby(_factors(node)):
            text = self.within(factor, ATOM)
            count = len(list(run))
            if count > 1:
                text = self.script.power.format(text, count)
            if written:
                written += self.between(after_number, text)
            written += text
            after_number = text.isdecimal()
        return written

    def between(self, after_number: bool, text: str) -> str:
        """The times sign: a dot among numbers, 2p as usual, a space between symbols."""
        if self.numbers or text[0].isdecimal():
            return self.script.dot
        return "" if after_number else self.script.space


def _factors(node: Node) -> list[Node]:
    if isinstance(node, Op) and node.name in ("*", "scaled"):
        return [factor for arg in node.args for factor in _factors(arg)]
    return [node]
