"""The line under a calculator that says how it was checked against the real framework."""

from __future__ import annotations

import json
from functools import cache
from html import escape
from pathlib import Path
from typing import Any

FILE = Path(__file__).resolve().parent.parent / "docs" / "evidence.json"


@cache
def lines() -> dict[str, dict[str, Any]]:
    """What is known of each layer, under its name."""
    return _read("layers")


@cache
def demo_lines() -> dict[str, dict[str, Any]]:
    """What is known of the values behind each demo."""
    return _read("demos")


def _read(part: str) -> dict[str, dict[str, Any]]:
    known: dict[str, dict[str, Any]] = json.loads(FILE.read_text(encoding="utf-8"))[part]
    return known


def sentence(layer: str) -> str:
    """How a layer's answers were compared with the framework's; empty where they were not."""
    if values := demo_lines().get(layer):
        framework = f"{values['framework']} {values['version']}"
        return f"Its values agree with {framework} to 1e-6 on {values['agreed']:,} random inputs"
    found = lines().get(layer)
    if found is None:
        return ""
    framework = f"{found['framework']} {found['version']}"
    if found["code"]:
        return (
            f"{framework} ran the code printed here on {found['agreed']:,} configurations: same shapes and parameters"
        )
    text = f"Agrees with {framework} on {found['agreed']:,} random configurations"
    if found["refused"]:
        text += f", both refuse {found['refused']:,}"
    if found["stricter"]:
        text += f", refuses {found['stricter']:,} more on purpose"
    return text


def foot(layer: str, page: str) -> str:
    """The line as HTML, on the page at `page`, with the way to the page that says what was compared."""
    said = sentence(layer)
    if not said:
        return ""
    root = "" if page.endswith("index.md") else "../" * (page.count("/") - 1)
    return f'<p class="calc-evidence">{escape(said)}. <a href="{root}evidence/">How this is known</a></p>'


def _cells(layer: str, found: dict[str, Any]) -> tuple[str, ...]:
    counts = tuple(f"{found[name]:,}" for name in ("agreed", "refused", "stricter", "disagreed"))
    return (
        f"<code>{escape(layer)}</code>",
        f"{escape(found['framework'])} {escape(found['version'])}",
        *(f"{count} (code run)" if found["code"] and not at else count for at, count in enumerate(counts)),
    )


def table() -> str:
    """Every line, as the page about the evidence shows them."""
    rows = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in _cells(*line))}</tr>" for line in lines().items())
    heads = "".join(
        f'<th scope="col">{head}</th>'
        for head in ("Layer", "Compared with", "Both accept and agree", "Both refuse", "Refused here alone", "Disagree")
    )
    return (
        '<div class="calc-scroll" tabindex="0"><table class="calc-table">'
        f"<thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table></div>"
    )
