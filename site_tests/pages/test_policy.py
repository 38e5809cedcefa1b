"""The policy of the built pages, read by a parser of its own, and the file that says it to hosts."""

from __future__ import annotations

import base64
import re
from functools import cache
from hashlib import sha256
from html.parser import HTMLParser
from pathlib import Path

import pytest
from mkdocs.config.defaults import MkDocsConfig

from site_build import hooks, policy, styles, theme_script

KIND = "Content-Security-Policy"
FRAME = "sandbox/frame.html"
LOADING = {("a", "href"), ("form", "action"), ("button", "formaction"), ("area", "href"), ("base", "href")}
"""Attributes with an address that is not fetched with the page."""


class Parsed(HTMLParser):
    """What a policy is about: the order of the head, scripts, styles, handlers, and addresses."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.head: list[tuple[str, dict[str, str]]] = []
        self.policies: list[str] = []
        self.inline: dict[str, set[str]] = {"script": set(), "style": set()}
        self.handlers: list[str] = []
        self.addresses: list[tuple[str, str, str]] = []
        self._text: list[str] | None = None
        self._into = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if len(self.head) < 6:
            self.head.append((tag, given))
        if tag == "meta" and given.get("http-equiv") == KIND:
            self.policies.append(given["content"])
        data = given.get("type") in {"application/json", "application/ld+json"}
        if tag == "style" or (tag == "script" and "src" not in given and not data):
            self._text, self._into = [], tag
        self.handlers += [f"{tag} {name}" for name in given if name.startswith("on")]
        for name in ("href", "src", "srcset", "action", "formaction", "data", "poster", "xlink:href", "srcdoc"):
            if name in given:
                self.addresses.append((tag, name, given[name]))

    def handle_data(self, data: str) -> None:
        if self._text is not None:
            self._text.append(data)

    def handle_endtag(self, tag: str) -> None:
        if self._text is not None:
            self.inline[self._into].add("".join(self._text))
            self._text = None


@cache
def parsed(path: Path) -> Parsed:
    return Parsed(path.read_text(encoding="utf-8"))


def pages(site: Path) -> dict[str, Parsed]:
    """Every page that readers see, the 404 page included, by its path."""
    found = {path.relative_to(site).as_posix(): path for path in sorted(site.rglob("*.html"))}
    return {name: parsed(path) for name, path in found.items() if not name.endswith(FRAME)}


def directives(text: str) -> dict[str, list[str]]:
    return {name: sources for name, *sources in (each.split() for each in text.split(";"))}


def digest(text: str) -> str:
    return f"'sha256-{base64.b64encode(sha256(text.encode()).digest()).decode()}'"


def test_every_page_has_the_same_policy_before_anything_that_is_fetched(site: Path) -> None:
    """The 404 page and the one of the Python API too; only the charset stands before it."""
    found = pages(site)
    policies = {policy for page in found.values() for policy in page.policies}

    assert {"404.html", "api/index.html", "index.html"} <= set(found)
    assert len(policies) == 1
    for name, page in found.items():
        assert len(page.policies) == 1, name
        assert [tag for tag, _ in page.head[:3]] == ["html", "head", "meta"], name
        assert page.head[2][1].keys() == {"charset"}, name
        assert page.head[3][1].get("http-equiv") == KIND, name


def test_the_policy_names_every_inline_script_and_nothing_more(site: Path) -> None:
    """Their hashes, and no other host, no evaluation of text, no inline script whatever it says."""
    found = pages(site)
    scripts = {digest(text) for page in found.values() for text in page.inline["script"]}
    styles = {digest(text) for page in found.values() for text in page.inline["style"]}

    assert len(scripts) >= 6  # the theme's: three, of which one is of its own for each depth of pages
    assert directives(found["index.html"].policies[0]) == {
        "default-src": ["'none'"],
        "script-src": ["'self'", "'wasm-unsafe-eval'", *sorted(scripts)],
        "style-src": ["'self'", *sorted(styles)],
        "style-src-attr": ["'unsafe-inline'"],
        "img-src": ["'self'", "data:", "blob:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "worker-src": ["'self'"],
        "manifest-src": ["'self'"],
        "frame-src": ["'self'"],
        "form-action": ["'none'"],
        "base-uri": ["'none'"],
    }


def test_no_page_has_a_handler_or_an_address_that_runs(site: Path) -> None:
    """No `onclick` and the like, no `javascript:`, no document in an attribute."""
    everywhere = {**pages(site), FRAME: parsed(next(site.rglob("frame.html")))}
    runs = re.compile(r"\s*(javascript|vbscript|data):", re.IGNORECASE)

    assert {name: page.handlers for name, page in everywhere.items() if page.handlers} == {}
    assert [
        (name, *each)
        for name, page in everywhere.items()
        for each in page.addresses
        if runs.match(each[2]) or each[1] == "srcdoc"
    ] == []


def test_nothing_that_is_fetched_has_another_host(site: Path) -> None:
    """Links that a reader may follow lead elsewhere; what a page fetches does not."""
    pointing = {"canonical", "prev", "next", "alternate"}
    found = {
        name: [
            address
            for tag, attribute, address in page.addresses
            if re.match(r"\s*(\w+:)?//", address)
            and (tag, attribute) not in LOADING
            and not (tag == "link" and any(f'rel="{rel}" href="{address}"' in html for rel in pointing))
        ]
        for name, page in pages(site).items()
        for html in [(site / name).read_text(encoding="utf-8")]
    }

    assert {name: addresses for name, addresses in found.items() if addresses} == {}


def rules(site: Path) -> dict[str, dict[str, str]]:
    """The `_headers` file, read as its hosts read it."""
    found: dict[str, dict[str, str]] = {}
    for line in (site / "_headers").read_text(encoding="utf-8").splitlines():
        if line.startswith("/"):
            address = line
            found[address] = {}
        elif line:
            name, _, value = line.strip().partition(": ")
            found[address][name] = value
    return found


def test_the_headers_stay_within_what_hosts_take(site: Path) -> None:
    """At most 100 rules and 2,000 characters a line; no rule is there twice."""
    text = (site / "_headers").read_text(encoding="utf-8")
    addresses = [line for line in text.splitlines() if line.startswith("/")]

    assert max(map(len, text.splitlines())) <= 2000
    assert len(addresses) == len(set(addresses)) <= 100
    assert all(address.count("*") <= 1 for address in addresses)


def test_the_headers_say_what_the_pages_say(site: Path) -> None:
    """Each depth of pages gets the pages' policy, the sandbox's frame its own, a worker the least it needs."""
    found = rules(site)
    text = pages(site)["index.html"].policies[0]
    [frame] = site.rglob("frame.html")
    place = f"/{frame.relative_to(site).as_posix()}"

    for address in ("/", "/:a/", "/:a/:b/", "/404.html"):
        assert found[address] == {KIND: text, "Cache-Control": "no-cache"}
    for address in (place, place.removesuffix(".html")):
        assert found[address] == {KIND: f"{parsed(frame).policies[0]}; sandbox allow-scripts"}
    [worker] = (address for address in found if address.endswith("js/worker.js"))
    assert found[worker][KIND] == policy.FOR_WORKERS
    assert "unsafe-eval" not in text.replace("wasm-unsafe-eval", "")
    assert found["/*"][KIND] == "frame-ancestors 'self'"
    assert found["/*"]["X-Content-Type-Options"] == "nosniff"


def test_files_of_a_version_are_kept_for_ever_and_only_those(site: Path) -> None:
    """A folder with a version or a hash in its name never changes what is in it."""
    kept = {address for address, headers in rules(site).items() if "immutable" in headers.get("Cache-Control", "")}
    folders = {each.name for each in (site / "assets").iterdir() if each.is_dir()}

    assert kept
    for address in kept:
        name = address.removeprefix("/assets/").removesuffix("/*")
        assert name in folders
        assert re.search(r"-(\d+\.\d+(\.\d+)*|[0-9a-f]{8,})$", name)
    assert {each for each in folders if re.search(r"-\d+\.\d", each)} <= {each[8:-2] for each in kept}


PAGE = '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>x</title></head>'


@pytest.mark.parametrize(
    ("html", "scripts", "styles"),
    [
        ("<script>a()</script>", {"a()"}, set()),
        ("<script type='module'>a()</script>", {"a()"}, set()),
        ('<SCRIPT nonce="a>b">a("<p>")\n</SCRIPT >', {'a("<p>")\n'}, set()),
        ('<script src="a.js"></script><script type="application/json">{}</script>', set(), set()),  # fetched; data
        ('<script type="importmap">{}</script>', {"{}"}, set()),
        ("<style>p { top: 0 }</style>", set(), {"p { top: 0 }"}),
    ],
)
def test_inline_elements_are_found(html: str, scripts: set[str], styles: set[str]) -> None:
    """Those that a browser would run or apply, to the letter."""
    assert policy.inline(PAGE + html, "script") == scripts
    assert policy.inline(PAGE + html, "style") == styles


def test_a_page_keeps_a_policy_of_its_own(tmp_path: Path) -> None:
    """The sandbox's frame is stricter than a page; its script is none of the pages'."""
    (tmp_path / "assets").mkdir()
    own = PAGE.replace("<title>", f'<meta http-equiv="{KIND}" content="default-src \'none\'"><title>')
    (tmp_path / "assets" / "frame.html").write_text(own + "<script>frame()</script>")
    (tmp_path / "index.html").write_text(PAGE + "<script>page()</script>")

    policy.seal(tmp_path)

    assert (tmp_path / "assets" / "frame.html").read_text() == own + "<script>frame()</script>"
    sealed = Parsed((tmp_path / "index.html").read_text())
    assert digest("page()") in sealed.policies[0]
    assert digest("frame()") not in sealed.policies[0]


@pytest.mark.parametrize("command", ["serve", "build"])
def test_a_page_that_is_served_for_writing_has_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    """`mkdocs serve` puts a script of its own into each page, which no policy would let pass."""
    monkeypatch.setattr(styles, "write_into_pages", lambda *_: None)  # this page links no style sheet,
    monkeypatch.setattr(theme_script, "relieve", lambda *_: None)  # and no script of the theme's
    (tmp_path / "assets").mkdir()
    (tmp_path / "index.html").write_text(PAGE)
    try:
        hooks.on_startup(command, dirty=False)
        config = MkDocsConfig()
        config.site_dir = str(tmp_path)
        hooks.on_post_build(config)
    finally:
        hooks.on_startup("build", dirty=False)

    assert (policy.own_policy((tmp_path / "index.html").read_text()) is None) == (command == "serve")
    assert (tmp_path / "_headers").exists() == (command == "build")


def test_a_page_without_a_charset_stops_the_build() -> None:
    """There would be no place that is surely before everything else."""
    with pytest.raises(ValueError, match="has no place for its policy"):
        policy.with_policy("<!doctype html><title>x</title>", "default-src 'none'")
