"""Demos in a reader's hands: stepping, pointing, keys, links, values that are edited, exercises."""

from __future__ import annotations

import re
from pathlib import Path
from random import Random

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from calc.calculators import DEMOS
from calc.exercises import EXERCISES
from site_tests.browser.calculator import Calculator
from site_tests.browser.served import PAGES, Site
from site_tests.browser.test_widgets import first_difference
from site_tests.browser.waiting import go, laid_out
from site_tests.browser.watch import Watch

DOCS = Path(__file__).parents[2] / "docs" / "en"
STAGED = [
    page
    for page in PAGES
    if any(
        DEMOS[name].stages
        for name in re.findall(r"^```calc (\w+)", (DOCS / f"{page.strip('/') or 'index'}.md").read_text("utf-8"), re.M)
        if name in DEMOS
    )
]
MARKED = """(stage, cell) => [...stage.querySelectorAll(`[data-cell="${CSS.escape(cell)}"]`)].some(
    each => getComputedStyle(each).getPropertyValue("--calc-mark") !== "")"""


class Stage:
    """A panel with steps."""

    def __init__(self, section: Locator) -> None:
        self.section = section
        self.picture = section.locator(".calc-stage")
        self.said = section.locator(".calc-said")
        self.slider = section.locator(".calc-stepper input")
        self.steps = section.locator("li[data-step]")

    def press(self, does: str) -> None:
        """Press a button of the bar."""
        self.section.locator(f'[data-go="{does}"]').click()

    def words(self, number: int) -> str:
        """The sentence of a step, from 1."""
        return self.steps.nth(number - 1).text_content() or ""

    def cell(self, number: int) -> str:
        """The cell of a step."""
        return self.steps.nth(number - 1).get_attribute("data-step") or ""

    def is_marked(self, cell: str) -> bool:
        """Whether a cell stands out."""
        marked: bool = self.picture.evaluate(MARKED, cell)
        return marked


@pytest.fixture
def masks(kept_page: Page, watch: Watch, site: Site) -> Calculator:
    """The causal mask as built, with Python running."""
    if kept_page.url == "about:blank":
        kept_page.goto("masks/")
    else:
        go(kept_page, "", site.address)
        go(kept_page, "masks/", site.address)
    calculator = Calculator(kept_page, "subsequentmask")
    assert calculator.ask_again() == "current"
    return calculator


def stage_of(calculator: Calculator, name: str = "grid") -> Stage:
    return Stage(calculator.root.locator(f".calc-section-{name}"))


@pytest.mark.parametrize("address", STAGED)
def test_every_picture_can_be_stepped_through(page: Page, address: str) -> None:
    """Next, back, keys and the slider go through the steps, mark cells and say their words; panels stay as baked."""
    page.goto(address)
    for section in page.locator(".calc-section:has(> .calc-stepper)").all():
        stage = Stage(section)
        baked = section.locator("[data-panel]").inner_html()
        count = stage.steps.count()
        expect(stage.slider).to_have_attribute("max", str(count))
        expect(section.locator("output")).to_have_text(f"{count} steps")

        stage.press("next")
        expect(stage.said).to_have_text(stage.words(1))
        assert stage.is_marked(stage.cell(1))
        stage.press("next")
        expect(stage.said).to_have_text(stage.words(2))
        expect(section.locator("output")).to_have_text(f"2 of {count}")
        stage.press("back")
        expect(stage.said).to_have_text(stage.words(1))

        stage.slider.focus()
        stage.slider.press("End")
        expect(stage.said).to_have_text(stage.words(count))
        expect(stage.slider).to_have_attribute("aria-valuetext", stage.words(count))
        stage.picture.focus()
        stage.picture.press("Home")
        expect(stage.said).to_have_text(stage.words(1))
        stage.picture.press("Escape")
        expect(section.locator("output")).to_have_text(f"{count} steps")
        assert not stage.is_marked(stage.cell(1))

        stage.picture.blur()  # the theme notes the focus in a class
        assert first_difference(baked, section.locator("[data-panel]").inner_html()) is None


def test_pointing_says_and_leaving_takes_it_back(masks: Calculator) -> None:
    """The cell under the pointer speaks; when the pointer leaves, the chosen step is back."""
    stage = stage_of(masks)
    stage.press("next")
    stage.picture.locator('[data-cell="m-1-3"]').hover()
    expect(stage.said).to_have_text(
        "Position 2 must not look at position 4: it comes later, and is what has to be predicted."
    )
    assert stage.is_marked("m-1-0")
    masks.field("size").hover()
    expect(stage.said).to_have_text("Position 1 may look at itself.")
    assert not stage.is_marked("m-1-0")


def test_a_page_that_scrolls_below_the_pointer_is_no_pointing(masks: Calculator) -> None:
    """What a key has chosen stays, though another cell comes to lie under the resting mouse."""
    stage = stage_of(masks)
    stage.picture.locator('[data-cell="m-4-4"]').hover()
    expect(stage.said).to_have_text("Position 5 may look at itself.")
    stage.picture.focus()
    stage.picture.press("Home")
    masks.page.evaluate(
        """async () => {
            scrollBy(0, 45);
            for (let frame = 0; frame < 4; frame++) await new Promise(requestAnimationFrame);
        }"""
    )
    expect(stage.said).to_have_text("Position 1 may look at itself.")


def test_arrow_keys_go_from_cell_to_cell(masks: Calculator) -> None:
    """Up, down, left and right move as the picture looks; a click chooses a cell to start from."""
    stage = stage_of(masks)
    stage.picture.locator('[data-cell="m-2-1"]').click()
    expect(stage.said).to_have_text("Position 3 may look at position 2: it comes before.")
    stage.picture.focus()
    for key, words in {
        "ArrowRight": "Position 3 may look at itself.",
        "ArrowDown": "Position 4 may look at position 3: it comes before.",
        "ArrowLeft": "Position 4 may look at position 2: it comes before.",
        "ArrowUp": "Position 3 may look at position 2: it comes before.",
    }.items():
        stage.picture.press(key)
        expect(stage.said).to_have_text(words)


def test_arrow_keys_go_by_the_first_of_two_drawings(page: Page) -> None:
    """A layer's row and its square on the image are one cell: keys go from row to row."""
    page.goto("receptive-field/")
    stage = stage_of(Calculator(page, "receptivefield"), "picture")
    stage.press("next")
    stage.picture.focus()
    for number in (2, 3):
        stage.picture.press("ArrowUp")
        expect(stage.said).to_have_text(stage.words(number))


def test_the_step_outlives_an_edit_and_a_link(masks: Calculator, page: Page) -> None:
    """After a new answer the same step is on show; the link opens there; Reset goes back to the whole picture."""
    stage = stage_of(masks)
    for _ in range(4):
        stage.press("next")
    masks.type("size", "3")
    expect(stage.said).to_have_text("Position 2 may look at position 1: it comes before.")
    assert masks.panels() == masks.expected()

    page.goto(masks.copied(masks.button("link")))
    opened = Calculator(page, "subsequentmask")
    opened.answered()
    expect(stage_of(opened).said).to_have_text("Position 2 may look at position 1: it comes before.")

    masks.button("reset").click()
    expect(stage.section.locator("output")).to_have_text("25 steps")


def test_a_link_leads_to_a_step_that_only_its_own_numbers_have(page: Page) -> None:
    """The page as built has 25 steps; the link's size has 64, and its step is the fortieth."""
    page.goto("masks/?subsequentmask.size=8&subsequentmask.grid.at=40")
    opened = Calculator(page, "subsequentmask")
    assert opened.answered() == "current"
    stage = stage_of(opened)
    expect(stage.section.locator("output")).to_have_text("40 of 64")
    expect(stage.said).to_have_text(stage.words(40))
    expect(page).to_have_url(re.compile(r"size=8&.*grid\.at=40"))


def test_reset_ends_play(masks: Calculator) -> None:
    """After Reset the picture is whole, and stays so."""
    stage = stage_of(masks)
    stage.press("play")
    expect(stage.section.locator('[data-go="play"]')).to_have_text("Pause")
    masks.button("reset").click()
    expect(stage.section.locator('[data-go="play"]')).to_have_text("Play")
    expect(stage.section.locator("output")).to_have_text("25 steps")


def test_play_goes_on_by_itself_and_can_be_paused(masks: Calculator) -> None:
    """Play steps until Pause."""
    stage = stage_of(masks)
    stage.press("play")
    expect(stage.section.locator('[data-go="play"]')).to_have_text("Pause")
    expect(stage.section.locator("output")).to_have_text(re.compile(r"^([2-9]|\d\d) of 25$"))
    stage.press("play")
    expect(stage.section.locator('[data-go="play"]')).to_have_text("Play")


def test_nothing_moves_by_itself_for_those_who_asked_for_that(browser: Browser, site: Site) -> None:
    """With reduced motion there is no Play, and stepping works."""
    context = browser.new_context(base_url=site.address, reduced_motion="reduce")
    page = context.new_page()
    page.goto("masks/")
    stage = stage_of(Calculator(page, "subsequentmask"))
    expect(stage.section.locator('[data-go="play"]')).to_be_hidden()
    stage.press("next")
    expect(stage.said).to_have_text(stage.words(1))
    context.close()


def test_on_a_phone_the_step_is_brought_into_view(browser: Browser, site: Site) -> None:
    """Where the drawing is wider than the screen it scrolls sideways to the cell; the page does not move."""
    context = browser.new_context(base_url=site.address, viewport={"width": 360, "height": 700})
    page = context.new_page()
    page.goto("recurrent-by-hand/")
    stage = stage_of(Calculator(page, "unrolledsentence"), "loop")
    laid_out(page)
    stage.slider.focus()
    before = page.evaluate("scrollY")
    for keys in (["End"], ["Home", "ArrowRight"]):
        for key in keys:
            stage.slider.press(key)
        number = int(stage.slider.input_value())
        cell = stage.picture.locator(f'[data-cell="{stage.cell(number)}"]').bounding_box()
        frame = stage.picture.bounding_box()
        assert cell is not None
        assert frame is not None
        assert frame["x"] <= cell["x"]
        assert cell["x"] + cell["width"] <= frame["x"] + frame["width"]
    assert page.evaluate("scrollY") == before
    context.close()


def test_a_wrong_value_is_told_and_kept(masks: Calculator) -> None:
    """Beyond the bounds: a sentence beside the field, the old picture, what was typed."""
    assert masks.type("size", "13") == "stale"
    assert masks.errors() == {"size": "SubsequentMask: size (=13) must be at most 12; try 12."}
    assert masks.field("size").input_value() == "13"
    assert masks.type("size", "4") == "current"
    assert masks.panels() == masks.expected()


def test_several_lines_can_be_typed_and_linked(masks: Calculator, page: Page) -> None:
    """A text of several lines is computed, kept in the link, and put back."""
    calculator = Calculator(masks.page, "sentencemask")
    assert calculator.type("sentences", "2\n4") == "current"
    assert calculator.panels() == calculator.expected()
    page.goto(calculator.copied(calculator.button("link")))
    opened = Calculator(page, "sentencemask")
    assert opened.answered() == "current"
    assert opened.field("sentences").input_value() == "2\n4"
    assert opened.panels() == calculator.panels()


@pytest.mark.parametrize("name", EXERCISES)
def test_an_exercise_can_be_answered(kept_page: Page, site: Site, name: str) -> None:
    """A wrong answer is told, the right one is confirmed, and New draw asks something else."""
    address = next(page for page in PAGES if f'layer="{name}"' in site.html(page))
    if kept_page.url == "about:blank":
        kept_page.goto(site.address)
    if kept_page.url.partition("?")[0] != site.address + address:
        go(kept_page, address, site.address)
    exercise = Calculator(kept_page, next(iter(ids(kept_page, name))))
    posed = EXERCISES[name](variant=int(exercise.field("variant").input_value())).posed
    expect(exercise.panel("question")).to_have_text(posed.question)

    exercise.type("answer", repr(posed.solution + 1))
    expect(exercise.panel("verdict").locator(".calc-wrong")).to_be_visible()
    exercise.type("answer", repr(posed.solution))
    expect(exercise.panel("verdict").locator(".calc-right")).to_be_visible()

    exercise.forget()
    exercise.button("another").click()
    exercise.answered()
    drawn = EXERCISES[name](variant=int(exercise.field("variant").input_value()))
    expect(exercise.panel("question")).to_have_text(drawn.pose(Random(drawn.variant)).question)


def ids(page: Page, name: str) -> list[str]:
    found: list[str] = page.locator(f'calc-widget[layer="{name}"]').evaluate_all("all => all.map(each => each.id)")
    return found


def test_demos_are_on_pages(site: Site) -> None:
    """The tests above have something to look at."""
    assert all(any(f'layer="{name}"' in site.html(page) for page in PAGES) for name in DEMOS)
    assert "masks/" in STAGED
