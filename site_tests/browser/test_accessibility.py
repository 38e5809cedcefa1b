"""axe finds nothing, and the keyboard reaches everything."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from site_tests.browser.calculator import Calculator
from site_tests.browser.conftest import DATA_SAVER
from site_tests.browser.served import PAGES, ROOT, Site
from site_tests.browser.waiting import PATIENCE, all_drawn, fonts_ready
from site_tests.browser.watch import Watch

AXE = (ROOT / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")
LOOKS = [("light", 1280), ("dark", 390)]
"""Both schemes and both widths; colours do not depend on the width, nor sizes on the scheme."""

# axe judges an element by what it is, what it stands in and its styles. A panel in which every element has been before
# the same kind of element with the same kinds of attributes, within the same, would show it nothing new: it is emptied.
SEEN_BEFORE = """known => {
    const named = ({ name, value }) => ["style", "role", "scope"].includes(name) ? `[${name}=${value}]` : `[${name}]`;
    const kind = element => [element.localName, ...element.classList].join(".") + [...element.attributes]
        .filter(each => each.name !== "class" && each.value.trim()).map(named).sort().join("");
    const path = element => element.localName === "article" ? "" : `${path(element.parentElement)} > ${kind(element)}`;
    const met = new Set(known);
    for (const panel of document.querySelectorAll("[data-panel]")) {
        // Formulas are KaTeX's own, one like the other inside.
        const paths = [...panel.querySelectorAll(":not(.katex *)")].map(path);
        if (paths.every(each => met.has(each))) panel.replaceChildren();
        paths.forEach(each => met.add(each));
    }
    return [...met];
}"""


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
    context.set_default_timeout(PATIENCE)
    context.add_init_script(DATA_SAVER)
    watch = Watch(site.address)
    watch.start(context)
    yield context.new_page()
    context.close()

    assert watch.unexpected() == []


@pytest.fixture(scope="module")
def known(look: Page) -> list[str]:
    """The kinds of elements in calculators that axe found nothing wrong with in this look."""
    return []


def violations(page: Page) -> list[str]:
    """What axe objects to, each with the first element concerned."""
    page.evaluate(AXE)
    result: dict[str, Any] = page.evaluate("axe.run(document, { resultTypes: ['violations'] })")
    return [f"{each['id']}: {each['nodes'][0]['html'][:160]}" for each in result["violations"]]


def ready(page: Page, address: str) -> None:
    page.goto(address)
    fonts_ready(page)
    page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
    # The theme's furniture is mended a moment after it is built; see a11y.mjs.
    page.wait_for_function(
        "() => [...document.querySelectorAll('.md-code__nav')].every(each => each.role === 'presentation')"
    )
    all_drawn(page)
    page.wait_for_function(
        "() => [...document.querySelectorAll('.md-typeset__scrollwrap')]"
        ".every(each => each.scrollWidth <= each.clientWidth || each.tabIndex === 0)"
    )


@pytest.mark.parametrize("address", PAGES, ids=lambda page: page or "home")
def test_axe_has_nothing_to_object_to(look: Page, known: list[str], address: str) -> None:
    """On every page, with its details open; and no id stands twice on it."""
    ready(look, address)
    ids = look.locator("[id]").evaluate_all("all => all.map(each => each.id)")
    assert sorted({id for id in ids if ids.count(id) > 1}) == []

    met = look.evaluate(SEEN_BEFORE, known)

    assert violations(look) == []
    known[:] = met


def test_axe_is_shown_every_kind_of_panel(look: Page) -> None:
    """What is left out has been there before: of a page that is known only the panel with something new stays."""
    ready(look, "")
    panels = look.locator("[data-panel]")
    met = look.evaluate(SEEN_BEFORE, [])
    assert panels.count() == panels.filter(has=look.locator("*")).count()

    look.locator("[data-panel] li").first.evaluate("item => item.classList.add('new')")
    look.evaluate(SEEN_BEFORE, met)
    assert panels.filter(has=look.locator("*")).count() == 1
    assert panels.locator("li.new").count() == 1


def test_an_error_is_accessible_too(look: Page) -> None:
    """The message is tied to its field, and the dimmed results are still in order."""
    ready(look, "")
    calculator = Calculator(look)
    assert calculator.type("stride", "0") == "stale"

    found = [each for each in violations(look) if not each.startswith("color-contrast")]
    assert found == []
    # Old results are meant to look pale; everything else keeps its contrast.
    pale = look.evaluate("axe.run({ exclude: [['.calc-panels']] }, { runOnly: ['color-contrast'] })")
    assert pale["violations"] == []


def test_every_drawing_says_what_it_shows(site: Site) -> None:
    """Each picture that stands for something has a text in its place."""
    for address in PAGES:
        for drawing in re.findall(r'<svg[^>]*role="?img[^>]*>', site.html(address)):
            assert re.search(r'aria-label="[^"]*\w', drawing), f"{address}: {drawing[:200]}"


def test_the_keyboard_reaches_everything(reading_page: Page) -> None:
    """Tab goes through fields, buttons, switches and scrolling boxes in order, and what has the focus shows it."""
    reading_page.goto("convolution/")
    calculator = Calculator(reading_page)
    wanted = calculator.root.evaluate(
        """widget => {
            window.reachable = [...widget.querySelectorAll("button, input, select, summary, a[href], [tabindex='0']")]
                .filter(each => each.checkVisibility() && !each.matches("[type=radio]:not(:checked)"));
            return reachable.length;
        }"""
    )
    assert wanted > len(calculator.fields()) + 2
    calculator.button("link").focus()
    for number in range(wanted):
        assert reading_page.evaluate("reachable.indexOf(document.activeElement)") == number
        focused = reading_page.locator(":focus:not([type=radio]), [type=radio]:focus + span")
        expect(focused).not_to_have_css("outline-style", "none")
        expect(focused).not_to_have_css("outline-width", "0px")
        reading_page.keyboard.press("Tab")

    assert reading_page.evaluate("reachable.indexOf(document.activeElement)") == -1
