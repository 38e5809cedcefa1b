"""What a browser keeps of the site, as its tests look at it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page

from site_tests.browser.deployed import Deployment
from site_tests.browser.served import Site
from site_tests.browser.waiting import PATIENCE, fonts_ready, laid_out, until
from site_tests.browser.watch import Watch

# What is not kept of all that the page has loaded up to now, and of the files that are named.
MISSING = """async names => {
    if (!navigator.serviceWorker.controller) return ["a worker"];
    const { scope } = await navigator.serviceWorker.ready;
    const cache = await caches.open(`shapewise ${scope}`);
    const loaded = ["navigation", "resource"].flatMap(kind => performance.getEntriesByType(kind));
    const all = [location.href, ...loaded.map(each => each.name)].filter(each => each.startsWith(scope));
    const file = address => address.split(/[?#]/)[0].replace(/\\/$/, "/index.html");
    const here = (await cache.keys()).map(each => each.url);
    const wanted = all.filter(each => !each.endsWith("/sw.js"));
    return [
        ...wanted.filter(each => !here.some(key => key.startsWith(file(each) + "?"))),
        ...names.filter(each => !here.some(key => key.includes(each))),
    ];
}"""
ENTRIES = """async () => {
    const all = [];
    for (const name of await caches.keys())
        for (const { url } of await (await caches.open(name)).keys()) all.push(url);
    return all;
}"""
# Python is there, or the reason why it is not is raised.
STARTED = """() => {
    const { src } = document.querySelector("script[src*='/assets/site-']");
    return import(new URL("client.js", src)).then(({ wake }) => wake()).then(() => true);
}"""


STOPPED = "ERR_CONNECTION_REFUSED|ERR_CONNECTION_RESET|ERR_FAILED"
"""What a browser notes of a host that is stopped, maybe while it was sending something."""


@contextmanager
def reader(browser: Browser, host: Deployment | Site, *allowed: str, **options: object) -> Iterator[BrowserContext]:
    """A fresh profile that keeps what it reads; what goes wrong in its pages, beside what is allowed, is a fault."""
    settings: Any = {"service_workers": "allow", **options}
    context = browser.new_context(base_url=host.address, **settings)
    context.set_default_timeout(PATIENCE)
    watch = Watch(host.address)
    watch.allow(*allowed)
    watch.start(context)
    yield context
    for page in context.pages:
        page.title()
    context.close()

    assert watch.unexpected() == [], watch.unexpected()


def kept(page: Page, *names: str) -> None:
    """Wait until the page, all that it loads, and the files of these names are kept."""
    laid_out(page)  # what is far from the window may need fonts of its own
    fonts_ready(page)
    missing: list[str] = []

    def all_here() -> bool:
        missing[:] = page.evaluate(MISSING, list(names))
        return not missing

    until(page, all_here)

    assert missing == [], missing


def started(page: Page) -> bool:
    """Wait for Python; raises where it could not be loaded."""
    return bool(page.evaluate(STARTED))


def remembered(page: Page, host: Deployment) -> bool:
    """Wait until the memory of Python, which has started, is kept too: it loads nothing after that."""
    return until(page, lambda: any(path.endswith("/memory") for path in entries(page, host)))


def entries(page: Page, host: Deployment) -> dict[str, str]:
    """Every file that is kept, by its path within the site: the hash it is kept under. Python's memory has none."""
    urls: list[str] = page.evaluate(ENTRIES)
    parts = (url.removeprefix(host.address).partition("?") for url in urls)
    return {path: hash for path, _, hash in parts}


def asked(host: Deployment) -> list[str]:
    """What the host was asked for, apart from the browser's own look for a newer worker."""
    return [path for path in host.asked if path != "sw.js"]
