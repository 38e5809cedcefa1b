"""Whatever is typed gets the sentence that `calc` has for it, beside its field, and stays to be corrected."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from site_tests.browser.calculator import Calculator
from site_tests.browser.watch import Watch

MARKUP = "<img src=x onerror=alert(1)>"
TEXTS = {
    "empty": "",
    "negative": "-1",
    "zero": "0",
    "huge": "1000000000000",
    "fraction": "2.5",
    "letters": "seven",
    "full-width digit": "３",
    "markup": MARKUP,
}
FIELDS = {
    "kernel_size": {**TEXTS, "wrong length": "3, 5, 7"},
    "in_channels": {**TEXTS, "wrong length": "3, 5"},
    "padding": {**TEXTS, "wrong length": "1, 2, 3", "unknown word": "sam"},
    "input": {**TEXTS, "wrong length": "3, 24", "axis too many": "1, 1, 3, 24, 24", "negative axis": "1, 3, -24, 24"},
}
FINE = {("padding", "zero")}
CASES = [(name, kind) for name, texts in FIELDS.items() for kind in texts if (name, kind) not in FINE]


@pytest.fixture
def calculator(kept_page: Page, watch: Watch) -> Calculator:
    """The home page's calculator of a convolution with all fields right."""
    calculator = Calculator(kept_page)
    if kept_page.url == "about:blank":
        kept_page.goto("")
        assert calculator.ask_again() == "current"
    calculator.button("reset").click()
    return calculator


@pytest.mark.parametrize(("name", "kind"), CASES)
def test_the_message_is_the_one_of_calc(calculator: Calculator, name: str, kind: str) -> None:
    """The field is marked and says what CPython says, the text stays, old results are dimmed; a correction recovers."""
    text, right, results = FIELDS[name][kind], calculator.field(name).input_value(), calculator.panels()

    assert calculator.type(name, text) == "stale"

    expected = calculator.expected_errors()
    assert list(expected) == [name]
    assert expected[name].startswith(f"Conv2d: {name} ")
    assert calculator.errors() == expected
    field, message = calculator.field(name), calculator.message(name)
    assert field.input_value() == text
    assert field.get_attribute("aria-invalid") == "true"
    assert field.get_attribute("aria-describedby") == message.get_attribute("id")
    expect(message).to_be_visible()
    expect(calculator.root.locator("[aria-invalid]")).to_have_count(1)
    expect(calculator.root.locator(".calc-status")).to_contain_text("Not computed")
    assert calculator.panels() == results
    assert calculator.waiting() == set(results)
    expect(calculator.panel("result")).not_to_have_css("opacity", "1")
    expect(calculator.page.locator("article img[src=x]")).to_have_count(0)

    assert calculator.type(name, right) == "current"
    assert calculator.errors() == {}
    expect(calculator.root.locator("[aria-invalid]")).to_have_count(0)
    assert calculator.panels() == results == calculator.expected()


@pytest.mark.parametrize(("name", "kind"), sorted(FINE))
def test_what_is_allowed_is_computed(calculator: Calculator, name: str, kind: str) -> None:
    """A zero where PyTorch takes one is no error."""
    assert calculator.type(name, FIELDS[name][kind]) == "current"
    assert calculator.panels() == calculator.expected()


def test_pasted_markup_stays_text(calculator: Calculator) -> None:
    """Markup pasted from the clipboard is shown as it is, in the field and in the message, and never runs."""
    page = calculator.page
    page.evaluate("text => navigator.clipboard.writeText(text)", MARKUP)
    field = calculator.field("kernel_size")
    calculator.type("kernel_size", "")
    calculator.forget()
    field.press("ControlOrMeta+V")

    expect(field).to_have_value(MARKUP)
    assert calculator.answered() == "stale"
    expect(calculator.message("kernel_size")).to_contain_text(MARKUP)
    assert page.locator("calc-widget img").count() == 0


def test_every_field_at_fault_has_its_message(calculator: Calculator) -> None:
    """Several slips at once are all marked, and each is forgiven by itself."""
    for name, text in {"kernel_size": "a", "stride": "0.5", "input": ""}.items():
        calculator.type(name, text)

    assert sorted(calculator.errors()) == ["input", "kernel_size", "stride"]
    assert calculator.errors() == calculator.expected_errors()

    calculator.type("stride", "1")
    assert sorted(calculator.errors()) == ["input", "kernel_size"]


def test_a_rule_between_fields_is_said_beside_one_of_them(calculator: Calculator) -> None:
    """Numbers that are right by themselves and wrong together mark the field that PyTorch would name."""
    calculator.type("groups", "2")
    calculator.type("in_channels", "3")
    calculator.type("input", "1, 3, 24, 24")

    assert calculator.errors() == calculator.expected_errors()
    assert list(calculator.errors()) == ["in_channels"]
    assert "must be divisible by groups (=2)" in calculator.errors()["in_channels"]
