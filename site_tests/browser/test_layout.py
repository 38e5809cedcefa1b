"""Nothing is cut off or pushed sideways, on a phone, on a desk and on paper."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect

from site_tests.browser.calculator import Calculator
from site_tests.browser.served import PAGES, Site
from site_tests.browser.watch import Watch

SPILL = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
OPEN = "document.querySelectorAll('details').forEach(each => each.open = true)"


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_no_page_scrolls_sideways(page: Page, width: int) -> None:
    """Wide tables, formulas and code scroll inside their own boxes, opened details included."""
    page.set_viewport_size({"width": width, "height": 800})
    spills = {}
    for address in PAGES:
        page.goto(address)
        page.evaluate(OPEN)
        spills[address] = page.evaluate(SPILL)

    assert {address: spill for address, spill in spills.items() if spill > 0} == {}


def test_long_numbers_and_messages_stay_inside_on_a_phone(page: Page) -> None:
    """The largest input, and the longest message, make nothing wider than the window."""
    page.set_viewport_size({"width": 320, "height": 800})
    page.goto("convolution/")
    calculator = Calculator(page)

    assert calculator.type("input", "1000000000, 3, 1000000000, 1000000000") == "current"
    assert page.evaluate(SPILL) <= 0
    assert calculator.type("kernel_size", "a" * 400) == "stale"
    assert page.evaluate(SPILL) <= 0


def test_print_shows_the_calculator_and_not_the_furniture(page: Page) -> None:
    """On paper there is no navigation, no button and no search, and every panel is black on white."""
    page.goto("convolution/")
    page.emulate_media(media="print")
    calculator = Calculator(page)

    expect(page.locator(".md-sidebar--primary")).to_be_hidden()
    expect(page.locator(".md-search")).to_be_hidden()
    expect(calculator.button("reset")).to_be_hidden()
    for name in calculator.panels():
        expect(calculator.panel(name)).to_be_visible()
    expect(page.locator("body")).to_have_css("background-color", "rgb(255, 255, 255)")


def test_the_pictures_of_a_wide_input_fit_a_phone(browser: Browser, site: Site) -> None:
    """A drawing is scaled to the width that there is."""
    context = browser.new_context(base_url=site.address, viewport={"width": 320, "height": 800})
    watch = Watch(site.address)
    watch.start(context)
    page = context.new_page()
    page.goto("pooling/")
    page.evaluate(OPEN)
    beyond = "each => each.getBoundingClientRect().right > innerWidth"
    wide = page.evaluate(f"[...document.querySelectorAll('.calc-svg')].filter({beyond}).length")
    context.close()

    assert wide == 0
    assert watch.unexpected() == []
