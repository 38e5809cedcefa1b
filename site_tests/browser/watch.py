"""What must never happen on a page: errors in the console, missing files, other hosts, pop-ups."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Dialog, Request, Response, WebError

NO_WORKER = "Service Worker registration blocked by Playwright"  # what a test that wants none is told


@dataclass
class Watch:
    """Records what goes wrong in a context's pages and workers; `allow` names what a test provokes."""

    address: str
    faults: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)
    allowed: list[str] = field(default_factory=list)

    def start(self, context: BrowserContext) -> None:
        """Listen to everything in this context."""
        for event, listener in self._listeners().items():
            context.on(event, listener)

    def stop(self, context: BrowserContext) -> None:
        """Listen no more."""
        for event, listener in self._listeners().items():
            context.remove_listener(event, listener)

    def _listeners(self) -> dict[Any, Callable[..., None]]:
        return {
            "console": self._console,
            "weberror": self._error,
            "dialog": self._dialog,
            "request": self._request,
            "requestfailed": self._failed,
            "response": self._response,
        }

    def allow(self, *patterns: str) -> None:
        """Faults that match one of these are the test's own doing."""
        self.allowed += patterns

    def unexpected(self) -> list[str]:
        """The faults that nobody asked for."""
        return [fault for fault in self.faults if not any(re.search(pattern, fault) for pattern in self.allowed)]

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and message.text != NO_WORKER:
            self.faults.append(f"console {message.type}: {message.text} ({message.location.get('url', '')})")

    def _error(self, error: WebError) -> None:
        self.faults.append(f"uncaught: {error.error}")

    def _dialog(self, dialog: Dialog) -> None:
        self.faults.append(f"{dialog.type}: {dialog.message}")
        dialog.dismiss()

    def _request(self, request: Request) -> None:
        self.requests.append(request.url)
        url, own = urlsplit(request.url), urlsplit(self.address)
        if url.scheme in ("http", "https", "ws", "wss") and url.netloc != own.netloc:
            self.faults.append(f"another host: {request.url}")

    def _failed(self, request: Request) -> None:
        # A page that is left gives up what it was still loading.
        if request.failure != "net::ERR_ABORTED":
            self.faults.append(f"failed: {request.url} {request.failure}")

    def _response(self, response: Response) -> None:
        if response.status >= 400:
            self.faults.append(f"{response.status}: {response.url}")
