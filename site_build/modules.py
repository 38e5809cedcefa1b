"""ES modules as they come from npm: an entry, and what it imports."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

IMPORT = re.compile(r'^(?:import|export)\b[^;"]*?"([^"]+)"|\bimport\(\s*"([^"]+)"\s*\)', re.MULTILINE)


def closed(folder: Path, entries: Iterable[str]) -> list[str]:
    """The entries and everything that they import, one through the other, as paths within the folder.

    Raises `ValueError` for an import from elsewhere, which a browser could not resolve.
    """
    found: set[Path] = set()
    waiting = [folder / each for each in entries]
    while waiting:
        path = waiting.pop().resolve()
        if path in found:
            continue
        found.add(path)
        for named in IMPORT.finditer(path.read_text(encoding="utf-8")):
            asked = named[1] or named[2]
            if not asked.startswith("."):
                raise ValueError(f"{path.name} imports {asked!r}, which is no file beside it")
            waiting.append(path.parent / asked)
    return sorted(path.relative_to(folder.resolve()).as_posix() for path in found)
