"""The Python of the page: Pyodide's files and this package, laid out where Pyodide finds them.

The package is built as a wheel, compiled by pyodide-build for the interpreter's
own Python and entered in the lock file that Pyodide reads, with its checksum, so
that the page asks for `calc` by name. Pyodide's own lock lists hundreds of
packages that no page needs; ours lists one.

pyodide-build compiles with the Python it runs on, which must be the
interpreter's version. Where that version is not installed the wheel goes out as
source, which works the same and starts a little later.
"""

from __future__ import annotations

import json
import logging
import shutil
import subprocess
import time
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hatchling.builders.wheel import WheelBuilder

ROOT = Path(__file__).resolve().parent.parent
COMPILER = ROOT / ".venv-pyodide" / "bin" / "pyodide"
FILES = ("pyodide.mjs", "pyodide.asm.js", "pyodide.asm.wasm", "python_stdlib.zip")
UNFINISHED = "unfinished-"
DAY = 24 * 60 * 60
log = logging.getLogger("mkdocs.hooks.interpreter")


def npm_package(name: str) -> Path:
    """The folder of an installed npm package."""
    folder = ROOT / "node_modules" / name
    if not folder.is_dir():
        raise FileNotFoundError(f"the npm package {name} is missing: run `npm ci` (or `make setup`) first")
    return folder


def version() -> str:
    """The locked version of Pyodide."""
    return str(json.loads((npm_package("pyodide") / "package.json").read_text())["version"])


def python_version() -> str:
    """The version of Python inside Pyodide, such as 3.13."""
    return ".".join(_lock_info()["python"].split(".")[:2])


def _lock_info() -> dict[str, Any]:
    info: dict[str, Any] = json.loads((npm_package("pyodide") / "pyodide-lock.json").read_text())["info"]
    return info


def build(into: Path) -> list[Path]:
    """Make everything that the page's worker loads, in a folder below `into` that is named after its sources.

    What is there already is used again. The folder appears at once and whole, so that
    builds may run side by side.
    """
    made = into / _fingerprint()
    if not made.exists():
        into.mkdir(parents=True, exist_ok=True)
        _remove_old(into)
        with TemporaryDirectory(dir=into, prefix=UNFINISHED) as folder:
            work = Path(folder) / "made"
            work.mkdir()
            wheel = _compiled(_wheel(work))
            lock = {"info": _lock_info(), "packages": {"calc": _entry(wheel)}}
            (work / "pyodide-lock.json").write_text(json.dumps(lock, indent=1))
            with suppress(OSError):  # another build was faster
                work.rename(made)
    return [*sorted(made.iterdir()), *(npm_package("pyodide") / name for name in FILES)]


def _fingerprint() -> str:
    digest = sha256(f"{version()} {COMPILER.exists()}".encode())
    for path in [ROOT / "pyproject.toml", *sorted((ROOT / "calc").rglob("*.py"))]:
        digest.update(str(path.relative_to(ROOT)).encode() + path.read_bytes())
    return digest.hexdigest()[:16]


def _remove_old(into: Path) -> None:
    """Forget builds that nobody reads any more: those of yesterday and before."""
    for folder in into.iterdir():
        if folder.is_dir() and folder.stat().st_mtime < time.time() - DAY:
            shutil.rmtree(folder, ignore_errors=True)


def _wheel(into: Path) -> Path:
    [path] = WheelBuilder(str(ROOT)).build(directory=str(into), versions=["standard"])
    return Path(path)


def _compiled(wheel: Path) -> Path:
    short = python_version()
    if not COMPILER.exists():
        log.info(
            "Python %s, which pyodide-build needs to compile the package for the browser, was not found, so the "
            "package goes out as source; install it and run `make compiler` for a faster start.",
            short,
        )
        return wheel
    command = [str(COMPILER), "py-compile", "--silent", "--compression-level", "9", str(wheel)]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"pyodide-build could not compile the package: {done.stderr.strip()}")
    [compiled] = wheel.parent.glob(f"*-cp{short.replace('.', '')}-none-any.whl")
    return compiled


def _entry(wheel: Path) -> dict[str, Any]:
    name, number, *_ = wheel.name.split("-")
    return {
        "name": "calc",
        "version": number,
        "file_name": wheel.name,
        "install_dir": "site",
        "sha256": sha256(wheel.read_bytes()).hexdigest(),
        "package_type": "package",
        "imports": ["calc"],
        "depends": [],
        "unvendored_tests": False,
    }
