"""Browsers that lack something, or forbid it, or were away for a while: nothing breaks, and what cannot be is said."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from site_tests.browser.calculator import Calculator
from site_tests.browser.model import GOOD, opened
from site_tests.browser.served import Site
from site_tests.browser.unbreakable import PROVOKED, status, visit
from site_tests.browser.waiting import go, laid_out

PAGE = "convolution/"
NO_STORAGE = """
for (const name of ["localStorage", "sessionStorage", "indexedDB", "caches"]) {
    Object.defineProperty(window, name, {
        configurable: true,
        get() { throw new DOMException(`${name} is not for you`, "SecurityError"); },
    });
}
"""
FULL_STORAGE = """
Storage.prototype.setItem = () => { throw new DOMException("full", "QuotaExceededError"); };
"""
NO_CLIPBOARD = "Object.defineProperty(navigator, 'clipboard', { value: undefined })"
NO_WORKER = "window.Worker = function () { throw new DOMException('no workers here', 'SecurityError'); }"
NO_IDLE_MOMENTS = "window.requestIdleCallback = undefined"  # as Safari
NO_LOCKS = "Object.defineProperty(Navigator.prototype, 'locks', { value: undefined })"
NOT_LOADED = "Python could not be loaded. The results below are from before."


def works(calculator: Calculator) -> None:
    """An edit is answered from the trace and one by Python, and Copy link has something to say."""
    assert calculator.type("kernel_size", "7") == "current"
    assert calculator.panels() == calculator.expected()
    assert calculator.type("padding_mode", "reflect") == "current"
    assert calculator.panels() == calculator.expected()
    calculator.page.wait_for_url("**?conv2d.kernel_size=7&conv2d.padding_mode=reflect")


@pytest.mark.parametrize("script", [NO_STORAGE, FULL_STORAGE], ids=["none", "full"])
def test_without_storage(browser: Browser, site: Site, script: str) -> None:
    """A private window that keeps nothing: pages change without being loaded anew, and calculators answer."""
    with visit(browser, site, script) as page:
        page.goto("pooling/")
        go(page, PAGE, site.address)
        works(Calculator(page))


def test_without_storage_pasted_code_runs(browser: Browser, site: Site) -> None:
    """The sandbox needs none either."""
    with visit(browser, site, NO_STORAGE) as page:
        model = opened(page)
        assert model.write("source", GOOD, input="1, 6", entry="") == "current"
        assert model.parameters() == "47"


def test_without_idle_moments(browser: Browser, site: Site) -> None:
    """What waits for one is done a little later."""
    with visit(browser, site, NO_IDLE_MOMENTS) as page:
        page.goto("pooling/")
        go(page, PAGE, site.address)
        laid_out(page)
        works(Calculator(page))


def test_without_a_clipboard(browser: Browser, site: Site) -> None:
    """Copying is told to be blocked, on the button itself, which finds its name again."""
    with visit(browser, site, NO_CLIPBOARD) as page:
        page.goto(PAGE)
        button = Calculator(page).button("link")
        button.click()
        expect(button).to_have_text("Copying is blocked here")
        expect(button).to_have_text("Copy link")


def test_without_locks(browser: Browser, site: Site) -> None:
    """An address without encryption has no locks: the page does without."""
    with visit(browser, site, NO_LOCKS) as page:
        page.goto(PAGE)
        works(Calculator(page))


def stands_without_python(page: Page) -> None:
    page.goto(PAGE)
    calculator = Calculator(page)
    baked = calculator.panels()
    assert calculator.type("padding_mode", "reflect") == "failed"
    assert status(calculator) == NOT_LOADED
    assert calculator.waiting() == set(baked)
    assert calculator.panels() == baked

    calculator.field("padding_mode").select_option("zeros")
    calculator.type("kernel_size", "7")
    expected, old = calculator.expected(), calculator.waiting()
    assert "result" not in old
    assert calculator.panels() == {name: (baked if name in old else expected)[name] for name in baked}


def test_where_no_worker_may_be_made(browser: Browser, site: Site) -> None:
    """A browser that refuses workers has the answers that need no Python, and says what it has not."""
    with visit(browser, site, NO_WORKER, *PROVOKED) as page:
        stands_without_python(page)


def test_without_webassembly(browser: Browser, site: Site) -> None:
    """A browser in which WebAssembly is switched off has the answers that need no Python, and says what it has not."""
    with visit(browser, site, "", *PROVOKED) as page:
        page.route(
            re.compile(r"/worker\.js$"),
            lambda route: route.fulfill(
                body=f"delete self.WebAssembly;\n{route.fetch().text()}", content_type="text/javascript"
            ),
        )
        stands_without_python(page)


def test_a_link_opened_where_python_cannot_be_had(browser: Browser, site: Site) -> None:
    """Kept pages without the interpreter: what the link says stands in the form, and what is old is marked."""
    with visit(browser, site, "", *PROVOKED) as page:
        page.route(re.compile(r"\.(wasm|zip)$"), lambda route: route.abort("internetdisconnected"))
        page.goto(f"{PAGE}?conv2d.padding_mode=reflect&conv2d.kernel_size=7")
        calculator = Calculator(page)

        assert calculator.answered() == "failed"

        assert calculator.field("kernel_size").input_value() == "7"
        assert status(calculator) == NOT_LOADED
        assert calculator.waiting() == set(calculator.panels())


def test_printed_while_it_waits(browser: Browser, site: Site) -> None:
    """On paper too, what is not current says so."""
    with visit(browser, site, "", *PROVOKED) as page:
        page.route(re.compile(r"\.wasm$"), lambda route: None)
        page.goto(PAGE)
        calculator = Calculator(page)
        calculator.field("padding_mode").select_option("reflect")
        expect(calculator.root).to_have_attribute("data-state", "waiting")
        page.emulate_media(media="print")

        expect(calculator.root.locator(".calc-status")).to_be_visible()
        expect(calculator.panel("result")).not_to_have_css("opacity", "1")
        title = calculator.root.locator(".calc-section-weights .calc-title")
        assert title.evaluate("title => getComputedStyle(title, '::after').content") == '"not current"'


def test_a_page_that_was_frozen(browser: Browser, site: Site) -> None:
    """Frozen by the browser in the middle of a start, and woken: the answer comes."""
    with visit(browser, site) as page:
        page.goto(PAGE)
        calculator = Calculator(page)
        calculator.forget()
        calculator.field("padding_mode").select_option("reflect")
        session = page.context.new_cdp_session(page)
        session.send("Page.setWebLifecycleState", {"state": "frozen"})
        session.send("Page.setWebLifecycleState", {"state": "active"})

        assert calculator.answered() == "current"
        assert calculator.panels() == calculator.expected()
