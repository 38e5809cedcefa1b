"""A visit in which something goes wrong: its own profile, so that nothing is there from before."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, Page, Worker

from site_tests.browser.calculator import Calculator
from site_tests.browser.served import Site
from site_tests.browser.waiting import PATIENCE, until
from site_tests.browser.watch import Watch

PROVOKED = ("^failed: ", "^console ", "^(404|500): ")
"""What a browser notes of files that do not come; an exception that nobody catches is not among it."""


@contextmanager
def visit(browser: Browser, site: Site, script: str = "", *allowed: str) -> Iterator[Page]:
    """A tab of a new reader; `script` runs first in every page, and `allowed` faults are the test's own doing."""
    context = browser.new_context(
        base_url=site.address, viewport={"width": 1280, "height": 800}, service_workers="block"
    )
    context.set_default_timeout(PATIENCE)
    if script:
        context.add_init_script(script)
    watch = Watch(site.address)
    watch.allow(*allowed)
    watch.start(context)
    try:
        page = context.new_page()
        yield page
        if not page.is_closed():
            page.title()
    finally:
        site.faults.clear()
        context.close()

    assert watch.unexpected() == [], watch.unexpected()


def interpreters(page: Page) -> list[Worker]:
    """The page's own workers with Python in them."""
    return [each for each in page.workers if each.url.endswith("/worker.js")]


def alone(page: Page) -> None:
    """Wait until one worker is left; one that was ended takes a moment to be gone."""
    assert until(page, lambda: len(interpreters(page)) == 1), [each.url for each in page.workers]


def status(calculator: Calculator) -> str:
    """What a calculator says of itself."""
    return calculator.root.locator(".calc-status").inner_text()
