"""A worker that dies, breaks or does not answer: asked once more or ended in time, and not in the way of the next."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect

from site_tests.browser.calculator import Calculator
from site_tests.browser.faults import followed_by
from site_tests.browser.served import Site
from site_tests.browser.unbreakable import PROVOKED, alone, interpreters, status, visit

PAGE = "convolution/"
SABOTAGE = """
const honest = onmessage, post = postMessage;
const there = new Promise((resolve) => {{
    self.postMessage = (said) => {{
        post(said);
        if (said.ready) resolve();
    }};
}});
onmessage = async (event) => {{
    if (!event.data.question.includes('"reflect"')) return honest(event);
    await there;
    {deed}
}};
"""
"""What happens when a calculator asks about reflecting padding, and Python is there."""

STILLBORN = """
const post = postMessage;
self.postMessage = (said) => {
    if (!said.life) return;
    post(said);
    setTimeout(close, 100);
};
"""
"""It says that it lives and no more, since on a busy machine Python may be there sooner than its end."""
DIES = SABOTAGE.format(deed="close();")
ENDLESS = SABOTAGE.format(deed="for (;;);")
THROWS = SABOTAGE.format(deed="setTimeout(() => { throw new Error('out of order'); });")
BREAKS = SABOTAGE.format(
    deed="postMessage({ number: event.data.number, fault: 'Pyodide already fatally failed', fatal: true });"
)
RAISES = SABOTAGE.format(deed="postMessage({ number: event.data.number, fault: 'ValueError: too large' });")
NOT_LOADED = "Python could not be loaded. The results below are from before."
GONE = "Python stopped without an answer. The results below are from before."


def asked(page: Page) -> Calculator:
    """The page's calculator, answered by Python once."""
    page.goto(PAGE)
    calculator = Calculator(page)
    assert calculator.type("padding_mode", "circular") == "current"
    return calculator


def recovers(calculator: Calculator) -> None:
    """The next edit is answered, by one worker."""
    assert calculator.type("padding_mode", "replicate") == "current"
    assert calculator.panels() == calculator.expected()
    assert calculator.waiting() == set()
    alone(calculator.page)


@pytest.mark.parametrize("script", [DIES, THROWS, BREAKS], ids=["dies", "throws", "breaks"])
def test_a_worker_that_is_gone_in_the_middle_of_an_answer(browser: Browser, site: Site, script: str) -> None:
    """The question is asked once more, of a fresh worker: the reader sees nothing but the answer."""
    with visit(browser, site, "", *PROVOKED, "out of order") as page:
        site.faults.play(r"/worker\.js", followed_by(script))
        calculator = asked(page)
        [before] = interpreters(page)
        site.faults.clear()

        assert calculator.type("padding_mode", "reflect") == "current"

        assert calculator.panels() == calculator.expected()
        assert status(calculator) == ""
        alone(page)
        assert interpreters(page) != [before]


@pytest.mark.parametrize("script", [DIES, THROWS, BREAKS], ids=["dies", "throws", "breaks"])
def test_a_question_that_ends_every_worker(browser: Browser, site: Site, script: str) -> None:
    """Asked twice in vain, it is given up with a sentence; what is shown is marked, and the next one is answered."""
    with visit(browser, site, "", *PROVOKED, "out of order") as page:
        site.faults.play(r"/worker\.js", followed_by(script))
        calculator = asked(page)
        before = calculator.panels()

        assert calculator.type("padding_mode", "reflect") == "failed"

        assert status(calculator) == GONE
        assert calculator.panels() == before
        assert calculator.waiting() == set(before)
        recovers(calculator)


def test_a_worker_that_is_gone_before_python_is_there(browser: Browser, site: Site) -> None:
    """Nobody waits for it: the page says so at once, and is answered when it asks again."""
    with visit(browser, site, "", *PROVOKED) as page:
        site.faults.play(r"/worker\.js", followed_by(STILLBORN))
        page.goto(PAGE)
        calculator = Calculator(page)

        assert calculator.type("padding_mode", "reflect") == "failed"

        assert status(calculator) == NOT_LOADED
        site.faults.clear()
        recovers(calculator)


def test_an_exception_in_python_costs_no_start(browser: Browser, site: Site) -> None:
    """Python says what went wrong and goes on: a sentence, and the same worker answers the next question."""
    with visit(browser, site, "", *PROVOKED) as page:
        site.faults.play(r"/worker\.js", followed_by(RAISES))
        calculator = asked(page)
        before = interpreters(page)

        assert calculator.type("padding_mode", "reflect") == "failed"

        assert status(calculator) == "Python found no answer. The results below are from before."
        recovers(calculator)
        assert interpreters(page) == before


def test_an_answer_that_never_comes_is_ended(browser: Browser, site: Site) -> None:
    """Within two seconds of its budget: a sentence says so, what was typed is there, and the next edit is answered."""
    with visit(browser, site, "", *PROVOKED) as page:
        site.faults.play(r"/worker\.js", followed_by(ENDLESS))
        calculator = asked(page)
        before = calculator.panels()
        calculator.root.evaluate(
            """widget => {
                const since = performance.now();
                new MutationObserver(() => {
                    if (widget.dataset.state === "failed") window.took = performance.now() - since;
                }).observe(widget, { attributeFilter: ["data-state"] });
            }"""
        )

        calculator.field("padding_mode").select_option("reflect")
        expect(calculator.root.locator(".calc-status")).to_have_text("Computing…")
        assert calculator.waiting() == set(before)

        expect(calculator.root).to_have_attribute("data-state", "failed")
        assert 10_000 <= page.evaluate("took") <= 12_000
        assert status(calculator) == (
            "Python was stopped: it gave no answer within 10 seconds. The results below are from before."
        )
        assert calculator.panels() == before
        assert calculator.field("padding_mode").input_value() == "reflect"
        site.faults.clear()
        calculator.root.locator(".calc-again").click()
        expect(calculator.root).to_have_attribute("data-state", "current")
        assert calculator.panels() == calculator.expected()
        recovers(calculator)


def test_one_endless_answer_holds_up_the_others_once(browser: Browser, site: Site) -> None:
    """Another calculator of the page, asked meanwhile, is answered as soon as a fresh worker is there."""
    with visit(browser, site, "", *PROVOKED) as page:
        page.clock.install()
        site.faults.play(r"/worker\.js", followed_by(ENDLESS))
        calculator = asked(page)
        other = Calculator(page, "conv1d")
        other.root.evaluate("widget => { widget.closest('details').open = true; }")
        calculator.field("padding_mode").select_option("reflect")
        expect(calculator.root.locator(".calc-status")).to_have_text("Computing…")
        other.field("padding_mode").select_option("circular")
        expect(other.root.locator(".calc-status")).to_have_text("Computing…")

        page.clock.run_for(11_000)

        expect(calculator.root).to_have_attribute("data-state", "failed")
        expect(other.root).to_have_attribute("data-state", "current")
        assert other.panels() == other.expected()
        recovers(calculator)


def test_a_page_asleep_uses_no_budget(browser: Browser, site: Site) -> None:
    """A computer that was closed in the middle of an answer finds it when it is opened again."""
    late = "setTimeout(() => honest(event), 3000);"
    with visit(browser, site, "", *PROVOKED) as page:
        page.clock.install()
        site.faults.play(r"/worker\.js", followed_by(SABOTAGE.format(deed=late)))
        calculator = asked(page)
        calculator.field("padding_mode").select_option("reflect")
        expect(calculator.root.locator(".calc-status")).to_have_text("Computing…")

        page.clock.fast_forward("08:00:00")

        expect(calculator.root).to_have_attribute("data-state", "current")
        assert calculator.panels() == calculator.expected()
