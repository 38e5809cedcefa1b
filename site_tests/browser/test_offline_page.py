"""The page on offline use, the whole site on request, and the site as an app."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from site_tests.browser.deployed import Deployment, deployed
from site_tests.browser.keeping import STOPPED, asked, entries, kept, reader
from site_tests.browser.served import PAGES, Site
from site_tests.browser.test_accessibility import LOOKS, violations
from site_tests.browser.test_layout import SPILL
from site_tests.browser.test_offline_update import LOOK, notice, renewed
from site_tests.browser.waiting import until


@pytest.fixture(scope="module")
def host(site: Site, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    """The site on a host of its own."""
    with deployed(site, tmp_path_factory.mktemp("host")) as host:
        yield host


def summary(page: Page) -> str:
    """What is said of all that is kept."""
    return page.locator(".sw-offline [role=status]").inner_text()


def test_the_whole_site_is_kept_on_request_and_let_go(browser: Browser, host: Deployment) -> None:
    """Every page, with progress shown; then none, with a way back."""
    with reader(browser, host) as context:
        page = context.new_page()
        page.goto("offline/")
        keep = page.get_by_role("button", name=re.compile(r"^Keep this site for offline use \(\d+ MB\)$"))
        expect(keep).to_be_visible()
        # The bar comes and goes with the download, so what it showed is noted.
        page.evaluate(
            "() => { window.shown = []; new MutationObserver(() => "
            "shown.push(document.querySelector('.sw-offline progress')?.nextSibling.textContent))"
            ".observe(document.querySelector('.sw-offline'), { childList: true, subtree: true }) }"
        )
        keep.click()
        expect(page.locator(".sw-offline [role=status]")).to_contain_text(
            f"The whole site is kept on this device: {len(PAGES)} pages, Python and the search"
        )
        expect(keep).to_have_count(0)
        expect(page.locator(".sw-offline__pages a")).to_have_count(len(PAGES))
        assert any(re.fullmatch(r"[\d.]+ MB of \d+ MB", text or "") for text in page.evaluate("shown"))
        listed = json.loads(re.findall(r"FILES = (\{.*?\});\n", (host.folder / "sw.js").read_text(), re.DOTALL)[0])
        assert listed.keys() <= entries(page, host).keys()

        host.stop()
        page.goto("models/gpt2/")
        expect(page.locator("h1")).to_contain_text("GPT-2")
        host.start()
        page.goto("offline/")
        page.get_by_role("button", name="Remove what is kept").click()
        expect(keep).to_be_visible()
        assert entries(page, host) == {}
        host.asked.clear()
        page.goto("models/gpt2/")
        assert "models/gpt2/" in asked(host)


def test_a_newer_build_of_a_site_that_is_kept_whole_is_whole(
    browser: Browser, site: Site, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Pages that the older one did not have are there as well."""

    def grown(folder: Path) -> None:
        renewed(folder)
        (folder / "new").mkdir()
        (folder / "new" / "index.html").write_bytes((folder / "counting" / "index.html").read_bytes())

    with deployed(site, tmp_path_factory.mktemp("grown")) as host, reader(browser, host) as context:
        page = context.new_page()
        page.goto("offline/")
        page.get_by_role("button", name="Keep this site").click()
        assert until(page, lambda: "The whole site is kept" in summary(page))
        host.publish(grown)
        page.evaluate(LOOK)
        notice(page).get_by_role("button", name="Reload").click()
        page.wait_for_function("() => globalThis.renewed")
        host.stop()
        page.goto("new/")
        expect(page.locator("h1")).to_contain_text("How we count")
        host.start()


@pytest.mark.parametrize(("scheme", "width"), LOOKS)
def test_notice_and_page_are_accessible_and_fit(
    browser: Browser, site: Site, tmp_path_factory: pytest.TempPathFactory, scheme: str, width: int
) -> None:
    """axe finds nothing, and nothing is wider than a phone."""
    look = {"color_scheme": scheme, "viewport": {"width": width, "height": 800}, "bypass_csp": True}
    with (
        deployed(site, tmp_path_factory.mktemp(scheme)) as host,
        reader(browser, host, STOPPED, **look) as context,
    ):
        page = context.new_page()
        page.goto("counting/")
        kept(page)
        host.publish(renewed)
        page.evaluate(LOOK)
        expect(notice(page)).to_be_visible()
        host.stop()
        page.goto("dense/")
        expect(page.locator(".sw-offline__absent")).to_be_visible()
        expect(notice(page)).to_be_visible()
        # What the newer build has collected so far is not counted.
        expect(page.locator(".sw-offline > [role=status]")).to_contain_text("2 pages are kept on this device")

        assert page.evaluate(SPILL) <= 0
        box = notice(page).bounding_box()
        assert box
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width
        assert violations(page) == []
        host.start()


def test_the_site_can_be_installed(browser: Browser, host: Deployment) -> None:
    """Chromium has nothing to object to, beside the private profile of this test."""
    with reader(browser, host) as context:
        page = context.new_page()
        page.goto("convolution/")
        kept(page)
        session = context.new_cdp_session(page)
        found = session.send("Page.getInstallabilityErrors")["installabilityErrors"]
        manifest = session.send("Page.getAppManifest")

        assert [each["errorId"] for each in found if each["errorId"] != "in-incognito"] == []
        assert manifest["errors"] == []
        assert json.loads(manifest["data"])["name"] == "Shapewise"


def test_a_site_without_icons_could_not_be_installed(
    browser: Browser, site: Site, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """The test above can fail."""

    def plain(folder: Path) -> None:
        manifest = folder / "manifest.webmanifest"
        manifest.write_text(json.dumps({**json.loads(manifest.read_text()), "icons": []}))

    with deployed(site, tmp_path_factory.mktemp("plain")) as host, reader(browser, host) as context:
        host.publish(plain)
        page = context.new_page()
        page.goto("convolution/")
        found = context.new_cdp_session(page).send("Page.getInstallabilityErrors")["installabilityErrors"]

        assert "manifest-missing-suitable-icon" in [each["errorId"] for each in found]


def test_the_window_takes_the_colour_of_the_scheme(browser: Browser, host: Deployment) -> None:
    """An installed site's title bar is paper, in the light and in the dark."""
    for scheme, colour in (("light", "#fcfdfd"), ("dark", "#10181d")):
        with reader(browser, host, color_scheme=scheme) as context:
            page = context.new_page()
            page.goto("counting/")
            expect(page.locator("head > meta[name=theme-color]")).to_have_attribute("content", colour)
