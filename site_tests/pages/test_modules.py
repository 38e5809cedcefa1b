"""Which files of an npm package a page needs: those that are imported, one through the other."""

from __future__ import annotations

from pathlib import Path

import pytest

from site_build import hooks, interpreter, modules


def written(folder: Path, **files: str) -> Path:
    for name, text in files.items():
        path = folder / f"{name.replace('__', '/')}.js"
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def test_what_is_imported_is_followed(tmp_path: Path) -> None:
    """Imports of every form count, from other folders and in a circle; what is not imported stays away."""
    folder = written(
        tmp_path,
        index='import { a as b,\n  c } from "./one.js";\nexport { d } from "./in/two.js";\n',
        one='import "./three.js";\nvar text = "import x from \'./no.js\'";\n',
        in__two='import { x } from "../index.js";\nvar y = () => import("./four.js");\n',
        in__four="",
        three="",
        other="",
    )

    assert modules.closed(folder, ["index.js"]) == ["in/four.js", "in/two.js", "index.js", "one.js", "three.js"]


def test_an_import_from_elsewhere_is_refused(tmp_path: Path) -> None:
    """A browser could not find a package by its name."""
    folder = written(tmp_path, index='import { x } from "emmet";\n')

    with pytest.raises(ValueError, match="index.js imports 'emmet', which is no file beside it"):
        modules.closed(folder, ["index.js"])


def test_the_editor_is_served_with_all_that_it_imports(site: Path) -> None:
    """Every file is there under the package's version, and little else of the package."""
    package = interpreter.npm_package(hooks.EDITOR)
    [folder] = (site / "assets").glob(f"{hooks.EDITOR}-*")
    served = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}

    assert served == {*modules.closed(package / "dist", hooks.EDITOR_MODULES), "layout.css", "LICENSE"}
    assert len(served) < 25
