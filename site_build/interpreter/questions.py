"""What the pages ask of Python before anybody edits anything: every calculator that they declare."""

from __future__ import annotations

import re
from collections.abc import Iterator
from textwrap import dedent
from typing import Any

from calc.calculators import WIDGETS
from calc.fence import parse_fence
from site_build.interpreter.npm import ROOT

PAGES = ROOT / "docs" / "en"
FENCE = re.compile(r"^( *)```calc ([^\n]+)\n(.*?)^\1```", re.MULTILINE | re.DOTALL)


def declared() -> Iterator[dict[str, Any]]:
    """Each calculator as the page asks for it."""
    for page in sorted(PAGES.rglob("*.md")):
        for _, words, body in FENCE.findall(page.read_text(encoding="utf-8")):
            spec = parse_fence(".".join(words.split()), dedent(body))
            yield {"layer": spec.layer, "fields": dict(spec.fields), "panels": list(spec.panels)}


def is_pasted(question: dict[str, Any]) -> bool:
    """Whether the sandbox answers it, because it holds code."""
    return WIDGETS[question["layer"]].sandboxed
