"""The page as built is complete: without JavaScript, and when the interpreter cannot be loaded."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from site_tests.browser.calculator import Calculator
from site_tests.browser.served import PAGES, Site
from site_tests.browser.watch import Watch

REFUSED = ("net::ERR_FAILED", "console warning: ", "console error: .*(while loading calc|Failed to fetch)")


@pytest.fixture(scope="module")
def plain_page(browser: Browser, site: Site) -> Iterator[Page]:
    """A tab with JavaScript off."""
    context = browser.new_context(base_url=site.address, java_script_enabled=False)
    watch = Watch(site.address)
    watch.start(context)
    yield context.new_page()
    context.close()

    assert watch.unexpected() == []
    assert [url for url in watch.requests if url.endswith((".js", ".mjs", ".wasm"))] == []


@pytest.mark.parametrize("address", PAGES, ids=lambda page: page or "home")
def test_without_javascript_everything_is_there(plain_page: Page, site: Site, address: str) -> None:
    """Every panel is visible and filled, the form is shown but closed, buttons that need a script are not there."""
    plain_page.goto(address)
    expect(plain_page.locator("h1")).to_be_visible()
    plain_page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
    calculators = plain_page.locator("calc-widget").all()

    assert len(calculators) == site.html(address).count("<calc-widget ")
    for calculator in calculators:
        panels = calculator.locator("[data-panel]").all()
        assert panels
        for panel in panels:
            expect(panel).to_be_visible()
            assert (panel.text_content() or "").strip() or panel.locator("svg").count()
        for control in calculator.locator("form [name]").all():
            expect(control).to_be_visible()
            expect(control).to_be_disabled()
        for button in calculator.locator("button").all():
            expect(button).to_be_hidden()
        expect(calculator.locator("noscript p")).to_be_visible()
        expect(calculator.locator("noscript p")).to_contain_text("With JavaScript on")


@pytest.mark.parametrize("missing", ["**/js/worker.js", "**/*.wasm", "**/katex.min.js"])
def test_a_missing_interpreter_leaves_the_page_standing(page: Page, watch: Watch, missing: str) -> None:
    """What cannot be loaded is told in one quiet line, what needs it is dimmed, and typing again later works."""
    watch.allow(*REFUSED)
    page.context.route(missing, lambda route: route.abort())
    page.goto("")
    calculator = Calculator(page)
    baked = calculator.panels()

    assert calculator.type("kernel_size", "4") == "failed"
    expect(calculator.root.locator(".calc-status")).to_have_text(
        "Python could not be loaded. What is dimmed is from before."
    )
    expected, waiting = calculator.expected(), calculator.waiting()
    assert waiting == {"picture"}
    assert calculator.panels() == {name: (baked if name in waiting else expected)[name] for name in baked}
    assert calculator.errors() == {}
    assert calculator.field("kernel_size").input_value() == "4"

    page.context.unroute(missing)
    assert calculator.type("kernel_size", "6") == "current"
    expect(calculator.root.locator(".calc-status")).to_be_empty()
    assert calculator.waiting() == set()
    assert calculator.panels() == calculator.expected() != baked


def test_without_python_an_edit_that_takes_another_way_is_not_answered(page: Page, watch: Watch) -> None:
    """Where nothing follows from the trace all results are from before, and marked so."""
    watch.allow(*REFUSED)
    page.context.route("**/*.wasm", lambda route: route.abort())
    page.goto("")
    calculator = Calculator(page)
    baked = calculator.panels()

    assert calculator.type("groups", "3") == "failed"
    expect(calculator.root.locator(".calc-status")).to_have_text(
        "Python could not be loaded. The results below are from before."
    )
    assert calculator.panels() == baked
    assert calculator.waiting() == set(baked)


def test_what_is_typed_while_python_starts_is_answered_once(page: Page) -> None:
    """Edits before the interpreter is there are answered from the trace where it speaks of them; the rest waits."""
    held: list[Route] = []
    holding = True
    page.context.route("**/*.wasm", lambda route: held.append(route) if holding else route.continue_())
    page.goto("")
    calculator = Calculator(page)
    page.evaluate(
        """() => {
            const panel = document.querySelector('[data-panel="torch"]');
            window.painted = [];
            const every = { childList: true, characterData: true, subtree: true };
            new MutationObserver(() => painted.push(panel.textContent)).observe(panel, every);
        }"""
    )
    for text in ("4", "x", "6"):
        calculator.field("kernel_size").fill(text)
        if text != "x":
            assert calculator.panel("result").inner_html() == calculator.expected()["result"]
    ahead = calculator.panels()
    expect(calculator.root).to_have_attribute("data-state", "waiting")
    expect(calculator.root.locator(".calc-status")).to_have_text("Starting Python…")

    holding = False
    for route in held:
        route.continue_()
    assert calculator.answered() == "current"
    page.context.unroute("**/*.wasm")
    assert calculator.panels() == calculator.expected()
    assert {name for name, html in calculator.panels().items() if html != ahead[name]} == {"picture"}
    assert len(page.evaluate("painted")) == 2
    assert page.evaluate("painted")[-1] == calculator.panel("torch").text_content()


def test_a_reader_who_saves_data_downloads_python_only_to_use_it(page: Page, watch: Watch) -> None:
    """With the browser's data saver on, reading loads no interpreter; the first touch of a field does."""
    page.add_init_script("Object.defineProperty(navigator, 'connection', { value: { saveData: true } })")
    page.goto("")
    calculator = Calculator(page)
    calculator.root.scroll_into_view_if_needed()
    page.evaluate("() => new Promise(done => requestIdleCallback(() => requestIdleCallback(done)))")
    assert not any("/js/worker.js" in url for url in watch.requests)

    with page.expect_worker(lambda worker: worker.url.endswith("/js/worker.js")):
        calculator.field("kernel_size").focus()
