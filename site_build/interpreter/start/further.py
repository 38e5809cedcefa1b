"""Archives beside the one that Python starts with, each holding modules that the others lack.

A package may have modules in several of them, which Python's own search does not
expect: it looks for a package's modules where the package was found.
"""

from __future__ import annotations

import sys
from importlib.machinery import ModuleSpec, PathFinder

_archives: list[str] = []


class _Finder:
    @staticmethod
    def find_spec(name: str, path: object = None, target: object = None) -> ModuleSpec | None:
        folder = name.rpartition(".")[0].replace(".", "/")
        return PathFinder.find_spec(name, [f"{archive}/{folder}".rstrip("/") for archive in _archives])


def add(archive: str) -> None:
    """Look into this archive too for what is found nowhere else."""
    if not _archives:
        sys.meta_path.append(_Finder)
    _archives.append(archive)
