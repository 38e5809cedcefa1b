"""What the service worker is told of a build, and what makes the site an app."""

from __future__ import annotations

import json
import re
import struct
from base64 import urlsafe_b64encode
from hashlib import sha256
from pathlib import Path

import png
import pytest

from site_build import icons, offline

MARK = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16">
<style>.one { fill: #102030 } .two { fill: #405060 }</style>
<path class="one" d="M0 1h2v12h3v2H0z"/><path class="two" d="M9 8h4v4H9zM14 0H16V1h-2z"/></svg>"""
WHITE, ONE, TWO = (255, 255, 255, 255), (0x10, 0x20, 0x30, 255), (0x40, 0x50, 0x60, 255)


def listed(site: Path) -> dict[str, list[object]]:
    """The files that the worker of a site names."""
    [found] = re.findall(r"^const FILES = (\{.*?\});$", (site / "sw.js").read_text(), re.DOTALL | re.MULTILINE)
    files: dict[str, list[object]] = json.loads(found)
    return files


def test_the_worker_names_every_file_with_the_hash_of_its_content(site: Path) -> None:
    """As it went out, whatever else was done to the pages; what no page loads is left out."""
    files = listed(site)
    for name, (hash, size) in files.items():
        content = (site / name).read_bytes()
        assert (hash, size) == (urlsafe_b64encode(sha256(content).digest()).decode()[:16], len(content)), name
    left_out = {path.relative_to(site).as_posix() for path in site.rglob("*") if path.is_file()} - files.keys()

    assert {"index.html", "404.html", "offline/index.html", "manifest.webmanifest", "sitemap.xml"} <= files.keys()
    assert "search/search_index.json" in files
    assert "sw.js" in left_out
    assert {Path(name).suffix for name in left_out} <= {".js", ".map", ".gz", ".inv", "", ".txt"}


def test_a_build_is_named_after_its_content(tmp_path: Path) -> None:
    """The same files make the same worker; one letter makes another."""
    (tmp_path / "index.html").write_text("one")
    offline.write_worker(tmp_path)
    first = (tmp_path / "sw.js").read_text()
    offline.write_worker(tmp_path)
    assert (tmp_path / "sw.js").read_text() == first

    (tmp_path / "index.html").write_text("two")
    offline.write_worker(tmp_path)
    [before, after] = (re.findall(r"BUILD = (\S+);", text) for text in (first, (tmp_path / "sw.js").read_text()))
    assert before != after


def test_a_preview_has_a_worker_that_leaves(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`mkdocs serve` keeps nothing, and removes what was kept."""
    monkeypatch.setattr(offline, "wanted", False)
    offline.write_worker(tmp_path)

    assert "registration.unregister()" in (tmp_path / "sw.js").read_text()
    assert "FILES" not in (tmp_path / "sw.js").read_text()


def test_the_manifest_s_icons_are_there_and_as_large_as_it_says(site: Path) -> None:
    """Every page names the manifest; every address in it is relative to it."""
    manifest = json.loads((site / "manifest.webmanifest").read_text())
    assert (manifest["name"], manifest["start_url"], manifest["scope"]) == ("Shapewise", ".", ".")
    for icon in manifest["icons"]:
        width, height = struct.unpack(">II", (site / icon["src"]).read_bytes()[16:24])
        assert icon["sizes"] == f"{width}x{height}"
    assert {icon["purpose"] for icon in manifest["icons"]} == {"any", "maskable"}
    for page in site.rglob("index.html"):
        assert '<link rel="manifest" href="' in page.read_text(), page


def test_the_list_of_pages_does_not_change_from_day_to_day(site: Path) -> None:
    """Or a newer version would be announced each day."""
    assert "<loc>" in (site / "sitemap.xml").read_text()
    assert "<lastmod>" not in (site / "sitemap.xml").read_text()


def pixels(picture: bytes) -> list[list[tuple[int, ...]]]:
    """The rows of a picture: red, green, blue and how opaque it is."""
    _, _, rows, _ = png.Reader(bytes=picture).asRGBA8()
    return [list(zip(*[iter(row)] * 4, strict=True)) for row in rows]


def test_an_icon_is_the_mark_on_paper() -> None:
    """Each cell of the mark's grid is a square of pixels, in the middle."""
    [drawn, larger] = map(pixels, icons.pngs(MARK, [(52, 3), (100, 6)], paper="#ffffff"))
    cell = {(x, y): drawn[2 + 3 * y + 1][2 + 3 * x + 1] for x in range(16) for y in range(16)}
    one = {(x, y) for x in range(2) for y in range(1, 15)} | {(x, y) for x in range(2, 5) for y in (13, 14)}
    two = {(x, y) for x in range(9, 13) for y in range(8, 12)} | {(14, 0), (15, 0)}

    assert {len(drawn), *map(len, drawn)} == {52}
    assert {len(larger), *map(len, larger)} == {100}
    assert {at for at, colour in cell.items() if colour == ONE} == one
    assert {at for at, colour in cell.items() if colour == TWO} == two
    assert {colour for at, colour in cell.items() if at not in one | two} == {WHITE}
    assert {*drawn[0], *drawn[1], *drawn[50], *drawn[51]} == {WHITE}
    assert {colour for row in drawn for colour in row} == {WHITE, ONE, TWO}


def test_a_mark_that_cannot_be_drawn_is_refused() -> None:
    """One on another grid, and one that is no SVG."""
    with pytest.raises(ValueError, match='the mark.s first element says no viewBox="0 0 16 16"; draw it on'):
        icons.pngs(MARK.replace("0 0 16 16", "0 0 24 24"), [(52, 3)], "#ffffff")
    with pytest.raises(RuntimeError, match="icons.mjs failed"):
        icons.pngs(MARK.replace("</svg>", ""), [(52, 3)], "#ffffff")
