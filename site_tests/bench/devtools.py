"""A Chromium of one's own, driven through a pipe by its own protocol.

Playwright hides what is needed here: sessions of workers and service workers, in which
network conditions must be set before the first of their requests.
"""

from __future__ import annotations

import fcntl
import json
import os
import select
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import Any, Self

Json = dict[str, Any]
Listener = Callable[[Json, str], None]
PATIENCE = 180.0
"""Seconds after which a measurement counts as failed; how long a machine takes decides nothing else."""

MOMENT = 0.02
"""Seconds after which it is looked again, though the browser said nothing."""

QUIET = (
    "--headless=new",
    "--remote-debugging-pipe",
    "--no-first-run",
    "--no-default-browser-check",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-extensions",
    "--disable-sync",
    "--mute-audio",
    "--password-store=basic",
    "--use-mock-keychain",
    "--disable-backgrounding-occluded-windows",
    "--disable-renderer-backgrounding",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)
"""No window, no errands of the browser's own, and no way to another host."""


class DevtoolsError(RuntimeError):
    """The browser refused a command or went away."""


class Chromium:
    """One browser with a profile of its own, which is gone when the block ends."""

    def __init__(self, program: str, *flags: str) -> None:
        self._folder = TemporaryDirectory(prefix="bench-profile-", ignore_cleanup_errors=True)
        self._listeners: dict[str, list[Listener]] = {}
        self._replies: dict[int, Json] = {}
        self.services: set[str] = set()
        """Sessions of service workers, which belong to no tab."""
        self._count = 0
        self._read = b""
        as_root = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
        command = [program, *QUIET, *as_root, *flags, f"--user-data-dir={self._folder.name}", "about:blank"]
        theirs_in, self._out = _pipe()
        self._in, theirs_out = _pipe()

        def plug_in() -> None:  # the protocol is spoken on descriptors 3 and 4
            os.dup2(theirs_in, 3)
            os.dup2(theirs_out, 4)

        with (Path(self._folder.name) / "stderr").open("wb") as errors:
            self._process = subprocess.Popen(
                command, preexec_fn=plug_in, pass_fds=(3, 4), stdout=errors, stderr=errors, stdin=subprocess.DEVNULL
            )
        os.close(theirs_in)
        os.close(theirs_out)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            self.send("Browser.close")
            self._process.wait(10)
        except (OSError, subprocess.TimeoutExpired):
            self._process.kill()
            self._process.wait()
        os.close(self._in)
        os.close(self._out)
        self._folder.cleanup()

    def on(self, event: str, listener: Listener) -> None:
        """Call the listener with parameters and session of each event of this name."""
        self._listeners.setdefault(event, []).append(listener)

    def send(self, method: str, session: str = "", **params: Any) -> int:
        """Give a command without waiting for its reply; those of one session are carried out in order."""
        self._count += 1
        message = {"id": self._count, "method": method, "params": params}
        if session:
            message["sessionId"] = session
        data = json.dumps(message).encode() + b"\0"
        while data:
            data = data[os.write(self._out, data) :]
        return self._count

    def call(self, method: str, session: str = "", **params: Any) -> Json:
        """Give a command and wait for its result."""
        number = self.send(method, session, **params)
        reply: Json = self.wait(lambda: self._replies.get(number), PATIENCE, method)
        if "error" in reply:
            raise DevtoolsError(f"{method}: {reply['error']['message']}")
        result: Json = reply["result"]
        return result

    def wait(self, found: Callable[[], Any], seconds: float, what: str) -> Any:
        """Listen to the browser until `found` gives something, and give that."""
        end = time.monotonic() + seconds
        while not (result := found()):
            if time.monotonic() > end:
                raise DevtoolsError(f"no answer in time: {what}")
            if select.select([self._in], [], [], MOMENT)[0]:
                self._take()
        return result

    def listen(self, seconds: float) -> None:
        """Listen to the browser for so long."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            if select.select([self._in], [], [], left)[0]:
                self._take()

    def _take(self) -> None:
        data = os.read(self._in, 1 << 20)
        if not data:
            raise DevtoolsError("the browser is gone")
        *messages, self._read = (self._read + data).split(b"\0")
        for message in map(json.loads, messages):
            if "id" in message:
                self._replies[message["id"]] = message
            else:
                for listener in self._listeners.get(message["method"], ()):
                    listener(message["params"], message.get("sessionId", ""))


def _pipe() -> tuple[int, int]:
    """A pipe whose ends are far from the numbers that the browser expects."""
    ends = os.pipe()
    read, write = (fcntl.fcntl(end, fcntl.F_DUPFD_CLOEXEC, 20) for end in ends)
    for end in ends:
        os.close(end)
    return read, write
