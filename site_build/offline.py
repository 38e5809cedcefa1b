"""What makes the site work without a network: its service worker, and the manifest by which it is installed.

The worker (sw.js beside this file, to be read there) is told every file of the
build with its content's hash. So it can hold on to whole builds, and to nothing
that is not of its own; and a build that differs in one letter is another worker,
which is how a browser finds that there is something newer.

Workbox was weighed: its precaching holds all of a site or a list made by hand,
its runtime caching knows no builds, and either is larger than this.
"""

from __future__ import annotations

import json
import re
from base64 import urlsafe_b64encode
from hashlib import sha256
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files

from site_build import icons

HERE = Path(__file__).resolve().parent
WORKER = "sw.js"
HASH = 16  # characters of base64: 96 bits
LEFT_OUT = re.compile(r"(^|/)(LICENSE[^/]*|_headers|_redirects|[^/]+\.map|[^/]+\.gz|objects\.inv|robots\.txt)$")
"""Files that no page loads."""

PAPER = {"light": "#fcfdfd", "dark": "#10181d"}
"""--sw-paper of tokens.css."""

ICONS = {
    "icon-192.png": (192, 8),
    "icon-512.png": (512, 22),
    "maskable-512.png": (512, 18),  # within the circle of 80 % that every mask leaves
    "apple-touch-icon.png": (180, 7),
}
"""Each icon's side and its mark's scale, in pixels."""

wanted = True
"""Whether pages are kept; not under `mkdocs serve`, where what is being written is to be seen."""


def add(files: Files, config: MkDocsConfig) -> None:
    """Add the manifest and its icons; the template finds their folder and the colours in `config.extra`."""
    mark = (Path(config.docs_dir) / "assets" / "favicon.svg").read_text(encoding="utf-8")
    pictures = dict(zip(ICONS, icons.pngs(mark, ICONS.values(), PAPER["light"]), strict=True))
    folder = f"assets/icons-{sha256(b''.join(pictures.values())).hexdigest()[:10]}"
    for name, picture in pictures.items():
        files.append(File.generated(config, f"{folder}/{name}", content=picture))
    config.extra |= {"icons": folder, "paper": PAPER}
    files.append(
        File.generated(config, "manifest.webmanifest", content=json.dumps(_manifest(config, folder), indent=1))
    )


def _manifest(config: MkDocsConfig, folder: str) -> dict[str, object]:
    def icon(name: str, purpose: str) -> dict[str, str]:
        side = ICONS[name][0]
        return {"src": f"{folder}/{name}", "sizes": f"{side}x{side}", "type": "image/png", "purpose": purpose}

    return {
        "name": config.site_name,
        "short_name": config.site_name,
        "description": config.site_description,
        "lang": "en",
        "start_url": ".",
        "scope": ".",
        "display": "standalone",
        "theme_color": PAPER["light"],
        "background_color": PAPER["light"],
        "icons": [icon("icon-192.png", "any"), icon("icon-512.png", "any"), icon("maskable-512.png", "maskable")],
    }


def write_worker(site: Path) -> None:
    """Write the service worker for the site as it stands: the last thing done to a build.

    Under `mkdocs serve` it is one that removes what a published build left in the browser.
    """
    source = (HERE / WORKER if wanted else HERE / "sw_leaving.js").read_text(encoding="utf-8")
    if wanted:
        listed = _listed(site)
        build = _short(json.dumps(listed).encode() + source.encode())
        files = json.dumps(listed, separators=(",", ":")).replace("],", "],\n")
        source = f"const BUILD = {json.dumps(build)};\nconst FILES = {files};\n\n{source}"
    (site / WORKER).write_text(source, encoding="utf-8")


def _listed(site: Path) -> dict[str, list[object]]:
    """Each file that a page may load, by its path: its hash and its size in bytes."""
    listed: dict[str, list[object]] = {}
    for path in sorted(site.rglob("*")):
        name = path.relative_to(site).as_posix()
        if path.is_file() and name != WORKER and not LEFT_OUT.search(name):
            content = path.read_bytes()
            listed[name] = [_short(content), len(content)]
    return listed


def _short(content: bytes) -> str:
    return urlsafe_b64encode(sha256(content).digest()).decode()[:HASH]
