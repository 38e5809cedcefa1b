"""What a page that is only read makes a reader load, compressed as a host would: all requests counted."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import unquote, urlsplit

import brotli
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from site_tests.browser.calculator import Calculator
from site_tests.browser.served import Site

MOST = 200_000  # bytes
QUALITY = 9  # of brotli's 11: hosts seldom take the time for more
READ = (
    "",
    "dense/",
    "convolution/",
    "transformer/",
    "recurrent-by-hand/",
    "attention-by-hand/",
    "lenet/",
    "models/resnet/",
)
PYTHON = ("worker.js", ".wasm", ".zip.deflated", "katex.min.js")
SEARCH = ("search_index.json", "/workers/search.")


def weight(path: Path) -> int:
    """A file's bytes as they are sent."""
    content = path.read_bytes()
    return len(content) if path.suffix in (".woff2", ".png") else len(brotli.compress(content, quality=QUALITY))


def read(page: Page, site: Site, address: str) -> dict[str, int]:
    """Open a page, read it to its end, and weigh all that was asked for."""
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(address)
    end = page.locator("footer")
    end.scroll_into_view_if_needed()
    expect(end).to_be_visible()
    page.wait_for_load_state("networkidle")
    return {url: weight(on_disk(site, url)) for url in asked}


def on_disk(site: Site, url: str) -> Path:
    """The file behind an address."""
    path = site.folder / unquote(urlsplit(url).path).removeprefix(urlsplit(site.address).path)
    return path / "index.html" if path.is_dir() else path


@pytest.fixture
def fresh(browser: Browser, site: Site) -> BrowserContext:
    """A visitor who was never here."""
    return browser.new_context(base_url=site.address, viewport={"width": 1280, "height": 800}, service_workers="block")


@pytest.mark.parametrize("address", READ)
def test_a_page_that_is_read_is_light(fresh: BrowserContext, site: Site, address: str) -> None:
    """At most 200 kB, read to the end, without the interpreter and without the index of all words."""
    with fresh:
        found = read(fresh.new_page(), site, address)

    assert len(found) > 5
    assert [url for url in found if any(part in url for part in (*PYTHON, *SEARCH))] == []
    assert sum(found.values()) <= MOST, sorted(found.items(), key=lambda each: -each[1])


def test_a_page_with_an_editor_loads_no_interpreter_to_be_read(fresh: BrowserContext, site: Site) -> None:
    """The editor comes with the page; Python waits for the first sign of use."""
    with fresh:
        found = read(fresh.new_page(), site, "your-model/")

    assert any("prism-code-editor" in url for url in found)
    assert [url for url in found if any(part in url for part in (*PYTHON, *SEARCH))] == []
    assert sum(found.values()) <= MOST, sorted(found.items(), key=lambda each: -each[1])


@pytest.mark.parametrize("sign", ["hover", "focus"])
def test_python_is_fetched_at_the_first_sign_of_use(fresh: BrowserContext, site: Site, sign: str) -> None:
    """The pointer over the form, or the focus in it; a calculator that is merely in view is being read."""
    with fresh:
        page = fresh.new_page()
        found = read(page, site, "convolution/")
        calculator = Calculator(page)
        calculator.panel("result").hover()
        page.wait_for_load_state("networkidle")
        assert not any("worker.js" in url for url in found)

        with page.expect_worker(lambda worker: worker.url.endswith("/js/worker.js")):
            getattr(calculator.field("kernel_size"), sign)()
