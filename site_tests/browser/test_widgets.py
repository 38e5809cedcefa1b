"""What is baked and what the browser computes are one string, for every calculator of the site."""

from __future__ import annotations

import re
from os.path import commonprefix

import pytest
from playwright.sync_api import Page

from site_tests.browser.calculator import Calculator
from site_tests.browser.served import PAGES, Site
from site_tests.browser.waiting import go
from site_tests.browser.watch import Watch

BAKED = """source => Object.fromEntries(
    [...new DOMParser().parseFromString(source, "text/html").querySelectorAll("calc-widget")].map(widget => [
        widget.id,
        Object.fromEntries([...widget.querySelectorAll("[data-panel]")].map(each => [
            each.dataset.panel, each.innerHTML])),
    ]))"""
ASK = """async ([id, site, question]) => {
    const whom = document.getElementById(id).hasAttribute("sandboxed") ? "sandbox" : "client";
    return (await import(`${site}js/${whom}.js`)).ask(question);
}"""


def test_the_sitemap_lists_every_page(site: Site) -> None:
    """The pages tested here are the pages published."""
    sitemap = (site.folder / "sitemap.xml").read_text(encoding="utf-8")

    assert sorted(re.findall("<loc>(.*?)</loc>", sitemap)) == sorted(site.address + page for page in PAGES)


@pytest.mark.parametrize("address", PAGES, ids=lambda page: page or "home")
def test_recomputed_panels_equal_the_baked_ones(kept_page: Page, watch: Watch, site: Site, address: str) -> None:
    """Each calculator, asked for its own fields, answers with the page's own HTML."""
    if kept_page.url == "about:blank":
        kept_page.goto(site.address)
    if kept_page.url != site.address + address:
        go(kept_page, address, site.address)

    baked = kept_page.evaluate(BAKED, site.html(address))

    assert len(baked) == site.html(address).count("<calc-widget ")
    for id, panels in baked.items():
        calculator = Calculator(kept_page, id)
        shown = calculator.panels()
        question = {"layer": calculator.layer, "fields": calculator.fields(), "panels": list(panels)}
        answer = kept_page.evaluate(ASK, [id, site.own, question])

        assert list(answer["panels"]) == list(panels), id
        for name, html in panels.items():
            assert first_difference(html, answer["panels"][name]) is None, f"{id}, {name}"

        assert calculator.ask_again() == "current", id
        assert calculator.panels() == shown, f"{id}: nothing changed, so nothing is painted"
    assert sum(each.url.endswith("/js/worker.js") for each in kept_page.workers) <= 1, "one for the whole visit"


def first_difference(baked: str, recomputed: str) -> tuple[str, str] | None:
    """Where two texts part, with what stands around it; nothing where they agree."""
    if baked == recomputed:
        return None
    at = len(commonprefix([baked, recomputed]))
    around = slice(max(0, at - 60), at + 60)
    return baked[around], recomputed[around]


def test_the_comparison_notices_a_difference() -> None:
    """The test above can fail."""
    assert first_difference("one", "one") is None
    assert first_difference("a 12 b", "a 13 b") == ("a 12 b", "a 13 b")
    assert first_difference("a", "a more") == ("a", "a more")
