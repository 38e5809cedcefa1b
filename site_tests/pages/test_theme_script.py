"""The theme's script leaves alone what the build has done."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from site_build import theme_script

FRAMED = re.compile(r'<div class="md-typeset__scrollwrap"><div class="md-typeset__table"><table>')


def test_every_table_of_every_page_has_its_frame(site: Path) -> None:
    """Without a script too a wide table scrolls by itself, and the page does not."""
    tables = {path: path.read_text(encoding="utf-8") for path in site.rglob("index.html")}

    assert sum(html.count("<table>") for html in tables.values()) > 50
    assert [str(path) for path, html in tables.items() if html.count("<table>") != len(FRAMED.findall(html))] == []


def test_a_table_that_has_a_frame_or_a_class_keeps_what_it_has() -> None:
    """Calculators bring frames of their own."""
    plain, own = "<table><tr><td>1</td></tr></table>", '<table class="calc-table"><tr><td>2</td></tr></table>'
    once = theme_script.frame_tables(f"{plain}<p>between</p>{own}{plain}")

    assert once == f"{theme_script.framed(plain)}<p>between</p>{own}{theme_script.framed(plain)}"
    assert theme_script.frame_tables(once) == once


def test_the_script_asks_for_neither_any_more(site: Path) -> None:
    """What is done without is gone from the script that goes out."""
    [path] = site.glob("assets/javascripts/bundle.*.min.js")
    script = path.read_text(encoding="utf-8")

    assert [text for text in theme_script.DONE_WITHOUT if text in script] == []
    assert [text for text in theme_script.DONE_WITHOUT.values() if script.count(text) != 1] == []


def test_another_script_of_the_theme_stops_the_build(tmp_path: Path) -> None:
    """A new version is looked at by somebody before it goes out."""
    script = tmp_path / "assets" / "javascripts" / "bundle.0123.min.js"
    script.parent.mkdir(parents=True)
    script.write_text('x("meta",{name:"color-scheme"})')

    with pytest.raises(ValueError, match=r"bundle\.0123\.min\.js holds \"table:not\(\[class\]\)\" 0 times"):
        theme_script.relieve(tmp_path)
