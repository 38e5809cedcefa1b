"""The table of published counts that a page asks for with a fence."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from pymdownx.superfences import SuperFencesException

from calc.model_catalogue import models
from calc.reported.published import published

Convert = Callable[[str], str]


def test_a_published_fence_becomes_a_table(convert: Convert) -> None:
    """As it stands, and no code block."""
    html = convert("# Page\n\n```published lenet\n```\n")

    assert published("lenet") in html
    assert "<p><table" not in html
    assert "<code>published" not in html


WRONG = [
    ("published", "", "docs/en/page.md: a published fence names one file and is empty"),
    ("published lenet vgg", "", "docs/en/page.md: a published fence names one file and is empty"),
    ("published lenet", "size = 3\n", "docs/en/page.md: a published fence names one file and is empty"),
    ("published lenet5", "", "docs/en/page.md: no network has the file 'lenet5'; there are lenet, lenet_caffe,"),
]


@pytest.mark.parametrize(("words", "body", "said"), WRONG)
def test_a_wrong_one_stops_the_build(convert: Convert, words: str, body: str, said: str) -> None:
    """With the page and the reason."""
    with pytest.raises(SuperFencesException) as raised:
        convert(f"# Page\n\n```{words}\n{body}```\n")

    assert str(raised.value).startswith(said)


@pytest.mark.parametrize("file", sorted({model.file for model in models().values()}))
def test_the_built_page_has_calculator_and_table(site: Path, file: str) -> None:
    """Every network of the file stands in its table, and each published count with its link."""
    html = (site / "models" / file.replace("_", "-") / "index.html").read_text(encoding="utf-8")

    assert html.count('layer="Model"') == 1
    assert published(file) in html
    for model in models().values():
        if model.file == file:
            assert f"<td>{model.name}<br>" in html or re.search(f'<td rowspan="\\d">{model.name}<br>', html)
            for each in model.published:
                assert f'<a href="{each.url}">{each.by}</a>' in html


def test_links_to_the_evidence_go_up_from_any_folder(site: Path) -> None:
    """A page in a folder has one step more to go."""
    for page in site.rglob("index.html"):
        for link in re.findall(r'<p class="calc-evidence">[^<]*<a href="([^"]*)"', page.read_text(encoding="utf-8")):
            assert (page.parent / link / "index.html").is_file(), page
