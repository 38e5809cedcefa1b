"""One opening of a page under a profile: when what is right was painted, what went over the line, what blocked."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from site_tests.bench.competitors import Competitor
from site_tests.bench.devtools import PATIENCE, Chromium, Json
from site_tests.bench.profiles import Profile
from site_tests.bench.question import BAKED, CONTROL, Question

PROBE = Path(__file__).parent / "probe.js"
IMPATIENCE = 10
"""Milliseconds after which an edit that nobody has heard is made again."""

QUIET = 6.0
"""Seconds without a request after which a page has come to rest; longer than Python's memory waits to be kept."""

REST = 60.0
"""Seconds that a page is given for that."""

STORED = """
(async () => {
  const names = "caches" in globalThis ? await caches.keys() : [];
  const entries = await Promise.all(names.map(async (name) => (await (await caches.open(name)).keys()).length));
  return JSON.stringify([names, entries]);
})()
"""


@dataclass(frozen=True)
class Seen:
    """What was found out, times in milliseconds from the start of the navigation."""

    painted: float
    """When the frame with the right numbers had been made."""
    edited: float | None
    """When the edit was made first."""
    tries: int
    """How often it had to be made until somebody heard it."""


@dataclass
class Line:
    """Everything that went over the line for a tab, its workers and service workers."""

    lengths: dict[str, float] = field(default_factory=dict)
    """Bytes by address, as encoded, with headers."""
    at_work: set[str] = field(default_factory=set)
    """Requests without an end. A worker's script is asked for by the page and ends in the worker, under one number."""
    last: float = field(default_factory=time.monotonic)

    @property
    def total(self) -> float:
        """All bytes."""
        return sum(self.lengths.values())


class Tab:
    """A tab whose page is watched from its first byte; workers start when they are watched too."""

    def __init__(self, browser: Chromium, profile: Profile, width: int = 1280, height: int = 800) -> None:
        self.browser = browser
        self.line = Line()
        self.answers: list[Json] = []
        self._addresses: dict[str, str] = {}
        self._counted: set[str] = set()
        self._target = browser.call("Target.createTarget", url="about:blank")["targetId"]
        self.session: str = browser.call("Target.attachToTarget", targetId=self._target, flatten=True)["sessionId"]
        self._sessions = {self.session}
        for event, listener in {
            "Target.attachedToTarget": self._attached,
            "Network.requestWillBeSent": self._asked,
            "Network.responseReceived": self._began,
            "Network.loadingFinished": self._ended,
            "Network.loadingFailed": self._ended,
            "Runtime.bindingCalled": self._said,
        }.items():
            browser.on(event, listener)
        watch(browser, self.session)
        for method in ("Page.enable", "Runtime.enable"):
            browser.call(method, self.session)
        browser.call("Runtime.addBinding", self.session, name="bench")
        browser.call(
            "Emulation.setDeviceMetricsOverride",
            self.session,
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=False,
        )
        browser.call("Network.emulateNetworkConditions", self.session, **profile.network())
        browser.call("Emulation.setCPUThrottlingRate", self.session, rate=profile.slower)

    def go(self, address: str, plan: Json | None = None) -> None:
        """Open a page, with the probe in it where there is a plan."""
        if plan is not None:
            source = f"globalThis.benchPlan = {json.dumps(plan)};\n{PROBE.read_text()}"
            self.browser.call("Page.addScriptToEvaluateOnNewDocument", self.session, source=source)
        self.browser.call("Page.navigate", self.session, url=address)

    def evaluate(self, expression: str) -> Any:
        """The value of an expression in the page."""
        done = self.browser.call(
            "Runtime.evaluate", self.session, expression=expression, awaitPromise=True, returnByValue=True
        )
        if "exceptionDetails" in done:
            raise RuntimeError(done["exceptionDetails"].get("exception", {}).get("description", "failed in the page"))
        return done["result"].get("value")

    def seen(self) -> Seen:
        """Wait until the probe has seen what is right."""
        said = self.browser.wait(lambda: self.answers and self.answers[0], PATIENCE, "the right numbers in the page")
        return Seen(said["painted"], said["editedAt"], said["tries"])

    def rest(self) -> None:
        """Wait until nothing is fetched and nothing stored any more; then whatever the page does at idle is done."""
        end = time.monotonic() + REST
        stored, since = "", time.monotonic()
        while time.monotonic() < end:
            self.browser.listen(0.25)
            if (now := self.evaluate(STORED)) != stored:
                stored, since = now, time.monotonic()
            if not self.line.at_work and time.monotonic() - max(self.line.last, since) > QUIET:
                return

    def close(self) -> None:
        """Leave the page."""
        self.browser.call("Target.closeTarget", targetId=self._target)
        self.browser.listen(0.1)

    # ------------------------------------------------------------------------------------------- Watching

    def _attached(self, params: Json, parent: str) -> None:
        session = params["sessionId"]
        if parent not in self._sessions or session == self.session:
            return
        self._sessions.add(session)
        watch(self.browser, session)

    def _hears(self, session: str) -> bool:
        return session in self._sessions or session in self.browser.services

    def _asked(self, params: Json, session: str) -> None:
        address = params["request"]["url"]
        if self._hears(session) and address.startswith("http"):
            self._addresses[params["requestId"]] = address
            self.line.at_work.add(params["requestId"])
            self.line.last = time.monotonic()

    def _began(self, params: Json, session: str) -> None:
        if self._hears(session) and params["response"]["url"].startswith("http"):
            self._addresses[params["requestId"]] = params["response"]["url"]

    def _ended(self, params: Json, session: str) -> None:
        number = params["requestId"]
        self.line.at_work.discard(number)
        if number not in self._addresses or number in self._counted:
            return  # a service worker is heard of twice, by the browser's session and by its page's
        self._counted.add(number)
        self.line.last = time.monotonic()
        address = self._addresses[number]
        self.line.lengths[address] = self.line.lengths.get(address, 0) + params.get("encodedDataLength", 0)

    def _said(self, params: Json, session: str) -> None:
        if session == self.session and params["name"] == "bench":
            self.answers.append(json.loads(params["payload"]))


def watch(browser: Chromium, session: str) -> None:
    """Hear of a session's requests and of what it starts, and let it start if it waits for that."""
    browser.send("Network.enable", session)
    browser.send("Target.setAutoAttach", session, autoAttach=True, waitForDebuggerOnStart=True, flatten=True)
    browser.send("Runtime.runIfWaitingForDebugger", session)


@contextmanager
def profile_of_its_own(program: str, *flags: str) -> Iterator[Chromium]:
    """A browser that has never been anywhere, warmed up by an empty page."""
    with Chromium(program, *flags) as browser:

        def attached(params: Json, parent: str) -> None:
            if not parent and params["targetInfo"]["type"] == "service_worker":
                browser.services.add(params["sessionId"])
                watch(browser, params["sessionId"])

        browser.on("Target.attachedToTarget", attached)
        browser.call(
            "Target.setAutoAttach",
            autoAttach=True,
            waitForDebuggerOnStart=True,
            flatten=True,
            filter=[{"type": "service_worker"}],
        )
        browser.listen(0.5)
        yield browser


def plan(competitor: Competitor, asked: Question, by_python: bool = False) -> Json:
    """What the probe looks for in a page, and the edit that leads there from the page as it is opened."""
    edit = None if asked == BAKED else {"name": CONTROL, "value": getattr(asked, CONTROL)}
    return {
        "within": competitor.within,
        "facts": asked.facts(),
        "formula": asked.last(competitor.thousands),
        "edit": edit,
        "state": competitor.by_python if by_python else "",
        "patience": IMPATIENCE,
    }
