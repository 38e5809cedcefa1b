"""Set up pyodide-build in an environment of its own, on a Python of the interpreter's version.

Run as `python -m site_build.compiler`. pyodide-build compiles for the Python it
runs on, and that must be the one inside Pyodide; where it is not installed this
says so in one sentence and changes nothing, and the interpreter itself compiles its
modules, in Node, which takes longer.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from shutil import which

from site_build.interpreter import COMPILER, ROOT, python_version


def candidates(version: str) -> Iterator[str]:
    """Where a Python of this version may be: named by the caller, this one, on the path, under pyenv."""
    if named := os.environ.get("PYODIDE_PYTHON"):
        yield named
    yield sys.executable
    if found := which(f"python{version}"):
        yield found
    if which("pyenv"):
        root = subprocess.run(["pyenv", "root"], capture_output=True, text=True).stdout.strip()
        yield from (str(path) for path in sorted(Path(root).glob(f"versions/{version}.*/bin/python")))


def is_version(python: str, version: str) -> bool:
    """Whether this program is a Python of that version; a pyenv shim may exist and not work."""
    code = "import sys; print('%d.%d' % sys.version_info[:2])"
    try:
        done = subprocess.run([python, "-c", code], capture_output=True, text=True)
    except OSError:
        return False
    return done.returncode == 0 and done.stdout.strip() == version


def main() -> None:
    """Make the environment, or say why not."""
    version = python_version()
    python = next((each for each in candidates(version) if is_version(each, version)), None)
    if python is None:
        print(
            f"Python {version}, the version inside Pyodide, was not found, so Pyodide itself compiles its modules, "
            "which takes longer; install it (or name it in PYODIDE_PYTHON) and run `make compiler` for a faster build."
        )
        return
    folder = COMPILER.parent.parent
    subprocess.run([python, "-m", "venv", "--clear", str(folder)], check=True)
    requirements = ROOT / "requirements" / "compiler.txt"
    pip = [str(folder / "bin" / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, "--require-hashes", "-r", str(requirements)], check=True)


if __name__ == "__main__":
    main()
