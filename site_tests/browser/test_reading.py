"""Ways to read the same result: units, frameworks side by side, what stands behind a number."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect

from site_tests.browser.calculator import Calculator
from site_tests.browser.served import Site
from site_tests.browser.waiting import PATIENCE
from site_tests.browser.watch import Watch


def seen(calculator: Calculator, panel: str) -> str:
    """What a reader sees of a panel."""
    place = calculator.panel(panel)
    # A panel far from the window is not laid out, and so has no text to see: it is some frames after it came near.
    place.scroll_into_view_if_needed()
    expect(place.locator("td:visible, p:visible").first).to_be_visible()
    calculator.page.wait_for_timeout(200)
    return place.inner_text()


def choose(calculator: Calculator, unit: str) -> None:
    """Press one side of a switch, as a finger does."""
    calculator.root.locator(".calc-switch label", has_text=unit).click()


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_a_switch_shows_flops_or_macs(browser: Browser, site: Site, script: bool) -> None:
    """Counts read as multiply-adds at first, as FLOPs after a press, twice as many; it needs no script."""
    context = browser.new_context(base_url=site.address, java_script_enabled=script)
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    page.goto("convolution/")
    calculator = Calculator(page)
    assert "MACs" in seen(calculator, "cost")
    assert "240,000 FLOPs" not in seen(calculator, "cost")

    choose(calculator, "FLOPs")
    assert "240,000 FLOPs" in seen(calculator, "cost")
    assert "120,000 MACs" not in seen(calculator, "cost")
    context.close()


def test_a_switch_shows_powers_of_1024_or_of_1000(reading_page: Page) -> None:
    """Memory reads as KiB at first and as KB after a press, with the same bytes beside both."""
    reading_page.goto("convolution/")
    calculator = Calculator(reading_page)
    before = seen(calculator, "memory")
    assert "4.75 KiB" in before
    assert "4,864 B" in before

    choose(calculator, "KB, MB")
    after = seen(calculator, "memory")
    assert "4.86 KB" in after
    assert "4,864 B" in after
    assert "KiB" not in after


def test_a_switch_stays_where_it_is_when_numbers_change(page: Page) -> None:
    """An answer writes the panel anew and leaves the reader's choice alone."""
    page.goto("convolution/")
    calculator = Calculator(page)
    choose(calculator, "FLOPs")
    assert calculator.type("out_channels", "32") == "current"

    assert "480,000 FLOPs" in seen(calculator, "cost")
    assert "MACs" not in seen(calculator, "cost").replace("(MACs)", "").partition("Counted")[0]


def test_a_switch_answers_to_the_keyboard(reading_page: Page) -> None:
    """The arrow keys move between the two, as in any group of radio buttons."""
    reading_page.goto("convolution/")
    calculator = Calculator(reading_page)
    calculator.root.get_by_role("radio", name="MACs").focus()
    reading_page.keyboard.press("ArrowRight")

    expect(calculator.root.get_by_role("radio", name="FLOPs")).to_be_checked()
    assert "240,000 FLOPs" in seen(calculator, "cost")


def test_frameworks_stand_side_by_side(page: Page) -> None:
    """The table of conventions follows the reader's numbers in every framework's column."""
    page.goto("recurrent/")
    calculator = Calculator(page, "lstm")
    table = calculator.panel("conventions")
    for framework in ("PyTorch", "Keras", "TensorFlow 1", "Flax"):
        expect(table.get_by_role("columnheader", name=framework)).to_be_visible()

    calculator.type("hidden_size", "7")
    assert calculator.panels() == calculator.expected()
    assert "7" in seen(calculator, "conventions")


def test_several_inputs_have_a_field_each(page: Page) -> None:
    """A layer that takes three tensors has three shapes to type, and an error stands beside the one at fault."""
    page.goto("attention/")
    calculator = Calculator(page, "multiheadattention")
    for name in ("query", "key", "value"):
        expect(calculator.field(name)).to_be_visible()

    assert calculator.type("key", "2, 3") == "stale"
    assert calculator.errors() == calculator.expected_errors()
    assert calculator.errors()


def test_a_layer_within_a_layer_has_its_own_fields(page: Page) -> None:
    """The arguments of an encoder's layer are typed into fields of their own, and a link keeps them."""
    page.goto("transformer/")
    calculator = Calculator(page, "transformerencoder")
    assert calculator.type("encoder_layer.dim_feedforward", "96") == "current"
    assert calculator.panels() == calculator.expected()
    page.wait_for_url("**encoder_layer.dim_feedforward=96**")

    assert calculator.type("encoder_layer.nhead", "0") == "stale"
    assert set(calculator.errors()) == {"encoder_layer.nhead"}


def test_every_calculator_leads_to_its_evidence(reading_page: Page, watch: Watch) -> None:
    """The line below says what was compared, and its link says how."""
    reading_page.goto("convolution/")
    line = Calculator(reading_page).root.locator(".calc-evidence")
    expect(line).to_contain_text("Agrees with PyTorch")

    line.get_by_role("link").click()
    expect(reading_page.locator("h1")).to_contain_text("Evidence")
    expect(reading_page.locator("table", has_text="Conv2d").first).to_be_visible()
