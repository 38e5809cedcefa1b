"""HTML put in the place of other HTML: afterwards the new one stands there, and what is equal was not touched."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page

from site_tests.browser.served import Site

# What stands there before is made by `before` and changed by a script; what is kept are the old nodes that still stand.
MORPH = """async ([module, before, script, after]) => {
    const { morph } = await import(module);
    const [place, wanted] = [before, after].map(html => {
        const made = document.createElement("div");
        made.innerHTML = html;
        return made;
    });
    const byOthers = {
        none: () => {},
        open: () => place.querySelector("details").open = true,
        text: () => place.querySelector("b").textContent = "3",
        wrap: () => {
            const box = document.createElement("div");
            box.append(...place.childNodes);
            place.append(box);
        },
    };
    byOthers[script]();
    const nodes = root => {
        const walker = document.createTreeWalker(root, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
        const all = [];
        while (walker.nextNode()) all.push(walker.currentNode);
        return all;
    };
    const old = new Set(nodes(place));
    morph(place, before, after);
    return {
        is: place.innerHTML,
        wanted: wanted.innerHTML,
        fresh: nodes(place).filter(each => !old.has(each)).map(each => each.nodeName),
    };
}"""

SAME_NODES = {
    "a text": ("<p>a <b>1</b> c</p>", "<p>a <b>2</b> c</p>"),
    "a text with entities": ("<p>1 &lt; 2 &amp; 3</p>", "<p>1 &lt; 20 &amp; &#x27;3&#x27; &gt;</p>"),
    "an attribute": ('<p class="a" title="b">x</p>', '<p title="c &quot;d&quot;" lang="e">x</p>'),
    "one without a value": ("<ol reversed><li>a</li></ol>", "<ol><li>a</li></ol>"),
    "a drawing": (
        '<svg viewBox="0 0 1 2"><path d="M0 0"></path><text x="1">9</text></svg>',
        '<svg viewBox="0 0 3 4"><path d="M1 1"></path><text x="2">10</text></svg>',
    ),
    "a cell": ("<table><tbody><tr><td>1</td><td><b>2</b></td></tr></tbody></table>",)
    + ("<table><tbody><tr><td>3</td><td><b>4</b></td></tr></tbody></table>",),
    "an item": ("<ol><li>a <i>1</i></li><li>b</li></ol>", "<ol><li>a <i>2</i></li><li>c</li></ol>"),
    "signs in an attribute": ('<p title="a > b">1</p>', '<p title="a > c < d">1</p>'),
    "lines": ("<pre>a\n\n  b</pre>", "<pre>a\n\n  c</pre>"),
}
"""Only texts and attributes change, so every node stays."""

OTHER_NODES = {
    "another element": ("<p><b>1</b></p>", "<p><i>1</i></p>"),
    "one more": ("<p>a</p>", "<p>a</p><p>b</p>"),
    "one less": ("<p>a</p><p>b</p>", "<p>a</p>"),
    "an item that gets a part": ("<ol><li>a</li><li>b</li></ol>", "<ol><li>a<b>1</b></li><li>c</li></ol>"),
    "one more item": ("<ol><li>a</li></ol>", "<ol><li>b</li><li>c</li></ol>"),
    "a text that comes": ("<p><b></b></p>", "<p><b>1</b></p>"),
    "a text that goes": ("<p>a<b>1</b></p>", "<p><b>1</b></p>"),
    "nothing before": ("", "<p>a</p>"),
    "nothing after": ("<p>a</p>", ""),
    "a body that HTML adds": ("<table><tr><th>1</th></tr></table>", "<table><tr><th>2</th></tr></table>"),
    "a remark": ("<p>a<!-- 1 --></p>", "<p>b<!-- 2 --></p>"),
    "a first line that HTML drops": ("<pre>\na</pre>", "<pre>\nb</pre>"),
}
"""More changes, or the browser has made something else of what it was given."""


def morphed(kept_page: Page, site: Site, before: str, after: str, script: str = "none") -> dict[str, Any]:
    if kept_page.url == "about:blank":
        kept_page.goto("counting/")
    found: dict[str, Any] = kept_page.evaluate(MORPH, [f"{site.own}js/morph.js", before, script, after])
    return found


@pytest.mark.parametrize("name", [*SAME_NODES, *OTHER_NODES])
def test_what_stands_there_is_the_new(kept_page: Page, site: Site, name: str) -> None:
    """There and back, whatever changes."""
    one, other = {**SAME_NODES, **OTHER_NODES}[name]
    for before, after in ((one, other), (other, one)):
        found = morphed(kept_page, site, before, after)

        assert found["is"] == found["wanted"]


@pytest.mark.parametrize("name", SAME_NODES)
def test_where_only_texts_and_attributes_change_every_node_stays(kept_page: Page, site: Site, name: str) -> None:
    """None is made anew, so the browser parses nothing."""
    for before, after in (SAME_NODES[name], SAME_NODES[name][::-1]):
        assert morphed(kept_page, site, before, after)["fresh"] == []


def test_what_the_reader_opened_stays_open(kept_page: Page, site: Site) -> None:
    """Its own attribute is nobody else's."""
    found = morphed(kept_page, site, "<details><p>1</p></details>", "<details><p>2</p></details>", "open")

    assert found["is"] == '<details open=""><p>2</p></details>'
    assert found["fresh"] == []


@pytest.mark.parametrize("script", ["wrap", "text"])
def test_what_a_script_has_changed_becomes_the_new(kept_page: Page, site: Site, script: str) -> None:
    """An element that holds something else than it was given is given all of the new."""
    found = morphed(kept_page, site, "<p><b>1</b></p>", "<p><b>2</b></p>", script)

    assert found["is"] == found["wanted"]
