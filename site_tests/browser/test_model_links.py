"""Code in a link, and code that is typed and left: shown, kept, and run only when the reader says so."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from calc.model_catalogue import models
from site_tests.browser.model import ADDRESS, GOOD, HELD, Model, opened
from site_tests.browser.served import Site
from site_tests.browser.waiting import go
from site_tests.browser.watch import Watch


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

    model.forget()  # the theme puts the page in its own place at the first jump
    page.locator("a.headerlink").last.evaluate("link => link.click()")
    assert model.answered() == "current"
    expect(model.panel("answer")).to_contain_text("47")
    assert model.fields()["source"] == GOOD
    go(page, "dense/", site.address)
    go(page, ADDRESS, site.address)
    expect(model.panel("answer")).to_contain_text("47")
    assert model.fields()["source"] == GOOD
    page.wait_for_function("() => location.hash.startsWith('#your-model&source=')")
    go(page, "dense/", site.address)
    page.go_back()
    expect(model.panel("answer")).to_contain_text("47")
    assert model.fields()["source"] == GOOD

    model.button("reset").click()
    assert model.fields()["source"] == models()["LeNet-5"].source
    assert model.parameters() == "61,706"
