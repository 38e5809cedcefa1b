"""Nothing is cut off or pushed sideways, on a phone, on a desk and on paper."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from site_tests.browser.calculator import Calculator
from site_tests.browser.served import PAGES, Site
from site_tests.browser.waiting import go, laid_out

SPILL = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
TWO_FRAMES = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
# In a panel that is far from the window, or has come to be so, time stands still.
AT_REST = """() => {
    const inSight = ({ target }) => target.checkVisibility({ contentVisibilityAuto: true });
    const ends = effect => effect.getComputedTiming().endTime < Infinity;
    const running = document.getAnimations().filter(({ playState }) => playState === "running");
    return !running.some(({ effect }) => ends(effect) && inSight(effect));
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
        reading_page.wait_for_function("width => innerWidth === width", arg=width)
        # Two frames later everything that the new width sets in motion has begun, such as the theme's drawer.
        reading_page.evaluate(TWO_FRAMES)
        reading_page.wait_for_function(AT_REST)
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


SCROLL = """async () => {
    for (let at = 0; at < document.documentElement.scrollHeight; at += innerHeight) {
        scrollTo(0, at);
        for (let i = 0; i < 2; i++) await new Promise(requestAnimationFrame);
    }
}"""
PLACES = "[...document.querySelectorAll('h2')].map(each => Math.round(each.getBoundingClientRect().top + scrollY))"


def test_what_is_far_from_the_window_is_laid_out_in_the_end(reading_page: Page, site: Site) -> None:
    """In idle moments, after instant navigation too: nothing changes its place any more when it comes into sight."""
    reading_page.goto("padding/")
    laid_out(reading_page)
    go(reading_page, "convolution/", site.address)
    laid_out(reading_page)
    before = reading_page.evaluate(PLACES)
    reading_page.evaluate(SCROLL)

    assert reading_page.evaluate(PLACES) == before


def test_in_a_window_of_another_width_it_is_laid_out_anew(reading_page: Page) -> None:
    """What was remembered were the heights of longer lines."""
    reading_page.goto("padding/")
    laid_out(reading_page)
    reading_page.set_viewport_size({"width": 600, "height": 800})
    reading_page.wait_for_function("() => innerWidth === 600")
    reading_page.evaluate(TWO_FRAMES)
    laid_out(reading_page)
    before = reading_page.evaluate(PLACES)
    reading_page.evaluate(SCROLL)

    assert reading_page.evaluate(PLACES) == before


def test_a_page_that_has_just_come_is_read_first(reading_page: Page) -> None:
    """Nothing far from the window is laid out before the reader does something, or some seconds are over."""
    reading_page.clock.install()
    reading_page.goto("padding/")
    settled = "() => document.querySelector('[data-md-component=container]').dataset.settled"
    reading_page.clock.run_for(2000)
    reading_page.evaluate(TWO_FRAMES)

    assert reading_page.evaluate(settled) is None
    reading_page.mouse.move(200, 200)
    reading_page.clock.resume()
    laid_out(reading_page)


def test_on_a_phone_words_of_the_cost_table_stand_side_by_side(reading_page: Page) -> None:
    """The first column has what the numbers leave, and not the width of one word."""
    reading_page.set_viewport_size({"width": 390, "height": 800})
    reading_page.goto("transformer/")
    table = reading_page.locator(".calc-section-cost table").first
    table.scroll_into_view_if_needed()
    share = table.evaluate("each => each.rows[1].cells[0].offsetWidth / each.offsetWidth")

    assert share > 0.4
