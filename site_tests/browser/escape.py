"""Who tries to get out of the sandbox, and who would notice: a second server, and scripts run within and outside."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

from playwright.sync_api import Page

ESCAPE = (Path(__file__).parent / "escape.js").read_text(encoding="utf-8")

FRAME = """async ([frame, script, sandbox, patience]) => {
    const element = document.createElement("iframe");
    if (sandbox) element.setAttribute("sandbox", sandbox);
    element.src = frame;
    document.body.append(element);
    await new Promise(resolve => { element.onload = resolve; });
    const { port1, port2 } = new MessageChannel();
    const heard = [];
    const first = new Promise(resolve => { port1.onmessage = ({ data }) => resolve(heard.push(data)); });
    const files = { "sandbox-worker.js": new TextEncoder().encode(script).buffer };
    element.contentWindow.postMessage({ files, largest: 1_000_000 }, "*", [port2]);
    await Promise.race([first, new Promise(resolve => setTimeout(resolve, patience || 60_000))]);
    // Whatever else was under way has come by the time a later frame of the page is drawn.
    for (let i = 0; i < 5; i++) await new Promise(resolve => setTimeout(resolve, 20));
    element.remove();
    return heard;
}"""

OUTSIDE = """async script => {
    const worker = new Worker(URL.createObjectURL(new Blob([script], { type: "text/javascript" })));
    worker.postMessage({});
    const { data } = await new Promise(resolve => { worker.onmessage = resolve; });
    worker.terminate();
    return data;
}"""


@dataclass
class Elsewhere:
    """Another host: answers everyone, and remembers who came."""

    address: str
    asked: list[str] = field(default_factory=list)


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_: Any) -> None:
        pass  # a browser that has seen enough drops its connection


@contextmanager
def elsewhere() -> Iterator[Elsewhere]:
    """Serve as another host for as long as the block runs."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            kind = "text/event-stream" if "EventSource" in self.path else "text/javascript"
            self.send_response(200)
            self.send_header("Access-Control-Allow-Origin", "*")
            self.send_header("Content-Type", kind)
            self.end_headers()
            self.wfile.write(b"data: x\n\n" if "EventSource" in self.path else b"1;")

        do_POST = do_GET

        def log_message(self, *_: Any) -> None:
            pass

    with _Server(("127.0.0.1", 0), Handler) as server:
        thread = Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield Elsewhere(f"http://127.0.0.1:{server.server_port}/", asked)
        finally:
            server.shutdown()
            thread.join()


def escaping(**addresses: str) -> str:
    """The script that tries everything, with the addresses that it tries to reach."""
    return ESCAPE.replace("ADDRESSES", json.dumps(addresses))


def framed(page: Page, frame: str, script: str, *, sandbox: str = "allow-scripts", patience: int = 0) -> list[Any]:
    """What a frame with that attribute lets pass of a worker that runs the script in the place of Python."""
    heard: list[Any] = page.evaluate(FRAME, [frame, script, sandbox, patience])
    return heard


def outside(page: Page, script: str) -> Any:
    """What the same script says in a worker of the page itself."""
    return page.evaluate(OUTSIDE, script)
