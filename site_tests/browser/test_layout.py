"""Nothing is cut off or pushed sideways, on a phone, on a desk and on paper."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from site_tests.browser.calculator import Calculator
from site_tests.browser.served import PAGES

SPILL = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
# Two frames after the window has its new width, everything that it sets in motion has begun.
SETTLED = """async width => {
    const frame = () => new Promise(requestAnimationFrame);
    while (innerWidth !== width) await frame();
    await frame();
    await frame();
    const passing = document.getAnimations().filter(each => each.effect.getComputedTiming().endTime < Infinity);
    await Promise.allSettled(passing.map(each => each.finished));
}"""
OPEN = "document.querySelectorAll('details').forEach(each => each.open = true)"


@pytest.mark.parametrize("address", PAGES, ids=lambda page: page or "home")
def test_no_page_scrolls_sideways(reading_page: Page, address: str) -> None:
    """Wide tables, formulas and code scroll inside their own boxes, opened details included."""
    reading_page.goto(address)
    reading_page.evaluate(OPEN)
    spills = {}
    for width in (320, 390, 1280):
        reading_page.set_viewport_size({"width": width, "height": 800})
        # The theme's drawer slides in and out for a moment where the width makes it one.
        reading_page.evaluate(SETTLED, width)
        spills[width] = reading_page.evaluate(SPILL)

    assert {width: spill for width, spill in spills.items() if spill > 0} == {}


def test_long_numbers_and_messages_stay_inside_on_a_phone(page: Page) -> None:
    """The largest input, and the longest message, make nothing wider than the window."""
    page.set_viewport_size({"width": 320, "height": 800})
    page.goto("convolution/")
    calculator = Calculator(page)

    assert calculator.type("input", "1000000000, 3, 1000000000, 1000000000") == "current"
    assert page.evaluate(SPILL) <= 0
    assert calculator.type("kernel_size", "a" * 400) == "stale"
    assert page.evaluate(SPILL) <= 0


def test_print_shows_the_calculator_and_not_the_furniture(reading_page: Page) -> None:
    """On paper there is no navigation, no button and no search, and every panel is black on white."""
    reading_page.goto("convolution/")
    reading_page.emulate_media(media="print")
    calculator = Calculator(reading_page)

    expect(reading_page.locator(".md-sidebar--primary")).to_be_hidden()
    expect(reading_page.locator(".md-search")).to_be_hidden()
    expect(calculator.button("reset")).to_be_hidden()
    for name in calculator.panels():
        expect(calculator.panel(name)).to_be_visible()
    expect(reading_page.locator("body")).to_have_css("background-color", "rgb(255, 255, 255)")


def test_the_pictures_of_a_wide_input_fit_a_phone(reading_page: Page) -> None:
    """A drawing is scaled to the width that there is."""
    reading_page.set_viewport_size({"width": 320, "height": 800})
    reading_page.goto("pooling/")
    reading_page.evaluate(OPEN)
    beyond = "each => each.getBoundingClientRect().right > innerWidth"

    assert reading_page.locator(".calc-svg").count() > 0
    assert reading_page.evaluate(f"[...document.querySelectorAll('.calc-svg')].filter({beyond}).length") == 0
