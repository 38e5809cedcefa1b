"""Python that the pages show is run, and what they say it prints is what it prints."""

from __future__ import annotations

import contextlib
import io
import re
from pathlib import Path

import pytest

DOCS = Path(__file__).parents[2] / "docs" / "en"
PAGES = sorted(DOCS.rglob("*.md"))
SHOWN = re.compile(r"^```python\n(.*?)^```\n(?:\s*prints\s*)?\s*^```text\n(.*?)^```", re.MULTILINE | re.DOTALL)
WITH_EXAMPLES = [path for path in PAGES if SHOWN.search(path.read_text(encoding="utf-8"))]


@pytest.mark.parametrize("page", WITH_EXAMPLES, ids=lambda path: path.stem)
def test_an_example_prints_what_the_page_says(page: Path) -> None:
    """A page's examples run one after another, as a reader would type them."""
    names: dict[str, object] = {}
    for code, expected in SHOWN.findall(page.read_text(encoding="utf-8")):
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            exec(compile(code, page.name, "exec"), names)

        assert expected == printed.getvalue()


def test_the_reference_has_examples() -> None:
    """The search above still finds what it is for."""
    assert "api" in [path.stem for path in WITH_EXAMPLES]


COMMENTED = re.compile(r"^(?P<code>\S.*?)\s{2,}# (?P<result>.+)$")
DOCUMENTS = [DOCS.parents[1] / "README.md", DOCS / "index.md"]


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.stem)
def test_a_result_in_a_comment_is_the_result(path: Path) -> None:
    """`conv.params  # 9472` is true."""
    found = 0
    for block in re.findall(r"^```python\n(.*?)^```", path.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL):
        names: dict[str, object] = {}
        for line in block.splitlines():
            printed = io.StringIO()
            claimed = COMMENTED.match(line)
            with contextlib.redirect_stdout(printed):
                if not claimed or line.startswith("print("):
                    exec(line, names)
                else:
                    print(eval(claimed["code"], names))
            if claimed:
                found += 1
                assert claimed["result"] == printed.getvalue().strip()

    assert found
