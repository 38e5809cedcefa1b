"""The built site as a whole: nothing raw, nothing broken, nothing from elsewhere."""

from __future__ import annotations

import json
import re
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

ROOT = Path(__file__).resolve().parent.parent.parent
DOCS = ROOT / "docs" / "en"
SOURCES = sorted(DOCS.rglob("*.md"))


class Parsed(HTMLParser):
    """What a page refers to, the ids it offers, its headings and its visible text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.loads: list[str] = []
        self.ids: list[str] = []
        self.headings: list[int] = []
        self.images_without_text = 0
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what matters of each tag."""
        found = dict(attrs)
        if found.get("id"):
            self.ids.append(str(found["id"]))
        if tag == "a" and found.get("href"):
            self.links.append(str(found["href"]))
        if tag in ("script", "img", "iframe") and found.get("src"):
            self.loads.append(str(found["src"]))
        if tag == "link" and found.get("rel") not in ("canonical", "prev", "next", "alternate"):
            self.loads.append(str(found["href"]))
        if re.fullmatch(r"h[1-6]", tag):
            self.headings.append(int(tag[1]))
        if tag == "svg" and found.get("role") == "img" and not found.get("aria-label"):
            self.images_without_text += 1


@cache
def parsed(path: Path) -> Parsed:
    """A page, read once."""
    return Parsed(path.read_text(encoding="utf-8"))


def pages(site: Path) -> list[Path]:
    """Every page of the site; what stands in assets is no page for readers."""
    found = (path for path in site.rglob("*.html") if path.name != "404.html")
    return sorted(path for path in found if path.relative_to(site).parts[0] != "assets")


def test_no_page_shows_a_raw_fence_or_formula(site: Path) -> None:
    """The ways in which superfences and markdown-katex fail without a word."""
    raw = re.compile(r"\$<code>|```|<code>calc |tmp_(block|inline)_md_katex|katex-error|language-calc")

    assert [(path.parent.name, found.group()) for path in pages(site) if (found := raw.search(path.read_text()))] == []


def test_every_internal_link_anchor_and_file_exists(site: Path) -> None:
    """Followed on disk from every page, fragments included."""
    broken = []
    for page in pages(site):
        for link in [*parsed(page).links, *parsed(page).loads]:
            parts = urlsplit(link)
            if parts.scheme or parts.netloc:
                continue
            target = (page.parent / unquote(parts.path)).resolve() if parts.path else page
            target = target / "index.html" if target.is_dir() else target
            offered = parsed(target).ids if target.suffix == ".html" and target.is_file() else [parts.fragment]
            if not target.is_file() or (parts.fragment and parts.fragment not in offered):
                broken.append((page.parent.name, link))

    assert broken == []


def test_nothing_is_loaded_from_another_host(site: Path) -> None:
    """Scripts, style sheets, fonts and images all come from the site, in HTML and in CSS."""
    loads = [(page.parent.name, url) for page in pages(site) for url in parsed(page).loads if urlsplit(url).netloc]
    styles = [
        (path.name, url)
        for path in site.rglob("*.css")
        for url in re.findall(r"url\(['\"]?(?:https?:)?//[^)]*\)", path.read_text())
    ]

    assert loads == []
    assert styles == []


def test_ids_are_unique_and_headings_do_not_skip(site: Path) -> None:
    """One h1 a page, no level left out, no id twice."""
    for page in pages(site):
        found = parsed(page)
        twice = {each for each in found.ids if found.ids.count(each) > 1}
        steps = [b - a for a, b in zip(found.headings, found.headings[1:], strict=False)]

        assert twice == set(), page.parent.name
        assert found.headings.count(1) == 1, page.parent.name
        assert max(steps, default=0) <= 1, (page.parent.name, found.headings)


def test_every_picture_has_a_text_equivalent(site: Path) -> None:
    """Each SVG that stands for something says it in words."""
    assert [page.parent.name for page in pages(site) if parsed(page).images_without_text] == []


def test_every_source_page_is_in_the_site(site: Path) -> None:
    """No page is lost between docs/en and the site."""
    for source in SOURCES:
        address = source.relative_to(DOCS).with_suffix("")
        target = site / "index.html" if source.stem == "index" else site / address / "index.html"

        assert target.is_file()


def test_the_style_sheet_and_the_typesetter_are_one_katex(site: Path) -> None:
    """HTML of one version under the style sheet of another falls apart."""
    locked = json.loads((ROOT / "package-lock.json").read_text())["packages"]["node_modules/katex"]["version"]

    assert [folder.name for folder in site.glob("assets/katex-*")] == [f"katex-{locked}"]
    for page in pages(site):
        assert re.findall(r'\.katex-version:+after{content:"([^"]*)"}', page.read_text()) == [locked]


def test_scripts_know_nothing_of_neural_networks() -> None:
    """No formula and no layer's name is written a second time in JavaScript."""
    words = re.compile(r"kernel|stride|dilation|channels|conv|pool|Math\.(floor|ceil)|in_features", re.IGNORECASE)
    for path in (ROOT / "docs" / "en" / "assets" / "js").glob("*.js"):
        code = re.sub(r"^\s*//.*$", "", path.read_text(), flags=re.MULTILINE)

        assert [found.group() for found in words.finditer(code)] == [], path.name


def test_search_holds_words_and_not_the_insides_of_calculators(site: Path) -> None:
    """No TeX source, no formula twice, no table of a calculator in the search index."""
    index = json.loads((site / "search" / "search_index.json").read_text())
    text = " ".join(entry["text"] for entry in index["docs"] if not entry["location"].startswith("api/"))

    assert re.findall(r"\\(?:frac|text|cdot)\b", text) == []
    assert "What each argument means" not in text
    assert "fractionally" in text or "cross-correlation" in text
