"""Python's modules as archives: source in, compiled modules out, the same bytes at every build.

An archive is stored, not compressed: the host compresses what it sends, better than
a zip could, and Python need not unpack it.
"""

from __future__ import annotations

import os
import subprocess
import zipfile
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

from site_build.interpreter.npm import ROOT, node

COMPILER = ROOT / ".venv-pyodide" / "bin" / "pyodide"
EPOCH = (1980, 1, 1, 0, 0, 0)
"""The date of every file in an archive: the earliest that a zip can say."""

COMPILING = {
    "PYTHONOPTIMIZE": "2",  # no docstrings and no assertions
    "PYTHONNODEBUGRANGES": "1",  # lines are known in a traceback, columns are not
    "SOURCE_DATE_EPOCH": "315532800",  # a module names its source by a hash instead of by when it was written
}
"""How modules are compiled: what is left out is a quarter of what a reader would download."""


def read(path: Path) -> dict[str, bytes]:
    """The files of an archive by their paths in it, folders left out."""
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist() if not name.endswith("/")}


def stored(files: Mapping[str, bytes]) -> bytes:
    """An archive that holds these files, stored, in the order of their names."""
    made = BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_STORED) as archive:
        for name in sorted(files):
            archive.writestr(zipfile.ZipInfo(name, EPOCH), files[name])
    return made.getvalue()


def write(path: Path, files: Mapping[str, bytes]) -> None:
    """Such an archive as a file."""
    path.write_bytes(stored(files))


def compiled(sources: Mapping[str, bytes]) -> dict[str, bytes]:
    """Modules as the interpreter of the page compiles them: `a/b.pyc` for each `a/b.py`; other files are left out.

    pyodide-build compiles with the Python it runs on, which must be the interpreter's version. Where
    that is not installed the interpreter itself does it, in Node, with the same result.
    """
    with TemporaryDirectory() as folder:
        path = Path(folder) / "modules.zip"
        write(path, {name: text for name, text in sources.items() if name.endswith(".py")})
        if COMPILER.exists():
            _compile_by_pyodide_build(path)
        else:
            node("compile.mjs", {"archive": str(path), "env": COMPILING})
        return read(path)


def _compile_by_pyodide_build(path: Path) -> None:
    command = [str(COMPILER), "py-compile", "--silent", "--compression-level", "0", str(path)]
    done = subprocess.run(command, capture_output=True, text=True, env={**os.environ, **COMPILING})
    if done.returncode:
        raise RuntimeError(f"pyodide-build could not compile the page's modules: {done.stderr.strip()[-2000:]}")


def module_of(name: str) -> str:
    """The module that a file of an archive holds: `a.b` for `a/b.pyc` and for `a/b/__init__.pyc`."""
    return name.rpartition(".")[0].replace("/", ".").removesuffix(".__init__")
