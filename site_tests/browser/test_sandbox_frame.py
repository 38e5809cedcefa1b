"""The frame of the sandbox holds against any script in it, not only against what Python can make."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from site_tests.browser.escape import Elsewhere, elsewhere, escaping, framed, outside
from site_tests.browser.keeping import kept, reader
from site_tests.browser.served import Site
from site_tests.browser.watch import Watch

LISTENING = """() => {
    globalThis.channel = new BroadcastChannel("pages");
    channel.onmessage = () => channel.postMessage("here");
}"""
REFUSED = (r"\?try=", "Content Security Policy", "violates")


@pytest.fixture(scope="module")
def other() -> Iterator[Elsewhere]:
    """Another host."""
    with elsewhere() as other:
        yield other


def tried(asked: list[str]) -> list[str]:
    """The requests of the scripts that try to get out."""
    return [path for path in asked if "?try=" in path]


def got_out(heard: dict[str, str]) -> list[str]:
    """The tries that succeeded, of all that there are."""
    outcomes = json.loads(heard["text"])
    assert len(outcomes) == 54
    return [name for name, outcome in outcomes.items() if outcome == "reached"]


def addresses(site: Site, other: Elsewhere) -> dict[str, str]:
    """Where they try to get: the site itself, and another host."""
    return {"site": f"{site.address}assets/logo.svg?try=", "elsewhere": f"{other.address}?try="}


def test_no_script_in_the_frame_reaches_anything(page: Page, watch: Watch, site: Site, other: Elsewhere) -> None:
    """No request arrives anywhere, and neither storage nor page can be touched, whatever is tried."""
    watch.allow(*REFUSED)
    page.goto("counting/")
    page.evaluate(LISTENING)
    before = len(tried(site.asked)), len(other.asked)

    [heard] = framed(page, f"{site.own}sandbox/frame.html", escaping(**addresses(site, other)))

    assert got_out(heard) == []
    assert (len(tried(site.asked)), len(other.asked)) == before


def test_no_script_in_the_kept_frame_reaches_anything(browser: Browser, site: Site, other: Elsewhere) -> None:
    """Where the site is kept, the page leaves the frame its origin, and the service worker's policy takes it away."""
    with reader(browser, site, *REFUSED) as context:
        page = context.new_page()
        page.goto("counting/")
        kept(page)
        page.goto("counting/")
        assert page.evaluate("navigator.serviceWorker.controller !== null")
        page.evaluate(LISTENING)
        before = len(tried(site.asked)), len(other.asked)
        frame = f"{site.own}sandbox/frame.html"

        [heard] = framed(page, frame, escaping(**addresses(site, other)), sandbox="allow-scripts allow-same-origin")

        assert got_out(heard) == []
        assert (len(tried(site.asked)), len(other.asked)) == before


def test_the_same_script_outside_reaches_what_it_tries(unsealed: Page, site: Site, other: Elsewhere) -> None:
    """In a worker of a page without a policy the tries succeed, and both servers notice: the test above can fail."""
    unsealed.evaluate(LISTENING)
    before = len(other.asked)

    outcomes = json.loads(outside(unsealed, escaping(**addresses(site, other)))["text"])

    reached = {name for name, outcome in outcomes.items() if outcome == "reached"}
    for name in ("fetch", "fetch, opaque", "XMLHttpRequest", "importScripts", "import", "nested worker of its own"):
        assert f"{name}, elsewhere" in reached, outcomes
    assert {"import, hidden in data, elsewhere", "worker of data, elsewhere", "a word to the pages"} <= reached, (
        outcomes
    )
    assert {"indexedDB", "caches", "locks", "eval", "Function", "fetch, site", "XMLHttpRequest, site"} <= reached
    assert len(tried(site.asked)) >= 8
    assert len(other.asked) >= before + 8


def test_without_the_sandbox_the_frame_runs_nothing(page: Page, watch: Watch, site: Site) -> None:
    """Framed by somebody who leaves the sandbox out, so that it shares the site's origin, the frame stays deaf."""
    page.goto("counting/")
    script = "postMessage({ number: 'ready', text: origin, kind: 'ready' })"
    frame = f"{site.own}sandbox/frame.html"

    assert framed(page, frame, script) == [{"number": "ready", "text": "null", "kind": "ready"}]
    assert framed(page, frame, script, sandbox="", patience=2_000) == []


WRONG = {
    "a forged number": "{ number: 7, text: 'x', kind: 'answer' }",
    "an object for text": "{ number: 'ready', text: { toString: 1 }, kind: 'ready' }",
    "no kind": "{ number: 'ready', text: '' }",
    "nothing": "null",
    "too much": "{ number: 'ready', text: 'x'.repeat(1_000_001), kind: 'ready' }",
}


@pytest.mark.parametrize("message", WRONG.values(), ids=WRONG)
def test_a_message_of_the_wrong_form_ends_the_worker(page: Page, watch: Watch, site: Site, message: str) -> None:
    """The page hears of it once; the flood that follows stays in the frame."""
    page.goto("counting/")
    script = f"for (let i = 0; i < 20_000; i++) postMessage({message}); for (;;) postMessage({message});"
    if message == WRONG["too much"]:
        script = f"postMessage({message}); for (;;);"

    heard = framed(page, f"{site.own}sandbox/frame.html", script)

    assert heard == [{"failed": "a message of the wrong form came out of the sandbox"}]


def test_a_second_answer_ends_the_worker(page: Page, watch: Watch, site: Site) -> None:
    """One answer passes for each question; another one is a forgery, whatever it says."""
    page.goto("counting/")
    answer = {"number": "ready", "text": "", "kind": "ready"}
    script = f"for (;;) postMessage({json.dumps(answer)})"

    heard = framed(page, f"{site.own}sandbox/frame.html", script)

    assert heard == [answer, {"failed": "a message of the wrong form came out of the sandbox"}]
