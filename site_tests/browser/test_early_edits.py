"""A calculator takes an edit as soon as it is there, whatever else is still on its way."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, Route, expect

from site_tests.browser.calculator import Calculator
from site_tests.browser.served import Site
from site_tests.browser.watch import Watch

SHOWN = "html => document.querySelector('calc-widget [data-panel=\"result\"]').innerHTML === html"
PYTHON = "**/js/worker.js"
WRITE = "html => { window.held ??= (document.open(), true); document.write(html); }"


@pytest.mark.parametrize("held", ["**/bundle.*.js", "**/*.woff2", "**/last.js"])
def test_an_edit_waits_for_nothing_of_the_theme(page: Page, watch: Watch, held: str) -> None:
    """With the theme's script, fonts or what runs last withheld, what is typed is answered."""
    watch.allow("ERR_FAILED", "net::", "worker", "Python could not be loaded")
    waiting: list[Route] = []
    for each in (held, PYTHON):
        page.context.route(each, lambda route: waiting.append(route))
    page.goto("convolution/", wait_until="commit")
    calculator = Calculator(page)
    calculator.field("kernel_size").fill("3")

    page.wait_for_function(SHOWN, arg=calculator.expected()["result"])
    assert waiting
    for route in waiting:
        route.abort()
    for each in (held, PYTHON):
        page.context.unroute(each)


def test_a_calculator_starts_while_the_page_is_still_being_parsed(page: Page, site: Site) -> None:
    """Not before all of it is there, and before anything that follows is."""
    html = site.html("convolution/")
    begun = html.index("<calc-widget")
    middle, end = html.index("data-panel=", begun), html.index("</calc-widget>", begun)
    page.goto("convolution/", wait_until="commit")
    page.evaluate(WRITE, html[:middle])
    calculator = Calculator(page)
    page.wait_for_function("() => Boolean(customElements.get('calc-widget'))")
    expect(calculator.field("kernel_size")).to_be_disabled()

    page.evaluate(WRITE, html[middle:end])
    calculator.field("kernel_size").fill("3")
    page.wait_for_function(SHOWN, arg=calculator.expected()["result"])
    assert page.evaluate("document.readyState") == "loading"

    page.evaluate("html => { document.write(html); document.close(); }", html[end:])
    expect(page.locator("footer")).to_be_visible()
    assert page.locator("calc-widget").count() > 1
