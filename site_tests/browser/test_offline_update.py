"""A newer build is announced, taken when the reader says so, and never mixed with the older one."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from site_tests.browser.calculator import Calculator
from site_tests.browser.deployed import Deployment, deployed
from site_tests.browser.keeping import asked, entries, kept, reader, remembered, started
from site_tests.browser.model import GOOD, HELD, Model
from site_tests.browser.served import ROOT, Site
from site_tests.browser.waiting import go, until

NEWER = "Convolution, renewed"
SCRIPT = "last.js"  # one that every page loads
# The folders of scripts and styles that a page names, and those that were loaded for it.
BUILDS = """() => {
    const loaded = performance.getEntriesByType("resource").map(each => each.name);
    const named = [...document.querySelectorAll("script[src], link[href]")].map(each => each.src || each.href);
    return [...new Set([...loaded, ...named].map(each => /assets\\/(site-[^/]+)/.exec(each)?.[1]).filter(Boolean))];
}"""
DOCUMENT = "document.started ??= crypto.randomUUID()"
LOOK = "navigator.serviceWorker.ready.then(registration => registration.update()).then(() => null)"


@pytest.fixture
def host(site: Site, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    """The site on a host that can be renewed."""
    with deployed(site, tmp_path_factory.mktemp("host")) as host:
        yield host


def own(folder: Path) -> Path:
    """The folder of a build's own scripts and styles."""
    [found] = (folder / "assets").glob("site-*")
    return found


def renewed(folder: Path) -> None:
    """Change a script, and so the name of its folder on every page, and a heading."""
    before = own(folder)
    after = before.with_name("site-0123456789ab")
    before.rename(after)
    script = after / "js" / SCRIPT
    script.write_text(script.read_text() + "globalThis.renewed = true;\n")
    for page in folder.rglob("*.html"):
        page.write_text(page.read_text().replace(before.name, after.name))
    page = folder / "convolution" / "index.html"
    text = page.read_text()
    page.write_text(re.sub(r"(<h1[^>]*>)Convolution", rf"\g<1>{NEWER}", text))
    assert NEWER in page.read_text()


def read(page: Page, *addresses: str) -> None:
    for address in addresses:
        page.goto(address)
        kept(page)


def notice(page: Page) -> Locator:
    return page.locator(".sw-news")


def builds(page: Page) -> list[str]:
    """The builds that a page is made of; one, whatever happens."""
    found: list[str] = page.evaluate(BUILDS)
    return found


def names(host: Deployment) -> dict[str, str]:
    """What the served worker names: every file's path and hash."""
    [listed] = re.findall(r"^const FILES = (\{.*?\});\n", (host.folder / "sw.js").read_text(), re.DOTALL | re.MULTILINE)
    return {path: hash for path, (hash, _) in json.loads(listed).items()}


def test_a_newer_build_comes_when_the_reader_says_so(browser: Browser, host: Deployment) -> None:
    """Until then everything is as it was; then all that was read is there in the new version, and nothing else."""
    with reader(browser, host) as context:
        page = context.new_page()
        read(page, "dense/", "convolution/")
        older = builds(page)
        host.publish(renewed)
        page.evaluate(LOOK)
        expect(notice(page)).to_contain_text("A newer version of this site is ready.")
        host.asked.clear()

        page.goto("convolution/")
        expect(notice(page)).to_be_visible()
        expect(page.locator("h1")).not_to_contain_text("renewed")
        assert builds(page) == older
        assert asked(host) == []

        notice(page).get_by_role("button", name="Reload").click()
        expect(page.locator("h1")).to_contain_text("renewed")
        expect(notice(page)).to_be_empty()
        assert page.evaluate("globalThis.renewed")
        assert builds(page) == [own(host.folder).name]
        assert asked(host) == []
        assert until(page, lambda: entries(page, host).items() <= names(host).items())
        host.stop()
        page.goto("dense/")
        assert builds(page) == [own(host.folder).name]
        host.start()


def test_what_did_not_change_is_not_downloaded_again(browser: Browser, host: Deployment) -> None:
    """A newer worker asks for the files that are new in it, under whatever name the others were kept before."""
    with reader(browser, host) as context:
        page = context.new_page()
        read(page, "convolution/")
        host.asked.clear()
        host.publish(renewed)
        page.evaluate(LOOK)
        expect(notice(page)).to_be_visible()

        assert {path for path in asked(host) if path.startswith("assets/")} == {f"assets/site-0123456789ab/js/{SCRIPT}"}


def test_a_page_is_never_put_into_one_of_another_build(browser: Browser, host: Deployment) -> None:
    """By the menu, to a page of the newer build: the browser loads it whole, with a worker and without."""
    for allowed in ("allow", "block"):
        with reader(browser, host, service_workers=allowed) as context:
            page = context.new_page()
            page.goto("convolution/")
            if allowed == "allow":
                kept(page)
            started, older = page.evaluate(DOCUMENT), builds(page)
            go(page, "counting/", host.address)
            assert page.evaluate(DOCUMENT) == started
            host.publish(renewed)

            link = page.locator(".md-nav--primary a", has_text="Attention by hand").first
            link.evaluate("link => link.click()")
            expect(page.locator("h1")).to_contain_text("Attention")
            page.wait_for_load_state()
            assert page.evaluate(DOCUMENT) != started
            assert builds(page) != older
            assert len(builds(page)) == 1
            host.publish()


def test_a_tab_of_the_older_build_goes_on(browser: Browser, host: Deployment) -> None:
    """While one tab is renewed the other computes with what it began with; the last one takes the old files along."""
    with reader(browser, host) as context:
        first, second = context.new_page(), context.new_page()
        for page in (first, second):
            read(page, "convolution/")
        # The host will have the older build's files no more, so Python begins before.
        assert started(second)
        assert remembered(second, host)
        [older] = builds(second)
        host.publish(renewed)
        first.evaluate(LOOK)
        notice(first).get_by_role("button", name="Reload").click()
        expect(first.locator("h1")).to_contain_text("renewed")

        expect(notice(second)).to_be_visible()
        assert Calculator(second).type("kernel_size", "5") == "current"
        assert builds(second) == [older]
        script = f"{host.address}assets/{older}/js/{SCRIPT}"
        assert second.evaluate("address => fetch(address, { cache: 'no-store' }).then(({ ok }) => ok)", script)
        assert any(older in path for path in entries(second, host))

        notice(second).get_by_role("button", name="Reload").click()
        expect(second.locator("h1")).to_contain_text("renewed")
        assert Calculator(second).field("kernel_size").input_value() == "5"
        assert until(second, lambda: not any(older in path for path in entries(second, host)))


def test_what_was_typed_outlives_the_reload(browser: Browser, host: Deployment) -> None:
    """Numbers come back computed; code comes back and waits for Run, though it was typed a moment before."""
    # The host has the older build's files no more, so Python can't be used for the first time before the reload.
    with reader(
        browser, host, "404.*/assets/", "No answer|could not be loaded|answered 404|Failed to fetch"
    ) as context:
        page = context.new_page()
        page.goto("your-model/")
        page.wait_for_function("() => navigator.serviceWorker.controller !== null")
        host.publish(renewed)
        page.evaluate(LOOK)
        expect(notice(page)).to_be_visible()
        Model(page).field("source").fill(GOOD)
        Model(page).field("input").fill("1, 6")
        notice(page).get_by_role("button", name="Reload").click()

        page.wait_for_function("() => globalThis.renewed")
        model = Model(page)
        expect(model.root.locator(".calc-status")).to_have_text(HELD)
        assert model.field("source").input_value() == GOOD
        assert model.field("input").input_value() == "1, 6"


def test_the_notice_can_be_put_off_and_reached_by_keyboard(browser: Browser, host: Deployment) -> None:
    """It is read out as a status; Later takes it away until the next page load."""
    with reader(browser, host) as context:
        page = context.new_page()
        read(page, "counting/")
        expect(notice(page)).to_have_attribute("role", "status")
        host.publish(renewed)
        page.evaluate(LOOK)
        later = notice(page).get_by_role("button", name="Later")
        later.focus()
        page.keyboard.press("Enter")
        expect(notice(page)).to_be_empty()
        page.goto("counting/")
        expect(notice(page)).to_be_visible()


def test_python_s_memory_goes_with_its_build(browser: Browser, host: Deployment) -> None:
    """The page keeps it under the name of Python's folder; what no build names any more is removed, others' is not."""
    make = """async ([name, address]) => (await caches.open(name)).put(address, new Response("memory"))"""
    with reader(browser, host) as context:
        page = context.new_page()
        read(page, "counting/")
        present = {folder.name for folder in (host.folder / "assets").glob("python-*")}
        for name, address in [
            *((name, f"{host.address}assets/{name}/memory") for name in present),
            ("python-0123456789ab", f"{host.address}assets/python-0123456789ab/memory"),
            ("python-ba9876543210", host.address.replace(host.prefix, "/another/site/")),
        ]:
            page.evaluate(make, [name, address])
        page.goto("counting/")

        assert until(page, lambda: "python-0123456789ab" not in page.evaluate("caches.keys()"))
        assert present | {"python-ba9876543210"} <= set(page.evaluate("caches.keys()"))


def test_a_preview_shows_what_is_being_written(browser: Browser, host: Deployment) -> None:
    """Where `mkdocs serve` answers at the address of a site that was kept, everything kept goes away."""

    def previewed(folder: Path) -> None:
        runtime = own(folder) / "js" / "runtime.js"
        runtime.write_text(runtime.read_text().replace("keepsPages = true", "keepsPages = false"))

    with reader(browser, host) as context:
        page = context.new_page()
        read(page, "counting/")
        host.publish(previewed)
        (host.folder / "sw.js").write_bytes((ROOT / "site_build" / "sw_leaving.js").read_bytes())
        page.evaluate(LOOK)

        # Pages that the worker served are loaded anew meanwhile.
        page.wait_for_function(
            "async () => !(await navigator.serviceWorker.getRegistrations()).length && !(await caches.keys()).length"
        )
        host.asked.clear()
        page.goto("counting/")
        assert "counting/" in asked(host)
