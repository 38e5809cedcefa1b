"""`calc` stands alone: importing all of it loads nothing but the standard library."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import calc

ROOT = Path(calc.__file__).parents[1]

LOADED = """
import importlib, pkgutil, sys
before = set(sys.modules)
import calc
for module in pkgutil.walk_packages(calc.__path__, "calc."):
    importlib.import_module(module.name)
{also}
loaded = {{name.partition(".")[0] for name in set(sys.modules) - before}}
print(" ".join(sorted(loaded - {{"calc"}} - set(sys.stdlib_module_names))))
"""


def loaded(also: str = "") -> list[str]:
    """The packages outside the standard library that importing every module of `calc` loads."""
    command = [sys.executable, "-c", LOADED.format(also=also)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()


def test_calc_needs_the_standard_library_only() -> None:
    """Importing every module of the package loads nothing from elsewhere."""
    assert loaded() == []


def test_the_check_can_fail() -> None:
    """It names a package that is loaded after all."""
    assert "pytest" in loaded("import pytest")


def test_calc_knows_nothing_of_the_site() -> None:
    """Data flows one way: no module of the package mentions MkDocs, the DOM or the build."""
    for path in sorted((ROOT / "calc").rglob("*.py")):
        source = path.read_text(encoding="utf-8")

        assert not {"import mkdocs", "import markdown", "site_build", "import js", "pyodide"} & set(_words(source)), (
            path
        )


def _words(source: str) -> list[str]:
    lines = [line.strip() for line in source.splitlines()]
    imports = [line.replace("from ", "import ", 1) for line in lines if line.startswith(("import ", "from "))]
    return [
        word
        for line in imports
        for word in (" ".join(line.split()[:2]).partition(".")[0], line.split()[1].partition(".")[0])
    ]
