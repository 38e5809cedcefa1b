"""The Python of the page: Pyodide, cut down to what the site needs, with this package in it.

Pyodide is made for pages that install packages. This site needs one interpreter and one
package: `engine.py` takes out of Pyodide's own files what only other packages could use,
and `library.py` puts the modules that are needed, compiled, into archives together with
`calc`. What every calculator needs goes out within the engine, since hosts compress
WebAssembly, better than an archive could be, and compress no archive. All of it is made
from the pinned npm package, the same bytes at every build, and goes out in a folder named
after its content.
"""

from __future__ import annotations

import json
import zlib
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from site_build.interpreter import archive, engine, library
from site_build.interpreter.archive import COMPILER
from site_build.interpreter.npm import HERE, ROOT, lock_info, made_once, npm_package, python_version, version

__all__ = ["COMPILER", "ROOT", "Interpreter", "build", "npm_package", "python_version", "version"]


CORE = "core"
"""The archive that goes out within the engine."""

DEFLATED = ".deflated"
"""The ending of an archive that goes out by itself."""


@dataclass(frozen=True)
class Interpreter:
    """What was built: its files, and the folder that they go out in, such as `python-1f6a0c3d9b2e`."""

    folder: str
    files: tuple[Path, ...]

    @property
    def constants(self) -> dict[str, Any]:
        """What the page's script must know to start it: Pyodide asks which build its packages are for."""
        return {"pythonLock": {"info": lock_info(), "packages": {}}}


def build(into: Path) -> Interpreter:
    """Make everything that the page's workers load, below `into`; what is there already is used again."""
    archives = library.archives(into)
    cut = engine.files(into)
    texts = [f"{name} {path}\n{content!r}" for name, held in archives.items() for path, content in held.items()]

    def make(folder: Path) -> None:
        [module] = (path for path in cut if path.name == engine.MODULE)
        core = archive.stored(archives[CORE])
        (folder / module.name).write_bytes(engine.holding(module.read_bytes(), f"{CORE}.zip", core))
        for name in archives.keys() - {CORE}:
            # Inside of a zip each file would be deflated by itself: half as well.
            content = zlib.compress(archive.stored(archives[name]), 9)
            (folder / f"{name}.zip{DEFLATED}").write_bytes(content)
        (folder / "rest.json").write_text(json.dumps(library.importable(archives["rest"]), separators=(",", ":")))

    made = made_once(into, "archives", [DEFLATED, HERE / "engine.py", *cut, *texts], make)
    files = [*(path for path in cut if path.name != engine.MODULE), *sorted(made.iterdir())]
    digest = sha256()
    for path in files:
        digest.update(path.name.encode() + sha256(path.read_bytes()).digest())
    return Interpreter(f"python-{digest.hexdigest()[:12]}", tuple(files))
