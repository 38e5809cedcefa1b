"""A panel is written as a browser writes it back, so the page can tell a new answer from the one that it shows."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest

from calc.calculators import CALCULATORS
from calc.derive import run
from calc.markup import plain, quoted
from calc.panels import PANELS
from site_tests.examples import EXAMPLES
from site_tests.examples.example import made


class Browser(HTMLParser):
    """Writes what it reads as the HTML standard's fragment serialization does; our panels have no void elements."""

    def __init__(self) -> None:
        super().__init__()
        self.written = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        # The parser gives names in small letters; SVG's keep theirs.
        names = {"viewbox": "viewBox"}
        said = "".join(
            f' {names.get(name, name)}="{escaped(value or "").replace(chr(34), "&quot;")}"' for name, value in attrs
        )
        self.written += f"<{tag}{said}>"

    def handle_endtag(self, tag: str) -> None:
        self.written += f"</{tag}>"

    def handle_data(self, data: str) -> None:
        self.written += escaped(data)


def escaped(words: str) -> str:
    for character, written in {"&": "&amp;", "\xa0": "&nbsp;", "<": "&lt;", ">": "&gt;"}.items():
        words = words.replace(character, written)
    return words


def written_back(html: str) -> str:
    browser = Browser()
    browser.feed(html)
    browser.close()
    return browser.written


@pytest.mark.parametrize("name", CALCULATORS)
def test_a_panel_is_written_as_a_browser_writes_it(name: str) -> None:
    """Every panel of every example; formulas are left to the page's own test, which has KaTeX."""
    for example in EXAMPLES[name]:
        layer, inputs = made(CALCULATORS[name], example)
        done = run(layer, *inputs)
        for panel in done.layer.panels:
            html = PANELS[panel][1](done, lambda tex, display=False: "<i></i>")
            assert html == written_back(html), panel


@pytest.mark.parametrize("words", ["a", "a < b > c & d", "Keras's", 'the "same"'])
def test_words_come_back_as_they_went(words: str) -> None:
    """Whatever the words hold, between tags or in an attribute."""
    html = f'<p title="{quoted(words)}">{plain(words)}</p>'

    assert written_back(html) == html


def test_the_comparison_notices_a_difference() -> None:
    """The first test can fail."""
    for html in ("<p>Keras&#x27;s</p>", "<p>a > b</p>", "<p>&quot;</p>", "<p class='a'></p>", "<p title='\"'></p>"):
        assert written_back(html) != html
