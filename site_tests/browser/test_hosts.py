"""Reading and computing ask no other host, and a formula looks the same from here and from there."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Page, expect

from site_tests.browser.calculator import Calculator
from site_tests.browser.served import PAGES, Site
from site_tests.browser.waiting import fonts_ready, go
from site_tests.browser.watch import Watch

LOADED = {
    "script": ("src",),
    "img": ("src", "srcset"),
    "source": ("src", "srcset"),
    "iframe": ("src",),
    "video": ("src", "poster"),
    "audio": ("src",),
    "embed": ("src",),
    "object": ("data",),
    "image": ("href", "xlink:href"),
    "use": ("href", "xlink:href"),
    "link": ("href",),
}
POINTING = {"canonical", "prev", "next", "alternate"}  # links that are not loaded


def test_reading_every_page_and_computing_asks_no_other_host(kept_page: Page, watch: Watch, site: Site) -> None:
    """Every request of every page goes to the site itself, under its own path."""
    kept_page.goto("")
    for address in PAGES[1:]:
        go(kept_page, address, site.address)
        fonts_ready(kept_page)
    go(kept_page, "", site.address)
    assert Calculator(kept_page).type("kernel_size", "3") == "current"

    # The sandbox makes addresses of its own for what it was handed; they lead nowhere outside the browser.
    asked = [url for url in watch.requests if not url.startswith("blob:")]
    assert {urlsplit(url).netloc for url in asked} == {urlsplit(site.address).netloc}
    assert [url for url in asked if not url.startswith(site.address)] == []
    assert any(url.endswith(".wasm") for url in watch.requests)


def test_no_file_names_another_host_to_load_from(site: Site) -> None:
    """Scripts, styles, fonts and pictures are named by paths within the site, on the 404 page too."""
    html = list(site.folder.rglob("*.html"))
    css = list(site.folder.rglob("*.css"))
    found = {
        str(path.relative_to(site.folder)): elsewhere
        for path, addresses in [*((path, loaded(path)) for path in html), *((path, drawn_in(path)) for path in css)]
        if (elsewhere := [each for each in addresses if is_elsewhere(each)])
    }

    assert len(html) > len(PAGES)
    assert css
    assert found == {}


class Loads(HTMLParser):
    """The addresses that a page loads by itself."""

    def __init__(self) -> None:
        super().__init__()
        self.addresses: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag == "link" and POINTING & set((values.get("rel") or "").split()):
            return
        self.addresses += [value for name in LOADED.get(tag, ()) if (value := values.get(name))]
        self.addresses += re.findall(r"url\(([^)]*)\)", values.get("style") or "")


def loaded(page: Path) -> list[str]:
    parser = Loads()
    parser.feed(page.read_text(encoding="utf-8"))
    return parser.addresses


def drawn_in(css: Path) -> list[str]:
    return re.findall(r"""(?:url\(|@import)\s*["']?([^"')\s;]+)""", css.read_text(encoding="utf-8"))


def is_elsewhere(address: str) -> bool:
    return bool(re.match(r"\s*(https?:)?//", address, re.IGNORECASE))


def test_the_search_for_other_hosts_finds_them(tmp_path: Path) -> None:
    """The test above can fail."""
    page, style = tmp_path / "page.html", tmp_path / "style.css"
    page.write_text(
        '<link rel="canonical" href="https://a.example/"><a href="https://b.example/">b</a>'
        '<link rel="stylesheet" href="https://c.example/c.css"><img src="//d.example/d.png">'
        '<script src="e.js"></script>'
    )
    style.write_text('@import "https://f.example/f.css"; p { background: url("g.png") } q { src: url(//h.example/h) }')

    assert [each for each in loaded(page) if is_elsewhere(each)] == ["https://c.example/c.css", "//d.example/d.png"]
    assert [each for each in drawn_in(style) if is_elsewhere(each)] == ["https://f.example/f.css", "//h.example/h"]


def test_an_unknown_address_shows_the_site_s_own_page(page: Page, watch: Watch, site: Site) -> None:
    """However deep the address, the page of what is not there has its styles, and its links lead back."""
    watch.allow("404: .*/no/such/page/$", "console error: .*404")
    answer = page.goto("no/such/page/")
    assert answer
    assert answer.status == 404

    expect(page.locator("h1")).to_contain_text("404")
    links = page.locator(".md-header a[href], .md-nav a[href]").evaluate_all("all => all.map(each => each.href)")
    assert links
    assert [link for link in links if not link.startswith(site.address)] == []
    assert page.evaluate("document.fonts.ready.then(fonts => fonts.size)") > 0
    assert all(url.startswith(site.address) for url in watch.requests)


def test_a_recomputed_formula_has_the_structure_and_size_of_a_baked_one(
    kept_page: Page, watch: Watch, site: Site
) -> None:
    """The same KaTeX under the same style sheet: a formula that did not change measures the same."""
    if kept_page.url == "about:blank":
        kept_page.goto("")
    go(kept_page, "convolution/", site.address)
    calculator = Calculator(kept_page)
    fonts_ready(kept_page)
    measure = (
        "panel => [...panel.querySelectorAll('li > span:first-child .katex')]"
        ".map(each => [each.outerHTML, each.getBoundingClientRect().width])"
    )
    baked, before = calculator.panel("derivation").evaluate(measure), calculator.panels()["derivation"]
    assert calculator.type("kernel_size", "7") == "current"
    fonts_ready(kept_page)
    recomputed = calculator.panel("derivation").evaluate(measure)

    assert calculator.panels()["derivation"] != before
    assert len(baked) > 3
    assert recomputed == baked
    expect(kept_page.locator(".katex-error")).to_have_count(0)


def test_no_formula_failed(site: Site) -> None:
    """KaTeX marks what it cannot typeset; no page has such a mark."""
    for address in PAGES:
        assert "katex-error" not in site.html(address), address
