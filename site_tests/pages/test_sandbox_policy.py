"""The policy of the sandbox's frame, read from the built site."""

from __future__ import annotations

import base64
import re
from hashlib import sha256
from pathlib import Path

FRAME = "assets/site-*/sandbox/frame.html"


def policy(site: Path) -> dict[str, list[str]]:
    """The directives of the frame's policy, each with its sources."""
    [content] = re.findall(
        r'http-equiv="Content-Security-Policy" content="([^"]*)"', next(site.glob(FRAME)).read_text()
    )
    return {name: sources for name, *sources in (each.split() for each in content.split(";"))}


def test_the_policy_allows_a_script_a_worker_and_nothing_else(site: Path) -> None:
    """No host, no scheme but blob:, no connection, and no evaluation of text."""
    [script] = re.findall(r"<script>(.*?)</script>", next(site.glob(FRAME)).read_text(), re.DOTALL)
    digest = base64.b64encode(sha256(script.encode()).digest()).decode()

    assert policy(site) == {
        "default-src": ["'none'"],
        "script-src": [f"'sha256-{digest}'", "blob:", "'wasm-unsafe-eval'"],
        "worker-src": ["blob:"],
    }


def test_the_policy_stands_before_every_script(site: Path) -> None:
    """A policy holds for what comes after it."""
    html = next(site.glob(FRAME)).read_text()

    assert 0 < html.index("Content-Security-Policy") < html.index("<script")


def test_the_cleaner_is_the_locked_version(site: Path) -> None:
    """DOMPurify is served once, and the scripts know where."""
    [folder] = site.glob("assets/dompurify-*")

    assert (folder / "purify.min.js").is_file()
    [runtime] = site.glob("assets/site-*/js/runtime.js")
    assert f'purifyFolder = "../{folder.name}"' in runtime.read_text()
