"""The style of a page: written into it, so that nothing but the page itself is waited for before it is seen.

All sheets minified are 25 kB compressed, the theme's without the rules that
nothing on the site asks for. A file beside the page would be a round trip more
before anything is seen. The text is the same in all pages, so that one hash in the
policy speaks of all, and instant navigation leaves it where it is.

Fonts are files: a page is read in the fallback, which is cut to the same
measures, until they are there. Which there are is said in a text of its own, since
it has their addresses; said later, it would have the browser lay out all of the
page once more.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from hashlib import sha256
from html import unescape
from pathlib import Path

from site_build import fonts
from site_build.site_files import run

ROOT = Path(__file__).resolve().parent.parent
SHEET = re.compile(r'\s*<link rel="stylesheet" href="([^"]+)">')
FACE = re.compile(r"@font-face\s*\{[^}]*\}")
SOURCE = re.compile(r"""url\(["']?[^"')]*?([^"')/]+\.woff2)["']?\)""")
FORMULA = re.compile(r"<katex-html\b.*?</katex-html>", re.DOTALL)
ABOVE_THE_FOLD = "stix-two-text-latin-wght-normal.woff2"
NOT_HERE = re.compile(r"md-(annotation|source|status|tag|tooltip|version)|mermaid|tabbed-|data-md-color-switching")
"""How words of the theme's script begin that stand for what only other sites have, where no page has them either.

The last is set while colours change, so that nothing fades: each time the whole page would be styled anew.
"""

THEIRS = "stylesheets/"
"""Where the theme's own sheets stand; rules of these may go."""


def write_into_pages(site: Path, known: dict[str, Path]) -> None:
    """Put the style sheets that a built site's pages link into the pages, and their fonts beside them.

    `known` has the whole fonts, by the names of their files.
    """
    pages = {path: path.read_text(encoding="utf-8") for path in sorted(site.rglob("*.html"))}
    pages = {path: html for path, html in pages.items() if SHEET.search(html)}
    sheets = _sheets(site, pages)
    faces: list[str] = []
    styles = {path: _without_faces(path.read_text(encoding="utf-8"), faces) for path in sheets}
    words = _words(site, pages.values())
    early = run(
        "styles.mjs",
        {
            "theirs": "\n".join(text for path, text in styles.items() if THEIRS in path.as_posix()),
            "ours": "\n".join(text for path, text in styles.items() if THEIRS not in path.as_posix()),
            "words": sorted(words | _properties(site, sheets)),
        },
    )
    faces = [face for face in faces if asked_for(face, early, words)]
    folder, declared = _write_fonts(site, faces, known, pages.values())
    for path, html in pages.items():
        path.write_text(_styled(html, early.strip(), folder, declared), encoding="utf-8")


def _sheets(site: Path, pages: dict[Path, str]) -> list[Path]:
    """The sheets that all pages link, in their order."""
    linked = {
        tuple((path.parent / href).resolve() if not href.startswith("/") else Path() for href in SHEET.findall(html))
        for path, html in pages.items()
        if path != site / "404.html"  # whose addresses start at the host
    }
    if len(linked) != 1:
        raise ValueError("pages link different style sheets, so one text cannot stand for all")
    return list(linked.pop())


def _without_faces(css: str, faces: list[str]) -> str:
    """A sheet without the fonts that have a file, which are added to `faces`."""
    faces.extend(face for face in FACE.findall(css) if SOURCE.search(face))
    return FACE.sub(lambda found: "" if SOURCE.search(found[0]) else found[0], css)


def _words(site: Path, pages: Iterable[str]) -> set[str]:
    """Everything that may name a class, an id or an element: in pages, in scripts, and in what Python prints."""
    scripts = (*site.glob("assets/javascripts/*.js"), *site.glob("assets/site-*/js/*.js"))
    sources = (*scripts, *(ROOT / "calc").rglob("*.py"))
    made = _words_of(path.read_text(encoding="utf-8") for path in sources)
    return _words_of(pages) | {word for word in made if not NOT_HERE.match(word)}


def _properties(site: Path, sheets: list[Path]) -> set[str]:
    """Properties of their own that files beside the pages speak of, such as the editor's style."""
    beside = {*site.glob("assets/**/*.css"), *site.glob("assets/**/*.js")} - set(sheets)
    texts = (path.read_text(encoding="utf-8") for path in beside)
    return {name for text in texts for name in re.findall(r"--[A-Za-z][\w-]*", text)}


def _words_of(texts: Iterable[str]) -> set[str]:
    return {word for text in texts for word in re.findall(r"[A-Za-z0-9_-]+", text)}


def asked_for(face: str, style: str, words: set[str]) -> bool:
    """Whether a face's font can be shown: one for certain kinds of letters only where `words` name such a kind."""
    [family] = re.findall(r"""font-family:\s*["']?([^"';}]*)""", face)
    rules = re.findall(rf"([^{{}}]*)\{{[^{{}}]*\b{re.escape(family)}\b", style)
    classes = [set(re.findall(r"\.([\w-]+)", rule)) - {"katex"} for rule in rules]
    return not classes or any(not each or each & words for each in classes)


def _write_fonts(site: Path, faces: list[str], known: dict[str, Path], pages: Iterable[str]) -> tuple[str, str]:
    """Write the fonts, cut to what the site shows; gives back their folder, and what declares them within it."""
    formulas = characters_of_formulas(pages) | fonts.FORMULA
    texts = characters_of_texts()
    made: dict[str, bytes] = {}

    def placed(face: str) -> str:
        found = SOURCE.search(face)
        assert found
        name = found[1]
        shown = formulas if name.startswith("KaTeX") else texts
        made[name] = fonts.cut(known[name], shown, ROOT / "build" / "fonts")
        face = re.sub(r"src:[^;}]*", f'src:url({name}) format("woff2")', face)
        # Readable at once: no browser hides the text while it waits.
        return re.sub(r";?\}$", ";font-display:swap}", re.sub(r"font-display:[^;}]*;?", "", face))

    declared = "".join(placed(face) for face in faces)
    digest = sha256(declared.encode() + b"".join(made.values())).hexdigest()[:12]
    folder = site / "assets" / f"fonts-{digest}"
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in made.items():
        (folder / name).write_bytes(content)
    licence = known[ABOVE_THE_FOLD].parent.parent / "LICENSE"
    (folder / "LICENSE.txt").write_bytes(licence.read_bytes())
    return f"assets/{folder.name}", declared


def characters_of_formulas(pages: Iterable[str]) -> set[str]:
    """What formulas are set from on these pages."""
    formulas = (formula for html in pages for formula in FORMULA.findall(html))
    return {each for formula in formulas for each in unescape(re.sub(r"<[^>]*>", "", formula))}


def characters_of_texts() -> set[str]:
    """What pages and what Python prints are written in: each character of their sources."""
    sources = [*(ROOT / "docs").rglob("*.md"), *(ROOT / "calc").rglob("*.py"), ROOT / "mkdocs.yml"]
    return fonts.TEXT.union(*(path.read_text(encoding="utf-8") for path in sources))


def _styled(html: str, early: str, folder: str, declared: str) -> str:
    """A page with the style, and the fonts at their addresses, in the place of its sheets."""
    first = SHEET.search(html)
    assert first
    base = first[1][: first[1].index("assets/")]
    head = (
        f"<style>{early}</style><style>{declared.replace('url(', f'url({base}{folder}/')}</style>"
        f'<link rel="preload" href="{base}{folder}/{ABOVE_THE_FOLD}" as="font" type="font/woff2" crossorigin>'
    )
    return f"{html[: first.start()]}{head}{SHEET.sub('', html[first.start() :])}"
