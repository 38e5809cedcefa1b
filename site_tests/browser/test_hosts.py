"""Reading and computing ask no other host, and a formula looks the same from here and from there."""

from __future__ import annotations

from urllib.parse import urlsplit

from playwright.sync_api import Page

from site_tests.browser.calculator import Calculator
from site_tests.browser.served import PAGES, Site
from site_tests.browser.watch import Watch


def test_reading_every_page_and_computing_asks_no_other_host(page: Page, watch: Watch, site: Site) -> None:
    """Every request of every page goes to the site itself, under its own path."""
    for address in PAGES:
        page.goto(address)
        page.evaluate("document.fonts.ready")
    page.goto("convolution/")
    assert Calculator(page).type("kernel_size", "3") == "current"

    assert {urlsplit(url).netloc for url in watch.requests} == {urlsplit(site.address).netloc}
    assert [url for url in watch.requests if not url.startswith(site.address)] == []
    assert any(url.endswith(".wasm") for url in watch.requests)
    assert any(url.endswith(".whl") for url in watch.requests)


def test_a_recomputed_formula_has_the_structure_and_size_of_a_baked_one(page: Page) -> None:
    """The same KaTeX under the same style sheet: a formula that did not change measures the same."""
    page.goto("convolution/")
    calculator = Calculator(page)
    measure = (
        "panel => [...panel.querySelectorAll('li > span:first-child .katex')]"
        ".map(each => [each.outerHTML, each.getBoundingClientRect().width])"
    )
    baked = calculator.panel("derivation").evaluate(measure)
    assert calculator.type("kernel_size", "7") == "current"
    recomputed = calculator.panel("derivation").evaluate(measure)

    assert len(baked) > 3
    assert recomputed == baked


def test_no_formula_failed(page: Page) -> None:
    """KaTeX marks what it cannot typeset; no page has such a mark."""
    for address in PAGES:
        page.goto(address)

        assert page.locator(".katex-error").count() == 0
