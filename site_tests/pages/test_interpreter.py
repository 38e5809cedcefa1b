"""What goes out as the page's Python: archives that hold each module once, and a smaller engine."""

from __future__ import annotations

import json
import zipfile
import zlib
from io import BytesIO
from pathlib import Path

import pytest

from site_build.interpreter import archive, library
from site_build.interpreter.npm import ROOT, npm_package

ENGINE = "pyodide.asm.wasm"
GLUE = "pyodide.asm.js"
ARCHIVES = (ENGINE, "models.zip.deflated", "rest.zip.deflated")


@pytest.fixture(scope="module")
def folder(site: Path) -> Path:
    """Where Python's files are in the built site."""
    [found] = site.glob("assets/python-*")
    return found


def opened(path: Path) -> zipfile.ZipFile:
    """An archive as the page opens it; the first is at the end of the engine, where `zipfile` finds it."""
    content = path.read_bytes()
    return zipfile.ZipFile(BytesIO(content if path.name == ENGINE else zlib.decompress(content)))


def held(path: Path) -> set[str]:
    with opened(path) as files:
        return {archive.module_of(name) for name in files.namelist()}


def test_each_module_is_in_one_archive(folder: Path) -> None:
    """Together they hold the standard library and the package without what only the build reads, nothing twice."""
    modules = [held(folder / name) for name in ARCHIVES]
    standard = archive.read(npm_package("pyodide") / "python_stdlib.zip")
    ours = [path.relative_to(ROOT).as_posix() for path in (ROOT / "calc").rglob("*.py")]
    start = [path.relative_to(library.START).as_posix() for path in library.START.rglob("*.py")]
    names = [
        name for name in (*standard, *ours, *start) if name.endswith(".py") and not library.NOT_SHIPPED.match(name)
    ]

    written = {"dataclass_methods.first", "dataclass_methods.pasted"}

    assert sum(map(len, modules)) == len(set.union(*modules))
    assert set.union(*modules) == {archive.module_of(name) for name in names} | written


def test_the_page_loads_no_stand_in_for_a_framework(folder: Path) -> None:
    """What only pasted models need is not in the archive of the page's own worker."""
    core, models = (held(folder / name) for name in ARCHIVES[:2])

    assert {"calc.render", "calc.layers.conv", "calc.demos.masks"} <= core
    assert {"calc.tracing", "calc.torch.tensor", "argparse"} <= models
    assert not {"asyncio", "socket", "unittest", "csv"} & core


def test_archives_are_stored_and_the_same_at_every_build(folder: Path) -> None:
    """No compression within, no date, names in order, compiled modules alone; deflated as a whole."""
    for name in ARCHIVES:
        with opened(folder / name) as files:
            entries = files.infolist()
        assert {each.compress_type for each in entries} == {zipfile.ZIP_STORED}
        assert {each.date_time for each in entries} == {archive.EPOCH}
        assert [each.filename for each in entries] == sorted(each.filename for each in entries)
        assert {Path(each.filename).suffix for each in entries} == {".pyc"}


def test_what_can_be_imported_from_the_rest_is_listed(folder: Path) -> None:
    """By the names that code would import: a package, not each module in it, unless the package is elsewhere."""
    names = json.loads((folder / "rest.json").read_text())

    assert {"csv", "unittest", "datetime", "html.parser"} - held(folder / ARCHIVES[1]) <= set(names)
    assert not [name for name in names if name.startswith(("unittest.", "calc"))]


def test_the_engine_is_smaller(folder: Path) -> None:
    """Functions that only extension modules could call are gone; an engine without cuts would be as large as npm's."""
    with opened(folder / ENGINE) as library:
        sizes = {ENGINE: library.infolist()[0].header_offset, GLUE: (folder / GLUE).stat().st_size}
    for name, size in sizes.items():
        assert size < 0.9 * (npm_package("pyodide") / name).stat().st_size


def test_the_interpreter_compiles_what_pyodide_build_would(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where Python of the interpreter's version is not installed, the modules are compiled as briefly."""
    sources = {
        "a/__init__.py": b'"""Prose."""\nX = 1\n',
        "a/b.py": b"def f():\n    'prose'\n    assert 0\n",
        "a/c.txt": b"",
    }

    monkeypatch.setattr(archive, "COMPILER", tmp_path / "absent")
    compiled = archive.compiled(sources)

    assert sorted(compiled) == ["a/__init__.pyc", "a/b.pyc"]
    assert not any(b"rose" in code or b"AssertionError" in code for code in compiled.values())
