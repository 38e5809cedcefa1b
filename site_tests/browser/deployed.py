"""The built site on a host of its own: it can be renewed and stopped, and stays at one address."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import urlsplit

from site_build import offline
from site_tests.browser.served import PREFIX, Site

TEXT = {".html", ".xml", ".json"}  # what may name the site's address


class Deployment:
    """A host: what it serves, and every path that it was asked for since `asked` was emptied."""

    def __init__(self, site: Site, into: Path, prefix: str) -> None:
        self.site, self.into, self.prefix = site, into, prefix
        self.asked: list[str] = []
        self.builds = 0
        self._server: ThreadingHTTPServer | None = None
        self.start()

    @property
    def folder(self) -> Path:
        """The build that is served."""
        return self.into / f"build{self.builds}"

    @property
    def address(self) -> str:
        """Where the site is."""
        return f"http://127.0.0.1:{self.port}{self.prefix}"

    def publish(self, change: Callable[[Path], None] = lambda folder: None) -> None:
        """Put a build in the place of the one that is served: the site as built, with a change."""
        made = self.into / f"build{self.builds + 1}"
        shutil.copytree(self.site.folder, made)
        for path in made.rglob("*"):
            if path.suffix in TEXT:
                text = path.read_text(encoding="utf-8")
                text = text.replace(self.site.address, self.address)
                if path.name == "404.html":  # its links start at the host
                    text = text.replace(f'"{PREFIX}', f'"{self.prefix}')
                path.write_text(text, encoding="utf-8")
        change(made)
        offline.write_worker(made)
        self.builds += 1

    def start(self) -> None:
        """Answer, at the port of before."""
        port = self.port if self._server else 0
        self._server = ThreadingHTTPServer(("127.0.0.1", port), lambda *args: _Handler(*args, host=self))
        self.port = self._server.server_port
        Thread(target=self._server.serve_forever, daemon=True).start()

    def stop(self) -> None:
        """Answer nothing: connections are refused."""
        assert self._server
        self._server.shutdown()
        self._server.server_close()


class _Handler(SimpleHTTPRequestHandler):
    # Each connection serves one request, so that a host that is stopped answers no other.
    protocol_version = "HTTP/1.0"

    def __init__(self, *args: Any, host: Deployment) -> None:
        self.host = host
        super().__init__(*args, directory=str(host.folder))

    def end_headers(self) -> None:
        # As the site's own _headers say, so that what the browser's cache does is what it does for readers.
        versioned = "-" in urlsplit(self.path).path.removeprefix(self.host.prefix).rpartition("/")[0]
        forever = self.path.startswith(f"{self.host.prefix}assets/") and versioned
        self.send_header("Cache-Control", "public, max-age=31536000, immutable" if forever else "no-cache")
        super().end_headers()

    def log_request(self, code: Any = "-", size: Any = "-") -> None:
        self.host.asked.append(urlsplit(self.path).path.removeprefix(self.host.prefix))

    def translate_path(self, path: str) -> str:
        if not path.startswith(self.host.prefix):
            return str(Path(self.directory) / "outside-of-the-site")
        return super().translate_path("/" + path.removeprefix(self.host.prefix))

    def log_message(self, *_: Any) -> None:
        pass


@contextmanager
def deployed(site: Site, into: Path, prefix: str = PREFIX) -> Iterator[Deployment]:
    """The site on a host of its own, for as long as the block runs."""
    host = Deployment(site, into, prefix)
    host.publish()
    try:
        yield host
    finally:
        host.stop()
