"""Heavy use: keys faster than answers, a page full of calculators, a long visit, two tabs."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Browser, CDPSession, Page, expect

from site_tests.browser.calculator import Calculator
from site_tests.browser.model import GOOD, Model, opened
from site_tests.browser.served import PAGES, Site
from site_tests.browser.unbreakable import alone, status, visit
from site_tests.browser.waiting import go

COUNTING = """
window.asked = { most: 0, now: 0, all: 0 };
const Plain = Worker;
window.Worker = class extends Plain {
    constructor(...given) {
        super(...given);
        this.addEventListener("message", ({ data }) => { if (data.number) asked.now -= 1; });
    }
    postMessage(...given) {
        if (given[0]?.number) {
            asked.all += 1;
            asked.now += 1;
            asked.most = Math.max(asked.most, asked.now);
        }
        super.postMessage(...given);
    }
};
"""
"""Counts the questions that are under way at the same time."""


def typed(page: Page, keys: list[str], seconds: float) -> None:
    """Real key presses, as evenly over this time as the machine can."""
    pause = 1000 * seconds / len(keys)
    for key in keys:
        page.keyboard.press(key, delay=pause / 2)


def test_five_hundred_keystrokes_in_five_seconds(browser: Browser, site: Site) -> None:
    """Typed, deleted and typed over in field after field: the last numbers stand, and one question is under way."""
    with visit(browser, site, COUNTING) as page:
        page.goto("convolution/")
        calculator = Calculator(page)
        assert calculator.type("padding_mode", "reflect") == "current"
        assert calculator.type("padding_mode", "zeros") == "current"
        names = ["in_channels", "out_channels", "kernel_size", "stride", "padding", "dilation"]
        ends = {"in_channels": "3", "out_channels": "32", "kernel_size": "7", "stride": "2", "padding": "3"}
        pieces = [["1", "2", "8", "Backspace", "Backspace", "Backspace", "ArrowUp", "Backspace"] for _ in range(10)]
        keys = [key for piece in pieces for key in piece]

        calculator.forget()
        for name in names:
            calculator.field(name).focus()
            page.keyboard.press("ControlOrMeta+A")
            last = list(ends.get(name, "1"))
            typed(page, [*keys, "Backspace", "Backspace", *last], 5 / len(names))

        assert calculator.answered() in ("current", "stale")
        page.keyboard.press("End")
        assert calculator.ask_again() == "current"
        assert {name: calculator.fields()[name] for name in names} == {**ends, "dilation": "1"}
        assert calculator.panels() == calculator.expected()
        assert (status(calculator), calculator.waiting(), calculator.errors()) == ("", set(), {})
        counted = page.evaluate("asked")
        assert counted["most"] == 1
        assert counted["now"] == 0
        assert counted["all"] > 2


def test_every_calculator_of_the_fullest_page_at_once(browser: Browser, site: Site) -> None:
    """All edited before Python is there: one worker answers them one after another, and each is right."""
    fullest = max(PAGES, key=lambda page: site.html(page).count("<calc-widget "))
    with visit(browser, site, COUNTING) as page:
        page.goto(fullest)
        ids = page.locator("calc-widget").evaluate_all("all => all.map(each => each.id)")
        assert len(ids) >= 10
        page.locator("calc-widget").evaluate_all(
            """all => all.forEach(widget => {
                const controls = [...widget.querySelectorAll("form input[name]")];
                const control = controls.find(each => /^[0-9]+/.test(each.value));
                if (control) control.value = control.value.replace(/^[0-9]+/, number => String(Number(number) + 1));
                delete widget.dataset.state;
                widget.querySelector("form").dispatchEvent(new Event("input", { bubbles: true }));
            })"""
        )

        for id in ids:
            calculator = Calculator(page, id)
            errors = calculator.expected_errors()
            assert calculator.answered() == ("stale" if errors else "current"), id
            assert calculator.errors() == errors, id
            if not errors:
                assert calculator.panels() == calculator.expected(), id
                assert calculator.waiting() == set(), id
        alone(page)
        assert page.evaluate("asked.most") == 1


OF_THE_THEME = {"Nodes": 100, "JSEventListeners": 6}
"""What the theme's own script holds on to of each way there and back; a page has some ten thousand nodes."""


def level(page: Page, session: CDPSession) -> dict[str, float]:
    """What is alive in the page after everything that can be let go was let go, in an idle moment."""
    page.wait_for_timeout(4000)
    for _ in range(3):
        session.send("HeapProfiler.collectGarbage")
    metrics: list[dict[str, Any]] = session.send("Performance.getMetrics")["metrics"]
    wanted = ("Nodes", "JSEventListeners", "JSHeapUsedSize", "Documents")
    return {each["name"]: each["value"] for each in metrics if each["name"] in wanted}


@pytest.mark.parametrize("pages", [("convolution/", "attention-by-hand/"), ("your-model/", "pooling/")])
def test_fifty_times_back_and_forth(browser: Browser, site: Site, pages: tuple[str, str]) -> None:
    """One worker serves them all; listeners, nodes and memory are as many after fifty times as after ten."""
    with visit(browser, site) as page:
        page.goto(pages[0])
        session = page.context.new_cdp_session(page)
        session.send("Performance.enable")
        assert Calculator(page).ask_again() == "current"
        levels = {}
        for number in range(1, 51):
            for address in (pages[1], pages[0]):
                go(page, address, site.address)
            if number in (10, 50):
                assert Calculator(page).ask_again() == "current"
                levels[number] = level(page, session)

        early, late = levels[10], levels[50]
        assert late["Documents"] <= early["Documents"] + 2
        for what, each in OF_THE_THEME.items():
            assert late[what] <= early[what] * 1.1 + 40 * each, what
        assert late["JSHeapUsedSize"] <= early["JSHeapUsedSize"] * 1.2 + 5_000_000
        calculator = Calculator(page)
        assert calculator.ask_again() == "current"
        go(page, pages[1], site.address)
        there = Calculator(page)
        assert there.ask_again() == "current"
        assert there.panels() == there.expected()
        alone(page)


def test_a_page_that_is_left_takes_its_sandbox_along(browser: Browser, site: Site) -> None:
    """Of the frames that pasted code runs in none is left, however often the page is left in the middle of a run."""
    with visit(browser, site) as page:
        model = opened(page)
        for _ in range(5):
            model.forget()
            model.field("source").fill(GOOD + "while True:\n    pass\n")
            expect(model.root.locator(".calc-status")).to_have_text("Running…")
            go(page, "pooling/", site.address)
            expect(page.locator("iframe")).to_have_count(0)
            go(page, "your-model/", site.address)
            model = Model(page)
            expect(model.root.locator(".calc-editor").first).to_be_visible()
            model.button("reset").click()
        assert model.write("source", GOOD, input="1, 6", entry="") == "current"
        assert model.parameters() == "47"


def test_two_tabs_keep_their_own_numbers(browser: Browser, site: Site) -> None:
    """The same page in two tabs, edited in turn: each answers its own, and its address holds its own."""
    with visit(browser, site) as page:
        other_page = page.context.new_page()
        tabs = {"reflect": page, "circular": other_page}
        for mode, tab in tabs.items():
            tab.goto("convolution/")
            Calculator(tab).forget()
            Calculator(tab).field("padding_mode").select_option(mode)
        for mode, tab in tabs.items():
            calculator = Calculator(tab)
            assert calculator.answered() == "current"
            assert calculator.panels() == calculator.expected()
            assert mode in calculator.panels()["torch"]
            tab.wait_for_url(f"**?conv2d.padding_mode={mode}")
            alone(tab)
