"""Files that do not come, or come wrong or late: what needs them says so, the rest answers, trying again works."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect

from site_tests.browser.calculator import Calculator
from site_tests.browser.faults import Fault, cut, dropped, failing, hanging, longer, missing, mistyped, portal, short
from site_tests.browser.model import GOOD, Model
from site_tests.browser.served import Site
from site_tests.browser.unbreakable import PROVOKED, alone, status, visit

PAGE = "convolution/"
NOT_LOADED = "Python could not be loaded. The results below are from before."
MODES = ("reflect", "replicate", "circular")  # of which no trace speaks

FILES: dict[str, tuple[Fault, ...]] = {
    r"/worker\.js": (missing, mistyped, cut, portal),
    r"/pyodide\.mjs": (failing, short),
    r"/pyodide\.asm\.js": (dropped, longer),
    r"\.wasm": (missing, failing, dropped, cut, short, longer, portal),
    r"/katex\.min\.js": (failing, longer),
}
"""What Python is made of, by a pattern of the path, and how each goes wrong, one after another on one page."""


def again(calculator: Calculator) -> None:
    """Press Try again and wait for the answer."""
    calculator.root.locator(".calc-again").click()
    expect(calculator.root).to_have_attribute("data-state", "current")


def stands(calculator: Calculator, before: dict[str, str]) -> None:
    """What is not marked as old is right for what stands in the form, and what is marked is from before."""
    expected, old = calculator.expected(), calculator.waiting()
    assert "result" not in old
    assert calculator.panels() == {name: (before if name in old else expected)[name] for name in before}


@pytest.mark.parametrize("file", FILES)
def test_a_file_that_goes_wrong_in_every_way(browser: Browser, site: Site, file: str) -> None:
    """Each time a sentence says so and the page stands; when all is well again one press of a button is enough."""
    with visit(browser, site, "", *PROVOKED) as page:
        site.faults.play(file, FILES[file][0])
        page.goto(PAGE)
        calculator = Calculator(page)
        baked = calculator.panels()
        for number, fault in enumerate(FILES[file]):
            site.faults.play(file, fault)

            assert calculator.type("padding_mode", MODES[number % 3]) == "failed", fault.__name__

            assert status(calculator) == NOT_LOADED, fault.__name__
            assert calculator.panels() == baked
            assert calculator.waiting() == set(baked)
        calculator.field("padding_mode").select_option("zeros")
        calculator.type("kernel_size", "7")
        stands(calculator, baked)
        assert calculator.type("padding_mode", "circular") == "failed"

        site.faults.clear()
        again(calculator)

        assert status(calculator) == ""
        assert calculator.waiting() == set()
        assert calculator.panels() == calculator.expected()
        expect(calculator.root.locator(".calc-again")).to_be_hidden()


def test_typing_on_is_trying_again(browser: Browser, site: Site) -> None:
    """The next edit after a fault is answered by Python, if the fault is gone by then."""
    with visit(browser, site, "", *PROVOKED) as page:
        site.faults.play(r"\.wasm", missing)
        page.goto(PAGE)
        calculator = Calculator(page)
        assert calculator.type("padding_mode", "reflect") == "failed"

        site.faults.clear()

        assert calculator.type("padding_mode", "circular") == "current"
        assert calculator.panels() == calculator.expected()


def test_bytes_under_another_type_are_taken(browser: Browser, site: Site) -> None:
    """A host that does not know what WebAssembly is serves it as text: the same bytes, so Python starts."""
    with visit(browser, site, "", *PROVOKED) as page:
        site.faults.play(r"\.(wasm|zip)$", mistyped)
        page.goto(PAGE)
        calculator = Calculator(page)

        assert calculator.type("padding_mode", "reflect") == "current"
        assert calculator.panels() == calculator.expected()


@pytest.mark.parametrize("file", [r"\.wasm", r"/worker\.js"])
def test_a_file_of_which_no_byte_comes(browser: Browser, site: Site, file: str) -> None:
    """What waits is marked for as long as it waits; after a while the reader can try again, and it works."""
    with visit(browser, site, "", *PROVOKED) as page:
        page.clock.install()
        site.faults.play(file, hanging)
        page.goto(PAGE)
        calculator = Calculator(page)
        baked = calculator.panels()
        calculator.field("padding_mode").select_option("circular")
        page.clock.run_for(1000)
        expect(calculator.root).to_have_attribute("data-state", "waiting")
        assert status(calculator) == "Starting Python…"
        assert calculator.waiting() == set(baked)
        expect(calculator.root.locator(".calc-again")).to_be_hidden()

        # What is typed meanwhile is answered at once where it can be, and marked where it cannot.
        calculator.field("padding_mode").select_option("zeros")
        calculator.field("kernel_size").fill("7")
        page.clock.run_for(1000)
        stands(calculator, baked)
        calculator.field("padding_mode").select_option("circular")
        page.clock.run_for(1000)
        assert calculator.waiting() == set(baked)
        page.clock.run_for(20_000)
        assert status(calculator) == "Python is still not here. The results below are from before."
        assert calculator.waiting() == set(baked)

        site.faults.clear()
        page.clock.resume()
        again(calculator)

        assert calculator.panels() == calculator.expected()
        alone(page)


@pytest.mark.parametrize("fault", [missing, portal])
def test_a_form_whose_script_does_not_come(browser: Browser, site: Site, fault: Fault) -> None:
    """The page of models stands with its own example, says what is missing, and opens the form at the next try."""
    with visit(browser, site, "", *PROVOKED) as page:
        site.faults.play(r"/model-widget\.js", fault)
        page.goto("your-model/")
        model = Model(page)
        expect(model.root.locator(".calc-status")).to_have_text(
            "The form could not be loaded. Below is the page’s own example."
        )
        expect(model.field("input")).to_be_disabled()
        assert model.panels() == model.expected()

        site.faults.clear()
        again(model)

        expect(model.root.locator(".calc-again")).to_have_count(1)
        expect(model.root.locator(".calc-editor").first).to_be_visible()
        assert status(model) == ""
        assert model.write("source", GOOD, input="1, 6", entry="") == "current"


@pytest.mark.parametrize("file", [r"/editor\.js", r"/prism-code-editor"])
def test_a_script_that_others_do_without(browser: Browser, site: Site, file: str) -> None:
    """Without the editor code is typed into a plain field, and run."""
    with visit(browser, site, "", *PROVOKED) as page:
        site.faults.play(file, missing)
        page.goto("your-model/")
        model = Model(page)
        assert model.write("source", GOOD, input="1, 6", entry="") == "current"
        assert model.parameters() == "47"


@pytest.mark.parametrize("file", [r"\.wasm", r"/purify", r"/frame\.html", r"/sandbox-worker\.js"])
def test_pasted_code_waits_for_files_that_do_not_come(browser: Browser, site: Site, file: str) -> None:
    """Code that is run while a file of the sandbox hangs can be tried again; it stays as typed, and is answered."""
    with visit(browser, site, "", *PROVOKED) as page:
        page.clock.install()
        site.faults.play(file, hanging)
        page.goto("your-model/")
        model = Model(page)
        before = model.panels()
        model.field("input").fill("1, 6")
        model.field("entry").fill("")
        model.field("source").fill(GOOD)
        model.button("run").click()
        page.clock.run_for(1000)
        expect(model.root.locator(".calc-status")).to_have_text("Starting Python…")
        assert model.waiting() == set(before)
        page.clock.run_for(20_000)
        expect(model.root.locator(".calc-status")).to_have_text(
            "Python is still not here. The results below are from before."
        )

        site.faults.clear()
        page.clock.resume()
        again(model)

        assert model.fields()["source"] == GOOD
        assert model.parameters() == "47"
