"""One build, one server and one browser for all tests; a page that is watched for each."""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import partial

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from site_tests.browser import chromium
from site_tests.browser.model import Model, opened
from site_tests.browser.sandbox import Sandbox
from site_tests.browser.served import Site, served
from site_tests.browser.waiting import PATIENCE
from site_tests.browser.watch import Watch

DATA_SAVER = "Object.defineProperty(navigator, 'connection', { value: { saveData: true } })"


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The built site, served."""
    with served(tmp_path_factory.mktemp("site")) as site:
        yield site


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium that can reach this machine and nothing else."""
    program = chromium.find()
    if program is None:
        raise RuntimeError("there is no Chromium: run `python -m site_tests.browser.chromium`")
    args = ["--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        args.append("--no-sandbox")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=args)
        # Each test sees what the site itself sends; those of offline use say that they allow what keeps pages.
        browser.new_context = partial(browser.new_context, service_workers="block")  # type: ignore[method-assign]
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def context(browser: Browser, site: Site) -> Iterator[BrowserContext]:
    """A fresh profile for each test module; its pages share what they downloaded."""
    context = browser.new_context(base_url=site.address, viewport={"width": 1280, "height": 800})
    context.set_default_timeout(PATIENCE)
    context.grant_permissions(["clipboard-read", "clipboard-write"], origin=site.address)
    yield context
    context.close()


@pytest.fixture
def watch(context: BrowserContext, site: Site) -> Iterator[Watch]:
    """Fails a test in whose pages something went wrong that it did not provoke."""
    watch = Watch(site.address)
    watch.start(context)
    yield watch
    for page in context.pages:
        page.title()  # what was reported up to now is delivered first
    watch.stop(context)
    unexpected = watch.unexpected()

    assert unexpected == []


@pytest.fixture
def page(context: BrowserContext, watch: Watch) -> Iterator[Page]:
    """An empty tab, watched."""
    page = context.new_page()
    yield page
    page.title()
    page.close()


@pytest.fixture
def reading_page(browser: Browser, site: Site) -> Iterator[Page]:
    """A watched tab of a reader who saves data: Python starts at the first touch of a calculator, not before."""
    context = browser.new_context(base_url=site.address, viewport={"width": 1280, "height": 800})
    context.set_default_timeout(PATIENCE)
    context.add_init_script(DATA_SAVER)
    watch = Watch(site.address)
    watch.start(context)
    page = context.new_page()
    yield page
    page.title()
    context.close()

    assert watch.unexpected() == []


@pytest.fixture
def unsealed(browser: Browser, site: Site) -> Iterator[Page]:
    """A tab that heeds no policy: what is refused elsewhere is shown to be possible here. Nobody watches it."""
    context = browser.new_context(base_url=site.address, bypass_csp=True)
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    page.goto("counting/")
    yield page
    context.close()


@pytest.fixture(scope="module")
def kept_page(context: BrowserContext) -> Iterator[Page]:
    """A tab that the tests of a module share, so that Python starts once; ask for `watch` beside it."""
    page = context.new_page()
    yield page
    page.close()


@pytest.fixture
def model(kept_page: Page, watch: Watch, site: Site) -> Iterator[Model]:
    """The page's calculator as built, with Python already there."""
    if kept_page.url == "about:blank":
        yield opened(kept_page)
        return
    model = Model(kept_page)
    model.button("reset").click()
    yield model


@pytest.fixture
def sandbox(kept_page: Page, watch: Watch, site: Site) -> Sandbox:
    """The sandbox of a page that the tests share."""
    if kept_page.url == "about:blank":
        kept_page.goto("counting/")
    return Sandbox(kept_page, site)
