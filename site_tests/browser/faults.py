"""What can go wrong with a file on its way to the reader, played by the server of the tests."""

from __future__ import annotations

import re
from collections.abc import Callable
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler
from pathlib import Path
from threading import Event

Fault = Callable[[SimpleHTTPRequestHandler, bytes], None]
PORTAL = b"<!doctype html><title>Welcome</title><p>Please sign in to use this network.</p>"
LONGEST = 120  # seconds that a connection is kept without a word


class Faults:
    """The faults that a server plays at present, by a pattern of the path."""

    def __init__(self) -> None:
        self._playing: dict[str, Fault] = {}
        self._over = Event()

    def play(self, pattern: str, fault: Fault) -> None:
        """From now on what matches goes wrong in this way."""
        self._playing[pattern] = fault

    def clear(self) -> None:
        """All is well again; what hangs is let go."""
        self._playing.clear()
        self._over.set()
        self._over = Event()

    def played(self, handler: SimpleHTTPRequestHandler) -> bool:
        """Answer a request wrongly, if its path is one to go wrong."""
        for pattern, fault in list(self._playing.items()):
            if re.search(pattern, handler.path):
                handler.log_request()
                path = Path(handler.translate_path(handler.path))
                if fault is hanging:
                    self._over.wait(LONGEST)
                    handler.close_connection = True
                else:
                    fault(handler, path.read_bytes() if path.is_file() else b"")
                return True
        return False


def missing(handler: SimpleHTTPRequestHandler, body: bytes) -> None:
    """404."""
    _send(handler, b"<p>Not found.</p>", type="text/html", code=HTTPStatus.NOT_FOUND)


def failing(handler: SimpleHTTPRequestHandler, body: bytes) -> None:
    """500."""
    _send(handler, b"<p>Sorry.</p>", type="text/html", code=HTTPStatus.INTERNAL_SERVER_ERROR)


def dropped(handler: SimpleHTTPRequestHandler, body: bytes) -> None:
    """The connection is closed without an answer."""
    handler.close_connection = True


def hanging(handler: SimpleHTTPRequestHandler, body: bytes) -> None:
    """No byte comes, for as long as the fault is played."""
    raise AssertionError("played by the server itself")


def cut(handler: SimpleHTTPRequestHandler, body: bytes) -> None:
    """Half of the file that was announced, then the connection is closed."""
    _send(handler, body[: len(body) // 2], handler.guess_type(handler.path), length=len(body))
    handler.close_connection = True


def short(handler: SimpleHTTPRequestHandler, body: bytes) -> None:
    """Half of the file, as if that were all."""
    _send(handler, body[: len(body) // 2], handler.guess_type(handler.path))


def longer(handler: SimpleHTTPRequestHandler, body: bytes) -> None:
    """A file of another build: what follows changes nothing in how it works, and much may have changed as well."""
    _send(handler, body + b"\n", handler.guess_type(handler.path))


def followed_by(script: str) -> Fault:
    """A script with a saboteur in it."""

    def sabotaged(handler: SimpleHTTPRequestHandler, body: bytes) -> None:
        _send(handler, body + script.encode(), "text/javascript")

    return sabotaged


def mistyped(handler: SimpleHTTPRequestHandler, body: bytes) -> None:
    """The right file under the wrong type."""
    _send(handler, body, "text/plain")


def portal(handler: SimpleHTTPRequestHandler, body: bytes) -> None:
    """A network that answers everything with its own page."""
    _send(handler, PORTAL, "text/html")


def _send(
    handler: SimpleHTTPRequestHandler,
    body: bytes,
    type: str,
    length: int | None = None,
    code: HTTPStatus = HTTPStatus.OK,
) -> None:
    handler.send_response(code)
    handler.send_header("Content-Type", type)
    handler.send_header("Content-Length", str(len(body) if length is None else length))
    handler.end_headers()
    handler.wfile.write(body)
