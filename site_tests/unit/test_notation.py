"""How expressions are written: a table of expression, TeX and text."""

from __future__ import annotations

import pytest

from calc.expression import Leaf, Step
from calc.notation import TEX, TEXT, Script, write, write_symbol
from calc.sym import Sym, ceil_div, exact_div, let, node_of, scaled

a, b, c = Sym.leaf("a", 1), Sym.leaf("b", 20), Sym.leaf("c", 3000)
p, s = Sym.leaf("p", 2), Sym.leaf("s", 3)
negative = Sym.leaf("m", -4)

TABLE = [
    (a + b + c, "a + b + c", "a + b + c", "1 + 20 + 3,000"),
    (a - (b - c), r"a - \left(b - c\right)", "a − (b − c)", "1 − (20 − 3,000)"),  # the brackets matter
    (a - b - c, "a - b - c", "a − b − c", "1 − 20 − 3,000"),  # and here they do not
    (a + (b + c), "a + b + c", "a + b + c", "1 + 20 + 3,000"),
    (a * (b + c), r"a\,\left(b + c\right)", "a (b + c)", "1·(20 + 3,000)"),
    (2 * p, "2p", "2p", "2·2"),
    (p * 2, r"p \cdot 2", "p·2", "2·2"),  # a number never stands behind a symbol without a dot
    (2 * (a + b), r"2\left(a + b\right)", "2(a + b)", "2·(1 + 20)"),
    (a * a * b, r"a^{2}\,b", "a^2 b", "1^2·20"),  # equal neighbours are a power, in numbers as well
    ((a + b) * (a + b), r"\left(a + b\right)^{2}", "(a + b)^2", "(1 + 20)^2"),
    (b // s, r"\left\lfloor \frac{b}{s} \right\rfloor", "⌊b / s⌋", "⌊20 / 3⌋"),
    ((a + b) // s, r"\left\lfloor \frac{a + b}{s} \right\rfloor", "⌊(a + b) / s⌋", "⌊(1 + 20) / 3⌋"),
    (ceil_div(b, s) + 1, r"\left\lceil \frac{b}{s} \right\rceil + 1", "⌈b / s⌉ + 1", "⌈20 / 3⌉ + 1"),
    (exact_div(b, p) * a, r"\frac{b}{p}\,a", "(b/p) a", "(20/2)·1"),
    (b % s, r"b \bmod s", "b mod s", "20 mod 3"),
    (scaled(b, 1.5, "s"), r"\left\lfloor b\,s \right\rfloor", "⌊b s⌋", "⌊20·1.5⌋"),
    (
        scaled(a + b, 2.0, "s", "h"),
        r"\left\lfloor \left(a + b\right)\,s_{h} \right\rfloor",
        "⌊(a + b) s_h⌋",
        "⌊(1 + 20)·2⌋",
    ),
    (-a, "-a", "−a", "−1"),
    (a + negative, "a + m", "a + m", "1 + (−4)"),  # a negative number after a sign takes brackets
    (a * negative, r"a\,m", "a m", "1·(−4)"),
    (a - negative, "a - m", "a − m", "1 − (−4)"),
]


def _text(script: Script, value: int, *, numbers: bool = False) -> str:
    return write(node_of(value), script, numbers=numbers)


@pytest.mark.parametrize(("value", "tex", "text", "numbers"), TABLE)
def test_expressions_are_written_as_by_hand(value: int, tex: str, text: str, numbers: str) -> None:
    """Brackets where they are needed and nowhere else, 2p without a dot, powers for equal factors."""
    assert tex == _text(TEX, value)
    assert text == _text(TEXT, value)
    assert numbers == _text(TEXT, value, numbers=True)


NUMBERS = [
    (0, "0", "0"),
    (999, "999", "999"),
    (61706, "61{,}706", "61,706"),
    (10**9, "1{,}000{,}000{,}000", "1,000,000,000"),
]


@pytest.mark.parametrize(("value", "tex", "text"), NUMBERS)
def test_thousands_are_set_apart(value: int, tex: str, text: str) -> None:
    """TeX needs braces around the comma, or it sets a space after it."""
    assert tex == TEX.number(value)
    assert text == TEXT.number(value)


SYMBOLS = [
    ("k", "", "k", "k"),
    ("k", "h", "k_{h}", "k_h"),
    ("k'", "h", "k'_{h}", "k'_h"),
    ("C_in", "", r"C_{\text{in}}", "C_in"),
    ("H_out", "", r"H_{\text{out}}", "H_out"),
    ("params", "", r"\text{params}", "params"),
    ("op", "w", r"\text{op}_{w}", "op_w"),
]


@pytest.mark.parametrize(("symbol", "axis", "tex", "text"), SYMBOLS)
def test_symbols_are_written_with_their_subscripts(symbol: str, axis: str, tex: str, text: str) -> None:
    """Letters are set in italics, words upright, primes before the subscript."""
    assert tex == write_symbol(Leaf(symbol, 1, axis), TEX)
    assert text == write_symbol(Leaf(symbol, 1, axis), TEXT)


def test_a_named_step_is_written_by_its_name() -> None:
    """Its own line says how it came about."""
    reach = let("k'", a + b)

    assert _text(TEXT, c - reach) == "c − k'"
    assert _text(TEXT, c - reach, numbers=True) == "3,000 − 21"
    node = node_of(reach)
    assert isinstance(node, Step)
    assert write(node.definition, TEXT) == "a + b"
