"""What MkDocs does not do by itself: formulas, calculators, and the files they load.

Only this file knows MkDocs; the fence is plain Python-Markdown and the rest is
plain Python.
"""

from __future__ import annotations

import json
import os
import re
from collections import Counter
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import BuildError
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page as MkDocsPage
from pymdownx.superfences import SuperFencesException

from site_build import fence, interpreter, modules, typeset

ROOT = Path(__file__).resolve().parent.parent
FONT = "@fontsource-variable/stix-two-text"
EDITOR = "prism-code-editor"
EDITOR_MODULES = (
    "index.js",
    "extensions/commands/index.js",
    "extensions/matchBrackets/index.js",
    "extensions/matchBrackets/highlight.js",
    "languages/python.js",
    "prism/languages/python.js",
    "utils/index.js",
)
"""What assets/js/editor.js imports."""

FONT_FILES = ("stix-two-text-latin-wght-normal.woff2", "stix-two-text-latin-wght-italic.woff2")


class FenceError(SuperFencesException, BuildError):  # type: ignore[misc]
    """A wrong calculator: let through by superfences, reported by MkDocs in one line."""


def on_startup(command: str, dirty: bool) -> None:
    """Take markdown-katex's rendering over before it is configured."""
    typeset.take_over_markdown_katex()
    fence.failure = FenceError


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add what comes from npm and what is built here: KaTeX, DOMPurify, editor, text font, Pyodide, the package."""
    katex = interpreter.npm_package("katex")
    katex_folder = f"katex-{_version_of(katex)}"
    pyodide_folder = f"pyodide-{interpreter.version()}"

    for path in interpreter.build(ROOT / "build" / pyodide_folder):
        _add(files, config, f"assets/{pyodide_folder}/{path.name}", path)
    for name in ("katex.min.css", "katex.min.js"):
        _add(files, config, f"assets/{katex_folder}/{name}", katex / "dist" / name)
    for path in sorted((katex / "dist" / "fonts").glob("*.woff2")):
        _add(files, config, f"assets/{katex_folder}/fonts/{path.name}", path)
    purify = interpreter.npm_package("dompurify")
    purify_folder = f"dompurify-{_version_of(purify)}"
    _add(files, config, f"assets/{purify_folder}/purify.min.js", purify / "dist" / "purify.min.js")
    editor = interpreter.npm_package(EDITOR)
    editor_folder = f"{EDITOR}-{_version_of(editor)}"
    for name in (*modules.closed(editor / "dist", EDITOR_MODULES), "layout.css"):
        _add(files, config, f"assets/{editor_folder}/{name}", editor / "dist" / name)
    _add(files, config, f"assets/{editor_folder}/LICENSE", editor / "LICENSE")
    for path in sorted((ROOT / "calc" / "models").glob("*.py")):
        _add(files, config, f"assets/models/{path.name}", path)
    font = interpreter.npm_package(FONT)
    for name in FONT_FILES:
        _add(files, config, f"assets/fonts/{name}", font / "files" / name)
    _add(files, config, "assets/fonts/LICENSE.txt", font / "LICENSE")

    folders = {
        "katexFolder": katex_folder,
        "pyodideFolder": pyodide_folder,
        "purifyFolder": purify_folder,
        "editorFolder": editor_folder,
    }
    constants = "".join(f"export const {name} = {json.dumps(folder)};\n" for name, folder in folders.items())
    files.append(File.generated(config, "assets/js/runtime.js", content=constants))
    config.extra_css.insert(0, f"assets/{katex_folder}/katex.min.css")
    return files


def _version_of(package: Path) -> str:
    return str(json.loads((package / "package.json").read_text())["version"])


def _add(files: Files, config: MkDocsConfig, uri: str, path: Path) -> None:
    files.append(File.generated(config, uri, abs_src_path=str(path)))


def on_page_markdown(markdown: str, page: MkDocsPage, config: MkDocsConfig, files: Files) -> str:
    """Tell the fence which page it stands on, for its messages."""
    source = Path(str(page.file.abs_src_path)).read_text(encoding="utf-8")
    path = os.path.relpath(str(page.file.abs_src_path), Path(config.config_file_path).parent)
    fence.current_page.set(fence.Page(path, source))
    return markdown


def on_page_content(html: str, page: MkDocsPage, config: MkDocsConfig, files: Files) -> str:
    """Stop where a heading and a calculator are called alike: a link could lead to one of them only."""
    ids = Counter(re.findall(r'<(?:h[1-6]|calc-widget)\b[^>]*? id="([^"]*)"', html))
    if twice := [id for id, times in ids.items() if times > 1]:
        raise BuildError(
            f"{page.file.src_uri}: a heading and a calculator are both called {twice[0]!r}; "
            "give the heading another name, as in `## Heading {#name}`."
        )
    return html
