"""axe finds nothing, and the keyboard reaches everything."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from site_tests.browser.calculator import Calculator
from site_tests.browser.served import PAGES, ROOT, Site
from site_tests.browser.watch import Watch

AXE = (ROOT / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")
LOOKS = [("light", 1280), ("dark", 390)]
"""Both schemes and both widths; colours do not depend on the width, nor sizes on the scheme."""


@pytest.fixture(scope="module", params=LOOKS, ids=lambda look: f"{look[0]}-{look[1]}")
def look(request: pytest.FixtureRequest, browser: Browser, site: Site) -> Iterator[Page]:
    """A tab in one colour scheme and one width, without transitions that blur a colour."""
    scheme, width = request.param
    context = browser.new_context(
        base_url=site.address,
        viewport={"width": width, "height": 800},
        color_scheme=scheme,
        reduced_motion="reduce",
    )
    context.set_default_timeout(60_000)
    watch = Watch(site.address)
    watch.start(context)
    yield context.new_page()
    context.close()

    assert watch.unexpected() == []


def violations(page: Page) -> list[str]:
    """What axe objects to, each with the first element concerned."""
    page.evaluate(AXE)
    result: dict[str, Any] = page.evaluate("axe.run(document, { resultTypes: ['violations'] })")
    return [f"{each['id']}: {each['nodes'][0]['html'][:160]}" for each in result["violations"]]


def ready(page: Page, address: str) -> None:
    page.goto(address)
    page.evaluate("document.fonts.ready")
    page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
    # The theme's furniture is mended a moment after it is built; see a11y.mjs.
    page.wait_for_function(
        "[...document.querySelectorAll('.md-code__nav')].every(each => each.role === 'presentation')"
    )


@pytest.mark.parametrize("address", PAGES, ids=lambda page: page or "home")
def test_axe_has_nothing_to_object_to(look: Page, address: str) -> None:
    """On every page, with its details open."""
    ready(look, address)

    assert violations(look) == []


def test_an_error_is_accessible_too(look: Page) -> None:
    """The message is tied to its field, and the dimmed results are still in order."""
    ready(look, "convolution/")
    calculator = Calculator(look)
    assert calculator.type("stride", "0") == "stale"

    found = [each for each in violations(look) if not each.startswith("color-contrast")]
    assert found == []
    # Old results are meant to look pale; everything else keeps its contrast.
    pale = look.evaluate("axe.run({ exclude: [['.calc-panels']] }, { runOnly: ['color-contrast'] })")
    assert pale["violations"] == []


def test_every_drawing_says_what_it_shows(page: Page, site: Site) -> None:
    """Each picture that stands for something has a text in its place."""
    for address in PAGES:
        page.goto(address)
        labels = page.locator("svg[role=img]").evaluate_all("all => all.map(each => each.getAttribute('aria-label'))")

        assert all(label and label.strip() for label in labels), address


def test_the_keyboard_reaches_every_field_and_button(page: Page, watch: Watch) -> None:
    """Tab goes through the form and the buttons in order, and what has the focus shows it."""
    page.goto("convolution/")
    calculator = Calculator(page)
    wanted = [f"conv2d.{name}" for name in calculator.fields()]
    calculator.button("link").focus()
    reached = []
    for _ in range(len(wanted) + 2):
        page.keyboard.press("Tab")
        focused = page.evaluate("document.activeElement.id")
        if focused in wanted:
            reached.append(focused)
            expect(page.locator(f'[id="{focused}"]')).not_to_have_css("outline-style", "none")

    assert reached == wanted
