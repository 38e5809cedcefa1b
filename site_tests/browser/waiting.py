"""Waiting for a page, and for no longer than a test may take."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

PATIENCE = 60_000  # milliseconds; how long a machine takes never decides

expect.set_options(timeout=PATIENCE)


def until(page: Page, condition: Callable[[], object]) -> bool:
    """Wait until something holds; unlike the browser's own waiting it may ask the browser what takes a moment."""
    for _ in range(PATIENCE // 100):
        if condition():
            return True
        page.wait_for_timeout(100)
    return False


def fonts_ready(page: Page) -> None:
    """Wait for the fonts of what is on the page now; what was not laid out yet has not asked for any."""
    page.evaluate("() => { document.body.getBoundingClientRect(); return document.fonts.ready.then(() => true); }")


LAID_OUT = "() => document.querySelector('[data-md-component=container]').dataset.settled === ''"


def laid_out(page: Page) -> None:
    """Until every place is where it will stay: see settle.js. A tab that is not in front has few idle moments."""
    page.bring_to_front()
    page.wait_for_function(LAID_OUT)


def all_drawn(page: Page) -> None:
    """Have the browser draw what is far from the window too, as in a picture of the whole page."""
    page.evaluate(
        "async () => document.adoptedStyleSheets.push(await new CSSStyleSheet()"
        ".replace('.md-content__inner * { content-visibility: visible !important }'))"
    )


def go(page: Page, address: str, site: str) -> None:
    """Follow the site's own menu to a page, without leaving the document."""
    before = page.locator("[data-md-component=container]").element_handle()
    page.evaluate(
        "wanted => [...document.querySelectorAll('nav a[href]')].find(link => link.href === wanted).click()",
        site + address,
    )
    arrived(page, site + address, before)


def arrived(page: Page, address: str, before: object) -> None:
    """Wait until the theme has put the next page in the place of this one."""
    page.wait_for_function(
        "([address, before]) => !before.isConnected && document.querySelector('link[rel=canonical]').href === address",
        arg=[address, before],
    )
