"""Pasted code that does not end, eats memory or says too much: stopped in time, and the next code is answered."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from site_tests.browser.model import ENDLESS, GOOD, STOPPED, Model, opened
from site_tests.browser.served import Site
from site_tests.browser.unbreakable import PROVOKED, visit

ENDLESS_IN_ITS_REPR = """
class Endless:
    def __repr__(self):
        while True:
            pass

raise ValueError(Endless())
"""
FOREVER = {
    "prints": "while True:\n    print('x' * 10 ** 5)\n",
    "endless in its repr": ENDLESS_IN_ITS_REPR,
    "endless at its end": GOOD + "\nimport atexit\n\nclass Last:\n    def __del__(self):\n        while True:\n"
    "            pass\n\nlast = Last()\ndel last\n",
}
REFUSED = {
    # what needs no stopping is a sentence beside the field at fault, at once
    "recursion": ("def deeper():\n    return deeper()\n\ndeeper()\n", "the model calls itself without end"),
    "threads": ("import threading\n\nthreading.Thread(target=print).start()\n", "threading.Thread is not at hand"),
    "10 GB": ("held = bytearray(10 ** 10)\n", "OverflowError|MemoryError"),
    "exit": ("import sys\n\nsys.exit()\n", "the source defines no model"),
    "sleeps": ("import time\n\ntime.sleep(10 ** 6)\n", "the source defines no model"),
}
UNLIMITED = "import sys\n\nsys.setrecursionlimit(10 ** 9)\n"
TOO_MUCH = {
    "many modules": "import torch.nn as nn\n\nmodel = nn.Sequential(*[nn.ReLU() for _ in range(10 ** 7)])\n",
    "a long message": "raise ValueError('x' * 3 * 10 ** 7)\n",
    "deep frames": UNLIMITED + "def deeper(x):\n    return [deeper(x)]\n\ndeeper(1)\n",
    "deep in C": UNLIMITED + "x = []\nfor _ in range(10 ** 6):\n    x = [x]\nrepr(x)\n",
}


@pytest.fixture(scope="module")
def pasted(browser: Browser, site: Site) -> Iterator[Page]:
    """One tab for all, on a clock of its own: ten seconds need not be waited for."""
    with visit(browser, site, "", *PROVOKED) as page:
        page.clock.install()
        yield page


def run(page: Page, source: str) -> Model:
    """Honest code answered, then this code put in and run."""
    if page.url == "about:blank":
        opened(page)
        Model(page).write("source", GOOD, input="1, 6", entry="")
    model = Model(page)
    assert model.type("source", f"{GOOD}# again\n") == "current"
    model.forget()
    model.field("source").fill(source)
    model.button("run").click()
    return model


def recovers(model: Model, source: str, before: dict[str, str]) -> None:
    """What was typed is there, what is shown is from before and says so, and honest code is answered next."""
    assert model.fields()["source"] == source
    assert model.panels() == before
    assert model.waiting() == set(before)
    assert model.type("source", GOOD) == "current"
    assert model.parameters() == "47"
    assert model.waiting() == set()


@pytest.mark.parametrize("source", FOREVER.values(), ids=FOREVER)
def test_code_that_does_not_end(pasted: Page, source: str) -> None:
    """When its budget is used up it is stopped, whatever it is doing."""
    model = run(pasted, source)
    before = model.panels()
    expect(model.root.locator(".calc-status")).to_have_text("Running…")
    assert model.waiting() == set(before)

    pasted.clock.run_for(12_000)

    assert model.answered() == "failed"
    assert STOPPED.match(model.status)
    recovers(model, source, before)


@pytest.mark.parametrize(("source", "reason"), REFUSED.values(), ids=REFUSED)
def test_code_that_python_refuses(pasted: Page, source: str, reason: str) -> None:
    """It is an error like any other, in a sentence beside the code."""
    model = run(pasted, source)
    before = model.panels()

    assert model.answered() == "stale"

    assert re.search(reason, " ".join(model.errors().values()))
    recovers(model, source, before)


@pytest.mark.parametrize("source", TOO_MUCH.values(), ids=TOO_MUCH)
def test_code_that_is_too_much(pasted: Page, source: str) -> None:
    """Refused, out of memory, out of time or broken, as it comes: it has a sentence and an end."""
    model = run(pasted, source)
    before = model.panels()
    pasted.wait_for_timeout(1000)
    pasted.clock.run_for(12_000)

    assert model.answered() in ("stale", "failed")

    assert model.status != ""
    recovers(model, source, before)


# The budget counts from when the interpreter is there, in ticks: see countdown.js.
TIMED = """
const plain = setInterval;
window.setInterval = (act, every, ...given) => {
    if (every === 250) window.since = performance.now();
    return plain(act, every, ...given);
};
"""


def test_the_budget_is_ten_seconds(browser: Browser, site: Site) -> None:
    """On a true clock an endless loop is ended within two seconds of its budget, and an interpreter is there again."""
    with visit(browser, site, TIMED) as page:
        model = run(page, ENDLESS)
        expect(model.root.locator(".calc-status")).to_have_text("Running…")
        took = model.root.evaluate(
            """widget => new Promise(resolve => {
                new MutationObserver(() => {
                    if (widget.dataset.state === "failed") resolve(performance.now() - window.since);
                }).observe(widget, { attributeFilter: ["data-state"] });
            })"""
        )

        assert 10_000 <= took <= 12_000
        assert STOPPED.match(model.status)
        assert model.write("source", GOOD) == "current"
