"""Norms and dropout in a reader's hands: pointing at a cell, drawing anew, a thinned network."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from calc.demos.dropout import DropoutByHand
from site_tests.browser.calculator import Calculator
from site_tests.browser.test_demos import stage_of


def test_pointing_at_a_cell_lights_those_that_share_its_mean(page: Page) -> None:
    """A column in batch norm, a row after a choice of layer norm."""
    page.goto("normalization-by-hand/")
    calculator = Calculator(page, "normalizationbyhand")
    stage = stage_of(calculator, "picture")
    stage.picture.locator('[data-cell="x-0-1"]').hover()
    expect(stage.said).to_have_text("Sample 1, feature 2 shares its mean with 2 other cells, feature 2: 4.")
    assert [cell for cell in ("x-1-1", "x-2-1", "x-0-0", "x-0-2") if stage.is_marked(cell)] == ["x-1-1", "x-2-1"]

    assert calculator.type("kind", "layer") == "current"
    stage.picture.locator('[data-cell="x-2-1"]').hover()
    stage.picture.locator('[data-cell="x-0-1"]').hover()
    expect(stage.said).to_have_text("Sample 1, feature 2 shares its mean with 3 other cells, sample 1: 2.5.")
    assert [cell for cell in ("x-1-1", "x-2-1", "x-0-0", "x-0-2") if stage.is_marked(cell)] == ["x-0-0", "x-0-2"]


def test_a_new_draw_lets_go_of_the_typed_mask(page: Page) -> None:
    """The mask's field is blank, and the coins are those of the next seed."""
    page.goto("dropout-by-hand/")
    calculator = Calculator(page, "dropoutbyhand")
    assert calculator.ask_again() == "current"
    assert calculator.field("keep").input_value() == "0 1 0 0 0 1"

    calculator.forget()
    calculator.button("another").click()
    assert calculator.answered() == "current"
    assert calculator.field("keep").input_value() == ""
    drawn = DropoutByHand(keep=None, seed=int(calculator.field("seed").input_value()))
    assert calculator.panels() == calculator.expected()
    kept = "".join("yes" if stays else "no" for stays in drawn.mask)
    shown = calculator.root.locator('[data-cell^="d-2-"]').all_text_contents()
    assert "".join(shown) == kept


def test_a_drawn_network_lights_up_with_its_units(page: Page) -> None:
    """The step marks the network and the units that it keeps, and none of the dropped ones."""
    page.goto("dropout-by-hand/")
    stage = stage_of(Calculator(page, "thinnednetwork"), "picture")
    stage.press("next")
    stage.press("next")
    expect(stage.said).to_have_text("Draw 2 keeps hidden units 3, 4: 10 of 20 wires.")
    units = [f"u-1-1-{index}" for index in range(4)]
    assert [unit for unit in units if stage.is_marked(unit)] == units[2:]
