"""The editor of a model's source: missing, late, under a strict policy, on a phone, two at once."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from site_tests.browser.model import ADDRESS, BROKEN, GOOD, Model, opened
from site_tests.browser.served import Site
from site_tests.browser.test_accessibility import AXE
from site_tests.browser.waiting import fonts_ready, go, until
from site_tests.browser.watch import Watch


def test_without_the_editor_the_text_area_does(page: Page, watch: Watch) -> None:
    """When the editor's files are missing, code is typed, run and refused as ever."""
    watch.allow("net::ERR_FAILED", "console warning: ", "Failed to fetch")
    page.context.route("**/prism-code-editor-*/**", lambda route: route.abort())
    try:
        page.goto(ADDRESS)
        model = Model(page)
        expect(model.field("source")).to_be_enabled()
        expect(model.root.locator(".calc-examples")).to_be_visible()

        assert model.write("source", GOOD, input="1, 6", entry="") == "current"
        assert model.parameters() == "47"
        assert model.write("source", BROKEN) == "stale"
        model.root.locator(".calc-to-line").click()
        assert model.line_at_caret("source") == 6
        assert model.root.locator(".calc-editor").count() == 0
    finally:
        page.context.unroute("**/prism-code-editor-*/**")


def test_a_page_that_is_left_needs_no_editor(page: Page, site: Site) -> None:
    """Files of the editor that come when the reader is elsewhere disturb nothing; coming back, there is one."""
    held: list[Route] = []
    holding = True
    files = "**/prism-code-editor-*/index.js"
    page.context.route(files, lambda route: held.append(route) if holding else route.continue_())
    page.goto(ADDRESS)
    expect(Model(page).field("source")).to_be_enabled()
    assert until(page, lambda: held)
    go(page, "convolution/", site.address)
    holding = False
    for route in held:
        route.continue_()

    go(page, ADDRESS, site.address)

    expect(page.locator(".calc-editor")).to_have_count(1)
    page.context.unroute(files)


def test_the_editor_needs_no_inline_style(browser: Browser, site: Site) -> None:
    """Under a policy that lets no style be written into HTML it is coloured and numbered all the same."""
    context = browser.new_context(base_url=site.address)
    page = context.new_page()
    refused: list[str] = []
    page.on("console", lambda message: refused.append(message.text) if "style" in message.text else None)
    policy = "style-src 'self'"

    def guarded(route: object) -> None:
        response = route.fetch()  # type: ignore[attr-defined]
        route.fulfill(response=response, headers={**response.headers, "content-security-policy": policy})  # type: ignore[attr-defined]

    page.route(f"**/{ADDRESS}", guarded)
    page.goto(ADDRESS)
    editor = page.locator(".calc-editor")
    expect(editor).to_be_visible()
    refused.clear()
    page.locator('[name="source"]').press("Control+End")
    page.keyboard.type("# x")

    assert editor.locator(".comment").count() > 0
    assert refused == []
    context.close()


def test_on_a_phone_it_fits(browser: Browser, site: Site) -> None:
    """At 390 pixels nothing sticks out, and the code scrolls in its own box."""
    context = browser.new_context(base_url=site.address, viewport={"width": 390, "height": 800})
    model = opened(context.new_page())

    assert model.page.evaluate("document.documentElement.scrollWidth") <= 390
    assert model.root.locator(".calc-editor").evaluate("each => each.scrollWidth > each.clientWidth")
    context.close()


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 390)])
def test_axe_has_nothing_to_object_to_in_the_editor(browser: Browser, site: Site, scheme: str, width: int) -> None:
    """With a marked line and its message, in both colour schemes."""
    context = browser.new_context(
        base_url=site.address,
        viewport={"width": width, "height": 800},
        color_scheme="dark" if scheme == "dark" else "light",
        reduced_motion="reduce",
    )
    model = opened(context.new_page())
    assert model.write("source", BROKEN, input="1, 6", entry="") == "stale"
    fonts_ready(model.page)

    model.page.evaluate(AXE)
    found = model.page.evaluate("async () => (await axe.run('calc-widget form, .calc-head')).violations")

    assert [(each["id"], [node["html"] for node in each["nodes"]]) for each in found] == []
    context.close()


def test_two_sources_are_kept_apart(page: Page) -> None:
    """An example goes into its own editor and fields, a mistake is marked in the one it is in, a link holds both."""
    both = opened(page, "compare-models/")
    expect(both.root.locator(".calc-editor")).to_have_count(2)
    first = both.fields()

    both.forget()
    both.root.locator('[data-examples="source_b"]').select_option(label="A mistake to find")
    assert both.answered() == "stale"

    assert both.marked_lines("source_b") == [17]
    assert both.marked_lines("source") == []
    assert list(both.errors()) == ["source_b"]
    assert both.fields()["entry_b"] == "Net()"
    assert {name: both.fields()[name] for name in ("source", "entry", "input")} == {
        name: first[name] for name in ("source", "entry", "input")
    }
    assert both.type("source_b", GOOD) == "stale"  # the entry is still that of the example
    assert both.write("source", GOOD, input="1, 6", entry="", input_b="1, 6", entry_b="") == "current"
    link = both.copied(both.button("link"))
    page.goto("about:blank")
    page.goto(link)
    expect(both.root).to_have_attribute("data-state", "held")
    assert (both.fields()["source"], both.fields()["source_b"]) == (GOOD, GOOD)
