"""What the page answers by itself while Python is on its way; and that Python's answer stands when it has come."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Page, Route, expect

from calc.replay import DRAWN
from site_tests.browser.calculator import Calculator

WASM = "**/*.wasm"

TYPED = """(widget, texts) => {
    const shown = () => Object.fromEntries(
        [...widget.querySelectorAll("[data-panel]")].map(each => [each.dataset.panel, each.innerHTML]));
    const old = () =>
        [...widget.querySelectorAll(".calc-section[data-old] [data-panel]")].map(each => each.dataset.panel);
    return texts.map(([name, text]) => {
        const control = widget.querySelector(`form [name="${name}"]`);
        control.value = text;
        control.dispatchEvent(new InputEvent("input", { bubbles: true }));
        return { panels: shown(), old: old(), state: widget.dataset.state };
    });
}"""
"""Types texts, one after the other in one go of the script: what stands there then was painted without waiting."""

EDITS = (
    ("convolution/", "conv2d", "out_channels", "1000"),
    ("convolution/", "conv2d", "stride", "2"),
    ("convolution/", "conv2d", "input", "16, 3, 2240, 2240"),
    ("dense/", "linear", "out_features", "1234"),
    ("recurrent/", "lstm", "hidden_size", "1024"),
    ("transformer/", "transformer", "dim_feedforward", "1000"),
    ("attention/", "multiheadattention", "num_heads", "4"),
    ("lenet/", "lenet5", "num_classes", "1000"),
    ("blocks/", "inception", "c2", "128, 192"),
    ("keras-cnn/", "keras-smallcnn", "kernel_size", "3"),
)


@dataclass
class Python:
    """The interpreter on its way to the page, held up until it is let through."""

    page: Page
    held: list[Route] = field(default_factory=list)
    arrived: bool = False

    def hold(self) -> None:
        """Stop it from now on."""
        self.page.context.route(WASM, lambda route: route.continue_() if self.arrived else self.held.append(route))

    def arrive(self) -> None:
        """Let it through."""
        self.arrived = True
        while self.held:
            self.held.pop().continue_()


@pytest.fixture
def python(page: Page) -> Iterator[Python]:
    """Python, which does not come before a test says so."""
    python = Python(page)
    python.hold()
    yield python
    python.arrive()
    page.goto("about:blank")
    page.context.unroute(WASM)


def typed(calculator: Calculator, *texts: tuple[str, str]) -> list[dict[str, object]]:
    """What is shown, and what is marked as old, right after each of these texts was typed."""
    seen: list[dict[str, object]] = calculator.root.evaluate(TYPED, list(texts))
    return seen


@pytest.mark.parametrize(("address", "id", "name", "text"), EDITS)
def test_what_follows_from_the_trace_is_right_at_once(
    page: Page, python: Python, address: str, id: str, name: str, text: str
) -> None:
    """Numbers, worked formulas and code; drawings are marked as old. Then Python comes, and its panels stand."""
    page.goto(address)
    calculator = Calculator(page, id)
    baked = calculator.panels()

    [seen] = typed(calculator, (name, text))

    drawn, expected = baked.keys() & set(DRAWN), calculator.expected()
    assert set(seen["old"]) == drawn  # type: ignore[call-overload]
    assert seen["panels"] == {name: (baked if name in drawn else expected)[name] for name in baked}
    assert expected["derivation" if "derivation" in expected else "result"] != baked.get("derivation", baked["result"])

    python.arrive()
    assert calculator.answered() == "current"
    assert calculator.panels() == expected
    assert calculator.waiting() == set()


def test_what_takes_another_way_waits_and_says_so(page: Page, python: Python) -> None:
    """Nothing of it is shown as current before Python has answered."""
    page.goto("convolution/")
    calculator = Calculator(page)
    baked = calculator.panels()

    [seen] = typed(calculator, ("groups", "3"))

    assert seen["panels"] == baked
    assert set(seen["old"]) == set(baked)  # type: ignore[call-overload]
    expect(calculator.root.locator(".calc-status")).to_have_text("Starting Python…")

    python.arrive()
    assert calculator.answered() == "stale" if calculator.expected_errors() else "current"
    assert calculator.errors() == calculator.expected_errors()


def test_a_slip_is_python_s_to_judge(page: Page, python: Python) -> None:
    """What is no number, and what breaks a rule, is not answered by the page; numbers from before are marked."""
    page.goto("dense/")
    calculator = Calculator(page)
    right, slip, broken = typed(calculator, ("out_features", "77"), ("in_features", "7o"), ("in_features", "7"))

    assert slip["panels"] == broken["panels"] == right["panels"]
    assert set(slip["old"]) == set(broken["old"]) == set(calculator.panels())  # type: ignore[call-overload]

    python.arrive()
    assert calculator.answered() == "stale"
    assert calculator.errors() == calculator.expected_errors() != {}
    assert calculator.waiting() == set(calculator.panels())

    baked = calculator.field("in_features").get_attribute("value") or ""
    assert calculator.type("in_features", baked) == "current"
    assert calculator.panels() == calculator.expected()
    assert calculator.errors() == {}
    assert calculator.waiting() == set()


def test_ten_quick_edits_leave_the_last_one(page: Page, python: Python) -> None:
    """Each is answered, none remains, and Python answers the last."""
    page.goto("convolution/")
    calculator = Calculator(page)
    sizes = [str(size) for size in (5, 99, 100, 999, 1000, 1001, 31, 4096, 12, 640)]

    seen = typed(calculator, *(("out_channels", size) for size in sizes))

    assert len({each["panels"]["result"] for each in seen}) == len(sizes)  # type: ignore[index]
    expected = calculator.expected()
    assert seen[-1]["panels"] == {**expected, "picture": seen[0]["panels"]["picture"]}  # type: ignore[index]
    python.arrive()
    assert calculator.answered() == "current"
    assert calculator.panels() == expected


def test_a_reset_takes_back_what_the_page_answered(page: Page, python: Python) -> None:
    """All is as built, and nothing waits."""
    page.goto("convolution/")
    calculator = Calculator(page)
    baked = calculator.panels()
    typed(calculator, ("out_channels", "1000"), ("padding", "1"), ("padding", "x"))

    calculator.button("reset").click()

    assert calculator.panels() == baked
    assert calculator.waiting() == set()
    expect(calculator.root).to_have_attribute("data-state", "current")
    python.arrive()
    assert calculator.ask_again() == "current"
    assert calculator.panels() == baked


def test_what_a_link_says_is_answered_as_the_page_opens(page: Page, python: Python) -> None:
    """The fields of a link are an edit like any other."""
    page.goto("convolution/")
    typed(Calculator(page), ("out_channels", "1000"))
    page.wait_for_url("**out_channels=1000**")
    link = page.url

    page.goto("about:blank")
    page.goto(link)
    calculator = Calculator(page)

    expect(calculator.field("out_channels")).to_have_value("1000")
    expected = calculator.expected()
    assert "1,000" in expected["result"] + expected["weights"]
    shown = calculator.panels()
    assert {name for name in shown if shown[name] != expected[name]} <= set(DRAWN)


def test_an_edit_keeps_what_the_reader_does_with_a_panel(page: Page, python: Python) -> None:
    """Only what differs is painted: a table stays scrolled, and the focus in it stays where it is."""
    page.set_viewport_size({"width": 260, "height": 800})
    page.goto("convolution/")
    calculator = Calculator(page)
    box = calculator.panel("weights").locator(".calc-scroll").first
    box.scroll_into_view_if_needed()
    assert box.evaluate("box => { box.focus(); box.scrollLeft = 40; return box.scrollLeft; }") == 40

    typed(calculator, ("out_channels", "1000"))

    assert box.evaluate("box => [box.scrollLeft, document.activeElement === box]") == [40, True]
    expect(calculator.panel("weights")).to_contain_text("(1000, ")
    page.set_viewport_size({"width": 1280, "height": 800})
