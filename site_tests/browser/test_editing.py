"""What a reader types is answered in every panel, kept in the address, and can be undone and passed on."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, Worker, expect

from site_tests.browser.calculator import Calculator
from site_tests.browser.served import PAGES, Site
from site_tests.browser.waiting import go
from site_tests.browser.watch import Watch

RESNET_STEM = {
    "in_channels": "3",
    "out_channels": "64",
    "kernel_size": "7",
    "stride": "2",
    "padding": "3",
    "dilation": "1",
    "groups": "1",
    "bias": "True",
    "input": "1, 3, 224, 224",
}


@pytest.fixture
def convolution(kept_page: Page, watch: Watch, site: Site) -> Iterator[Calculator]:
    """The convolution page's calculator as built, with Python already running."""
    if kept_page.url == "about:blank":
        kept_page.goto("convolution/")
    else:
        go(kept_page, "", site.address)
        go(kept_page, "convolution/", site.address)
    calculator = Calculator(kept_page)
    assert calculator.ask_again() == "current"
    yield calculator
    kept_page.wait_for_timeout(0)


def settle(calculator: Calculator, **state: str) -> None:
    """Give these fields these texts."""
    for name, text in state.items():
        calculator.type(name, text)


def test_every_panel_follows_the_kernel(convolution: Calculator) -> None:
    """From kernel 5 to 7, what is shown is what CPython computes: shape, parameters, formulas, cost, both snippets."""
    settle(convolution, **{**RESNET_STEM, "padding": "2", "kernel_size": "5"})
    before = convolution.panels()
    assert before == convolution.expected()

    settle(convolution, padding="3", kernel_size="7")
    after = convolution.panels()

    assert after == convolution.expected()
    assert "(1, 64, 112, 112)" in after["result"]
    assert "9,472" in after["result"]
    assert "9,408" in after["weights"]
    assert f"{64 * 3 * 7 * 7 * 112 * 112:,}" in after["cost"]
    assert convolution.panel("torch").locator("pre").text_content().count("kernel_size=7") == 1
    assert "7" in convolution.panel("keras").text_content()
    assert "<semantics>" in after["derivation"]
    for name in ("result", "picture", "derivation", "weights", "cost", "torch", "keras"):
        assert after[name] != before[name], name


def test_focus_and_caret_stay(convolution: Calculator) -> None:
    """An answer moves neither the focus nor the caret, in the middle of a text too."""
    field = convolution.field("input")
    convolution.type("input", "1, 3, 24, 24")
    field.focus()
    field.evaluate("field => field.setSelectionRange(7, 7)")
    convolution.forget()
    convolution.page.keyboard.insert_text("2")
    assert convolution.answered() == "current"

    assert field.input_value() == "1, 3, 224, 24"
    assert field.evaluate("field => [document.activeElement === field, field.selectionStart, field.selectionEnd]") == [
        True,
        8,
        8,
    ]


def test_arrow_keys_step(convolution: Calculator) -> None:
    """Up and down change a whole number by one and stop at the least that is allowed; other texts stay as they are."""
    field = convolution.field("kernel_size")
    convolution.type("kernel_size", "5")

    def pressed(key: str) -> str:
        convolution.forget()
        field.press(key)
        convolution.answered()
        return field.input_value()

    assert pressed("ArrowUp") == "6"
    assert convolution.panels() == convolution.expected()
    assert pressed("ArrowDown") == "5"
    convolution.type("kernel_size", "1")
    assert pressed("ArrowDown") == "1"
    convolution.type("kernel_size", "3, 5")
    field.press("ArrowUp")
    assert field.input_value() == "3, 5"


def test_the_last_of_quick_edits_wins(convolution: Calculator) -> None:
    """Typed faster than answered, the end state belongs to the last text, and no answer to an older one follows it."""
    field = convolution.field("out_channels")
    field.evaluate(
        """async field => {
            for (let i = 1; i <= 40; i++) {
                field.value = String(i);
                field.dispatchEvent(new Event("input", { bubbles: true }));
                if (i % 3 === 0) await new Promise(requestAnimationFrame);
            }
        }"""
    )
    # answers to texts in between may have come and gone
    expect(convolution.panel("torch")).to_contain_text(re.compile(r"Conv2d\(\d+, 40,"))

    assert convolution.answered() == "current"
    assert convolution.panels() == convolution.expected()


def test_reset_restores_the_page(convolution: Calculator, site: Site) -> None:
    """Reset brings back every field, every panel and the plain address, and takes errors away."""
    baked, fields = convolution.panels(), convolution.fields()
    settle(convolution, kernel_size="4", out_channels="8", padding_mode="circular")
    assert convolution.type("input", "nonsense") == "stale"
    convolution.page.wait_for_url("**?*input=nonsense*")

    convolution.button("reset").click()

    assert convolution.panels() == baked
    assert convolution.fields() == fields
    assert convolution.errors() == {}
    assert convolution.root.get_attribute("data-state") == "current"
    expect(convolution.root.locator("[aria-invalid]")).to_have_count(0)
    convolution.page.wait_for_url(site.address + "convolution/")


@pytest.mark.parametrize(
    "state",
    [{"kernel_size": "4", "bias": "False"}, {"kernel_size": "a few, <b>+&=%#?", "stride": ""}],
    ids=["valid", "invalid"],
)
def test_a_link_reproduces_the_calculator(convolution: Calculator, page: Page, state: dict[str, str]) -> None:
    """What Copy link puts on the clipboard opens as the same fields, answers and errors; so does the address."""
    settle(convolution, **state)
    link = convolution.copied(convolution.button("link"))
    # the address follows in steps, a moment behind what is typed
    expect(convolution.page).to_have_url(link.removesuffix(f"#{convolution.root.get_attribute('id')}"))

    page.goto(link)
    opened = Calculator(page)
    opened.answered()

    assert opened.fields() == convolution.fields()
    assert opened.errors() == convolution.errors() == convolution.expected_errors()
    assert opened.panels() == (convolution.panels() if not convolution.errors() else opened.panels())
    assert opened.root.get_attribute("data-state") == convolution.root.get_attribute("data-state")
    expect(opened.root).to_be_in_viewport()


def test_a_word_that_is_not_on_offer_stays_visible(page: Page) -> None:
    """A link with an unknown word for a choice shows the word and says what is possible."""
    page.goto("convolution/?conv2d.padding_mode=mirror")
    opened = Calculator(page)

    assert opened.answered() == "stale"
    assert opened.field("padding_mode").input_value() == "mirror"
    assert opened.errors() == opened.expected_errors()
    assert list(opened.errors()) == ["padding_mode"]


@pytest.mark.parametrize("name", ["torch", "keras"])
def test_copy_puts_the_snippet_on_the_clipboard(convolution: Calculator, name: str) -> None:
    """Copy takes the snippet as it stands after an edit; pressed twice, the button finds its own name again."""
    convolution.type("kernel_size", "5")
    code = convolution.panel(name).locator("pre").text_content()
    copy = convolution.root.locator(f".calc-section-{name} button")
    label = copy.text_content() or ""
    copy.click()

    assert convolution.copied(copy) == code
    expect(copy).to_have_text(label)


def test_copy_is_offered_where_there_is_code(convolution: Calculator) -> None:
    """A panel that says in a sentence why there is no code has nothing to copy."""
    copy = convolution.root.locator(".calc-section-keras button")
    expect(copy).to_be_visible()

    convolution.type("padding_mode", "circular")
    expect(convolution.panel("keras").locator("pre")).to_have_count(0)
    expect(copy).to_be_hidden()

    convolution.type("padding_mode", "zeros")
    expect(copy).to_be_visible()


def test_two_calculators_on_a_page_are_independent(kept_page: Page, convolution: Calculator, site: Site) -> None:
    """An edit in one leaves the other alone, and the address keeps both apart."""
    page = next(each for each in PAGES if len(re.findall(r"<input [^>]*name=\"input\"", site.html(each))) > 1)
    go(kept_page, page, site.address)
    ids = kept_page.locator("calc-widget").evaluate_all("widgets => widgets.map(each => each.id)")
    one, other = (Calculator(kept_page, id) for id in ids[:2])
    untouched, fields = other.panels(), other.fields()

    text = f"2, {one.field('input').input_value().partition(',')[2]}"
    one.type("input", text)

    assert one.panels() == one.expected()
    assert other.panels() == untouched
    assert other.fields() == fields
    kept_page.wait_for_url(f"**?{ids[0]}.input=*")

    other.type("input", "x")
    kept_page.wait_for_url(f"**&{ids[1]}.input=x")
    assert one.errors() == {}
    assert one.field("input").input_value() == text


def test_one_worker_serves_the_whole_visit(convolution: Calculator, kept_page: Page, site: Site) -> None:
    """Going from page to page keeps Python alive, so the next calculator answers without a new start."""

    def interpreters() -> list[Worker]:
        return [each for each in kept_page.workers if each.url == f"{site.own}js/worker.js"]

    [worker] = interpreters()
    for address in ("pooling/", "counting/", "recurrent/", "lenet/"):
        go(kept_page, address, site.address)
        if "<calc-widget" in site.html(address):
            assert Calculator(kept_page).ask_again() == "current", address

    assert interpreters() == [worker]


def test_back_and_forward_bring_the_state_back(convolution: Calculator, kept_page: Page, site: Site) -> None:
    """The browser's back button returns to the numbers that were left, forward to the page gone to."""
    convolution.type("kernel_size", "4")
    kept_page.wait_for_url("**?conv2d.kernel_size=4")
    left = convolution.panels()
    go(kept_page, "pooling/", site.address)

    kept_page.go_back()
    kept_page.wait_for_url("**/convolution/?conv2d.kernel_size=4")
    expect(convolution.field("kernel_size")).to_have_value("4")
    expect(convolution.panel("torch")).to_contain_text("kernel_size=4")
    assert convolution.panels() == left == convolution.expected()

    kept_page.go_forward()
    kept_page.wait_for_url(site.address + "pooling/")
    expect(kept_page.locator("calc-widget[layer=Conv2d]")).to_have_count(0)
    assert Calculator(kept_page).ask_again() == "current"


def test_a_jump_within_the_page_keeps_the_state(convolution: Calculator, kept_page: Page) -> None:
    """Following a link of the table of contents leaves what was typed."""
    convolution.type("kernel_size", "4")
    kept_page.wait_for_url("**?conv2d.kernel_size=4")
    kept_page.locator("a.headerlink").first.evaluate("link => link.click()")
    kept_page.wait_for_url("**?conv2d.kernel_size=4#*")

    assert convolution.field("kernel_size").input_value() == "4"
    assert convolution.panels() == convolution.expected()


def test_a_page_left_at_once_stays_out_of_the_next_address(
    convolution: Calculator, kept_page: Page, site: Site
) -> None:
    """An edit just before leaving is not written into the address of the page gone to."""
    convolution.type("kernel_size", "4")
    go(kept_page, "pooling/", site.address)
    there = Calculator(kept_page)
    there.type("kernel_size", "3")
    there.type("kernel_size", "x")
    id = there.root.get_attribute("id")
    kept_page.wait_for_url(f"**?{id}.kernel_size=x")
