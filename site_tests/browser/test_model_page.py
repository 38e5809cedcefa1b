"""The page that a model is pasted into: editor, running, examples, links with code, copies."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from calc.model_catalogue import models
from calc.reported.examples import examples
from site_tests.browser.calculator import Calculator, fonts_ready, go
from site_tests.browser.served import Site
from site_tests.browser.test_accessibility import AXE
from site_tests.browser.watch import Watch

ADDRESS = "your-model/"
GOOD = """import torch.nn as nn

model = nn.Sequential(
    nn.Linear(6, 5),
    nn.ReLU(),
    nn.Linear(5, 2),
)
"""
BROKEN = GOOD.replace("nn.Linear(5, 2)", "nn.Linear(7, 2)")
ENDLESS = GOOD + "while True:\n    pass\n"
TABLED = """import torch.nn as nn


class Inner(nn.Module):
    def __init__(self):
        super().__init__()
        self.linear = nn.Linear(4, 4)

    def forward(self, x):
        return self.linear(x)


class Outer(nn.Module):
    def __init__(self):
        super().__init__()
        self.one = Inner()
        self.two = Inner()

    def forward(self, x):
        return self.two(self.one(x))
"""
HELD = "This code came with the link. Read it, then press Run. The results below are those of the page’s own example."
STOPPED = re.compile("^The code was stopped: it gave no answer within 10 seconds. .* change the code and run it again.")


class Model(Calculator):
    """A calculator that runs code."""

    def write(self, name: str, source: str, **fields: str) -> str:
        """Put code into an editor and texts into fields, and wait for the answer."""
        for other, text in fields.items():
            self.field(other).fill(text)
        return self.type(name, source)

    def parameters(self) -> str:
        """The count that the answer gives."""
        facts: dict[str, str] = self.panel("answer").evaluate(
            "panel => Object.fromEntries([...panel.querySelectorAll('dt')].map(each => "
            "[each.textContent, each.nextElementSibling.querySelector('b')?.textContent ?? '']))"
        )
        return facts["Parameters"]

    def marked_lines(self, name: str) -> list[int]:
        """The lines that are marked in an editor, counted from 1."""
        lines: list[int] = self.field(name).evaluate(
            "control => [...control.closest('.calc-editor').querySelectorAll('.pce-line')]"
            ".flatMap((line, at) => line.classList.contains('calc-faulty-line') ? [at + 1] : [])"
        )
        return lines

    def line_at_caret(self, name: str) -> int:
        """The line that the caret is in, counted from 1; 0 without focus."""
        line: int = self.field(name).evaluate(
            "control => document.activeElement === control"
            " ? control.value.slice(0, control.selectionStart).split('\\n').length : 0"
        )
        return line

    @property
    def status(self) -> str:
        """What stands at the head."""
        return self.root.locator(".calc-status").inner_text()


def opened(page: Page, address: str = ADDRESS) -> Model:
    """The page with its editor ready."""
    page.goto(address)
    model = Model(page)
    expect(model.root.locator(".calc-editor").first).to_be_visible()
    return model


@pytest.fixture
def model(kept_page: Page, watch: Watch, site: Site) -> Iterator[Model]:
    """The page's calculator as built, with Python already there."""
    if kept_page.url == "about:blank":
        yield opened(kept_page)
        return
    model = Model(kept_page)
    model.button("reset").click()
    yield model


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


def test_a_link_holds_the_code_and_runs_nothing(model: Model, page: Page, site: Site) -> None:
    """The code is in the fragment, comes back to the letter, and is asked of Python when Run is pressed, not before."""
    source = GOOD + "# é ≤ 字\n"
    model.write("source", source, input="1, 6", entry="")
    link = model.copied(model.button("link"))
    query, _, fragment = link.partition("#")
    assert fragment.startswith("your-model&source=")
    assert "source" not in query
    own = model.field("source").evaluate("each => each.defaultValue")

    page.goto(link)
    linked = Model(page)
    expect(linked.root).to_have_attribute("data-state", "held")
    assert linked.status == HELD
    assert linked.fields() == model.fields() != {"source": own}
    assert linked.parameters() == "61,706"
    asked = page.evaluate_handle(
        "() => { const asked = []; const { postMessage } = MessagePort.prototype;"
        "MessagePort.prototype.postMessage = function (...given) { asked.push(given[0]);"
        "return postMessage.apply(this, given); }; return asked; }"
    )
    linked.field("batch_size").fill("3")
    page.wait_for_timeout(1500)
    assert linked.root.get_attribute("data-state") == "held"
    assert linked.parameters() == "61,706"
    assert asked.evaluate("asked => asked.filter(each => 'question' in each).length") == 0

    linked.forget()
    linked.field("source").press("Control+Enter")
    assert linked.answered() == "current"
    assert linked.parameters() == "47"
    assert asked.evaluate("asked => asked.filter(each => 'question' in each).length") == 1
    assert [path for path in site.asked if "source=" in path] == []


@pytest.mark.parametrize("fragment", ["source=%%%", "source=AAAA", "source=", "bomb"])
def test_a_broken_link_says_so(page: Page, watch: Watch, fragment: str) -> None:
    """Letters that are no code, or far too much of it: the page's own example stands, with a plain sentence."""
    watch.allow("console warning: ")
    page.goto("counting/")
    if fragment == "bomb":
        fragment = page.evaluate(
            """async () => {
                const zeros = new Blob([new Uint8Array(50_000_000)]).stream();
                const deflated = zeros.pipeThrough(new CompressionStream("deflate-raw"));
                const bytes = new Uint8Array(await new Response(deflated).arrayBuffer());
                const letters = btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
                return "source=" + letters.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
            }"""
        )
    page.goto(f"{ADDRESS}?your-model.input=9#your-model&{fragment}")
    model = Model(page)

    expect(model.root.locator(".calc-status")).to_contain_text("The code in this link cannot be read")
    fields = model.fields()
    assert fields["source"] == models()["LeNet-5"].source
    assert fields["input"] == "1, 1, 28, 28"


def test_code_outlives_jumps_and_visits(page: Page, site: Site) -> None:
    """At a jump to a heading, after going back, and after a visit to another page the code is still there, and run."""
    model = opened(page)
    assert model.write("source", GOOD, input="1, 6", entry="") == "current"

    page.locator("a.headerlink").last.evaluate("link => link.click()")
    expect(model.panel("answer")).to_contain_text("47")
    assert model.fields()["source"] == GOOD
    go(page, "dense/", site.address)
    go(page, ADDRESS, site.address)
    expect(model.panel("answer")).to_contain_text("47")
    assert model.fields()["source"] == GOOD
    page.wait_for_function("location.hash.startsWith('#your-model&source=')")
    go(page, "dense/", site.address)
    page.go_back()
    expect(model.panel("answer")).to_contain_text("47")
    assert model.fields()["source"] == GOOD

    model.button("reset").click()
    assert model.fields()["source"] == models()["LeNet-5"].source
    assert model.parameters() == "61,706"


def test_without_the_editor_the_text_area_does(page: Page, watch: Watch) -> None:
    """When the editor's files are missing, code is typed, run and refused as ever."""
    watch.allow("net::ERR_FAILED", "console warning: ", "Failed to fetch")
    page.context.route("**/prism-code-editor-*/**", lambda route: route.abort())
    try:
        page.goto(ADDRESS)
        model = Model(page)
        expect(model.field("source")).to_be_enabled()
        expect(model.root.locator(".calc-examples")).to_be_visible()

        assert model.write("source", GOOD, input="1, 6", entry="") == "current"
        assert model.parameters() == "47"
        assert model.write("source", BROKEN) == "stale"
        model.root.locator(".calc-to-line").click()
        assert model.line_at_caret("source") == 6
        assert model.root.locator(".calc-editor").count() == 0
    finally:
        page.context.unroute("**/prism-code-editor-*/**")


def test_a_page_that_is_left_needs_no_editor(page: Page, site: Site) -> None:
    """Files of the editor that come when the reader is elsewhere disturb nothing; coming back, there is one."""
    held: list[Route] = []
    holding = True
    files = "**/prism-code-editor-*/index.js"
    page.context.route(files, lambda route: held.append(route) if holding else route.continue_())
    page.goto(ADDRESS)
    expect(Model(page).field("source")).to_be_enabled()
    while not held:
        page.wait_for_timeout(50)
    go(page, "convolution/", site.address)
    holding = False
    for route in held:
        route.continue_()

    go(page, ADDRESS, site.address)

    expect(page.locator(".calc-editor")).to_have_count(1)
    page.context.unroute(files)


def test_the_editor_needs_no_inline_style(browser: Browser, site: Site) -> None:
    """Under a policy that lets no style be written into HTML it is coloured and numbered all the same."""
    context = browser.new_context(base_url=site.address)
    page = context.new_page()
    refused: list[str] = []
    page.on("console", lambda message: refused.append(message.text) if "style" in message.text else None)
    policy = "style-src 'self'"

    def guarded(route: object) -> None:
        response = route.fetch()  # type: ignore[attr-defined]
        route.fulfill(response=response, headers={**response.headers, "content-security-policy": policy})  # type: ignore[attr-defined]

    page.route(f"**/{ADDRESS}", guarded)
    page.goto(ADDRESS)
    editor = page.locator(".calc-editor")
    expect(editor).to_be_visible()
    refused.clear()
    page.locator('[name="source"]').press("Control+End")
    page.keyboard.type("# x")

    assert editor.locator(".comment").count() > 0
    assert refused == []
    context.close()


def test_on_a_phone_it_fits(browser: Browser, site: Site) -> None:
    """At 390 pixels nothing sticks out, and the code scrolls in its own box."""
    context = browser.new_context(base_url=site.address, viewport={"width": 390, "height": 800})
    model = opened(context.new_page())

    assert model.page.evaluate("document.documentElement.scrollWidth") <= 390
    assert model.root.locator(".calc-editor").evaluate("each => each.scrollWidth > each.clientWidth")
    context.close()


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 390)])
def test_axe_has_nothing_to_object_to_in_the_editor(browser: Browser, site: Site, scheme: str, width: int) -> None:
    """With a marked line and its message, in both colour schemes."""
    context = browser.new_context(
        base_url=site.address,
        viewport={"width": width, "height": 800},
        color_scheme="dark" if scheme == "dark" else "light",
        reduced_motion="reduce",
    )
    model = opened(context.new_page())
    assert model.write("source", BROKEN, input="1, 6", entry="") == "stale"
    fonts_ready(model.page)

    model.page.evaluate(AXE)
    found = model.page.evaluate("async () => (await axe.run('calc-widget form, .calc-head')).violations")

    assert [(each["id"], [node["html"] for node in each["nodes"]]) for each in found] == []
    context.close()


def test_two_sources_are_kept_apart(page: Page) -> None:
    """An example goes into its own editor and fields, a mistake is marked in the one it is in, a link holds both."""
    both = opened(page, "compare-models/")
    expect(both.root.locator(".calc-editor")).to_have_count(2)
    first = both.fields()

    both.forget()
    both.root.locator('[data-examples="source_b"]').select_option(label="A mistake to find")
    assert both.answered() == "stale"

    assert both.marked_lines("source_b") == [17]
    assert both.marked_lines("source") == []
    assert list(both.errors()) == ["source_b"]
    assert both.fields()["entry_b"] == "Net()"
    assert {name: both.fields()[name] for name in ("source", "entry", "input")} == {
        name: first[name] for name in ("source", "entry", "input")
    }
    assert both.type("source_b", GOOD) == "stale"  # the entry is still that of the example
    assert both.write("source", GOOD, input="1, 6", entry="", input_b="1, 6", entry_b="") == "current"
    link = both.copied(both.button("link"))
    page.goto("about:blank")
    page.goto(link)
    expect(both.root).to_have_attribute("data-state", "held")
    assert (both.fields()["source"], both.fields()["source_b"]) == (GOOD, GOOD)
