"""How Python starts in the page: what it asks for, from what memory, and what it does with one that is broken."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from site_tests.browser.calculator import Calculator
from site_tests.browser.model import GOOD, opened
from site_tests.browser.served import Site
from site_tests.browser.waiting import until
from site_tests.browser.watch import Watch

KEPT = """async () => {
  const name = (await caches.keys()).find((name) => name.startsWith("python-"));
  const cache = name && (await caches.open(name));
  const [address] = cache ? await cache.keys() : [];
  return Boolean(address && (await cache.match(address)));
}"""
SPOIL = """async () => {
  const cache = await caches.open((await caches.keys()).find((name) => name.startsWith("python-")));
  const [address] = await cache.keys();
  const response = await cache.match(address);
  const bytes = new Uint8Array(await response.arrayBuffer());
  bytes[1_000_000] ^= 1;
  await cache.put(address, new Response(bytes, { headers: response.headers }));
}"""


@pytest.fixture
def reader(browser: Browser, site: Site) -> Iterator[Page]:
    """A page in a browser that has been nowhere."""
    context = browser.new_context(base_url=site.address, service_workers="block")
    yield context.new_page()
    context.close()


def visit(page: Page) -> Calculator:
    """The convolution page with Python's answer in it, which is what the page was built with."""
    page.goto("convolution/")
    calculator = Calculator(page)
    assert calculator.ask_again() == "current"
    return calculator


def wait_until_kept(page: Page) -> None:
    """Until Python's memory is in the browser's storage."""
    assert until(page, lambda: page.evaluate(KEPT))


def asked(site: Site) -> list[str]:
    """The names of Python's files that the server was asked for."""
    return [path.rpartition("/")[2] for path in site.asked if "/assets/python-" in path]


def test_a_calculator_asks_for_the_engine_alone(reader: Page, site: Site) -> None:
    """What pasted models need is not loaded for it, nor the rest of the standard library."""
    site.asked.clear()
    visit(reader)

    assert sorted(set(asked(site))) == ["pyodide.asm.js", "pyodide.asm.wasm", "pyodide.mjs"]


def test_the_next_visit_goes_on_from_this_ones_memory(reader: Page) -> None:
    """It is kept in idle time; answers are the same."""
    first = visit(reader)
    assert first.type("kernel_size", "5") == "current"
    panels = first.panels()
    wait_until_kept(reader)

    second = visit(reader)
    assert second.type("kernel_size", "5") == "current"
    assert second.panels() == panels


def test_a_memory_that_is_broken_is_forgotten(reader: Page) -> None:
    """Python starts from its files then, and says so to nobody but the console."""
    visit(reader)
    wait_until_kept(reader)
    reader.evaluate(SPOIL)
    warnings: list[str] = []
    reader.on("console", lambda message: warnings.append(message.text))

    assert visit(reader).type("kernel_size", "5") == "current"
    assert any("the memory that was kept has changed" in text for text in warnings)


def test_pasted_code_imports_any_module_of_the_library(page: Page, watch: Watch, site: Site) -> None:
    """The rest of it is asked for when code names a module of it, and not before."""
    model = opened(page)
    site.asked.clear()
    assert model.write("source", GOOD, input="1, 6", entry="") == "current"
    assert "rest.zip.deflated" not in asked(site)

    modules = "import csv, argparse, datetime, unittest, statistics"
    assert model.write("source", f"{modules}\nassert statistics.mean([1, 3]) == 2\n{GOOD}") == "current"
    assert asked(site).count("rest.zip.deflated") == 1
