"""The folder of the site's own files: named by what is in it, and told to pages and scripts."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from site_build import site_files
from site_tests.pages.conftest import ROOT

FILES = {"js/a.js": b"a", "css/b.css": b"b"}


@pytest.mark.parametrize(
    "others",
    [
        {"js/a.js": b"c", "css/b.css": b"b"},  # another content
        {"js/c.js": b"a", "css/b.css": b"b"},  # another name
        {"js/a.js": b"ab", "css/b.css": b""},  # the same bytes, divided otherwise
        {"js/a.js": b"a"},  # a file less
    ],
)
def test_whatever_differs_has_another_name(others: dict[str, bytes]) -> None:
    """A browser that keeps an address for ever never has the wrong content."""
    assert site_files.folder_of(others) != site_files.folder_of(FILES)


def test_the_order_of_files_makes_no_difference() -> None:
    """Two builds of the same sources give the same addresses."""
    assert site_files.folder_of(dict(reversed(FILES.items()))) == site_files.folder_of(FILES)


def test_scripts_and_styles_have_no_address_that_stays(site: Path) -> None:
    """All that is gathered stands in the one folder, and nowhere else; pages and scripts know where."""
    [folder] = site.glob("assets/site-*")
    gathered = site_files.gathered(ROOT / "docs" / "en" / "assets")

    assert [name for name in gathered if not (folder / name).is_file()] == []
    assert [name for name in site_files.FOLDERS if (site / "assets" / name).exists()] == []
    for page in site.rglob("*.html"):
        if page.is_relative_to(site / "assets"):
            continue
        html = page.read_text(encoding="utf-8")
        assert set(re.findall(r"assets/(site-\w+)/", html)) == {folder.name}, page


def test_scripts_find_the_folders_beside_theirs(site: Path) -> None:
    """Every folder that the scripts load from is there."""
    [runtime] = site.glob("assets/site-*/js/runtime.js")
    named = re.findall(r'Folder = "([^"]*)"', runtime.read_text())

    assert named
    assert [name for name in named if not (runtime.parent / ".." / name).is_dir()] == []
