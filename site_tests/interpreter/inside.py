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


class Noting(dict[str, Any]):
    """Methods of dataclasses by their source, and the sources that were looked for in vain."""

    def __init__(self, methods: dict[str, Any]) -> None:
        super().__init__(methods)
        self.missed: list[str] = []

    def get(self, source: str, default: Any = None) -> Any:
        if source not in self:
            self.missed.append(source)
        return super().get(source, default)


def import_methods() -> None:
    """Have dataclasses use the methods that came compiled, as the page does; every answer's imports need no other."""
    compiled: Any = import_module("dataclass_methods")
    import_module("dataclass_methods.first")
    methods = compiled.METHODS
    compiled.METHODS = noting = Noting(methods)
    import_module("calc.render")
    compiled.METHODS = methods
    if noting.missed:
        raise ValueError(
            f"{len(noting.missed)} dataclasses of calc.render compile their own methods: {noting.missed[0]}"
        )
    import_module("dataclass_methods.pasted")
    print(f"The methods of {len(methods)} dataclasses came compiled.")


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
