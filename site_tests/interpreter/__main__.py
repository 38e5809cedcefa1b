"""The unit suite inside the interpreter as the site ships it, under Node. Run as `python -m site_tests.interpreter`.

First every module of `calc` is imported with nothing else on the path: what an archive
lacks is missed there. Then pytest runs, and only for its own sake the rest of the standard
library is at hand, and what reads fences; that `calc` does not lean on it is watched.
"""

from __future__ import annotations

import json
import subprocess
import sys
import zlib
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from site_build.interpreter import DEFLATED, ROOT, build
from site_build.interpreter.npm import lock_info
from site_tests.interpreter.left_out import LEFT_OUT

TESTS = ("site_tests/unit", "site_tests/test_every_layer.py", "site_tests/test_every_demo.py")


def main(*options: str) -> int:
    """Run it; the exit code is pytest's."""
    with TemporaryDirectory() as folder:
        return _run(_as_the_page_has_them(Path(folder)), Path(folder) / "core.zip", options)


def _as_the_page_has_them(into: Path) -> dict[str, str]:
    """The files of the interpreter by their names, archives inflated."""
    files = {}
    for path in build(ROOT / "build" / "python").files:
        if path.name.endswith(DEFLATED):
            inflated = into / path.name.removesuffix(DEFLATED)
            inflated.write_bytes(zlib.decompress(path.read_bytes()))
            path = inflated
        files[path.name] = str(path)
    return files


def _run(files: dict[str, str], library: Path, options: tuple[str, ...]) -> int:
    # Without a limit for each test: what keeps it is a thread, and this Python has none.
    arguments = [*TESTS, "-q", "-p", "no:cacheprovider", "-o", "timeout=0", *options]
    for test in LEFT_OUT:
        arguments += ["--ignore" if test.endswith(".py") else "--deselect", test]
    given = {
        "files": files,
        "library": str(library),  # where it is put, out of the engine
        "lock": {"info": lock_info(), "packages": {}},
        "mounts": {
            "/packages": str(Path(pytest.__file__).parent.parent),
            **{f"/repository/{name}": str(ROOT / name) for name in ("site_tests", "docs")},
            "/sources": str(ROOT / "calc" / "models"),
        },
        "fence": (ROOT / "calc" / "fence.py").read_text(encoding="utf-8"),
        "settings": (ROOT / "pyproject.toml").read_text(encoding="utf-8"),
        "arguments": arguments,
    }
    script = str(Path(__file__).with_name("run.mjs"))
    return subprocess.run(["node", "--stack-size=3900", script], input=json.dumps(given), text=True).returncode


if __name__ == "__main__":
    raise SystemExit(main(*sys.argv[1:]))
