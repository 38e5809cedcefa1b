"""The pages that are compared, laid out below one address.

- `site`: this site, as `mkdocs build` makes it; its page on convolution.
- `plain`: the same calculator (output shape, parameters, both with their formulas) written by hand in JavaScript, as
  small and fast as an expert would: one HTML file of 1 kB, no library, its script in place.
- `themed`: that calculator inside the site's own page, with theme, prose, formulas and style sheets, and without
  anything of the site's own scripts. What it takes beyond `plain` is the theme's and the prose's.
- `stock`: Pyodide as its documentation shows it: a module worker, `loadPyodide()` with its defaults and all its files
  from the locked npm package, the package as an ordinary wheel. It answers the same question, by `calc`, in text.
- `stock within`: the site's own page with that Pyodide in the place of its worker; like the site it fills all panels.

Rivals get what helps them: every file but the HTML has an address that never changes its content.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path

from hatchling.builders.wheel import WheelBuilder

from site_build import interpreter

ROOT = Path(__file__).resolve().parent.parent.parent
RIVALS = Path(__file__).parent / "rivals"
PYODIDE = ("pyodide.mjs", "pyodide.asm.js", "pyodide.asm.wasm", "python_stdlib.zip", "pyodide-lock.json")

WIDGET = re.compile(r"<calc-widget\b.*?</calc-widget>", re.DOTALL)
MODULES = re.compile(r'<script type="module"[^>]*></script>|<link rel="modulepreload"[^>]*>')
LAST = re.compile(r'<script\b[^>]*/last\.js"[^>]*></script>')
"""What keeps pages and Python for later; it belongs to the site's own files."""

POLICY = re.compile(r'<meta http-equiv="content-security-policy"[^>]*>', re.IGNORECASE)
REGISTERED = re.compile(r'<link rel="manifest"[^>]*>')


@dataclass(frozen=True)
class Competitor:
    """A page: its address below the server's, where its calculator stands, and how its numbers end their formulas."""

    name: str
    path: str
    within: str
    thousands: str = ","
    by_python: str = ""
    """What the calculator matches when Python has answered; empty where nothing else could have."""


SITE = Competitor(
    "site", "site/convolution/", "#conv2d", "{,}", 'calc-widget[data-state="current"]:not(:has([data-old]))'
)
PLAIN = Competitor("plain", "plain/", "#conv")
THEMED = Competitor("themed", "site/convolution-by-javascript/", "#conv")
STOCK = Competitor("stock", "stock/", "#conv")
STOCK_WITHIN = replace(SITE, name="stock within", path="site/convolution-by-stock/")


def lay_out(into: Path, address: str) -> None:
    """Build the site and put all competitors into a folder that will be served at the address."""
    shutil.rmtree(into, ignore_errors=True)
    into.mkdir(parents=True)
    build_site(into / "site", f"{address}site/")
    _themed(into)
    lay_out_rivals(into)
    _stock_within(into)


def lay_out_rivals(into: Path) -> None:
    """Put the competitors that are not made of the site into a folder."""
    shutil.copytree(RIVALS / "plain", into / "plain")
    _stock(into)


def build_site(into: Path, address: str) -> None:
    """As for publishing: the theme compares addresses with the sitemap, so the build is told the true one."""
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(into)]
    subprocess.run(command, cwd=ROOT, env={**os.environ, "SITE_URL": address, "NO_MKDOCS_2_WARNING": "1"}, check=True)


def _themed(into: Path) -> None:
    page = (into / SITE.path / "index.html").read_text(encoding="utf-8")
    (into / THEMED.path).mkdir()
    (into / THEMED.path / "index.html").write_text(themed(page, calculator()), encoding="utf-8")


def themed(page: str, by_hand: str) -> str:
    """A page of the site with the hand-written calculator in the place of the first, and no other; no own script."""
    calculators = iter([f'<div class="calculator">{by_hand}</div>'])
    page = WIDGET.sub(lambda _: next(calculators, ""), page)
    for pattern in (MODULES, POLICY, REGISTERED):
        page = pattern.sub("", page)
    return page


def calculator() -> str:
    """The hand-written calculator by itself, with its script."""
    [main] = re.findall(r'<main id="conv">(.*)</main>', (RIVALS / "plain" / "index.html").read_text(), re.DOTALL)
    return f'<div id="conv">{main}</div>'


def _stock_within(into: Path) -> None:
    """The page and its scripts once more, under a name of their own, with another worker among them."""
    page = (into / SITE.path / "index.html").read_text(encoding="utf-8")
    [own] = set(re.findall(r"/(site-[0-9a-f]+)/js/first\.js", page))
    scripts = into / "site" / "assets" / own.replace("site", "stock") / "js"
    shutil.copytree(into / "site" / "assets" / own / "js", scripts)
    shutil.copy(RIVALS / "within" / "worker.js", scripts)
    _with_wheel(scripts)
    (into / STOCK_WITHIN.path).mkdir()
    page = LAST.sub("", page).replace(own, scripts.parent.name)
    (into / STOCK_WITHIN.path / "index.html").write_text(page, encoding="utf-8")


def _with_wheel(folder: Path) -> None:
    """Put the package beside a worker that loads it."""
    [wheel] = WheelBuilder(str(ROOT)).build(directory=str(folder), versions=["standard"])
    worker = folder / "worker.js"
    worker.write_text(worker.read_text().replace("PYODIDE", _pyodide()).replace("WHEEL", Path(wheel).name))


def _pyodide() -> str:
    return f"pyodide-{interpreter.version()}"


def _stock(into: Path) -> None:
    folder = into / _pyodide()
    folder.mkdir()
    for name in PYODIDE:
        shutil.copy(interpreter.npm_package("pyodide") / name, folder / name)
    work = into / "stock" / "files"
    shutil.copytree(RIVALS / "stock", work)
    _with_wheel(work)
    page = (work / "index.html").read_text()
    (work / "index.html").unlink()
    digest = sha256(b"".join(path.read_bytes() for path in sorted(work.iterdir()))).hexdigest()[:12]
    work.rename(into / "stock" / f"files-{digest}")
    (into / "stock" / "index.html").write_text(page.replace("FILES", f"files-{digest}"))
