"""Calculators that were baked before: most of a build is working them out, and most of them stay as they are.

A calculator follows from the package, from how formulas are typeset and from what its
fence declares. It is kept under a hash of all three, so a change of any is another name.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from functools import cache
from hashlib import sha256
from pathlib import Path
from tempfile import NamedTemporaryFile

from calc.spec import Spec
from site_build.interpreter.npm import ROOT, made_once

FOLDER = ROOT / "build" / "calculators"
TYPESETTING = (
    "site_build/typeset.py",
    "site_build/typeset.mjs",
    "docs/en/assets/js/typeset.js",
    "node_modules/katex/package.json",
)


@cache
def _folder() -> Path:
    """Where calculators of this state of the package are; asked for once, since its modules are loaded once."""
    package = sorted((ROOT / "calc").rglob("*.py"))
    paths = [*package, *(ROOT / name for name in TYPESETTING)]
    texts = [f"{path.relative_to(ROOT)} {sha256(path.read_bytes()).hexdigest()}" for path in paths]
    return made_once(FOLDER, "baked", [sys.version, *texts], lambda folder: None)


def baked(spec: Spec, foot: str, bake: Callable[[], str]) -> str:
    """The HTML of a calculator: the one that is kept, or what `bake` makes, which is kept then."""
    name = sha256(repr((spec, foot)).encode("utf-8", "surrogatepass")).hexdigest()[:32]
    path = _folder() / f"{name}.html"
    if path.exists():
        return path.read_text(encoding="utf-8")
    html = bake()
    # Builds may run side by side: a file appears whole or not at all.
    with NamedTemporaryFile("w", encoding="utf-8", dir=path.parent, delete=False) as file:
        file.write(html)
    os.replace(file.name, path)
    return html
