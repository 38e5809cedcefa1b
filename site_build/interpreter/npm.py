"""The npm packages that the site is made of, and folders that are made once from them."""

from __future__ import annotations

import json
import shutil
import subprocess
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import cache
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

ROOT = Path(__file__).resolve().parent.parent.parent
HERE = Path(__file__).resolve().parent
UNFINISHED = "unfinished-"
WEEK = 7 * 24 * 60 * 60


def npm_package(name: str) -> Path:
    """The folder of an installed npm package."""
    folder = ROOT / "node_modules" / name
    if not folder.is_dir():
        raise FileNotFoundError(f"the npm package {name} is missing: run `npm ci` (or `make setup`) first")
    return folder


@cache
def version() -> str:
    """The locked version of Pyodide."""
    return str(json.loads((npm_package("pyodide") / "package.json").read_text())["version"])


@cache
def lock_info() -> dict[str, Any]:
    """What Pyodide's lock says of the build that its packages are for."""
    info: dict[str, Any] = json.loads((npm_package("pyodide") / "pyodide-lock.json").read_text())["info"]
    return info


def python_version() -> str:
    """The version of Python inside Pyodide, such as 3.13."""
    return ".".join(lock_info()["python"].split(".")[:2])


def made_once(into: Path, kind: str, sources: Iterable[Path | str], make: Callable[[Path], None]) -> Path:
    """A folder below `into`, named after what it is made from; made now if it is not there.

    The folder appears at once and whole, so that builds may run side by side. Those that
    nobody asked for in a week are removed.
    """
    digest = sha256()
    for source in sources:
        digest.update(source.encode() if isinstance(source, str) else source.name.encode() + source.read_bytes())
    made = into / f"{kind}-{digest.hexdigest()[:16]}"
    if made.exists():
        made.touch()
        return made
    into.mkdir(parents=True, exist_ok=True)
    _remove_old(into)
    with TemporaryDirectory(dir=into, prefix=UNFINISHED) as folder:
        work = Path(folder) / "made"
        work.mkdir()
        make(work)
        with suppress(OSError):  # another build was faster
            work.rename(made)
    return made


def _remove_old(into: Path) -> None:
    for folder in into.iterdir():
        if folder.is_dir() and folder.stat().st_mtime < time.time() - WEEK:
            shutil.rmtree(folder, ignore_errors=True)


def node(script: str, given: Any) -> Any:
    """What a script beside this file answers: JSON in, JSON out.

    Raises `RuntimeError` with what the script wrote where it fails.
    """
    done = subprocess.run(
        ["node", str(HERE / script)], input=json.dumps(given), capture_output=True, text=True, encoding="utf-8"
    )
    if done.returncode:
        raise RuntimeError(f"{script} failed: {done.stderr.strip()[-2000:]}")
    return json.loads(done.stdout)
