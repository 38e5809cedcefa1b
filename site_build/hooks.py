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

from site_build import fence, interpreter, modules, offline, policy, site_files, styles, theme_script, typeset

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


class FenceError(SuperFencesException, BuildError):  # type: ignore[misc]
    """A wrong calculator: let through by superfences, reported by MkDocs in one line."""


def on_startup(command: str, dirty: bool) -> None:
    """Take markdown-katex's rendering over before it is configured."""
    policy.wanted = offline.wanted = command != "serve"
    typeset.take_over_markdown_katex()
    fence.failure = FenceError


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add what comes from npm and what is built here: KaTeX, DOMPurify, editor, Pyodide, the package."""
    katex = interpreter.npm_package("katex")
    katex_folder = f"katex-{_version_of(katex)}"
    python = interpreter.build(ROOT / "build" / "python")
    for path in python.files:
        _add(files, config, f"assets/{python.folder}/{path.name}", path)
    for name in ("katex.min.css", "katex.min.js"):
        _add(files, config, f"assets/{katex_folder}/{name}", katex / "dist" / name)
    purify = interpreter.npm_package("dompurify")
    purify_folder = f"dompurify-{_version_of(purify)}"
    _add(files, config, f"assets/{purify_folder}/purify.min.js", purify / "dist" / "purify.min.js")
    editor = interpreter.npm_package(EDITOR)
    editor_folder = f"{EDITOR}-{_version_of(editor)}"
    for name in (*modules.closed(editor / "dist", EDITOR_MODULES), "layout.css"):
        _add(files, config, f"assets/{editor_folder}/{name}", editor / "dist" / name)
    _add(files, config, f"assets/{editor_folder}/LICENSE", editor / "LICENSE")
    folders = {
        "katexFolder": katex_folder,
        "pythonFolder": python.folder,
        "purifyFolder": purify_folder,
        "editorFolder": editor_folder,
    }
    checked = (*python.files, katex / "dist" / "katex.min.js")
    checksums = {path.name: site_files.checksum(path.read_bytes()) for path in checked}
    _add_own(
        files, config, site_files.runtime(folders, keepsPages=offline.wanted, checksums=checksums, **python.constants)
    )
    offline.add(files, config)
    config.extra_css.insert(0, f"assets/{katex_folder}/katex.min.css")
    return files


def _add_own(files: Files, config: MkDocsConfig, runtime: bytes) -> None:
    """Put our own files under a name that changes with them; `runtime` is what scripts know of the build."""
    own = site_files.gathered(Path(config.docs_dir) / "assets")
    for path in sorted((ROOT / "calc" / "models").glob("*.py")):
        own[f"models/{path.name}"] = path.read_bytes()
    own["js/runtime.js"] = runtime
    own = site_files.bundled(own)
    folder = f"assets/{site_files.folder_of(own)}"
    for file in [each for each in files if each.src_uri.removeprefix("assets/") in own]:
        files.remove(file)
    for name, content in own.items():
        files.append(File.generated(config, f"{folder}/{name}", content=content))

    def moved(path: str) -> str:
        name = path.removeprefix("assets/")
        return f"{folder}/{name}" if name in own else path

    config.extra["own"] = folder
    config.extra_css[:] = [moved(path) for path in config.extra_css]
    for script in config.extra_javascript:
        script.path = moved(script.path)  # type: ignore[union-attr]


def whole_fonts() -> dict[str, Path]:
    """The fonts of text and formulas as they come from npm, by the names of their files."""
    folders = (interpreter.npm_package(FONT) / "files", interpreter.npm_package("katex") / "dist" / "fonts")
    return {path.name: path for folder in folders for path in folder.glob("*.woff2")}


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
    """Stop where a heading and a calculator are called alike: a link could lead to one of them only. Frame tables."""
    ids = Counter(re.findall(r'<(?:h[1-6]|calc-widget)\b[^>]*? id="([^"]*)"', html))
    if twice := [id for id, times in ids.items() if times > 1]:
        raise BuildError(
            f"{page.file.src_uri}: a heading and a calculator are both called {twice[0]!r}; "
            "give the heading another name, as in `## Heading {#name}`."
        )
    return theme_script.frame_tables(html)


def on_post_build(config: MkDocsConfig) -> None:
    """Write the style into the pages, seal them, then write the service worker, which names every file as it went out.

    `mkdocs serve` puts a script of its own into each page, which no policy would let pass.
    """
    site = Path(config.site_dir)
    theme_script.relieve(site)
    styles.write_into_pages(site, whole_fonts())
    if policy.wanted:
        policy.seal(site)
    offline.write_worker(site)
    if policy.wanted:
        policy.write_headers(site)
