"""The style within the pages, and fonts that hold whatever the pages are set in."""

from __future__ import annotations

import re
from collections.abc import Iterable
from io import BytesIO
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

from site_build import fonts, hooks, styles
from site_build.typeset import TypesetError, typeset
from site_tests.pages.conftest import ROOT
from site_tests.pages.test_site import pages

COMMAND = re.compile(r"\\[a-zA-Z]+")
TEXT, FORMULA = "stix-two-text-latin-wght-", "KaTeX_"


def characters(paths: Iterable[Path]) -> set[str]:
    """What these fonts can draw."""
    return {each for path in paths for each in held_by(path.read_bytes())}


def held_by(font: bytes) -> set[str]:
    """The characters of one font."""
    with TTFont(BytesIO(font)) as read:
        return {chr(code) for code in read.getBestCmap() or {}}


def drawn(site: Path, start: str) -> tuple[set[str], set[str]]:
    """What the fonts whose names start so can draw, and what they could before they were cut."""
    cut = list(site.glob(f"assets/fonts-*/{start}*.woff2"))
    whole = hooks.whole_fonts()
    return characters(cut), characters(whole[path.name] for path in cut)


def style_of(page: Path) -> tuple[str, str]:
    """What a page is styled by, and the text that declares its fonts."""
    html = page.read_text(encoding="utf-8")
    assert 'rel="stylesheet"' not in html, page
    style, fonts = re.findall(r"<style>(.*?)</style>", html[: html.index("</head>")], re.DOTALL)
    return style, fonts


def test_every_page_has_the_same_style_and_waits_for_no_other(site: Path) -> None:
    """What is written into a page stays where instant navigation puts another in its place."""
    assert len({style_of(page)[0] for page in pages(site)}) == 1


def test_a_rule_goes_only_if_nothing_asks_for_it(site: Path) -> None:
    """Every class in a page that the theme has a rule for still has one."""
    sheets = site.glob("assets/stylesheets/*.css")
    known = {name for sheet in sheets for name in re.findall(r"\.([a-z][\w-]*)", sheet.read_text())}
    html = {page: page.read_text(encoding="utf-8") for page in pages(site)}
    style, _ = style_of(site / "index.html")
    kept = set(re.findall(r"\.([a-zA-Z][\w-]*)", style))
    used = {name for text in html.values() for value in re.findall(r' class="([^"]*)"', text) for name in value.split()}

    assert len(used & known) > 50
    assert used & known - kept == set()


def test_the_fonts_hold_every_character_of_every_page(site: Path) -> None:
    """What could be drawn before can still be drawn, in texts and in formulas."""
    html = [page.read_text(encoding="utf-8") for page in pages(site)]
    text = set(re.sub(r"<[^>]*>", "", " ".join(html)))
    for shown, start in ((text, TEXT), (styles.characters_of_formulas(html), FORMULA)):
        cut, whole = drawn(site, start)

        assert shown & whole
        assert shown & whole - cut == set()


def test_the_fonts_hold_what_formulas_may_become(site: Path) -> None:
    """Every TeX command in the package's sources, at other numbers too, and brackets of any height."""
    cut, whole = drawn(site, FORMULA)
    commands = {name for path in (ROOT / "calc").rglob("*.py") for name in COMMAND.findall(path.read_text())}
    shown = set()
    for command in commands:
        try:
            shown |= styles.characters_of_formulas([typeset(command)])
        except TypesetError:
            continue  # wants arguments, or is no command of TeX's
    high = r"\\".join("0123456789")
    for left, right in ("()", "[]", (r"\{", r"\}"), (r"\lfloor", r"\rfloor"), (r"\lceil", r"\rceil")):
        shown |= styles.characters_of_formulas(
            [typeset(rf"\left{left}\begin{{matrix}}{high}\end{{matrix}}\right{right}")]
        )

    assert {"⌊", "⌉", "⋅", "∑"} < shown
    assert shown & whole - cut == set()


def test_a_font_is_readable_before_it_is_there(site: Path) -> None:
    """No text is hidden while its font is waited for; the files that are named are those that are there."""
    files = set(site.glob("assets/fonts-*/*.woff2"))
    assert len(files) > 10
    for page in pages(site):
        faces = styles.FACE.findall(style_of(page)[1])
        assert all("font-display:swap" in face for face in faces)
        named = [address for face in faces for address in re.findall(r"src:url\(([^)]*)\)", face)]
        assert len(named) == len(faces)
        if page.name != "404.html":  # whose addresses start at the host
            assert {(page.parent / address).resolve() for address in named} == files


@pytest.mark.parametrize(
    ("family", "words", "asked_for"),
    [
        ("KaTeX_Fraktur", set(), False),
        ("KaTeX_Fraktur", {"mathfrak"}, True),
        ("KaTeX_Fraktur", {"katex", "mathbf"}, False),
        ("KaTeX_Main", set(), True),
        ('"STIX Two Text"', set(), True),
    ],
)
def test_a_font_goes_only_if_no_formula_asks_for_it(family: str, words: set[str], asked_for: bool) -> None:
    """Letters of a kind that the site has none of need no file; all other fonts stay."""
    style = (
        ".katex{font:1.21em KaTeX_Main,serif}.katex .mathbf{font-family:KaTeX_Main}"
        ".katex .mathfrak,.katex .textfrak{font-family:KaTeX_Fraktur}"
    )

    assert styles.asked_for(f"@font-face{{font-family:{family};src:url(a.woff2)}}", style, words) is asked_for


@pytest.mark.parametrize(("shown", "missing"), [("Wéi", {"é", "W", "i"}), ("", set())])
def test_a_font_keeps_what_it_is_cut_to(tmp_path: Path, shown: str, missing: set[str]) -> None:
    """Neither less than asked for nor much more; a second cut comes from the folder and is the same."""
    font = hooks.whole_fonts()[styles.ABOVE_THE_FOLD]
    made = fonts.cut(font, shown, tmp_path)
    held = held_by(made)

    assert missing <= held
    assert len(held) <= len(shown) + 1
    assert fonts.cut(font, reversed(shown), tmp_path) == made
    assert len(list(tmp_path.iterdir())) == 1


def test_pages_that_link_different_sheets_are_refused(tmp_path: Path) -> None:
    """One text cannot stand for two lists."""
    for name in ("a", "b"):
        (tmp_path / f"{name}.html").write_text(f'<head><link rel="stylesheet" href="assets/{name}.css"></head>')

    with pytest.raises(ValueError, match="pages link different style sheets, so one text cannot stand for all"):
        styles.write_into_pages(tmp_path, {})
