"""The modules of the page's Python, in three archives.

- `core.zip`: what the page's own worker loads to answer any calculator; `calc` is in it, and it is in the engine;
- `models.zip`: what only those need who paste a model: the stand-ins for PyTorch and Keras, the tracer;
- `rest.zip`: the rest of the standard library, for pasted code that names a module of it.

What belongs where is found by running: every calculator of the pages is answered in the
pinned interpreter, and what was imported is looked up. No list is kept by hand. So are
the sources that dataclasses write as they are imported; see start/dataclass_methods.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from site_build.interpreter import archive, questions
from site_build.interpreter.npm import HERE, ROOT, made_once, node, npm_package, version

START = HERE / "start"
"""Modules of ours that Python starts with, some in the place of Pyodide's own."""

NOT_SHIPPED = re.compile(r"calc/(models/|fence\.py$)")
"""Sources that a page shows and nothing imports; and what reads fences, which only the build does."""


def standard(into: Path) -> dict[str, bytes]:
    """The interpreter's own standard library, compiled, with our stand-ins in it."""

    def make(folder: Path) -> None:
        sources = archive.read(npm_package("pyodide") / "python_stdlib.zip")
        sources |= {path.relative_to(START).as_posix(): path.read_bytes() for path in START.rglob("*.py")}
        archive.write(folder / "all.zip", archive.compiled(sources))

    made = made_once(into, "standard", [version(), *_makers(), *sorted(START.rglob("*.py"))], make)
    return archive.read(made / "all.zip")


def package(into: Path) -> dict[str, bytes]:
    """`calc`, compiled."""
    paths = {path.relative_to(ROOT).as_posix(): path for path in sorted((ROOT / "calc").rglob("*.py"))}
    sources = {name: path.read_bytes() for name, path in paths.items() if not NOT_SHIPPED.match(name)}

    def make(folder: Path) -> None:
        archive.write(folder / "calc.zip", archive.compiled(sources))

    made = made_once(into, "calc", [version(), *_makers(), *(f"{name}\n{sources[name]!r}" for name in sources)], make)
    return archive.read(made / "calc.zip")


def archives(into: Path) -> dict[str, dict[str, bytes]]:
    """The three archives: under the name of each, its files."""
    library, ours = standard(into), package(into)
    found = _found(into, library | ours)
    plain, pasted = set(found["plain"]), set(found["pasted"])
    only_pasted = pasted - plain
    first = plain | {archive.module_of(path.relative_to(START).as_posix()) for path in START.rglob("*.py")}
    methods = _methods(into, found["methods"])
    core = _of(library, first) | _without(ours, only_pasted) | methods["first"]
    models = _of(library | ours, only_pasted) | methods["pasted"]
    return {"core": core, "models": models, "rest": _without(library, first | only_pasted)}


def importable(files: Iterable[str]) -> list[str]:
    """The names by which code imports what an archive holds: modules at the top, or below a package of another."""
    names = {archive.module_of(name) for name in files}
    return sorted(name for name in names if name.rpartition(".")[0] not in names)


def _found(into: Path, everything: Mapping[str, bytes]) -> dict[str, Any]:
    """The modules that are loaded by answering for the page's own worker (`plain`), and for pasted code too.

    `methods` are the sources that dataclasses wrote meanwhile: in what every answer imports (`first`),
    and in what only pasted code does.
    """
    asked = list(questions.declared())

    def make(folder: Path) -> None:
        path = folder / "everything.zip"
        archive.write(path, everything)
        plain = [each for each in asked if not questions.is_pasted(each)]
        pasted = [each for each in asked if questions.is_pasted(each)]
        found = node("imported.mjs", {"archive": str(path), "plain": plain, "pasted": pasted})
        path.unlink()
        (folder / "found.json").write_text(json.dumps(found))

    texts = [json.dumps(asked), *(f"{name}\n{everything[name]!r}" for name in sorted(everything))]
    made = made_once(into, "imported", [version(), HERE / "imported.mjs", *texts], make)
    found: dict[str, Any] = json.loads((made / "found.json").read_text())
    return found


def _methods(into: Path, written: Mapping[str, list[str]]) -> dict[str, dict[str, bytes]]:
    """What dataclasses wrote as modules of start/dataclass_methods, compiled: each as a file, by its name."""
    modules = {f"dataclass_methods/{name}.py": _module(sources) for name, sources in written.items()}

    def make(folder: Path) -> None:
        archive.write(folder / "methods.zip", archive.compiled(modules))

    made = made_once(into, "methods", [version(), *_makers(), *map(repr, modules.items())], make)
    compiled = archive.read(made / "methods.zip")
    return {name: _of(compiled, {f"dataclass_methods.{name}"}) for name in written}


def _module(sources: Iterable[str]) -> bytes:
    """A module that compiles what dataclasses wrote, each text a function of the same name, under that text."""
    entries = (f"{source}\nMETHODS[{source!r}] = __create_fn__\n" for source in dict.fromkeys(sources))
    return "\n".join(("from dataclass_methods import METHODS\n", *entries)).encode()


def _of(files: Mapping[str, bytes], modules: set[str]) -> dict[str, bytes]:
    return {name: content for name, content in files.items() if archive.module_of(name) in modules}


def _without(files: Mapping[str, bytes], modules: set[str]) -> dict[str, bytes]:
    return {name: content for name, content in files.items() if archive.module_of(name) not in modules}


def _makers() -> list[Path | str]:
    """What the compiled bytes depend on beside the sources."""
    return [HERE / "archive.py", HERE / "compile.mjs", str(archive.COMPILER.exists()), str(sys.version_info[:2])]
