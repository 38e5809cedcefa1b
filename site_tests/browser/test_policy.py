"""The pages' policy in a browser: it refuses what it should, and nothing that a reader does runs into it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from site_tests.browser.calculator import Calculator
from site_tests.browser.escape import Elsewhere, elsewhere
from site_tests.browser.model import GOOD, opened
from site_tests.browser.served import PAGES, Site
from site_tests.browser.waiting import PATIENCE, arrived, go
from site_tests.browser.watch import Watch

NOTED = """
    globalThis.violations = [];
    addEventListener("securitypolicyviolation", ({ effectiveDirective, blockedURI, disposition }) =>
        violations.push(`${effectiveDirective} ${blockedURI} ${disposition}`));
"""


@pytest.fixture(scope="module")
def other() -> Iterator[Elsewhere]:
    """Another host."""
    with elsewhere() as other:
        yield other


@pytest.fixture(params=["meta", "headers"])
def sealed(request: pytest.FixtureRequest, browser: Browser, site: Site) -> Iterator[BrowserContext]:
    """A fresh profile that notes violations, on a host that sends no headers and on one that sends `_headers`."""
    if request.param == "headers":
        site.headers.read(site.folder / "_headers")
    context = browser.new_context(base_url=site.address, viewport={"width": 1280, "height": 800})
    context.set_default_timeout(PATIENCE)
    context.grant_permissions(["clipboard-read", "clipboard-write"], origin=site.address)
    context.add_init_script(NOTED)
    yield context
    context.close()
    site.headers.clear()


@pytest.fixture
def reader(sealed: BrowserContext, site: Site) -> Iterator[Page]:
    """A tab in whose pages nothing may be refused, go wrong, or be asked of another host."""
    watch = Watch(site.address)
    watch.start(sealed)
    page = sealed.new_page()
    yield page
    assert page.evaluate("violations") == []
    assert sealed.cookies() == []
    page.close()

    assert watch.unexpected() == []
    asked = [url for url in watch.requests if not url.startswith("blob:")]
    assert len(asked) > 20
    assert [url for url in asked if not url.startswith(site.address)] == []


@pytest.mark.parametrize("sealed", ["headers"], indirect=True)  # the other is what all other tests read pages from
def test_every_page_opens(reader: Page, site: Site) -> None:
    """Each by its own address, in both colours, with its calculators ready."""
    for address in PAGES:
        reader.emulate_media(color_scheme="dark" if len(address) % 2 else "light")
        answer = reader.goto(address)
        assert answer
        assert answer.ok
        for form in reader.locator("calc-widget form").all():
            expect(form.locator("fieldset").first).to_be_enabled()
        assert reader.evaluate("violations") == [], address


def test_an_unknown_address_opens(sealed: BrowserContext) -> None:
    """The page of what is not there has the policy too."""
    page = sealed.new_page()
    page.goto("no/such/page/")

    assert page.locator('meta[http-equiv="Content-Security-Policy"]').count() == 1
    expect(page.locator("h1")).to_contain_text("404")
    assert page.evaluate("violations") == []


def test_what_a_reader_does_on_pages(reader: Page, site: Site) -> None:
    """Python, stepping, links, colours, search, the site's menu, paper.

    Where headers are sent, the worker has a policy of its own: Pyodide does without `eval`.
    """
    reader.goto("convolution/")
    calculator = Calculator(reader)
    assert calculator.type("kernel_size", "7") == "current"
    assert calculator.panels() == calculator.expected()
    assert "kernel_size=7" in calculator.copied(calculator.button("link"))
    for _ in range(3):
        reader.locator("label[for^=__palette]:visible").click()

    reader.keyboard.press("/")
    reader.keyboard.type("stride")
    found = reader.locator('.md-search-result__link[href*="h=stride"]').first
    expect(found).to_be_visible()
    before = reader.locator("[data-md-component=container]").element_handle()
    address = found.get_attribute("href") or ""
    found.click()
    arrived(reader, address.split("?")[0].split("#")[0], before)
    expect(reader.locator("mark[data-md-highlight]").first).to_be_attached()

    go(reader, "masks/", site.address)
    reader.locator('[data-go="next"]').first.click()
    go(reader, "api/", site.address)
    go(reader, "evidence/", site.address)
    reader.emulate_media(media="print")


def test_what_a_reader_does_with_a_model(reader: Page) -> None:
    """The editor, a run in the sandbox, copies as text, files of every form, a picture among them."""
    model = opened(reader)
    assert model.write("source", GOOD, input="1, 6", entry="") == "current"
    assert model.parameters() == "47"
    forms = model.root.locator(".calc-copies select")
    for form in forms.evaluate("select => [...select.options].map(each => each.value)"):
        forms.select_option(form)
        with reader.expect_download() as download:
            model.button("download").click()
        assert download.value.path().stat().st_size > 10, form
    forms.select_option("markdown")
    assert "Linear" in model.copied(model.button("copy-as"))


HERE = {
    "inline script": ("script-src-elem inline", "add('script', { text: 'hit = 1' })"),
    "handler": ("script-src-attr inline", "const b = add('b'); b.setAttribute('onclick', 'hit = 1'); b.click()"),
    "address that runs": ("script-src-elem inline", "add('a', { href: 'javascript:hit = 1' }).click()"),
    "eval": ("script-src eval", "(0, eval)('hit = 1')"),
    "Function": ("script-src eval", "new Function('hit = 1')()"),
    "timer with text": ("script-src eval", "setTimeout('hit = 1')"),
    "style": ("style-src-elem inline", "add('style', { textContent: 'body { outline-offset: 7px }' })"),
    "worker of a blob": (
        "worker-src blob",
        "new Worker(URL.createObjectURL(new Blob(['postMessage(1)']))).onmessage = () => { hit = 1 }",
    ),
    "worker of data": (
        "worker-src data",
        "new Worker('data:text/javascript,postMessage(1)').onmessage = () => { hit = 1 }",
    ),
    "frame with its page": (
        "script-src-elem inline",
        "add('iframe', { srcdoc: '<script>parent.hit = 1<\\/script>' })",
    ),
}
"""What would run here: the violation that it is, and the code."""

ELSEWHERE = {
    "script": ("script-src-elem", "add('script', { src: OTHER })"),
    "import": ("script-src-elem", "import(OTHER).catch(() => {})"),
    "style sheet": ("style-src-elem", "add('link', { rel: 'stylesheet', href: OTHER })"),
    "fetch": ("connect-src", "fetch(OTHER).catch(() => {})"),
    "beacon": ("connect-src", "navigator.sendBeacon(OTHER, 'x')"),
    "events": ("connect-src", "new EventSource(OTHER)"),
    "socket": ("connect-src", "new WebSocket(OTHER.replace('http', 'ws'))"),
    "picture": ("img-src", "add('img', { src: OTHER })"),
    "font": ("font-src", "new FontFace('x', `url(${OTHER})`).load().catch(() => {})"),
    "film": ("media-src", "add('audio', { src: OTHER, preload: 'auto' }).load()"),
    "frame": ("frame-src", "add('iframe', { src: OTHER })"),
    "object": ("object-src", "add('object', { data: OTHER })"),
    "form": ("form-action", "add('form', { action: OTHER }).submit()"),
}
"""What would ask another host: the directive that is violated, and the code."""

# What is evaluated from outside may evaluate text itself; what a timer calls later may not.
TRY = """other => new Promise(done => setTimeout(() => {
    const OTHER = other;
    const add = (name, given = {}) => {
        const element = Object.assign(document.createElement(name), given);
        document.body.append(element);
        return element;
    };
    const within = () => [...document.querySelectorAll("iframe[srcdoc]")].map(each => each.contentWindow.violations);
    globalThis.violations = [];
    globalThis.hit = 0;
    const styled = () => getComputedStyle(document.body).outlineOffset === "7px";
    setTimeout(() => done([hit || styled() ? 1 : 0, [violations, ...within()].flat()]), 500);
    try { CODE } catch {}
}))"""


def test_what_is_injected_is_refused(sealed: BrowserContext, other: Elsewhere) -> None:
    """Refused and reported under the directive that refuses it; nothing runs, and no other host hears of it."""
    page = sealed.new_page()
    page.goto("counting/")
    before = len(other.asked)

    here = {name: page.evaluate(TRY.replace("CODE", code), other.address) for name, (_, code) in HERE.items()}
    away = {name: page.evaluate(TRY.replace("CODE", code), other.address) for name, (_, code) in ELSEWHERE.items()}

    assert {name: hit for name, (hit, _) in {**here, **away}.items() if hit} == {}
    assert {name: found[:1] for name, (_, found) in here.items()} == {
        name: [f"{violation} enforce"] for name, (violation, _) in HERE.items()
    }
    assert {name: [each.split()[0] for each in found[:1]] for name, (_, found) in away.items()} == {
        name: [directive] for name, (directive, _) in ELSEWHERE.items()
    }
    assert len(other.asked) == before


@pytest.mark.parametrize("tried", [*HERE, *ELSEWHERE])
def test_without_the_policy_it_would_happen(unsealed: Page, other: Elsewhere, tried: str) -> None:
    """The same code runs, or asks the other host, where the policy is not heeded: the test above can fail."""
    _, code = {**HERE, **ELSEWHERE}[tried]
    before = len(other.asked)
    run = TRY.replace("CODE", code).replace("violations, ...within()", "")

    if tried in HERE:
        assert unsealed.evaluate(run, other.address)[0] == 1
    else:
        unsealed.evaluate(f"other => {{ ({run})(other) }}", other.address)
        for _ in range(100):
            if len(other.asked) > before:
                break
            unsealed.wait_for_timeout(50)
        assert len(other.asked) > before
    if tried == "form":  # it takes the page along; a browser that is told to close on the way may never have closed
        unsealed.wait_for_url(f"{other.address}**")


def test_the_base_of_addresses_stays(sealed: BrowserContext, unsealed: Page, other: Elsewhere) -> None:
    """A base element would turn each script's address into another host's."""
    page = sealed.new_page()
    page.goto("counting/")
    add = """other => {
        document.head.append(Object.assign(document.createElement("base"), { href: other }));
        return document.baseURI;
    }"""

    assert page.evaluate(add, other.address) == page.url
    assert unsealed.evaluate(add, other.address) == other.address


FRAMED = """address => new Promise(done => {
    const frame = document.createElement("iframe");
    frame.onload = () => setTimeout(() => done(frame.contentWindow.length), 300);
    frame.src = address;
    document.body.append(frame);
})"""


def said_when_framed(browser: Browser, site: Site, other: Elsewhere) -> str:
    """The console of another site's page that has one of ours in a frame."""
    said: list[str] = []
    with browser.new_context() as context:
        page = context.new_page()
        page.on("console", lambda message: said.append(message.text))
        page.goto(other.address)
        page.evaluate(FRAMED, f"{site.address}counting/")
        page.title()
    return "\n".join(said)


def test_nobody_else_can_frame_a_page(browser: Browser, site: Site, other: Elsewhere) -> None:
    """With headers, a page in another site's frame is refused; without them it is shown."""
    without = said_when_framed(browser, site, other)
    site.headers.read(site.folder / "_headers")
    refused = said_when_framed(browser, site, other)
    site.headers.clear()

    assert "frame-ancestors" not in without
    assert "frame-ancestors 'self'" in refused


def test_what_is_kept_has_the_policy(browser: Browser, site: Site) -> None:
    """A page that the service worker gives without a network refuses what it refused before."""
    with browser.new_context(base_url=site.address, service_workers="allow") as context:
        context.set_default_timeout(PATIENCE)
        context.add_init_script(NOTED)
        page = context.new_page()
        page.goto("counting/")
        page.evaluate("navigator.serviceWorker.ready.then(() => true)")
        page.reload()
        page.wait_for_function("() => navigator.serviceWorker.controller")
        page.wait_for_function(
            "address => caches.match(address, { ignoreSearch: true }).then(Boolean)",
            arg=f"{site.address}counting/index.html",
        )
        context.set_offline(True)
        page.reload()

        assert page.evaluate("violations") == []
        tried = page.evaluate(TRY.replace("CODE", HERE["inline script"][1]), "")
        assert tried == [0, ["script-src-elem inline enforce"]]
