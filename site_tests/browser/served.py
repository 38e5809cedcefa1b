"""The site, built as for publishing and served under a sub-path, as GitHub Pages does."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

from site_tests.browser.faults import Faults
from site_tests.browser.host import Headers

ROOT = Path(__file__).resolve().parent.parent.parent
PREFIX = "/name/"


def _address_of(source: Path) -> str:
    page = source.relative_to(ROOT / "docs" / "en").with_suffix("")
    parts = page.parts[:-1] if page.name == "index" else page.parts
    return "".join(f"{part}/" for part in parts)


PAGES = tuple(sorted(_address_of(source) for source in (ROOT / "docs" / "en").rglob("*.md")))
"""Every page, as its address below the site's own: "" is the home page."""


@dataclass(frozen=True)
class Site:
    """The built site: its folder, the address it is served at, every path its server was asked for, and its faults.

    Its server sends no headers of its own, as GitHub Pages does not, until some are read.
    """

    folder: Path
    address: str
    asked: list[str] = field(default_factory=list)
    faults: Faults = field(default_factory=Faults)
    headers: Headers = field(default_factory=Headers)

    @property
    def own(self) -> str:
        """The address of the site's own scripts and styles, whose folder is named after what is in them."""
        [folder] = self.folder.glob("assets/site-*")
        return f"{self.address}assets/{folder.name}/"

    def html(self, page: str) -> str:
        """A page's source."""
        return (self.folder / page / "index.html").read_text(encoding="utf-8")


class _Handler(SimpleHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def __init__(self, *args: Any, asked: list[str], faults: Faults, sent: Headers, **options: Any) -> None:
        self.asked = asked
        self.faults = faults
        self.sent = sent
        super().__init__(*args, **options)

    def log_request(self, code: Any = "-", size: Any = "-") -> None:
        self.asked.append(self.path)

    def do_GET(self) -> None:
        if not self.faults.played(self):
            super().do_GET()

    def end_headers(self) -> None:
        path = self.path.split("?")[0].removeprefix(PREFIX.rstrip("/"))
        for name, value in self.sent.of(path).items():
            self.send_header(name, value)
        super().end_headers()

    def translate_path(self, path: str) -> str:
        if not path.startswith(PREFIX):
            return str(Path(self.directory) / "outside-of-the-site")
        return super().translate_path(path.removeprefix(PREFIX.rstrip("/")))

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        page = Path(self.directory) / "404.html"
        if code != HTTPStatus.NOT_FOUND or not page.exists():
            return super().send_error(code, message, explain)
        body = page.read_bytes()
        self.send_response(code)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
        return None

    def log_message(self, *_: Any) -> None:
        pass


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_: Any) -> None:
        pass  # a browser that leaves a page drops its connections


@contextmanager
def served(folder: Path) -> Iterator[Site]:
    """Build the site into a folder and serve it for as long as the block runs."""
    asked: list[str] = []
    faults, headers = Faults(), Headers()
    handler = partial(_Handler, asked=asked, faults=faults, sent=headers, directory=str(folder))
    with _Server(("127.0.0.1", 0), handler) as server:
        site = Site(folder, f"http://127.0.0.1:{server.server_port}{PREFIX}", asked, faults, headers)
        _build(site)
        thread = Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield site
        finally:
            server.shutdown()
            thread.join()


def _build(site: Site) -> None:
    # The theme's instant navigation compares addresses with the sitemap, so the build is told the true one.
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(site.folder)]
    settings = {**os.environ, "SITE_URL": site.address, "NO_MKDOCS_2_WARNING": "1"}
    done = subprocess.run(command, cwd=ROOT, env=settings, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"the site does not build:\n{done.stdout}{done.stderr}")
