"""The real Markdown converter, and the whole site built once."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from markdown import Markdown
from mkdocs.config import load_config

from site_build import fence, typeset

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.fixture(scope="session")
def converter() -> Markdown:
    """Markdown with the extensions of mkdocs.yml."""
    typeset.take_over_markdown_katex()
    config = load_config(str(ROOT / "mkdocs.yml"))
    return Markdown(extensions=config.markdown_extensions, extension_configs=config.mdx_configs)


@pytest.fixture
def convert(converter: Markdown) -> Callable[[str], str]:
    """Turn a page's Markdown into HTML, as if it stood in docs/en/page.md."""

    def to_html(markdown: str) -> str:
        token = fence.current_page.set(fence.Page("docs/en/page.md", markdown))
        try:
            return converter.reset().convert(markdown)
        finally:
            fence.current_page.reset(token)

    return to_html


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site as `mkdocs build --strict` makes it."""
    folder = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(folder)]
    environment = {**os.environ, "NO_MKDOCS_2_WARNING": "1", "SITE_URL": "https://example.org/name/"}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder
