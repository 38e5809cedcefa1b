"""What happens within the interpreter that is tested: see run.mjs. Until `run` it has what the site ships, no more."""

from __future__ import annotations

import json
import sys
from importlib import import_module
from typing import Any

ARCHIVES = ("/lib/python313.zip", "/lib/models.zip")


def shipped() -> list[str]:
    """The modules of `calc` in the archives."""
    import zipimport

    names = {name for archive in ARCHIVES for name in zipimport.zipimporter(archive)._get_files()}  # type: ignore[attr-defined]
    modules = (name.rpartition(".")[0].replace("/", ".").removesuffix(".__init__") for name in names)
    return sorted(name for name in modules if name == "calc" or name.startswith("calc."))


def import_everything() -> None:
    """Import every module of the package; what one of them lacks ends it all."""
    names = shipped()
    for name in names:
        import_module(name)
    print(f"{len(names)} modules of calc import with nothing but what is shipped.")


class Watch:
    """Notes what `calc` would have from the rest of the standard library, which a page has only for pasted code."""

    leant_on: list[str] = []

    @classmethod
    def find_spec(cls, name: str, path: object = None, target: object = None) -> None:
        frame: Any = sys._getframe(1)
        while frame and "importlib" in frame.f_code.co_filename:
            frame = frame.f_back
        importer = frame.f_globals.get("__name__", "") if frame else ""
        if importer.startswith("calc.") and importer != "calc.fence":
            cls.leant_on.append(f"{importer} imports {name}")


def run(arguments: str) -> int:
    """Run pytest; its exit code, or 1 where `calc` leant on what is not shipped."""
    import os
    from pathlib import Path

    import calc.model_catalogue

    calc.model_catalogue.FOLDER = Path("/sources")
    os.chdir("/repository")
    sys.path.append("/packages")
    sys.meta_path.insert(-1, Watch)  # type: ignore[arg-type]
    pytest = import_module("pytest")
    code = int(pytest.main(json.loads(arguments)))
    print("\n".join(Watch.leant_on))
    return code or int(bool(Watch.leant_on))
