"""What was read costs nothing the second time and works without a network, the calculators included."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from site_tests.browser.calculator import Calculator
from site_tests.browser.deployed import Deployment, deployed
from site_tests.browser.keeping import STOPPED, asked, entries, kept, reader, remembered, started
from site_tests.browser.model import GOOD, Model
from site_tests.browser.served import Site
from site_tests.browser.waiting import fonts_ready, go

PYTHON = ("pyodide.mjs", "pyodide.asm.wasm", "katex.min.js", "memory-worker.js")


@pytest.fixture
def host(site: Site, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    """The site on a host that can be stopped."""
    with deployed(site, tmp_path_factory.mktemp("host")) as host:
        yield host


def read(page: Page, address: str, *files: str) -> None:
    """Open a page, and wait until it is kept with all that it loads, and these files too."""
    page.goto(address)
    kept(page, *files)


def use_python(page: Page) -> None:
    """Have Python answer, and wait until it is kept."""
    assert started(page)
    assert Calculator(page).ask_again() == "current"
    kept(page, *PYTHON)


def test_a_second_visit_asks_the_host_for_nothing(browser: Browser, host: Deployment) -> None:
    """Neither for the page nor for Python; the browser looks for a newer worker by itself."""
    with reader(browser, host) as context:
        page = context.new_page()
        read(page, "convolution/")
        use_python(page)
        page.close()
        host.asked.clear()

        page = context.new_page()
        page.goto("convolution/")
        fonts_ready(page)
        assert Calculator(page).type("kernel_size", "5") == "current"
        use_python(page)

        assert asked(host) == []


def test_without_a_network_pages_that_were_read_compute(browser: Browser, host: Deployment) -> None:
    """A fresh tab opens them with the state of the address, Python answers, and the menu leads from one to the next."""
    with reader(browser, host) as context:
        page = context.new_page()
        for address in ("", "padding/"):
            read(page, address)
        read(page, "convolution/")
        use_python(page)
        page.close()
        host.stop()

        page = context.new_page()
        page.goto("convolution/?conv2d.kernel_size=5#conv2d")
        calculator = Calculator(page)
        assert calculator.answered() == "current"
        assert calculator.field("kernel_size").input_value() == "5"
        assert started(page)
        assert calculator.type("stride", "3") == "current"
        assert calculator.panels() == calculator.expected()
        go(page, "padding/", host.address)
        expect(page.locator("h1")).to_contain_text("Padding")
        go(page, "", host.address)
        for address in ("index.html", "padding/index.html", "padding?a=b"):
            assert page.goto(address)
            assert page.title()
        assert page.url == f"{host.address}padding/?a=b"
        host.start()


def test_without_a_network_pasted_code_runs(browser: Browser, host: Deployment) -> None:
    """The sandbox's frame and files are kept like the rest, and it is as closed as ever."""
    with reader(browser, host) as context:
        page = context.new_page()
        page.goto("your-model/")
        assert Model(page).write("source", GOOD, input="1, 6", entry="") == "current"
        kept(page, "frame.html")
        page.close()
        host.stop()

        page = context.new_page()
        page.goto("your-model/")
        model = Model(page)
        assert model.write("source", GOOD.replace("6, 5", "7, 5"), input="1, 7", entry="") == "current"
        assert model.parameters() == "52"
        assert page.evaluate("document.querySelector('iframe[title=Sandbox]').contentDocument") is None
        host.start()


def test_without_a_network_the_search_works_if_it_was_used(browser: Browser, host: Deployment) -> None:
    """Its index is kept with the first use."""
    with reader(browser, host, STOPPED) as context:
        page = context.new_page()
        page.goto("padding/")
        page.locator(".md-search__input").fill("dilation")
        expect(page.locator(".md-search-result__item").first).to_be_visible()
        kept(page, "search_index.json")
        page.close()
        host.stop()

        page = context.new_page()
        page.goto("padding/")
        page.locator(".md-search__input").fill("dilation")
        expect(page.locator(".md-search-result__item").first).to_be_visible()
        host.start()


def test_a_page_that_was_not_read_says_so_and_names_those_that_were(browser: Browser, host: Deployment) -> None:
    """Reached by the menu or by its address; it opens once the host answers."""
    with reader(browser, host, STOPPED) as context:
        page = context.new_page()
        read(page, "convolution/")
        host.stop()

        link = page.locator(".md-nav--primary a", has_text="Dense").first
        link.evaluate("link => link.click()")
        page.wait_for_url("**/offline/?page=dense%2F")
        note = page.locator(".sw-offline__absent")
        expect(note).to_contain_text("“Every network: Dense” is not on this device.")
        expect(page.locator(".sw-offline__pages a")).to_have_text(["Images: Convolution", "Reference: Offline use"])
        page.goto("padding/?a=b")
        expect(note).to_contain_text("“Images: Padding” is not on this device.")
        page.goto("no/such/page/")
        expect(note).to_contain_text("“no/such/page/” is not on this device.")
        page.go_back()

        host.start()
        note.get_by_role("link", name="Try again").click()
        expect(page.locator("h1")).to_contain_text("Padding")
        assert page.url == f"{host.address}padding/?a=b"


@pytest.mark.parametrize("wanted", ["javascript:alert(1)", "//elsewhere.example/", "<img src=x onerror=alert(1)>", "%"])
def test_the_page_in_the_place_of_another_leads_nowhere_else(browser: Browser, host: Deployment, wanted: str) -> None:
    """Whatever its address claims was wanted, the link stays within the site, and a text is a text."""
    with reader(browser, host) as context:
        page = context.new_page()
        page.goto("offline/")
        page.evaluate("wanted => { location.search = new URLSearchParams({ page: wanted }) }", wanted)
        link = page.get_by_role("link", name="Try again")

        assert link.evaluate("link => link.href").startswith(host.address)
        assert page.locator(".sw-offline img").count() == 0


def test_python_is_not_kept_before_it_is_used(browser: Browser, host: Deployment) -> None:
    """A reader who only reads pays for what was read."""
    with reader(browser, host) as context:
        context.add_init_script("Object.defineProperty(navigator, 'connection', { value: { saveData: true } })")
        page = context.new_page()
        read(page, "convolution/")

        assert [path for path in entries(page, host) if "pyodide" in path or "python" in path] == []


def test_a_damaged_file_is_fetched_anew(browser: Browser, host: Deployment) -> None:
    """What storage gives back is compared with what the build names, so a reader never sees it."""
    damage = """async () => {
        const cache = await caches.open((await caches.keys()).find(name => name.startsWith("shapewise ")));
        for (const key of await cache.keys()) {
            const kept = await cache.match(key);
            if (/html|css|javascript|wasm|octet-stream/.test(kept.headers.get("Content-Type"))) {
                const half = (await kept.blob()).slice(0, -100);
                await cache.put(key, new Response(half, { headers: kept.headers }));
            }
        }
    }"""
    with reader(browser, host) as context:
        page = context.new_page()
        read(page, "padding/")
        use_python(page)
        # Where its memory is kept, Python loads nothing at its next start that it did not load at this one.
        assert remembered(page, host)
        before = entries(page, host)
        large = [path for path in before if path.endswith("pyodide.asm.wasm")]
        page.evaluate(damage)
        # What a running worker has found right it does not look at again.
        session = context.new_cdp_session(page)
        session.send("ServiceWorker.enable")
        session.send("ServiceWorker.stopAllWorkers")
        host.asked.clear()

        page.goto("padding/")
        assert Calculator(page).type("padding", "1") == "current"
        use_python(page)
        assert {"padding/", *large} <= set(asked(host))
        host.asked.clear()
        page.goto("padding/")
        assert asked(host) == []
        assert entries(page, host).items() <= before.items()


def test_a_device_without_room_reads_on(browser: Browser, host: Deployment) -> None:
    """Where nothing more can be kept, the site is as it was without: no error, and the host is asked again."""
    with reader(browser, host) as context:
        page = context.new_page()
        session = context.new_cdp_session(page)
        origin = host.address.removesuffix(host.prefix)
        session.send("Storage.overrideQuotaForOrigin", {"origin": origin, "quotaSize": 1000})
        page.goto("padding/")
        page.wait_for_function("() => navigator.serviceWorker.controller !== null")
        page.goto("padding/")
        assert Calculator(page).type("padding", "1") == "current"
        assert "padding/" in asked(host)[1:]

        page.goto("offline/")
        page.get_by_role("button", name="Keep this site").click()
        expect(page.locator(".sw-offline [role=status]")).to_contain_text("There is not enough room")


@pytest.mark.parametrize(
    "forbidden",
    [
        "delete Navigator.prototype.serviceWorker",
        # An empty tab, which is no secure context, has none to begin with.
        "if (isSecureContext) ServiceWorkerContainer.prototype.register = async () => "
        "{ throw new DOMException('no', 'SecurityError') }",
    ],
    ids=["unknown", "refused"],
)
def test_where_nothing_may_be_kept_the_site_is_as_before(browser: Browser, host: Deployment, forbidden: str) -> None:
    """No error, no notice; the page on offline use says that this browser keeps nothing."""
    with reader(browser, host) as context:
        context.add_init_script(forbidden)
        page = context.new_page()
        page.goto("padding/")
        assert Calculator(page).type("padding", "1") == "current"
        go(page, "offline/", host.address)
        expect(page.locator(".sw-offline")).to_contain_text("This browser keeps no pages of this site here")


def test_a_site_at_the_root_of_its_host_is_kept_too(
    browser: Browser, site: Site, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Nothing depends on the path that the site is published under."""
    with deployed(site, tmp_path_factory.mktemp("root"), "/") as host, reader(browser, host) as context:
        page = context.new_page()
        read(page, "")
        read(page, "convolution/")
        use_python(page)
        host.stop()
        page.goto("convolution/")
        assert started(page)
        assert Calculator(page).type("padding", "1") == "current"
        go(page, "", host.address)
        host.start()
