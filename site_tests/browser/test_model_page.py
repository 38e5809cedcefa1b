"""The page that a model is pasted into: running, mistakes, examples, copies."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from xml.etree import ElementTree

import pytest
from playwright.sync_api import expect

from calc.model_catalogue import models
from calc.reported.examples import examples
from site_tests.browser.model import BROKEN, ENDLESS, GOOD, STOPPED, TABLED, Model


def test_the_sandbox_gives_the_baked_panels(model: Model) -> None:
    """What the page shows before its script runs is what its own code gives in the sandbox, cleaned, to the letter."""
    baked = model.panels()

    model.forget()
    model.button("run").click()

    assert model.answered() == "current"
    assert model.panels() == baked == model.expected()


def test_code_that_is_typed_is_run(model: Model) -> None:
    """After a pause by itself, at once with Ctrl+Enter; panels are those that CPython gives."""
    assert model.write("source", GOOD, input="1, 6", entry="") == "current"
    assert model.parameters() == "47"
    assert model.panels() == model.expected()

    model.forget()
    model.field("source").press("Control+End")
    model.page.keyboard.insert_text("# more")
    model.page.keyboard.press("Control+Enter")

    assert model.answered() == "current"
    assert model.fields()["source"] == GOOD + "# more"


def test_a_mistake_is_marked_at_its_line(model: Model) -> None:
    """The message stands below, the line is marked and a button leads to it; the next good answer clears all three."""
    model.write("source", GOOD, input="1, 6", entry="")
    before = model.panels()

    assert model.write("source", BROKEN) == "stale"

    assert model.errors() == model.expected_errors()
    assert "set in_features=5 in line 6" in model.errors()["source"]
    assert model.marked_lines("source") == [6]
    assert model.panels() == before
    button = model.root.locator(".calc-to-line")
    assert button.inner_text() == "Go to line 6"
    button.click()
    assert model.line_at_caret("source") == 6
    # A line that is typed above moves the mark along.
    model.field("source").press("Control+Home")
    model.page.keyboard.type("#\n")
    assert model.marked_lines("source") == [7]

    assert model.write("source", GOOD) == "current"
    assert model.marked_lines("source") == []
    expect(button).to_be_hidden()


def test_the_keyboard_types_python(model: Model) -> None:
    """Tab indents, a line after a colon is indented, and Esc lets Tab leave; what was typed can be undone."""
    control = model.field("source")
    model.write("source", "")
    control.focus()

    model.page.keyboard.type("if 1:\nx = (1")
    assert model.fields()["source"] == "if 1:\n    x = (1)"
    model.page.keyboard.press("Shift+Tab")
    assert model.fields()["source"] == "if 1:\nx = (1)"
    model.page.keyboard.press("Tab")
    assert model.fields()["source"].startswith("if 1:\nx = (1")
    typed = model.fields()["source"]
    model.page.keyboard.press("Control+z")
    assert model.fields()["source"] != typed
    model.page.keyboard.press("Control+Shift+z")
    assert model.fields()["source"] == typed
    model.button("reset").click()
    control.press("Control+z")
    assert model.fields()["source"] == typed

    described = control.get_attribute("aria-describedby") or ""
    said = [model.page.locator(f'[id="{each}"]') for each in described.split()]
    assert "Esc, then Tab leaves the editor" in " ".join(each.inner_text() for each in said if each.is_visible())
    model.page.keyboard.press("Escape")
    model.page.keyboard.press("Tab")
    assert model.page.evaluate("document.activeElement.name") != "source"
    assert model.page.evaluate("document.activeElement.closest('calc-widget') !== null")


@pytest.mark.parametrize("name", ["A small CNN in Keras", "VGG-11"])
def test_an_example_fills_the_form_and_runs(model: Model, name: str) -> None:
    """The source is the file's, entry, input and framework go with it, and the focus stays where it was."""
    [example] = [each for each in examples() if each.name == name]
    chooser = model.root.locator("[data-examples]")

    model.forget()
    chooser.focus()
    chooser.select_option(label=name)

    assert model.answered() == "current"
    fields = model.fields()
    if name in models():
        assert fields["source"] == models()[name].source
    assert {key: fields[key] for key in example.fields} == dict(example.fields)
    assert model.panels() == model.expected()
    assert chooser.evaluate("each => each === document.activeElement")


def test_what_was_folded_stays_folded(model: Model) -> None:
    """A part that the reader closed is closed in the next answer too; a line leads to the editor."""
    model.write("source", TABLED, input="1, 4", entry="Outer()")
    part = model.panel("rows").locator('details[data-path="one"]')
    was_open = part.evaluate("each => each.open")

    part.locator("summary").first.click()
    assert part.evaluate("each => each.open") is not was_open
    assert model.write("source", TABLED + "# again\n", batch_size="3") == "current"

    assert part.evaluate("each => each.open") is not was_open
    other = model.panel("rows").locator('details[data-path="two"]')
    other.evaluate("each => each.open = true")
    line = other.locator("[data-line]").first
    wanted = int(line.get_attribute("data-line") or 0)
    line.click()
    assert model.line_at_caret("source") == wanted


def test_an_endless_loop_is_stopped(model: Model) -> None:
    """By the reader or by the clock: what was typed stays, and the next run is answered."""
    model.write("source", GOOD, input="1, 6", entry="")
    before = model.panels()
    stop = model.button("stop")
    expect(stop).to_be_hidden()

    model.forget()
    model.field("source").fill(ENDLESS)
    expect(stop).to_be_visible()
    expect(model.root.locator(".calc-status")).to_have_text("Running…")
    stop.click()
    assert model.answered() == "failed"
    assert model.status.startswith("The code was stopped. Change it, or press Run to run it again.")

    model.forget()
    model.button("run").click()
    assert model.answered() == "failed"
    assert STOPPED.match(model.status)
    assert model.fields()["source"] == ENDLESS
    assert model.panels() == before
    expect(stop).to_be_hidden()
    expect(model.button("download")).to_be_disabled()

    assert model.write("source", BROKEN.replace("7", "5")) == "current"
    assert model.parameters() == "47"


def test_the_answer_can_be_taken_along(model: Model) -> None:
    """As text in every form and as a picture: what Python writes, under the model's name."""
    model.write("source", TABLED, input="1, 4", entry="Outer()")
    chooser = model.root.locator(".calc-copies select")

    def kept(form: str) -> tuple[str, bytes]:
        chooser.select_option(form)
        with model.page.expect_download() as download:
            model.button("download").click()
        return download.value.suggested_filename, Path(download.value.path()).read_bytes()

    name, data = kept("json")
    assert name == "Outer.json"
    assert json.loads(data)["params"] == 40
    name, data = kept("csv")
    assert name == "Outer.csv"
    assert len(list(csv.reader(io.StringIO(data.decode())))) > 2
    chooser.select_option("markdown")
    assert "| " in model.copied(model.button("copy-as"))
    name, data = kept("svg")
    assert name == "Outer.svg"
    drawn = ElementTree.fromstring(data)
    texts = ["".join(each.itertext()) for each in drawn.iter("{http://www.w3.org/2000/svg}text")]
    assert any("Linear" in each for each in texts)
    assert all(each.get("fill") for each in drawn.iter("{http://www.w3.org/2000/svg}text"))
    name, data = kept("png")
    assert (name, data[:8]) == ("Outer.png", b"\x89PNG\r\n\x1a\n")
    expect(model.button("copy-as")).to_be_disabled()
