"""Formulas as HTML, by one Node process that keeps KaTeX loaded.

markdown-katex starts a program for each formula, which takes from a tenth of a
second to more than one; its bundled program has no arm64 build and another
KaTeX version than the style sheet. It keeps its job, the syntax in Markdown, and
its one seam is replaced by this process, which uses the locked npm KaTeX. The
calculators use the same function, so every formula of the site is one dialect.
"""

from __future__ import annotations

import atexit
import json
import subprocess
from functools import cache
from html import unescape
from pathlib import Path
from shutil import which
from threading import Lock
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
WORD_JOINER = "\u2060"
"""Stands behind a formula in a sentence, or a line could begin with the full stop that follows it."""

_lock = Lock()


class TypesetError(ValueError):
    """A formula that KaTeX refuses."""


@cache
def _process() -> subprocess.Popen[str]:
    if not which("node"):
        raise TypesetError("Node.js is missing: install Node 20 or later, then run `make setup`.")
    if not (ROOT / "node_modules" / "katex").is_dir():
        raise TypesetError("KaTeX is missing: run `npm ci` (or `make setup`) first.")
    process = subprocess.Popen(
        ["node", str(Path(__file__).with_name("typeset.mjs"))],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )
    atexit.register(process.kill)
    return process


@cache
def typeset(tex: str, *, display: bool = False) -> str:
    """A formula in TeX as KaTeX's HTML, with MathML inside for screen readers."""
    process = _process()
    assert process.stdin
    assert process.stdout
    with _lock:
        process.stdin.write(json.dumps({"tex": tex, "display": display}) + "\n")
        process.stdin.flush()
        line = process.stdout.readline()
    if not line:
        raise TypesetError("KaTeX stopped; see the messages above.")
    reply = json.loads(line)
    if "error" in reply:
        raise TypesetError(f"{reply['error']} (in {tex!r})")
    return str(reply["html"])


def take_over_markdown_katex() -> None:
    """Let markdown-katex render through this process instead of a program for each formula."""
    from markdown_katex import wrapper

    def tex2html(tex: str, options: dict[str, Any] | None = None) -> str:
        if "display-mode" in (options or {}):
            return typeset(unescape(tex), display=True)
        return typeset(unescape(tex)) + WORD_JOINER

    wrapper.tex2html = tex2html
    wrapper.parse_options = dict  # it would start the bundled program to ask for its options
