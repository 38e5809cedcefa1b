"""The benchmark's rivals compute what `calc` computes, and its probe takes nothing else for an answer."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from playwright.sync_api import Browser, Page, expect

from site_tests.bench.competitors import PLAIN, STOCK, Competitor, lay_out_rivals
from site_tests.bench.question import BAKED, EDITED, UNEVEN, Question
from site_tests.bench.visit import PROBE, plan
from site_tests.browser.waiting import PATIENCE

QUESTIONS = (
    BAKED,
    EDITED,
    UNEVEN,
    replace(
        BAKED, input="2, 4, 224, 225", in_channels="4", out_channels="64", kernel_size="7", stride="2", padding="3"
    ),
    replace(BAKED, input="1, 8, 33, 31", in_channels="8", out_channels="12", kernel_size="3", dilation="2", groups="4"),
    replace(BAKED, kernel_size="1, 3", padding="0, 1", stride="3, 2", dilation="1, 2"),
    replace(BAKED, input="1, 512, 7, 7", in_channels="512", out_channels="4096", kernel_size="7", padding="0"),
)


class _Silent(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module")
def rivals(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The rivals' pages, served."""
    folder = tmp_path_factory.mktemp("rivals")
    lay_out_rivals(folder)
    handler = partial(_Silent, directory=str(folder))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


@pytest.fixture
def tab(browser: Browser) -> Iterator[Page]:
    """A tab that knows nothing of the site."""
    context = browser.new_context()
    context.set_default_timeout(PATIENCE)
    yield context.new_page()
    context.close()


def shown(tab: Page) -> list[tuple[str, str]]:
    """The numbers of a rival's page, by their names."""
    facts: list[list[str]] = tab.evaluate(
        "[...document.querySelectorAll('dt')].map((each) => [each.textContent, each.nextElementSibling.textContent])"
    )
    return [(name, text) for name, text in facts]


@pytest.mark.parametrize("rival", [PLAIN, STOCK], ids=lambda rival: rival.name)
def test_rivals_numbers_are_those_of_calc(rival: Competitor, rivals: str, tab: Page) -> None:
    """Whoever is raced against answers the same question, in its formulas too."""
    tab.goto(rivals + rival.path)
    for question in QUESTIONS:
        tab.evaluate(
            "(fields) => { const form = document.querySelector('form');"
            " for (const [name, text] of Object.entries(fields)) form.elements[name].value = text;"
            " form.dispatchEvent(new Event('input', { bubbles: true })); }",
            vars(question),
        )
        [(_, shape), (_, params)] = question.facts()
        expect(tab.locator("dd").first).to_have_text(shape)
        expect(tab.locator("dd").last).to_have_text(params)
        formulas = tab.locator("pre").inner_text()

        assert question.facts() == shown(tab)
        assert question.last(",") in formulas
        assert all(f"= {side}\n" in f"{formulas}\n" for side in shape.strip("()").split(", ")[2:])


FACTS = "<dl><dt>Output shape</dt><dd><b>{}</b></dd><dt>Parameters</dt><dd><b>{}</b></dd></dl><pre>= {}</pre>"
RIGHT = ("(1, 16, 8, 8)", "2,368", "2,368")
WRONG = {
    "the numbers from before": FACTS.format("(1, 16, 10, 10)", "1,216", "1,216"),
    "one number from before": FACTS.format("(1, 16, 8, 8)", "1,216", "2,368"),
    "a number that begins alike": FACTS.format("(1, 16, 8, 8)", "2,368,000", "2,368"),
    "a formula from before": FACTS.format("(1, 16, 8, 8)", "2,368", "1,216"),
    "a number that is hidden": f"<div hidden>{FACTS.format(*RIGHT)}</div>",
    "a number without ink": f'<div style="visibility: hidden">{FACTS.format(*RIGHT)}</div>',
    "a number marked as old": f"<div data-old>{FACTS.format(*RIGHT)}</div>",
    "an empty page": "",
}
FRAMES = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done))))"


def watched(tab: Page, question: Question, body: str) -> list[str]:
    """Open a page with the probe in it; what the probe says is gathered in the list."""
    said: list[str] = []
    tab.expose_function("bench", lambda text: said.append(text))
    tab.add_init_script(f"globalThis.benchPlan = {json.dumps(plan(PLAIN, question))};\n{PROBE.read_text()}")
    tab.route("**/*", lambda route: route.fulfill(content_type="text/html", body=f"<!doctype html>{body}"))
    tab.goto("http://127.0.0.1/page/")
    return said


@pytest.mark.parametrize("wrong", WRONG.values(), ids=WRONG)
def test_a_wrong_number_is_no_answer(wrong: str, tab: Page) -> None:
    """The clock stops at the right numbers in sight, not at any numbers."""
    field = '<form><input name="kernel_size"></form>'
    said = watched(tab, EDITED, f'<main id="conv">{field}<div id="results">{wrong}</div></main>')
    tab.evaluate(FRAMES)
    before = list(said)
    tab.evaluate("(html) => { document.getElementById('results').innerHTML = html; }", FACTS.format(*RIGHT))
    tab.wait_for_function("() => globalThis.benchSaid")
    tab.evaluate(FRAMES)  # what was said is delivered first

    assert [] == before
    assert 1 == len(said)
    assert json.loads(said[0])["painted"] > json.loads(said[0])["editedAt"]


def test_an_edit_is_made_again_until_it_is_heard(tab: Page) -> None:
    """Nobody listens at first; who listens at last gets the edit, and then no more of them."""
    page = (
        '<main id="conv"><form><input name="kernel_size" value="5"></form><div id="results"></div></main>'
        "<script>globalThis.events = 0; globalThis.unheard = 0;"
        "const count = () => { unheard += 1; if (unheard < 4) return;"
        " document.querySelector('form').oninput = null;"
        " document.querySelector('form').addEventListener('input', () => { events += 1; }); };"
        "document.querySelector('form').oninput = count;</script>"
    )
    watched(tab, EDITED, page)
    tab.wait_for_function("() => globalThis.events")
    tab.evaluate(FRAMES)

    assert (1, "7") == (tab.evaluate("events"), tab.locator("input").input_value())
    assert tab.evaluate("unheard") >= 4
